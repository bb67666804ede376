"""Proofs that the page writes itself, at a played deSEC: noted before, merged, removed after, also after a crash."""

from dataclasses import replace
from typing import Final

import pytest

from app.dns.services.catalog import parse_services
from app.dns.services.delegations import delegated
from app.dns.services.service import DnsServiceError, TokenError, Zone, quoted
from app.dns.services.tokens import Tokens
from app.errors import UnreadableRecordError
from app.issuance.delegated_proofs import DelegatedProofs
from app.issuance.issuance import Issuance, WrittenTxt
from app.issuance.record import issuance_to_json
from app.issuance.record_checks import read_checked
from app.issuance.store import load
from app.issuance.workflow import Workflow
from app.network.token_header import TokenHeader
from app.ports import Request, Response
from tests.adapters import MemorySecretStore, MemoryStore
from tests.played.desec import API, TOKEN, PlayedDesec
from tests.unit.records import CA, choices, record
from tests.unit.scripted_ca import ScriptedCA, ports_to
from tests.unit.walk import prove, run
from tools.paths import ROOT

SERVICES: Final = parse_services((ROOT / "static/data/dns_services.json").read_text())
ZONE: Final = Zone("shop-owner.dedyn.io", 3600)
NAMES: Final = ("shop.example", "*.shop.example", "www.shop.example")
TARGETS: Final = [f"_acme-challenge.{name}.{ZONE.name}" for name in ("shop.example", "www.shop.example")]


class Both:
    """The network: the CA, and a deSEC behind the token's header."""

    def __init__(self, ca: ScriptedCA, header: TokenHeader) -> None:
        self._ca, self._header = ca, header

    async def send(self, request: Request) -> Response:
        """See `app.ports.Http.send`."""
        return await (self._header if request.url.startswith(API) else self._ca).send(request)


class Browser:
    """A browser with a token for deSEC, and with its names delegated there."""

    def __init__(self, *names: str, desec: PlayedDesec | None = None, store: MemoryStore | None = None) -> None:
        self.desec = desec or PlayedDesec()
        self.ca = ScriptedCA(*(names or NAMES))
        header = TokenHeader(self.desec)
        ports = ports_to(self.ca)
        self.ports = replace(ports, http=Both(self.ca, header), store=store or ports.store)
        self.workflow = Workflow(self.ports, (CA,))
        self.tokens = Tokens(SERVICES, MemorySecretStore())
        header.token_for = self.tokens.token_for
        self.proofs = DelegatedProofs(self.workflow, self.tokens)

    async def delegate(self, *names: str, token: str = TOKEN) -> None:
        """Give the token, and delegate `names` into the zone."""
        await self.tokens.give("desec", token, keep=False)
        for name in names:
            await self.proofs.delegations.save(replace(delegated(name, "desec", ZONE), confirmed=True))

    async def proving(self) -> Issuance:
        """An order that waits for its proofs."""
        return await prove(self.workflow, *self.ca.names)


async def test_records_are_written_noted_and_removed() -> None:
    browser = Browser()
    await browser.delegate("shop.example", "www.shop.example")
    proving = await browser.proving()
    assert await browser.proofs.covers(proving.choices)
    assert await browser.proofs.can_write(proving)
    shown: list[Issuance] = []
    written = await browser.proofs.write(proving, shown.append)
    assert [len(browser.desec.values(target)) for target in TARGETS] == [2, 1]
    assert len([request for request in browser.desec.requests if request.method == "PATCH"]) == 1
    assert shown == [written]
    assert await load(browser.workflow, written.id) == written
    await browser.proofs.write(written, shown.append)  # a second time changes nothing
    assert browser.desec.requests[-1].method == "GET"
    issued = await run(browser.workflow, browser.workflow.confirm(written))
    assert issued.state == "issued"
    assert {one.name for one in issued.written} == set(TARGETS)
    tidy = await browser.proofs.remove(issued)
    assert not any(one.values for one in tidy.written)
    assert await load(browser.workflow, tidy.id) == tidy
    assert not browser.desec.sets


async def test_what_others_have_written_stays() -> None:
    browser = Browser("shop.example")
    await browser.delegate("shop.example")
    other = quoted("somebody else's")
    await browser.tokens.client("desec", browser.ports.http).write(ZONE, {TARGETS[0]: (other,)})
    written = await browser.proofs.write(await browser.proving(), lambda _: None)
    assert len(browser.desec.values(TARGETS[0])) == 2
    await browser.proofs.remove(written)
    assert browser.desec.values(TARGETS[0]) == ["somebody else's"]


async def test_value_that_another_order_waits_with_stays() -> None:
    browser = Browser("shop.example")
    await browser.delegate("shop.example")
    written = await browser.proofs.write(await browser.proving(), lambda _: None)
    await browser.workflow.save(replace(written, id="2"))
    await browser.proofs.remove(written)
    assert len(browser.desec.values(TARGETS[0])) == 1


async def test_crash_in_the_middle_of_the_write_leaves_a_note_to_tidy_up_by() -> None:
    browser = Browser("shop.example")
    await browser.delegate("shop.example")
    proving = await browser.proving()
    browser.desec.silent = True
    with pytest.raises(DnsServiceError, match="dns-service-unreachable"):
        await browser.proofs.write(proving, lambda _: None)
    saved = await load(browser.workflow, proving.id)
    assert saved is not None
    assert [one.name for one in saved.written] == TARGETS[:1]
    browser.desec.silent = False
    again = await browser.proofs.write(saved, lambda _: None)
    await browser.proofs.remove(again)
    assert not browser.desec.sets


async def test_removal_that_fails_stays_noted() -> None:
    browser = Browser("shop.example")
    await browser.delegate("shop.example")
    written = await browser.proofs.write(await browser.proving(), lambda _: None)
    browser.desec.limit = 0
    with pytest.raises(DnsServiceError, match="dns-service-busy"):
        await browser.proofs.remove(written)
    assert await load(browser.workflow, written.id) == written


@pytest.mark.parametrize("names", [("shop.example",), ()])
async def test_order_with_a_name_that_is_not_delegated_needs_a_hand(names: tuple[str, ...]) -> None:
    browser = Browser()
    await browser.delegate(*names)
    proving = await browser.proving()
    assert not await browser.proofs.covers(proving.choices)
    assert not await browser.proofs.can_write(proving)


async def test_order_without_a_token_or_of_another_kind_needs_a_hand() -> None:
    browser = Browser("shop.example")
    await browser.delegate("shop.example")
    assert not await browser.proofs.covers(choices("shop.example", challenge="http-01"))
    proving = await browser.proving()
    await browser.tokens.forget("desec")
    assert not await browser.proofs.covers(proving.choices)
    assert not await browser.proofs.can_write(proving)
    with pytest.raises(TokenError):
        await browser.proofs.write(proving, lambda _: None)


GOOD: Final = WrittenTxt("desec", ZONE.name, 3600, TARGETS[0], ("A" * 43,))


@pytest.mark.parametrize(
    "bad",
    [
        replace(GOOD, name="evil.example"),
        replace(GOOD, values=('"',)),
        replace(GOOD, min_ttl=0),
        replace(GOOD, service=""),
        replace(GOOD, zone="../auth"),
    ],
)
def test_note_that_this_page_would_not_write_is_refused(bad: WrittenTxt) -> None:
    good = record("shop.example", written=(GOOD,))
    assert read_checked(issuance_to_json(good)) == good
    with pytest.raises(UnreadableRecordError):
        read_checked(issuance_to_json(replace(good, written=(bad,))))
