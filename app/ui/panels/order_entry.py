"""One saved order as an entry of the list: its words and its buttons."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from app.ca.catalog import ca_name, find_ca_or_none
from app.errors import InputError
from app.issuance.issuance import Issuance
from app.issuance.renewal import is_short_lived
from app.issuance.workflow import Workflow
from app.pki.certificate import Validity
from app.text import orders as text
from app.text.issuance import names_in_short
from app.text.orders import Words
from app.turns import Turns
from app.ui.panels.order_place import EntryStatus, Group, PlacedOrder

Action = Literal["open", "renew", "change", "remind", "delete"]


@dataclass(frozen=True)
class OrderButton:
    """A button of an entry, and its words."""

    action: Action
    label: str


@dataclass(frozen=True)
class OrderEntry:
    """One issuance in words. `title` are its names, `headline` and `words` describe its status.

    `ca` is "" where it is unknown or obvious. The first of the `buttons` is the one to press next, unless all that is left
    to do is to delete the record.
    """

    id: str
    title: str
    ca: str
    status: EntryStatus
    group: Group
    headline: str
    words: str
    buttons: tuple[OrderButton, ...]


class OrderEntries:
    """Puts orders of one list into words. Its orders are `placed`; whether their CAs are obvious depends on all of them."""

    def __init__(self, workflow: Workflow, placed: Sequence[PlacedOrder]) -> None:
        self._workflow = workflow
        self._now = workflow.ports.clock.now()
        trusted = {authority.directory for authority in workflow.authorities if authority.trusted}
        used = {one.stored.issuance.choices.directory for one in placed if one.stored.issuance}
        self._several_cas = len(trusted & used) > 1
        self._buttons = cache(_buttons)  # the same for many of them

    async def of(self, placed: Iterable[PlacedOrder]) -> dict[str, OrderEntry]:
        """The entries of these orders, by id. The browser has its turn meanwhile."""
        turns, entries = Turns(), {}
        for one in placed:
            entries[one.id] = self._entry(one)
            await turns.take()
        return entries

    def _entry(self, placed: PlacedOrder) -> OrderEntry:
        issuance = placed.stored.issuance
        if issuance is None:
            words, buttons = text.unreadable_words(placed.stored), self._buttons(("delete",), placed.status)
            return OrderEntry(placed.id, text.unreadable_title(), "", placed.status, placed.group, "", words, buttons)
        said = self._words(placed, issuance)
        return OrderEntry(
            id=placed.id,
            title=names_in_short(issuance),
            ca=self._ca(issuance),
            status=placed.status,
            group=placed.group,
            headline=said.headline,
            words=said.more,
            buttons=self._buttons(_actions(placed, issuance), placed.status),
        )

    def _ca(self, issuance: Issuance) -> str:
        """The name of the CA, where it is not obvious: browsers do not trust it, or there are several that they trust."""
        choices, authorities = issuance.choices, self._workflow.authorities
        authority = find_ca_or_none(authorities, choices.ca, choices.directory)
        obvious = authority is not None and authority.trusted and not self._several_cas
        return "" if obvious else ca_name(authorities, choices.ca, choices.directory)

    def _words(self, placed: PlacedOrder, issuance: Issuance) -> Words:
        if placed.status == "stuck":
            return text.lacks_key_words()
        if placed.status == "failed":
            return text.failed_words(issuance, self._reason(issuance), self._now)
        if placed.status == "open":
            choices = issuance.choices
            return text.open_words(issuance, ca_name(self._workflow.authorities, choices.ca, choices.directory), self._now)
        if placed.validity is None:
            return text.damaged_certificate_words()
        if placed.status == "revoked":
            return text.revoked_words(issuance)
        return self._valid_or_ended(placed, placed.validity, issuance)

    def _valid_or_ended(self, placed: PlacedOrder, validity: Validity, issuance: Issuance) -> Words:
        end = validity.not_after
        if placed.status == "ended":
            return text.ended_words(end, issuance, replaced=placed.replaced)
        if placed.status == "due":
            return text.due_words(end, self._now, issuance)
        renewal = text.come_back(placed.renewal, hours=is_short_lived(validity))
        return text.valid_words(end, "" if placed.replaced else renewal, issuance)

    def _reason(self, issuance: Issuance) -> str:
        try:
            from app.text.proof_failure import failed_message

            return failed_message(issuance, self._workflow.authority(issuance)).title
        except InputError:  # its CA is not in the list any more
            return ""


def _buttons(actions: tuple[Action, ...], status: EntryStatus) -> tuple[OrderButton, ...]:
    return tuple(OrderButton(action, text.label(action, status)) for action in actions)


def _actions(placed: PlacedOrder, issuance: Issuance) -> tuple[Action, ...]:
    """What can be done with it, the next thing first. Who has to renew it already needs no reminder."""
    if placed.status in ("due", "ended"):
        return "renew", "open", "change", "delete"
    if placed.status == "issued" and not placed.replaced:
        return "open", "renew", "change", "remind", "delete"
    if issuance.state == "issued" and placed.status != "unreadable":
        return "open", "renew", "change", "delete"
    # What is damaged cannot be opened, but what was ordered can be read.
    return ("renew", "change", "delete") if placed.status == "unreadable" else ("open", "change", "delete")
