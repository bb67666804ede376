"""Delegated proofs in the real page, with a played deSEC (tests/played/desec.py) that publishes into the practice CA's DNS."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Route, expect

from app.ports import Request
from tests.browser import axe
from tests.browser.indexeddb import everything
from tests.browser.person import Person
from tests.browser.secrets import assert_absent, forms_of
from tests.browser.test_backup import make_backup
from tests.browser.test_dns_check import Dns
from tests.browser.watch import Sent, Watch
from tests.played.desec import API, TOKEN, PlayedDesec
from tools.practice import PracticeCA

NAME: Final = "delegated.example"
OWNER: Final = f"_acme-challenge.{NAME}"
MAX_RENEWALS: Final = 8
FOREIGN: Final = f"{API}**"


@pytest.fixture
def desec(person: Person, practice: PracticeCA, watch: Watch) -> Iterator[PlayedDesec]:
    """A deSEC that the page reaches at its own address."""
    dns = Dns(practice)

    def publish(name: str, values: list[str]) -> None:
        dns.do("clear-txt", name)
        for value in values:
            dns.do("set-txt", name, value=value)

    def answer(route: Route) -> None:
        sent = route.request
        response = played.answer(Request(sent.method, sent.url, sent.headers, sent.post_data_buffer or b""))  # type: ignore[arg-type]
        route.fulfill(status=response.status, headers=dict(response.headers), body=response.body)

    played = PlayedDesec(on_change=publish)
    watch.allow("desec.io")
    person.page.route(FOREIGN, answer)
    yield played
    person.page.unroute(FOREIGN)


def writes_to(desec: PlayedDesec) -> list[Request]:
    return [request for request in desec.requests if request.method == "PATCH"]


def wait_until_removed(person: Person, desec: PlayedDesec, target: str) -> None:
    """The page tidies up once it has the certificate."""
    while desec.values(target):
        person.page.wait_for_event("response")


def assert_no_token(text: str, place: str) -> None:
    found = [label for label, form in forms_of("token", TOKEN.encode()) if form in text.encode()]
    assert not found, f"{place} holds the token: {found}"


def test_a_renewal_is_one_click_and_the_token_is_nowhere_but_at_its_service(
    person: Person, page_url: str, practice: PracticeCA, desec: PlayedDesec, watch: Watch, tmp_path: Path
) -> None:
    dns = Dns(practice)
    person.page.emulate_media(reduced_motion="reduce")  # axe measures colours as they are at that moment
    person.open(page_url)
    person.fill_in(NAME, f"*.{NAME}")
    person.hook("dns-allow").check()
    person.start()
    person.hook("delegate-token").fill(TOKEN)
    person.hook("delegate-keep").check()
    person.hook("delegate").click()
    target = person.hook("cname-target").inner_text()
    assert (person.hook("cname-host").inner_text(), target) == (OWNER, f"{OWNER}.shop-owner.dedyn.io")
    expect(person.hook("delegate-token")).to_have_value("")
    axe.assert_accessible(person.page, "delegation, CNAME records to add")
    person.hook("delegate").click()
    expect(person.hook("error")).to_contain_text("There is no CNAME record")
    dns.do("set-cname", OWNER, target=f"{target}.")
    person.hook("delegate").click()
    person.wait_step("certificate")
    wait_until_removed(person, desec, target)
    assert person.take_files(tmp_path).chain

    writes = len(writes_to(desec))
    person.page.reload()
    person.wait_ready()
    person.hook("dns-allow").check()
    person.hook("saved-renew").click()  # the one click
    person.wait_step("certificate")
    for _ in range(MAX_RENEWALS):  # a CA may take an earlier proof for a new one, and Pebble does so by chance
        if len(writes_to(desec)) > writes:
            break
        person.start_another()
        person.hook("saved-renew").first.click()
        person.wait_step("certificate")
    wait_until_removed(person, desec, target)
    assert len(writes_to(desec)) == writes + 2

    elsewhere = [sent for sent in watch.traffic if not sent.url.startswith(API)]
    assert_absent(dict(forms_of("token", TOKEN.encode())), elsewhere)
    bodies = [Sent(sent.method, sent.url, {}, sent.body) for sent in watch.traffic if sent.url.startswith(API)]
    assert_absent(dict(forms_of("token", TOKEN.encode())), bodies)
    assert_no_token(json.dumps(everything(person.page)), "storage")
    person.open_panel("ledger-panel")
    har = person.download("ledger-har", tmp_path).read_text()
    assert_no_token(har, "the HAR file")
    assert "Token (token)" in har
    assert_no_token(person.page.content(), "the page")
    assert_no_token(make_backup(person, tmp_path).read_text("latin-1"), "the backup")


def test_trouble_at_the_service_leaves_the_way_by_hand(
    person: Person, page_url: str, practice: PracticeCA, desec: PlayedDesec, watch: Watch
) -> None:
    watch.expect("status of 401")
    desec.tokens = {}
    person.open(page_url)
    person.fill_in("byhand.example")
    person.start()
    person.hook("delegate").click()
    expect(person.page.locator("#error-delegate-token")).to_contain_text("Paste the token here")
    person.hook("delegate-token").fill(TOKEN)
    person.hook("delegate").click()
    expect(person.hook("error")).to_contain_text("deSEC does not accept the token")
    person.publish_by_hand(practice.records_url)
    person.verify()
