"""The page in another language: no text is left out of the catalogue, and it loads what the English page loads.

The language is the pseudo-language of tests/pseudo_locale.py, in which each message stands in ⟦brackets⟧. One visit walks
through the states of the page; what is seen outside of brackets there, and is no value, is a text that nobody could translate.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import REJECTED_NONCE, Site
from tests.browser.person import ISSUE, Person
from tests.browser.settings import BOOT_TIMEOUT
from tests.browser.watch import Watch
from tests.pseudo_locale import TAG, pseudo_language
from tests.threaded_server import running
from tools.build import build_site
from tools.page_text import ATTRIBUTES, INLINE
from tools.paths import ROOT
from tools.ports import Ports
from tools.practice import PracticeCA
from tools.practice_address import Practice
from tools.serve import application

PANELS = ("account", "keys", "backup", "storage", "revoke", "ledger")

VALUES = (
    '[translate="no"]',  # what people copy, and what a CA said
    "#ca option, select[id$=-ca] option",  # names of CAs; where a message is made of one, it has brackets
    "#provider option",  # names of DNS providers; the one that is none has brackets
    "#profile option",  # what a CA says of its profiles
    "#saved :is([data-slot=title], [data-slot=ca])",  # the names of an order, and its CA
    "#proofs [data-slot=name]",
    "#result :is([data-slot=names], [data-slot=ca])",
    ".record [data-slot=identifier], #provider-of-zones [data-slot=zone]",
    "#provider option:not([value='']), #provider-of-zones option:not([value='']), #records-tool option",  # names of companies
    "#diagram .who",  # a name in several lines: only the first and the last of a message have brackets
)
"""Where texts stand that are the same in every language."""

NO_TEXT = r"^\d{3}( [\w ]+)?$"
"""What is none beside a message: the status of an HTTP response."""

FIND_UNTRANSLATED = r"""([within, values, noText, inline, attributes]) => {
    const root = document.querySelector(within);
    const words = /\p{L}{2}/u;
    const found = new Set();
    const isShown = (element) => {
        const select = element.closest("select");
        return select ? select.checkVisibility() && !element.closest("[hidden]") : element.checkVisibility();
    };
    const note = (element, text) => {
        if (!words.test(text) || RegExp(noText).test(text.trim()) || element.closest(values) || !isShown(element)) return;
        const path = [];
        for (let up = element; up && up.tagName !== "MAIN" && path.length < 4; up = up.parentElement) {
            const { slot, testid } = up.dataset;
            const mark = up.id ? `#${up.id}` : slot ? `[${slot}]` : testid ? `[${testid}]` : "";
            path.unshift(up.tagName.toLowerCase() + mark);
            if (up.id) break;
        }
        found.add(`${path.join(" > ")}: ${text.trim().replace(/\s+/g, " ").replace(/\d+/g, "0")}`); // each sentence once
    };
    const blockOf = (element) => {
        while (inline.includes(element.tagName.toLowerCase())) element = element.parentElement;
        return element;
    };
    let depth = 0;
    let block = null;
    const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    for (let node; (node = texts.nextNode()); ) {
        const own = blockOf(node.parentElement);
        if (own !== block) [block, depth] = [own, 0];
        let outside = "";
        for (const character of node.data) {
            if (character === "⟦") depth += 1;
            else if (character === "⟧") depth -= 1;
            else if (depth === 0) outside += character;
        }
        note(node.parentElement, outside);
    }
    for (const element of root.querySelectorAll("*")) {
        for (const name of attributes) {
            const text = element.getAttribute(name) ?? "";
            if (!text.includes("⟦")) note(element, text);
        }
    }
    if (!document.title.includes("⟦")) found.add(`title: ${document.title}`);
    return [...found];
}"""

OPEN_ALL = """async (within) => {
    for (let level = 0; level < 4; level += 1) { // what is unfolded may hold more
        const closed = document.querySelectorAll(`${within} details:not([open])`);
        if (closed.length === 0) break;
        for (const part of closed) part.open = true;
        await new Promise((resolve) => setTimeout(resolve, 30)); // it is filled when it hears of that
    }
}"""


class Reader:
    """Looks at each state of the page for what is not translated."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.left_out: dict[str, str] = {}  # text and place → the state in which it was seen first

    def read(self, state: str, within: str = "main") -> None:
        """Open what can be unfolded in `within`, and read all that is shown."""
        self._page.evaluate(OPEN_ALL, within)
        arguments: list[Any] = [within, ", ".join(VALUES), NO_TEXT, sorted(INLINE), sorted(ATTRIBUTES)]
        for text in self._page.evaluate(FIND_UNTRANSLATED, arguments):
            self.left_out.setdefault(text, state)

    @property
    def report(self) -> str:
        """One line for each text that was left out."""
        return "\n".join(f"[{state}] {text}" for text, state in self.left_out.items())


