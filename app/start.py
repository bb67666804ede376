"""Starts the page: imports the app part by part, so that the browser gets its turn in between, and runs it.

All at once would keep the browser from drawing and from answering for as long as the import takes. Each part imports what it
needs itself, so `PARTS` only says where to pause.

The app comes in two archives (`tools.build`): one with all that these import, and one with the rest, which arrives meanwhile.
"""

import asyncio
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.machinery import ModuleSpec
from typing import Final
from zipimport import zipimporter

OPENING_PARTS: Final = ("app.acme.response", "app.acme.client", "app.network.gate", "app.browser.opening")
"""What the first requests need, which are on their way while `PARTS` are imported."""

PARTS: Final = (
    "app.issuance.issuance",
    "app.install.targets",
    "app.accounts.account_store",
    "app.issuance.record",
    "app.issuance.workflow",
    "app.text.issuance",
    "app.ui.form.csr",
    "app.ui.form.presenter",
    "app.ui.delegated_order",
    "app.ui.session",
    "app.browser.page.page",
    "app.browser.panels.orders",
    "app.main",
)
"""Modules after each of which the browser gets its turn; what comes first needs the least of the others."""

ORDER_PARTS: Final = (
    "app.text.server_findings",
    "app.text.proofs",
    "app.text.proof_failure",
    "app.ui.page",
    "app.ui.steps.move_out",
    "app.browser.steps.prove",
    "app.browser.steps.certificate",
    "app.browser.page.later_steps",
)
"""The same for what an order needs after step 1: imported while a person fills in the form, so that no click waits for it."""

UNHURRIED: Final = 0.003
"""Seconds between two of `ORDER_PARTS`, when a person types. For shorter pauses Pyodide posts itself a message, and Chromium
may take several of these for one task."""


class LaterCode:
    """Finds modules of the app in the `archive` (its path) that their packages are not in: one of `sys.meta_path`."""

    def __init__(self, archive: str) -> None:
        self._archive = archive
        self._importers: dict[str, zipimporter] = {}

    def find_spec(self, name: str, _path: Sequence[str] | None = None, _target: object = None) -> ModuleSpec | None:
        """See `importlib.abc.MetaPathFinder.find_spec`."""
        package = name.rpartition(".")[0]
        if package.partition(".")[0] != "app":
            return None
        importer = self._importers.get(package)
        if importer is None:
            importer = self._importers[package] = zipimporter(f"{self._archive}/{package.replace('.', '/')}")
        return importer.find_spec(name)


async def start() -> None:
    """Import the app and bring the page to life. Raises what `app.main.start` raises."""
    await import_parts(OPENING_PARTS)
    from app.browser.opening import Opening

    opening = Opening()
    await import_parts(PARTS)
    await add_later_code()
    from app import main

    await main.start(opening)
    main.when_form_is_used(lambda: import_parts(ORDER_PARTS, UNHURRIED))


async def add_later_code() -> None:
    """Wait for the rest of the app, and let Python import it. If it does not come, boot.mjs says so, and this never ends."""
    import js

    archive = str(await js.keystayStart.addLaterCode())
    if not any(isinstance(finder, LaterCode) for finder in sys.meta_path):
        sys.meta_path.append(LaterCode(archive))


async def import_parts(parts: Sequence[str], pause: float = 0.0) -> None:
    """Import modules one after another, and give the browser its turn after each, for `pause` seconds."""
    for part in parts:
        import_module(part)
        await asyncio.sleep(pause)
