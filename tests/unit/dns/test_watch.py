"""Looking into DNS again and again: what is asked when, when it stops, and what it never does."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Final

import pytest

from app.acme.identifier import Identifier
from app.dns.checks.caa import CaaPolicy
from app.dns.checks.findings import Finding, Sighting
from app.dns.checks.report import DnsReport
from app.dns.entries import RecordEntry
from app.dns.watch import FEW_RECORDS, MAX_LOOKS, MAX_PAUSE, PAUSES, DnsWatch, WatchedOrder, next_look
from app.errors import NetworkError, PackageError
from tests.adapters import AlwaysVisible, FastClock
from tests.unit.dns.scripted_resolvers import ONE, ScriptedResolvers, said, txt

ZONES: Final = {"example": 3600, "shop.example": 300}
NAME: Final = "_acme-challenge.shop.example"
VALUE: Final = "LoqXcYV8q5ONbJQxbmR7SCTNo3tiAXDfowyjxAjEuX0"
OTHER: Final = "evaGxfADs6pSRb2LAv9IZf17Dt3juxGJ-PCt92wr-oA"
POLICY: Final = CaaPolicy(("ca.example",), "https://ca.example/account/1", ("dns-01",))


def entry(number: int, value: str, name: str = NAME) -> RecordEntry:
    """One value at `name`."""
    proves = ((Identifier("dns", "shop.example"),),)
    return RecordEntry(number, "shop.example", name, name, (value,), (value,), proves, "dns-01")


async def nothing_old() -> dict[str, frozenset[str]]:
    return {}


def order(*entries: RecordEntry, id_: str = "1", policy: CaaPolicy = POLICY, served: tuple[str, ...] = ()) -> WatchedOrder:
    return WatchedOrder(id_, (Identifier("dns", "shop.example"),), entries, served, policy, (), nothing_old)


class StoppedClock(FastClock):
    """A clock that never gets to the end of a pause by itself."""

    async def sleep(self, seconds: float) -> None:
        """See `app.ports.Clock.sleep`."""
        self.slept.append(seconds)
        await asyncio.Event().wait()


class Hidden(AlwaysVisible):
    """A page that is out of view until `shown` is set."""

    def __init__(self) -> None:
        self.shown = asyncio.Event()

    async def wait_until_visible(self) -> None:
        """See `app.ports.Visibility.wait_until_visible`."""
        await self.shown.wait()


class Watching:
    """A watch, its resolvers, and all of its reports. `on_report` may change what the resolvers say."""

    def __init__(
        self, resolvers: ScriptedResolvers, clock: FastClock | None = None, visibility: AlwaysVisible | None = None
    ) -> None:
        self.resolvers = resolvers
        self.clock = clock or FastClock()
        self.reports: list[DnsReport] = []
        self._told = asyncio.Event()
        self.on_report: Callable[[DnsReport], None] = lambda _: None
        self.watch = DnsWatch(resolvers.client(), self.clock, visibility or AlwaysVisible(), self._note)

    def _note(self, report: DnsReport) -> None:
        self.reports.append(report)
        self._told.set()
        self.on_report(report)

    async def until(self, wanted: Callable[[DnsReport], bool]) -> DnsReport:
        """Wait for a report that is `wanted`."""
        async with asyncio.timeout(60):  # a busy machine takes long
            while not any(map(wanted, self.reports)):
                self._told.clear()
                await self._told.wait()
        return next(filter(wanted, self.reports))

    @property
    def asked(self) -> set[tuple[str, str]]:
        """Names and types that were asked."""
        return {(question.name, question.type) for _, question in self.resolvers.asked}


def ended(report: DnsReport) -> bool:
    return bool(report.looked) and not report.looking


async def settle() -> None:
    """Give all that can go on its turns."""
    for _ in range(200):
        await asyncio.sleep(0)


def resolvers(*values: str) -> ScriptedResolvers:
    table = {("shop.example", "NS"): said("ns.shop.example.")}
    return ScriptedResolvers(table | ({(NAME, "TXT"): txt(*values)} if values else {}), zones=ZONES)


async def test_before_the_records_were_added_only_the_registered_domain_is_asked() -> None:
    watching = Watching(resolvers())
    watching.watch.watch(order(entry(1, VALUE)))
    report = await watching.until(lambda report: bool(report.caa))
    assert {name for name, _ in watching.asked} == {"shop.example"}
    assert [facts.domain for facts in report.zones] == ["shop.example"]
    assert report.order == "1"
    assert report.sightings == ()


async def test_the_addresses_of_names_with_files_are_asked_at_once() -> None:
    watching = Watching(resolvers())
    watching.watch.watch(order(served=("shop.example",)))
    report = await watching.until(lambda report: bool(report.addresses))
    assert report.addresses[0].name == "shop.example"


async def test_it_looks_again_with_growing_pauses_until_the_record_is_there() -> None:
    watching = Watching(resolvers())

    def publish_later(_: DnsReport) -> None:
        if len(watching.clock.slept) == 3:
            watching.resolvers.table[NAME, "TXT"] = txt(VALUE)

    # Nobody remembers for long that there was nothing.
    watching.resolvers.zones["shop.example"] = 1
    watching.on_report = publish_later
    watching.watch.watch(order(entry(1, VALUE)))
    watching.watch.added()
    report = await watching.until(lambda report: report.all_there and ended(report))
    assert [round(pause) for pause in watching.clock.slept] == [5, 10, 20]
    assert report.next_look is None
    asked = len(watching.resolvers.asked)
    await settle()
    assert len(watching.resolvers.asked) == asked  # nothing more is asked


async def test_what_is_there_is_asked_again_only_once_all_seems_there() -> None:
    second = "_acme-challenge.www.shop.example"
    watching = Watching(resolvers(VALUE), StoppedClock())
    watching.watch.watch(order(entry(1, VALUE), entry(2, OTHER, second)))
    watching.watch.added()
    await watching.until(ended)
    watching.resolvers.asked.clear()
    watching.resolvers.table[second, "TXT"] = txt(OTHER)
    watching.watch.look_now()
    await watching.until(lambda report: report.all_there and ended(report))
    names = [question.name for question in watching.resolvers.questions(ONE) if question.type == "TXT"]
    assert names[0] == second
    assert set(names[1:]) == {NAME, second}


async def test_a_click_does_not_wait_for_the_end_of_a_pause() -> None:
    watching = Watching(resolvers(), StoppedClock())
    watching.watch.watch(order(entry(1, VALUE)))
    watching.watch.added()
    await watching.until(lambda report: report.next_look is not None)
    watching.resolvers.table[NAME, "TXT"] = txt(VALUE)
    watching.watch.look_now()
    assert (await watching.until(lambda report: report.all_there)).added


async def test_nothing_is_asked_while_the_page_is_out_of_view() -> None:
    hidden = Hidden()
    watching = Watching(resolvers(), visibility=hidden)
    watching.watch.watch(order(entry(1, VALUE)))
    watching.watch.added()
    await watching.until(lambda report: report.next_look is not None)
    await settle()
    asked = len(watching.resolvers.asked)
    await settle()
    assert len(watching.resolvers.asked) == asked
    watching.resolvers.table[NAME, "TXT"] = txt(VALUE)
    hidden.shown.set()
    await watching.until(lambda report: report.all_there)


async def test_it_stops_by_itself_and_a_click_goes_on() -> None:
    watching = Watching(resolvers())
    watching.resolvers.zones["shop.example"] = 1
    watching.watch.watch(order(entry(1, VALUE)))
    watching.watch.added()
    await watching.until(lambda report: report.is_over)
    assert len(watching.clock.slept) == MAX_LOOKS - 1
    watching.resolvers.table[NAME, "TXT"] = txt(VALUE)
    watching.watch.look_now()
    assert not (await watching.until(lambda report: report.all_there and ended(report))).is_over


async def test_caa_records_are_looked_at_on_every_level_and_again_while_they_keep_the_ca_away() -> None:
    watching = Watching(resolvers(VALUE), StoppedClock())
    watching.resolvers.table["shop.example", "CAA"] = said('0 issue "other.example"')
    watching.watch.watch(order(entry(1, VALUE)))
    watching.watch.added()
    report = await watching.until(lambda report: report.all_there and ended(report))
    assert report.caa_blocks
    assert report.next_look is not None
    assert ("example", "CAA") in watching.asked
    watching.resolvers.table["shop.example", "CAA"] = said('0 issue "ca.example"')
    watching.watch.look_now()
    await watching.until(
        lambda report: report.all_there and not report.caa_blocks and report.next_look is None and ended(report)
    )


async def test_without_a_name_for_the_ca_nobody_is_asked_about_caa() -> None:
    watching = Watching(resolvers(VALUE))
    watching.watch.watch(order(entry(1, VALUE), policy=replace(POLICY, identities=())))
    watching.watch.added()
    await watching.until(lambda report: report.all_there)
    assert not any(type_ == "CAA" for _, type_ in watching.asked)


async def test_an_order_that_is_not_watched_any_more_is_not_asked_about() -> None:
    watching = Watching(resolvers())
    watching.watch.watch(order(entry(1, VALUE)))
    watching.watch.added()
    await watching.until(ended)
    watching.watch.stop()
    told, asked = len(watching.reports), len(watching.resolvers.asked)
    await settle()
    assert (len(watching.reports), len(watching.resolvers.asked)) == (told, asked)
    watching.watch.added()
    watching.watch.look_now()
    await settle()
    assert len(watching.resolvers.asked) == asked


async def test_a_report_is_never_about_another_order() -> None:
    watching = Watching(resolvers(VALUE))
    watching.watch.watch(order(entry(1, VALUE)))
    watching.watch.added()
    await watching.until(lambda report: report.all_there)
    watching.reports.clear()
    watching.watch.watch(order(entry(1, OTHER), id_="2"))
    assert watching.watch.report == DnsReport(order="2", resolvers=watching.resolvers.resolvers)
    await settle()
    assert {report.order for report in watching.reports} == {"2"}
    assert not any(report.sightings for report in watching.reports)


async def test_an_order_that_comes_back_is_looked_at_again() -> None:
    watching = Watching(resolvers(), StoppedClock())
    watching.watch.watch(order(entry(1, VALUE)))
    watching.watch.added()
    await watching.until(ended)
    watching.watch.stop()
    watching.resolvers.table[NAME, "TXT"] = txt(VALUE)
    watching.watch.watch(order(entry(1, VALUE)))
    await watching.until(lambda report: report.all_there)


async def test_records_that_another_form_numbers_otherwise_keep_what_was_seen() -> None:
    watching = Watching(resolvers(VALUE), StoppedClock())
    watching.watch.watch(order(entry(1, VALUE), entry(2, OTHER)))
    watching.watch.added()
    await watching.until(ended)
    watching.watch.watch(order(entry(1, OTHER), entry(2, VALUE)))
    assert {sighting.number: sighting.seen for sighting in watching.watch.report.sightings} == {1: "wrong", 2: "there"}


async def test_what_goes_wrong_is_told_and_ends_the_look() -> None:
    watching = Watching(resolvers())
    watching.watch.watch(order(entry(1, VALUE)))
    await watching.until(lambda report: bool(report.caa))

    async def fail(*_: object) -> object:
        raise PackageError("dnspython")

    client = watching.watch._client
    client.ask_each = fail  # type: ignore[method-assign, assignment]
    watching.watch.added()
    report = await watching.until(lambda report: report.error is not None)
    assert isinstance(report.error, PackageError)
    assert not report.looking
    del client.ask_each
    watching.resolvers.table[NAME, "TXT"] = txt(VALUE)
    watching.watch.look_now()
    assert (await watching.until(lambda report: report.all_there and ended(report))).error is None


async def test_a_resolver_that_cannot_be_reached_is_no_error() -> None:
    watching = Watching(resolvers(VALUE))
    silent = NetworkError(ONE.url)
    watching.resolvers.other[ONE.id] = silent
    watching.watch.watch(order(entry(1, VALUE)))
    watching.watch.added()
    report = await watching.until(lambda report: report.all_there)
    assert report.error is None
    assert report.sightings[0].by_resolver[ONE.id].reason == "unreachable"


async def test_a_resolver_is_made_to_forget_and_asked_again() -> None:
    watching = Watching(resolvers(), StoppedClock())
    watching.watch.watch(order(entry(1, VALUE)))
    watching.watch.added()
    await watching.until(ended)
    watching.resolvers.table[NAME, "TXT"] = txt(VALUE)
    await watching.watch.forget(ONE.id, 1)
    assert watching.resolvers.purged == [f"{ONE.purge}?domain={NAME}&type=TXT"]
    await watching.until(lambda report: report.all_there)
    await watching.watch.forget("two", 1)  # it has no way to do that
    await watching.watch.forget(ONE.id, 7)
    assert len(watching.resolvers.purged) == 1


@pytest.mark.parametrize(
    ("until", "looks", "after"),
    [
        ((), 1, PAUSES[0]),
        ((), 3, PAUSES[2]),
        ((), 50, PAUSES[-1]),
        ((40.0,), 1, 41.0),  # nothing else can come before
        ((40.0, 90.0), 1, 41.0),
        ((40.0, None), 1, PAUSES[0]),  # one resolver may see it at any time
        ((5000.0,), 1, MAX_PAUSE),
    ],
)
def test_it_is_not_looked_before_that_can_bring_anything(until: tuple[float | None, ...], looks: int, after: float) -> None:
    seen = {str(n): Finding("remembered", until=1000 + time) if time else Finding("not-yet") for n, time in enumerate(until)}
    sightings = [Sighting(1, Finding("not-yet"), seen)]
    assert next_look(sightings, 1000.0, looks) == 1000.0 + after


def test_the_more_is_missing_the_longer_are_the_pauses() -> None:
    there, missing = Sighting(1, Finding("there")), Sighting(2, Finding("not-yet"))
    assert next_look([there] * 90 + [missing] * FEW_RECORDS, 0.0, 1) == PAUSES[0]
    assert next_look([missing] * 5 * FEW_RECORDS, 0.0, 1) == 5 * PAUSES[0]
    assert next_look([missing] * 100 * FEW_RECORDS, 0.0, 9) == MAX_PAUSE
