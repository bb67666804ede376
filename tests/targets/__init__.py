"""Other programs read the files that a person takes away, and servers serve with them. All of it: `make test-targets`."""
