"""The order's status counts, not whether its authorizations match its names one to one (RFC 8555 §7.1.3)."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

import pytest

from app.acme.challenge import DnsRecord, WebFile
from app.acme.identifier import Identifier
from app.errors import InputError, ProtocolError
from app.issuance.authorizations import ordered_names
from app.issuance.issuance import Issuance
from app.issuance.record import issuance_to_json, read_issuance
from app.issuance.workflow import Workflow
from app.ports import Response
from app.text.sentences import sentence
from app.ui.steps.prove import prove_view
from app.ui.steps.prove_models import FileCard, RecordCard
from tests.unit.records import choices
from tests.unit.scripted_ca import NEW_ORDER, ORDER, READ_ORDER, ScriptedCA
from tests.unit.visit import Visit
from tests.unit.walk import begun, flow_to, run, saved_states, stopped

Corruption = Callable[[dict[str, Any]], dict[str, Any]]


def changed(response: Response, change: Corruption) -> Response:
    """`response` with another body."""
    return replace(response, body=json.dumps(change(json.loads(response.body))).encode())


def without(name: str) -> Corruption:
    """Leave the member out."""
    return lambda body: {key: value for key, value in body.items() if key != name}


def asks(ca: ScriptedCA, n: int, value: str, status: str = "pending", **members: Any) -> None:
    """Authorization number `n` is for the name `value`, as the CA writes it."""
    response = ca.authorization(n, status)
    identifier = {"type": "dns", "value": value}
    ca.script[f"POST {ca.authorization_url(n)}"] = [
        changed(response, lambda body: {**without("wildcard")(body), "identifier": identifier, **members})
    ]


async def proving(ca: ScriptedCA, *names: str, **choice: Any) -> tuple[Workflow, Issuance]:
    """An order for `names` up to the point where a person must publish."""
    workflow = flow_to(ca)
    issuance = await run(workflow, workflow.begin("1", replace(choices(*names), **choice)))
    assert issuance.state == "proving"
    return workflow, issuance


async def assert_issued(ca: ScriptedCA, workflow: Workflow, issuance: Issuance) -> None:
    """The person goes on, and gets the certificate."""
    ca.script[READ_ORDER] = [ca.order("ready")]
    assert (await run(workflow, workflow.confirm(issuance))).state == "issued"


# ---- orders that need nothing ----

NOTHING: Final[dict[str, Corruption]] = {
    "null": lambda body: {**body, "authorizations": None},
    "empty": lambda body: {**body, "authorizations": []},
    "absent": without("authorizations"),
}


@pytest.mark.parametrize("change", NOTHING.values(), ids=NOTHING)
async def test_ready_order_without_authorizations_is_finalized(change: Corruption) -> None:
    """DigiCert, HARICA, Telia: cert-manager#2700, community.crypto#1075."""
    ca = ScriptedCA("shop.example")
    ca.script[NEW_ORDER] = [changed(ca.order("ready", status_code=201, location=ORDER), change)]
    workflow = flow_to(ca)
    issued = await run(workflow, begun(workflow, "shop.example"))
    assert (issued.state, issued.proofs) == ("issued", ())
    assert not [request for request in ca.requests if "/authorization/" in request.url]
    assert list(dict.fromkeys(saved_states(workflow))) == ["asked", "registered", "ordered", "ready", "downloading", "issued"]


@pytest.mark.parametrize("change", NOTHING.values(), ids=NOTHING)
@pytest.mark.parametrize("damaged", [False, True], ids=["", "after a damaged answer"])
async def test_pending_order_without_authorizations_is_waited_for(change: Corruption, *, damaged: bool) -> None:
    """cert-manager#2700: there is nothing to publish, so its status is all there is to wait for."""
    ca = ScriptedCA("shop.example")
    new = changed(ca.order("pending", status_code=201, location=ORDER), change)
    ca.script[NEW_ORDER] = [replace(new, body=new.body[:20]) if damaged else new]
    ca.script[READ_ORDER] = [*[changed(ca.order("pending"), change)] * 2, changed(ca.order("ready"), change)]
    visit = Visit(ca=ca)
    await visit.session.start()
    assert visit.page.view.step == "certificate"
    assert "Test CA asked for no proof. Waiting until the order is ready." in visit.page.said


