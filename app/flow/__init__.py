"""An issuance as a record that is saved after every step, and can go on from any point."""
