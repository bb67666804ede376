"""The panel of the keys in this browser: what a person sees of each, and what destroying it means."""

import hashlib
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, Protocol

from app.acme.jws import thumbprint
from app.ca.catalog import find_ca
from app.errors import FieldError, StorageError
from app.issuance.issuance import Issuance
from app.issuance.workflow import Workflow
from app.keys.inventory import Purpose, StoredKey, destroy_everything, destroy_key, stored_keys
from app.ports import KeyHandle, KeySpec
from app.text.certificate import day
from app.text.form import account_number
from app.ui.runner import PlainView, TaskRunner, without_fields
from app.ui.session import Session
from app.ui.views import Asks, Question

KINDS: Final[dict[KeySpec, str]] = {
    "ec-p256": "EC P-256",
    "ec-p384": "EC P-384",
    "rsa-2048": "RSA 2048",
    "rsa-3072": "RSA 3072",
    "rsa-4096": "RSA 4096",
}

_LOCKED: Final = "No: it signs here, but nobody can read it, not even this page."
_FREE: Final = "Yes: you can take it away, and so could anything else that runs in this page."
_DAMAGED: Final = "No: it is damaged, so nothing can use it. All that can be done is to destroy it."

_LASTING: Final = "this browser’s IndexedDB"
_PASSING: Final = "the memory of this tab only: it is gone when the tab closes"


@dataclass(frozen=True)
class KeyCard:
    """One key in words. `name` is the key store's name, `place` where it lives.

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

    def show(self, cards: tuple[KeyCard, ...]) -> None:
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
        self._shown: tuple[KeyCard, ...] | None = None

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
            if key and not await self._asks.confirm(_destroying(key, purpose_words(self._flow, key))):
                return "Nothing was destroyed."
            if key:
                await destroy_key(self._flow, key)
                await self._session.refresh()
            await self._list()
            return "The key is destroyed." if key else "That key was gone already."

        await self._guard(work)

    async def destroy_all(self) -> None:
        """Destroy all keys and all records, after the person has ticked that they know it."""

        async def work() -> str:
            self._session.check_calm("keys")
            if not await self._asks.confirm(_DESTROYING_ALL):
                return "Nothing was destroyed."
            await destroy_everything(self._flow)
            await self._list()
            await self._session.back()
            return "All keys and records are destroyed. Nothing of Keystay is left in this browser."

        await self._guard(work)

    async def _list(self) -> str:
        cards = tuple(self._card(key) for key in await stored_keys(self._flow))
        if cards != self._shown:  # what did not change keeps the focus
            self._page.show(cards)
        self._shown = cards
        return ""

    def _card(self, key: StoredKey) -> KeyCard:
        handle = key.handle
        facts = [KINDS[handle.spec] if handle else "damaged: this browser cannot read it"]
        if key.account and key.account.url:
            facts.append(f"account {account_number(key.account)}")
        if key.account and key.account.made:
            facts.append(f"here since {day(key.account.made)}")
        if key.issuance:
            facts.append(f"order of {day(key.issuance.created)}")
        return KeyCard(
            name=key.name,
            purpose=key.purpose,
            title=purpose_words(self._flow, key),
            kind=", ".join(facts),
            place=_LASTING if self._lasting else _PASSING,
            freedom=_freedom(handle),
            spki=hashlib.sha256(handle.public_spki).hexdigest() if handle else "",
            thumbprint=thumbprint(handle.public_jwk) if handle and key.purpose == "account" else "",
        )

    async def _guard(self, work: Callable[[], Awaitable[str]]) -> None:
        await self._task.do(work, without_fields(self._page))


def _freedom(handle: KeyHandle | None) -> str:
    if handle is None:
        return _DAMAGED
    return _FREE if handle.extractable else _LOCKED


def purpose_words(workflow: Workflow, key: StoredKey) -> str:
    """What `key` is for."""
    if key.account:
        ca = name_of_ca(workflow, key.account.ca, key.account.directory)
        changing = ", its next key" if key.name == key.account.next_key else ""
        return f"Account at {ca}{changing}"
    if key.issuance:
        what = "Certificate for" if key.purpose == "certificate" else "Proof of control for"
        return f"{what} {names_of(key.issuance)}"
    return "Left over: no record names it"


def name_of_ca(workflow: Workflow, ca: str, directory: str) -> str:
    """What people call this CA; the directory URL where the list does not have it any more."""
    try:
        return find_ca(workflow.authorities, ca, directory).name
    except FieldError:
        return directory


def names_of(issuance: Issuance) -> str:
    """The names of an order, for a person."""
    return ", ".join(identifier.readable for identifier in issuance.choices.identifiers)


def _destroying(key: StoredKey, title: str) -> Question:
    """The question before `key` is destroyed, with what that means."""
    text, tick = _consequence(key)
    return Question("Destroy this key?", f"{title}. {text}", yes="Destroy it", no="Keep it", tick=tick)


def _consequence(key: StoredKey) -> tuple[str, str]:
    if key.purpose == "account":
        return (
            "This browser can never use the account again, and forgets it. Orders that it began cannot go on here, and it "
            "cannot revoke its certificates. At the CA the account stays open: to close it there, use “Accounts at CAs” first. "
            "The next order makes a new account.",
            "I know that nobody can bring this key back.",
        )
    if key.purpose == "certificate" and key.issuance and key.issuance.state == "issued":
        return (
            "Without its key the certificate is worthless, unless you have downloaded the key. The certificate itself stays in "
            "the list, and says that its key is gone.",
            "I have the key in another place, or do not need it.",
        )
    if key.purpose == "certificate":
        return (
            "The CA may be making the certificate for this key already. It would be worthless then: order anew.",
            "I do not need this certificate.",
        )
    if key.purpose == "proof":
        return (
            "The certificate that you show on port 443 was made with it. Download its file again after this: it then has "
            "another key, and the server needs the new one.",
            "",
        )
    return ("Nothing in this browser uses it. Perhaps the page was closed at a bad moment.", "")


_DESTROYING_ALL: Final = Question(
    title="Destroy all keys and records?",
    text="All accounts, orders, certificates and keys in this browser are deleted, as if you had never been here. Certificates "
    "stay valid where they are installed. Accounts stay open at their CAs, but nobody can use them from here. Close "
    "other tabs of this page first.",
    yes="Destroy everything",
    no="Keep everything",
    tick="I have downloaded what I need.",
)
