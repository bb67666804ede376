"""A start in a page that was used before is like one in a fresh browser: else the tests in such a page would prove nothing."""

import ast
import re
from collections.abc import Iterator
from typing import Any, Final, TypeGuard

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.browser.indexeddb import stored
from tests.browser.person import ISSUE, Person
from tests.browser.used_page import UsedProfile
from tests.browser.watch import Watch
from tools.paths import ROOT

STATE = """async () => {
    document.querySelector("script-py").removeAttribute("id"); // PyScript counts them
    // restart.js leaves out what loads the page
    document.querySelectorAll("body > :is(script[src], link)").forEach((loading) => loading.remove());
    const database = await new Promise((resolve) => {
        const request = indexedDB.open("keystay");
        request.onsuccess = () => resolve(request.result);
    });
    const all = (store) => new Promise((resolve) => {
        const request = database.transaction(store).objectStore(store).getAllKeys();
        request.onsuccess = () => resolve(request.result);
    });
    const state = {
        document: document.documentElement.outerHTML,
        values: [...document.querySelectorAll("input, select, textarea")].map((field) => `${field.value} ${field.checked}`),
        open: [...document.querySelectorAll("details")].map((details) => details.open),
        focus: document.activeElement.tagName,
        scroll: [scrollX, scrollY],
        size: [innerWidth, innerHeight],
        dark: matchMedia("(prefers-color-scheme: dark)").matches,
        address: location.href,
        title: document.title,
        records: await all("records"),
        keys: await all("keys"),
        databases: (await indexedDB.databases()).map(({ name }) => name),
        local: { ...localStorage },
        session: { ...sessionStorage },
        cookies: document.cookie,
        caches: await caches.keys(),
        clipboard: (await navigator.permissions.query({ name: "clipboard-write" })).state,
        locks: await navigator.locks.query(),
        ...restart.traces(),
    };
    database.close();
    return state;
}"""


@pytest.fixture
def profile(browser: Browser) -> Iterator[UsedProfile]:
    """A profile that only this test uses."""
    made = UsedProfile(browser)
    yield made
    made.close()


def visit(profile: UsedProfile, watch: Watch) -> Person:
    """Somebody at a page of it."""
    used = profile.lend(watch)
    return Person(used.page, used.start)


def state_at(profile: UsedProfile, watch: Watch, url: str) -> dict[str, Any]:
    """All that can be seen of a start at `url`, when it is over."""
    person = visit(profile, watch)
    person.open(url)
    state: dict[str, Any] = person.page.evaluate(STATE)
    return state


def make_a_mess(person: Person, url: str) -> None:
    """Change whatever a visit can change, and leave an order that waits for its proof."""
    page = person.page
    person.open(f"{url}#domains=linked.example&key=ec-p384")
    page.context.grant_permissions(["clipboard-write"])
    page.set_viewport_size({"width": 400, "height": 500})
    page.emulate_media(color_scheme="dark")
    page.evaluate("localStorage.setItem('other', 'x'); document.cookie = 'a=b'; caches.open('c'); scrollTo(0, 999)")
    for panel in page.locator("#panels details").all():
        panel.evaluate("(panel) => { panel.open = true; }")
    person.hook("agree-tos").check()
    person.hook("ca").select_option("practice")
    person.start()
    person.publish()
    assert stored(page, "records")


@pytest.mark.nightly
def test_start_in_a_used_page_is_like_one_in_a_fresh_browser(profile: UsedProfile, watch: Watch, page_url: str) -> None:
    watch.expect("status of 400")
    fresh = state_at(profile, watch, page_url)
    assert fresh["listeners"]
    for _ in range(2):
        profile.take_back(watch)
        make_a_mess(visit(profile, watch), page_url)
        profile.take_back(watch)
        watch.traffic.clear()
        assert state_at(profile, watch, page_url) == fresh
        assert not [sent.url for sent in watch.traffic if sent.url.endswith(".wasm")], "Python was loaded again"
        assert [sent.url for sent in watch.traffic if sent.url.endswith("cas.json")], "Keystay was not started"


@pytest.mark.nightly
def test_nothing_of_the_visit_before_goes_on(profile: UsedProfile, watch: Watch, page_url: str) -> None:
    """An order whose request is never answered holds its lock and waits; the next visit knows nothing of it."""
    watch.expect("status of 400")
    person = visit(profile, watch)
    held: list[Route] = []
    person.open(page_url)
    person.fill_in("before.example")
    person.page.route("**/order-plz", lambda route: held.append(route))
    with person.page.expect_request("**/order-plz", timeout=ISSUE):
        person.hook("start").click()
    assert len(person.page.evaluate("navigator.locks.query().then(({ held }) => held)")) > 0
    profile.take_back(watch)
    watch.traffic.clear()
    person = visit(profile, watch)
    person.open(page_url)
    expect(person.hook("start")).to_be_enabled()
    person.fill_in("after.example")
    person.start()
    assert {card.get_attribute("data-identifier") for card in person.hook("record").all()} == {"after.example"}
    assert len(stored(person.page, "records")) == 2  # the account and the order
    expect(person.hook("error")).to_be_hidden()


