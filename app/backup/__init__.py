"""What all records together hold: one sealed file of everything."""
