"""The long lists of this site, which nobody needs before the form can be used: DNS providers, and places for certificates.

Whatever works with an order, or refuses what was chosen in the form, awaits `SiteLists.arrive` first. The form itself offers
both as the build wrote them into the page.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from app.dns.providers import DnsProvider
from app.install.targets import Target

Lists = tuple[tuple[DnsProvider, ...], tuple[Target, ...]]
"""Both of them."""

EMPTY: Final[Lists] = ((), ())


class SiteLists:
    """`providers` are the DNS providers that the page knows, `targets` the places for certificates.

    Where `read` is given, both are empty until it has read them, which it does at most once.
    """

    def __init__(self, lists: Lists = EMPTY, read: Callable[[], Awaitable[Lists]] | None = None) -> None:
        self.providers, self.targets = lists
        self.are_here = read is None
        """Whether there is nothing to wait for."""
        self._read = read
        self._reading: asyncio.Future[None] | None = None

    async def arrive(self) -> None:
        """Wait until both are here; whoever comes first begins to read them. Raises what `read` raises."""
        if self.are_here:
            return
        if self._reading is None:
            self._reading = asyncio.ensure_future(self._take())
        await asyncio.shield(self._reading)  # others wait, too, where one is cancelled

    async def _take(self) -> None:
        if self._read:
            self.providers, self.targets = await self._read()
        self.are_here = True
