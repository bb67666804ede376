"""Each reason why a record is not seen, from real name servers through real resolvers."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from app.dns.checks.findings import Finding, Reason
from app.dns.lookup.client import ResolverClient
from app.dns.lookup.question import Answer, Question
from tests.adapters import HttpxHttp
from tests.dns.orders import Order, digest, fresh
from tests.dns.servers import DnsServers
from tests.dns.zones import LONG
from tests.nightly import nightly_after

Ask = Callable[..., ResolverClient]
TURNS_WITHIN = 20.0  # seconds
MAX_QUESTIONS = 2 * 100 + 300  # each resolver for each name, and why those are not there


@dataclass(frozen=True)
class Mistake:
    """What a person does instead of adding `value` at `_acme-challenge.{name}`: `at` that place, of that `kind`, that `text`.

    It is read as `reason`, at that `place`.
    """

    reason: Reason
    at: str = "_acme-challenge.{name}"
    text: str = "{value}"
    kind: str = "TXT"
    place: str = ""
    zone: str = "plain.example"


MISTAKES = [
    Mistake("doubled", at="_acme-challenge.{name}.{zone}", place="_acme-challenge.{name}.{zone}"),
    Mistake("quotes", text='"{value}"'),
    Mistake("alias", text="empty.{zone}.", kind="CNAME", place="empty.{zone}"),
    Mistake("apex", at="{name}", place="{name}"),
    Mistake("apex", at="{zone}", place="{zone}"),
    Mistake("no-underscore", at="acme-challenge.{name}", place="acme-challenge.{name}"),
    Mistake("elsewhere", at="_acme-challenge.{zone}", place="_acme-challenge.{zone}"),
    Mistake("blanks", text=" {value}"),
    Mistake("blanks", text="{value}\n"),
    Mistake("other-value", text="{other}"),
    Mistake("alias-dead-end", text="nothing.{zone}.", kind="CNAME", place="nothing.{zone}"),
    Mistake("doubled", at="_acme-challenge.{name}.{zone}", place="_acme-challenge.{name}.{zone}", zone="signed.example"),
]


async def seen(order: Order, client: ResolverClient) -> Finding:
    """What is seen of the order's first record."""
    return (await order.look(client))[0].finding


async def turned(order: Order, client: ResolverClient) -> Finding:
    """What is seen of it once resolvers have forgotten what was there before: at the end of this second."""
    deadline = time.monotonic() + TURNS_WITHIN
    found = await seen(order, client)
    while found.seen != "there" and time.monotonic() < deadline:
        found = await seen(order, client)
    return found


@pytest.mark.parametrize(
    "mistake", nightly_after(2, MISTAKES), ids=lambda mistake: f"{mistake.reason} {mistake.at} {mistake.zone}"
)
async def test_a_mistake_is_read_as_what_it_is_and_turns_when_it_is_put_right(
    servers: DnsServers, client: ResolverClient, mistake: Mistake
) -> None:
    order = Order([fresh(mistake.zone)])
    words = {"name": order.names[0], "zone": mistake.zone, "value": order.values[0], "other": digest()}
    at, text = mistake.at.format(**words), mistake.text.format(**words)
    publish = servers.publish_txt if mistake.kind == "TXT" else lambda at, text: servers.publish(at, mistake.kind, text)
    publish(at, text)
    found = await seen(order, client)
    assert (found.reason, found.place, found.missing) == (
        mistake.reason,
        mistake.place.format(**words),
        (order.values[0],),
    )
    servers.publish(at, mistake.kind)
    servers.publish_txt(order.record, order.values[0])
    assert (await turned(order, client)).reason == "there"


@pytest.mark.nightly
@pytest.mark.parametrize("zone", ["plain.example", "signed.example", "wild.example"])
async def test_a_record_that_is_there(servers: DnsServers, ask: Ask, zone: str) -> None:
    order = Order([fresh(zone)])
    servers.publish_txt(order.record, digest(), order.values[0], "something else")
    (sighting,) = await order.look(ask("first", "second"))
    assert [finding.reason for finding in sighting.by_resolver.values()] == ["there", "there"]
    answer = await ask("first").ask(servers.first, Question(order.record, "TXT"))
    assert isinstance(answer, Answer)
    assert answer.authentic == (zone == "signed.example")


