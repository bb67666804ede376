"""The saved record: it comes back as it was, and a damaged one is said to be damaged."""

import copy
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.accounts.record_checks import LAST_MOMENT
from app.acme.challenge import CHALLENGE_TYPES, DnsRecord, Publication, TlsCertificate, WebFile
from app.acme.identifier import Identifier
from app.acme.problem import Problem
from app.acme.renewal_info import RenewalWindow
from app.errors import StorageError
from app.issuance.issuance import WAITING, Issuance, OrderOptions, Proof, State
from app.issuance.record import VERSION, issuance_to_json, read_issuance
from app.ports import KeySpec
from tests.unit.records import account_key, record

texts = st.text(max_size=10)
identifiers = st.builds(Identifier, st.just("dns"), texts.map(str.lower))
problems = st.builds(
    Problem,
    st.text(min_size=1),
    texts,
    st.none() | st.integers(-(2**53), 2**53),
    st.none() | texts.filter(bool),
    st.none() | identifiers,
)
publications: st.SearchStrategy[Publication] = st.one_of(
    st.builds(DnsRecord, texts, st.lists(texts).map(tuple)),
    st.builds(WebFile, texts.map("http://{}".format), texts),
    st.builds(TlsCertificate, identifiers, texts),
)
proofs = st.builds(Proof, identifiers, texts, texts, publications, texts, st.none() | problems)
kinds = st.sampled_from(CHALLENGE_TYPES)
times = st.floats(0, 4e9)
issuances = st.builds(
    Issuance,
    id=texts,
    created=times,
    since=times,
    choices=st.builds(
        OrderOptions,
        st.lists(identifiers).map(tuple),
        texts,
        texts,
        texts,
        kinds,
        st.sampled_from(get_args(KeySpec)),
        st.booleans(),
        challenges=st.lists(st.tuples(texts, kinds)).map(tuple),
        persist_until=st.none() | st.integers(0, LAST_MOMENT),
        target=st.sampled_from(["", "nginx"]),
        same_key_as=texts,
        keep_key=st.booleans(),
    ),
    state=st.sampled_from(get_args(State)),
    account_url=texts,
    order_url=texts,
    finalize_url=texts,
    certificate_url=texts,
    authorization_urls=st.lists(texts).map(tuple),
    proofs=st.lists(proofs, max_size=3).map(tuple),
    certificate_pem=texts,
    problem=st.none() | problems,
)


@given(issuances)
def test_record_comes_back_from_json_as_it_was(issuance: Issuance) -> None:
    assert read_issuance(json.loads(json.dumps(issuance_to_json(issuance)))) == issuance


@pytest.mark.parametrize("version", [None, 0, VERSION + 1, "1"])
def test_record_of_another_version_is_not_opened(version: object) -> None:
    with pytest.raises(StorageError, match="order-of-another-version"):
        read_issuance({**issuance_to_json(full()), "version": version})


