"""What a record looks like to a person, as plain values, and what each click means."""
