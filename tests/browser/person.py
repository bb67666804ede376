"""A person at the page: uses only the hooks that docs/hooks.md documents."""

import io
import json
import re
import urllib.request
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from playwright.sync_api import Locator, Page, expect

from tests.browser.settings import BOOT_TIMEOUT

ISSUE = 60_000  # milliseconds for any wait on the CA


PYTHON = re.compile(r"/runtime/.*\.(js|mjs|wasm|zip)$")
"""What Python is loaded from."""


def open_form(page: Page, url: str) -> None:
    """Open a page whose Python does not come until `page.unroute(PYTHON)`: for what the form does before it."""
    page.route(PYTHON, lambda _route: None)
    page.goto(url, wait_until="domcontentloaded")
    expect_form(page)


def reload_form(page: Page) -> None:
    """Load such a page again."""
    page.reload(wait_until="domcontentloaded")
    expect_form(page)


def expect_form(page: Page) -> None:
    """The form can be used, though Python is not up."""
    expect(page.get_by_test_id("start")).to_be_enabled()
    expect(page.locator("html")).to_have_attribute("data-app", "loading")


class PageError(AssertionError):
    """The page says that something went wrong; the text is in it."""


@dataclass(frozen=True)
class Files:
    """What came out of the zip: file names to bytes."""

    files: dict[str, bytes]

    @property
    def key(self) -> bytes:
        """privkey.pem."""
        return self.files["privkey.pem"]

    @property
    def chain(self) -> list[x509.Certificate]:
        """fullchain.pem, leaf first."""
        return x509.load_pem_x509_certificates(self.files["fullchain.pem"])


