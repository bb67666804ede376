"""Writes the record while an issuance advances: what a response brings is saved before anything is sent that builds on it.

Concurrent requests share one record. Each adds what its own response brought to what the others have saved before, so nothing
is lost; a crash costs at most the responses that had not come yet.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from typing import TypeVar

from app.issuance.issuance import Issuance, Proof

T = TypeVar("T")


class IssuanceWriter:
    """The newest version of one record. `save` writes a version to the store; `on_saved` is called with each saved version.

    `poll_now` ends a pause between two polls when it is set.
    """

    def __init__(
        self,
        issuance: Issuance,
        save: Callable[[Issuance], Awaitable[None]],
        on_saved: Callable[[Issuance], None],
        poll_now: asyncio.Event | None = None,
    ) -> None:
        self.issuance = issuance
        self.poll_now = poll_now or asyncio.Event()
        self._save = save
        self._on_saved = on_saved
        self._saved: Issuance | None = None
        self._saving = asyncio.Lock()

    async def update(self, change: Callable[[Issuance], Issuance]) -> None:
        """Change the record, and return when the change is saved. Raises `StorageError`."""
        self.issuance = change(self.issuance)
        # One at a time, and always the newest: an older version must not overwrite it.
        async with self._saving:
            if self._saved != self.issuance:
                newest = self.issuance
                await self._save(newest)
                self._saved = newest
                self._on_saved(newest)

    async def update_proof(self, proof: Proof) -> None:
        """Replace the proof for the same authorization by `proof`, or insert it in the order of the authorizations."""

        def changed(issuance: Issuance) -> Issuance:
            proofs = {other.authorization_url: other for other in issuance.proofs} | {proof.authorization_url: proof}
            known = (url for url in issuance.authorization_urls if url in proofs)
            return replace(issuance, proofs=tuple(proofs[url] for url in known))

        await self.update(changed)

    async def set_retry_after(self, now: float, retry_after: float | None) -> None:
        """Save the CA's Retry-After, `retry_after` seconds from `now`; None where it sent none."""
        ask_again = now + retry_after if retry_after else 0.0
        await self.update(lambda issuance: replace(issuance, ask_again=ask_again))


async def gather_all(work: Iterable[Awaitable[T]]) -> list[T]:
    """The results of all of `work`, done concurrently. Where one fails, wait for the others before raising its error.

    What the others bring is saved first that way.
    """
    outcomes = await asyncio.gather(*work, return_exceptions=True)
    for outcome in outcomes:
        if isinstance(outcome, BaseException):
            raise outcome
    return [outcome for outcome in outcomes if not isinstance(outcome, BaseException)]
