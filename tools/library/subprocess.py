"""`subprocess` in a page, which cannot start processes: the constants that `asyncio.events` has as default values."""

PIPE = -1
STDOUT = -2
DEVNULL = -3
