"""Paths in the checkout. Everything that the tools make or download is in ignored folders."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".cache"  # what was fetched or compiled once and is used again
VENV = ROOT / ".venv"
BUILD = ROOT / "build"
DIST = ROOT / "dist"
