"""A record while it is worked on: what an answer brings is in the store before anything is sent that builds on it.

Requests that go out side by side share one record. Each keeps what its own answer brought, on top of what the others kept
before, so none is lost; a crash costs at most the answers that had not come yet.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from typing import TypeVar

from app.issuance.issuance import Issuance, Proof

T = TypeVar("T")


class IssuanceWriter:
    """The newest version of one record. `save` keeps a version in the store, `notice` is told of each that is there.

    `nudge` is set by whoever does not want to wait for the end of a pause between two polls.
    """

    def __init__(
        self,
        issuance: Issuance,
        save: Callable[[Issuance], Awaitable[None]],
        notice: Callable[[Issuance], None],
        nudge: asyncio.Event | None = None,
    ) -> None:
        self.issuance = issuance
        self.nudge = nudge or asyncio.Event()
        self._save = save
        self._notice = notice
        self._saved: Issuance | None = None
        self._turn = asyncio.Lock()

    async def update(self, change: Callable[[Issuance], Issuance]) -> None:
        """Change the record; return when the store has the change. Raises `StorageError`."""
        self.issuance = change(self.issuance)
        # One at a time, and always the newest: an older version must not come to stand over it.
        async with self._turn:
            if self._saved != self.issuance:
                newest = self.issuance
                await self._save(newest)
                self._saved = newest
                self._notice(newest)

    async def update_proof(self, proof: Proof) -> None:
        """Put `proof` in the place of the one for the same authorization, or into its place in the order of these."""

        def changed(issuance: Issuance) -> Issuance:
            proofs = {other.authorization_url: other for other in issuance.proofs} | {proof.authorization_url: proof}
            inside = (url for url in issuance.authorization_urls if url in proofs)
            return replace(issuance, proofs=tuple(proofs[url] for url in inside))

        await self.update(changed)

    async def set_retry_after(self, now: float, retry_after: float | None) -> None:
        """The CA said to be asked again `retry_after` seconds from `now`, or did not say when."""
        ask_again = now + retry_after if retry_after else 0.0
        await self.update(lambda issuance: replace(issuance, ask_again=ask_again))


async def together(work: Iterable[Awaitable[T]]) -> list[T]:
    """Do all at once and wait for all, also where one fails: what the others bring is to be kept. Then raise that error."""
    outcomes = await asyncio.gather(*work, return_exceptions=True)
    for outcome in outcomes:
        if isinstance(outcome, BaseException):
            raise outcome
    return [outcome for outcome in outcomes if not isinstance(outcome, BaseException)]
