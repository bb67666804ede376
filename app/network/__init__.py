"""What each request passes through: the gate with its search for secrets, and the request log."""
