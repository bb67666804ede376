"""The page in Chromium, at real resolvers."""
