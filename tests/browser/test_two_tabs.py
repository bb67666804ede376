"""Two tabs of one browser on one record: one works, the other follows, and takes over when the first is gone."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Route, expect

from app.encoding.base64url import b64url_decode
from tests.browser.indexeddb import stored
from tests.browser.person import ISSUE, Person, assert_good
from tests.browser.used_page import UsedProfile
from tests.browser.watch import Watch
from tools.practice import PracticeCA


@pytest.fixture
def other(person: Person, used_profile: UsedProfile) -> Person:
    """The same person at another tab of the same browser."""
    used = used_profile.lend_another()
    beside = Person(used.page, used.start)
    beside.keys = person.keys
    return beside


def follow(person: Person, other: Person, page_url: str, name: str) -> None:
    """Order `name` in the one tab, and open the order in the other one, too."""
    person.open(page_url)
    person.fill_in(name)
    person.start()
    other.open(page_url)
    other.hook("saved-open").click()
    other.wait_step("prove")
    expect(other.hook("follower")).to_contain_text("Another tab is working on this order")
    expect(person.hook("follower")).to_be_hidden()


def test_other_tab_follows_up_to_the_certificate(
    person: Person, other: Person, page_url: str, practice: PracticeCA, tmp_path: Path
) -> None:
    follow(person, other, page_url, "followed.example")
    assert other.hook("record-value").inner_text() == person.hook("record-value").inner_text()
    for hook in ("verify", "practice-publish"):
        expect(other.hook(hook)).to_be_disabled()
        expect(person.hook(hook)).to_be_enabled()
    person.publish()
    person.verify()
    expect(other.page.locator("main")).to_have_attribute("data-step", "certificate")
    assert_good(other.take_files(tmp_path), {"followed.example"}, practice.root_pem())
    other.page.get_by_text("Revoke this certificate", exact=True).click()
    for hook in ("revoke", "ask-window"):
        expect(other.hook(hook)).to_be_disabled()
    person.page.locator("#again").click()
    expect(other.hook("follower")).to_be_hidden()
    expect(other.hook("revoke")).to_be_enabled()
    expect(other.hook("status")).to_contain_text("The other tab has stopped working on this order")
    expect(person.hook("saved-entry")).to_have_attribute("data-standing", "issued")
    person.hook("saved-open").click()
    expect(person.hook("follower")).to_be_visible()
    person.hook("follower-leave").click()
    expect(person.page.locator("main")).to_have_attribute("data-step", "names")


def test_other_tab_takes_over_when_the_first_is_closed_in_the_middle(
    person: Person, other: Person, page_url: str, practice: PracticeCA, watch: Watch, tmp_path: Path
) -> None:
    """The first tab hangs while it hands the request in: the second one does so, with the key that is there already."""
    watch.expect("status of 403")  # as the first tab goes, its request may get out after all: then the CA has it already
    follow(person, other, page_url, "middle.example")
    person.publish()
    person.page.route("**/finalize-order/**", lambda _route: None)  # it hangs
    with person.page.expect_request("**/finalize-order/**", timeout=ISSUE) as handed_in:
        person.hook("verify").click()
    expect(other.page.locator("#title-prove")).to_have_text("Everything is proven", timeout=ISSUE)
    expect(other.page.locator("#standing")).to_contain_text("middle.example is proven")
    expect(other.page.locator("#stop-waiting")).to_be_hidden()
    expect(other.hook("follower")).to_be_visible()
    key = next(name for name in stored(other.page, "keys") if name.startswith("certificate "))
    person.page.close()
    other.wait_step("certificate")
    expect(other.hook("follower")).to_be_hidden()
    assert_good(other.take_files(tmp_path), {"middle.example"}, practice.root_pem())
    assert [name for name in stored(other.page, "keys") if name.startswith("certificate ")] == [key]
    assert {sent.url for sent in watch.traffic if "/finalize-order/" in sent.url} == {handed_in.value.url}


@pytest.mark.nightly
def test_record_of_another_tab_is_not_deleted_and_nothing_is_destroyed(person: Person, other: Person, page_url: str) -> None:
    person.open(page_url)
    person.fill_in("kept.example")
    person.start()
    other.open(page_url)
    before = stored(other.page, "records"), stored(other.page, "keys")
    other.hook("saved-delete").click()
    other.hook("confirm-yes").click()
    expect(other.page.locator("#saved-error")).to_contain_text("Another tab is working on this order")
    other.open_panel("keys-panel")
    other.hook("keys-destroy-all").click()
    other.hook("confirm-tick").check()
    other.hook("confirm-yes").click()
    expect(other.page.locator("#keys-error")).to_contain_text("Another tab is working on this order")
    assert (stored(other.page, "records"), stored(other.page, "keys")) == before
    person.publish()
    person.verify()


def test_list_follows_other_tabs(person: Person, other: Person, page_url: str) -> None:
    person.open(page_url)
    other.open(page_url)
    expect(other.hook("saved-entry")).to_have_count(0)
    person.fill_in("seen.example")
    person.start()
    expect(other.hook("saved-entry")).to_contain_text("Waits for your DNS records")
    person.page.locator("#back").click()
    person.hook("saved-delete").click()
    person.hook("confirm-yes").click()
    expect(other.hook("saved-entry")).to_have_count(0)


@pytest.mark.nightly
def test_two_tabs_that_start_at_once_make_one_account(person: Person, other: Person, page_url: str, watch: Watch) -> None:
    """The first one's registration is held until the other one wants to register, too."""
    for someone, name in ((person, "one.example"), (other, "two.example")):
        someone.open(page_url)
        someone.fill_in(name)
    held: list[Route] = []
    context = person.page.context
    context.route("**/sign-me-up", lambda route: route.continue_() if held else held.append(route))
    with context.expect_event("request", lambda request: request.url.endswith("/sign-me-up")):
        for someone in (person, other):
            someone.hook("start").click()
    for someone in (person, other):
        expect(someone.page.locator("#waiting")).to_contain_text("Making the account key")
    held[0].continue_()
    for someone in (person, other):
        someone.wait_step("prove")
    registered = [json.loads(sent.body)["protected"] for sent in watch.traffic if sent.url.endswith("/sign-me-up")]
    assert len({json.dumps(json.loads(b64url_decode(header))["jwk"]) for header in registered}) == 1
    records = [json.loads(text) for name, text in stored(person.page, "records").items() if name.startswith("issuance ")]
    assert len({record["account_url"] for record in records}) == 1
    for there in (stored(person.page, "records"), stored(person.page, "keys")):
        assert len([name for name in there if name.startswith("account ")]) == 1


@pytest.mark.nightly
@pytest.mark.fresh_profile
def test_page_works_where_the_browser_has_no_locks(person: Person, page_url: str) -> None:
    """As in a page without https that is not on localhost."""
    person.page.add_init_script("delete Navigator.prototype.locks; delete globalThis.LockManager;")
    person.open(page_url)
    assert person.page.evaluate("navigator.locks === undefined")
    person.fill_in("lockless.example")
    person.start()
    person.page.reload()
    person.wait_ready()
    person.hook("saved-open").click()
    person.wait_step("prove")
    expect(person.hook("follower")).to_be_hidden()