async def test_ready_order_is_finalized_also_after_the_page_was_closed() -> None:
    ca = ScriptedCA("shop.example")
    ca.script[NEW_ORDER] = [changed(ca.order("ready", status_code=201, location=ORDER), NOTHING["null"])]
    workflow = flow_to(ca)
    await run(workflow, begun(workflow, "shop.example"))
    ordered = next(entry for entry in workflow.ports.store.history if entry.get("state") == "ordered")  # type: ignore[attr-defined]
    again = Workflow(workflow.ports, workflow.authorities)
    assert (await run(again, read_issuance(ordered))).state == "issued"


@pytest.mark.parametrize("value", ["example", "shop.example.", "other.example", "*.shop.example", "münchen.example", "x y"])
async def test_valid_authorization_needs_nothing_whatever_it_is_for(value: str) -> None:
    """RFC 9444: a parent; others: names from before, in any form."""
    ca = ScriptedCA("shop.example")
    asks(ca, 0, value, "valid")
    workflow = flow_to(ca)
    issued = await run(workflow, begun(workflow, "shop.example"))
    assert (issued.state, issued.proofs) == ("issued", ())


async def test_order_with_fewer_authorizations_than_names_asks_for_those_only() -> None:
    ca = ScriptedCA("a.example", "b.example", "c.example")
    new = ca.order("pending", status_code=201, location=ORDER, authorizations=[ca.authorization_url(1)])
    ca.script[NEW_ORDER] = [new]
    workflow, issuance = await proving(ca, "a.example", "b.example", "c.example")
    assert [proof.identifier.value for proof in issuance.proofs] == ["b.example"]
    await assert_issued(ca, workflow, issuance)


# ---- what is pending is shown for what it names ----

FORMS: Final = [
    pytest.param("SHOP.Example", {}, ("shop.example",), id="in upper case"),
    pytest.param("shop.example.", {}, ("shop.example",), id="with the dot of the root"),
    pytest.param("bücher.example", {}, ("xn--bcher-kva.example",), id="as U-label"),
    pytest.param(
        "BÜCHER.example.", {"wildcard": True}, ("*.xn--bcher-kva.example",), id="as U-label, upper case, dot, wildcard"
    ),
    pytest.param(
        "shop.example", {"wildcard": True}, ("shop.example",), id="wildcard: true for a plain name (acme2certifier#122)"
    ),
    pytest.param("shop.example", {}, ("*.shop.example",), id="a wildcard without its flag"),
    pytest.param("*.shop.example", {}, ("*.shop.example",), id="a wildcard with its star"),
    pytest.param("shop.example", {}, ("shop.example", "*.shop.example"), id="one for apex and wildcard (acmeeh)"),
    pytest.param("shop.example", {"wildcard": True}, ("shop.example", "*.shop.example"), id="the same, as a wildcard"),
]


@pytest.mark.parametrize(("value", "members", "names"), FORMS)
async def test_authorization_is_matched_in_whatever_form_its_name_comes(
    value: str, members: dict[str, Any], names: tuple[str, ...]
) -> None:
    ca = ScriptedCA(*names)
    asks(ca, 0, value, **members)
    new = ca.order("pending", status_code=201, location=ORDER, authorizations=[ca.authorization_url(0)])
    ca.script[NEW_ORDER] = [new]
    workflow, issuance = await proving(ca, *names)
    (proof,) = issuance.proofs
    assert proof.identifier.value in names
    (published,) = issuance.publications
    assert isinstance(published, DnsRecord)
    assert published.name == f"_acme-challenge.{names[0].removeprefix('*.')}"
    await assert_issued(ca, workflow, issuance)


async def test_pending_authorization_for_a_parent_domain_is_shown_for_the_parent() -> None:
    """RFC 9444: proof for a domain covers what is below it."""
    ca = ScriptedCA("a.shop.example", "b.deep.shop.example")
    asks(ca, 0, "shop.example")
    new = ca.order("pending", status_code=201, location=ORDER, authorizations=[ca.authorization_url(0)])
    ca.script[NEW_ORDER] = [new]
    workflow, issuance = await proving(ca, "a.shop.example", "b.deep.shop.example")
    (card,) = prove_view(issuance, practice=False).cards
    assert isinstance(card, RecordCard)
    assert (card.identifier, card.kind, card.name) == ("shop.example", "dns-01", "_acme-challenge.shop.example")
    await assert_issued(ca, workflow, issuance)


