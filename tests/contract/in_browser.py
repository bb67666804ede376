"""Runs the suite inside Pyodide on the browser's adapters. Called by run.mjs; never imported on CPython."""

import asyncio
import json
import traceback
from dataclasses import asdict, dataclass, replace
from typing import Any

from app.browser.event_loop import take_fewer_turns
from app.browser.ports.clock import BrowserClock
from app.browser.ports.fetch import FetchHttp
from app.browser.ports.formats import IntlFormats
from app.browser.ports.indexeddb import open_stores
from app.browser.ports.packages import PyodidePackages
from app.browser.ports.secret_store import WebCryptoSecretStore
from app.browser.ports.stores import MemoryKeyValueStore, RecordStore, Stores
from app.browser.ports.tabs import BrowserTabs
from app.browser.ports.webcrypto import WebCryptoCipher, WebCryptoKeyStore, WebCryptoVerifier
from app.network.reachability import Probe
from app.ports import Ports
from tests.contract.all_checks import GROUPS
from tests.contract.suite import Check, Evidence, Place


@dataclass(frozen=True)
class Outcome:
    """The result of one check: the traceback of its failure or "", and its evidence."""

    failure: str
    evidence: list[Evidence]


async def run(place: str, group: str, storage: str) -> str:
    """Run the checks of `group` in `GROUPS`, one after another, with `storage` in "IndexedDB" or "memory".

    Gives JSON: outcomes by name.
    """
    take_fewer_turns(asyncio.get_running_loop())
    stores = await _open_stores(storage)
    keys, store = WebCryptoKeyStore(stores.keys), RecordStore(stores.records)
    ports = Ports(
        http=Probe(FetchHttp()),
        keys=keys,
        store=store,
        clock=BrowserClock(),
        cipher=WebCryptoCipher(),
        tabs=BrowserTabs(),
        verifier=WebCryptoVerifier(),
        packages=PyodidePackages(),
    )
    where = replace(
        Place(**json.loads(place)), another=BrowserTabs(), formats=IntlFormats, secrets=WebCryptoSecretStore(stores.records)
    )
    outcomes: dict[str, dict[str, Any]] = {}
    for name, check in GROUPS[group].items():
        outcomes[name] = asdict(await _outcome(check, ports, where))
    return json.dumps(outcomes)


async def _open_stores(kind: str) -> Stores:
    if kind == "memory":
        return Stores(MemoryKeyValueStore(), MemoryKeyValueStore(), "as the test wants it")
    opened = await open_stores(lambda: None)
    assert opened.persistent, opened.refusal
    return opened


async def _outcome(check: Check, ports: Ports, place: Place) -> Outcome:
    try:
        return Outcome("", await check(ports, place) or [])
    except Exception:
        return Outcome(traceback.format_exc(), [])
