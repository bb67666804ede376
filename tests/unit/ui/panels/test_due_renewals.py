"""One click renews all that is due: by itself where that is possible, and else it says what needs a hand."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import pytest

from app.acme.problem import Problem
from app.errors import NetworkError
from app.issuance.issuance import Issuance
from app.issuance.unattended import UnattendedRenewals, successor
from app.ui.panels.due_renewals import RenewalLine
from tests.unit.chains import NOW
from tests.unit.records import record
from tests.unit.script import refusal
from tests.unit.scripted_ca import ACCOUNT, NEW_ORDER, ORDER, READ_ORDER
from tests.unit.ui.panels.test_orders import by_id, issued, kept
from tests.unit.visit import GOOD, Visit

DUE: Final = 61 * 86400.0
"""Seconds after which a certificate of these tests should be renewed."""


async def visit_when_due() -> Visit:
    """A browser that got a certificate 61 days ago, with the page open there."""
    visit = Visit()
    await visit.issued()
    visit.ports.clock.slept.append(DUE)  # type: ignore[attr-defined]
    await visit.reload()
    assert visit.entries() == [("shop.example", "due")]
    return visit


def lines(visit: Visit) -> tuple[RenewalLine, ...]:
    """What the page lists at the end."""
    assert not visit.list.reports[-1].progress
    return visit.list.reports[-1].lines


async def test_kept_authorizations_make_it_go_by_itself() -> None:
    visit = await visit_when_due()
    visit.ca.script[NEW_ORDER] = [visit.ca.order("ready", status_code=201, location=ORDER)]
    await visit.saved.renew_due()
    (line,) = lines(visit)
    assert (line.outcome, line.title, line.label) == ("renewed", "shop.example: renewed", "Open")
    assert visit.list.said == "It is renewed. Save its files now."
    assert visit.list.reports[0].progress == "Renewing shop.example …"
    assert visit.session.at_form
    assert [one.state for one in await visit.workflow.saved()] == ["issued", "issued"]
    await visit.saved.reopen(line.id)
    assert visit.page.view.step == "certificate"
    assert visit.list.reports[-1].lines == ()


async def test_what_needs_a_hand_is_told_and_waits_without_a_second_order() -> None:
    visit = await visit_when_due()
    before = len(visit.ca.sent(NEW_ORDER))
    for _ in range(2):
        await visit.saved.renew_due()
        (line,) = lines(visit)
        assert (line.outcome, line.title) == ("waits", "shop.example needs one DNS record")
        assert visit.list.said == "1 needs you."
        await visit.saved.refresh()
    assert visit.list.reports[-1].title == "1 needs you."
    assert visit.ca.answered() == [visit.ca.challenge_url(0)]  # that of the first order
    visit.ca.script[READ_ORDER] = [visit.ca.order("pending"), visit.ca.order("ready")]
    await visit.saved.renew("1")  # the button of the old one goes on with what was begun
    assert visit.page.view.prove
    assert len(visit.ca.sent(NEW_ORDER)) == before + 1
    await visit.session.verify()
    assert visit.page.view.step == "certificate"


async def test_whatever_proves_names_is_asked_and_the_ca_after_it() -> None:
    visit = await visit_when_due()
    asked: list[tuple[str, str]] = []

    async def prove(old: Issuance, new: Issuance) -> frozenset[str]:
        asked.append((old.id, new.id))
        return frozenset(proof.authorization_url for proof in new.proofs)

    renewal = await UnattendedRenewals(visit.workflow, lambda: "9", (prove,)).renew("1")
    assert renewal
    assert (renewal.outcome, asked) == ("renewed", [("1", "9")])


async def test_persistent_records_make_it_go_by_itself() -> None:
    visit = Visit(fields=replace(GOOD, challenge="dns-persist-01"))
    members: dict[str, Any] = {"issuer-domain-names": ["ca.example"], "accounturi": ACCOUNT}
    offered = visit.ca.authorization(0, kinds=("dns-persist-01",), **members)
    visit.ca.script[f"POST {visit.ca.authorization_url(0)}"] = [offered]
    await visit.issued()
    visit.ports.clock.slept.append(DUE)  # type: ignore[attr-defined]
    await visit.reload()
    await visit.saved.renew_due()
    assert [line.outcome for line in lines(visit)] == ["renewed"]


async def test_a_part_of_the_proofs_is_not_enough() -> None:
    visit = Visit("a.example", "b.example", fields=replace(GOOD, domains="a.example b.example"))
    await visit.issued()

    async def prove(_: Issuance, new: Issuance) -> frozenset[str]:
        return frozenset({new.proofs[0].authorization_url})

    renewal = await UnattendedRenewals(visit.workflow, lambda: "9", (prove,)).renew("1")
    assert renewal
    assert renewal.outcome == "waits"


async def test_a_proof_that_failed_is_left_to_the_person() -> None:
    visit = await visit_when_due()
    await visit.saved.renew_due()
    waiting = await by_id(visit, lines(visit)[0].id)
    wrong = tuple(replace(proof, problem=Problem("dns", "nothing there")) for proof in waiting.proofs)
    await visit.workflow.save(replace(waiting, proofs=wrong))
    answered = visit.ca.answered()
    await visit.saved.renew_due()
    (line,) = lines(visit)
    assert (line.outcome, line.title) == ("waits", "shop.example: The proof failed for shop.example")
    assert visit.ca.answered() == answered


async def test_a_refusal_is_told_in_the_list() -> None:
    visit = await visit_when_due()
    visit.ca.script[NEW_ORDER] = [refusal("rateLimited", status=429)]
    await visit.saved.renew_due()
    (line,) = lines(visit)
    assert (line.outcome, line.label, line.renews) == ("stopped", "See why", False)
    assert line.title.startswith("shop.example: ")
    assert visit.page.error is None


async def test_one_that_fails_does_not_stop_the_others_and_comes_first() -> None:
    visit = Visit()
    await visit.issued()
    without = issued("old.example", until=NOW + timedelta(days=70), id="8", account_url="https://gone.example/account/1")
    url = "https://gone.example/dir"
    gone = replace(without, choices=replace(without.choices, directory=url, account=url, ca="gone"))
    visit.ports.clock.slept.append(DUE)  # type: ignore[attr-defined]
    await kept(visit, gone)
    visit.ca.script[NEW_ORDER] = [visit.ca.order("ready", status_code=201, location=ORDER)]
    await visit.saved.refresh()
    assert set(visit.list.orders.due) == {"1", "8"}
    await visit.saved.renew_due()
    assert [line.outcome for line in lines(visit)] == ["stopped", "renewed"]
    assert lines(visit)[0].renews
    assert visit.list.said == "1 is renewed. 1 needs you."


async def test_a_ca_that_does_not_answer_is_asked_once() -> None:
    visit = Visit()
    await visit.issued()
    others = [issued(f"n{n}.example", id=f"n{n}", account_url=ACCOUNT) for n in range(3)]
    visit.ports.clock.slept.append(DUE)  # type: ignore[attr-defined]
    await kept(visit, *others)
    before = len(visit.ca.requests)
    visit.ca.script = {key: [NetworkError(key)] for key in visit.ca.script}
    await visit.saved.renew_due()
    assert [line.outcome for line in lines(visit)] == ["stopped"] * 4
    assert len({request.url for request in visit.ca.requests[before:]}) == 1
    assert len(await visit.workflow.saved()) == 5


async def test_an_ended_certificate_is_due_and_one_that_nobody_uses_any_more_is_not() -> None:
    visit = Visit()
    ended, old = issued("a.example", until=NOW - timedelta(days=1)), issued("b.example", until=NOW - timedelta(days=40), id="2")
    fine = issued("c.example", id="3")
    await kept(visit, ended, old, fine)
    assert visit.list.orders.due == ("1",)


async def test_of_two_tabs_one_works() -> None:
    visit = await visit_when_due()
    other = Visit(beside=visit)
    await other.open()
    await other.saved.reopen("1")
    before = len(visit.ca.requests)
    await visit.saved.renew_due()
    (line,) = lines(visit)
    assert (line.outcome, line.title) == ("elsewhere", "shop.example: another tab works on it")
    assert len(visit.ca.requests) == before


async def test_what_another_tab_has_renewed_is_passed_by() -> None:
    visit = await visit_when_due()
    other = Visit(beside=visit)
    await other.open()
    visit.ca.script[NEW_ORDER] = [visit.ca.order("ready", status_code=201, location=ORDER)]
    await other.saved.renew_due()
    before = len(visit.ca.requests)
    await visit.saved.renew_due()
    assert (lines(visit), visit.list.said) == ((), "There is nothing left to renew.")
    assert len(visit.ca.requests) == before


@pytest.mark.parametrize(
    ("other", "takes"),
    [
        ({"created": 2000.0, "state": "issued"}, True),
        ({"created": 2000.0, "state": "proving"}, True),
        ({"created": 2000.0, "state": "failed"}, False),
        ({"created": 500.0, "state": "issued"}, False),
    ],
)
def test_place_is_taken_by_a_later_order_that_has_not_failed(other: dict[str, Any], *, takes: bool) -> None:
    old = record("shop.example", "www.shop.example", state="issued")
    new = record("www.shop.example", "shop.example", id="2", **other)
    assert (successor(old, [new]) is new) == takes
    assert successor(old, [record("shop.example", id="3", **other)]) is None