class Person:
    """Drives one page. Every wait is for a state that the page shows."""

    def __init__(self, page: Page, start_again: Callable[[str], bool] = lambda _: False) -> None:
        """`start_again` starts an address without loading it, and tells whether it could."""
        self.page = page
        self.start_again = start_again
        self.keys: list[bytes] = []  # every privkey.pem that was taken away

    def hook(self, name: str) -> Locator:
        """The element with this documented hook."""
        return self.page.get_by_test_id(name)

    def open(self, url: str) -> None:
        """Open the page and wait until Python is ready."""
        if not self.start_again(url):
            self.page.goto(url)
        self.wait_ready()

    def wait_ready(self) -> None:
        """Wait until Python is ready."""
        expect(self.page.locator("html")).to_have_attribute("data-app", "ready", timeout=BOOT_TIMEOUT)

    def fill_in(self, *names: str, challenge: str = "dns-01", key: str = "ec-p256", ca: str = "practice") -> None:
        """Fill in the form of step 1."""
        self.hook("domains").fill(" ".join(names))  # for each line break Chromium would tell the page of an input of its own
        self.hook("ca").select_option(ca)
        self.hook("challenge").select_option(challenge)
        if key != "ec-p256":
            self.page.locator("#more-options > summary").click()
            self.hook("key-type").select_option(key)
        self.hook("agree-tos").check()

    def start(self) -> None:
        """Press start and wait for what must be published."""
        self.hook("start").click()
        self.wait_step("prove")

    def start_another(self) -> None:
        """Leave the certificate, for the form again."""
        self.page.get_by_role("button", name="Get another certificate").click()
        self.wait_step("names")

    def open_saved(self) -> None:
        """Open the order that an earlier visit left behind, and wait until it needs a person or has come to its end."""
        self.hook("saved-open").first.click()
        self._wait_for(self.needs_publishing.or_(self.page.locator("main[data-step=certificate]")))

    def open_tools(self) -> None:
        """Open the tools: beside the second and the third step they are one closed row."""
        if not self.page.locator("#tools").evaluate("(tools) => tools.open"):
            self.page.locator("#tools > summary").click()

    def open_panel(self, panel: str) -> None:
        """Open the panel with this id, such as "keys-panel"."""
        self.open_tools()
        self.page.locator(f"#{panel} > summary").click()

    @property
    def needs_publishing(self) -> Locator:
        """The practice CA's button, while the page waits for a person to publish."""
        return self.page.locator("[data-testid=practice-publish]:enabled:visible")

    @property
    def step(self) -> str | None:
        """The step that the page shows."""
        return self.page.locator("main").get_attribute("data-step")

    def insist(self, button: str, step: str, patience: int = ISSUE, *, pressed: bool = False) -> int:
        """Press `button`, and again where the page says that something failed, until it shows `step`; how often again.

        `patience` is in milliseconds for each time. `pressed` tells that the button was pressed before.
        """
        for again in range(3):
            if again or not pressed:
                self.hook(button).click()
            try:
                self._wait_for(self.page.locator(f"main[data-step='{step}']"), patience)
            except PageError:
                continue
            return again
        raise AssertionError(f"pressing {button} does not help: {self.hook('error').text_content()}")

    def wait_step(self, step: str) -> None:
        """Wait until the page shows `step`; an error on the way stops the test with its text."""
        self._wait_for(self.page.locator(f"main[data-step='{step}']"))

    def _wait_for(self, wanted: Locator, patience: int = ISSUE) -> None:
        wanted.or_(self.hook("error")).first.wait_for(timeout=patience)
        if self.hook("error").is_visible():
            raise PageError(f"the page says: {self.hook('error').text_content()}")

    def publish_by_hand(self, records: str, *, but: str = "") -> None:
        """Publish each card in the record server at `records` (pebble-challtestsrv's management address), `but` that name's."""
        for card in self.hook("record").all():
            if card.get_attribute("data-identifier") == but:
                continue
            if str(card.get_attribute("data-type")).startswith("dns-"):
                name = card.get_by_test_id("record-name").inner_text()
                for value in card.get_by_test_id("record-value").all():
                    _post(records, "set-txt", {"host": f"{name}.", "value": value.inner_text()})
            else:
                token = card.get_by_test_id("file-url").inner_text().rpartition("/")[2]
                content = card.get_by_test_id("file-content").inner_text()
                _post(records, "add-http01", {"token": token, "content": content})

    def publish(self) -> None:
        """Press the practice CA's button and wait until it says that all is there."""
        self.hook("practice-publish").click()
        expect(self.hook("status")).to_contain_text("Published", timeout=ISSUE)

    def verify(self) -> None:
        """Press verify and wait for the certificate."""
        self.hook("verify").click()
        self.wait_step("certificate")

    def download(self, hook: str, folder: Path) -> Path:
        """Press a download button and keep the file in `folder` under its own name."""
        with self.page.expect_download() as waiting:
            self.hook(hook).click()
        path = folder / waiting.value.suggested_filename
        waiting.value.save_as(path)
        return path

    def take_files(self, folder: Path) -> Files:
        """Download the zip and open it."""
        with zipfile.ZipFile(io.BytesIO(self.download("download-zip", folder).read_bytes())) as archive:
            files = Files({name: archive.read(name) for name in archive.namelist()})
        self.keys.append(files.key)
        return files


def assert_good(files: Files, names: set[str], root_pem: str) -> None:
    """The chain verifies up to `root_pem`, carries exactly `names`, and its key is the one in the zip."""
    root = x509.load_pem_x509_certificate(root_pem.encode())
    links = [*files.chain, root]
    for lower, upper in pairwise(links):
        lower.verify_directly_issued_by(upper)
    leaf = files.chain[0]
    alternative = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert {str(entry.value) for entry in alternative} == names
    private = serialization.load_pem_private_key(files.key, None)
    spki = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    assert private.public_key().public_bytes(*spki) == leaf.public_key().public_bytes(*spki)


def _post(server: str, path: str, order: dict[str, str]) -> None:
    request = urllib.request.Request(f"{server}/{path}", json.dumps(order).encode(), method="POST")  # noqa: S310 – our own
    urllib.request.urlopen(request).close()  # noqa: S310
