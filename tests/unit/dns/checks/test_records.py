"""Records of an order as resolvers see them, and why one is not there."""

import asyncio
from collections.abc import Mapping, Sequence
from urllib.parse import parse_qs, urlsplit

import pytest

from app.dns.checks.findings import Finding, Sighting
from app.dns.checks.records import forget_record, look_at_records
from app.dns.entries import RecordEntry
from app.dns.lookup.question import Question
from app.dns.providers import DnsProvider
from app.errors import NetworkError
from app.ports import Response
from tests.unit.dns.forms import entries_at, proof
from tests.unit.dns.scripted_resolvers import ONE, THREE, TWO, Said, ScriptedResolvers, Table, bogus, lame, said, txt

NOW = 1_000_000.0
ZONES = {"example": 900, "shop.example": 600}
NAME = "_acme-challenge.shop.example"
VALUE, SECOND, FOREIGN = "A" * 43, "B" * 43, "C" * 43


def look(
    resolvers: ScriptedResolvers,
    entries: Sequence[RecordEntry] = (),
    old: Mapping[str, frozenset[str]] | None = None,
    order: Sequence[RecordEntry] = (),
) -> tuple[Sighting, ...]:
    wanted = entries or entries_at(None, proof("shop.example", VALUE))
    return asyncio.run(look_at_records(resolvers.client(), wanted, old or {}, NOW, order))


def find(table: Table, *values: str, zones: Mapping[str, int] | None = None, name: str = "shop.example") -> Finding:
    """What is found for the records of `name` with `values`, the first of which is meant; one resolver answers from `table`."""
    entries = entries_at(None, *(proof(name, value) for value in values or (VALUE,)))
    return look(ScriptedResolvers(table, zones=ZONES if zones is None else zones, resolvers=(ONE,)), entries)[0].finding


def test_record_is_there_for_each_resolver() -> None:
    (sighting,) = look(ScriptedResolvers({(NAME, "TXT"): txt(VALUE)}, zones=ZONES))
    assert sighting == Sighting(1, Finding("there"), dict.fromkeys(("one", "two", "three"), Finding("there")))
    assert sighting.seen == "there"


@pytest.mark.parametrize("others", [(SECOND,), ("v=spf1 -all", FOREIGN), ('"' + VALUE + '"',)])
def test_other_values_beside_it_do_no_harm(others: tuple[str, ...]) -> None:
    assert find({(NAME, "TXT"): txt(*others, VALUE)}).reason == "there"


def test_value_of_several_strings_is_read_as_one() -> None:
    entry = entries_at(None, proof("shop.example", "x" * 300))
    assert look(ScriptedResolvers({(NAME, "TXT"): txt("x" * 300)}, zones=ZONES), entry)[0].seen == "there"


def test_record_that_is_found_by_a_cname_is_there_and_says_where() -> None:
    table: Table = {(NAME, "CNAME"): said("shop.dns.example."), ("shop.dns.example", "TXT"): txt(VALUE)}
    assert find(table) == Finding("there", "shop.dns.example")


@pytest.mark.parametrize(
    ("place", "reason"),
    [
        (f"{NAME}.shop.example", "doubled"),
        ("shop.example", "apex"),
        ("acme-challenge.shop.example", "no-underscore"),
        ("_acme_challenge.shop.example", "elsewhere"),
        ("_acme-challenges.shop.example", "elsewhere"),
        ("_acme-challenge.www.shop.example", "elsewhere"),
    ],
)
@pytest.mark.parametrize("at_name", [(), (FOREIGN,), (SECOND,)])
def test_value_at_a_wrong_name_is_found_there_whatever_is_at_the_right_one(
    place: str, reason: str, at_name: tuple[str, ...]
) -> None:
    finding = find(
        {(place, "TXT"): txt("v=spf1 -all", VALUE), (NAME, "TXT"): txt(*at_name) if at_name else Said()}, VALUE, SECOND
    )
    assert (finding.reason, finding.place, finding.missing, finding.seen) == (reason, place, (VALUE,), "wrong")


