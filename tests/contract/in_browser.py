"""Runs the suite inside Pyodide on the browser's adapters. Called by run.mjs; never imported on CPython."""

import json
import traceback
from dataclasses import asdict, dataclass, replace
from typing import Any

from app.browser.cipher import WebCryptoCipher
from app.browser.clock import BrowserClock
from app.browser.fetch import FetchHttp
from app.browser.indexeddb import open_shelves
from app.browser.shelves import MemoryShelf, RecordStore, Shelves
from app.browser.tabs import BrowserTabs
from app.browser.verifier import WebCryptoVerifier
from app.browser.webcrypto import WebCryptoKeyStore
from app.ports import Ports
from app.wire.probe import Probe
from tests.contract.all_checks import GROUPS
from tests.contract.suite import Check, Evidence, Place


@dataclass(frozen=True)
class Outcome:
    """What came of one check: the traceback of its failure or "", and its evidence."""

    failure: str
    evidence: list[Evidence]


async def run(place: str, group: str, shelves: str) -> str:
    """Run the checks of `group` in `GROUPS`, one after another, with `shelves` in "IndexedDB" or "memory".

    Gives JSON: outcomes by name.
    """
    kept = await _shelves(shelves)
    keys, store = WebCryptoKeyStore(kept.keys), RecordStore(kept.records)
    ports = Ports(Probe(FetchHttp()), keys, store, BrowserClock(), WebCryptoCipher(), BrowserTabs(), WebCryptoVerifier())
    where = replace(Place(**json.loads(place)), another=BrowserTabs())
    outcomes: dict[str, dict[str, Any]] = {}
    for name, check in GROUPS[group].items():
        outcomes[name] = asdict(await _outcome(check, ports, where))
    return json.dumps(outcomes)


async def _shelves(kind: str) -> Shelves:
    if kind == "memory":
        return Shelves(MemoryShelf(), MemoryShelf(), "as the test wants it")
    opened = await open_shelves(lambda: None)
    assert opened.lasting, opened.refusal
    return opened


async def _outcome(check: Check, ports: Ports, place: Place) -> Outcome:
    try:
        return Outcome("", await check(ports, place) or [])
    except Exception:
        return Outcome(traceback.format_exc(), [])