def full() -> Issuance:
    """A record with something in every field."""
    problem = Problem("dns", "no record", 403, "https://ca.example/help", Identifier("dns", "a.example"), (Problem("x", "y"),))
    dns = Proof(Identifier("dns", "a.example"), "u", "c", DnsRecord("_acme-challenge.a.example", ("v",)), "invalid", problem)
    file = Proof(Identifier("dns", "b.example"), "u", "c", WebFile("http://b.example/x", "y"), "pending")
    rest: dict[str, Any] = {
        "chains": ("pem", "other"),
        "revoked": 5.0,
        "ask_again": 6.0,
        "window": RenewalWindow(1.0, 2.0, "https://ca.example/why", 0.5),
    }
    made = record("a.example", "b.example", state="failed", authorization_urls=("u",), proofs=(dns, file), problem=problem)
    return replace(made, **rest)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The paths to everything inside a JSON value."""
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in entries:
        yield (*path, key)
        yield from places(inner, (*path, key))


@pytest.mark.parametrize("damage", [None, 5, "text", [], {}, [5], {"a": "b"}], ids=repr)
def test_damaged_record_is_opened_or_said_to_be_damaged(damage: object) -> None:
    for path in places(issuance_to_json(full())):
        damaged = copy.deepcopy(issuance_to_json(full()))
        parent: Any = damaged
        for key in path[:-1]:
            parent = parent[key]
        parent[path[-1]] = damage
        try:
            read_issuance(damaged)
        except StorageError:
            continue
        except Exception as error:
            pytest.fail(f"{path} = {damage!r} raises {error!r}")


@pytest.mark.parametrize("name", ["id", "choices", "state", "proofs", "problem", "certificate_pem", "created"])
def test_record_with_a_field_missing_is_damaged(name: str) -> None:
    damaged = {key: value for key, value in issuance_to_json(full()).items() if key != name}
    with pytest.raises(StorageError, match="order-damaged"):
        read_issuance(damaged)


@pytest.mark.parametrize(
    ("name", "value"), [("state", "dreaming"), ("created", "yesterday"), ("choices", {"key_spec": "dsa-512"})]
)
def test_record_with_a_value_that_is_none_is_damaged(name: str, value: object) -> None:
    with pytest.raises(StorageError, match="order-damaged"):
        read_issuance({**issuance_to_json(full()), name: value})


def test_record_holds_no_key() -> None:
    text = json.dumps(issuance_to_json(full()))
    assert "PRIVATE" not in text
    assert set(issuance_to_json(full())["choices"]) == {
        "identifiers",
        "ca",
        "directory",
        "account",
        "challenge",
        "key_spec",
        "terms_agreed",
        "challenges",
        "persist_until",
        "profile",
        "csr",
        "replaces",
    }


def test_record_from_before_there_were_several_kinds_of_proof_is_read() -> None:
    older = issuance_to_json(full())
    del older["choices"]["challenges"], older["choices"]["persist_until"]
    assert read_issuance(older) == full()


def test_record_of_version_1_knows_one_account_a_ca() -> None:
    older = {**issuance_to_json(full()), "version": 1}
    del older["choices"]["account"]
    assert read_issuance(older) == full()


def test_kinds_of_proof_are_told_name_by_name() -> None:
    wanted = record("a.example", "*.a.example", others=(("a.example", "http-01"),)).choices
    assert [wanted.kind_for(name) for name in wanted.identifiers] == ["http-01", "dns-01"]
    assert wanted.kinds == ("http-01", "dns-01")


def test_account_key_belongs_to_the_ca_and_certificate_key_to_the_order() -> None:
    one, two = record("a.example"), record("a.example", id="2")
    assert account_key(one) == account_key(two)
    assert one.certificate_key != two.certificate_key
    assert account_key(one) != one.certificate_key


def test_values_at_one_name_are_one_record_and_files_stay_apart() -> None:
    def proof(name: str, what: DnsRecord | WebFile) -> Proof:
        return Proof(Identifier("dns", name), "u", "c", what, "pending")

    several = (
        proof("a.example", DnsRecord("_acme-challenge.a.example", ("one",))),
        proof("b.example", DnsRecord("_acme-challenge.b.example", ("two",))),
        proof("*.a.example", DnsRecord("_acme-challenge.a.example", ("three",))),
        proof("c.example", WebFile("http://c.example/x", "y")),
        proof("*.b.example", DnsRecord("_acme-challenge.b.example", ("two",))),
    )
    assert record("a.example", proofs=several).publications == (
        DnsRecord("_acme-challenge.a.example", ("one", "three")),
        DnsRecord("_acme-challenge.b.example", ("two",)),
        WebFile("http://c.example/x", "y"),
    )


def test_moving_on_changes_state_and_time_and_leaves_the_old_record() -> None:
    before = record("a.example")
    after = before.moved("registered", 2000.0, account_url="https://ca.example/account/1")
    assert (after.state, after.since, after.created) == ("registered", 2000.0, before.created)
    assert before.state == "asked"


def test_waiting_states_are_states() -> None:
    assert set(WAITING) < set(get_args(State))
