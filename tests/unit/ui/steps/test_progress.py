"""Step 2 as it stands: its heading, what to do, a line for each name, and what the buttons lead to."""

from dataclasses import replace
from typing import Final

import pytest

from app.acme.challenge import DnsRecord, Publication, TlsCertificate, WebFile
from app.acme.identifier import Identifier
from app.acme.problem import Problem
from app.dns.choices import ProviderChoices
from app.issuance.failed_validations import RemainingTries
from app.issuance.issuance import Issuance, Proof, State
from app.ui.page import order_page
from app.ui.steps.progress import MAX_LINES, prove_progress
from app.ui.steps.prove import prove_view
from app.ui.steps.prove_models import ProveProgress
from tests.unit.records import CA, record

MISSING: Final = Problem("dns", "no TXT record")


def published(kind: str, name: str) -> Publication:
    """What a challenge of this `kind` publishes for `name`."""
    match kind:
        case "http-01":
            return WebFile("http://shop.example/.well-known/acme-challenge/token", f"content for {name}")
        case "tls-alpn-01":
            return TlsCertificate(Identifier("dns", "shop.example"), f"content for {name}")
    return DnsRecord(f"_acme-challenge.{name.removeprefix('*.')}", (f"value for {name}",))


def order(*kinds: str, state: State = "proving", problems: tuple[Problem | None, ...] = (), valid: int = 0) -> Issuance:
    """An order with a proof of each of `kinds`, the last of which are `valid`; the first ones have these `problems`."""
    names = ["shop.example", "*.shop.example", *(f"n{n}.example" for n in range(len(kinds)))][: len(kinds)]
    wrong = (*problems, *[None] * len(kinds))
    proofs = tuple(
        Proof(
            Identifier("dns", name),
            "u",
            "c",
            published(kind, name),
            "valid" if n >= len(kinds) - valid else "pending",
            wrong[n],
            kind=kind,
        )
        for n, (name, kind) in enumerate(zip(names, kinds, strict=True))
    )
    return record(*names, state=state, proofs=proofs)


def at(issuance: Issuance, *, working: bool = False, tries: tuple[RemainingTries, ...] = ()) -> ProveProgress:
    """Step 2 of `issuance` at the test CA."""
    return prove_progress(issuance, CA, len(prove_view(issuance, practice=False).cards), working=working, tries=tries)


@pytest.mark.parametrize(
    ("kinds", "title", "button"),
    [
        (["dns-01"], "Add one DNS record", "I have added it: get the certificate"),
        (["dns-01"] * 3, "Add three DNS records", "I have added them: get the certificate"),
        (["dns-01"] * 100, "Add 100 DNS records", "I have added them: get the certificate"),
        (["dns-persist-01", "dns-account-01"], "Add two DNS records", "I have added them: get the certificate"),
        (["http-01"], "Put one file on your web server", "It answers: get the certificate"),
        (["http-01"] * 2, "Put two files on your web server", "Both answer: get the certificate"),
        (["http-01"] * 3, "Put three files on your web server", "All 3 answer: get the certificate"),
        (["tls-alpn-01"], "Show one certificate on port 443", "It is shown: get the certificate"),
        (["tls-alpn-01"] * 2, "Show 2 certificates on port 443", "All 2 are shown: get the certificate"),
        (
            ["http-01", "dns-01", "dns-01"],
            "Publish 2 DNS records and a file on the web server",
            "Everything is there: get the certificate",
        ),
    ],
)
def test_heading_says_what_to_publish_and_the_button_what_comes_of_it(kinds: list[str], title: str, button: str) -> None:
    shown = at(order(*kinds))
    assert (shown.title, shown.verify) == (title, button)
    assert shown.lead.endswith("it issues your certificate.")
    assert shown.standing is None


def test_record_that_lost_its_proofs_still_has_a_heading() -> None:
    assert at(order()).title == "Nothing is to be published"


def test_cost_of_a_failed_try_is_said_before_it() -> None:
    hint = at(order("dns-01")).hint
    assert "usually ends the order" in hint
    assert hint.endswith(CA.failed_validations)


@pytest.mark.parametrize(
    ("state", "working", "stopped", "button"),
    [
        ("verifying", "Test CA is looking", "Not proven yet", "Ask Test CA again"),
        ("ready", "Everything is proven", "Proven, but not issued yet", "Get the certificate"),
        ("finalizing", "Test CA is making the certificate", "Proven, but not issued yet", "Get the certificate"),
        ("downloading", "The certificate is made", "Proven, but not issued yet", "Get the certificate"),
    ],
)
def test_heading_tells_what_goes_on_and_what_has_stopped(state: State, working: str, stopped: str, button: str) -> None:
    issuance = order("dns-01", state=state)
    assert at(issuance, working=True).title == working
    assert at(issuance).title == stopped
    assert (at(issuance).verify, at(issuance).stopped) == (button, True)
    assert not at(issuance, working=True).stopped
    assert at(issuance).standing is None


