"""Accounts at CAs: saved in this browser, registered, changed, closed; and the locks on records across tabs."""
