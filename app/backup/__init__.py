"""Backups: everything that this browser holds, in one file under a passphrase, and restoring it."""
