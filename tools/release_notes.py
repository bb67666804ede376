"""Prints what the change log says about one version. Standard library only: the release workflow calls it before any set-up.

python3 -m tools.release_notes v0.2.0 > notes.md
"""

import re
import sys
from pathlib import Path

from app import VERSION

ROOT = Path(__file__).resolve().parent.parent
CHANGELOG = ROOT / "CHANGELOG.md"


def notes_of(version: str, changelog: str) -> str:
    """The text under `## VERSION – date` up to the next version. Raises `ValueError` where there is none."""
    found = re.search(rf"^## {re.escape(version)} – \d{{4}}-\d\d-\d\d\n(.*?)(?=^## |\Z)", changelog, re.MULTILINE | re.DOTALL)
    if not found or not found[1].strip():
        raise ValueError(f"CHANGELOG.md has no section “## {version} – DATE” with a text.")
    return found[1].strip() + "\n"


def main(tag: str) -> None:
    """Print the notes for the release `tag`; exits with a sentence where the tag and the number in the code differ."""
    if tag != f"v{VERSION}":
        sys.exit(f"The tag is {tag}, but VERSION in app/__init__.py is {VERSION}.")
    try:
        print(notes_of(VERSION, CHANGELOG.read_text("utf-8")), end="")
    except ValueError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python3 -m tools.release_notes TAG")
    main(sys.argv[1])
