"""What a person reads of a backup before it is restored, and of what came of it. What the file says is made safe to be seen."""

from dataclasses import dataclass
from typing import Final

from app.accounts.stored_account import StoredAccount
from app.backup.content import Part
from app.backup.restore import Restored
from app.backup.restore_plan import Change, LeftOut, Plan
from app.issuance.issuance import Issuance, State
from app.issuance.workflow import Workflow
from app.text.untrusted import MAX_DETAIL, one_line
from app.ui.panels.keys import name_of_ca, names_of
from app.ui.views import Question

_STANDS: Final[dict[State, str]] = {"proving": "waits for your proof", "issued": "finished", "failed": "failed"}
_PARTS: Final[dict[Part, str]] = {"account": "Account", "order": "Order", "key": "Key"}
_KEYLESS: Final = "Not in the file: the key could not be taken out of the other browser"


@dataclass(frozen=True)
class Outcome:
    """One part of what came of a restore: what happened to these, line by line."""

    title: str
    lines: tuple[str, ...]


def restoring(workflow: Workflow, plan: Plan) -> Question:
    """The question before anything of a backup is written, with all that `plan` would write."""
    lines = [_change(workflow, change) for change in plan.changes if change.record]
    keys = sum(change.record is None for change in plan.changes)
    if keys:
        lines.append(f"{_count(keys, 'key')} that no account and no order uses")
    here = len(plan.kept_accounts) + len(plan.kept_issuances)
    if here:
        lines.append(f"Here already, and left as it is: {_count(here, 'entry', 'entries')}")
    lines += [f"Without its key, so left out: {_account(workflow, account)}" for account in plan.keyless]
    lines += [f"Left out: {_left_out(workflow, entry)}" for entry in plan.left_out]
    return Question(
        title="Restore what is in this file?",
        text="Only restore a backup that you made yourself. Whoever made the file may have a copy of every key in it: they "
        "could use these accounts, and get certificates for names that you prove with them. An account that comes in orders "
        "only after you have chosen it in the form.",
        yes="Restore this",
        no="Leave it",
        lines=tuple(_safe(line) for line in lines),
    )


def _change(workflow: Workflow, change: Change) -> str:
    if change.issuance:
        choices = change.issuance.choices
        return f"{_order(change.issuance)} ({name_of_ca(workflow, choices.ca, choices.directory)})"
    account = change.account
    key = change.keys[0][1].thumbprint
    return f"{_account(workflow, account)}: {account.url}, key thumbprint {key}" if account else ""


def outcome(workflow: Workflow, restored: Restored) -> tuple[Outcome, ...]:
    """What came of a restore, part by part."""

    def words(accounts: tuple[StoredAccount, ...], issuances: tuple[Issuance, ...]) -> tuple[str, ...]:
        return (*(_account(workflow, account) for account in accounts), *map(_order, issuances))

    keys = (f"{_count(restored.keys, 'key')} that no account and no order uses",) if restored.keys else ()
    parts = (
        Outcome("Restored", (*words(restored.accounts, restored.issuances), *keys)),
        Outcome("Here already, left as it was", words(restored.kept_accounts, restored.kept_issuances)),
        Outcome(_KEYLESS, words(restored.keyless, ())),
        Outcome("Cannot go on in this browser", tuple(_stuck(workflow, issuance) for issuance in restored.stuck)),
        Outcome("Cannot be used, left out", tuple(_left_out(workflow, entry) for entry in restored.left_out)),
    )
    return tuple(Outcome(part.title, tuple(map(_safe, part.lines))) for part in parts if part.lines)


def summary(restored: Restored) -> str:
    """What came of a restore, in a sentence or two."""
    orders, accounts, out = len(restored.issuances), len(restored.accounts), len(restored.left_out)
    counts = [_count(number, what) for number, what in ((orders, "order"), (accounts, "account")) if number]
    if restored.keys and not counts:
        counts = [_count(restored.keys, "key")]
    said = f"Restored: {' and '.join(counts)}."
    if not counts:
        said = "There is nothing in the file that this browser does not have."
    left_out = f"{_count(out, 'entry', 'entries')} of the file cannot be used: see below."
    if out:
        said = f"{said} {left_out}" if counts else f"Nothing was restored. {left_out}"
    return said


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or f'{one}s'}"


def _account(workflow: Workflow, account: StoredAccount) -> str:
    return f"Account at {name_of_ca(workflow, account.ca, account.directory)}"


def _order(issuance: Issuance) -> str:
    return f"Order for {names_of(issuance)}: {_STANDS.get(issuance.state, 'under way')}"


def _stuck(workflow: Workflow, issuance: Issuance) -> str:
    choices = issuance.choices
    why = f"it needs the key of its account at {name_of_ca(workflow, choices.ca, choices.directory)}"
    return f"Order for {names_of(issuance)}: {why}. Finish it in the other browser, or order anew here."


def _left_out(workflow: Workflow, entry: LeftOut) -> str:
    if entry.account:
        return f"{_account(workflow, entry.account)}: {entry.why}"
    if entry.issuance:
        what = "The key of the order" if entry.part == "key" else "Order"
        return f"{what} for {names_of(entry.issuance)}: {entry.why}"
    number = f" number {entry.position}" if entry.position else ""
    return f"{_PARTS[entry.part]}{number} of the file: {entry.why}"


def _safe(line: str) -> str:
    return one_line(line, most=MAX_DETAIL)
