"""What the copy buttons copy: the value, whatever a browser that translates the page has made of its text."""

import pytest
from playwright.sync_api import expect

from tests.browser.person import Person

TRANSLATED = """() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const texts = [];
    while (walker.nextNode()) texts.push(walker.currentNode);
    const untouched = "script, style, textarea, option";
    for (const text of texts.filter((node) => node.data.trim() && !node.parentElement.closest(untouched))) {
        const font = document.createElement("font"); // as Google's translation in Chrome does
        font.textContent = "übersetzt";
        text.replaceWith(font);
    }
}"""


def pasted(person: Person) -> str:
    """What is on the clipboard: the page itself may not read it, so it is pasted into a box, as a person would."""
    person.open_tools()
    box = person.page.locator("#revoke-certificate")
    box.evaluate("(box) => { box.closest('details').open = true; }")
    box.fill("")
    box.press("Control+V")
    return box.input_value()


ANNOUNCED = """() => {
    const line = document.querySelector("#copied[role=status]");
    const { dataset } = document.body;
    dataset.announced = "";
    new MutationObserver(() => (dataset.announced += line.textContent)).observe(line, { childList: true });
}"""
"""Writes down what a screen reader is given to read out."""


@pytest.mark.nightly
def test_each_copy_is_announced(person: Person, page_url: str) -> None:
    """Also the second of the same value, while the answer to the first still stands."""
    person.open(page_url)
    person.page.context.grant_permissions(["clipboard-write"])
    person.fill_in("announced.example")
    person.start()
    person.page.evaluate(ANNOUNCED)
    copies = person.hook("record").locator(".copy")
    for button, said in ((copies.first, 1), (copies.first, 2), (copies.last, 3)):
        button.press("Enter")
        expect(person.page.locator("body")).to_have_attribute("data-announced", "Copied" * said)
        expect(button).to_be_focused()
    expect(person.page.locator("#copied")).to_be_empty()
    for button in copies.all():
        expect(button.locator("span").first).to_have_text("Copy")
    expect(person.page.locator("body")).to_have_attribute("data-announced", "Copied" * 3)


def test_values_are_copied_from_a_translated_page(person: Person, page_url: str) -> None:
    person.open(page_url)
    person.page.context.grant_permissions(["clipboard-write"])
    person.fill_in("copy.example", "*.copy.example")
    person.start()
    cards = person.hook("record")
    expect(cards).to_have_count(2)
    values = [card.get_by_test_id("record-value").inner_text() for card in cards.all()]
    assert values[0] != values[1]
    person.page.evaluate(TRANSLATED)
    for card, value in zip(cards.all(), values, strict=True):
        card.locator("[data-copy=value]").click()
        expect(person.page.locator("#copied")).to_have_text("Copied")
        assert pasted(person) == value
    cards.first.locator("[data-copy=host]").click()
    assert pasted(person) == "_acme-challenge"
    command = person.page.locator("#fingerprint-of-key").get_attribute("data-value")
    assert command
    assert command.startswith("openssl pkey -in privkey.pem")