async def test_parent_is_proven_by_the_kind_that_was_chosen_for_what_is_below_it() -> None:
    """RFC 9444."""
    ca = ScriptedCA("a.shop.example")
    asks(ca, 0, "shop.example")
    _, issuance = await proving(ca, "a.shop.example", challenges=(("a.shop.example", "http-01"),))
    (card,) = prove_view(issuance, practice=False).cards
    assert isinstance(card, FileCard)
    assert card.kind == "http-01"
    assert issuance.publications == (WebFile(card.url, card.content),)
    assert card.url.startswith("http://shop.example/")
    assert read_issuance(issuance_to_json(issuance)) == issuance


async def test_one_authorization_for_two_names_takes_the_kind_that_it_offers() -> None:
    """acmeeh: apex by a file and wildcard by a record, in one authorization that offers records only."""
    ca = ScriptedCA("shop.example", "*.shop.example")
    offered = ca.authorization(0, kinds=("dns-01",))
    ca.script[f"POST {ca.authorization_url(0)}"] = [offered]
    new = ca.order("pending", status_code=201, location=ORDER, authorizations=[ca.authorization_url(0)])
    ca.script[NEW_ORDER] = [new]
    workflow, issuance = await proving(ca, "shop.example", "*.shop.example", challenges=(("shop.example", "http-01"),))
    assert [issuance.kind_of(proof) for proof in issuance.proofs] == ["dns-01"]
    await assert_issued(ca, workflow, issuance)


# ---- what is not published ----


@pytest.mark.parametrize(
    "value", ["evil.example", "www.shop.example", "notshop.example", "hop.example", "shop.example.evil", "*.evil.example", ""]
)
async def test_pending_authorization_for_a_name_beside_the_order_is_refused(value: str) -> None:
    """Whoever publishes for it might prove something for somebody else's certificate."""
    ca = ScriptedCA("shop.example")
    asks(ca, 0, value)
    workflow = flow_to(ca)
    with pytest.raises(ProtocolError, match="proof-of-another-name"):
        await run(workflow, begun(workflow, "shop.example"))
    (saved,) = await workflow.saved()
    assert (saved.state, saved.proofs) == ("ordered", ())


async def test_address_is_proven_for_itself_only() -> None:
    ca = ScriptedCA("shop.example")
    asks(ca, 0, "203.0.113.1")
    await stopped(flow_to(ca), begun(flow_to(ca), "shop.example"), ProtocolError)


async def test_parent_whose_kind_is_not_offered_is_said_by_its_name() -> None:
    ca = ScriptedCA("a.shop.example")
    asks(ca, 0, "shop.example")
    with pytest.raises(InputError, match="challenge-not-offered") as caught:
        await proving(ca, "a.shop.example", challenge="tls-alpn-01")
    assert "tls-alpn-01 for shop.example. It offers: dns-01, http-01" in sentence(caught.value)


# ---- the names by themselves ----


def _dns(*names: str) -> tuple[Identifier, ...]:
    return tuple(Identifier("dns", name) for name in names)


@pytest.mark.parametrize(
    ("asked", "ordered", "found"),
    [
        ("a.example", ("b.a.example", "*.a.example", "a.example"), ("a.example", "*.a.example")),
        ("*.a.example", ("a.example", "*.a.example"), ("*.a.example", "a.example")),
        ("example", ("b.example", "c.b.example"), ("b.example", "c.b.example")),
    ],
)
def test_closest_name_comes_first(asked: str, ordered: Sequence[str], found: Sequence[str]) -> None:
    assert ordered_names(Identifier("dns", asked), _dns(*ordered)) == _dns(*found)


@pytest.mark.parametrize("other", [Identifier("ip", "192.0.2.1"), Identifier("permanent-identifier", "shop.example")])
def test_identifier_of_another_type_is_none_of_the_names(other: Identifier) -> None:
    with pytest.raises(ProtocolError):
        ordered_names(other, _dns("a.shop.example", "shop.example"))


@pytest.mark.parametrize("name", ["x" * 300 + "é", "é..example", "-é-.example", "\u200d.example", "*.é\u0000"])
def test_name_that_is_no_valid_idn_stays_as_it_is(name: str) -> None:
    assert Identifier("dns", name).canonical.value == name
