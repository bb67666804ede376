"""The CAs that the page may talk to, and the way to each."""

import json
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.acme.urls import origin_of
from app.ca.catalog import CertificateAuthority, find_ca, parse_catalog, usable_ca
from app.errors import InputError, ProtocolError
from app.text.sentences import sentence
from tests.unit.says import says

DIRECT = CertificateAuthority(
    id="direct", name="Direct CA", directory="https://ca.example/dir", terms="https://ca.example/terms"
)
RELAYED = CertificateAuthority(
    id="relayed",
    name="Relayed CA",
    directory="https://far.example:14000/dir",
    relay="https://relay.example/to/",
    terms="https://far.example/terms",
)
LISTED = (DIRECT, RELAYED)


def test_ca_with_cors_headers_is_asked_directly() -> None:
    assert DIRECT.relay_url("https://ca.example/acme/order/1?a=b") == "https://ca.example/acme/order/1?a=b"
    assert DIRECT.origin == "https://ca.example"


def test_ca_without_them_is_asked_through_its_relay() -> None:
    assert (
        RELAYED.relay_url("https://far.example:14000/order/1?a=b") == "https://relay.example/to/far.example:14000/order/1?a=b"
    )
    assert RELAYED.origin == "https://relay.example"


@pytest.mark.parametrize("authority", LISTED)
def test_the_way_to_a_ca_is_found_back(authority: CertificateAuthority) -> None:
    url = authority.directory.replace("dir", "order/1?a=b")
    assert authority.ca_url_of(authority.relay_url(url)) == url
    assert authority.ca_url_of(authority.relay_url(url).replace("example", "test")) is None
    assert authority.ca_url_of(f"https://ca.example@evil.example/{url}") is None


def test_relay_on_the_pages_own_host_is_found_from_the_page() -> None:
    placed = replace(RELAYED, relay="/relay/", records="practice/").relative_to("https://page.example/sub/index.html")
    assert placed.relay_url(RELAYED.directory) == "https://page.example/relay/far.example:14000/dir"
    assert placed.records == "https://page.example/sub/practice/"
    assert DIRECT.relative_to("https://page.example/") == DIRECT


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
def test_address_that_is_not_https_is_refused(authority: CertificateAuthority, url: str) -> None:
    with pytest.raises(ProtocolError, check=says("not https")):
        authority.relay_url(url)


def test_listed_ca_is_found_by_its_id() -> None:
    assert find_ca(LISTED, "relayed", "whatever stands in the other box") is RELAYED


def test_unknown_ca_is_an_error_of_its_field() -> None:
    with pytest.raises(InputError, match="unknown-ca"):
        find_ca(LISTED, "forgotten", "")


def test_custom_directory_at_a_listed_address_goes_the_same_way() -> None:
    custom = find_ca(LISTED, "custom", "  https://far.example:14000/other ")
    assert (custom.id, custom.name, custom.directory) == ("custom", "far.example:14000", "https://far.example:14000/other")
    assert custom.relay == RELAYED.relay
    assert custom.terms is None  # those of the listed one need not hold here


def test_host_of_a_custom_directory_may_be_written_in_upper_case() -> None:
    assert find_ca(LISTED, "custom", "https://CA.example/dir").relay_url("https://ca.example/x") == "https://ca.example/x"


def test_custom_directory_elsewhere_is_refused_with_the_way_to_add_it() -> None:
    with pytest.raises(InputError, check=says(r"static/data/cas\.json")) as caught:
        find_ca(LISTED, "custom", "https://other.example/dir")
    assert "https://other.example:" in sentence(caught.value)


@pytest.mark.parametrize("url", ["", "ca.example/dir", "http://ca.example/dir", "https://", "https://[", "not a URL"])
def test_what_is_no_directory_url_is_refused(url: str) -> None:
    with pytest.raises(InputError, check=says("https://"), match="directory-url-invalid"):
        find_ca(LISTED, "custom", url)


def test_origin_is_scheme_host_and_port() -> None:
    assert origin_of("https://CA.example:14000/dir?x#y") == "https://ca.example:14000"


def site_list() -> dict[str, CertificateAuthority]:
    """The list of this site."""
    text = Path("static/data/cas.json").read_text(encoding="utf-8")
    return {authority.id: authority for authority in parse_catalog(text)}


