"""Progress on the terminal."""

import sys


def say(text: str) -> None:
    """A line of progress; the table alone goes to standard output."""
    sys.stderr.write(f"bench: {text}\n")
    sys.stderr.flush()
