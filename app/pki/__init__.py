"""Keys in disk formats, certificate requests, certificates and the files that servers want."""
