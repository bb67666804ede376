"""What the form offers beyond names and keys: the CA's profiles, a certificate request of one's own."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509
from playwright.sync_api import Locator, Page, expect

from tests.browser.person import Person, assert_good
from tests.conftest import PracticeFactory
from tests.integration.test_orders import PROFILES
from tests.nightly import nightly_after
from tests.unit.keys import native_key
from tests.unit.requests import der, pem, request_for
from tools.practice import PracticeCA


@pytest.mark.nightly
def test_a_profile_from_the_directory_is_issued(
    person: Person, practice_with: PracticeFactory, page_with: Callable[[PracticeCA], str], tmp_path: Path
) -> None:
    practice = practice_with(config={"profiles": PROFILES})
    person.open(page_with(practice))
    person.fill_in("profile.example")
    assert person.hook("profile").locator("option").count() == 1
    person.page.locator("#more-options > summary").click()
    expect(person.hook("profile").locator("option")).to_have_text(
        ["The CA’s own choice", "long: ninety days", "short: six days"]
    )
    person.hook("profile").select_option("short")
    person.start()
    person.publish()
    person.verify()
    files = person.take_files(tmp_path)
    assert_good(files, {"profile.example"}, practice.root_pem())
    leaf = files.chain[0]
    assert (leaf.not_valid_after_utc - leaf.not_valid_before_utc).days in (5, 6)


@pytest.mark.nightly
def test_own_request_as_a_der_file(person: Person, page_url: str, tmp_path: Path) -> None:
    key = native_key("rsa-2048", n=3)
    request = request_for("device.example", "*.device.example", key=key.private)
    person.open(page_url)
    person.fill_in("")
    person.page.locator("#more-options > summary").click()
    person.hook("csr-file").set_input_files({"name": "a.csr", "mimeType": "application/pkcs10", "buffer": der(request)})
    expect(person.hook("csr-summary")).to_contain_text("RSA 2048")
    expect(person.hook("domains")).to_have_value("device.example\n*.device.example")
    expect(person.hook("key-type")).to_be_disabled()
    person.start()
    person.publish()
    person.verify()
    expect(person.hook("download-privkey")).to_be_hidden()
    archive = zipfile.ZipFile(io.BytesIO(person.download("download-zip", tmp_path).read_bytes()))
    assert set(archive.namelist()) == {"cert.pem", "chain.pem", "fullchain.pem", "README.txt"}
    leaf = x509.load_pem_x509_certificate(archive.read("cert.pem"))
    assert leaf.public_key() == key.private.public_key()
    assert "where you made the certificate request" in archive.read("README.txt").decode()


def drag_file(page: Page, file: Path, target: Locator) -> None:
    """Drag a file of this computer onto `target` and let it go, as the browser's own events: scripts cannot make these."""
    target.scroll_into_view_if_needed()
    box = target.bounding_box()
    assert box
    at = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    data = {"items": [], "files": [str(file)], "dragOperationsMask": 1}
    session = page.context.new_cdp_session(page)
    for kind in ("dragEnter", "dragOver", "drop"):
        session.send("Input.dispatchDragEvent", {"type": kind, **at, "data": data})


@pytest.mark.parametrize("form", nightly_after(1, ["PEM", "DER"]))
def test_own_request_that_is_dropped(person: Person, page_url: str, tmp_path: Path, form: str) -> None:
    request = request_for("dropped.example")
    file = tmp_path / "dropped.csr"
    file.write_bytes(der(request) if form == "DER" else pem(request).encode())
    person.open(page_url)
    person.fill_in("")
    person.page.locator("#more-options > summary").click()
    drag_file(person.page, file, person.hook("csr"))
    expect(person.hook("csr")).to_have_value(pem(request))
    expect(person.hook("csr-summary")).to_contain_text("A certificate request for dropped.example with a key of type EC P-256")
    expect(person.hook("domains")).to_have_value("dropped.example")
    person.start()


DRAGGED_OVER = """(box, content) => {
    const data = new DataTransfer();
    data.items.add(...content === "file" ? [new File(["x"], "a.csr")] : ["x", "text/plain"]);
    const over = new DragEvent("dragover", { dataTransfer: data, cancelable: true, bubbles: true });
    box.dispatchEvent(over);
    return over.defaultPrevented;
}"""


def test_every_browser_is_told_that_a_file_may_be_dropped(person: Person, page_url: str) -> None:
    """HTML §6.11.5: a text box takes text by itself, but a file only where its dragover event was cancelled."""
    person.open(page_url)
    assert person.hook("csr").evaluate(DRAGGED_OVER, "file")
    assert not person.hook("csr").evaluate(DRAGGED_OVER, "text")


def test_own_request_for_other_names_is_refused_before_anything_is_sent(person: Person, page_url: str) -> None:
    person.open(page_url)
    person.fill_in("one.example")
    person.page.locator("#more-options > summary").click()
    person.hook("csr").fill(pem(request_for("two.example")))
    person.page.locator("#more-options > summary").click()
    person.hook("start").click()
    person.hook("error-summary").get_by_role("link").click()
    expect(person.hook("csr")).to_be_focused()
    expect(person.page.locator("#error-csr")).to_contain_text("Only in the request: two.example.")