@pytest.mark.nightly
async def test_a_value_behind_an_alias_is_there(servers: DnsServers, client: ResolverClient) -> None:
    order, target = Order([fresh("plain.example")]), fresh("signed.example")
    servers.publish(order.record, "CNAME", f"{target}.")
    servers.publish_txt(target, order.values[0])
    found = await seen(order, client)
    assert (found.reason, found.place) == ("there", target)


@pytest.mark.nightly
async def test_one_of_two(servers: DnsServers, client: ResolverClient) -> None:
    name = fresh("plain.example")
    order = Order([name, f"*.{name}"])
    servers.publish_txt(order.record, order.values[1])
    first, second = await order.look(client)
    assert (first.finding.reason, second.finding.reason) == ("one-of-two", "there")
    assert first.finding.values == (order.values[1],)


@pytest.mark.nightly
async def test_an_old_value_that_resolvers_keep_although_it_was_replaced(servers: DnsServers, ask: Ask) -> None:
    order, before = Order([fresh("slow.example")]), digest()
    order.old[order.record] = frozenset({before})
    servers.publish_txt(order.record, before, ttl=LONG)
    assert (await seen(order, ask("first"))).reason == "old-value"
    servers.publish_txt(order.record, order.values[0], ttl=LONG)
    found = await seen(order, ask("first"))
    assert (found.reason, found.values) == ("old-value", (before,))
    assert found.until is not None
    assert LONG - 60 < found.until - time.time() <= LONG
    assert (await seen(order, ask("second"))).reason == "there"  # it had not asked before


@pytest.mark.nightly
async def test_a_wildcard_that_answers(client: ResolverClient) -> None:
    found = await seen(Order([fresh("wild.example")]), client)
    assert (found.reason, found.place, found.values) == ("wildcard", "*.wild.example", ("from a wildcard",))


@pytest.mark.nightly
async def test_a_delegated_name(servers: DnsServers, client: ResolverClient) -> None:
    order = Order(["delegated.example"])
    found = await seen(order, client)
    assert (found.reason, found.place) == ("delegated", order.record)
    servers.publish_txt(order.record, order.values[0])
    assert (await turned(order, client)).reason == "there"


@pytest.mark.nightly
async def test_a_domain_that_does_not_exist(client: ResolverClient) -> None:
    found = await seen(Order(["shop.missing.example"]), client)
    assert (found.reason, found.place) == ("no-domain", "missing.example")


async def test_broken_signatures_and_why(servers: DnsServers, ask: Ask) -> None:
    order = Order([fresh("bogus.example")])
    servers.publish_txt(order.record, order.values[0])
    (sighting,) = await order.look(ask("first", "second"))
    assert sighting.finding.reason == "bogus"
    assert "signature expired" in sighting.finding.detail
    assert sighting.by_resolver["second"].reason == "there"  # it does not look, so what it says counts for nothing
    checked, without = [
        await ask("first").ask(servers.first, Question(order.record, "TXT", checking=checking)) for checking in (True, False)
    ]
    assert isinstance(checked, Answer)
    assert isinstance(without, Answer)
    assert (checked.rcode, checked.says_bogus) == ("SERVFAIL", True)
    assert (without.rcode, without.texts) == ("NOERROR", (order.values[0],))


@pytest.mark.parametrize("name", nightly_after(1, ["lame.example", "silent.example"]))
async def test_servers_that_refuse_or_are_silent(client: ResolverClient, name: str) -> None:
    assert (await seen(Order([name]), client)).reason == "lame"


@pytest.mark.nightly
async def test_name_that_is_delegated_to_nobody(client: ResolverClient) -> None:
    found = await seen(Order(["lost.delegated.example"]), client)
    assert found.reason in ("server-failure", "lame")  # the domain itself answers; a newer Unbound may say more


