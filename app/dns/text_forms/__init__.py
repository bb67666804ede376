"""The records of an order as text for programs: zone lines, CSV, and commands that add them and remove them again."""
