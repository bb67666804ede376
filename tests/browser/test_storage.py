"""Where things are kept: in memory where the browser lets nothing be stored, and what is said of room, promise and loss."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Dialog, Page, expect

from tests.browser.conftest import Site
from tests.browser.indexeddb import stored
from tests.browser.person import Person, assert_good
from tests.browser.watch import Watch
from tools.practice import PracticeCA

pytestmark = pytest.mark.fresh_profile  # the browser itself is told to behave otherwise

REFUSALS = {
    "missing": "Object.defineProperty(window, 'indexedDB', { value: undefined, configurable: true })",
    "throws": """{
        const deny = () => { throw new DOMException('denied', 'SecurityError') };
        IDBFactory.prototype.open = deny;
        globalThis.BroadcastChannel = class { constructor() { deny() } };
        for (const name of ['sessionStorage', 'localStorage']) Object.defineProperty(globalThis, name, { get: deny });
    }""",
    "never answers": "IDBFactory.prototype.open = () => ({})",
    "refuses": """IDBFactory.prototype.open = () => {
        const request = { error: new DOMException('no database here', 'InvalidStateError') };
        setTimeout(() => request.onerror(new Event('error')));
        return request;
    }""",
    "takes no keys": """IDBObjectStore.prototype.put = new Proxy(IDBObjectStore.prototype.put, {
        apply(put, store, [value, name]) {
            if (value instanceof CryptoKey || value.privateKey) throw new DOMException('cannot be cloned', 'DataCloneError');
            return put.call(store, value, name);
        },
    })""",
}
"""How browsers refuse IndexedDB, or all storage.

"throws" is Firefox without cookies; the last one is Safari in private windows and in lockdown mode.
"""

COUNT_ASKING = """
    globalThis.asked = 0;
    StorageManager.prototype.persisted = async () => globalThis.asked > 0 && ANSWER;
    StorageManager.prototype.persist = async () => { globalThis.asked += 1; return ANSWER; };
