"""The account in the page: credentials, contact, its key."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.person import Person
from tests.browser.watch import Watch
from tests.conftest import PracticeFactory
from tests.integration.test_accounts import BINDING, MAC_KEY
from tools.practice import PracticeCA


def test_credentials_are_asked_for_where_the_ca_wants_them(
    person: Person, watch: Watch, practice_with: PracticeFactory, page_with: Callable[[PracticeCA], str]
) -> None:
    person.open(page_with(practice_with(config=BINDING)))
    expect(person.hook("eab-kid")).to_be_hidden()
    person.fill_in("bound.example")
    person.hook("start").click()
    expect(person.hook("error")).to_contain_text("credentials from its website")
    expect(person.hook("eab-kid")).to_be_focused()
    person.hook("eab-kid").fill("kid-1")
    person.hook("eab-key").fill("no key!")
    person.hook("start").click()
    expect(person.page.locator("#error-eab-key")).to_contain_text("This is no HMAC key")
    person.hook("eab-key").fill(MAC_KEY)
    person.start()
    person.publish()
    person.verify()
    assert all(MAC_KEY.encode() not in sent.body for sent in watch.traffic)


def test_contact_and_the_kind_of_key_are_taken_for_a_new_account(person: Person, page_url: str) -> None:
    person.open(page_url)
    person.fill_in("contact.example")
    person.page.locator("#account-options > summary").click()
    person.hook("contact").fill("nobody")
    person.hook("start").click()
    expect(person.page.locator("#error-contact")).to_contain_text("me@example.com")
    person.hook("contact").fill("me@shop.example")
    person.hook("account-key-type").select_option("rsa-2048")
    person.start()
