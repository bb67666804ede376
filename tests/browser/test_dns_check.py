"""The page looks into the practice DNS before the CA does: what is published wrongly, in each way that people do it."""

import json
import urllib.request
from collections.abc import Mapping
from typing import Any, Final

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.person import Person
from tools.practice import PracticeCA

WRONG: Final[Mapping[str, str]] = {
    "shift.example": "At the wrong name",
    "apex.example": "It is at the domain itself.",
    "plain.example": "The underscore at the start is missing.",
    "twice.example": "The domain is doubled.",
    "pair.example": "The other value at this name is there, this one is not.",
    "old.example": "The value there is one of an earlier order.",
    "quotes.example": "The quotation marks have become a part of the value.",
    "alias.example": "A CNAME record at this name leads",
    "wild.example": "A wildcard record answers in its place.",
}
"""Name → what the page says of its record. That of pair.example is for the wildcard; the other one is there."""


class Dns:
    """The DNS of the practice CA."""

    def __init__(self, practice: PracticeCA) -> None:
        self._url = practice.records_url

    def do(self, command: str, host: str, **fields: Any) -> None:
        """One command for the record server, about `host`."""
        body = json.dumps({"host": f"{host}.", **fields}).encode()
        request = urllib.request.Request(f"{self._url}/{command}", body, method="POST")  # noqa: S310 – our own
        urllib.request.urlopen(request).close()  # noqa: S310

    def publish_wrongly(self, name: str, value: str, old: str) -> None:
        """Publish `value` for `name` as somebody does who makes the mistake after which `name` is called."""
        right = f"_acme-challenge.{name}"
        places = {
            "shift.example": [f"_acme-challenge.www.{name}"],
            "apex.example": [name],
            "plain.example": [f"acme-challenge.{name}"],
            "twice.example": [f"{right}.{name}"],
            "wild.example": [right, f"*.{name}"],
        }
        values = {"old.example": old, "quotes.example": f'"{value}"', "wild.example": "v=spf1 -all"}
        if name == "alias.example":
            self.do("set-cname", right, target=f"proofs.{name}.")
            return
        for host in places.get(name, [right]):
            self.do("set-txt", host, value=values.get(name, value))

    def put_right(self, name: str, values: list[str]) -> None:
        """Publish `values` for `name` and nothing else."""
        for command in ("clear-cname", "clear-txt"):
            self.do(command, f"_acme-challenge.{name}")
        for value in values:
            self.do("set-txt", f"_acme-challenge.{name}", value=value)


def cards_of(person: Person) -> dict[str, list[Locator]]:
    """The cards of the records, by name."""
    cards: dict[str, list[Locator]] = {}
    for card in person.hook("record").all():
        cards.setdefault(str(card.get_attribute("data-identifier")), []).append(card)
    return cards


def value_of(card: Locator) -> str:
    return str(card.get_by_test_id("record-value").text_content())


@pytest.mark.timeout(120)
def test_what_is_published_wrongly_is_read_as_what_it_is_and_seen_to_turn(
    person: Person, page_url: str, practice: PracticeCA
) -> None:
    dns = Dns(practice)
    person.open(page_url)
    person.fill_in("old.example")
    person.start()
    old = value_of(person.hook("record"))
    expect(person.hook("dns-check")).to_be_hidden()  # nobody has allowed it
    expect(person.hook("record")).to_have_attribute("data-seen", "unknown")
    person.page.get_by_role("button", name="Start over").click()
    person.wait_step("names")

    dns.do("add-caa", "old.example", policies=[{"tag": "issue", "value": "other.example"}])
    person.fill_in(*WRONG, "*.pair.example")
    person.hook("dns-allow").check()
    person.start()
    expect(person.hook("verify")).to_have_text("Go on without a check")
    expect(person.hook("caa-result")).to_contain_text("old.example allows other CAs only")
    cards = cards_of(person)
    for name, of_name in cards.items():
        dns.publish_wrongly(name, value_of(of_name[0]), old)
    person.hook("dns-check").click()
    for name, of_name in cards.items():
        expect(of_name[-1]).to_have_attribute("data-seen", "wrong")
        expect(of_name[-1]).to_contain_text(WRONG[name])
        expect(of_name[-1].get_by_test_id("record-reason")).to_contain_text("What to do:")
    expect(cards["pair.example"][0]).to_have_attribute("data-seen", "there")
    expect(person.page.locator("#title-prove")).to_have_text("1 of 10 records is there")
    expect(person.hook("verify")).to_have_text("Go on anyway")
    expect(person.hook("verify")).to_be_enabled()

    dns.do("clear-caa", "old.example")
    for name, of_name in cards.items():
        dns.put_right(name, [value_of(card) for card in of_name])
    person.hook("dns-check").click()
    expect(person.page.locator("#title-prove")).to_have_text("All 10 records are there")
    expect(person.hook("caa-result")).to_contain_text("No CAA record keeps Practice CA from issuing")
    for card in person.hook("record").all():
        expect(card).to_have_attribute("data-seen", "there")
    expect(person.hook("verify")).to_have_text("Get the certificate from Practice CA")
    expect(person.hook("dns-check")).to_have_text("Check again")
    expect(person.hook("dns-check")).to_be_focused()
    person.verify()
