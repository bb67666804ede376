"""Issuances: each is an order as a saved record, and each of its states has one step that leads to the next."""
