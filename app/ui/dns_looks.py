"""Looking into DNS for the open order, while a person allows that."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from app.ca.catalog import CertificateAuthority
from app.dns.permission import DnsPermission
from app.dns.resolvers import Resolver, resolvers_for
from app.issuance.issuance import Issuance
from app.issuance.workflow import Workflow
from app.ports import Visibility

if TYPE_CHECKING:
    from app.acme.directory import Directory
    from app.dns.checks.records import OldValues
    from app.dns.checks.report import DnsReport
    from app.dns.entries import RecordEntry
    from app.dns.lookup.client import ResolverClient
    from app.dns.watch import DnsWatch, WatchedOrder


class DnsLooks:
    """Watches the open order in DNS while it waits for a person, belongs to this tab, and somebody allowed it.

    `on_report` is called whenever there is news.
    """

    def __init__(
        self, workflow: Workflow, permission: DnsPermission, visibility: Visibility, on_report: Callable[[], None]
    ) -> None:
        self._workflow = workflow
        self._permission = permission
        self._visibility = visibility
        self._on_report = on_report
        self._watches: dict[tuple[Resolver, ...], DnsWatch] = {}
        self._watch: DnsWatch | None = None

    @property
    def is_allowed(self) -> bool:
        """Whether a person allows it."""
        return self._permission.given

    def report_of(self, issuance: Issuance) -> DnsReport | None:
        """What is known of `issuance`; None where nobody may look, or this tab does not."""
        watch = self._watch
        return watch.report if watch and self._permission.given and watch.report.order == issuance.id else None

    def follow(
        self, issuance: Issuance | None, authority: CertificateAuthority | None, entries: Sequence[RecordEntry] = ()
    ) -> None:
        """Watch `issuance`, whose records are `entries`, from now on, as long as it waits for a person; None ends it."""
        watch = self._watch_for(authority) if authority else None
        if watch is not self._watch and self._watch:
            self._watch.stop()
        self._watch = watch
        if watch is None:
            return
        if issuance and issuance.state == "proving" and authority:
            watch.watch(self._order(issuance, authority, entries))
        else:
            watch.stop()

    def check(self) -> None:
        """A person says that the records were added, or wants to know again."""
        if self._watch:
            self._watch.added()

    async def forget(self, resolver: str, number: int) -> None:
        """Make the resolver with this id forget what it knows of record `number`."""
        if self._watch:
            await self._watch.forget(resolver, number)

    def client_for(self, issuance: Issuance) -> ResolverClient | None:
        """Whom to ask about the DNS of `issuance`; None where nobody may be asked."""
        resolvers = resolvers_for(self._workflow.authority(issuance), self._workflow.resolvers)
        if not resolvers or not self._permission.given:
            return None
        return self._client(resolvers)

    def _watch_for(self, authority: CertificateAuthority) -> DnsWatch | None:
        """The watch that asks those who see the DNS of `authority`; None where there are none, or it is not allowed."""
        resolvers = resolvers_for(authority, self._workflow.resolvers)
        if not resolvers or not self._permission.given:
            return None
        if resolvers not in self._watches:
            from app.dns.watch import DnsWatch

            clock = self._workflow.ports.clock
            watch = DnsWatch(self._client(resolvers), clock, self._visibility, lambda _: self._on_report())
            self._watches[resolvers] = watch
        return self._watches[resolvers]

    def _client(self, resolvers: tuple[Resolver, ...]) -> ResolverClient:
        from app.dns.lookup.client import ResolverClient

        return ResolverClient(self._workflow.ports.http, self._workflow.ports.packages, resolvers)

    def _order(self, issuance: Issuance, authority: CertificateAuthority, entries: Sequence[RecordEntry]) -> WatchedOrder:
        from app.dns.checks.caa import CaaPolicy, ca_identities
        from app.dns.watch import WatchedOrder

        kinds = {proof.identifier: issuance.kind_of(proof) for proof in issuance.proofs}
        return WatchedOrder(
            id=issuance.id,
            names=issuance.choices.identifiers,
            entries=tuple(entries),
            served=tuple(
                dict.fromkeys(
                    name.base for name, kind in kinds.items() if name.type == "dns" and kind in ("http-01", "tls-alpn-01")
                )
            ),
            policy=CaaPolicy(
                ca_identities(authority, self._directory(issuance)),
                issuance.account_url,
                issuance.choices.kinds,
                tuple((name.value, issuance.choices.kind_for(name)) for name in issuance.choices.identifiers),
            ),
            providers=self._workflow.lists.providers,
            old=partial(self._old_values, issuance.id),
        )

    def _directory(self, issuance: Issuance) -> Directory | None:
        """The directory of its CA, where this visit has read it."""
        client = self._workflow.known_client(issuance.choices.account)
        return client.directory if client else None

    async def _old_values(self, id_: str) -> OldValues:
        """What other orders of this browser wanted in DNS. Raises `StorageError`."""
        from app.issuance.old_values import old_values

        return old_values(await self._workflow.saved(), id_)