@pytest.mark.parametrize(
    ("place", "reason"),
    [
        ("_acme-challenge.www.shop.example.shop.example", "doubled"),
        ("www.shop.example", "apex"),
        ("shop.example", "apex"),
        ("acme-challenge.www.shop.example", "no-underscore"),
        ("_acme-challenge.shop.example", "elsewhere"),
    ],
)
def test_value_for_a_name_in_a_zone_is_found_where_it_was_typed_without_a_part(place: str, reason: str) -> None:
    finding = find({(place, "TXT"): txt(VALUE)}, name="www.shop.example")
    assert (finding.reason, finding.place) == (reason, place)


@pytest.mark.parametrize("published", [f'"{VALUE}"', f"'{VALUE}'", f'\\"{VALUE}\\"', f"“{VALUE}”", f' "{VALUE}" '])
def test_quotes_that_belong_to_a_form_are_told(published: str) -> None:
    finding = find({(NAME, "TXT"): txt(published)})
    assert (finding.reason, finding.values, finding.missing) == ("quotes", (published,), (VALUE,))


@pytest.mark.parametrize(
    "published",
    [f" {VALUE}", f"{VALUE}\n", f"{VALUE[:20]} {VALUE[20:]}", f"{VALUE[:9]}\r\n{VALUE[9:]}", f"\u200b{VALUE}\u00a0"],
)
def test_blanks_in_and_around_a_value_are_told(published: str) -> None:
    finding = find({(NAME, "TXT"): txt(published)})
    assert (finding.reason, finding.values) == ("blanks", (published,))


def test_one_value_of_two_names_the_record_that_is_there() -> None:
    entries = entries_at(None, proof("shop.example", VALUE), proof("*.shop.example", SECOND))
    resolvers = ScriptedResolvers({(NAME, "TXT"): txt(VALUE)}, zones=ZONES)
    one, two = look(resolvers, entries)
    assert one.finding == Finding("there")
    assert two.finding == Finding("one-of-two", values=(VALUE,), missing=(SECOND,), until=NOW + 300, other=1)
    (alone,) = look(resolvers, entries[1:], order=entries)
    assert alone.finding == two.finding


def test_one_value_of_two_in_one_record_of_two_lines() -> None:
    (entry,) = entries_at(DnsProvider("p", "P", one_set=True), proof("shop.example", VALUE), proof("*.shop.example", SECOND))
    (half,) = look(ScriptedResolvers({(NAME, "TXT"): txt(SECOND)}, zones=ZONES), (entry,))
    assert (half.finding.reason, half.finding.missing, half.finding.other) == ("one-of-two", (VALUE,), 0)
    (whole,) = look(ScriptedResolvers({(NAME, "TXT"): txt(SECOND, VALUE)}, zones=ZONES), (entry,))
    assert whole.seen == "there"


def test_value_of_an_earlier_order_is_known() -> None:
    resolvers = ScriptedResolvers({(NAME, "TXT"): txt(FOREIGN, "v=spf1 -all", ttl=120)}, zones=ZONES)
    (sighting,) = look(resolvers, old={NAME: frozenset({FOREIGN})})
    assert sighting.finding == Finding("old-value", values=(FOREIGN,), missing=(VALUE,), until=NOW + 120)


def test_other_values_are_told() -> None:
    assert find({(NAME, "TXT"): txt(FOREIGN)}) == Finding("other-value", values=(FOREIGN,), missing=(VALUE,), until=NOW + 300)
    assert find({(NAME, "TXT"): txt(VALUE.lower())}).reason == "other-value"


@pytest.mark.parametrize("records", [{"TXT": txt("v=spf1 -all")}, {"CNAME": said("parking.example.")}])
def test_wildcard_that_answers_is_told_from_a_record_of_its_own(records: Mapping[str, Said]) -> None:
    wildcard: Table = {("*.shop.example", type_): entry for type_, entry in records.items()}
    finding = find({**wildcard, ("shop.example", "A"): said("192.0.2.1")}, name="www.shop.example")
    assert (finding.reason, finding.place, finding.seen) == ("wildcard", "*.shop.example", "wrong")
    own: Table = {("_acme-challenge.www.shop.example", "TXT"): txt(VALUE)}
    assert find({**wildcard, **own}, name="www.shop.example").reason == "there"


