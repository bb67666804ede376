"""Whether a person lets this page ask resolvers: for this visit, or for good. Nothing is asked of one before.

Resolvers learn the names and the address of whoever asks, so each of them is named to the person first. A permission holds for
those that were named: where the site asks another one now, it does not count.
"""

from collections.abc import Callable
from typing import Any, Final

from app.dns.resolvers import Resolver
from app.errors import StorageError
from app.ports import JsonRecord, Store

RECORD_NAME: Final = "dns-permission"
"""The key in the store of a permission that is kept."""
VERSION: Final = 1


class DnsPermission:
    """The permission to ask `resolvers`, which are all that the site may ask; kept in `store` where the person wants that."""

    def __init__(self, store: Store, resolvers: tuple[Resolver, ...]) -> None:
        self._store = store
        self._resolvers = resolvers
        self._callbacks: list[Callable[[], None]] = []
        self._stored = False
        self.given = False
        """Whether the resolvers may be asked now."""
        self.kept = False
        """Whether that is kept for later visits."""

    def on_change(self, callback: Callable[[], None]) -> None:
        """From now on, call `callback` after each change of `given` or `kept`."""
        self._callbacks.append(callback)

    async def read(self) -> None:
        """Read what is kept: at the start of a visit, and when another tab has written `RECORD_NAME`.

        What was kept and is no longer there ends the permission of this tab, too; one for this visit only goes on. A record
        that is damaged, or that names other resolvers, gives no permission.
        """
        try:
            record = await self._store.get(RECORD_NAME)
        except StorageError:  # the person is asked again
            record = None
        kept = record is not None and _allows(record, self._resolvers)
        self._stored = record is not None
        self._change(given=kept or (self.given and not self.kept), kept=kept)

    async def give(self, *, keep: bool) -> None:
        """The person allows it, for this visit or (`keep`) for good.

        Raises `StorageError` where that cannot be kept, or what was kept cannot be forgotten; for this visit it counts
        nevertheless.
        """
        if not self._resolvers:
            return
        self._change(given=True, kept=self.kept)
        if keep and not self.kept:
            await self._store.put(RECORD_NAME, _record(self._resolvers))
            self._stored = True
        elif not keep:
            await self._forget()
        self._change(given=True, kept=keep)

    async def withdraw(self) -> None:
        """The person does not allow it any more, neither now nor later.

        Raises `StorageError` where what was kept cannot be forgotten; nothing is asked in this visit then, too.
        """
        self._change(given=False, kept=self.kept)
        await self._forget()
        self._change(given=False, kept=False)

    async def _forget(self) -> None:
        if self._stored:
            await self._store.delete(RECORD_NAME)
        self._stored = False

    def _change(self, *, given: bool, kept: bool) -> None:
        if (given, kept) == (self.given, self.kept):
            return
        self.given, self.kept = given, kept
        for callback in self._callbacks:
            callback()


def _record(resolvers: tuple[Resolver, ...]) -> JsonRecord:
    return {"version": VERSION, "resolvers": [_named(resolver) for resolver in resolvers]}


def _allows(record: JsonRecord, resolvers: tuple[Resolver, ...]) -> bool:
    """Whether `record`, which anybody may have written, allows each of `resolvers`."""
    allowed: Any = record.get("resolvers")
    if record.get("version") != VERSION or not isinstance(allowed, list):
        return False
    return bool(resolvers) and all(_named(resolver) in allowed for resolver in resolvers)


def _named(resolver: Resolver) -> dict[str, str]:
    """What a permission is about: who is asked, and where."""
    return {"id": resolver.id, "origin": resolver.origin}
