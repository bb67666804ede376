"""Asking resolvers: questions, what came back, and the wire format."""
