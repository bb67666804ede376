"""What stands in the request log, read for people."""
