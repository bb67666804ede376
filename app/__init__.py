"""Keystay: TLS certificates made in your browser. The keys stay."""

from typing import Final

VERSION: Final = "0.2.0"
"""The one place that holds the version: pyproject.toml reads it here. docs/compatibility.md says what it promises."""
