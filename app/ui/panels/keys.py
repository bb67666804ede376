"""The panel of the keys in this browser: the list, and destroying one key or everything."""

import hashlib
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from app.acme.jws import thumbprint
from app.errors import StorageError
from app.issuance.workflow import Workflow
from app.keys.inventory import Purpose, StoredKey, destroy_everything, destroy_key, stored_keys
from app.text import keys as text
from app.ui.runner import PlainView, TaskRunner, without_fields
from app.ui.session import Session
from app.ui.views import ConfirmView


@dataclass(frozen=True)
class KeyEntry:
    """One key in words. `name` is the key store's name, `place` where it is stored.

    `extractability` says whether it can be exported, and what that means. `spki` is the SHA-256 of its public key in hex, as
    sha256sum prints it, "" for a damaged key; `thumbprint` identifies the key of an account at its CA (RFC 7638), else "".
    """

    name: str
    purpose: Purpose
    title: str
    kind: str
    place: str
    extractability: str
    spki: str = ""
    thumbprint: str = ""


class KeysView(PlainView, Protocol):
    """What the presenter may ask of the panel."""

    def show(self, entries: tuple[KeyEntry, ...]) -> None:
        """Show these keys and no others."""
        ...


class KeysPresenter:
    """The clicks on the panel. `persistent` tells whether keys outlive the tab."""

    def __init__(self, workflow: Workflow, page: KeysView, dialog: ConfirmView, session: Session, *, persistent: bool) -> None:
        self._workflow = workflow
        self._page = page
        self._dialog = dialog
        self._session = session
        self._persistent = persistent
        self._task = TaskRunner()
        self._shown: tuple[KeyEntry, ...] | None = None

    async def open(self) -> None:
        """The panel was unfolded: list the keys."""
        await self._run(self._list)

    async def refresh(self) -> None:
        """Something was done elsewhere on the page: show the keys as they are now."""
        if not self._task.busy:
            with suppress(StorageError):  # opening the panel reports it
                await self._list()

    async def destroy(self, name: str) -> None:
        """Destroy the key with this name, after the person has confirmed it."""

        async def work() -> str:
            self._session.check_idle("keys")
            key = next((key for key in await stored_keys(self._workflow) if key.name == name), None)
            if key and not await self._dialog.confirm(text.destroying_question(self._workflow, key)):
                return text.nothing_destroyed()
            if key:
                await destroy_key(self._workflow, key)
                await self._session.refresh()
            await self._list()
            return text.key_destroyed() if key else text.key_was_gone()

        await self._run(work)

    async def destroy_all(self) -> None:
        """Destroy all keys and all records, after the person has confirmed that they understand."""

        async def work() -> str:
            self._session.check_idle("keys")
            if not await self._dialog.confirm(text.destroying_all_question()):
                return text.nothing_destroyed()
            await destroy_everything(self._workflow)
            await self._session.forget_permission()
            await self._list()
            await self._session.back()
            return text.all_destroyed()

        await self._run(work)

    async def _list(self) -> str:
        entries = tuple(self._entry(key) for key in await stored_keys(self._workflow))
        if entries != self._shown:  # showing the same again would lose the focus
            self._page.show(entries)
        self._shown = entries
        return ""

    def _entry(self, key: StoredKey) -> KeyEntry:
        handle = key.handle
        return KeyEntry(
            name=key.name,
            purpose=key.purpose,
            title=text.purpose(self._workflow, key),
            kind=text.facts(key),
            place=text.place(persistent=self._persistent),
            extractability=text.extractability(handle),
            spki=hashlib.sha256(handle.public_spki).hexdigest() if handle else "",
            thumbprint=thumbprint(handle.public_jwk) if handle and key.purpose == "account" else "",
        )

    async def _run(self, work: Callable[[], Awaitable[str]]) -> None:
        await self._task.do(work, without_fields(self._page))
