"""The account in the page: credentials, contact, its key."""

import base64
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Route, expect

from tests.browser.conftest import ContextFactory
from tests.browser.person import Person
from tests.browser.secrets import assert_not_sent
from tests.browser.watch import Watch
from tests.conftest import PracticeFactory
from tests.integration.test_accounts import BINDING, MAC_KEY
from tests.unit.private_keys import key_files
from tools.practice import PracticeCA


@pytest.mark.nightly
def test_credentials_are_asked_for_where_the_ca_wants_them(
    person: Person, watch: Watch, practice_with: PracticeFactory, page_with: Callable[[PracticeCA], str]
) -> None:
    person.open(page_with(practice_with(config=BINDING)))
    expect(person.hook("eab-kid")).to_be_hidden()
    person.fill_in("bound.example")
    person.hook("start").click()
    expect(person.hook("error")).to_contain_text("credentials from its website")
    expect(person.hook("error-summary")).to_be_focused()
    person.hook("error-summary").get_by_role("link").click()
    expect(person.hook("eab-kid")).to_be_focused()
    expect(person.hook("eab-kid")).to_have_attribute("required", "")
    person.hook("eab-kid").fill("kid-1")
    person.hook("eab-key").fill("no key!")
    person.hook("start").click()
    expect(person.page.locator("#error-eab-key")).to_contain_text("This is not an HMAC key")
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


def open_panel(person: Person) -> None:
    person.open_panel("account-panel")


@pytest.mark.nightly
def test_an_account_is_looked_at_changed_and_closed(person: Person, page_url: str) -> None:
    person.open(page_url)
    open_panel(person)
    expect(person.page.locator("#account-none")).to_be_visible()
    open_panel(person)
    person.fill_in("panel.example")
    person.start()
    value = person.hook("record-value").inner_text()
    open_panel(person)
    person.hook("account-ask").click()
    expect(person.hook("account-state")).to_contain_text("State: in use")
    expect(person.hook("account-state")).to_contain_text("Order for panel.example: pending")
    person.hook("account-contact").fill("nobody")
    person.hook("account-update").click()
    expect(person.page.locator("#error-account-contact")).to_contain_text("me@example.com")
    person.hook("account-contact").fill("me@shop.example")
    person.hook("account-update").click()
    expect(person.hook("account-state")).to_contain_text("Contact: me@shop.example")
    person.hook("account-roll").click()
    expect(person.hook("account-status")).to_contain_text("The account has a new key")
    expect(person.hook("record-value")).not_to_have_text(value)
    person.publish()
    person.verify()
    person.hook("account-close").click()
    expect(person.hook("confirm-yes")).to_be_disabled()
    person.hook("confirm-tick").check()
    person.hook("confirm-yes").click()
    expect(person.hook("account-status")).to_contain_text("The account is closed")
    expect(person.page.locator("#account-none")).to_be_visible()


def test_a_private_key_in_a_field_does_not_leave_the_page(person: Person, page_url: str, watch: Watch, tmp_path: Path) -> None:
    person.open(page_url)
    person.fill_in("gate.example")
    person.page.locator("#account-options > summary").click()
    person.hook("account-extractable").check()
    person.start()
    open_panel(person)
    person.keys.append(person.download("account-pem", tmp_path).read_bytes())
    private = json.loads(person.download("account-jwk", tmp_path).read_text())["d"]
    sent = len(watch.traffic)
    person.hook("account-contact").fill(f"{private.strip('-_')}@shop.example")
    person.hook("account-update").click()
    expect(person.page.locator("#account-error")).to_contain_text("Keystay blocked a request")
    expect(person.page.locator("#account-error")).to_contain_text("private key material")
    assert all(b"shop.example" not in request.body for request in watch.traffic[sent:])


def test_a_key_that_the_page_never_saw_does_not_leave_it_as_key_id(
    person: Person, watch: Watch, practice_with: PracticeFactory, page_with: Callable[[PracticeCA], str]
) -> None:
    key = key_files()["P-256 PKCS#8 PEM"]
    person.open(page_with(practice_with(config=BINDING)))
    person.fill_in("gate.example")
    person.hook("start").click()
    expect(person.hook("eab-kid")).to_be_visible()
    with watch.sending_nothing(person.page):
        for text in (key.decode(), base64.urlsafe_b64encode(key).decode()):
            person.hook("eab-kid").fill(text.replace("\n", " "))
            person.hook("eab-key").fill(MAC_KEY)
            person.hook("start").click()
            expect(person.page.locator("#error-eab-kid")).to_contain_text("looks like a private key")
            expect(person.hook("error")).to_contain_text("Nothing was sent yet")
    assert_not_sent(key, watch.traffic)


