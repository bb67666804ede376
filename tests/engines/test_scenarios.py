"""What a person does, once for all engines. `make test` does the first in each; `make test-engines` does all of them."""

from pathlib import Path

import pytest
from cryptography import x509

from tests.browser.person import assert_good
from tests.engines.conftest import OwnSite, Visit
from tests.engines.visitor import ERROR, Visitor, hook
from tools.practice import PracticeCA

PASSPHRASE = "five words that nobody knows"  # noqa: S105 – a test’s
TOUR = (
    "The directory",
    "A nonce",
    "The account",
    "The order",
    "What the CA wants to see",
)
"""The first steps of the tour."""


def test_main_job(visitor: Visitor, page_url: str, practice: PracticeCA) -> None:
    visitor.open(page_url)
    assert visitor.at.attribute("html", "data-storage") == "browser"
    visitor.issue("main.example", "*.main.example")
    assert_good(visitor.take_files(), {"main.example", "*.main.example"}, practice.root_pem())


@pytest.mark.nightly
def test_resume_after_a_reload(visitor: Visitor, page_url: str, practice: PracticeCA) -> None:
    visitor.open(page_url)
    visitor.fill_in("resumed.example")
    visitor.start()
    value = visitor.at.text(hook("record-value"))
    visitor.reload()
    assert visitor.at.attribute("main", "data-step") == "names"
    visitor.at.click(hook("saved-open"))
    visitor.wait_step("prove")
    assert visitor.at.text(hook("record-value")) == value
    visitor.publish()
    visitor.verify()
    visitor.reload()
    visitor.at.click(hook("saved-open"))
    visitor.wait_step("certificate")
    assert_good(visitor.take_files(), {"resumed.example"}, practice.root_pem())


@pytest.mark.nightly
def test_downloads(visitor: Visitor, page_url: str) -> None:
    visitor.open(page_url)
    visitor.issue("saved.example")
    files = visitor.take_files()
    for name in ("fullchain.pem", "privkey.pem"):
        assert visitor.download_as(f"download-{name.removesuffix('.pem')}") == (name, files.files[name])
    der = visitor.download("download-der")
    assert x509.load_der_x509_certificate(der) == files.chain[0]


@pytest.mark.nightly
def test_backup_and_restore(visit: Visit, page_url: str, practice: PracticeCA, tmp_path: Path) -> None:
    one = visit("one")
    one.open(page_url)
    one.fill_in("moved.example")
    one.at.click("#account-options > summary")
    one.at.click(hook("account-extractable"))
    one.start()
    one.open_panel("backup-panel")
    for field in ("backup-passphrase", "backup-again"):
        one.at.fill(hook(field), PASSPHRASE)
    name, content = one.download_as("backup-make")
    backup = tmp_path / name
    backup.write_bytes(content)

    other = visit("other")
    other.open(page_url)
    other.open_panel("backup-panel")
    other.at.type(hook("restore-file"), str(backup))
    other.at.fill(hook("restore-passphrase"), PASSPHRASE)
    other.at.click(hook("restore"))
    other.sees(hook("confirm-list"), "Order for moved.example")
    other.at.click(hook("confirm-yes"))
    other.sees(hook("restore-status"), "Restored: 1 order and 1 account.")
    other.at.click(hook("saved-open"))
    other.wait_step("prove")
    other.publish()
    other.verify()
    assert_good(other.take_files(), {"moved.example"}, practice.root_pem())


@pytest.mark.nightly
def test_two_tabs(visitor: Visitor, page_url: str, practice: PracticeCA) -> None:
    visitor.open(page_url)
    visitor.fill_in("followed.example")
    visitor.start()
    first = visitor.new_tab()
    visitor.open(page_url)
    visitor.at.click(hook("saved-open"))
    visitor.wait_step("prove")
    visitor.sees(hook("follower"), "Another tab is working on this order")
    assert not visitor.at.enabled(hook("verify"))
    second = str(visitor.at.do("GET", "/window"))
    visitor.go_to(first)
    assert not visitor.at.shows(hook("follower"))
    visitor.publish()
    visitor.close_tab()
    visitor.go_to(second)
    visitor.wait(lambda: not visitor.at.shows(hook("follower")), "the second tab takes over")
    visitor.verify()
    assert_good(visitor.take_files(), {"followed.example"}, practice.root_pem())


@pytest.mark.nightly
def test_storage_refused(visit: Visit, page_url: str, practice: PracticeCA) -> None:
    """Each engine refuses it by itself and in its own way: `tests/engines/engines.py` tells them."""
    refused = visit("one", refusing=True)
    refused.open(page_url)
    assert refused.at.attribute("html", "data-storage") == "memory"
    refused.sees(hook("storage-memory"), "Nothing is kept when this tab closes")
    refused.issue("memory.example")
    assert_good(refused.take_files(), {"memory.example"}, practice.root_pem())


@pytest.mark.nightly
def test_no_answer_and_another_try(visitor: Visitor, own_site: OwnSite, practice: PracticeCA) -> None:
    with own_site.served():
        visitor.open(own_site.url)
    visitor.fill_in("silent.example")
    visitor.at.click(hook("start"))
    visitor.sees_error("does not answer")
    with own_site.served():
        visitor.at.click(hook("start"))
        visitor.at.until(lambda: not visitor.at.shows(ERROR), "the error goes")
        visitor.wait_step("prove")
        visitor.publish()
        visitor.verify()
    assert_good(visitor.take_files(), {"silent.example"}, practice.root_pem())


@pytest.mark.nightly
def test_ledger_and_its_tour(visitor: Visitor, page_url: str) -> None:
    visitor.open(page_url)
    visitor.issue("told.example")
    visitor.at.click(hook("sent"))
    visitor.sees(hook("sent"), "0 private keys")
    visitor.sees(hook("diagram"), "Order: 1 name")
    order = '[data-testid="ledger-entry"][data-sort="newOrder"]'
    visitor.at.click(f"{order} summary")
    visitor.sees(order, "told.example")
    visitor.at.click(hook("tour-start"))
    for number, title in enumerate(TOUR, start=1):
        visitor.sees("#tour-title", f"Step {number} of 11")
        visitor.sees("#tour-title", title)
        visitor.at.click(hook("tour-next"))
    while visitor.at.enabled(hook("tour-next")):
        visitor.at.click(hook("tour-next"))
    visitor.sees("#tour-title", "The certificate")
    visitor.sees(hook("tour"), "First the certificate for told.example")
    visitor.at.click(hook("tour-end"))
    visitor.wait(lambda: not visitor.at.shows(hook("tour")), "the tour ends")
