"""The question before another account at a CA takes the place of the one that this browser has."""

import asyncio
from collections.abc import Callable

from app.acme.authority import Authority
from app.flow.advance import Flow
from app.flow.issuance import Issuance
from app.flow.registration import OtherAccountError
from app.flow.shelf import load
from app.ui.foreign_text import isolated
from app.ui.view import Asks, Question


async def run_or_ask(
    flow: Flow, asks: Asks, issuance: Issuance, notice: Callable[[Issuance], None], nudge: asyncio.Event
) -> Issuance:
    """Advance `issuance` as `Flow.run`; where its CA has another account for the key now, go on with that after a yes.

    Raises `OtherAccountError` after a no, and what `Flow.run` raises.
    """
    try:
        return await flow.run(issuance, notice, nudge)
    except OtherAccountError as error:
        if not await asks.confirm(_question(error, flow.authority(issuance))):
            raise
        kept = await load(flow, issuance.id)  # it may have come further than `issuance`
        adopted = await flow.registration.adopt(kept or issuance, error)
    return await flow.run(adopted, notice, nudge)


def _question(error: OtherAccountError, authority: Authority) -> Question:
    why = (
        "A practice CA forgets everything when it is started anew, so this is the usual way on."
        if authority.records
        else "Perhaps it has lost the old one. If that account matters to you, ask the CA first."
    )
    saved, other = isolated(error.account.url), isolated(error.url)
    return Question(
        title=f"Go on with a new account at {authority.name}?",
        text=f"{authority.name} does not know the account that this browser has, {saved}. It has another one for its key now: "
        f"{other}. {why} Orders of the old account cannot go on, and it cannot revoke its certificates any more.",
        yes="Go on with the new account",
        no="Stop here",
    )
