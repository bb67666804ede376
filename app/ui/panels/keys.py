"""The panel of the keys in this browser: what a person sees of each, and what destroying it means."""

import hashlib
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from app.acme.jws import thumbprint
from app.errors import StorageError
from app.issuance.workflow import Workflow
from app.keys.inventory import Purpose, StoredKey, destroy_everything, destroy_key, stored_keys
from app.text.keys import (
    all_destroyed,
    destroying_all_question,
    destroying_question,
    facts,
    freedom,
    key_destroyed,
    key_was_gone,
    nothing_destroyed,
    place,
    purpose,
)
from app.ui.form.account import account_number
from app.ui.runner import PlainView, TaskRunner, without_fields
from app.ui.session import Session
from app.ui.views import Asks


@dataclass(frozen=True)
class KeyEntry:
    """One key in words. `name` is the key store's name, `place` where it is stored.

    `freedom` says whether it is extractable, and what that means. `spki` is the SHA-256 of its public key in hex, as sha256sum
    prints it, "" for a damaged key; `thumbprint` is the name that a CA has for the key of an account (RFC 7638), else "".
    """

    name: str
    purpose: Purpose
    title: str
    kind: str
    place: str
    freedom: str
    spki: str = ""
    thumbprint: str = ""


class KeysView(PlainView, Protocol):
    """The panel, as far as its clicks need it."""

    def show(self, entries: tuple[KeyEntry, ...]) -> None:
        """Show these keys and no others."""
        ...


class KeysPresenter:
    """The clicks on the panel. `lasting` tells whether keys outlive the tab."""

    def __init__(self, workflow: Workflow, page: KeysView, asks: Asks, session: Session, *, lasting: bool) -> None:
        self._flow = workflow
        self._page = page
        self._asks = asks
        self._session = session
        self._lasting = lasting
        self._task = TaskRunner()
        self._shown: tuple[KeyEntry, ...] | None = None

    async def open(self) -> None:
        """The panel was unfolded: list the keys."""
        await self._guard(self._list)

    async def refresh(self) -> None:
        """Something was done elsewhere on the page: show the keys as they are now."""
        if not self._task.busy:
            with suppress(StorageError):  # whoever asks for the list is told
                await self._list()

    async def destroy(self, name: str) -> None:
        """Destroy the key with this name, after the person has said so."""

        async def work() -> str:
            self._session.check_calm("keys")
            key = next((key for key in await stored_keys(self._flow) if key.name == name), None)
            if key and not await self._asks.confirm(destroying_question(self._flow, key)):
                return nothing_destroyed()
            if key:
                await destroy_key(self._flow, key)
                await self._session.refresh()
            await self._list()
            return key_destroyed() if key else key_was_gone()

        await self._guard(work)

    async def destroy_all(self) -> None:
        """Destroy all keys and all records, after the person has ticked that they know it."""

        async def work() -> str:
            self._session.check_calm("keys")
            if not await self._asks.confirm(destroying_all_question()):
                return nothing_destroyed()
            await destroy_everything(self._flow)
            await self._list()
            await self._session.back()
            return all_destroyed()

        await self._guard(work)

    async def _list(self) -> str:
        entries = tuple(self._entry(key) for key in await stored_keys(self._flow))
        if entries != self._shown:  # what did not change keeps the focus
            self._page.show(entries)
        self._shown = entries
        return ""

    def _entry(self, key: StoredKey) -> KeyEntry:
        handle, account = key.handle, key.account
        return KeyEntry(
            name=key.name,
            purpose=key.purpose,
            title=purpose(self._flow, key),
            kind=facts(key, account_number(account) if account and account.url else ""),
            place=place(lasting=self._lasting),
            freedom=freedom(handle),
            spki=hashlib.sha256(handle.public_spki).hexdigest() if handle else "",
            thumbprint=thumbprint(handle.public_jwk) if handle and key.purpose == "account" else "",
        )

    async def _guard(self, work: Callable[[], Awaitable[str]]) -> None:
        await self._task.do(work, without_fields(self._page))
