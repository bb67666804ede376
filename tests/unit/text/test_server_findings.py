"""What a CA found on a web server or on port 443: the words are from the sources of CAs and from their users' reports."""

import pytest

from app.acme.challenge import DnsRecord, TlsCertificate, WebFile
from app.acme.identifier import Identifier
from app.acme.problem import Problem
from app.issuance.issuance import NO_REASON_GIVEN, ORDER_GONE, Proof
from app.text.proof_failure import failed_message
from app.text.proofs import finding
from app.text.server_findings import certificate_cause, file_cause
from app.text.server_words import FILE, TLS
from tests.unit.records import CA, record

TOKEN, THUMBPRINT = "LoqXcYV8q5ONbJQxbmR7SCTNo3tiAXDfowyjxAjEuX0", "9jg46WB3rR_AHD-EBXdN7cBkH1WOu0tA3M9fm21mqTI"
PATH = f"/.well-known/acme-challenge/{TOKEN}"
BODY = f"{TOKEN}.{THUMBPRINT}"
URL = f"http://shop.example{PATH}"
OTHER_LINE = f"evaGxfADs6pSRb2LAv9IZf17Dt3juxGJ-PCt92wr-oA.{THUMBPRINT}"
NAME = Identifier("dns", "shop.example")
GOT = f'The key authorization file from the server did not match this challenge. Expected "{BODY}" (got "%s")'

