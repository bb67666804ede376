"""The ports (`app.ports`) implemented with browser APIs."""
