"""Whatever resolvers answer, looking at records ends well, and what is there is never called wrong."""

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from app.dns.checks.records import look_at_records
from app.dns.lookup.question import Question
from app.errors import NetworkError
from app.ports import Response
from tests.unit.dns.forms import entries_at, proof
from tests.unit.dns.scripted_resolvers import ONE, THREE, TWO, Entry, Said, ScriptedResolvers, Table, bogus, lame, txt

NAMES = ("shop.example", "www.shop.example", "*.shop.example")
VALUES = tuple(letter * 43 for letter in "ABC")
ENTRIES = entries_at(None, *(proof(name, value) for name, value in zip(NAMES, VALUES, strict=True)))
PLACES = (
    "_acme-challenge.shop.example",
    "_acme-challenge.www.shop.example",
    "*.shop.example",
    "shop.example",
    "_acme-challenge.shop.example.shop.example",
    "acme-challenge.shop.example",
)

texts = st.lists(st.sampled_from((*VALUES, f'"{VALUES[0]}"', f"{VALUES[1]} ")) | st.text(max_size=60), max_size=3)
answers: st.SearchStrategy[Entry] = st.one_of(
    texts.map(lambda some: txt(*some)),
    texts.map(lambda some: Said(rcode="SERVFAIL", unchecked=txt(*some))),
    st.sampled_from(
        (
            bogus(text="x" * 900),
            lame(),
            Said(rcode="NXDOMAIN"),
            Said(rcode="REFUSED"),
            Response(200, {}, b"\0" * 12),
            Response(500, {}, b""),
            NetworkError("no-connection", detail="blocked"),
        )
    ),
)
aliases: st.SearchStrategy[Entry] = st.sampled_from(PLACES).map(lambda place: Said((f"{place}.",)))
tables: st.SearchStrategy[Table] = st.builds(
    lambda said, alias: {**said, **alias},
    st.dictionaries(st.sampled_from([(place, "TXT") for place in PLACES]), answers),
    st.dictionaries(st.sampled_from([(place, "CNAME") for place in PLACES]), aliases, max_size=2),
)
zones = st.dictionaries(st.sampled_from(("example", "shop.example", *PLACES[:2])), st.integers(0, 100_000))


@given(tables, st.dictionaries(st.sampled_from(("one", "two")), tables), zones)
def test_a_value_that_a_resolver_has_is_there_for_it_and_never_wrong(
    table: Table, other: dict[str, Table], kept: dict[str, int]
) -> None:
    resolvers = ScriptedResolvers(table, zones=kept, other=dict(other))
    old = {PLACES[0]: frozenset({VALUES[2]})}
    sightings = asyncio.run(look_at_records(resolvers.client(), ENTRIES, old, 1_000_000.0))
    assert [sighting.number for sighting in sightings] == [entry.number for entry in ENTRIES]
    for entry, sighting in zip(ENTRIES, sightings, strict=True):
        for resolver in (ONE, TWO, THREE):
            reply = asyncio.run(resolvers.client().ask(resolver, Question(entry.name, "TXT")))
            has_it = getattr(reply, "is_answered", False) and entry.texts[0] in getattr(reply, "texts", ())
            assert (sighting.by_resolver[resolver.id].seen == "there") is has_it
        if all(sighting.by_resolver[id_].seen == "there" for id_ in ("one", "two")):
            assert sighting.seen == "there"
