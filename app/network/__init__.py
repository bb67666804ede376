"""What every request passes: the gate, the secret scan, the request log."""