BOULDER = [
    ("unauthorized", f"203.0.113.10: Invalid response from {URL}: 404", "nothing"),
    ("unauthorized", f"2001:db8::404: Invalid response from {URL}: 410", "nothing"),
    ("unauthorized", f"203.0.113.10: Invalid response from https://shop.example{PATH}: 403", "denied"),
    ("unauthorized", f"Invalid response from {URL} [203.0.113.10]: 401", "denied"),
    ("unauthorized", f"203.0.113.10: Invalid response from {URL}: 429", "denied"),
    ("unauthorized", f"203.0.113.10: Invalid response from {URL}: 500", "broken"),
    ("unauthorized", f"203.0.113.10: Invalid response from {URL}: 526", "broken"),
    ("unauthorized", f"203.0.113.10: Invalid response from {URL}: 202", "wrong"),
    ("unauthorized", f"203.0.113.10: Invalid response from http://shop.example/404-503{PATH}: 403", "denied"),
    # before 2021 the page of an error was quoted, and not its status
    (
        "unauthorized",
        f'Invalid response from {URL} [203.0.113.10]: "<html>\\r\\n<head><title>404 Not Found</title></head>\\r\\n<body>"',
        "nothing",
    ),
    ("unauthorized", f'Invalid response from {URL} [::1]: "<html>\\r\\n<head><title>403 Forbidden</title></head>"', "denied"),
    ("unauthorized", f'Invalid response from {URL} [::1]: "<!DOCTYPE html>\\n<!--[if lt IE 7]> <html class=\\"no-js "', "page"),
    ("unauthorized", GOT % '<!DOCTYPE html>\\n<html lang=\\"en\\"><title>Log in</title>', "page"),
    ("unauthorized", GOT % '<!DOCTYPE html><html lang=\\"en-US\\"><head><title>Just a moment...</title>', "guarded"),
    ("unauthorized", GOT % "<html><head><title>One moment, please...</title>", "guarded"),
    ("unauthorized", GOT % "", "empty"),
    ("unauthorized", GOT % TOKEN, "ours"),
    ("unauthorized", GOT % f"\\ufeff{BODY}", "ours"),
    ("unauthorized", GOT % f"{BODY}\\r\\nsecond line", "ours"),
    ("unauthorized", GOT % OTHER_LINE, "earlier"),
    ("unauthorized", GOT % "ipv6 ok!", "wrong"),
    ("unauthorized", GOT % "timeout 404 tls redirect target", "wrong"),  # what a server answers is not what the CA says
    ("unauthorized", f"The key authorization file from the server did not match this challenge [{BODY}] != [{TOKEN}]", "ours"),
    ("unauthorized", f"The key authorization file from the server did not match this challenge [{BODY}] != []", "empty"),
    ("unauthorized", "203.0.113.10: Error reading HTTP response body: reader limit exceeded", "page"),
    ("unauthorized", "203.0.113.10: Error reading HTTP response body: unexpected EOF", "unreached"),
    ("connection", f"203.0.113.10: Fetching {URL}: Timeout during connect (likely firewall problem)", "silent"),
    ("connection", f"203.0.113.10: Fetching {URL}: Connection refused", "silent"),
    ("connection", f"203.0.113.10: Fetching {URL}: Connection reset by peer", "silent"),
    ("connection", f"2001:db8::10: Fetching {URL}: Network unreachable", "silent"),
    ("connection", f"203.0.113.10: Fetching {URL}: Timeout after connect (your server may be slow or overloaded)", "slow"),
    ("connection", f"203.0.113.10: Fetching {URL}: Timeout during read (your server may be slow or overloaded)", "slow"),
    ("connection", f"203.0.113.10: Fetching {URL}: Error getting validation data", "unreached"),
    ("connection", f"203.0.113.10: Fetching {URL}: Server is speaking HTTP/2 over HTTP", "unreached"),
    ("connection", f"203.0.113.10: Fetching https://shop.example{PATH}: Connection refused", "silent-https"),
    (
        "connection",
        f"203.0.113.10: Fetching https://shop.example{PATH}: Timeout during connect (likely firewall problem)",
        "silent-https",
    ),
    ("tls", f"203.0.113.10: Fetching https://shop.example{PATH}: remote error: tls: internal error", "tls"),
    ("malformed", f"203.0.113.10: Fetching https://shop.example{PATH}: Server only speaks HTTP, not TLS", "tls"),
    (
        "connection",
        f"203.0.113.10: Fetching https://shop.example:8443{PATH}: Invalid port in redirect target. Only ports 80 and 443 are "
        "supported, not 8443",
        "redirect",
    ),
    (
        "connection",
        '203.0.113.10: Fetching https://shop.example.well-known/a: Invalid host in redirect target "shop.example.well-known". '
        "Check webserver config for missing '/' in redirect target.",
        "redirect",
    ),
    ("connection", f"203.0.113.10: Fetching {URL}: Redirect loop detected", "redirect"),
    ("connection", f"203.0.113.10: Fetching {URL}: Too many redirects", "redirect"),
    ("connection", "Too many hops", "redirect"),
    ("connection", f"203.0.113.10: Fetching {URL}: received disallowed redirect status code", "redirect"),
    ("dns", "DNS problem: NXDOMAIN looking up A for shop.example - check that a DNS record exists for this domain", "nameless"),
    ("dns", "no valid A records found for shop.example; no valid AAAA records found for shop.example", "nameless"),
    ("dns", "During secondary validation: DNS problem: query timed out looking up A for shop.example", "nameless"),
    ("unauthorized", f"During secondary validation: 203.0.113.10: Invalid response from {URL}: 403", "elsewhere"),
    (
        "connection",
        f"During secondary validation: 203.0.113.10: Fetching {URL}: Connection refused",
        "elsewhere",
    ),
]
PEBBLE = [
    ("unauthorized", f"Non-200 status code from HTTP: http://shop.example:5002{PATH} returned 404", "nothing"),
    (
        "unauthorized",
        f'The key authorization file from the server did not match this challenge "{BODY}" != "{OTHER_LINE}"',
        "earlier",
    ),
    ("connection", f'Get "http://shop.example:5002{PATH}": dial tcp 127.0.0.1:5002: connect: connection refused', "silent"),
    ("connection", f'Get "https://shop.example{PATH}": dial tcp 127.0.0.1:443: i/o timeout', "silent-https"),
    ("connection", f'Get "https://shop.example{PATH}": remote error: tls: handshake failure', "tls"),
    ("connection", f'Get "https://shop.example{PATH}": http: server gave HTTP response to HTTPS client', "tls"),
    ("connection", f'Get "{PATH}": stopped after 10 redirects', "redirect"),
    ("connection", f'Get "{URL}": EOF', "unreached"),
    ("connection", f'Get "{URL}": could not resolve URL "{URL}"', "nameless"),
]
STEP_CA = [
    ("connection", "The server could not connect to validation target", "unreached"),  # also where the status is 404
    ("rejectedIdentifier", "The server will not issue certificates for the identifier", "wrong"),
    ("rejectedIdentifier", f"keyAuthorization does not match; expected {BODY}, but got {OTHER_LINE}", "earlier"),
    ("connection", f"error doing http GET for url {URL} with status code 404", "nothing"),
]
OPENBAO = [
    (
        "connection",
        f'http-01: failed to fetch path {URL}: Get "{URL}": lookup shop.example: no such host',
        "nameless",
    ),
    ("connection", f'http-01: failed to fetch path {URL}: Get "{URL}": http-01: too many redirects: 10', "redirect"),
    ("malformed", "http-01: response too large: received 513 > 512 bytes", "page"),
    ("malformed", "http-01: response too small: received 4 < 87 bytes", "wrong"),
    ("malformed", "invalid authorization: got 1 parts, expected 2", "wrong"),
    ("incorrectResponse", "key authorization was invalid", "wrong"),
]
LITTLE = [
    ("connection", "connection", "silent"),
    ("tls", "no", "tls"),
    ("incorrectResponse", "incorrectResponse", "wrong"),
    ("unauthorized", "the computer says no", "unknown"),
    ("unauthorized", '"' * 1001 + "\\" * 1000, "unknown"),
]


