"""An order as a saved record, and the table of steps that lead on from any point."""