"""


def open_panel(person: Person) -> None:
    person.open_panel("storage-panel")


def origin_of(url: str) -> str:
    return "{0.scheme}://{0.netloc}".format(urlsplit(url))


# ---- In memory ----


@pytest.mark.parametrize(
    "refusal",
    [
        "missing",
        *(pytest.param(name, marks=pytest.mark.nightly) for name in ("takes no keys", "throws", "never answers", "refuses")),
    ],
)
def test_a_certificate_without_indexeddb(
    refusal: str, person: Person, page_url: str, practice: PracticeCA, tmp_path: Path
) -> None:
    person.page.add_init_script(REFUSALS[refusal])
    person.open(page_url)
    expect(person.hook("storage-memory")).to_contain_text("Nothing is kept when this tab closes")
    person.fill_in("memory.example", "*.memory.example")
    person.start()
    expect(person.page.locator("#when-to-verify")).to_contain_text("Leave this tab open")
    expect(person.page.locator("#when-to-verify")).not_to_contain_text("You can close this tab", use_inner_text=True)
    person.publish()
    person.verify()
    assert_good(person.take_files(tmp_path), {"memory.example", "*.memory.example"}, practice.root_pem())


def test_in_memory_a_tab_asks_before_it_closes_as_long_as_there_is_something_to_lose(person: Person, page_url: str) -> None:
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    person.page.on("dialog", stay)
    person.page.add_init_script(REFUSALS["throws"])
    person.open(page_url)
    person.hook("domains").fill("nothing-to-lose.example")
    person.page.reload()
    person.wait_ready()
    assert asked == []
    person.fill_in("something-to-lose.example")
    person.start()
    person.page.reload()
    person.wait_ready()
    assert asked == ["beforeunload"]
    expect(person.page.locator("#saved-list")).to_be_hidden()


@pytest.mark.nightly
def test_in_memory_keys_say_so_and_a_backup_can_be_made_and_restored(person: Person, page_url: str, tmp_path: Path) -> None:
    person.page.on("dialog", lambda dialog: dialog.accept())
    person.page.add_init_script(REFUSALS["missing"])
    person.open(page_url)
    person.fill_in("moved.example")
    person.page.locator("#account-options > summary").click()
    person.hook("account-extractable").check()
    person.start()
    person.page.locator("#back").click()
    expect(person.hook("saved-entry")).to_have_count(1)
    person.open_panel("keys-panel")
    expect(person.hook("key-entry").first).to_contain_text("the memory of this tab only")
    assert person.page.evaluate("localStorage.length") == 0
    person.open_panel("backup-panel")
    for field in ("backup-passphrase", "backup-again"):
        person.hook(field).fill("five words that nobody knows")
    file = person.download("backup-make", tmp_path)
    person.page.reload()
    person.wait_ready()
    person.open_panel("backup-panel")
    person.hook("restore-file").set_input_files(file)
    person.hook("restore-passphrase").fill("five words that nobody knows")
    person.hook("restore").click()
    person.hook("confirm-yes").click()
    expect(person.hook("restore-outcome")).to_contain_text("moved.example")


# ---- In the browser ----


def test_nothing_but_the_pages_own_database_is_left_in_the_browser(page: Page, site: Site) -> None:
    person = Person(page)
    person.open(site.url)
    expect(person.hook("storage-memory")).to_be_hidden()
    assert page.evaluate("indexedDB.databases().then(all => all.map(({ name }) => name))") == ["keystay"]
    assert stored(page, "keys") == {}
    assert page.evaluate("localStorage.length") == 0


@pytest.mark.nightly
def test_the_browser_is_asked_to_keep_it_with_the_first_order_and_only_then(person: Person, page_url: str) -> None:
    person.page.add_init_script(COUNT_ASKING.replace("ANSWER", "true"))
    person.open(page_url)
    assert person.page.evaluate("asked") == 0
    person.fill_in("first.example")
    person.start()
    open_panel(person)
    expect(person.hook("storage-place")).to_contain_text("has promised to keep it")
    expect(person.hook("storage-room")).to_contain_text("that the browser allows this page")
    expect(person.hook("storage-persist")).to_be_hidden()
    assert person.page.evaluate("asked") == 1
    person.page.reload()
    person.wait_ready()
    person.open_saved()
    assert person.page.evaluate("asked") == 0


def test_a_browser_that_does_not_promise_is_told_of_and_can_be_asked_again(person: Person, page_url: str) -> None:
    person.page.add_init_script(COUNT_ASKING.replace("ANSWER", "false"))
    person.open(page_url)
    open_panel(person)
    expect(person.hook("storage-place")).to_contain_text("has not promised")
    person.hook("storage-persist").click()
    expect(person.hook("storage-status")).to_contain_text("does not promise it")
    assert person.page.evaluate("asked") == 1


def test_a_full_storage_says_so_and_the_order_goes_on_when_there_is_room(person: Person, page_url: str, watch: Watch) -> None:
    watch.expect("status of 404")  # the first page here has no icon
    protocol = person.page.context.new_cdp_session(person.page)
    origin = {"origin": origin_of(page_url)}
    person.page.goto(f"{page_url}static/data/cas.json")  # Chromium takes another quota only before it has used the old one
    protocol.send("Storage.overrideQuotaForOrigin", {**origin, "quotaSize": 1})
    person.open(page_url)
    person.fill_in("full.example")
    person.hook("start").click()
    error = person.hook("error")
    expect(error.locator(".error-title")).to_have_text("This browser has no room left for Keystay")
    expect(error.locator(".error-text")).to_contain_text("press the button again")
    protocol.send("Storage.overrideQuotaForOrigin", origin)
    person.start()


def test_a_storage_that_is_taken_away_is_said_at_once_and_nothing_goes_on_silently(person: Person, page_url: str) -> None:
    person.open(page_url)
    person.fill_in("evicted.example")
    person.start()
    expect(person.hook("storage-lost")).to_be_hidden()
    protocol = person.page.context.new_cdp_session(person.page)
    protocol.send("Storage.clearDataForOrigin", {"origin": origin_of(page_url), "storageTypes": "indexeddb"})
    expect(person.hook("storage-lost")).to_contain_text("has closed Keystay’s storage")
    person.hook("verify").click()
    expect(person.hook("error")).to_contain_text("has closed Keystay’s storage")
    person.page.reload()
    person.wait_ready()
    expect(person.hook("storage-lost")).to_be_hidden()
    person.fill_in("again.example")
    person.start()
