"""One suite over both sets of adapters: the browser's, and those that the tests use in their place."""
