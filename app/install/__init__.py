"""Where certificates go: the servers, devices and services that take one, and how each is given its files."""