def test_list_of_this_site_can_be_read() -> None:
    authorities = site_list()
    assert list(authorities)[:3] == ["letsencrypt", "letsencrypt-staging", "practice"]
    assert authorities["letsencrypt"].origin == "https://acme-v02.api.letsencrypt.org"
    assert authorities["practice"].relay
    assert all(authority.relay_url(authority.directory) for authority in authorities.values())


def test_every_ca_of_the_list_says_what_a_person_must_know() -> None:
    authorities = site_list()
    assert {id_ for id_, ca in authorities.items() if ca.cors == "no"} == {"zerossl", "google", "google-test"}
    assert {id_ for id_, ca in authorities.items() if ca.closed} == {"buypass", "digicert-legacy"}
    assert "2025" in authorities["buypass"].closed
    assert "Let’s Encrypt" in authorities["buypass"].closed
    free = {"letsencrypt", "letsencrypt-staging", "practice", "buypass", "digicert-legacy"}
    assert {id_ for id_, ca in authorities.items() if not ca.external_account} == free
    assert {id_ for id_, ca in authorities.items() if not ca.trusted} == {"letsencrypt-staging", "practice", "google-test"}
    assert "price" in authorities["sslcom-ecc"].warning
    assert all(ca.staging in authorities for ca in authorities.values() if ca.staging)


@pytest.mark.parametrize(
    ("id_", "directory", "wildcard", "ip"),
    [
        ("letsencrypt", "acme-v02.api.letsencrypt.org/directory", "yes", "yes"),
        ("letsencrypt-staging", "acme-staging-v02.api.letsencrypt.org/directory", "yes", "yes"),
        ("zerossl", "acme.zerossl.com/v2/DV90", "yes", "no"),
        ("google", "dv.acme-v02.api.pki.goog/directory", "yes", "no"),
        ("google-test", "dv.acme-v02.test-api.pki.goog/directory", "yes", "no"),
        ("sslcom-rsa", "acme.ssl.com/sslcom-dv-rsa", "no", "no"),
        ("sslcom-ecc", "acme.ssl.com/sslcom-dv-ecc", "no", "no"),
        ("actalis", "acme-api.actalis.com/acme/directory", "no", "no"),
        ("sectigo", "acme.sectigo.com/v2/DV", "unknown", "unknown"),
        ("digicert", "one.digicert.com/mpki/api/v1/acme/v2/directory", "unknown", "unknown"),
        ("digicert-legacy", "acme.digicert.com/v2/acme/directory/", "unknown", "unknown"),
        ("buypass", "api.buypass.com/acme/directory", "unknown", "unknown"),
    ],
)
def test_list_has_every_ca_that_people_name(id_: str, directory: str, wildcard: str, ip: str) -> None:
    ca = site_list()[id_]
    assert (ca.directory, ca.wildcard, ca.ip) == (f"https://{directory}", wildcard, ip)


def test_what_may_cost_and_what_is_on_request_is_said() -> None:
    authorities = site_list()
    assert {id_ for id_, ca in authorities.items() if ca.warning} == {
        *("sslcom-ecc", "sslcom-rsa", "actalis", "sectigo", "digicert")
    }
    assert "funds" in authorities["sslcom-rsa"].warning
    assert "wildcards and IP addresses" in " ".join(authorities["actalis"].notes)
    assert "on request" in " ".join(authorities["google"].notes)
    assert "shortlived" in " ".join(authorities["letsencrypt"].notes)
    assert all("once, within seven days" in authorities[id_].external_account for id_ in ("google", "google-test"))
    assert (authorities["letsencrypt"].staging, authorities["google"].staging) == ("letsencrypt-staging", "google-test")


def test_names_by_which_caa_records_name_the_cas_are_known() -> None:
    by_name: dict[tuple[str, ...], set[str]] = {}
    for id_, ca in site_list().items():
        by_name.setdefault(ca.caa, set()).add(id_)
    assert by_name == {
        ("letsencrypt.org",): {"letsencrypt", "letsencrypt-staging"},
        ("pebble.letsencrypt.org",): {"practice"},
        ("sectigo.com",): {"zerossl", "sectigo"},
        ("pki.goog",): {"google", "google-test"},
        ("ssl.com",): {"sslcom-ecc", "sslcom-rsa"},
        ("actalis.it",): {"actalis"},
        ("digicert.com",): {"digicert"},
        (): {"digicert-legacy", "buypass"},  # closed
    }


