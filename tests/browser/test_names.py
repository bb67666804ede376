"""The list of names as understood, in the page."""

from typing import Final

from playwright.sync_api import expect

from tests.browser.person import Person

COUNT: Final = """() => {
    globalThis.counted = {};
    const count = (prototype, name) => {
        const original = prototype[name];
        prototype[name] = function (...given) {
            counted[name] = (counted[name] ?? 0) + 1;
            return original.apply(this, given);
        };
        return () => { prototype[name] = original; };
    };
    const undo = [count(Element.prototype, "getClientRects"), count(Node.prototype, "cloneNode")];
    globalThis.endCount = () => { undo.forEach((end) => end()); return counted; };
}"""
"""Counts what makes the browser lay out the page, and the elements that are made of templates."""


def test_each_word_is_judged_and_the_right_form_is_one_click_away(person: Person, page_url: str) -> None:
    person.open(page_url)
    person.fill_in("Shop.example", "shop.example.", "https://bücher.example/cart", "_dmarc.www.example", "nas.local", "i❤.ws")
    names = person.hook("name")

    def states() -> list[str | None]:
        return [entry.get_attribute("data-state") for entry in names.all()]

    assert states() == ["good", "merged", "changed", "wrong", "good", "good"]
    assert [entry.get_attribute("data-name") for entry in names.all()] == [
        *("shop.example", "shop.example", "xn--bcher-kva.example", "", "nas.local", "xn--i-7iq.ws"),
    ]
    expect(person.page.locator("#names-verdict")).to_contain_text("_dmarc.www.example: Certificates allow no underscore")
    expect(names.nth(0)).to_contain_text("In lower case")
    expect(names.nth(5)).to_have_text("i❤.ws (xn--i-7iq.ws)")
    person.page.get_by_role("button", name="Use www.example").click()
    expect(person.hook("domains")).to_have_value(
        "Shop.example shop.example. https://bücher.example/cart www.example nas.local i❤.ws"
    )
    expect(person.hook("domains")).to_be_focused()
    assert states() == ["good", "merged", "changed", "good", "good", "good"]
    expect(person.page.locator("#names-verdict")).to_have_text("5 names understood.")
    person.hook("ca").select_option("letsencrypt")
    expect(names.nth(4)).to_have_attribute("data-state", "wrong")
    person.hook("ca").select_option("practice")
    expect(names.nth(4)).to_have_attribute("data-state", "good")
    person.hook("ca").select_option("letsencrypt")
    names.nth(4).get_by_role("button", name="Remove it").click()
    expect(person.hook("domains")).to_have_value("Shop.example shop.example. https://bücher.example/cart www.example i❤.ws")
    expect(person.hook("domains")).to_be_focused()


def test_a_hundred_names_are_rendered_once_and_a_letter_renders_one_of_them(person: Person, page_url: str) -> None:
    person.open(page_url)
    page, names, domains = person.page, [f"n{n}.many.example" for n in range(100)], person.hook("domains")
    page.evaluate(COUNT)
    domains.fill("\n".join(names))  # the browser tells of each line by itself
    expect(person.hook("name")).to_have_count(100)
    expect(person.hook("challenge-of")).to_have_count(100)
    pasted = page.evaluate("endCount()")
    assert pasted["cloneNode"] <= 2 * len(names)
    assert pasted["getClientRects"] <= 10
    own, first = person.hook("challenge-of").last, person.hook("name").first.element_handle()
    page.evaluate("document.querySelector('#more-options').open = true")
    own.select_option("http-01")
    page.evaluate(COUNT)
    domains.press("Home")
    domains.press_sequentially("s")
    expect(person.hook("name").last).to_have_attribute("data-name", "sn99.many.example")
    expect(person.page.locator("#proofs li").last).to_contain_text("sn99.many.example")
    typed = page.evaluate("endCount()")
    assert typed["cloneNode"] <= 4
    assert typed["getClientRects"] <= 10
    assert first.evaluate("element => element.isConnected"), "the other names stay as they are"
    expect(own).to_have_value("")
    domains.press("Backspace")
    expect(own).to_have_value("http-01")  # as it was chosen for this name


def test_cards_set_the_selects_and_follow_them(person: Person, page_url: str) -> None:
    person.open(page_url)
    card, ca, challenge = person.page.get_by_role("radio"), person.hook("ca"), person.hook("challenge")
    file, staging = (person.page.get_by_role("radio", name=name) for name in ("I can put a file", "Let’s Encrypt staging"))
    expect(card.and_(person.page.locator(":checked"))).to_have_count(2)
    person.hook("domains").fill("*.shop.example")
    expect(person.page.locator("#tag-file")).to_have_text("Not for *.shop.example.")
    file.check()
    expect(challenge).to_have_value("http-01")
    expect(person.hook("name")).to_have_attribute("data-state", "wrong")
    expect(person.hook("start")).to_have_text("Get the files to publish")
    challenge.select_option("tls-alpn-01")
    expect(file).not_to_be_checked()
    challenge.select_option("dns-01")
    expect(person.page.get_by_role("radio", name="I can edit DNS records")).to_be_checked()
    expect(person.hook("name")).to_have_attribute("data-state", "good")
    staging.check()
    expect(ca).to_have_value("letsencrypt-staging")
    expect(person.page.locator("#hint-start")).to_contain_text("sends the names to Let’s Encrypt staging")
    ca.select_option("custom")
    expect(staging).not_to_be_checked()
    expect(person.page.locator("#question-ca :checked")).to_have_count(1)  # the option: no card shows it
    person.page.locator("#more-options > summary").click()
    person.hook("key-type").select_option("rsa-4096")
    expect(person.page.locator("#more-options > summary")).to_contain_text("Key: RSA 4096 · the CA’s usual kind")
    person.page.locator("#account-options > summary").click()
    person.hook("account-extractable").check()
    expect(person.page.locator("#account-options > summary")).to_contain_text("the account key can be taken out later")
