"""The ACME protocol (RFC 8555): one module for each resource. No user interface, no storage, no browser."""
