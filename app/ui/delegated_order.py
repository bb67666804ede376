"""Takes an order through its proofs without a hand, where its names are delegated: writes, waits, lets the CA look, removes."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from app.acme.challenge import DnsRecord
from app.dns.lookup.client import ResolverClient
from app.dns.published import wait_until_seen
from app.dns.services.catalog import ServiceEntry, find_service
from app.dns.services.service import DnsServiceError
from app.dns.services.tokens import Tokens
from app.errors import StorageError
from app.issuance.delegated_proofs import KIND, DelegatedProofs
from app.issuance.issuance import ENDED, Issuance
from app.issuance.store import load, record_name
from app.issuance.unattended import Run
from app.issuance.workflow import Workflow
from app.ports import Http
from app.text.delegation import left_over, writing

UNSEEN_WAIT = 60.0
"""Seconds to wait where nobody may be asked whether the records are to be seen."""


class DelegatedOrder:
    """`client_for` gives whom to ask whether records are to be seen, None where nobody may be asked; `say` tells a person."""

    def __init__(self, workflow: Workflow, proofs: DelegatedProofs, tokens: Tokens) -> None:
        self._workflow = workflow
        self.proofs = proofs
        self.tokens = tokens
        self.client_for: Callable[[Issuance], ResolverClient | None] = lambda _: None
        self.say: Callable[[str], None] = lambda _: None
        self.on_doing: Callable[[str], None] = lambda _: None
        """Called with what is being done, which may take minutes, and with "" at its end."""

    @property
    def http(self) -> Http:
        """By which services are reached."""
        return self._workflow.ports.http

    async def go_on(self, issuance: Issuance, run: Run, on_saved: Callable[[Issuance], None]) -> Issuance:
        """`issuance` after its proofs, if it can be proven so and was not tried yet; what was written is removed at the end.

        Raises `DnsServiceError`, `StorageError`, and what `run` raises.
        """
        if issuance.state == "proving" and _is_untried(issuance) and await self.proofs.can_write(issuance):
            issuance = await self._prove(issuance, run, on_saved)
        if issuance.state in ENDED and any(one.values for one in issuance.written):
            issuance = await self._tidied(issuance)
            on_saved(issuance)
        return issuance

    async def _prove(self, issuance: Issuance, run: Run, on_saved: Callable[[Issuance], None]) -> Issuance:
        try:
            written = await self._publish(issuance, on_saved)
        finally:
            self.on_doing("")
        return await run(self._workflow.confirm(written))

    async def _publish(self, issuance: Issuance, on_saved: Callable[[Issuance], None]) -> Issuance:
        """Write the records, and wait until they are seen. Raises `DnsServiceError` where they are not."""

        def note(saved: Issuance) -> None:
            on_saved(saved)
            self.on_doing(writing(self._services_of(saved)[0].name))

        written = await self.proofs.write(issuance, note)
        services = self._services_of(written)
        practice = self._workflow.authority(issuance).records is not None
        settle = 0.0 if practice else float(max(service.settle for service in services))
        if not await self._is_seen(written, settle, practice=practice):
            raise DnsServiceError("delegation-not-visible", services[0].name)
        return written

    def _services_of(self, issuance: Issuance) -> list[ServiceEntry]:
        """The services at which records are written for `issuance`."""
        found = (find_service(self.tokens.services, one.service) for one in issuance.written)
        return [service for service in found if service]

    async def _is_seen(self, issuance: Issuance, settle: float, *, practice: bool) -> bool:
        client, clock = self.client_for(issuance), self._workflow.ports.clock
        if client is None:
            await clock.sleep(0.0 if practice else UNSEEN_WAIT)
            return True
        wanted = {one.name: one.values for one in issuance.publications if isinstance(one, DnsRecord)}
        unproven = {
            one.publication.name
            for one in issuance.proofs
            if isinstance(one.publication, DnsRecord) and one.status != "valid" and issuance.kind_of(one) == KIND
        }
        return await wait_until_seen(client, clock, {name: wanted[name] for name in wanted if name in unproven}, settle)

    async def tidy_up(self, id_: str) -> None:
        """The record `id_` is about to be deleted: remove what was written for it, as far as that goes.

        Raises `OtherTabError` where another tab works on it, and `StorageError`.
        """
        issuance = await load(self._workflow, id_)
        if issuance and any(one.values for one in issuance.written):
            async with self._workflow.locks.try_all([record_name(id_)]):
                await self._tidied(issuance)

    async def _tidied(self, issuance: Issuance) -> Issuance:
        """`issuance`, whose lock this tab holds, after what was written for it is removed.

        What cannot be removed stays noted, and is said; it keeps nothing from going on.
        """
        try:
            return await self.proofs.remove(issuance)
        except (DnsServiceError, StorageError) as error:
            service = find_service(self.tokens.services, issuance.written[0].service)
            self.say(left_over(error.service if isinstance(error, DnsServiceError) else service.name if service else ""))
            with suppress(StorageError):
                saved = [one for one in await self._workflow.saved() if one.id == issuance.id]
                return replace(issuance, written=saved[0].written) if saved else issuance
            return issuance


def _is_untried(issuance: Issuance) -> bool:
    """Whether the CA has not looked yet: after a failed look, a person decides."""
    return all(proof.is_unanswered for proof in issuance.proofs if proof.status != "valid")
