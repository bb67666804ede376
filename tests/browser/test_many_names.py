"""Many names: what is out of sight costs nothing, and is there for whoever looks for it."""

from typing import Final

from playwright.sync_api import expect

from tests.browser.person import Person

NAMES: Final = [f"n{i}.many.example" for i in range(20)]

IS_DRAWN: Final = "card => card.querySelector('pre').checkVisibility({ contentVisibilityAuto: true })"
CURSOR: Final = "() => getComputedStyle(document.querySelector('#names-fields[disabled]')).cursor"


def test_records_out_of_sight_are_not_laid_out_until_they_come_into_it(person: Person, page_url: str) -> None:
    person.open(page_url)
    person.fill_in(*NAMES)
    person.start()
    first, last = person.hook("record").first, person.hook("record").last
    first.scroll_into_view_if_needed()
    assert (first.evaluate(IS_DRAWN), last.evaluate(IS_DRAWN)) == (True, False)
    assert person.page.evaluate("words => find(words)", f"_acme-challenge.{NAMES[-1]}")
    last.scroll_into_view_if_needed()
    person.page.wait_for_function(IS_DRAWN, arg=last.element_handle())
    expect(last.locator("pre")).to_be_in_viewport()


def test_a_form_that_is_off_gives_nothing_to_all_that_is_in_it(person: Person, page_url: str) -> None:
    """What a fieldset passes on, such as Pico's pointer, would have the browser style each of its elements anew."""
    person.open(page_url)
    person.fill_in(NAMES[0])
    person.page.route("**/order-plz", lambda _route: None)  # it hangs
    person.hook("start").click()
    person.page.wait_for_selector("#names-fields[disabled]", state="attached")
    assert person.page.evaluate(CURSOR) == "auto"
