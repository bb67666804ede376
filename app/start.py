"""Starts the page: imports the app part by part, so that the browser gets its turn in between, and runs it.

All at once would keep the browser from drawing and from answering for as long as the import takes. Each part imports what it
needs itself, so `PARTS` only says where to pause.
"""

import asyncio
from collections.abc import Sequence
from importlib import import_module
from typing import Final

PARTS: Final = (
    "app.acme.response",
    "app.acme.client",
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
    "app.network.gate",
    "app.main",
)
"""Modules after each of which the browser gets its turn; what comes first needs the least of the others."""

ORDER_PARTS: Final = (
    "app.text.proof_failure",
    "app.text.proofs",
    "app.ui.page",
    "app.ui.steps.move_out",
    "app.browser.steps.prove",
    "app.browser.steps.certificate",
    "app.browser.page.later_steps",
)
"""The same for what an order needs after step 1: imported while a person fills in the form, so that no click waits for it."""


async def start() -> None:
    """Import the app and bring the page to life. Raises what `app.main.start` raises."""
    await import_parts(PARTS)
    from app import main

    await main.start()
    main.when_form_is_used(lambda: import_parts(ORDER_PARTS))


async def import_parts(parts: Sequence[str]) -> None:
    """Import modules one after another, and give the browser its turn after each."""
    for part in parts:
        import_module(part)
        await asyncio.sleep(0)
