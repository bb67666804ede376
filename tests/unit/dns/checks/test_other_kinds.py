"""Records of dns-persist-01, which are read by what they mean, and of dns-account-01, which have a label of their own."""

import asyncio

import pytest

from app.acme.challenge import DnsRecord
from app.dns.checks.findings import Finding
from app.dns.checks.records import look_at_records
from app.dns.choices import ProviderChoices
from app.dns.entries import DnsProof, RecordEntry, record_entries
from tests.unit.dns.forms import entries_at, name, proof
from tests.unit.dns.scripted_resolvers import ONE, ScriptedResolvers, Table, txt

NOW = 1_000_000.0
ZONES = {"example": 900, "shop.example": 600}
PERSIST = "_validation-persist.shop.example"
WANTED = "ca.example; accounturi=https://ca.example/acct/1"
OTHER_CA = "other.example; accounturi=https://other.example/7"
VALUE = "A" * 43
ACCOUNT = "_ujmmovf2vn55tgye._acme-challenge.shop.example"


def find(entry: RecordEntry, table: Table, old: dict[str, frozenset[str]] | None = None) -> Finding:
    client = ScriptedResolvers(table, zones=ZONES, resolvers=(ONE,)).client()
    return asyncio.run(look_at_records(client, (entry,), old or {}, NOW))[0].finding


def persist(*published: str) -> Finding:
    (entry,) = entries_at(None, proof("shop.example", WANTED, "dns-persist-01"))
    return find(entry, {(PERSIST, "TXT"): txt(*published)} if published else {})


@pytest.mark.parametrize(
    "published",
    [
        (WANTED,),
        ("ca.example;accounturi=https://ca.example/acct/1",),
        ("ca.example; policy=wildcard; accounturi=https://ca.example/acct/1",),
        (OTHER_CA, WANTED),
    ],
)
def test_persistent_record_is_there_where_it_says_what_is_wanted(published: tuple[str, ...]) -> None:
    assert persist(*published) == Finding("there")


def test_end_of_a_persistent_record_is_told() -> None:
    assert persist(f"{WANTED}; persistUntil=1000500") == Finding("there", expires=1_000_500)
    assert persist(f"{WANTED}; persistUntil=999999").reason == "other-value"


def test_records_of_other_cas_at_the_same_name_do_no_harm() -> None:
    finding = persist(OTHER_CA)
    assert (finding.reason, finding.values, finding.seen) == ("not-yet", (OTHER_CA,), "waiting")


def test_persistent_record_for_another_account_is_told() -> None:
    other = "ca.example; accounturi=https://ca.example/acct/2"
    finding = persist(OTHER_CA, other)
    assert (finding.reason, finding.values, finding.missing) == ("other-value", (other,), (WANTED,))


def test_quotes_around_a_persistent_record_are_told() -> None:
    assert persist(f'"{WANTED}"').reason == "quotes"


def test_persistent_record_of_another_name_is_not_called_misplaced() -> None:
    """It has the same value, and may be meant for that name."""
    (entry,) = entries_at(None, proof("www.shop.example", WANTED, "dns-persist-01"))
    assert find(entry, {(PERSIST, "TXT"): txt(WANTED)}).reason == "remembered"
    assert find(entry, {(f"{entry.name}.shop.example", "TXT"): txt(WANTED)}).reason == "doubled"


def test_label_of_an_account_that_was_left_out_is_told() -> None:
    proofs = (DnsProof(name("shop.example"), "dns-account-01", DnsRecord(ACCOUNT, (VALUE,))),)
    (entry,) = record_entries(proofs, ProviderChoices())
    assert find(entry, {(ACCOUNT, "TXT"): txt(VALUE)}).reason == "there"
    finding = find(entry, {("_acme-challenge.shop.example", "TXT"): txt(VALUE)})
    assert (finding.reason, finding.place) == ("elsewhere", "_acme-challenge.shop.example")
    assert find(entry, {(f"{ACCOUNT}.shop.example", "TXT"): txt(VALUE)}).reason == "doubled"
