"""The question before another account at a CA takes the place of the one that this browser has."""

import asyncio
from collections.abc import Callable

from app.ca.catalog import CertificateAuthority
from app.issuance.issuance import Issuance
from app.issuance.registration import OtherAccountError
from app.issuance.store import load
from app.issuance.workflow import Workflow
from app.text.untrusted import isolate_bidi
from app.ui.views import Asks, Question


async def run_or_ask(
    workflow: Workflow, asks: Asks, issuance: Issuance, notice: Callable[[Issuance], None], nudge: asyncio.Event
) -> Issuance:
    """Advance `issuance` as `Workflow.run`; where its CA has another account for the key now, go on with that after a yes.

    Raises `OtherAccountError` after a no, and what `Workflow.run` raises.
    """
    try:
        return await workflow.run(issuance, notice, nudge)
    except OtherAccountError as error:
        if not await asks.confirm(_question(error, workflow.authority(issuance))):
            raise
        kept = await load(workflow, issuance.id)  # it may have come further than `issuance`
        adopted = await workflow.registration.adopt(kept or issuance, error)
    return await workflow.run(adopted, notice, nudge)


def _question(error: OtherAccountError, authority: CertificateAuthority) -> Question:
    why = (
        "A practice CA forgets everything when it is started anew, so this is the usual way on."
        if authority.records
        else "Perhaps it has lost the old one. If that account matters to you, ask the CA first."
    )
    saved, other = isolate_bidi(error.account.url), isolate_bidi(error.url)
    return Question(
        title=f"Go on with a new account at {authority.name}?",
        text=f"{authority.name} does not know the account that this browser has, {saved}. It has another one for its key now: "
        f"{other}. {why} Orders of the old account cannot go on, and it cannot revoke its certificates any more.",
        yes="Go on with the new account",
        no="Stop here",
    )
