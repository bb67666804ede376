"""A person in Chromium looks before the CA does: what both see is the same DNS."""

import re
from pathlib import Path

import dns.message
import dns.query
import pytest
from playwright.sync_api import expect

from tests.browser.person import ISSUE, Person, assert_good
from tests.dns.browser.conftest import CA
from tests.dns.orders import fresh
from tests.dns.servers import DnsServers
from tools.practice import PracticeCA

pytestmark = pytest.mark.nightly


def order(person: Person, page_url: str, name: str) -> tuple[str, str]:
    """Order a certificate for `name`, and allow to look into DNS. Gives name and value of the record."""
    person.open(page_url)
    person.fill_in(name, ca=CA)
    person.hook("dns-allow").check()
    person.start()
    card = person.hook("record")
    expect(card).to_have_attribute("data-seen", "unknown")
    return card.get_by_test_id("record-name").inner_text(), card.get_by_test_id("record-value").inner_text()


def look(person: Person, seen: str) -> str:
    """Say that the record was added, and wait until it is `seen` so; what the page says of it then."""
    person.hook("dns-check").click()
    expect(person.hook("record")).to_have_attribute("data-seen", seen, timeout=ISSUE)
    return "" if seen == "there" else person.hook("record-reason").inner_text()


def ca_refuses(person: Person) -> None:
    """Go on anyway: the CA does not issue."""
    person.hook("verify").click()
    expect(person.hook("error")).to_be_visible(timeout=ISSUE)


def test_from_a_wrong_name_to_a_certificate(
    person: Person, page_url: str, servers: DnsServers, ca: PracticeCA, tmp_path: Path
) -> None:
    certified = fresh("signed.example")
    name, value = order(person, page_url, certified)
    servers.publish_txt(f"{name}.signed.example", value)
    assert f"{name}.signed.example" in look(person, "wrong")
    servers.publish_txt(name, value)
    look(person, "there")
    person.verify()
    assert_good(person.take_files(tmp_path), {certified}, ca.root_pem())


def test_broken_signatures(person: Person, page_url: str, servers: DnsServers) -> None:
    name, value = order(person, page_url, fresh("bogus.example"))
    servers.publish_txt(name, value)
    assert "DNSSEC" in look(person, "wrong")
    expect(person.hook("caa-result")).to_contain_text("bogus.example cannot be trusted")
    ca_refuses(person)


def test_name_servers_that_do_not_answer(person: Person, page_url: str) -> None:
    order(person, page_url, "lame.example")
    assert "No name server of lame.example answers" in look(person, "wrong")
    ca_refuses(person)


def test_resolvers_that_disagree(person: Person, page_url: str, servers: DnsServers) -> None:
    name, value = order(person, page_url, fresh("slow.example"))
    dns.query.tcp(dns.message.make_query(name, "TXT"), "127.0.0.1", 5, servers.ports.validating)  # it keeps that in mind
    servers.publish_txt(name, value)
    words = look(person, "waiting")
    assert re.search(r"\((10 min 0|9 min \d+) s\)", words)  # counted down
    assert "First: remembers" in words
    assert "Second: there" in words


def test_caa_records_that_cannot_be_read(person: Person, page_url: str) -> None:
    order(person, page_url, "caa-fails.example")
    expect(person.hook("caa-result")).to_contain_text("caa-fails.example", timeout=ISSUE)
    expect(person.hook("verify")).to_be_enabled()


def test_caa_records_for_another_ca(person: Person, page_url: str, servers: DnsServers) -> None:
    name, value = order(person, page_url, fresh("caa.example"))
    expect(person.hook("caa-result")).to_contain_text("other.example", timeout=ISSUE)
    expect(person.hook("caa-result")).to_contain_text("pebble.letsencrypt.org")
    servers.publish_txt(name, value)
    look(person, "there")
    expect(person.hook("verify")).to_be_enabled()
