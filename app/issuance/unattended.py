"""Renews a certificate as far as that goes without a person: where authorizations are kept, or what proves the names stands."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from app.errors import KeystayError, NetworkError, OtherTabError
from app.issuance.issuance import Issuance
from app.issuance.renewal import renewal_choices
from app.issuance.store import load, record_name
from app.issuance.workflow import Workflow

Outcome = Literal["renewed", "waits", "failed", "elsewhere", "stopped"]
"""What came of a renewal: a certificate; an order that waits for a person; one that failed; nothing, because another tab works
on it; nothing more, because of an error."""

Prover = Callable[[Issuance, Issuance], Awaitable[frozenset[str]]]
"""Of an old and a new order for the same names: makes sure that proofs of the new one are in place, as far as it can, and gives
the authorization URLs of those that are."""


Run = Callable[[Issuance], Awaitable[Issuance]]
"""Advances an issuance as far as it goes without a person."""

GoOn = Callable[[Issuance, Run, Callable[[Issuance], None]], Awaitable[Issuance]]
"""Takes an issuance that waits for proofs further, if it can publish them all itself (`app.ui.delegated_order`)."""


async def wait_for_a_person(issuance: Issuance, _: Run, __: Callable[[Issuance], None]) -> Issuance:
    """A `GoOn` that publishes nothing."""
    return issuance


@dataclass(frozen=True)
class Renewal:
    """What came of renewing `old`. `new` is the order for that, None where there is none; `error` is what stopped it."""

    old: Issuance
    outcome: Outcome
    new: Issuance | None = None
    error: KeystayError | None = None


async def standing_records(old: Issuance, new: Issuance) -> frozenset[str]:
    """A `Prover` that does nothing: persistent DNS records that proved `old` are still there, unless somebody removed them."""
    before = {proof.publication for proof in old.proofs if old.kind_of(proof) == "dns-persist-01"}
    return frozenset(
        proof.authorization_url
        for proof in new.proofs
        if new.kind_of(proof) == "dns-persist-01" and proof.publication in before
    )


class UnattendedRenewals:
    """Renewals of one click, one after another.

    `new_id` gives a fresh id for a record. What `go_on` cannot publish, `provers` are asked for, in their order.
    """

    def __init__(
        self,
        workflow: Workflow,
        new_id: Callable[[], str],
        provers: Sequence[Prover] = (standing_records,),
        go_on: GoOn = wait_for_a_person,
    ) -> None:
        self._workflow = workflow
        self._new_id = new_id
        self._provers = provers
        self._go_on = go_on
        self._silent: dict[str, NetworkError] = {}  # by directory URL: CAs that do not answer, which are asked once

    async def renew(self, id_: str) -> Renewal | None:
        """Renew the certificate of the record `id_`. None where it was deleted, or somebody has renewed it before.

        An order that is under way for it is taken up, so that a second click makes no second order. Raises `StorageError`
        where the record cannot be read.
        """
        old = await load(self._workflow, id_)
        if old is None:
            return None
        try:
            async with self._workflow.locks.try_all([record_name(id_)]):  # a second tab that renews all goes past it
                return await self._renew(old)
        except OtherTabError:
            return Renewal(old, "elsewhere")

    async def _renew(self, old: Issuance) -> Renewal | None:
        new = successor(old, await self._workflow.saved())
        if new and new.state == "issued":
            return None
        if old.choices.directory in self._silent:
            return Renewal(old, "stopped", new, self._silent[old.choices.directory])
        kept: list[Issuance] = [new] if new else []
        try:
            new = new or self._workflow.begin(self._new_id(), await renewal_choices(self._workflow, old))
            async with self._workflow.locks.try_all([new.record_name]):
                new = await self._run(old, new, kept.append)
        except OtherTabError:
            raise
        except KeystayError as error:
            if isinstance(error, NetworkError):
                self._silent[old.choices.directory] = error
            return Renewal(old, "stopped", kept[-1] if kept else None, error)
        outcomes: dict[str, Outcome] = {"issued": "renewed", "failed": "failed"}
        return Renewal(old, outcomes.get(new.state, "waits"), new)

    async def _run(self, old: Issuance, new: Issuance, on_saved: Callable[[Issuance], None]) -> Issuance:
        """Take `new` as far as it goes. A proof that failed before is not tried again: that is for a person to decide."""
        new = await self._workflow.run(new, on_saved)
        new = await self._go_on(new, lambda one: self._workflow.run(one, on_saved), on_saved)
        if new.state != "proving" or any(proof.problem for proof in new.proofs):
            return new
        missing = {proof.authorization_url for proof in new.proofs if proof.status != "valid"}
        for prove in self._provers:
            missing -= await prove(old, new) if missing else frozenset()
        return new if missing else await self._workflow.run(self._workflow.confirm(new), on_saved)


def successor(old: Issuance, saved: Iterable[Issuance]) -> Issuance | None:
    """The newest order in `saved` that takes the place of `old`, issued or under way: for the same names at the same CA."""
    names = frozenset(old.choices.identifiers)
    later = (
        one
        for one in saved
        if one.created > old.created
        and one.state != "failed"
        and one.choices.directory == old.choices.directory
        and frozenset(one.choices.identifiers) == names
    )
    return max(later, key=lambda one: (one.state == "issued", one.created), default=None)
