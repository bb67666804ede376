"""One saved order as an entry of the list: its status, in which group it stands, its words and its buttons."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from app.ca.catalog import ca_name, find_ca_or_none
from app.errors import CertificateError, InputError
from app.issuance.issuance import Issuance
from app.issuance.renewal import is_short_lived, when_to_renew
from app.issuance.saved_records import StoredIssuance, Turns
from app.issuance.workflow import Workflow
from app.pki.certificate import Certificate, read_chain
from app.text import orders as text
from app.text.issuance import names_in_short
from app.text.orders import Words

EntryStatus = Literal["open", "issued", "due", "ended", "revoked", "failed", "stuck", "unreadable"]
"""The status of an issuance in a list. "due" is a certificate that should be renewed now, "ended" one that has run out, "stuck"
an order whose account is not in this browser."""

Group = Literal["need", "fine", "past"]
"""Where an entry stands: what needs a person, what is fine, and what is over."""

Action = Literal["open", "renew", "change", "remind", "delete"]

RECENTLY: Final = 30 * 86400.0
"""Seconds after its end for which a certificate still needs a person: later nobody uses it any more."""

_ORDER: Final[tuple[EntryStatus, ...]] = ("ended", "due", "open", "stuck", "failed", "unreadable", "issued", "revoked")
"""What is most pressing first, within a group."""


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


@dataclass(frozen=True)
class _Facts:
    """What is known of one record. `certificate` is that of an issued one that can be read, `renewal` when to renew it."""

    stored: StoredIssuance
    status: EntryStatus
    certificate: Certificate | None = None
    renewal: float = 0.0


class OrderEntries:
    """Makes the entries of the list. Certificates that were read once are kept."""

    def __init__(self, workflow: Workflow) -> None:
        self._workflow = workflow
        self._certificates: dict[str, Certificate | None] = {}  # by PEM chain; None is a damaged one

    async def of(self, stored: Sequence[StoredIssuance], lacking: Iterable[str]) -> tuple[OrderEntry, ...]:
        """The entries of all `stored` records, group by group. `lacking` are the ids of those whose account's key is not here.

        The browser has its turn after every few of them.
        """
        workflow, turns = self._workflow, Turns()
        now, without_key = workflow.ports.clock.now(), frozenset(lacking)
        await self._read_certificates(stored, turns)
        facts = [_facts(one, self._certificates, now, lacks_key=one.id in without_key) for one in stored]
        newest = _newest(facts)
        trusted = {authority.directory for authority in workflow.authorities if authority.trusted}
        several = len(trusted & {one.issuance.choices.directory for one in stored if one.issuance}) > 1
        entries = []
        for one in facts:
            entries.append(_entry(workflow, one, newest, several_cas=several))
            await turns.take()
        return tuple(sorted(entries, key=_place))

    async def _read_certificates(self, stored: Sequence[StoredIssuance], turns: Turns) -> None:
        chains = [one.issuance.certificate_pem for one in stored if one.issuance and one.issuance.state == "issued"]
        known = self._certificates
        self._certificates = {pem: known[pem] for pem in chains if pem in known}  # those of deleted records are let go
        for pem in chains:
            if pem not in self._certificates:
                self._certificates[pem] = _certificate(pem)
                await turns.take()


def _certificate(pem: str) -> Certificate | None:
    try:
        return read_chain(pem).certificate
    except CertificateError:
        return None


def _place(entry: OrderEntry) -> tuple[int, int]:
    groups: tuple[Group, ...] = ("need", "fine", "past")
    return groups.index(entry.group), _ORDER.index(entry.status)


def _facts(stored: StoredIssuance, certificates: Mapping[str, Certificate | None], now: float, *, lacks_key: bool) -> _Facts:
    issuance = stored.issuance
    if issuance is None:
        return _Facts(stored, "unreadable")
    if lacks_key:
        return _Facts(stored, "stuck")
    if issuance.state == "issued":
        return _certificate_facts(stored, issuance, certificates[issuance.certificate_pem], now)
    return _Facts(stored, "failed" if issuance.state == "failed" else "open")


def _certificate_facts(stored: StoredIssuance, issuance: Issuance, certificate: Certificate | None, now: float) -> _Facts:
    if certificate is None:
        return _Facts(stored, "unreadable")
    renewal = when_to_renew(issuance.window, certificate).timestamp()
    if issuance.revoked:
        return _Facts(stored, "revoked", certificate, renewal)
    if certificate.not_after.timestamp() < now:
        return _Facts(stored, "ended", certificate, renewal)
    return _Facts(stored, "due" if renewal <= now else "issued", certificate, renewal)


# ---- what has been replaced ----

_Same = tuple[object, str, bool]
"""The names and the CA of an order, and whether a certificate came of it."""


def _same(issuance: Issuance, *, issued: bool) -> _Same:
    return frozenset(issuance.choices.identifiers), issuance.choices.directory, issued


def _newest(facts: Iterable[_Facts]) -> dict[_Same, float]:
    """When the newest order for some names at a CA was placed, of those that are open or have a valid certificate."""
    newest: dict[_Same, float] = {}
    for one in facts:
        issuance = one.stored.issuance
        if issuance and one.status in ("open", "issued", "due"):
            for issued in {one.status != "open", False}:
                same = _same(issuance, issued=issued)
                newest[same] = max(newest.get(same, 0.0), issuance.created)
    return newest


def _is_replaced(facts: _Facts, issuance: Issuance, newest: dict[_Same, float]) -> bool:
    """Whether a newer order has taken the place of this one: of a certificate by a certificate, of a failed order by any."""
    if facts.status not in ("issued", "due", "ended", "failed"):
        return False
    return newest.get(_same(issuance, issued=facts.status != "failed"), 0.0) > issuance.created


# ---- one entry ----


def _entry(workflow: Workflow, facts: _Facts, newest: dict[_Same, float], *, several_cas: bool) -> OrderEntry:
    issuance = facts.stored.issuance
    if issuance is None:
        words = text.unreadable_words(facts.stored)
        buttons = (OrderButton("delete", text.delete_label()),)
        return OrderEntry(facts.stored.id, text.unreadable_title(), "", "unreadable", "need", "", words, buttons)
    now, replaced = workflow.ports.clock.now(), _is_replaced(facts, issuance, newest)
    status: EntryStatus = "issued" if replaced and facts.status == "due" else facts.status
    said = _words(workflow, facts, issuance, replaced=replaced)
    return OrderEntry(
        id=facts.stored.id,
        title=names_in_short(issuance),
        ca=_ca(workflow, issuance, several_cas=several_cas),
        status=status,
        group=_group(facts, now, replaced=replaced),
        headline=said.headline,
        words=said.more,
        buttons=tuple(
            OrderButton(action, text.label(action, status)) for action in _actions(status, issuance, replaced=replaced)
        ),
    )


def _group(facts: _Facts, now: float, *, replaced: bool) -> Group:
    if replaced or facts.status == "revoked":
        return "past"
    if facts.status == "ended":
        recent = facts.certificate is not None and now - facts.certificate.not_after.timestamp() < RECENTLY
        return "need" if recent else "past"
    return "fine" if facts.status == "issued" else "need"


def _ca(workflow: Workflow, issuance: Issuance, *, several_cas: bool) -> str:
    """The name of the CA, where it is not obvious: browsers do not trust it, or there are several that they trust."""
    choices = issuance.choices
    authority = find_ca_or_none(workflow.authorities, choices.ca, choices.directory)
    obvious = authority is not None and authority.trusted and not several_cas
    return "" if obvious else ca_name(workflow.authorities, choices.ca, choices.directory)


def _words(workflow: Workflow, facts: _Facts, issuance: Issuance, *, replaced: bool) -> Words:
    now = workflow.ports.clock.now()
    if facts.status == "stuck":
        return text.lacks_key_words()
    if facts.status == "failed":
        return text.failed_words(issuance, _reason(workflow, issuance), now)
    if facts.status == "open":
        return text.open_words(issuance, ca_name(workflow.authorities, issuance.choices.ca, issuance.choices.directory), now)
    if facts.certificate is None:
        return text.damaged_certificate_words()
    if facts.status == "revoked":
        return text.revoked_words(issuance)
    return _valid_or_ended(facts, facts.certificate, issuance, now, replaced=replaced)


def _valid_or_ended(facts: _Facts, certificate: Certificate, issuance: Issuance, now: float, *, replaced: bool) -> Words:
    end = certificate.not_after
    if facts.status == "ended":
        return text.ended_words(end, issuance, replaced=replaced)
    if facts.status == "due" and not replaced:
        return text.due_words(end, now, issuance)
    renewal = text.come_back(facts.renewal, hours=is_short_lived(certificate))
    return text.valid_words(end, "" if replaced else renewal, issuance)


def _reason(workflow: Workflow, issuance: Issuance) -> str:
    try:
        from app.text.proof_failure import failed_message

        return failed_message(issuance, workflow.authority(issuance)).title
    except InputError:  # its CA is not in the list any more
        return ""


def _actions(status: EntryStatus, issuance: Issuance, *, replaced: bool) -> tuple[Action, ...]:
    """What can be done with it, the next thing first. Who has to renew it already needs no reminder."""
    if status in ("due", "ended"):
        return "renew", "open", "change", "delete"
    if status == "issued" and not replaced:
        return "open", "renew", "change", "remind", "delete"
    if issuance.state == "issued" and status != "unreadable":
        return "open", "renew", "change", "delete"
    # What is damaged cannot be opened, but what was ordered can be read.
    return ("renew", "change", "delete") if status == "unreadable" else ("open", "change", "delete")
