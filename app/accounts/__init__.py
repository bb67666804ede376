"""Accounts at CAs, saved in this browser, and what one does with them."""