@pytest.mark.nightly
def test_used_page_and_a_new_one_share_locks_and_storage(profile: UsedProfile, watch: Watch, page_url: str) -> None:
    visit(profile, watch).open(page_url)
    profile.take_back(watch)
    person = visit(profile, watch)
    person.open(page_url)
    loaded = person.page.context.new_page()
    watch.expect("status of 404")  # it has no icon
    loaded.goto(f"{page_url}static/data/cas.json")
    person.page.evaluate("() => { navigator.locks.request('mine', () => new Promise(() => {})); }")
    assert loaded.evaluate("navigator.locks.request('mine', { ifAvailable: true }, (lock) => lock === null)")
    person.page.evaluate("localStorage.setItem('mine', 'x')")
    assert loaded.evaluate("localStorage.getItem('mine')") == "x"


@pytest.mark.nightly
def test_page_that_cannot_be_started_anew_is_replaced(profile: UsedProfile, watch: Watch, page_url: str) -> None:
    page = visit(profile, watch).page
    page.goto(page_url, wait_until="commit")  # and not until Python is up
    profile.take_back(watch)
    assert page.is_closed()
    another = visit(profile, watch)
    another.open(page_url)
    assert another.page != page


def test_script_that_would_stay_is_refused(profile: UsedProfile, watch: Watch) -> None:
    with pytest.raises(AssertionError, match="fresh_profile"):
        visit(profile, watch).page.add_init_script("1")


CACHES: Final = frozenset({"cache", "lru_cache", "keeps_last"})
"""Decorators that keep results for a module’s life; `cached_property` keeps them on an object."""

LASTING_STATE: Final = {
    "app/accounts/record_locks.py": {"_held"},  # by task, and no task goes on
    "app/dns/public_suffixes.py": {"_list", "_lines"},  # caches of a list that a package holds
    "app/pki/certificate.py": {"read_chain", "_parse"},  # caches of what is the same at every visit
    "app/acme/urls.py": {"origin_of"},  # the same for the same URL
    "app/text/catalog.py": {"_language", "_parts"},  # set at each start; the same for the same message
    "app/ui/form/typed_name.py": {"read_word"},  # the same for the same word
    "app/ui/steps/records.py": {"_records_of"},  # what was shown last of records, shown again for equal ones only
}
"""Variables and caches of the modules that the next start does not load again."""


def variables_in(module: ast.Module) -> set[str]:
    """The module's variables (constants and types have capitals), its cached functions, and names that functions set in it."""
    assigned = (node.targets if isinstance(node, ast.Assign) else [node.target] for node in module.body if is_assignment(node))
    names = {target.id for targets in assigned for target in targets if isinstance(target, ast.Name)}
    found = {name for name in names if re.fullmatch(r"_?[a-z][a-z0-9_]*", name)}
    for node in ast.walk(module):
        if isinstance(node, ast.Global):
            found |= set(node.names)
        elif isinstance(node, ast.FunctionDef) and CACHES & {ast.unparse(one).partition("(")[0] for one in node.decorator_list}:
            found.add(node.name)
    return found


def is_assignment(node: ast.stmt) -> TypeGuard[ast.Assign | ast.AnnAssign]:
    return isinstance(node, ast.Assign | ast.AnnAssign)


def test_modules_that_are_not_loaded_again_keep_nothing_of_a_visit() -> None:
    """restart.js forgets `app.main` and `app.browser` only."""
    found = {}
    for path in ROOT.glob("app/**/*.py"):
        name = path.relative_to(ROOT).as_posix()
        if name != "app/main.py" and not name.startswith("app/browser/"):
            found[name] = variables_in(ast.parse(path.read_text("utf-8")))
    assert len(found) > 100
    assert {name: variables for name, variables in found.items() if variables} == LASTING_STATE


def test_page_makes_nothing_that_outlives_a_visit_beside_what_is_undone() -> None:
    """Elements are replaced; restart.js knows listeners, timers, one kind of observer, channels and databases."""
    others = r"\b((Resize|Intersection|Performance)Observer|(Shared)?Worker|serviceWorker|WebSocket|EventSource)\b"
    sources = [ROOT / "app/main.py", ROOT / "static/form.mjs", ROOT / "static/exchange.mjs", *ROOT.glob("app/browser/**/*.py")]
    assert [path for path in sources if re.search(others, path.read_text("utf-8"))] == []
