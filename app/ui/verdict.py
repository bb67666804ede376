"""What keeps an issuance from going on, in a person's words, before anybody publishes or waits in vain."""

from app.errors import LostKeyError
from app.flow.advance import Flow
from app.flow.budget import budgets
from app.flow.issuance import Issuance
from app.flow.keyring import is_stuck
from app.ui.messages import failed_message, message_for
from app.ui.view import Message


async def verdict(flow: Flow, issuance: Issuance) -> Message | None:
    """Why `issuance` cannot go on here, or None where it can or is done. Raises `StorageError`."""
    if issuance.state == "failed":
        authority = flow.authority(issuance)
        allowed = authority.failures_per_hour
        left = budgets(issuance, await flow.saved(), allowed, flow.ports.clock.now()) if allowed else ()
        return failed_message(issuance, authority, left)
    if await is_stuck(flow, issuance):
        return message_for(LostKeyError("The key of the account that made this order is not here."))
    return None
