"""The files that a person takes away, one module an output format."""
