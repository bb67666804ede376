"""What a CA found in place of a proof: the words that CAs write, and what a person reads."""

import pytest

from app.acme.challenge import DnsRecord, Publication, TlsCertificate, WebFile
from app.acme.identifier import Identifier
from app.acme.problem import Problem
from app.issuance.issuance import Issuance, Proof
from app.text.proof_failure import MAX_FINDINGS, failed_message, trouble
from app.text.proofs import finding
from app.ui.steps.prove import trouble_of
from tests.unit.records import CA, record

OURS, OTHER = "O" * 43, "X" * 42 + "_"
PLACE = "_acme-challenge.shop.example"
URL = "http://shop.example/.well-known/acme-challenge/token"
NAME = Identifier("dns", "shop.example")
DNS, FILE, TLS = DnsRecord(PLACE, (OURS,)), WebFile(URL, "token.thumbprint"), TlsCertificate(NAME, "a.b")


def proof(what: Publication, problem: Problem | None = None, name: Identifier = NAME) -> Proof:
    return Proof(name, "u", "c", what, "invalid", problem)


def told(kind: str, detail: str, what: Publication = DNS) -> tuple[str, str]:
    """What was found and why probably, where the CA says `detail` of the proof `what`."""
    failed = proof(what)
    wildcard = proof(DnsRecord(PLACE, (OTHER,)), name=Identifier("dns", "*.shop.example"))
    order = record("shop.example", "*.shop.example", state="failed", proofs=(failed, wildcard))
    words = finding(order, failed, Problem(kind, detail), "Test CA")
    return words.found, words.why


@pytest.mark.parametrize(
    ("kind", "detail", "found"),
    [
        # Boulder
        ("unauthorized", f"No TXT record found at {PLACE}", f"Test CA found no TXT record at {PLACE}."),
        (
            "dns",
            f"DNS problem: NXDOMAIN looking up TXT for {PLACE} - check that a DNS record exists for this domain",
            f"Test CA found no TXT record at {PLACE}.",
        ),
        (
            "unauthorized",
            f'Incorrect TXT record "old-value" (and 2 more) found at {PLACE}',
            f"At {PLACE}, Test CA found the value “old-value”, which is not the right one.",
        ),
        (
            "unauthorized",
            f'Incorrect TXT record "{OTHER}" found at {PLACE}',
            f"At {PLACE}, Test CA found the value of the other record for this name, but not the value for shop.example.",
        ),
        (
            "dns",
            f"During secondary validation: DNS problem: query timed out looking up TXT for {PLACE}",
            f"Test CA got no usable answer from the name servers about {PLACE}.",
        ),
        (
            "dns",
            f"DNS problem: SERVFAIL looking up TXT for {PLACE} - the domain's nameservers may be malfunctioning",
            f"Test CA got no usable answer from the name servers about {PLACE}.",
        ),
        ("caa", "CAA record for shop.example prevents issuance", "A CAA record keeps Test CA from issuing for shop.example."),
        ("dns", "looking up CAA for example: SERVFAIL", "A CAA record keeps Test CA from issuing for shop.example."),
        # Pebble
        ("unauthorized", "No TXT records found for DNS challenge", f"Test CA found no TXT record at {PLACE}."),
        (
            "unauthorized",
            "Correct value not found for DNS challenge",
            f"At {PLACE}, Test CA found another value, which is not the right one.",
        ),
        # step-ca
        (
            "rejectedIdentifier",
            f"keyAuthorization does not match; expected {OURS}, but got []",
            f"Test CA found no TXT record at {PLACE}.",
        ),
        (
            "rejectedIdentifier",
            f"keyAuthorization does not match; expected {OURS}, but got [something]",
            f"At {PLACE}, Test CA found the value “something”, which is not the right one.",
        ),
        (
            "dns",
            f"error looking up TXT records for domain shop.example: lookup {PLACE} on 127.0.0.1:53: no such host",
            f"Test CA found no TXT record at {PLACE}.",
        ),
        # nobody
        ("incorrectResponse", "", f"At {PLACE}, Test CA found another value, which is not the right one."),
        ("unauthorized", "the computer says no", f"Test CA did not find what it wanted at {PLACE}."),
        ("https://ca.example/odd", "{ca} {place} %s", f"Test CA did not find what it wanted at {PLACE}."),
    ],
)
def test_what_was_found_in_the_dns_is_told(kind: str, detail: str, found: str) -> None:
    assert told(kind, detail)[0] == found


