"""Looks into certificate files that a person has: what is in them, what belongs together, and what is odd."""
