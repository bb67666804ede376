"""What a person reads in the panel for backups: above all what a file holds, before it is restored and after.

What the file says is made safe here. What can be wrong with a file is in `app.text.backup_errors`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.accounts.stored_account import StoredAccount
from app.backup.content import Part
from app.backup.restore import Restored
from app.backup.restore_plan import Change, Plan, SkippedEntry
from app.ca.catalog import ca_name
from app.issuance.issuance import Issuance, State
from app.issuance.workflow import Workflow
from app.text.catalog import N_, _, ngettext
from app.text.message import Question, sentences
from app.text.sentences import sentence
from app.text.untrusted import MAX_DETAIL, one_line

_ORDERS: Final[Mapping[State, str]] = {
    "proving": N_("Order for {names:list}: waiting for your proof"),
    "issued": N_("Order for {names:list}: finished"),
    "failed": N_("Order for {names:list}: failed"),
}
_UNDER_WAY: Final = N_("Order for {names:list}: under way")

_ENTRIES: Final[Mapping[Part, str]] = {
    "account": N_("Account number {number} of the file: {reason}"),
    "order": N_("Order number {number} of the file: {reason}"),
    "key": N_("Key number {number} of the file: {reason}"),
}
_SOME_KEY: Final = N_("A key of the file: {reason}")


@dataclass(frozen=True)
class OutcomeEntry:
    """One part of what came of a restore: what happened to these, line by line."""

    title: str
    lines: tuple[str, ...]


def backup_saved(file: str) -> str:
    """The backup is in the downloads, as `file`."""
    return _("{file} is in your downloads. Keep it and the passphrase in different places.", file=file)


# ---- before ----


def restoring_question(workflow: Workflow, plan: Plan) -> Question:
    """The question before anything of a backup is written, with all that `plan` would write."""
    return Question(
        title=_("Restore what is in this file?"),
        text=_(
            "Only restore a backup that you made yourself. Whoever made the file may have a copy of every key in it: they "
            "could use these accounts, and get certificates for names that you prove with them. A restored account is used "
            "for orders only after you have chosen it in the form."
        ),
        yes=_("Restore this"),
        no=_("Leave it"),
        lines=_safe(_planned_lines(workflow, plan)),
    )


def _planned_lines(workflow: Workflow, plan: Plan) -> list[str]:
    lines = [_change(workflow, change) for change in plan.changes if change.record]
    unused = sum(change.record is None for change in plan.changes)
    if unused:
        lines.append(_unused_keys(unused))
    here = len(plan.unchanged_accounts) + len(plan.unchanged_issuances)
    if here:
        lines.append(
            ngettext(
                "Already here, left as it is: {n} entry",
                "Already here, left as they are: {n} entries",
                here,
            )
        )
    keyless = [_("Without its key, so left out: {account}", account=_account(workflow, one)) for one in plan.keyless]
    skipped = [_("Left out: {entry}", entry=_left_out(workflow, one)) for one in plan.skipped]
    return [*lines, *keyless, *skipped]


def _change(workflow: Workflow, change: Change) -> str:
    if change.issuance:
        return _("{order} ({ca})", order=_order(change.issuance), ca=_ca_of(workflow, change.issuance))
    if change.account is None:
        return ""
    return _(
        "Account at {ca}: {url}, key thumbprint {thumbprint}",
        ca=ca_name(workflow.authorities, change.account.ca, change.account.directory),
        url=change.account.url,
        thumbprint=change.keys[0][1].thumbprint,
    )


# ---- after ----


def nothing_restored() -> str:
    """After a no."""
    return _("Nothing was restored.")


def outcome(workflow: Workflow, restored: Restored) -> tuple[OutcomeEntry, ...]:
    """What came of a restore, part by part."""

    def lines(accounts: Sequence[StoredAccount], issuances: Sequence[Issuance]) -> list[str]:
        return [*(_account(workflow, account) for account in accounts), *map(_order, issuances)]

    unused = [_unused_keys(restored.keys)] if restored.keys else []
    parts = (
        (_("Restored"), [*lines(restored.accounts, restored.issuances), *unused]),
        (_("Already here, left as it was"), lines(restored.unchanged_accounts, restored.unchanged_issuances)),
        (_("Not in the file: the key could not be taken out of the other browser"), lines(restored.keyless, ())),
        (_("Cannot go on in this browser"), [_lacks_key(workflow, issuance) for issuance in restored.blocked_issuances]),
        (_("Cannot be used, left out"), [_left_out(workflow, entry) for entry in restored.skipped]),
    )
    return tuple(OutcomeEntry(title, _safe(told)) for title, told in parts if told)


def summary(restored: Restored) -> str:
    """What came of a restore, in a sentence or two."""
    orders, accounts = len(restored.issuances), len(restored.accounts)
    counts = []
    if orders:
        counts.append(ngettext("{n} order", "{n} orders", orders))
    if accounts:
        counts.append(ngettext("{n} account", "{n} accounts", accounts))
    if restored.keys and not counts:
        counts.append(ngettext("{n} key", "{n} keys", restored.keys))
    if counts:
        said = _("Restored: {counts:and}.", counts=counts)
    elif restored.skipped:
        said = nothing_restored()
    else:
        return _("This browser already has everything in the file.")
    if not restored.skipped:
        return said
    skipped = ngettext(
        "{n} entry of the file cannot be used: see below.",
        "{n} entries of the file cannot be used: see below.",
        len(restored.skipped),
    )
    return sentences(said, skipped)


# ---- one entry ----


def _unused_keys(count: int) -> str:
    return ngettext(
        "{n} unused key",
        "{n} unused keys",
        count,
    )


def _account(workflow: Workflow, account: StoredAccount) -> str:
    return _("Account at {ca}", ca=ca_name(workflow.authorities, account.ca, account.directory))


def _order(issuance: Issuance) -> str:
    return _(_ORDERS.get(issuance.state, _UNDER_WAY), names=issuance.choices.readable_names)


def _lacks_key(workflow: Workflow, issuance: Issuance) -> str:
    return _(
        "Order for {names:list}: it needs the key of its account at {ca}. Finish it in the other browser, or order again here.",
        names=issuance.choices.readable_names,
        ca=_ca_of(workflow, issuance),
    )


def _left_out(workflow: Workflow, entry: SkippedEntry) -> str:
    reason = sentence(entry.reason)
    if entry.account:
        ca = ca_name(workflow.authorities, entry.account.ca, entry.account.directory)
        return _("Account at {ca}: {reason}", ca=ca, reason=reason)
    if entry.issuance and entry.part == "key":
        return _("The key of the order for {names:list}: {reason}", names=entry.issuance.choices.readable_names, reason=reason)
    if entry.issuance:
        return _("Order for {names:list}: {reason}", names=entry.issuance.choices.readable_names, reason=reason)
    if not entry.position:
        return _(_SOME_KEY, reason=reason)
    return _(_ENTRIES[entry.part], number=entry.position, reason=reason)


def _ca_of(workflow: Workflow, issuance: Issuance) -> str:
    return ca_name(workflow.authorities, issuance.choices.ca, issuance.choices.directory)


def _safe(lines: Sequence[str]) -> tuple[str, ...]:
    return tuple(one_line(line, most=MAX_DETAIL) for line in lines)
