"""The list of names as understood, in the page."""

from playwright.sync_api import expect

from tests.browser.person import Person


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
    expect(person.page.locator("#names-verdict")).to_contain_text("_dmarc.www.example has an underscore")
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
