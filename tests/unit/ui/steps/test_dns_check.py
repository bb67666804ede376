"""Step 2: what was seen in DNS, and what the heading and the buttons make of it."""

from dataclasses import replace
from typing import Final

import pytest

from app.acme.challenge import DnsRecord, WebFile
from app.acme.identifier import Identifier
from app.acme.problem import Problem
from app.dns.checks.addresses import AddressFinding
from app.dns.checks.caa import CaaFinding
from app.dns.checks.findings import Finding, Reason, Sighting
from app.dns.checks.report import DnsReport
from app.dns.choices import ProviderChoices
from app.dns.lookup.question import Caa
from app.dns.providers import DnsProvider
from app.dns.resolvers import Resolver
from app.errors import PackageError
from app.issuance.issuance import Issuance, Proof
from app.ui.page import order_page
from app.ui.steps.dns_check_models import DnsCheckModel, ForgetButton, Memory
from app.ui.steps.progress import MAX_LINES
from app.ui.steps.prove_models import ProveProgress
from app.ui.views import PageModel
from tests.unit.records import CA, record

ONE: Final = Resolver("one", "One", "https://one.example/q", purge="https://one.example/purge")
TWO: Final = Resolver("two", "Two", "https://two.example/q", purge_page="https://two.example/cache")
IONOS: Final = DnsProvider("ionos", "IONOS", host_label="Host name", minutes=15)
CHOICES: Final = ProviderChoices((IONOS,), "ionos")
BLOCKING: Final = CaaFinding(
    "shop.example", ("shop.example",), "forbidden", (Caa(0, "issue", "other.example"),), add="ca.example"
)


def order(*names: str, kind: str = "dns-01", problem: Problem | None = None) -> Issuance:
    """An order that waits for a person, with one record or file for each name."""

    def proof(name: str) -> Proof:
        base = name.removeprefix("*.")
        published = WebFile(f"http://{base}/x", "y") if kind == "http-01" else DnsRecord(f"_acme-challenge.{base}", (name,))
        return Proof(Identifier("dns", name), "u", "c", published, "pending", problem, kind=kind)

    return record(*names, state="proving", proofs=tuple(map(proof, names)), challenge=kind)


def report(*reasons: Reason | Finding, resolvers: tuple[Resolver, ...] = (ONE, TWO), **fields: object) -> DnsReport:
    """Each record, from the first on, is seen so by all `resolvers`; they were looked at."""
    found = [Finding(reason) if isinstance(reason, str) else reason for reason in reasons]
    sightings = tuple(Sighting(n, each, {r.id: each for r in resolvers}) for n, each in enumerate(found, 1))
    values: dict[str, object] = {"added": 1000.0, "looked": 1060.0, "next_look": 1080.0, **fields}
    return DnsReport("1", resolvers, sightings=sightings, **values)  # type: ignore[arg-type]


def shown(issuance: Issuance, seen: DnsReport | None, *, busy: bool = False) -> PageModel:
    return order_page(issuance, CA, CHOICES, busy=busy, is_follower=False, report=seen)


def progress_of(page: PageModel) -> ProveProgress:
    assert page.progress is not None
    return page.progress


def check_of(page: PageModel) -> DnsCheckModel:
    assert page.check is not None
    return page.check


def test_without_permission_everything_is_as_without_dns() -> None:
    progress = progress_of(shown(order("shop.example"), None))
    assert (progress.verify, progress.check, progress.saved) == ("I have added it: get the certificate", "", "")


def test_before_anybody_said_that_the_records_were_added_the_check_comes_first() -> None:
    progress = progress_of(shown(order("a.example", "b.example"), DnsReport("1")))
    assert progress.title == "Add two DNS records"
    assert (progress.check, progress.check_first) == ("I have added them: check now", True)
    assert progress.verify == "Go on without a check"
    assert progress.saved == "Saved both?"
    assert progress.why.endswith("Test CA allows five failed tries in an hour.")
    assert progress.standing is None


