"""Keystay: TLS certificates made in your browser. The keys stay."""
