"""CAs are asked again when to renew, by the rules of RFC 9773, and nobody notices unless something has changed."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
from cryptography import x509

from app.acme.renewal_info import RenewalWindow
from app.errors import NetworkError
from app.issuance.issuance import Issuance
from app.issuance.moved_windows import MAX_ASKED
from app.pki.certificate import renewal_id
from app.ports import Response
from app.ui.steps.certificate import CertificatePresenter
from tests.unit.chains import NOW, intermediate, leaf
from tests.unit.issuance.test_revocation import PATHS
from tests.unit.records import CA, DIRECTORY, record
from tests.unit.script import answer, html, refusal
from tests.unit.scripted_ca import BASE
from tests.unit.ui.panels.test_orders import by_id, kept
from tests.unit.visit import Visit

HOUR: Final = 3600.0
AGO: Final = NOW.timestamp() - 7 * HOUR
URL: Final = f"{BASE}/renewal"
NAMED: Final = (x509.AuthorityKeyIdentifier(b"issuer", None, None), False)
LATER: Final = RenewalWindow(NOW.timestamp() + 40 * 86400, NOW.timestamp() + 41 * 86400, "", AGO)


def issued(*names: str, until: datetime = NOW + timedelta(days=60), **members: Any) -> Issuance:
    """A record with a certificate for which its CA has renewal information."""
    pem = leaf(*names, since=NOW - timedelta(days=30), until=until, extensions=[NAMED]) + intermediate()
    return record(*names, **{"state": "issued", "since": AGO, "certificate_pem": pem, **members})


def window(start: datetime, retry_after: str = "") -> Response:
    """What a CA says that would like a certificate renewed within a day from `start`."""
    times = {"start": start.isoformat(), "end": (start + timedelta(days=1)).isoformat()}
    return answer({"suggestedWindow": times}, retry_after=retry_after)


async def visit_with(*issuances: Issuance, says: Any = None, directory: Any = None) -> Visit:
    """A visit to a browser with these records; for each the CA `says` the same."""
    visit = Visit()
    urls = {name: f"{BASE}/{path}" for name, path in PATHS.items()}
    visit.ca.script[f"GET {DIRECTORY}"] = [directory or answer({**urls, "renewalInfo": URL})]
    for one in issuances:
        visit.ca.script[f"GET {URL}/{renewal_id(one.certificate_pem)}"] = [says or window(NOW - timedelta(hours=1))]
    await kept(visit, *issuances)
    return visit


async def asked(visit: Visit) -> list[str]:
    """The URLs that are requested when the page is open."""
    before = len(visit.ca.requests)
    await visit.saved.ask_windows()
    return [request.url for request in visit.ca.requests[before:]]


async def test_moved_window_is_saved_and_the_certificate_is_due() -> None:
    issuance = issued("shop.example", window=LATER)
    visit = await visit_with(issuance, says=window(NOW - timedelta(hours=1), retry_after="3600"))
    assert visit.entries() == [("shop.example", "issued")]
    assert await asked(visit) == [DIRECTORY, f"{URL}/{renewal_id(issuance.certificate_pem)}"]
    assert visit.entries() == [("shop.example", "due")]
    saved = await by_id(visit, "1")
    assert saved.window == RenewalWindow(NOW.timestamp() - HOUR, NOW.timestamp() + 23 * HOUR, "", NOW.timestamp())
    assert (visit.page.error, visit.list.message, visit.list.said) == (None, None, "")


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("", 6 * HOUR), ("7200", 2 * HOUR), ("1", 60), ("9999999", 24 * HOUR)],
    ids=["unsaid", "two hours", "too short", "too long"],
)
async def test_it_is_left_alone_as_long_as_it_wants_within_limits(header: str, seconds: float) -> None:
    visit = await visit_with(issued("shop.example", window=LATER), says=window(NOW + timedelta(days=9), header))
    assert await asked(visit) != []
    visit.ports.clock.slept.append(seconds - 1)  # type: ignore[attr-defined]
    await visit.reload()
    assert await asked(visit) == []
    visit.ports.clock.slept.append(1)  # type: ignore[attr-defined]
    await visit.reload()
    assert await asked(visit) != []


@pytest.mark.parametrize(
    "issuance",
    [
        issued("shop.example", since=NOW.timestamp() - HOUR),
        issued("shop.example", window=replace(LATER, asked=NOW.timestamp() - HOUR)),
        issued("shop.example", window=LATER, ask_again=NOW.timestamp() + 60),
        issued("shop.example", revoked=AGO),
        issued("shop.example", until=NOW - timedelta(hours=1)),
        record("shop.example", state="issued", since=AGO, certificate_pem=leaf("shop.example") + intermediate()),
        record("shop.example", state="failed", since=AGO),
    ],
    ids=["new", "asked an hour ago", "wants to be left alone", "revoked", "ended", "has no name there", "no certificate"],
)
async def test_nothing_is_asked_without_need(issuance: Issuance) -> None:
    visit = Visit()
    await kept(visit, issuance)
    assert await asked(visit) == []


async def test_what_has_been_replaced_is_not_asked_about() -> None:
    old, new = issued("shop.example"), issued("shop.example", id="2", created=2000.0)
    visit = await visit_with(old, new)
    assert await asked(visit) == [DIRECTORY, f"{URL}/{renewal_id(new.certificate_pem)}"]


async def test_a_wrong_clock_does_not_silence_it_for_years() -> None:
    visit = await visit_with(issued("shop.example", ask_again=NOW.timestamp() + 365 * 86400))
    assert await asked(visit) != []


async def test_a_directory_is_read_once_and_the_number_of_questions_is_bounded() -> None:
    visit = await visit_with(*(issued(f"n{n}.example", id=str(n)) for n in range(MAX_ASKED + 5)))
    urls = await asked(visit)
    assert (urls.count(DIRECTORY), len(urls)) == (1, MAX_ASKED + 1)


@pytest.mark.parametrize(
    ("says", "seconds"),
    [
        (html(404), 6 * HOUR),
        (refusal("malformed", status=404), 6 * HOUR),
        (refusal("rateLimited", status=429, retry_after="7200"), 2 * HOUR),
        (replace(html(503), headers={"retry-after": "600"}), 600),
        (answer({"suggestedWindow": {"start": "soon"}}), 6 * HOUR),
        (NetworkError(URL), 6 * HOUR),
    ],
    ids=["404", "not known", "rate limit", "down", "nonsense", "no network"],
)
async def test_an_error_disturbs_nobody_and_is_not_repeated_at_once(says: Any, seconds: float) -> None:
    visit = await visit_with(issued("shop.example", window=LATER), says=says)
    assert len(await asked(visit)) == 2
    assert (visit.page.error, visit.list.message, visit.list.said) == (None, None, "")
    saved = await by_id(visit, "1")
    assert (saved.window, saved.ask_again) == (LATER, NOW.timestamp() + seconds)
    await visit.reload()
    assert await asked(visit) == []


@pytest.mark.parametrize("directory", [html(503), answer({"newNonce": 1}), NetworkError(URL)])
async def test_a_ca_that_cannot_be_reached_is_asked_once_a_visit(directory: Any) -> None:
    visit = await visit_with(issued("a.example"), issued("b.example", id="2"), directory=directory)
    assert await asked(visit) == [DIRECTORY]
    assert (visit.page.error, visit.list.message) == (None, None)


async def test_a_ca_without_renewal_information_or_out_of_reach_is_left_alone() -> None:
    urls = {name: f"{BASE}/{path}" for name, path in PATHS.items()}
    visit = await visit_with(issued("a.example"), issued("b.example", id="2"), directory=answer(urls))
    assert await asked(visit) == [DIRECTORY]
    await visit.reload((replace(CA, cors="no"),))
    assert await asked(visit) == []


async def test_an_order_that_another_tab_has_open_is_that_tabs() -> None:
    visit = await visit_with(issued("shop.example", window=LATER))
    other = Visit(beside=visit)
    await other.open()
    await other.saved.reopen("1")
    assert await asked(visit) == []


async def test_what_was_deleted_meanwhile_does_not_come_back() -> None:
    issuance = issued("shop.example", window=LATER)
    visit = await visit_with(issuance)

    def delete(_: object) -> Response:
        with suppress(StopIteration):
            visit.ports.store.delete("issuance 1").send(None)
        return window(NOW)

    visit.ca.script[f"GET {URL}/{renewal_id(issuance.certificate_pem)}"] = [delete]
    assert len(await asked(visit)) == 2
    assert await visit.workflow.saved() == []


async def test_work_of_the_person_comes_first() -> None:
    visit = await visit_with(issued("a.example"), issued("b.example", id="2"))
    await visit.saved.reopen("1")
    assert await asked(visit) == []


async def test_the_click_in_step_3_counts_too() -> None:
    visit = await visit_with(issued("shop.example", window=LATER), says=window(datetime(2027, 1, 9, tzinfo=UTC)))
    await visit.saved.reopen("1")
    await CertificatePresenter(visit.workflow, visit.session, visit.page).ask_window()
    assert (await by_id(visit, "1")).ask_again == NOW.timestamp() + 6 * HOUR
    await visit.reload()
    assert await asked(visit) == []
