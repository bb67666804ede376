"""Keystay: TLS certificates made in your browser. The keys stay."""

from typing import Final

VERSION: Final = "0.2.0"
"""The one place that holds it. pyproject.toml and the release workflow read it here; docs/compatibility.md says what it means."""