@pytest.mark.nightly
async def test_nothing_is_there_and_nobody_remembers_that(servers: DnsServers, client: ResolverClient) -> None:
    order = Order([fresh("plain.example")])
    found = await seen(order, client)
    assert (found.reason, found.until) == ("not-yet", None)
    servers.publish_txt(order.record, order.values[0])
    assert (await turned(order, client)).reason == "there"


async def test_nothing_is_there_and_that_is_remembered_until_a_time_that_does_not_move(servers: DnsServers, ask: Ask) -> None:
    order = Order([fresh("slow.example")])
    before = time.time()
    first = await seen(order, ask("first"))
    assert (first.reason, first.seen) == ("remembered", "waiting")
    assert first.until is not None
    assert before + LONG - 2 <= first.until <= time.time() + LONG
    servers.publish_txt(order.record, order.values[0])
    again = await seen(order, ask("first"))
    assert again.reason == "remembered"
    assert again.until == pytest.approx(first.until, abs=2)
    # One that asks only now sees it: they disagree, and the one that validates decides.
    (sighting,) = await order.look(ask("first", "second"))
    assert [finding.reason for finding in sighting.by_resolver.values()] == ["remembered", "there"]
    assert sighting.finding.reason == "disagree"
    assert sighting.finding.until == pytest.approx(first.until, abs=2)


@pytest.mark.nightly
async def test_asking_for_what_is_below_too_early_plants_that_there_is_nothing(servers: DnsServers, ask: Ask) -> None:
    order = Order([fresh("slow-signed.example")])
    asked = await ask("first").ask(servers.first, Question(order.names[0], "CAA"))
    assert isinstance(asked, Answer)
    assert asked.rcode == "NXDOMAIN"
    servers.publish_txt(order.record, order.values[0])
    assert (await seen(order, ask("first"))).reason == "remembered"  # RFC 8020
    assert (await seen(order, ask("second"))).reason == "there"


async def test_a_resolver_that_this_network_blocks_says_nothing_about_the_record(servers: DnsServers, ask: Ask) -> None:
    order = Order([fresh("plain.example")])
    servers.publish_txt(order.record, order.values[0])
    (sighting,) = await order.look(ask("nobody", "first"))
    assert {id_: finding.reason for id_, finding in sighting.by_resolver.items()} == {"nobody": "unreachable", "first": "there"}
    assert sighting.seen == "there"
    (sighting,) = await order.look(ask("nobody"))
    assert (sighting.finding.reason, sighting.seen) == ("unreachable", "unknown")


@pytest.mark.nightly
async def test_more_values_than_fit_into_a_packet(servers: DnsServers, client: ResolverClient) -> None:
    order = Order([fresh("plain.example")])
    servers.publish_txt(order.record, *(digest() for _ in range(60)), order.values[0])
    assert (await seen(order, client)).reason == "there"


@pytest.mark.nightly
async def test_a_record_that_stays_is_read_by_what_it_means(servers: DnsServers, client: ResolverClient) -> None:
    order, end = Order([fresh("signed.example")], "dns-persist-01"), int(time.time()) + 86400
    order.values = ["ca.example; accounturi=https://ca.example/account/1; policy=wildcard"]
    servers.publish_txt(order.record, "ca.example; accounturi=https://ca.example/account/2; policy=wildcard")
    assert (await seen(order, client)).reason == "other-value"
    published = f"CA.example;policy=wildcard ; accounturi=https://ca.example/account/1;persistUntil={end}"
    servers.publish_txt(order.record, published)
    assert (await turned(order, client)).expires == end


@pytest.mark.nightly
async def test_a_hundred_names_need_a_bounded_number_of_questions(servers: DnsServers, ask: Ask, http: HttpxHttp) -> None:
    order = Order([fresh(zone) for zone in ("plain.example", "signed.example") for _ in range(50)])
    for entry in order.entries[::2]:
        servers.publish_txt(f"{entry.name}.{entry.zone}", entry.texts[0])
    sightings = await order.look(ask("first", "second"))
    assert len(http.requests) <= MAX_QUESTIONS
    assert {sighting.finding.reason for sighting in sightings[::2]} == {"doubled"}
    assert {sighting.finding.reason for sighting in sightings[1::2]} <= {"not-yet", "remembered"}