@pytest.fixture(scope="module")
def pseudo_site(practice: PracticeCA, page_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site with the pseudo-language; its practice CA is the one behind `page_url`."""
    folder, port = tmp_path_factory.mktemp("pseudo") / "site", Ports.free().page
    build_site(folder, Practice(page_url.rstrip("/"), practice.directory_url), None, [pseudo_language(ROOT)])
    with running(application(folder, None), port):
        yield Site(folder, f"http://localhost:{port}/")


@pytest.mark.timeout(300)  # one long visit instead of many starts
@pytest.mark.parametrize("thorough", [False, pytest.param(True, marks=pytest.mark.nightly)], ids=["quick", "all"])
def test_no_text_is_left_out(page: Page, pseudo_site: Site, watch: Watch, *, thorough: bool) -> None:
    """Nightly with each CA, each kind of proof and each stop of the tour."""
    watch.expect(REJECTED_NONCE)
    page.context.grant_permissions(["clipboard-write"])
    person, reader = Person(page), Reader(page)
    _before_python_is_up(person, reader, pseudo_site, watch)
    _form(person, reader, thorough=thorough)
    for panel in PANELS:
        reader.read(f"{panel} panel, empty", f"#{panel}-panel")
    _order(person, reader, *(("http-01", "tls-alpn-01", "dns-01") if thorough else ("dns-01",)))
    _panels(person, reader, stops=40 if thorough else 3)
    assert not reader.left_out, f"{len(reader.left_out)} texts are not in the catalogue:\n{reader.report}"


def _before_python_is_up(person: Person, reader: Reader, site: Site, watch: Watch) -> None:
    held: list[Route] = []
    person.page.route("**/pyodide.asm.wasm", lambda route: held.append(route))
    person.page.goto(f"{site.url}{TAG}/#domains=linked.example")
    expect(person.page.locator("html")).to_have_attribute("lang", TAG)
    expect(person.hook("domains")).to_have_value("linked.example")
    person.hook("start").click()
    reader.read("before Python is up", "body")
    person.hook("domains").fill("")
    held[0].continue_()
    expect(person.page.locator("html")).to_have_attribute("data-app", "ready", timeout=BOOT_TIMEOUT)
    assert len(held) == 1
    loaded = [sent.url.removeprefix(site.url) for sent in watch.traffic]
    assert [path.rpartition("/")[2] for path in loaded].count(f"keystay-{TAG.lower()}.zip") == 1
    assert loaded.count("static/data/cas.json") == 1
    assert {path for path in loaded if path.startswith(f"{TAG}/")} == {f"{TAG}/"}


def _form(person: Person, reader: Reader, *, thorough: bool) -> None:
    expect(person.page.locator("#error-domains")).to_be_visible()
    reader.read("the form with errors", "form")
    person.hook("domains").fill("a.example *.a.example bücher.example 192.0.2.1 a_b.example https://x.example/y com")
    person.hook("csr").fill("-----BEGIN NOTHING-----")
    person.hook("contact").fill("nobody")
    reader.read("names that cannot be read", "form")
    person.page.locator("#more-options").evaluate("(options) => { options.open = false; }")  # they would ask those CAs
    for ca in ("letsencrypt", "zerossl", "sslcom-ecc", "custom", "practice") if thorough else ("zerossl", "practice"):
        person.hook("ca").select_option(ca)
        reader.read(f"the form with {ca}", "#about-ca")
    for challenge in (
        ("http-01", "tls-alpn-01", "dns-account-01", "dns-persist-01", "dns-01") if thorough else ("http-01", "dns-01")
    ):
        person.hook("challenge").select_option(challenge)
        reader.read(f"the form with {challenge}", "form")
    person.page.locator("#more-options").evaluate("(options) => { options.open = false; }")
    person.hook("ca").select_option("custom")
    person.hook("directory-url").fill("http://ca.example")
    person.hook("start").click()
    expect(person.hook("error-summary")).to_be_visible()
    person.hook("ca").select_option("practice")
    reader.read("the form with other errors", "form")
    person.hook("ca-test").click()
    expect(person.hook("ca-test-result")).to_have_attribute("data-state", "good", timeout=ISSUE)
    reader.read("a CA that was tried", "form")
    for field in ("csr", "contact"):
        person.hook(field).fill("")


def _order(person: Person, reader: Reader, *challenges: str) -> None:
    """Files, certificates and records to publish; a proof that fails, and one that does not."""
    for challenge in challenges:
        person.fill_in("a.example", "b.example", challenge=challenge)
        person.start()
        person.page.locator(".record .copy").first.click()
        expect(person.page.locator("#copied")).not_to_be_empty()
        reader.read(f"what to publish for {challenge}")
        if challenge != "dns-01":
            person.page.locator("#back").click()
            person.wait_step("names")
            reader.read("an order in the list")
    person.hook("verify").click()
    expect(person.hook("error")).to_be_visible(timeout=ISSUE)
    reader.read("a proof that failed")
    person.hook("retry").click()
    expect(person.needs_publishing).to_be_visible(timeout=ISSUE)
    person.hook("practice-publish").click()
    expect(person.needs_publishing).to_be_visible(timeout=ISSUE)
    reader.read("everything is published")
    person.hook("verify").click()
    person.wait_step("certificate")
    reader.read("the certificate")
    person.hook("ask-window").click()
    expect(person.hook("window")).not_to_be_empty(timeout=ISSUE)
    reader.read("when to renew")


def _panels(person: Person, reader: Reader, stops: int) -> None:
    """All panels with something in them, a dialog, and the tour through the request log."""
    person.open_tools()
    person.hook("account-ask").click()
    expect(person.hook("account-state")).not_to_be_empty(timeout=ISSUE)
    person.hook("backup-make").click()
    expect(person.page.locator("#error-backup-passphrase")).to_be_visible()
    person.hook("restore").click()
    expect(person.page.locator("#error-restore-file")).to_be_visible()
    person.hook("import").click()
    expect(person.page.locator("#error-import-key")).to_be_visible()
    person.hook("revoke-by-key").click()
    expect(person.page.locator("#error-revoke-certificate")).to_be_visible()
    for panel in PANELS:
        reader.read(f"{panel} panel", f"#{panel}-panel")
    for hook in ("key-destroy", "keys-destroy-all", "account-close", "account-forget", "revoke"):
        person.hook(hook).first.click()
        expect(person.page.locator("#confirm")).to_be_visible()
        reader.read(f"the dialog of {hook}", "#confirm")
        person.hook("confirm-no").click()
    reader.read("what was left as it is")
    person.hook("tour-start").click()
    for stop in range(stops):
        reader.read(f"stop {stop + 1} of the tour", "#tour")
        if person.hook("tour-next").get_attribute("aria-disabled") == "true" or person.hook("tour-next").is_disabled():
            break
        person.hook("tour-next").click()
