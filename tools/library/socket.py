"""`socket` in a page, which reaches the network by the browser alone: constants, and how addresses are written as bytes."""

from _socket import *
