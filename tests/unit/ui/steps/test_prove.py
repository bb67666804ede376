"""Step 2: what must be published, as a person sees it."""

import pytest

from app.acme.challenge import DnsRecord, TlsCertificate, WebFile
from app.acme.identifier import Identifier
from app.issuance.issuance import Proof
from app.ui.steps.prove import prove_view
from app.ui.steps.prove_models import FileCard, RecordCard, TlsCard
from tests.unit.records import record


def dns_proof(name: str, value: str) -> Proof:
    base = name.removeprefix("*.")
    return Proof(Identifier("dns", name), "u", "c", DnsRecord(f"_acme-challenge.{base}", (value,)), "pending")


def file_proof(name: str) -> Proof:
    url = f"http://{name}/.well-known/acme-challenge/token"
    return Proof(Identifier("dns", name), "u", "c", WebFile(url, "token.thumbprint"), "pending")


DNS = record("shop.example", state="proving", proofs=(dns_proof("shop.example", "one"), dns_proof("*.shop.example", "two")))
HTTP = record("www.shop.example", challenge="http-01", state="proving", proofs=(file_proof("www.shop.example"),))

MIXED = record(
    "shop.example",
    "*.shop.example",
    "www.shop.example",
    state="proving",
    others=(("www.shop.example", "http-01"),),
    proofs=(*DNS.proofs, *HTTP.proofs),
)


def test_cards_of_different_kinds_say_their_own() -> None:
    view = prove_view(MIXED, practice=False)
    assert [card.kind for card in view.cards] == ["dns-01", "dns-01", "http-01"]
    assert view.kinds == ("dns-01", "http-01")


def test_record_under_a_label_of_the_account_is_shown_within_the_domain() -> None:
    what = DnsRecord("_abc._acme-challenge.www.shop.example", ("one",))
    proof = Proof(Identifier("dns", "www.shop.example"), "u", "c", what, "pending")
    (card,) = prove_view(record("www.shop.example", challenge="dns-account-01", proofs=(proof,)), practice=False).cards
    assert isinstance(card, RecordCard)
    assert (card.identifier, card.host, card.kind) == ("www.shop.example", "_abc._acme-challenge.www", "dns-account-01")


def test_value_that_is_too_long_for_one_string_is_written_in_quoted_parts() -> None:
    proof = Proof(Identifier("dns", "shop.example"), "u", "c", DnsRecord("_x.shop.example", ("a" * 256,)), "pending")
    (card,) = prove_view(record("shop.example", proofs=(proof,)), practice=False).cards
    assert isinstance(card, RecordCard)
    assert card.long
    assert card.values == ('"' + "a" * 255 + '" "a"',)


def test_certificate_is_shown_with_its_file_and_the_command_that_serves_it() -> None:
    address = Identifier("ip", "2001:db8::1")
    proof = Proof(address, "u", "c", TlsCertificate(address, "a.b"), "pending")
    view = prove_view(record("shop.example", challenge="tls-alpn-01", proofs=(proof,)), practice=False)
    (card,) = view.cards
    assert isinstance(card, TlsCard)
    assert (card.identifier, card.filename) == ("2001:db8::1", f"{card.server_name}.pem")
    assert card.command.endswith(f"-alpn acme-tls/1 -cert {card.filename} -key {card.filename}")
    assert f"-connect '[2001:db8::1]:443' -servername {card.server_name}" in view.commands


def test_file_is_shown_with_address_folder_name_and_content() -> None:
    (card,) = prove_view(HTTP, practice=False).cards
    assert card == FileCard(
        identifier="www.shop.example",
        kind="http-01",
        url="http://www.shop.example/.well-known/acme-challenge/token",
        folder="/.well-known/acme-challenge/",
        filename="token",
        content="token.thumbprint",
    )


SHUFFLED = (
    *(file_proof(name) for name in ("www.b.example", "a.example")),
    *(dns_proof(name, f"value of {name}") for name in ("*.b.example", "c.example", "b.example")),
)


def test_cards_stand_in_the_order_typed_whatever_order_the_ca_has() -> None:
    """A name and its wildcard together, kinds mixed; CAs sort authorizations, or have them in no order at all."""
    typed = ("c.example", "b.example", "www.b.example", "a.example", "*.b.example")
    files = (("a.example", "http-01"), ("www.b.example", "http-01"))
    view = prove_view(record(*typed, state="proving", others=files, proofs=SHUFFLED), practice=False)
    assert [card.identifier for card in view.cards] == ["c.example", "b.example", "b.example", "www.b.example", "a.example"]
    assert [card.values for card in view.records.cards[1:]] == [("value of b.example",), ("value of *.b.example",)]
    assert [line.split("/")[2] for line in view.commands.splitlines() if line.startswith("curl")] == [
        "www.b.example",
        "a.example",
    ]


def test_wildcard_that_was_typed_first_has_its_value_first() -> None:
    view = prove_view(record("*.shop.example", "shop.example", proofs=DNS.proofs), practice=False)
    assert [card.values for card in view.records.cards] == [("two",), ("one",)]


def test_proof_for_a_domain_above_stands_where_the_first_name_that_it_serves_does() -> None:
    """RFC 9444: the CA may ask for proof of a parent domain."""
    proofs = (dns_proof("b.example", "below"), dns_proof("a.example", "one"))
    view = prove_view(record("www.b.example", "a.example", "b.b.example", proofs=tuple(reversed(proofs))), practice=False)
    assert [card.identifier for card in view.cards] == ["b.example", "a.example"]


@pytest.mark.parametrize(
    ("name", "host"),
    [("shop.example", "_acme-challenge"), ("a.b.shop.co.uk", "_acme-challenge.a.b"), ("co.uk", "_acme-challenge")],
)
def test_host_is_the_name_within_the_zone(name: str, host: str) -> None:
    (card,) = prove_view(record(name, proofs=(dns_proof(name, "one"),)), practice=False).cards
    assert isinstance(card, RecordCard)
    assert card.host == host


def test_commands_check_every_place_from_a_terminal() -> None:
    assert prove_view(DNS, practice=False).commands == "nslookup -type=TXT _acme-challenge.shop.example"
    assert prove_view(HTTP, practice=False).commands == "curl -L http://www.shop.example/.well-known/acme-challenge/token"


def test_practice_has_no_commands_since_the_world_does_not_see_its_records() -> None:
    view = prove_view(DNS, practice=True)
    assert (view.practice, view.commands) == (True, "")


def test_view_tells_whether_the_order_failed() -> None:
    assert prove_view(DNS, practice=False).failed is False
    assert prove_view(DNS.moved("failed", 0.0), practice=False).failed is True