def test_alias_says_where_it_ends_and_what_is_there() -> None:
    table: Table = {(NAME, "CNAME"): said("a.dns.example."), ("a.dns.example", "CNAME"): said("b.dns.example.")}
    there: Table = {("b.dns.example", "TXT"): txt(FOREIGN)}
    finding = find({**table, **there})
    assert (finding.reason, finding.place, finding.values) == ("alias", "b.dns.example", (FOREIGN,))
    assert find(table) == Finding("alias-dead-end", "b.dns.example", missing=(VALUE,), until=NOW + 900)


def test_delegated_name_is_told_from_one_that_is_empty() -> None:
    finding = find({(NAME, "NS"): said("ns.dns.example.")}, zones={**ZONES, NAME: 60})
    assert finding == Finding("delegated", NAME, missing=(VALUE,), until=NOW + 60)


def test_domain_that_does_not_exist_is_told() -> None:
    assert find({}, zones={"example": 900}) == Finding("no-domain", "shop.example", missing=(VALUE,), until=NOW + 900)


def test_name_in_a_zone_above_the_guessed_one_is_no_missing_domain() -> None:
    """Where names are given away in one zone, such as at DuckDNS, a name is no zone of its own."""
    finding = find({("shop.example", "A"): said("192.0.2.1")}, zones={"example": 900})
    assert finding == Finding("remembered", missing=(VALUE,), until=NOW + 900)


def test_nothing_yet_is_remembered_until_a_known_time() -> None:
    assert find({}) == Finding("remembered", missing=(VALUE,), until=NOW + 600)
    assert find({}, zones={"example": 0, "shop.example": 0}) == Finding("not-yet", missing=(VALUE,))


def test_broken_dnssec_is_told_with_the_words_of_the_resolver() -> None:
    assert find({(NAME, "TXT"): bogus(text="no RRSIG")}) == Finding("bogus", missing=(VALUE,), detail="no RRSIG")
    silent = Said(rcode="SERVFAIL", unchecked=txt(VALUE))
    assert find({(NAME, "TXT"): silent}).reason == "bogus"


def test_servers_that_fail_are_told() -> None:
    assert find({(NAME, "TXT"): lame("at 192.0.2.1")}) == Finding("lame", missing=(VALUE,), detail="at 192.0.2.1")
    assert find({(NAME, "TXT"): Said(rcode="SERVFAIL", unchecked=lame("none"))}).reason == "lame"
    assert find({(NAME, "TXT"): Said(rcode="SERVFAIL")}).reason == "server-failure"


def test_zone_of_which_nobody_learns_anything_has_no_name_server_that_answers() -> None:
    """Not all resolvers say why they fail, so the whole zone is asked for with checking off."""
    table: Table = {(NAME, "TXT"): Said(rcode="SERVFAIL"), ("shop.example", "SOA"): Said(rcode="SERVFAIL")}
    assert find(table) == Finding("lame", missing=(VALUE,))
    broken = Said(rcode="SERVFAIL", unchecked=said("ns1.shop.example. h.shop.example. 1 3600 600 86400 60"))
    assert find({**table, ("shop.example", "SOA"): broken}).reason == "server-failure"


def test_zone_in_which_a_cname_ends_is_not_the_one_that_is_asked_about() -> None:
    table: Table = {(NAME, "CNAME"): said("gone.dns.example."), ("gone.dns.example", "TXT"): Said(rcode="SERVFAIL")}
    finding = find({**table, ("shop.example", "SOA"): Said(rcode="SERVFAIL")})
    assert (finding.reason, finding.place) == ("server-failure", "gone.dns.example")


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        (Said(rcode="REFUSED"), "refused"),
        (Said(rcode="NOTIMP"), "refused"),
        (Said(rcode="NXDOMAIN", extended=((17, "Filtered"),)), "refused"),
        (Response(429, {}, b""), "refused"),
        (Response(200, {}, b"<html>"), "unreadable"),
        (NetworkError("no-connection", detail="blocked"), "unreachable"),
    ],
)
def test_resolver_that_does_not_answer_never_means_that_something_is_missing(
    entry: Said | Response | Exception, reason: str
) -> None:
    (sighting,) = look(ScriptedResolvers({(NAME, "TXT"): entry}, zones=ZONES, resolvers=(ONE,)))
    assert (sighting.finding.reason, sighting.seen) == (reason, "unknown")


