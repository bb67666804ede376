"""A person in Chromium gets certificates from step-ca and OpenBao through a relay: neither lets browsers in by itself."""

from pathlib import Path

from playwright.sync_api import expect

from tests.browser.person import Person, assert_good
from tests.servers.ca_server import CAServer

NAMES = ("shop.example", "*.shop.example", "bücher.example")


def test_way_there_can_be_tried(person: Person, page_url: str, ca: CAServer) -> None:
    person.open(page_url)
    person.hook("ca").select_option(ca.name)
    person.page.get_by_text("About this CA").click()
    person.hook("ca-test").click()
    expect(person.hook("ca-test-result")).to_have_text(f"It works: this page can use {ca.name} through the relay.")


def test_apex_wildcard_and_idn_by_dns_records(person: Person, page_url: str, ca: CAServer, tmp_path: Path) -> None:
    person.open(page_url)
    person.fill_in(*NAMES, ca=ca.name)
    person.start()
    person.publish_by_hand(ca.records.url)
    person.verify()
    ascii_names = {name.encode("idna").decode("ascii") for name in NAMES}
    assert_good(person.take_files(tmp_path), ascii_names, ca.root)
