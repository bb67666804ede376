"""Orders, by the example of RFC 8555 §7.1.3."""

import json
from typing import Any

import pytest

from app.acme.identifier import Identifier
from app.acme.order import Order
from app.acme.problem import UNTYPED
from app.acme.response import AcmeResponse
from app.errors import ProtocolError
from app.ports import Response
from tests.unit.says import says

URL = "https://example.com/acme/order/TOlocE8rfgo"
EXAMPLE: dict[str, Any] = {
    "status": "valid",
    "expires": "2016-01-20T14:09:07.99Z",
    "identifiers": [{"type": "dns", "value": "www.example.org"}, {"type": "dns", "value": "Example.org"}],
    "notBefore": "2016-01-01T00:00:00Z",
    "authorizations": ["https://example.com/acme/authz/PAniVnsZcis", "https://example.com/acme/authz/r4HqLzrSrpI"],
    "finalize": "https://example.com/acme/order/TOlocE8rfgo/finalize",
    "certificate": "https://example.com/acme/cert/mAt3xBGaobw",
}


def parse(members: object, **headers: str) -> Order:
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    return Order.parse(URL, AcmeResponse(URL, Response(200, fields, json.dumps(members).encode()), 0.0))


def test_example_of_rfc_8555_is_read() -> None:
    assert parse(EXAMPLE) == Order(
        url=URL,
        status="valid",
        identifiers=(Identifier("dns", "www.example.org"), Identifier("dns", "example.org")),
        authorizations=("https://example.com/acme/authz/PAniVnsZcis", "https://example.com/acme/authz/r4HqLzrSrpI"),
        finalize="https://example.com/acme/order/TOlocE8rfgo/finalize",
        certificate="https://example.com/acme/cert/mAt3xBGaobw",
    )


def test_error_and_retry_after_are_read() -> None:
    error = {"type": "urn:ietf:params:acme:error:caa", "detail": "CAA forbids it"}
    order = parse({**EXAMPLE, "status": "invalid", "certificate": None, "error": error}, retry_after="5")
    assert order.error is not None
    assert order.error.type == "caa"
    assert order.certificate is None
    assert order.retry_after == 5


@pytest.mark.parametrize("member", ["status", "finalize"])
def test_order_without_what_goes_on_from_it_is_refused(member: str) -> None:
    with pytest.raises(ProtocolError, check=says(member)):
        parse({name: value for name, value in EXAMPLE.items() if name != member})


ODD = [5, "x", "", [], {}, [{}], {"a": 1}, True, None]


@pytest.mark.parametrize("member", ["expires", "identifiers", "notBefore", "notAfter", "error", "certificate", "replaces", "x"])
@pytest.mark.parametrize("odd", ODD)
def test_member_that_nothing_hangs_on_may_be_odd(member: str, odd: object) -> None:
    order = parse({**EXAMPLE, member: odd})
    assert (order.status, order.finalize, len(order.authorizations)) == ("valid", EXAMPLE["finalize"], 2)


@pytest.mark.parametrize(("error", "detail"), [("no", "no"), ({"message": "no"}, "no"), (["a", "b"], "a\nb")])
def test_error_that_is_no_problem_document_keeps_its_words(error: object, detail: str) -> None:
    read = parse({**EXAMPLE, "status": "invalid", "error": error}).error
    assert read is not None
    assert (read.type, read.detail) == (UNTYPED, detail)


@pytest.mark.parametrize("error", [{}, "", [], None])
def test_error_that_says_nothing_is_none(error: object) -> None:
    assert parse({**EXAMPLE, "error": error}).error is None


def test_name_that_cannot_be_read_does_not_hide_the_others() -> None:
    order = parse({**EXAMPLE, "identifiers": [5, {"type": "dns"}, {"type": "dns", "value": "shop.example"}]})
    assert order.identifiers == (Identifier("dns", "shop.example"),)


@pytest.mark.parametrize("change", [{"status": 1}, {"authorizations": [1]}, {"authorizations": "x"}, {"finalize": []}])
def test_order_of_wrong_types_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ProtocolError):
        parse({**EXAMPLE, **change})
