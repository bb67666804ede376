"""The trimmed standard library and the compiled bundles hold all that the page can import, in a real browser."""

import json
from textwrap import dedent

from playwright.sync_api import Page, Route, expect

from tests.browser import settings
from tests.browser.conftest import Site
from tools.archive import unpack
from tools.compiler import imported_names
from tools.paths import ROOT

NOT_FOR_THE_PAGE = {"idna.cli", "idna.__main__"}  # a command line

IMPORT_ALL = """
    import importlib, json, traceback
    import js
    from app.browser.later_code import add_later_code

    await add_later_code()
    from app.browser.ports.packages import PyodidePackages

    def load(name):
        package, _, attribute = name.rpartition(".")
        try:
            importlib.import_module(name)
        except ModuleNotFoundError:
            if not hasattr(importlib.import_module(package or name), attribute):
                raise

    await PyodidePackages().load("dnspython", "publicsuffixlist", "pydes")
    failures = {}
    for name in json.loads('NAMES'):
        try:
            load(name)
        except Exception:
            failures[name] = traceback.format_exc(limit=-1)
    js.document.documentElement.dataset.failures = json.dumps(failures)
"""


def modules_in(archive: bytes) -> set[str]:
    """The names of all modules in a zip of .pyc files."""
    paths = [path.removesuffix(".pyc") for path in unpack(archive) if path.endswith(".pyc")]
    return {path.removesuffix("/__init__").replace("/", ".") for path in paths} - NOT_FOR_THE_PAGE


def failures_of(page: Page, site: Site, names: set[str]) -> dict[str, str]:
    """What goes wrong when the page, instead of starting, imports `names` one after the other: name to traceback."""
    code = dedent(IMPORT_ALL).replace("NAMES", json.dumps(sorted(names)))

    def instead(route: Route) -> None:
        response = route.fetch()
        route.fulfill(response=response, body=response.text().replace("await start()", code))

    page.route(site.url, instead)
    page.goto(site.url)
    done = page.locator("html[data-failures]")
    expect(done).to_be_attached(timeout=settings.BOOT_TIMEOUT)
    found: dict[str, str] = json.loads(done.get_attribute("data-failures") or "")
    return found


BUNDLES = (
    *("static/*/keystay.zip", "static/*/keystay-later.zip"),
    *(f"runtime/*/{name}-*.whl" for name in ("asn1crypto", "dnspython", "idna", "publicsuffixlist", "pydes")),
)
MICROPIP = {"micropip", "micropip.package_manager", "micropip.transaction", "micropip.package_index", "email.parser"}
"""What micropip imports when it works; the rest of it is for other systems than the browser."""


def test_every_module_of_a_bundle_can_be_imported_and_what_the_app_imports_inside_functions(page: Page, site: Site) -> None:
    sources = {str(path): path.read_bytes() for path in (ROOT / "app").rglob("*.py")}
    names = imported_names(sources) | MICROPIP
    for bundle in BUNDLES:
        (path,) = site.folder.glob(bundle)
        modules = modules_in(path.read_bytes())
        assert modules
        names |= modules
    assert failures_of(page, site, names) == {}
