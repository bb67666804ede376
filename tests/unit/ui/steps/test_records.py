"""Step 2: DNS records in the form of the person's provider."""

from dataclasses import replace
from typing import Final

import pytest

from app.acme.challenge import DnsRecord
from app.acme.identifier import Identifier
from app.dns.choices import ProviderChoices
from app.dns.providers import DnsProvider
from app.issuance.issuance import Issuance, Proof
from app.ui.steps.prove_models import RecordCard, RecordsModel
from app.ui.steps.record_texts import record_texts, record_tools
from app.ui.steps.records import records_model
from tests.unit.records import record
from tests.unit.visit import GOOD, Visit

IONOS: Final = DnsProvider(
    "ionos", "IONOS", host_label="Host name", where=("Menu", "{domain}", "DNS"), guesses=frozenset({"where"})
)
LINES: Final = DnsProvider("lines", "Lines", host_label="Record name", one_set=True, quotes=True, tool="route53")
WHOLE: Final = DnsProvider("whole", "Whole", host_label="Owner", name_form="full", trap="It is slow.")
DUCK: Final = DnsProvider("duckdns", "DuckDNS", name_form="full", max_values=1, own_domains=("duckdns.org",))
PROVIDERS: Final = (IONOS, LINES, WHOLE, DUCK)


def proofs(*names: str, label: str = "_acme-challenge", kind: str = "dns-01") -> tuple[Proof, ...]:
    """A proof of each name, whose value is "value of" that name."""
    identifiers = [Identifier("dns", name) for name in names]
    return tuple(
        Proof(name, "u", "c", DnsRecord(f"{label}.{name.base}", (f"value of {name.value}",)), "pending", kind=kind)
        for name in identifiers
    )


def order(*names: str) -> Issuance:
    return record(*names, state="proving", proofs=proofs(*names))


def shown(issuance: Issuance, provider: str = "", **by_zone: str) -> RecordsModel:
    zones = {zone.replace("_", "."): id_ for zone, id_ in by_zone.items()}
    return records_model(issuance, ProviderChoices(PROVIDERS, provider, zones), "Test CA")


def only(model: RecordsModel) -> RecordCard:
    (card,) = model.cards
    return card


BOTH: Final = order("shop.example", "*.shop.example")


def test_two_values_are_two_cards_which_say_that_both_are_needed() -> None:
    first, second = shown(BOTH, "ionos").cards
    assert (first.title, first.proves, first.values) == ("Record 1", "proves shop.example", ("value of shop.example",))
    assert (second.title, second.proves, second.values) == ("Record 2", "proves *.shop.example", ("value of *.shop.example",))
    assert first.host == second.host == "_acme-challenge"
    assert first.same_host == ""
    assert "record 1, on purpose" in second.same_host


def test_card_has_the_label_of_the_provider_and_keeps_the_full_name() -> None:
    card = only(shown(order("shop.example"), "ionos"))
    assert (card.host_label, card.host, card.name_label) == ("Host name", "_acme-challenge", "")
    assert card.name == "_acme-challenge.shop.example"


def test_provider_that_wants_the_full_name_gets_it_alone() -> None:
    card = only(shown(order("shop.example"), "whole"))
    assert (card.host_label, card.name_label, card.name) == ("", "Owner", "_acme-challenge.shop.example")


def test_without_a_provider_there_are_both_names() -> None:
    card = only(shown(order("www.shop.example")))
    assert (card.host_label, card.host) == ("Short name", "_acme-challenge.www")
    assert (card.name_label, card.name) == ("Full name", "_acme-challenge.www.shop.example")


def test_provider_with_one_record_of_several_lines_gets_one_card() -> None:
    card = only(shown(BOTH, "lines"))
    assert card.values == ('"value of shop.example"', '"value of *.shop.example"')
    assert card.proves == "proves shop.example and *.shop.example"
    assert card.value_label == "Values"
    assert card.lines


def test_records_stand_by_domain_and_are_numbered_through() -> None:
    model = shown(order("b.example", "www.a.example", "www.b.example", "bücher.example".encode("idna").decode()), "ionos")
    assert [zone.heading for zone in model.zones] == [
        "In b.example, at IONOS: 2 records",
        "In a.example, at IONOS: one record",
        "In bücher.example (xn--bcher-kva.example), at IONOS: one record",
    ]
    assert [card.number for card in model.cards] == [1, 2, 3, 4]
    assert [card.identifier for card in model.cards] == ["b.example", "www.b.example", "www.a.example", "xn--bcher-kva.example"]
    assert model.cards[3].proves == "proves bücher.example (xn--bcher-kva.example)"


def test_domain_may_have_a_provider_of_its_own() -> None:
    model = shown(order("a.example", "b.example", "c.example"), "ionos", b_example="whole", c_example="unknown")
    assert [zone.heading for zone in model.zones] == [
        "In a.example, at IONOS: one record",
        "In b.example, at Whole: one record",
        "In c.example: one record",
    ]
    assert model.providers.zones == ("b.example", "c.example")
    assert [zone.trap for zone in model.zones] == ["", "It is slow.", ""]
    assert model.zones[0].way.startswith("Usually under Menu › a.example › DNS. ")


def test_provider_that_holds_too_few_values_is_warned_of() -> None:
    model = shown(order("me.duckdns.org", "*.me.duckdns.org"))
    (warning,) = model.providers.warnings
    assert warning.startswith("DuckDNS can hold only one TXT value")
    assert [zone.heading for zone in model.zones] == ["In me.duckdns.org, at DuckDNS: 2 records"]
    assert [card.same_host for card in model.cards] == ["", ""]
    assert shown(order("me.duckdns.org")).providers.warnings == ()


