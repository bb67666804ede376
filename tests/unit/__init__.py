"""The core by itself: each module proved through its public surface, without a network or a browser."""