def test_during_the_first_look_nothing_is_said_to_be_missing() -> None:
    progress = progress_of(shown(order("a.example"), DnsReport("1", added=1000.0, looking=True)))
    assert progress.title == "Looking for the record"
    assert (progress.check, progress.verify) == ("Check now", "Go on without a check")
    assert progress.standing is not None
    assert progress.standing.seen is None
    assert progress.standing.lines == ()


def test_what_is_missing_stands_on_top_with_a_link_to_the_record() -> None:
    page = shown(order("a.example", "b.example", "c.example"), report("there", "doubled", "not-yet"))
    progress = progress_of(page)
    assert progress.title == page.title == "1 of 3 records is there"
    assert (progress.check, progress.check_first, progress.verify) == ("Check now", True, "Go on anyway")
    assert progress.hint.startswith("“Go on anyway” lets Test CA look at once.")
    assert progress.standing is not None
    assert progress.standing.seen == (1, 3)
    assert [(line.mark, line.name, line.place) for line in progress.standing.lines] == [
        ("bad", "Record 2", "record-2"),
        ("wait", "Record 3", "record-3"),
    ]
    assert progress.standing.lines[0].words == "Record 2 is at the wrong name: change it at IONOS."
    assert progress.standing.look is not None
    assert progress.standing.look.next_look == 1080.0


def test_once_all_is_there_the_certificate_comes_first() -> None:
    seen = report("there", "there")
    silent = tuple(replace(s, by_resolver={**s.by_resolver, "two": Finding("unreachable")}) for s in seen.sightings)
    page = shown(order("a.example", "b.example"), replace(seen, sightings=silent, next_look=None))
    progress = progress_of(page)
    assert progress.title == "Both records are there"
    assert (progress.verify, progress.check, progress.check_first) == ("Get the certificate from Test CA", "Check again", False)
    assert progress.complete
    assert progress.standing is not None
    assert [(line.mark, line.words) for line in progress.standing.lines] == [
        ("good", "One answers with all values."),
        ("note", "Two cannot be reached from your network. That does not matter."),
    ]


def test_beside_files_a_person_says_that_everything_is_there() -> None:
    both = replace(order("a.example"), proofs=(*order("a.example").proofs, *order("b.example", kind="http-01").proofs))
    progress = progress_of(shown(both, report("there")))
    assert progress.verify == "Everything is there: get the certificate"
    assert (progress.check, progress.check_first, progress.complete) == ("Check again", False, False)


def test_nobody_who_can_be_asked_says_nothing_about_the_records() -> None:
    progress = progress_of(shown(order("a.example"), report("unreachable")))
    assert progress.title == "The record could not be checked"
    assert progress.verify == "Go on anyway"


def test_many_lines_are_counted() -> None:
    names = [f"n{n}.example" for n in range(MAX_LINES + 3)]
    standing = progress_of(shown(order(*names), report(*[Finding("not-yet")] * len(names)))).standing
    assert standing is not None
    assert len(standing.lines) == MAX_LINES
    assert standing.more == "And 3 more records."


def test_the_look_that_the_ca_took_counts_more() -> None:
    seen = order("a.example", problem=Problem("dns", "no TXT record"))
    progress = progress_of(shown(seen, report("there")))
    assert (progress.verify, progress.check, progress.check_first) == ("Try again", "Check again", False)
    assert progress.title == "Not issued yet: one record was not found"


def test_while_the_ca_looks_the_button_says_what_it_does() -> None:
    page = shown(replace(order("a.example"), state="verifying"), report("there"), busy=True)
    assert progress_of(page).verify == "Get the certificate from Test CA"
    assert check_of(page).records[0].seen == "there"


def test_values_of_a_failed_order_were_not_seen() -> None:
    failed = replace(order("a.example", problem=Problem("dns", "x")), state="failed")
    assert shown(failed, report("there")).check is None


def test_a_record_says_what_each_resolver_answers_and_who_can_be_made_to_look_again() -> None:
    remembered = Finding("remembered", until=1400.0)
    check = check_of(shown(order("a.example"), report(remembered))).records[0]
    assert (check.seen, check.mark, check.state) == ("waiting", "wait", "Not there yet")
    assert check.means == "The name servers of IONOS need up to 15 minutes for a new record. Nothing is wrong so far."
    assert check.memories == (Memory(("One", "Two"), 1400.0, nothing=True),)
    assert [line.words for line in check.resolvers] == ["One: remembers “nothing”", "Two: remembers “nothing”"]
    assert check.buttons == (ForgetButton("one", "Make One look again"),)
    assert check.pages == (("https://two.example/cache", "Make Two look again, on its own page"),)


