"""Keystay: TLS certificates made in your browser. The keys stay."""

from typing import Final

VERSION: Final = "0.1.0"
"""As pyproject.toml has it."""
