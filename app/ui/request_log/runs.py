"""Groups the request log into the steps of an order: one run of requests for each arrow of the picture."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from app.network.request_log import BlockedRequest, Entry
from app.text.request_log_diagram import StepName
from app.text.request_log_kinds import RequestKind
from app.ui.request_log.index import RequestIndex
from app.ui.request_log.parties import Party, party_of, relay_of

_STEPS: Final[Mapping[RequestKind, StepName]] = {
    "list": "list",
    "providers": "list",
    "resolvers": "list",
    "targets": "list",
    "services": "list",
    "directory": "addresses",
    "newNonce": "nonce",
    "newAccount": "account",
    "findAccount": "find-account",
    "account": "read-account",
    "updateAccount": "change-account",
    "closeAccount": "close-account",
    "orders": "orders",
    "newOrder": "order",
    "authorization": "tasks",
    "authorizationState": "wait",
    "challenge": "look",
    "order": "wait",
    "finalize": "request",
    "orderDone": "made",
    "certificate": "certificate",
    "renewalInfo": "renewal",
    "revokeCert": "revoke",
    "keyChange": "key-change",
    "records": "publish",
    "dnsRead": "read-records",
    "dnsWrite": "write-records",
    "dnsQuestion": "dns",
    "dnsPurge": "dns",
    "probe": "probe",
    "held": "blocked",
    "other": "other",
}


@dataclass
class Run:
    """Requests for the same step to the same party, one after another. A blocked request is alone, and `party` is None."""

    step: StepName
    party: Party | None
    relay: str
    entries: list[Entry | BlockedRequest] = field(default_factory=list)


def runs_of(entries: Iterable[Entry | BlockedRequest], index: RequestIndex) -> tuple[Run, ...]:
    """All runs, in order."""
    runs: list[Run] = []
    proving: set[str] = set()  # the parties that were told to look
    for entry in entries:
        run = _run_of(entry, index, proving)
        if runs and _continues(run, runs[-1]):
            runs[-1].entries.append(entry)
        else:
            run.entries.append(entry)
            runs.append(run)
    return tuple(runs)


def _run_of(entry: Entry | BlockedRequest, index: RequestIndex, proving: set[str]) -> Run:
    kind = index.kind(entry)
    if isinstance(entry, BlockedRequest):
        return Run("blocked", None, "")
    step, party = _STEPS[kind], party_of(entry, index)
    if step == "order":
        proving.discard(party.id)
    elif step == "look":
        proving.add(party.id)
    elif step == "other" and index.is_for_directory(entry):  # no answer showed what it is
        step = "addresses"
    elif step == "tasks" and party.id in proving:  # the CA has been told to look, so this asks what it found
        step = "wait"
    return Run(step, party, relay_of(entry, index))


def _continues(run: Run, before: Run) -> bool:
    """Whether it is one run.

    A nonce is fetched for what goes on already, and a probe follows what got no answer: they make no step of their own there.
    """
    if run.party is None or (run.party, run.relay) != (before.party, before.relay):
        return False
    return run.step == before.step or run.step in ("nonce", "probe")
