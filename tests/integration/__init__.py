"""The core on CPython against real servers, and the tools as processes."""
