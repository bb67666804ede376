"""Addresses that a CA names: its own and others, and those that may become a link."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.acme.urls import MAX_ADDRESS, check_same_origin, safe_link
from app.errors import AddressError
from tests.unit.says import says

PLAIN_LINK = re.compile(r"https://([a-z0-9._-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?([/?#][!-\[\]-~]*)?")
"""What browsers and readers take for the same address: a host of letters and digits, then printable ASCII without "\\"."""

HOME = "https://ca.example/dir"


@pytest.mark.parametrize("url", ["https://ca.example/order/1", "https://CA.example:443/a?b#c", "https://ca.example"])
def test_its_own_addresses_pass(url: str) -> None:
    check_same_origin(url, HOME)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://evil.example/x", "not its own: all URLs of this CA are at https://ca.example"),
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
        (f"{HOME}/{'x' * MAX_ADDRESS}", "2,071 characters"),
    ],
)
def test_all_others_are_refused_with_the_reason(url: str, words: str) -> None:
    with pytest.raises(AddressError, check=says(words)) as caught:
        check_same_origin(url, HOME)
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
        ("https://ca.example:8443/why", "https://ca.example:8443/why"),
        ("https://bücher.example:8443/", "https://xn--bcher-kva.example:8443/"),
        ("https://[2001:DB8::1]:8443/", "https://[2001:db8::1]:8443/"),
        ("https://0\n", ""),  # what parsers leave out of a host, decode in it or read as its end
        ("https://ca.exam\tple/", ""),
        ("https://ca.example\r\n/path", ""),
        ("https://ca.example%0A", ""),
        ("https://%65vil.example/", ""),
        ("https://ca.example|evil.example/", ""),
        ("https://ca.example^/", ""),
        ("https://[2001:db8::1%25eth0]/", ""),
        ("https://ca.example:port/", ""),
        ("https://ca.example:99999/", ""),
        ("https://ca.example:-1/", ""),
        ("https://ca.example:1:2/", ""),
        ("", ""),
        (None, ""),
        (f"https://ca.example/{'x' * MAX_ADDRESS}", ""),
    ],
)
def test_links_are_https_and_say_where_they_lead(text: str | None, link: str) -> None:
    assert safe_link(text) == link


@given(st.text().map("https://{}".format) | st.text())
def test_any_text_is_a_plain_link_or_none(text: str) -> None:
    link = safe_link(text)
    assert not link or (PLAIN_LINK.fullmatch(link) and safe_link(link) == link)


@given(st.text(st.sampled_from("ca0.:@%[]/\\?#|^ \t\n\x00\u3002\u00fc-_"), max_size=12).map("https://{}".format))
def test_any_host_is_plain_or_none(text: str) -> None:
    link = safe_link(text)
    assert not link or (PLAIN_LINK.fullmatch(link) and safe_link(link) == link)
