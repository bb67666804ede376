"""Encodings that several rooms stand on: strict JSON, base64url, and bytes read as whatever they may encode."""
