"""The CAs that the page may talk to, and the way to each."""

import json
from pathlib import Path

import pytest

from app.acme.authority import Authority, find_authority, origin_of, parse_authorities
from app.errors import InputError, ProtocolError

DIRECT = Authority(id="direct", name="Direct CA", directory="https://ca.example/dir", terms="https://ca.example/terms")
RELAYED = Authority(
    id="relayed",
    name="Relayed CA",
    directory="https://far.example:14000/dir",
    relay="https://relay.example/to/",
    terms="https://far.example/terms",
)
LISTED = (DIRECT, RELAYED)


def test_ca_with_cors_headers_is_asked_directly() -> None:
    assert DIRECT.route("https://ca.example/acme/order/1?a=b") == "https://ca.example/acme/order/1?a=b"
    assert DIRECT.origin == "https://ca.example"


def test_ca_without_them_is_asked_through_its_relay() -> None:
    assert RELAYED.route("https://far.example:14000/order/1?a=b") == "https://relay.example/to/far.example:14000/order/1?a=b"
    assert RELAYED.origin == "https://relay.example"


@pytest.mark.parametrize("authority", LISTED)
@pytest.mark.parametrize(
    "url",
    [
        "http://ca.example/order/1",
        "ftp://ca.example/",
        "//ca.example/",
        "/order/1",
        "",
        "javascript:alert(1)",
        "https://",
        "https://[",
    ],
)
def test_address_that_is_not_https_is_refused(authority: Authority, url: str) -> None:
    with pytest.raises(ProtocolError, match="not https"):
        authority.route(url)


def test_listed_ca_is_found_by_its_id() -> None:
    assert find_authority(LISTED, "relayed", "whatever stands in the other box") is RELAYED


def test_unknown_ca_is_an_error_of_its_field() -> None:
    with pytest.raises(InputError) as caught:
        find_authority(LISTED, "forgotten", "")
    assert caught.value.field == "ca"


def test_custom_directory_at_a_listed_address_goes_the_same_way() -> None:
    custom = find_authority(LISTED, "custom", "  https://far.example:14000/other ")
    assert (custom.id, custom.name, custom.directory) == ("custom", "far.example:14000", "https://far.example:14000/other")
    assert custom.relay == RELAYED.relay
    assert custom.terms is None  # those of the listed one need not hold here


def test_host_of_a_custom_directory_may_be_written_in_upper_case() -> None:
    assert find_authority(LISTED, "custom", "https://CA.example/dir").route("https://ca.example/x") == "https://ca.example/x"


def test_custom_directory_elsewhere_is_refused_with_the_way_to_add_it() -> None:
    with pytest.raises(InputError, match=r"static/data/cas\.json") as caught:
        find_authority(LISTED, "custom", "https://other.example/dir")
    assert caught.value.field == "directory-url"
    assert "https://other.example:" in str(caught.value)


@pytest.mark.parametrize("url", ["", "ca.example/dir", "http://ca.example/dir", "https://", "https://[", "not a URL"])
def test_what_is_no_directory_url_is_refused(url: str) -> None:
    with pytest.raises(InputError, match="https://") as caught:
        find_authority(LISTED, "custom", url)
    assert caught.value.field == "directory-url"


def test_origin_is_scheme_host_and_port() -> None:
    assert origin_of("https://CA.example:14000/dir?x#y") == "https://ca.example:14000"


def test_list_of_this_site_can_be_read() -> None:
    text = Path("static/data/cas.json").read_text(encoding="utf-8")
    authorities = {authority.id: authority for authority in parse_authorities(text)}
    assert list(authorities) == ["letsencrypt", "letsencrypt-staging", "practice"]
    assert authorities["letsencrypt"].origin == "https://acme-v02.api.letsencrypt.org"
    assert authorities["practice"].relay
    assert all(authority.route(authority.directory) for authority in authorities.values())


@pytest.mark.parametrize("entry", [[], {"id": "x"}, {"id": 1, "name": "X", "directory": "https://x.example"}])
def test_damaged_list_is_refused(entry: object) -> None:
    with pytest.raises(ProtocolError):
        parse_authorities(json.dumps([entry]))


def test_the_standard_port_is_the_same_address() -> None:
    listed = (Authority("listed", "Listed", "https://ca.example/dir", relay="https://relay.example/"),)
    assert find_authority(listed, "custom", "https://ca.example:443/dir").relay == "https://relay.example/"


def test_the_scheme_may_be_in_upper_case() -> None:
    authority = Authority("a", "A", "https://ca.example/dir", relay="https://relay.example/")
    assert authority.route("HTTPS://ca.example/order/1") == "https://relay.example/ca.example/order/1"
