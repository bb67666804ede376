"""Issuances: each is an order as a saved record, and one step leads on from each of its states."""
