"""Starts the page: imports the app part by part, so that the browser gets its turn in between, and runs it.

All at once would keep the browser from drawing and from answering for as long as the import takes. Each part imports what it
needs itself, so `PARTS` only says where to pause.

The app comes in two archives (`tools.build`): one with all that these import, and one with the rest, which arrives meanwhile.
"""

import asyncio
import gc
from collections.abc import Sequence
from importlib import import_module
from typing import Final

OPENING_PARTS: Final = (
    "app.browser.later_code",
    "urllib.parse",
    "idna",
    "app.acme.response",
    "app.acme.jws",
    "app.acme.client",
    "asn1crypto.core",
    "asn1crypto.x509",
    "app.ca.catalog",
    "app.network.gate",
    "app.browser.opening",
)
"""What the first requests need, which are on their way while `PARTS` are imported."""

PARTS: Final = (
    "app.issuance.issuance",
    "asn1crypto.cms",
    "app.pki.formats",
    "app.install.targets",
    "app.issuance.certificate",
    "app.issuance.workflow",
    "app.text.issuance",
    "app.ui.form.csr",
    "app.ui.form.account",
    "app.ui.form.presenter",
    "app.ui.delegated_order",
    "app.ui.session",
    "app.browser.form.order",
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
"""The same for steps 2 and 3, which are imported and made while a person fills in the form, so that no click waits for them."""

UNHURRIED: Final = 0.003
"""Seconds between two of `ORDER_PARTS`, when a person types. For shorter pauses Pyodide posts itself a message, and Chromium
may take several of these for one task."""


async def start() -> None:
    """Import the app and bring the page to life. Raises what `app.main.start` raises.

    static/start.js has switched the search for garbage off.
    """
    await import_parts(OPENING_PARTS)
    from app.browser.later_code import add_later_code
    from app.browser.opening import Opening

    await add_later_code()  # nothing is asked for before all of the app has arrived and is what was built
    opening = Opening()
    await import_parts(PARTS)
    from app import main

    page = await main.start(opening)
    gc.freeze()  # what is there now stays until the tab is closed: to look through it for garbage takes time, and finds none
    gc.enable()

    async def prepare_order() -> None:
        await import_parts(ORDER_PARTS, UNHURRIED)
        page.make_later_steps()

    main.when_form_is_used(prepare_order)


async def import_parts(parts: Sequence[str], pause: float = 0.0) -> None:
    """Import modules one after another, and give the browser its turn after each, for `pause` seconds."""
    for part in parts:
        import_module(part)
        await asyncio.sleep(pause)
