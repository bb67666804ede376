"""Records of dns-persist-01 that are read back: whether they do what the order wants, and until when."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.acme.dns_persist import record_value
from app.dns.checks.persist import PersistRecord, persist_match, read_persist

ACCOUNT = "https://ca.example/acct/1"
WANTED = record_value("ca.example", ACCOUNT, wildcard=False, until=None)
WILDCARD = record_value("ca.example", ACCOUNT, wildcard=True, until=None)
NOW = 1_800_000_000.0


@given(st.booleans(), st.none() | st.integers(0, 10**13))
def test_what_the_page_wants_is_read_back(wildcard: bool, until: int | None) -> None:  # noqa: FBT001
    value = record_value("ca.example", ACCOUNT, wildcard=wildcard, until=until)
    assert read_persist(value) == PersistRecord("ca.example", ACCOUNT, wildcard, until)


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (f"CA.example;ACCOUNTURI={ACCOUNT};policy=Wildcard", PersistRecord("ca.example", ACCOUNT, wildcard=True)),
        (f"ca.example ; persistUntil=5 ;\taccounturi = {ACCOUNT}", PersistRecord("ca.example", ACCOUNT, until=5)),
        (f"ca.example; accounturi={ACCOUNT}; policy=specific", PersistRecord("ca.example", ACCOUNT)),
        (f"ca.example; accounturi={ACCOUNT}; later=1", PersistRecord("ca.example", ACCOUNT)),
        ("ca.example", None),
        (f"; accounturi={ACCOUNT}", None),
        ("ca.example; accounturi=", None),
        (f"ca.example; accounturi={ACCOUNT};", None),
        (f"ca.example; accounturi={ACCOUNT}; accounturi={ACCOUNT}", None),
        (f"ca.example; accounturi={ACCOUNT}; persistUntil=soon", None),
        (f"ca.example; accounturi={ACCOUNT}; persistUntil=" + "9" * 15, None),
        (f'"ca.example; accounturi={ACCOUNT}"', None),
    ],
)
def test_any_other_value_is_read_as_a_ca_reads_it(value: str, read: PersistRecord | None) -> None:
    assert read_persist(value) == read


@given(st.text())
def test_anything_can_stand_there(value: str) -> None:
    read_persist(value)
    assert persist_match(WANTED, [value], NOW) == (False, None)


def until(end: float, value: str = WANTED) -> str:
    return f"{value}; persistUntil={end:.0f}"


@pytest.mark.parametrize(
    ("wanted", "found", "matches"),
    [
        (WANTED, [WANTED], (True, None)),
        (WANTED, ["v=spf1 -all", WILDCARD], (True, None)),  # it says more than is wanted
        (WILDCARD, [WANTED], (False, None)),
        (WANTED, [], (False, None)),
        (WANTED, [WANTED.replace("acct/1", "acct/2")], (False, None)),
        (WANTED, [WANTED.replace("ca.", "ca2.")], (False, None)),
        (WANTED, [until(NOW - 1)], (False, None)),
        (WANTED, [until(NOW)], (True, 1_800_000_000)),
        (until(NOW + 100), [until(NOW + 9)], (True, 1_800_000_009)),
        (WANTED, [until(NOW + 9), until(NOW + 10, WILDCARD), until(NOW - 5)], (True, 1_800_000_010)),
        (WANTED, [until(NOW + 9), WANTED], (True, None)),
        ("nonsense", ["nonsense"], (False, None)),
    ],
)
def test_record_that_does_what_is_wanted_counts(wanted: str, found: list[str], matches: tuple[bool, int | None]) -> None:
    assert persist_match(wanted, found, NOW) == matches