@pytest.mark.nightly
def test_two_accounts_at_one_ca_are_told_apart(person: Person, page_url: str) -> None:
    person.open(page_url)
    expect(person.hook("account-choice")).to_be_hidden()
    person.fill_in("first.example")
    person.start()
    person.page.locator("#back").click()
    choice = person.hook("account-choice")
    expect(choice).to_be_visible()
    first = choice.input_value()
    expect(person.page.locator("#account-options")).to_be_hidden()
    choice.select_option(label="A new account")
    expect(person.page.locator("#account-options")).to_be_visible()
    person.hook("domains").fill("second.example")
    person.start()
    open_panel(person)
    expect(person.hook("account").locator("option")).to_have_count(2)
    person.page.locator("#back").click()
    assert choice.input_value() != first  # the one that ordered last
    person.hook("account").select_option(first)
    person.hook("account-forget").click()
    person.hook("confirm-tick").check()
    person.hook("confirm-yes").click()
    expect(person.hook("account-status")).to_contain_text("forgotten here")
    expect(person.hook("account").locator("option")).to_have_count(1)
    expect(choice.locator("option")).to_have_count(2)


@pytest.mark.nightly
def test_an_account_moves_to_another_browser_by_its_key(
    person: Person, page_url: str, new_context: ContextFactory, tmp_path: Path
) -> None:
    person.open(page_url)
    person.fill_in("moves.example")
    person.page.locator("#account-options > summary").click()
    person.hook("account-extractable").check()
    person.start()
    open_panel(person)
    jwk = person.download("account-jwk", tmp_path).read_text()
    pem = person.download("account-pem", tmp_path).read_bytes()
    person.keys.append(pem)
    person.hook("account-ask").click()
    expect(person.hook("account-state")).to_contain_text("State: in use")
    url = person.hook("account-state").locator("li").first.inner_text().removeprefix("Account: ")
    for text in (jwk, pem.decode()):
        other = Person(new_context().new_page())
        other.open(page_url)
        open_panel(other)
        other.hook("import").click()
        expect(other.page.locator("#error-import-key")).to_contain_text("private key")
        other.hook("import-key").fill(text)
        other.hook("import").click()
        expect(other.hook("account-status")).to_contain_text(url)
        expect(other.hook("import-key")).to_have_value("")
        expect(other.hook("account-pem")).to_be_hidden()
        other.fill_in("moved.example")
        other.start()


def forgetful(route: Route) -> None:
    """A CA that has lost its accounts and gives the key another one."""
    if route.request.url.endswith("order-plz"):
        headers = {"Replay-Nonce": "AAAA"}
        body = json.dumps({"type": "urn:ietf:params:acme:error:accountDoesNotExist", "detail": "who are you?"})
        route.fulfill(status=400, content_type="application/problem+json", headers=headers, body=body)
    else:
        response = route.fetch()
        headers = response.headers
        route.fulfill(response=response, headers={**headers, "location": f"{headers['location']}-other"})


@pytest.mark.nightly
def test_another_account_of_the_ca_takes_no_place_before_a_person_has_said_so(person: Person, page_url: str) -> None:
    person.open(page_url)
    person.fill_in("first-account.example")
    person.start()
    person.open(page_url)
    for path in ("order-plz", "sign-me-up"):
        person.page.route(f"**/{path}", forgetful)
    person.fill_in("other-account.example")
    person.hook("start").click()
    expect(person.page.locator("#confirm")).to_contain_text("Go on with a new account at Practice CA?")
    expect(person.page.locator("#confirm")).to_contain_text("when it is restarted")
    expect(person.hook("confirm-yes")).to_be_enabled()
    person.hook("confirm-no").click()
    expect(person.hook("error")).to_contain_text("has another account for this key")
    for path in ("order-plz", "sign-me-up"):
        person.page.unroute(f"**/{path}")
    person.start()
