"""The reminder in a calendar, as another program reads it, and the link in it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from app.acme.renewal_info import RenewalWindow
from app.encoding.icalendar import Event, calendar
from app.issuance.issuance import Issuance
from app.pki.formats.file import File
from app.ui.reminder import linked_renewal, reminder, renewal_link
from app.ui.steps.certificate import certificate_view
from tests.unit.chains import NOW, intermediate, leaf
from tests.unit.records import CA, record
from tests.unit.ui.panels.test_orders import kept, only_entry
from tests.unit.visit import HOME, Visit

LIVES: Final = {
    "90 days": (timedelta(days=90), date(2027, 1, 21)),
    "64 days": (timedelta(days=64), date(2027, 1, 4)),
    "45 days": (timedelta(days=45), date(2026, 12, 22)),
    "160 hours": (timedelta(hours=160), datetime(2026, 11, 26, 22, 40, tzinfo=UTC)),
}
"""How long a certificate that began at `NOW` lives, and when two thirds of that are over."""


def issued(*names: str, life: timedelta = timedelta(days=90), **members: Any) -> Issuance:
    """A record with a certificate that began at `NOW`."""
    pem = leaf(*names, since=NOW, until=NOW + life) + intermediate()
    return record(*names, id="5f0c", state="issued", certificate_pem=pem, **members)


def event_in(body: bytes) -> Any:
    """The one event of a calendar file, as the judge reads it."""
    read: Any = Calendar.from_ical(body)
    assert (read["VERSION"], read["METHOD"]) == ("2.0", "PUBLISH")
    (event,) = read.walk("VEVENT")
    return event


def event_of(issuance: Issuance, now: datetime = NOW) -> Any:
    return event_in(reminder(issuance, HOME, now.timestamp()).body)


@pytest.mark.parametrize("life", LIVES)
def test_without_a_word_of_the_ca_it_comes_at_two_thirds_of_the_life(life: str) -> None:
    length, expected = LIVES[life]
    event = event_of(issued("shop.example", life=length))
    assert event["DTSTART"].dt == expected
    assert event["DTEND"].dt - event["DTSTART"].dt == (timedelta(minutes=30) if "hours" in life else timedelta(days=1))
    (alarm,) = event.walk("VALARM")
    assert alarm["ACTION"] == "DISPLAY"
    assert alarm["TRIGGER"].dt == (timedelta(0) if "hours" in life else timedelta(hours=9))


def test_it_comes_when_the_ca_would_like_it() -> None:
    start = NOW + timedelta(days=40, hours=3)
    window = RenewalWindow(start.timestamp(), start.timestamp() + 86400, "", NOW.timestamp())
    assert event_of(issued("shop.example", window=window))["DTSTART"].dt == start.date()


def test_what_is_due_already_is_not_put_into_the_past() -> None:
    later = NOW + timedelta(days=80)
    assert event_of(issued("shop.example"), later)["DTSTART"].dt == later.date()


def test_it_says_what_to_do_and_leads_there() -> None:
    event = event_of(issued("shop.example", "xn--bcher-kva.example"))
    assert event["SUMMARY"] == "Renew the certificate for shop.example, bücher.example (xn--bcher-kva.example)"
    assert event["URL"] == "https://keystay.example/#renew=5f0c"
    description = str(event["DESCRIPTION"])
    assert description.startswith("Browsers accept the certificate for shop.example, bücher.example")
    assert "until 20 February 2027." in description
    assert description.endswith("\n\nhttps://keystay.example/#renew=5f0c")
    assert event["TRANSP"] == "TRANSPARENT"


def test_hours_are_said_where_they_count() -> None:
    short = issued("shop.example", life=timedelta(hours=160))
    assert "until 29 November 2026, 04:00 UTC." in str(event_of(short)["DESCRIPTION"])
    assert certificate_view(short, CA).come_back == "Around 26 November 2026, 22:40 UTC"


async def test_hours_are_said_in_the_list_where_they_count() -> None:
    entry = await only_entry(issued("shop.example", life=timedelta(hours=160)))
    assert entry.words == "Come back around 26 November 2026, 22:40 UTC."


def test_a_second_file_takes_the_place_of_the_first() -> None:
    issuance = issued("shop.example")
    first, second = event_of(issuance), event_of(issuance, NOW + timedelta(days=1))
    assert first["UID"] == second["UID"]
    assert second["SEQUENCE"] > first["SEQUENCE"]
    assert first["UID"] != event_of(issued("shop.example"))["UID"]


def test_the_file_has_a_name_that_every_system_takes() -> None:
    assert reminder(issued("*.shop.example"), HOME, NOW.timestamp()).name == "renew-wildcard.shop.example.ics"


TEXTS: Final = st.text(st.characters(codec="utf-8"), max_size=300)


@given(TEXTS)
def test_any_text_arrives_as_it_was_and_no_line_is_too_long(text: str) -> None:
    own = Event("1@keystay", 0, NOW, all_day=True, written=NOW, summary=text, description=text, url=HOME)
    body = calendar(own)
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
    assert b"\n" not in body.replace(b"\r\n", b"")
    plain = "\n".join("".join(filter(str.isprintable, line)) for line in text.splitlines())
    assert str(event_in(body)["SUMMARY"]) == plain


# ---- the clicks ----


def only_file(visit: Visit) -> File:
    (file,) = visit.page.files
    return file


async def test_both_buttons_save_the_file_and_send_nothing() -> None:
    visit = Visit()
    await visit.issued()
    sent = len(visit.ca.requests)
    await visit.reminders.of_open()
    file = visit.page.files.pop()
    assert (file.name, file.type) == ("renew-shop.example.ics", "text/calendar")
    assert not file.private
    await visit.session.back()
    await visit.saved.refresh()
    await visit.saved.remind("1")
    assert event_in(only_file(visit).body)["UID"] == event_in(file.body)["UID"]
    assert visit.list.said == "renew-shop.example.ics is in your downloads."
    assert len(visit.ca.requests) == sent


async def test_what_is_due_has_no_button_for_a_reminder() -> None:
    due = await only_entry(issued("shop.example", window=RenewalWindow(NOW.timestamp() - 9, NOW.timestamp() + 9)))
    assert (due.status, [button.action for button in due.buttons]) == ("due", ["renew", "open", "change", "delete"])
    fine = await only_entry(issued("shop.example"))
    assert [button.action for button in fine.buttons] == ["open", "renew", "change", "remind", "delete"]


async def test_a_file_of_an_order_that_was_deleted_elsewhere_is_told() -> None:
    visit = Visit()
    await visit.saved.remind("1")
    assert visit.page.files == []
    assert "deleted" in visit.list.said


# ---- the link ----


async def test_the_link_leads_to_the_button_and_orders_nothing() -> None:
    visit = Visit()
    await kept(visit, issued("shop.example"))
    await visit.saved.follow_link(renewal_link(HOME, "5f0c").removeprefix(HOME))
    assert visit.list.pointed_at == "5f0c"
    assert visit.list.said == "Your calendar led you here: this is the certificate for shop.example."
    assert visit.ca.requests == []


async def test_the_link_says_where_it_is_of_no_use() -> None:
    visit = Visit()
    await kept(visit, issued("shop.example"))
    await visit.saved.follow_link("#renew=0000")
    assert visit.list.pointed_at == ""
    assert visit.list.message
    assert visit.list.message.title == "The certificate of that link is not in this browser"


async def test_a_link_to_what_was_renewed_says_so() -> None:
    visit = Visit()
    await kept(visit, issued("shop.example"), replace(issued("shop.example"), id="7", created=2000.0))
    await visit.saved.follow_link("#renew=5f0c")
    assert visit.list.pointed_at == ""
    assert visit.list.said.startswith("There is nothing to do: a newer certificate for shop.example")


@pytest.mark.parametrize("fragment", ["", "#", "#domains=a.example", "#renew=", "#renew", "#%", f"#renew={'a' * 300}"])
async def test_other_links_are_left_alone(fragment: str) -> None:
    visit = Visit()
    await kept(visit, issued("shop.example"))
    await visit.saved.follow_link(fragment)
    assert (visit.list.pointed_at, visit.list.said, visit.list.message) == ("", "", None)


@given(TEXTS)
def test_any_fragment_is_read(text: str) -> None:
    assert isinstance(linked_renewal(text), str)