@pytest.mark.parametrize(
    ("what", "kind", "detail", "found"),
    [
        (FILE, "unauthorized", f"192.0.2.1: Invalid response from {URL}: 404", f"Test CA found no file at {URL}."),
        (
            FILE,
            "unauthorized",
            f"192.0.2.1: Invalid response from {URL}: 403",
            f"The web server did not let Test CA read {URL}.",
        ),
        (
            FILE,
            "unauthorized",
            'The key authorization file from the server did not match this challenge. Expected "a" (got "b")',
            f"At {URL}, Test CA found something other than the file.",
        ),
        (
            FILE,
            "connection",
            f"192.0.2.1: Fetching {URL}: Timeout during connect (likely firewall problem)",
            "Test CA could not connect to the web server of shop.example on port 80.",
        ),
        (
            FILE,
            "connection",
            f"192.0.2.1: Fetching {URL}: Connection refused",
            "Test CA could not connect to the web server of shop.example on port 80.",
        ),
        (
            FILE,
            "dns",
            "DNS problem: NXDOMAIN looking up A for shop.example - check that a DNS record exists for this domain",
            "Test CA found no address for shop.example in the DNS.",
        ),
        (FILE, "malformed", "?", f"Test CA did not find what it wanted at {URL}."),
        (TLS, "connection", "Connection refused", "Test CA could not connect to shop.example on port 443."),
        (
            TLS,
            "unauthorized",
            "Cannot negotiate ALPN protocol acme-tls/1 for tls-alpn-01 challenge",
            "On port 443 of shop.example, another program answered Test CA.",
        ),
    ],
)
def test_what_was_found_on_a_server_is_told(what: Publication, kind: str, detail: str, found: str) -> None:
    assert told(kind, detail, what)[0] == found


@pytest.mark.parametrize(("what", "kind"), [(DNS, "dns"), (FILE, "connection"), (TLS, "tls"), (DNS, "caa")])
def test_every_finding_says_why_probably(what: Publication, kind: str) -> None:
    assert told(kind, "?", what)[1].startswith("Probably ")


@pytest.mark.parametrize("quoted", ["<b>pay here</b>", "\u202eevil", "please visit evil.example now", "v" * 5000])
def test_what_is_no_value_is_not_repeated_among_our_words(quoted: str) -> None:
    found, why = told("unauthorized", f'Incorrect TXT record "{quoted}" found at {PLACE}')
    assert quoted not in found + why
    assert "another value" in found


def order(*problems: Problem | None, state: str = "failed") -> Issuance:
    names = [f"n{n}.example" for n in range(len(problems))]
    proofs = [
        proof(DnsRecord(f"_acme-challenge.{name}", (OURS,)), problem, Identifier("dns", name))
        for name, problem in zip(names, problems, strict=True)
    ]
    return record(*names, state=state, proofs=tuple(reversed(proofs)))


NONE = Problem("dns", "no TXT record")


def test_message_says_what_was_found_why_and_what_to_do_in_this_order() -> None:
    message = failed_message(order(NONE), CA)
    found, why, todo = message.text.split("\n\n")
    assert found == "Test CA found no TXT record at _acme-challenge.n0.example."
    assert why.startswith("Probably ")
    assert todo.startswith("What to do: ")
    assert "press “Get the new record”" in todo


def test_several_names_are_told_one_by_one_in_the_order_typed_and_alike_reasons_once() -> None:
    message = failed_message(order(NONE, None, NONE), CA)
    assert message.title == "The proof failed for n0.example, n2.example"
    lines = message.text.splitlines()
    assert [line.partition(":")[0] for line in lines[:2]] == ["n0.example", "n2.example"]
    assert len([line for line in lines if line.startswith("Probably")]) == 1


def test_message_on_many_names_stays_short() -> None:
    message = failed_message(order(*[NONE] * 100), CA)
    assert message.title.endswith("n9.example and 90 more")
    assert f"And {100 - MAX_FINDINGS} more" in message.text
    assert len(message.text) < 2000
    assert len(message.detail.splitlines()) == 100


@pytest.mark.parametrize(
    ("issuance", "kind"),
    [
        (order(None, state="proving"), ""),
        (order(NONE, None, state="proving"), "again"),
        (order(NONE, NONE, state="verifying"), "looking"),
        (order(NONE), "failed"),
        (order(None, state="finalizing"), ""),
    ],
)
def test_trouble_with_the_proofs_is_of_a_kind(issuance: Issuance, kind: str) -> None:
    assert trouble_of(issuance) == kind


def test_button_that_leads_on_is_named() -> None:
    again, looking = (trouble(order(NONE, state=state), CA) for state in ("proving", "verifying"))
    assert again
    assert looking
    assert "press “Try again”" in again.text
    assert "“Look again now”" in looking.text
