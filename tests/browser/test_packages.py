"""Packages that are loaded on demand: not at the start, once for all who ask, and never what was not built."""

import json
import re
from collections import Counter

from playwright.sync_api import Page, Route, expect

from tests.browser import settings
from tests.browser.conftest import Site
from tests.browser.test_integrity import alter
from tests.browser.watch import Watch
from tools.runtime import LATER_WHEELS

LOADING = """
import asyncio, importlib.util, json, js
from pyodide.ffi import create_proxy
from app.browser.ports.packages import PyodidePackages
from app.errors import PackageError
from app.text.sentences import sentence

packages = PyodidePackages()

async def load(names):
    try:
        await packages.load(*json.loads(names))
    except PackageError as error:
        return json.dumps([error.name, sentence(error), error.detail])
    return ""

async def load_by_two(names):
    return json.dumps(await asyncio.gather(load(names), load(names)))

def importable(name):
    return importlib.util.find_spec(name) is not None

def use():
    import dns.exception, dns.message, dns.name, publicsuffixlist
    query = dns.message.make_query("_acme-challenge.bücher.example", "TXT", id=0, use_edns=0)
    text = "id 0\\n;QUESTION\\na.example. IN {0}\\n;ANSWER\\na.example. 60 IN {0} {1}\\n"
    records = {
        "TXT": '"one" "two"', "CAA": '0 issue "ca.example"', "SOA": "ns.example. root.example. 1 2 3 4 300",
        "NS": "ns.example.", "CNAME": "b.example.", "DNAME": "b.example.", "A": "192.0.2.1", "AAAA": "2001:db8::1",
        "MX": r"\\# 3 000a00",
    }
    read = {}
    for kind, value in records.items():
        message = dns.message.from_wire(dns.message.from_text(text.format(kind, value)).to_wire())
        (rdata,) = message.answer[0]
        read[kind] = type(rdata).__name__ + " " + rdata.to_text()
    try:
        dns.name.from_text("a..b")
    except dns.exception.DNSException as error:
        text = str(error)
    suffixes = publicsuffixlist.PublicSuffixList()
    return json.dumps([query.to_wire().hex(), read, text, *map(suffixes.privatesuffix, ("a.b.co.uk", "a.xn--p1ai"))])

for function in (load, load_by_two, importable, use):
    setattr(js, function.__name__ + "InPython", create_proxy(function))
js.document.documentElement.dataset.offers = "python"
"""


def open_with_loading(page: Page, site: Site) -> None:
    """Open the page; once it is ready, it offers the functions of `LOADING`."""

    def instead(route: Route) -> None:
        response = route.fetch()
        route.fulfill(response=response, body=response.text().replace("await start()\n", "await start()\n" + LOADING))

    page.route(site.url, instead)
    page.goto(site.url)
    expect(page.locator("html[data-app=ready][data-offers]")).to_be_attached(timeout=settings.BOOT_TIMEOUT)


def asked_for(watch: Watch) -> Counter[str]:
    """How often each package that is loaded on demand was asked for."""
    names = [sent.url.rpartition("/")[2].partition("-")[0] for sent in watch.traffic if sent.url.endswith(".whl")]
    return Counter(name for name in names if name in LATER_WHEELS)


def error_of_loading(page: Page, *names: str) -> tuple[str, str, str]:
    """The name, the sentence and the detail of the error that loading ends in."""
    name, text, detail = json.loads(page.evaluate("names => loadInPython(names)", json.dumps(names)))
    return name, text, detail


def test_packages_are_loaded_on_demand_and_only_as_they_were_built(page: Page, site: Site, watch: Watch) -> None:
    open_with_loading(page, site)
    assert not asked_for(watch), "the start does without"

    with watch.sending_nothing(page):  # what is not in the lock is asked for nowhere
        assert error_of_loading(page, "requests")[0] == "requests"

    watch.expect("integrity|error occurred while loading|Failed to fetch")  # the browser on the console, and Pyodide
    for package, module in (("micropip", "micropip"), ("dnspython", "dns")):
        alter(page, f"{package}-*.whl")
        name, text, detail = error_of_loading(page, "dnspython")
        assert name == "dnspython"
        assert "dnspython, could not be loaded" in text
        assert re.fullmatch(rf"not loaded: \S*/{package}-\S*\.whl", detail)
        assert not page.evaluate("name => importableInPython(name)", module), "Python has seen nothing of it"
        page.unroute(f"**/{package}-*.whl")

    names = json.dumps(["dnspython", "publicsuffixlist"])
    assert page.evaluate("names => load_by_twoInPython(names)", names) == '["", ""]'
    assert asked_for(watch) == {"micropip": 2, "dnspython": 2, "publicsuffixlist": 1}, "once more after each failure"
    assert page.evaluate("loadInPython('[\"dnspython\"]')") == ""
    assert asked_for(watch).total() == 5

    query, read, error, british, russian = json.loads(page.evaluate("useInPython()"))
    assert query.startswith("0000")
    assert read == {
        "TXT": 'TXT "one" "two"',
        "CAA": 'CAA 0 issue "ca.example"',
        "SOA": "SOA ns.example. root.example. 1 2 3 4 300",
        "NS": "NS ns.example.",
        "CNAME": "CNAME b.example.",
        "DNAME": "DNAME b.example.",
        "A": "A 192.0.2.1",
        "AAAA": "AAAA 2001:db8::1",
        "MX": r"GenericRdata \# 3 000a00",  # a type that was left out
    }
    assert error == "A DNS label is empty.", "its errors have their docstrings as texts"
    assert (british, russian) == ("b.co.uk", "a.xn--p1ai")