@pytest.mark.parametrize(("kind", "detail", "cause"), [*BOULDER, *PEBBLE, *STEP_CA, *OPENBAO, *LITTLE])
def test_cause_is_read_from_the_words_on_a_file(kind: str, detail: str, cause: str) -> None:
    assert file_cause(detail, {kind}, BODY) == cause
    proof = Proof(NAME, "u", "c", WebFile(URL, BODY), "invalid")
    found = finding(record("shop.example", proofs=(proof,)), proof, Problem(kind, detail), "Test CA")
    assert "{" not in found.found + found.why
    assert found.why.startswith("Probably ")


@pytest.mark.parametrize(
    ("kind", "detail", "cause"),
    [
        ("unauthorized", 'Cannot negotiate ALPN protocol "acme-tls/1" for tls-alpn-01 challenge', "other"),
        ("tls", "203.0.113.10: remote error: tls: no application protocol", "other"),
        ("malformed", "Server only speaks HTTP, not TLS", "plain"),
        ("connection", "203.0.113.10: tls: first record does not look like a TLS handshake", "plain"),
        (
            "unauthorized",
            "203.0.113.10: Incorrect validation certificate for tls-alpn-01 challenge. Requested shop.example from "
            '203.0.113.10:443. Received 2 certificate(s), first certificate had names "other.example"',
            "earlier",
        ),
        (
            "rejectedIdentifier",
            "incorrect certificate for tls-alpn-01 challenge: missing acmeValidationV1 extension",
            "earlier",
        ),
        ("connection", "203.0.113.10: Connection refused", "silent"),
        ("connection", "203.0.113.10: Timeout during connect (likely firewall problem)", "silent"),
        ("unauthorized", "Failed to connect to 127.0.0.1:5001 for the tls-alpn-01 challenge", "silent"),
        ("connection", "The server could not connect to validation target", "silent"),
        ("connection", "connection", "silent"),
        ("malformed", 'Could not resolve URL "shop.example"', "nameless"),
        ("dns", "DNS problem: NXDOMAIN looking up A for shop.example", "nameless"),
        ("connection", "During secondary validation: 203.0.113.10: Connection refused", "elsewhere"),
        ("unauthorized", "the computer says no", "unknown"),
    ],
)
def test_cause_is_read_from_the_words_on_port_443(kind: str, detail: str, cause: str) -> None:
    assert certificate_cause(detail, {kind}) == cause


@pytest.mark.parametrize(
    ("kind", "detail", "found"),
    [
        (
            "unauthorized",
            'During secondary validation: Incorrect TXT record "x" found at _acme-challenge.shop.example',
            "Test CA looks from several places in the world. Not all of them found the right value at _x.shop.example.",
        ),
        (
            "dns",
            "dns-01: challenge failed against 2 records",
            "At _x.shop.example, Test CA found another value, which is not the right one.",
        ),
        ("dns", "dns-01: challenge failed against 0 records", "Test CA found no TXT record at _x.shop.example."),
        (
            "dns",
            "DNS problem: networking error looking up TXT for _acme-challenge.shop.example",
            "Test CA got no usable answer from the name servers about _x.shop.example.",
        ),
    ],
)
def test_words_on_a_record_that_need_more_than_one_look(kind: str, detail: str, found: str) -> None:
    proof = Proof(NAME, "u", "c", DnsRecord("_x.shop.example", ("v" * 43,)), "invalid")
    assert finding(record("shop.example", proofs=(proof,)), proof, Problem(kind, detail), "Test CA").found == found


@pytest.mark.parametrize("what", [WebFile(URL, BODY), DnsRecord("_x.shop.example", ("v" * 43,)), TlsCertificate(NAME, BODY)])
def test_ca_that_gives_no_reason_is_said_to_give_none(what: WebFile | DnsRecord | TlsCertificate) -> None:
    problem = Problem(ORDER_GONE, NO_REASON_GIVEN)
    proof = Proof(NAME, "u", "c", what, "invalid", problem)
    message = failed_message(record("shop.example", state="failed", proofs=(proof,), problem=problem), CA)
    assert message.title == "The proof failed for shop.example"
    assert "and does not say what it found." in message.text
    assert message.detail == "shop.example: The CA ended the order and did not say why."


def test_every_cause_has_its_own_sentences() -> None:
    for table in (FILE, TLS):
        assert len({found for found, _why in table.values()}) == len(table)