GOOD = {"id": "x", "name": "X", "directory": "https://x.example/dir"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[[]]",
        '["x"]',
        *(
            json.dumps([entry])
            for entry in (
                {"id": "x"},
                GOOD | {"id": 1},
                GOOD | {"relai": "https://relay.example/"},
                GOOD | {"cors": "maybe"},
                GOOD | {"wildcard": True},
                GOOD | {"trusted": "yes"},
                GOOD | {"notes": "one"},
                GOOD | {"directory": "http://x.example/dir"},
                GOOD | {"relay": "https://relay.example/to"},
                GOOD | {"caa": "x.example"},
                GOOD | {"caa": ["X.example"]},
                GOOD | {"caa": ["x.example; validationmethods=dns-01"]},
            )
        ),
        json.dumps([GOOD, GOOD]),
    ],
)
def test_damaged_list_is_refused(text: str) -> None:
    with pytest.raises(ProtocolError, check=says("cas.json")):
        parse_catalog(text)


def test_what_an_entry_leaves_out_is_not_known() -> None:
    (authority,) = parse_catalog(json.dumps([GOOD]))
    assert (authority.cors, authority.wildcard, authority.ip, authority.reachability) == (
        "unknown",
        "unknown",
        "unknown",
        "direct",
    )
    assert authority == CertificateAuthority("x", "X", "https://x.example/dir")


@pytest.mark.parametrize(
    ("fields", "way", "origin"),
    [
        ({"cors": "yes"}, "direct", "https://ca.example"),
        ({"cors": "unknown"}, "direct", "https://ca.example"),
        ({"cors": "no"}, "none", ""),
        ({"cors": "no", "relay": "https://relay.example/to/"}, "relay", "https://relay.example"),
        ({"cors": "no", "relay": "/relay/"}, "relay", ""),
        ({"cors": "yes", "closed": "closed"}, "none", ""),
        ({"relay": "/relay/", "closed": "closed"}, "none", ""),
    ],
)
def test_way_to_a_ca(fields: dict[str, Any], way: str, origin: str) -> None:
    authority = replace(DIRECT, **fields)
    assert (authority.reachability, authority.origin) == (way, origin)


@pytest.mark.parametrize(("fields", "words"), [({"cors": "no"}, "needs a relay"), ({"closed": "closed in May"}, "in May")])
@pytest.mark.parametrize("id_", ["direct", "custom"])
def test_ca_without_a_way_is_found_but_not_usable(fields: dict[str, Any], words: str, id_: str) -> None:
    listed = (replace(DIRECT, **fields),)
    assert find_ca(listed, id_, "https://ca.example/dir").reachability == "none"
    with pytest.raises(InputError, check=says(words)):
        usable_ca(listed, id_, "https://ca.example/dir")


def test_ca_with_a_way_is_usable() -> None:
    assert usable_ca(LISTED, "relayed", "") is RELAYED


def test_the_standard_port_is_the_same_address() -> None:
    listed = (CertificateAuthority("listed", "Listed", "https://ca.example/dir", relay="https://relay.example/"),)
    assert find_ca(listed, "custom", "https://ca.example:443/dir").relay == "https://relay.example/"


def test_the_scheme_may_be_in_upper_case() -> None:
    authority = CertificateAuthority("a", "A", "https://ca.example/dir", relay="https://relay.example/")
    assert authority.relay_url("HTTPS://ca.example/order/1") == "https://relay.example/ca.example/order/1"


def test_a_path_has_no_origin() -> None:
    assert origin_of("/relay/") == ""


@given(st.text() | st.text().map(lambda text: f"https://{text}"))
@example("https://ca.example/\ndir")
@example("https://ca.example:x/dir")
@example("https://[ca.example]/")
@example("https://ca.example\u2100/")
def test_any_text_for_a_directory_gives_a_ca_or_a_clear_error(text: str) -> None:
    found: CertificateAuthority | None = None
    with suppress(InputError):  # anything else is a traceback, and fails
        found = find_ca(LISTED, "custom", text)
    assert found is None or found.relay_url(found.directory)
