"""The headers that ACME speaks through."""

from email.utils import formatdate

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.acme.response import MAX_WAIT, AcmeResponse, parse_retry_after
from app.errors import ProtocolError
from app.ports import Response
from tests.unit.says import says

NOW = 1_800_000_000.0
A, B, C = (f"https://ca.example/acme/order/{name}" for name in "abc")
URL = "https://ca.example/acme/order/1"


def with_header(name: str, value: str) -> AcmeResponse:
    return AcmeResponse(URL, Response(200, {name: value}, b""), NOW)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        pytest.param("120", 120, id="seconds"),
        pytest.param(" 3 ", 3, id="seconds with spaces"),
        pytest.param("0", 0, id="at once"),
        pytest.param("86400", 86400, id="a day, as a CA has sent"),
        pytest.param("9" * 400, MAX_WAIT, id="huge"),
        pytest.param(formatdate(NOW + 90, usegmt=True), 90, id="HTTP date"),
        pytest.param(formatdate(NOW + 90, localtime=False), 90, id="date with an offset of zero"),
        pytest.param("Fri, 15 Jan 2027 10:00:30 +0200", 30, id="date with an offset"),
        pytest.param(formatdate(NOW - 90, usegmt=True), 0, id="date that has passed"),
        pytest.param("", None, id="absent"),
        pytest.param("soon", None, id="a word"),
        pytest.param("-5", None, id="negative"),
        pytest.param("1.5", None, id="a fraction"),
        pytest.param("٣", None, id="digits of another script"),
        pytest.param("1e9", None, id="an exponent"),
        pytest.param("Fri, 99 Jan 2027 08:00:30 GMT", None, id="no day of a month"),
    ],
)
def test_retry_after_is_read_as_seconds_from_now(value: str, seconds: float | None) -> None:
    assert parse_retry_after(value, NOW) == seconds
    assert with_header("retry-after", value).retry_after == seconds


@given(st.text())
@example("Mon, 01 Jan 0001 00:00:00 +2359")
@example("Fri, 31 Dec 9999 23:59:59 -2359")
@example("Mon, 01 Jan 99999 00:00:00 GMT")
@example("Mon, 01 Jan 2027 00:00:00 +99999999")
def test_retry_after_of_any_text_is_seconds_or_nothing(value: str) -> None:
    seconds = parse_retry_after(value, NOW)
    assert seconds is None or seconds >= 0


def test_retry_after_of_an_answer_without_one_is_nothing() -> None:
    assert AcmeResponse(URL, Response(200, {}, b""), NOW).retry_after is None


@pytest.mark.parametrize(
    ("value", "targets"),
    [
        pytest.param('<https://ca.example/dir>;rel="index"', {"index": ["https://ca.example/dir"]}, id="one"),
        pytest.param("<https://ca.example/dir>; rel=index", {"index": ["https://ca.example/dir"]}, id="not quoted"),
        pytest.param(
            "<a>;rel=up, <b>;rel=alternate,<c>;rel=alternate", {"up": [A], "alternate": [B, C]}, id="several, relative"
        ),
        pytest.param('</cert/1/2>;rel="alternate"', {"alternate": ["https://ca.example/cert/1/2"]}, id="a path"),
        pytest.param(
            "<https://ca.example/a,b;c>;rel=alternate", {"alternate": ["https://ca.example/a,b;c"]}, id="comma inside"
        ),
        pytest.param('<a>;title="x, <y>;rel=up";rel="alternate"', {"alternate": [A]}, id="quoted parameter with a comma"),
        pytest.param(
            '<a> ; title="x" ; rel="alternate" , <b>; rel="up"', {"alternate": [A], "up": [B]}, id="white space around"
        ),
        pytest.param('<a>;rel="up alternate"', {"up": [A], "alternate": [A]}, id="two relations"),
        pytest.param("<a>;rel=terms-of-service", {"terms-of-service": [A], "terms": [], "service": []}, id="hyphens"),
        pytest.param("<a>;REL=Alternate", {"alternate": [A]}, id="upper case"),
        pytest.param("<a>;rel=alternates", {"alternate": []}, id="a longer relation"),
        pytest.param('<a>;title="rel=alternate"', {"alternate": []}, id="a title that looks like a relation"),
        pytest.param("<a>", {"alternate": []}, id="no parameters"),
        pytest.param("https://ca.example/a;rel=alternate", {"alternate": []}, id="no brackets"),
        pytest.param("", {"alternate": []}, id="empty"),
    ],
)
def test_links_are_found_by_their_relation(value: str, targets: dict[str, list[str]]) -> None:
    for relation, urls in targets.items():
        assert list(with_header("link", value).links(relation)) == urls


@given(st.text(alphabet='<>;,="\\ relaternup'))
def test_links_of_any_text_are_urls_or_nothing(value: str) -> None:
    assert all(isinstance(url, str) for url in with_header("link", value).links("alternate"))


def test_link_to_what_is_no_url_does_not_hide_the_others() -> None:
    links = with_header("link", '<https://[>;rel=alternate, <https://ca.example/2>;rel="alternate"').links("alternate")
    assert links == ("https://ca.example/2",)


def test_links_of_an_answer_without_any_are_none() -> None:
    assert AcmeResponse(URL, Response(200, {}, b""), NOW).links("alternate") == ()


@pytest.mark.parametrize(
    ("value", "location"),
    [
        ("https://ca.example/acme/acct/1", "https://ca.example/acme/acct/1"),
        ("/acme/acct/1", "https://ca.example/acme/acct/1"),
        ("../acct/1", "https://ca.example/acme/acct/1"),
    ],
)
def test_location_is_absolute(value: str, location: str) -> None:
    assert with_header("location", value).location == location


@pytest.mark.parametrize("value", ["", "https://["])
def test_location_that_is_missing_or_no_url_is_refused(value: str) -> None:
    with pytest.raises(ProtocolError):
        _ = with_header("location", value).location


@pytest.mark.parametrize(
    ("value", "nonce"),
    [("oFvnlFP1wIhRlYS2jTaXbA", "oFvnlFP1wIhRlYS2jTaXbA"), ("a-b_c", "a-b_c"), ("", None), ("a+b/c", None), ("YQ==", None)],
)
def test_nonce_that_is_not_base64url_is_ignored(value: str, nonce: str | None) -> None:
    assert with_header("replay-nonce", value).nonce == nonce


def test_body_is_read_as_an_object() -> None:
    assert AcmeResponse(URL, Response(200, {}, b'{"status": "valid"}'), NOW).fields("order").text("status") == "valid"
    with pytest.raises(ProtocolError, check=says("order")):
        AcmeResponse(URL, Response(200, {}, b"<html>"), NOW).fields("order")