def test_id_that_nobody_knows_is_no_provider() -> None:
    """It may come from a link, or from an older list."""
    assert shown(order("a.example"), "gone").zones == shown(order("a.example")).zones


def test_values_of_a_failed_order_can_be_compared_but_nothing_says_to_add_them() -> None:
    failed = shown(BOTH.moved("failed", 0.0), "whole")
    assert failed.failed
    assert [(zone.way, zone.trap) for zone in failed.zones] == [("", "")]
    assert failed.cards == shown(BOTH, "whole").cards


@pytest.mark.parametrize(
    ("kind", "label"), [("dns-account-01", "_abc._acme-challenge"), ("dns-persist-01", "_validation-persist")]
)
def test_other_kinds_of_record_take_the_same_form(kind: str, label: str) -> None:
    issuance = record("www.shop.example", challenge=kind, proofs=proofs("www.shop.example", label=label, kind=kind))
    card = only(shown(issuance, "ionos"))
    assert (card.kind, card.host) == (kind, f"{label}.www")


def test_provider_with_a_tool_has_it_chosen() -> None:
    assert shown(order("a.example"), "lines").tool == "route53"
    assert shown(order("a.example"), "ionos").tool == ""
    assert shown(order("a.example", "b.example"), "ionos", b_example="lines").tool == "route53"


@pytest.mark.parametrize("provider", ["", *(provider.id for provider in PROVIDERS)])
def test_hundred_names_of_any_length_lose_nothing(provider: str) -> None:
    long = ".".join(["a" * 60] * 3)
    names = [f"{long}.n{number}.example" for number in range(50)] + [f"*.{long}.n{number}.example" for number in range(50)]
    model = shown(order(*names), provider)
    assert {value.strip('"') for card in model.cards for value in card.values} == {f"value of {name}" for name in names}
    assert {card.name for card in model.cards} == {f"_acme-challenge.{long}.n{number}.example" for number in range(50)}
    assert [card.number for card in model.cards] == list(range(1, len(model.cards) + 1))
    assert len(model.zones) == 50
    assert len(model.providers.zones) == 49


async def test_records_follow_the_choice_at_once() -> None:
    visit = Visit("shop.example")
    visit.workflow.lists.providers = PROVIDERS
    await visit.open()
    await visit.session.start()
    visit.page.fields = replace(GOOD, provider="whole")
    visit.session.choose_provider()
    assert visit.page.view.prove
    assert visit.page.view.prove.records.zones[0].heading == "In shop.example, at Whole: one record"


def warnings(visit: Visit) -> int:
    return len(visit.page.providers.warnings)


async def test_form_says_before_an_order_that_a_provider_cannot_hold_it() -> None:
    visit = Visit(fields=replace(GOOD, domains="shop.example *.shop.example"))
    visit.workflow.lists.providers = PROVIDERS
    await visit.open()
    assert warnings(visit) == 0
    visit.page.fields = replace(visit.page.fields, provider="duckdns")
    visit.session.choose_provider()
    assert warnings(visit) == 1
    visit.page.fields = replace(visit.page.fields, challenges=(("shop.example", "http-01"),))
    visit.session.read_names()
    assert warnings(visit) == 0


async def test_form_offers_a_provider_for_each_further_domain_that_the_dns_is_to_prove() -> None:
    fields = replace(GOOD, domains="a.example www.a.example b.example c.example", challenges=(("c.example", "http-01"),))
    visit = Visit(fields=fields)
    await visit.open()
    assert visit.page.providers.zones == ("b.example",)


def test_text_to_send_has_every_name_and_value_as_it_is() -> None:
    letter = record_texts(shown(BOTH, "lines")).letter
    assert letter.startswith("For a TLS certificate from Test CA")
    for name in ("shop.example", "*.shop.example"):
        assert f"Value: value of {name}\n" in letter


def test_tool_of_the_provider_comes_first_and_another_can_be_chosen() -> None:
    texts = record_texts(shown(BOTH, "lines"))
    assert (texts.tool, texts.add.count("aws route53 change-resource-record-sets")) == ("route53", 1)
    assert record_texts(shown(BOTH, "ionos")).tool == "nsupdate"
    assert record_texts(shown(BOTH, "lines"), "powerdns").remove.startswith("pdnsutil ")
    assert record_texts(shown(BOTH, "lines"), "gone").tool == "route53"


def test_tool_of_a_provider_leaves_out_what_is_managed_elsewhere() -> None:
    model = shown(order("a.example", "b.example", "c.example"), "lines", b_example="ionos", c_example="unknown")
    own = record_texts(model, "route53")
    assert ("a.example" in own.add, "b.example" in own.add, "c.example" in own.add) == (True, False, True)
    assert own.needs.endswith("They leave out b.example, managed elsewhere.")
    assert "b.example" in record_texts(model, "nsupdate").add
    assert "a.example" in record_texts(shown(order("a.example"), "ionos"), "route53").add


@pytest.mark.parametrize("tool", [id_ for id_, _ in record_tools()])
def test_texts_of_each_tool_say_what_they_need_and_have_every_value(tool: str) -> None:
    texts = record_texts(shown(BOTH), tool)
    assert texts.needs
    assert texts.removes
    assert texts.add
    assert texts.remove
    for text in (texts.letter, texts.zone_file, texts.csv, texts.add):
        assert "value of shop.example" in text
        assert "value of *.shop.example" in text


def test_texts_of_a_hundred_names_are_whole() -> None:
    names = [f"n{number}.example" for number in range(100)]
    texts = record_texts(shown(order(*names)))
    assert len(texts.zone_file.splitlines()) == 100
    assert len(texts.csv.splitlines()) == 101