@pytest.mark.parametrize(
    ("kinds", "state", "problems", "title"),
    [
        (["dns-01"] * 2, "verifying", (MISSING, MISSING), "Not found yet: 2 records are missing"),
        (["http-01"] * 2, "verifying", (MISSING,), "Not found yet: one file is missing"),
        (["tls-alpn-01"] * 2, "verifying", (MISSING,), "Not found yet: one proof is missing"),
        (["dns-01"] * 2, "proving", (MISSING,), "Not issued yet: one record was not found"),
        (["dns-01"] * 2, "failed", (MISSING, MISSING), "Not issued yet: 2 records were not found"),
        (["http-01"], "failed", (MISSING,), "Not issued yet: one file was not found"),
        (["http-01", "dns-01"], "failed", (MISSING, MISSING), "Not issued yet: 2 proofs failed"),
        (["dns-01"], "failed", (Problem("caa", "a CAA record forbids it"),), "Not issued yet: one proof failed"),
        (["dns-01"], "failed", (), "Not issued: the CA has closed this order"),
    ],
)
def test_heading_of_a_failure_says_what_was_not_found(
    kinds: list[str], state: State, problems: tuple[Problem, ...], title: str
) -> None:
    assert at(order(*kinds, state=state, problems=problems)).title == title


def test_list_tells_of_each_name_while_the_ca_looks() -> None:
    standing = at(order("dns-01", "dns-01", "dns-01", state="verifying", problems=(MISSING,), valid=1), working=True).standing
    assert standing
    assert [(line.mark, line.words) for line in standing.lines] == [
        ("bad", "shop.example: not found yet."),
        ("wait", "*.shop.example: being looked at."),
        ("good", "n0.example is proven."),
    ]
    assert standing.working
    assert standing.asked.startswith("Asked at ")


def test_list_after_a_failure_says_what_is_needed_and_how_many_tries_are_left() -> None:
    tries = (RemainingTries("shop.example", 4, 3600.0), RemainingTries("n0.example", 0, 3600.0))
    failed = order("dns-01", "http-01", "http-01", "dns-01", state="failed", problems=(MISSING, MISSING, MISSING), valid=1)
    shown = at(failed, tries=tries)
    assert shown.standing
    assert [line.words for line in shown.standing.lines] == [
        "shop.example needs a new record. 4 tries are left; one more is allowed at 01:00 UTC.",
        "*.shop.example needs a new file. 4 tries are left; one more is allowed at 01:00 UTC.",
        "n0.example needs a new file. No try is left: wait until 01:00 UTC.",
        "n1.example is proven.",
    ]
    assert not shown.standing.working
    assert shown.standing.asked == ""
    assert shown.retry == "Get new values"


def test_failed_proof_that_can_be_tried_again_says_so() -> None:
    shown = at(order("dns-01", "dns-01", problems=(MISSING,)))
    assert shown.standing
    assert [line.mark for line in shown.standing.lines] == ["bad", "wait"]
    assert shown.standing.lines[0].words == "shop.example: not found. It can be tried again with the same value."
    assert (shown.verify, shown.retry) == ("Try again", "")


@pytest.mark.parametrize(("count", "words"), [(1, "Get the new record"), (2, "Get the new records")])
def test_way_on_from_a_closed_order_is_named(count: int, words: str) -> None:
    assert at(order(*["dns-01"] * count, state="failed", problems=(MISSING,))).retry == words


def test_order_that_ended_for_another_reason_has_no_list() -> None:
    assert at(order("dns-01", state="failed")).standing is None


def test_list_of_a_hundred_names_stays_short_and_begins_with_what_is_wrong() -> None:
    many = order(*["dns-01"] * 100, state="verifying", valid=50)
    (*others, last) = many.proofs[:60]
    shown = at(
        replace(many, proofs=(*others, replace(last, problem=MISSING, status="pending"), *many.proofs[60:])), working=True
    )
    assert shown.standing
    assert len(shown.standing.lines) == MAX_LINES
    assert shown.standing.lines[0].mark == "bad"
    assert shown.standing.more == "And 92 more names."


def test_ca_that_wants_no_proof_is_told() -> None:
    shown = at(record("shop.example", state="verifying"), working=True)
    assert shown.standing
    assert [line.words for line in shown.standing.lines] == ["Test CA asked for no proof."]
    assert shown.lead == ""


@pytest.mark.parametrize(
    ("state", "busy", "follows", "can"),
    [
        ("proving", False, False, True),
        ("proving", True, False, True),
        ("proving", False, True, False),
        ("verifying", True, False, False),
        ("verifying", False, False, True),
    ],
)
def test_button_can_be_pressed_from_the_first_moment_but_not_while_the_ca_looks(
    state: State, *, busy: bool, follows: bool, can: bool
) -> None:
    assert order_page(order("dns-01", state=state), CA, ProviderChoices(), busy=busy, is_follower=follows).can_verify == can


def test_strip_tells_which_name_is_proven_how_and_whose_key_it_is() -> None:
    mixed = order("dns-01", "dns-01", "http-01")
    choices = replace(mixed.choices, challenges=(("n0.example", "http-01"),), profile="short", csr="AAAA")
    page = order_page(replace(mixed, choices=choices), CA, ProviderChoices(), busy=False, is_follower=False)
    assert page.order
    assert page.order.summary == "Test CA · DNS record, file on the web server"
    assert page.order.proof.splitlines() == [
        "DNS record: shop.example, *.shop.example",
        "file on the web server: n0.example",
    ]
    assert (page.order.ca, page.order.profile) == ("Test CA", "short")
    assert page.order.key == "Your own, which stays where you made the certificate request."
    assert page.order.started == "1 January 1970, 00:16 UTC"
