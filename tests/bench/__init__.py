"""`make bench`: how fast the page is, beside others that are measured in the same run. docs/speed.md tells what it means."""
