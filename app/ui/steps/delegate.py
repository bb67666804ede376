"""The part of step 2 that sets up delegated proofs: the token, the CNAME records, and going on by them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from app.dns.published import look_at_cnames
from app.dns.services.catalog import ServiceEntry, find_service
from app.dns.services.delegations import Delegation, delegated
from app.dns.services.service import DnsService, DnsServiceError, Zone
from app.errors import FieldError, InputError
from app.issuance.delegated_proofs import KIND
from app.issuance.issuance import Issuance
from app.text import delegation as text
from app.text.message import Message
from app.ui.delegated_order import DelegatedOrder

FREE_SUFFIX = ".dedyn.io"
"""Names below it are free at deSEC: where there is one, it is probably there for this."""


@dataclass(frozen=True)
class CnameCard:
    """A CNAME record to add at `host`, which points to `target`; both are full names without final dot. `of` says for what."""

    title: str
    of: str
    host: str
    target: str


@dataclass(frozen=True)
class DelegateModel:
    """What is shown. `services` are (id, name), `zones` names to choose between; both only where there are several.

    `token_hint` stands under the field of the token. `cards` are the CNAME records to add, `direct` says which names need none,
    `limits` how to limit the token. `token_page` is where a token is made. `can_forget` tells that there is a token to forget.
    """

    button: str
    service: str
    token_hint: str
    services: tuple[tuple[str, str], ...] = ()
    zones: tuple[str, ...] = ()
    cards: tuple[CnameCard, ...] = ()
    direct: str = ""
    limits: str = ""
    token_page: str = ""
    can_forget: bool = False


@dataclass(frozen=True)
class DelegateForm:
    """What a person entered: the id of the service, the token or "", whether to keep it, and the zone, or "" for any."""

    service: str
    token: str
    keep: bool
    zone: str


class DelegateView(Protocol):
    """What this presenter may ask of the page."""

    def form(self) -> DelegateForm:
        """The values of the fields."""
        ...

    def show(self, model: DelegateModel | None) -> None:
        """Show this; None hides all of it."""
        ...

    def show_error(self, error: FieldError | None) -> None:
        """Mark the field that `error` is about, or none."""
        ...

    def tell(self, doing: str) -> None:
        """Say what is being done, "" for nothing."""
        ...

    def clear_token(self) -> None:
        """Empty the field of the token: it was taken over."""
        ...


class DelegatePresenter:
    """Sets up delegated proofs for the order that is open. What it does runs as the work of a click on that order."""

    def __init__(self, order: DelegatedOrder, view: DelegateView) -> None:
        self._order = order
        self._view = view
        order.on_doing = view.tell
        self._zones: tuple[Zone, ...] = ()
        self._issuance: Issuance | None = None
        self._noted: Issuance | None = None
        self._known: dict[str, Delegation] = {}

    async def note(self, issuance: Issuance | None) -> None:
        """The page shows `issuance`, which waits for proofs, or no such order. Raises `StorageError`."""
        if issuance is None or issuance != self._noted:
            self._noted = issuance
            await self.show(issuance)

    async def show(self, issuance: Issuance | None) -> None:
        """Show how things are for the order `issuance`, which waits for proofs, or hide all. Raises `StorageError`."""
        if issuance is not None and self._order.tokens.services and _names(issuance):
            self._known = dict(await self._order.proofs.delegations.all())
        else:
            issuance = None
        self._issuance = issuance
        self.describe()

    def describe(self) -> None:
        """Show how things are: also when another service was chosen."""
        self._view.show(self._model(self._issuance) if self._issuance else None)

    async def set_up(self, issuance: Issuance) -> Message | str | None:
        """Take over the token, and delegate the names of `issuance`: None where the order can go on by them now.

        Otherwise what is to be done first, or why it cannot go on; "" where the token's field says it. Raises `DnsServiceError`
        and `StorageError`.
        """
        form = self._view.form()
        self._view.show_error(None)
        try:
            await self._take_token(form)
        except FieldError as error:
            self._view.show_error(error)
            return ""
        client = self._order.tokens.client(form.service, self._order.http)
        names = _names(issuance)
        known = await self._order.proofs.delegations.all()
        fresh = [name for name in names if not _fits(known.get(name), form)]
        for name in fresh:
            await self._order.proofs.delegations.save(await self._delegated(client, name, form))
        await self.show(issuance)
        return await self._confirm(issuance, [self._known[name] for name in names], fresh=bool(fresh))

    async def forget(self) -> str:
        """Forget the token; gives what to say. Raises `StorageError`."""
        await self._order.tokens.forget(self._view.form().service)
        self.describe()
        return text.token_forgotten()

    async def _take_token(self, form: DelegateForm) -> None:
        tokens = self._order.tokens
        if form.token.strip():
            try:
                await tokens.give(form.service, form.token, keep=form.keep)
            except InputError as error:
                raise FieldError("delegate-token", error.code) from error
            self._view.clear_token()
        elif not tokens.has(form.service):
            raise FieldError("delegate-token", "dns-token-wanted")

    async def _delegated(self, client: DnsService, name: str, form: DelegateForm) -> Delegation:
        service = self._service(form.service)
        own = await client.zone_of(f"_acme-challenge.{name}")
        if own:
            return delegated(name, form.service, own)
        if not self._zones:
            self._zones = await client.zones()
        if not self._zones:
            raise DnsServiceError("dns-no-zone", service.name)
        chosen = next((zone for zone in self._zones if zone.name == form.zone), None)
        free = next((zone for zone in self._zones if zone.name.endswith(FREE_SUFFIX)), None)
        return delegated(name, form.service, chosen or free or self._zones[0])

    async def _confirm(self, issuance: Issuance, delegations: Sequence[Delegation], *, fresh: bool) -> Message | str | None:
        """None once each CNAME is known to be there: seen, or else said by a person to whom it was shown before."""
        open_ = {one.owner: one for one in delegations if not one.confirmed}
        if not open_:
            return None
        client = self._order.client_for(issuance)
        if client is None:
            missing = []
            done = [] if fresh else list(open_.values())
        else:
            findings = await look_at_cnames(client, {owner: one.target for owner, one in open_.items()})
            missing = [finding for finding in findings if not finding.is_right]
            done = [open_[finding.owner] for finding in findings if finding.is_right]
        for one in done:
            await self._order.proofs.delegations.save(replace(one, confirmed=True))
        if done:
            await self.show(issuance)
        if len(done) == len(open_):
            return None
        return text.add_cnames_now() if fresh else text.cnames_not_ready(missing)

    def _service(self, id_: str) -> ServiceEntry:
        services = self._order.tokens.services
        return find_service(services, id_) or services[0]

    def _model(self, issuance: Issuance) -> DelegateModel:
        tokens, form = self._order.tokens, self._view.form()
        service = self._service(form.service)
        names = _names(issuance)
        found = [one for name in names if (one := self._known.get(name)) and one.service == service.id]
        waiting = [one for one in found if not one.is_direct]
        shown = [one for one in waiting if not one.confirmed]
        complete, here = len(found) == len(names), tokens.has(service.id)
        return DelegateModel(
            button=_button(service.name, complete=complete, unconfirmed=bool(shown)),
            service=service.id,
            token_hint=text.token_hint(service.name, here=here, kept=tokens.is_kept(service.id)),
            services=tuple((one.id, one.name) for one in tokens.services) if len(tokens.services) > 1 else (),
            zones=tuple(zone.name for zone in self._zones) if len(self._zones) > 1 and shown else (),
            cards=tuple(
                CnameCard(text.cname_title(n), text.cname_of(one.name), one.owner, one.target) for n, one in enumerate(shown, 1)
            ),
            direct=text.direct([one.name for one in found if one.is_direct], service.name) if len(waiting) < len(found) else "",
            limits=_limits(service, found),
            token_page=service.page,
            can_forget=here,
        )


def _button(service: str, *, complete: bool, unconfirmed: bool) -> str:
    if not complete:
        return text.set_up_button(service)
    return text.check_button() if unconfirmed else text.go_on_button(service)


def _limits(service: ServiceEntry, found: Sequence[Delegation]) -> str:
    if service.kind != "desec" or not found:
        return ""
    zone = found[0].zone.name
    return text.limits(zone, [one.target.removesuffix(f".{zone}") for one in found if one.zone.name == zone])


def _fits(delegation: Delegation | None, form: DelegateForm) -> bool:
    """Whether `delegation` is as the form wants it."""
    if delegation is None or delegation.service != form.service:
        return False
    return delegation.is_direct or not form.zone or delegation.zone.name == form.zone


def _names(issuance: Issuance) -> list[str]:
    """The names of `issuance` that are still to be proven by a record of the kind that can be delegated, each once."""
    open_ = [proof for proof in issuance.proofs_as_typed if proof.status != "valid" and issuance.kind_of(proof) == KIND]
    return list(dict.fromkeys(proof.identifier.base for proof in open_ if proof.identifier.type == "dns"))