def test_blocked_resolver_is_left_aside() -> None:
    blocked = NetworkError("no-connection", detail="blocked")
    (sighting,) = look(ScriptedResolvers({(NAME, "TXT"): txt(VALUE)}, zones=ZONES, other={"one": blocked}))
    assert sighting.seen == "there"
    assert sighting.by_resolver["one"].reason == "unreachable"
    (lost,) = look(ScriptedResolvers({("shop.example", "TXT"): txt(VALUE)}, zones=ZONES, other={"one": blocked}))
    assert (lost.finding.reason, lost.by_resolver["two"].place) == ("apex", "shop.example")


def test_resolvers_that_disagree_are_waited_for() -> None:
    late: Table = {(NAME, "TXT"): Said(rcode="NXDOMAIN")}
    (sighting,) = look(ScriptedResolvers({(NAME, "TXT"): txt(VALUE)}, zones=ZONES, other={"two": late}))
    assert (sighting.finding.reason, sighting.seen, sighting.finding.until) == ("disagree", "waiting", NOW + 600)
    assert sighting.by_resolver["two"].reason == "remembered"


def test_what_is_asked_is_bounded_and_not_repeated() -> None:
    entries = entries_at(
        DnsProvider("p", "P"), *(proof(f"{star}n{n}.shop.example", f"{star}{n}") for n in range(100) for star in ("", "*."))
    )
    resolvers = ScriptedResolvers({}, zones=ZONES)
    assert len(look(resolvers, entries)) == 200
    assert len(resolvers.questions(TWO)) == len(resolvers.questions(THREE)) == 100
    assert len(resolvers.asked) <= 300 + 60
    assert len(set(resolvers.questions(ONE))) == len(resolvers.questions(ONE))


def test_mistake_made_once_is_looked_for_at_all_names() -> None:
    names = [f"_acme-challenge.n{n}.shop.example" for n in range(60)]
    entries = entries_at(None, *(proof(f"n{n}.shop.example", f"{n:043}") for n in range(60)))
    table: Table = {(f"{name}.shop.example", "TXT"): txt(f"{n:043}") for n, name in enumerate(names)}
    found = look(ScriptedResolvers(table, zones=ZONES, resolvers=(ONE,)), entries)
    assert {sighting.finding.reason for sighting in found} == {"doubled"}


def test_names_beyond_the_bound_are_skipped() -> None:
    entries = entries_at(None, *(proof(f"n{n}.shop.example", VALUE) for n in range(400)))
    found = look(ScriptedResolvers({}, zones=ZONES, resolvers=(ONE,)), entries)
    assert sum(sighting.finding.reason == "skipped" for sighting in found) == 100
    assert {sighting.seen for sighting in found} == {"unknown", "waiting"}


def test_nothing_is_asked_beside_for_records_that_are_there() -> None:
    resolvers = ScriptedResolvers({(NAME, "TXT"): txt(VALUE)}, zones=ZONES)
    look(resolvers)
    assert resolvers.asked == [(id_, Question(NAME, "TXT")) for id_ in ("one", "two", "three")]


def test_values_of_strangers_are_cut_to_a_bound() -> None:
    assert len(find({(NAME, "TXT"): txt(*map(str, range(20)))}).values) == 8
    assert find({(NAME, "TXT"): txt("x" * 700)}).values == ("x" * 600,)


def test_without_resolvers_nothing_is_known() -> None:
    (sighting,) = look(ScriptedResolvers({}, resolvers=()))
    assert (sighting.seen, sighting.by_resolver) == ("unknown", {})


def test_what_was_asked_above_a_record_is_forgotten_with_it() -> None:
    resolvers = ScriptedResolvers({}, zones=ZONES)
    (own, deep) = entries_at(None, proof("shop.example", VALUE), proof("www.shop.example", VALUE))
    for entry in (own, deep):
        assert asyncio.run(forget_record(resolvers.client(), ONE, entry))
    purged = [parse_qs(urlsplit(url).query)["domain"] for url in resolvers.purged]
    assert purged == [[NAME], ["_acme-challenge.www.shop.example"], ["www.shop.example"]]
