"""Fuzzing of every parser that reads what a stranger wrote: a few thousand cases in `make test`, many in `make fuzz`."""
