"""Counts what was sent in this visit, for the line in the header and the first sentence of the panel."""

from app.network.request_log import BlockedRequest, Entry
from app.ui.request_log.index import RequestIndex


class SentCounter:
    """How many requests went to others, and what the check for private keys found in them.

    Only the files that the page fetches from its own place do not count, such as the list of CAs: they are part of the page as
    its scripts are, and nobody learns anything by them. A request counts from the moment it leaves, whatever becomes of it, and
    also after the log has dropped it.
    """

    def __init__(self, index: RequestIndex) -> None:
        self._index = index
        self._last = 0
        self.sent = 0
        """Requests to others."""
        self.own_files = 0
        """Requests for the page's own files."""
        self.leaked = 0
        """Requests that left with a private key in them. The gate blocks those, so only a fault of it makes one."""
        self.blocked = 0
        """Requests that the gate blocked."""
        self.blocked_keys = 0
        """Those of them that it blocked because it found a private key in them."""

    def note(self, entry: Entry | BlockedRequest) -> None:
        """Count `entry`, once: entries come in the order of their numbers, and again when they change."""
        if entry.number <= self._last:
            return
        self._last = entry.number
        if isinstance(entry, BlockedRequest):
            self.blocked += 1
            self.blocked_keys += entry.reason == "gate-private-key"
            return
        own = self._index.is_own_file(entry)
        self.own_files += own
        self.sent += not own
        self.leaked += entry.leaked
