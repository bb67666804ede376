"""Addresses that a CA names: its own and others, and those that may become a link."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.acme.address import MOST_ADDRESS, check_own, https_host, safe_link
from app.errors import AddressError

HOME = "https://ca.example/dir"


@pytest.mark.parametrize("url", ["https://ca.example/order/1", "https://CA.example:443/a?b#c", "https://ca.example"])
def test_its_own_addresses_pass(url: str) -> None:
    check_own(url, HOME)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://evil.example/x", "not its own: everything of this CA is at https://ca.example"),
        ("https://ca.example.evil.example/x", "not its own"),
        ("https://ca.example:444/x", "not its own"),
        ("http://ca.example/x", "not https"),
        ("//ca.example/x", "not https"),
        ("javascript:alert(1)", "not https"),
        ("data:text/plain,x", "not https"),
        ("https://[", "not https"),
        ("https://me@ca.example/x", "user name"),
        ("https://ca.example\\@evil.example", "characters"),
        ("https://ca.example/\u202e", "characters"),
        (f"{HOME}/{'x' * MOST_ADDRESS}", "2,071 characters"),
    ],
)
def test_all_others_are_refused_with_the_reason(url: str, words: str) -> None:
    with pytest.raises(AddressError, match=words) as caught:
        check_own(url, HOME)
    assert len(caught.value.detail) <= 200


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("https://ca.example/why?a=b#c", "https://ca.example/why?a=b#c"),
        ("https://CA.example/Why", "https://ca.example/Why"),
        ("https://аррӏе.example/login", "https://xn--80ak6aa92e.example/login"),
        ("https://bücher.example/ü", "https://xn--bcher-kva.example/%C3%BC"),
        ("https://ca.example/\u202ecod", "https://ca.example/%E2%80%AEcod"),
        ("http://ca.example/", ""),
        ("javascript:alert(1)", ""),
        ("https://me@ca.example/", ""),
        ("https://ca.example\\@evil.example/", ""),
        ("https://", ""),
        ("https://[", ""),
        ("", ""),
        (None, ""),
        (f"https://ca.example/{'x' * MOST_ADDRESS}", ""),
    ],
)
def test_links_are_https_and_say_where_they_lead(text: str | None, link: str) -> None:
    assert safe_link(text) == link


@given(st.text().map("https://{}".format) | st.text())
def test_any_text_is_a_plain_link_or_none(text: str) -> None:
    link = safe_link(text)
    assert not link or (link.isascii() and https_host(link) and safe_link(link) == link)
