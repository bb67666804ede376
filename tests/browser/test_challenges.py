"""The newer kinds of proof, in the page, against a real Pebble."""

import ssl
from pathlib import Path

import pytest
from cryptography import x509
from playwright.sync_api import expect

from tests.browser.person import Person, assert_good
from tests.nightly import nightly_after
from tools.ports import loopbacks
from tools.practice import PracticeCA


@pytest.mark.parametrize("kind", nightly_after(1, ["dns-account-01", "dns-persist-01"]))
def test_newer_dns_proof(person: Person, page_url: str, practice: PracticeCA, tmp_path: Path, kind: str) -> None:
    person.open(page_url)
    person.fill_in(f"{kind}.example", f"*.{kind}.example", challenge=kind)
    if kind == "dns-persist-01":
        person.hook("persist-until").fill("2099-12-31")
    person.start()
    expect(person.hook("record").first).to_have_attribute("data-type", kind)
    if kind == "dns-persist-01":
        expect(person.hook("record-value")).to_contain_text("policy=wildcard; persistUntil=4102444799")
    person.publish_by_hand(practice.records_url)
    person.verify()
    assert_good(person.take_files(tmp_path), {f"{kind}.example", f"*.{kind}.example"}, practice.root_pem())


@pytest.mark.nightly
def test_record_that_stays_is_said_to_stay(person: Person, page_url: str, tmp_path: Path) -> None:
    person.open(page_url)
    expect(person.hook("persist-until")).to_be_hidden()
    person.fill_in("lasting.example", challenge="dns-persist-01")
    person.start()
    expect(person.page.get_by_text("it says that your account may get")).to_be_visible()
    person.publish()
    person.verify()
    expect(person.page.get_by_text("Leave the records at")).to_be_visible()
    expect(person.page.get_by_text("Remove what you published")).to_be_hidden()
    assert "Leave the DNS records in place" in person.take_files(tmp_path).files["README.txt"].decode()


@pytest.mark.nightly
def test_addresses_by_a_file(person: Person, page_url: str, practice: PracticeCA, tmp_path: Path) -> None:
    hosts = loopbacks()
    person.open(page_url)
    person.fill_in(*hosts)
    expect(person.page.locator("#understood")).to_contain_text("No DNS record can prove an IP address.")
    person.hook("challenge").select_option("http-01")
    expect(person.page.locator("#understood")).not_to_contain_text("prove")
    expect(person.page.get_by_text("Let’s Encrypt does in its profile")).to_be_visible()
    person.start()
    person.publish_by_hand(practice.records_url)
    person.verify()
    assert_good(person.take_files(tmp_path), set(hosts), practice.root_pem())


def test_certificate_on_port_443(person: Person, page_url: str, practice: PracticeCA, tmp_path: Path) -> None:
    person.open(page_url)
    person.fill_in("tls.example", challenge="tls-alpn-01")
    person.start()
    expect(person.hook("tls-server-name")).to_have_text("tls.example")
    expect(person.hook("tls-command")).to_contain_text("-alpn acme-tls/1 -cert tls.example.pem")
    path = person.download("tls-file", tmp_path)
    assert path.name == "tls.example.pem"
    person.keys.append(path.read_bytes())
    certificate = x509.load_pem_x509_certificate(path.read_bytes())
    certificate.verify_directly_issued_by(certificate)
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(path)
    person.publish()
    person.verify()
    assert_good(person.take_files(tmp_path), {"tls.example"}, practice.root_pem())


@pytest.mark.nightly
def test_each_name_by_another_proof(person: Person, page_url: str, practice: PracticeCA, tmp_path: Path) -> None:
    kinds = ["dns-01", "http-01", "tls-alpn-01", "dns-account-01", "dns-persist-01"]
    names = [f"{kind}.mixed.example" for kind in kinds]
    person.open(page_url)
    person.fill_in("*.single.example", *names, challenge="http-01")
    person.page.locator("#more-options > summary").click()
    for name, kind in zip(["*.single.example", *names], ["dns-01", *kinds], strict=True):
        person.page.locator(f"[data-testid=challenge-of][data-identifier='{name}']").select_option(kind)
    person.page.reload()
    person.wait_ready()
    person.hook("agree-tos").check()
    for name, kind in zip(names, kinds, strict=True):
        expect(person.page.locator(f"[data-testid=challenge-of][data-identifier='{name}']")).to_have_value(kind)
    expect(person.hook("persist-until")).to_be_visible()
    person.start()
    shown = {card.get_attribute("data-identifier"): card.get_attribute("data-type") for card in person.hook("record").all()}
    assert shown == {**dict(zip(names, kinds, strict=True)), "single.example": "dns-01"}
    person.publish()
    person.verify()
    assert_good(person.take_files(tmp_path), {"*.single.example", *names}, practice.root_pem())
