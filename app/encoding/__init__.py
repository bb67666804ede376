"""Encodings that several rooms use: strict JSON, base64url, key types, and the decodings that a search for secrets tries."""
