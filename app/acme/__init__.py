"""The ACME protocol (RFC 8555): one file a resource. It knows nothing of screens, storage or browsers."""