def test_what_was_there_before_is_remembered_too() -> None:
    check = check_of(shown(order("a.example"), report(Finding("old-value", values=("old",), until=1400.0)))).records[0]
    assert check.memories == (Memory(("One", "Two"), 1400.0, nothing=False),)
    assert check.buttons


def test_a_record_that_is_soon_over_says_so() -> None:
    check = check_of(shown(order("a.example"), report(Finding("there", expires=1060.0 + 86400)))).records[0]
    assert "persistUntil" in check.means
    check = check_of(shown(order("a.example"), report(Finding("there", expires=1060.0 + 90 * 86400)))).records[0]
    assert check.means == ""


def test_caa_records_that_keep_the_ca_away_say_what_to_add() -> None:
    page = shown(order("shop.example"), replace(report("there"), caa=(BLOCKING,)))
    (notice,) = check_of(page).caa
    assert notice.title == "shop.example allows other CAs only"
    assert (notice.type, notice.host, notice.host_label, notice.value) == (
        "CAA, with the flag 0 and the tag issue",
        "@",
        "Host name",
        "ca.example",
    )
    progress = progress_of(page)
    assert (progress.verify, progress.check_first, progress.complete) == ("Go on anyway", True, False)
    assert progress.standing is not None
    (line,) = [line for line in progress.standing.lines if line.mark == "warn"]
    assert (line.words, line.place) == ("shop.example allows other CAs only: add one CAA record.", "caa")


def test_before_the_first_look_the_notice_about_caa_is_enough() -> None:
    page = shown(order("shop.example"), DnsReport("1", caa=(BLOCKING,)))
    assert progress_of(page).standing is None
    assert check_of(page).caa_said == "shop.example allows other CAs only: add one CAA record."


def test_a_record_behind_an_alias_is_added_where_that_leads() -> None:
    page = shown(order("shop.example"), DnsReport("1", caa=(replace(BLOCKING, alias="www.host.example"),)))
    assert check_of(page).caa[0].host == "www"


@pytest.mark.parametrize(
    ("findings", "state", "words"),
    [
        ((), "", ""),
        ((replace(BLOCKING, verdict="none"),), "good", "No CAA record keeps Test CA from issuing for shop.example."),
        ((replace(BLOCKING, verdict="unknown"),), "note", "CAA records could not be looked at. That says nothing about them."),
    ],
)
def test_caa_records_that_do_no_harm_are_one_line(findings: tuple[CaaFinding, ...], state: str, words: str) -> None:
    check = check_of(shown(order("shop.example"), DnsReport("1", caa=findings)))
    assert (check.caa_state, check.caa_words, check.caa) == (state, words, ())


def test_addresses_are_told_at_the_files_and_can_be_looked_at_again() -> None:
    finding = AddressFinding("shop.example", "two-machines", ("203.0.113.10",), ("2001:db8::10",))
    page = shown(order("shop.example", kind="http-01"), DnsReport("1", addresses=(finding,)))
    (note,) = check_of(page).addresses
    assert (note.identifier, note.mark, note.title) == ("shop.example", "warn", "Two servers may answer.")
    assert progress_of(page).check == ""  # that may well be so on purpose
    page = shown(order("shop.example", kind="http-01"), DnsReport("1", addresses=(replace(finding, verdict="none"),)))
    progress = progress_of(page)
    assert (progress.verify, progress.check, progress.check_first) == ("It answers: get the certificate", "Check now", False)


def test_what_ended_a_look_is_said_and_nothing_is_in_the_way() -> None:
    page = shown(order("shop.example"), DnsReport("1", error=PackageError("dnspython")))
    progress = progress_of(page)
    assert progress.standing is not None
    assert progress.standing.lines[0].mark == "warn"
    assert page.can_verify
