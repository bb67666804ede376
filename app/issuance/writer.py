"""Writes the record while an issuance advances: what a response brings is saved before anything is sent that builds on it.

Concurrent requests share one record. Each adds what its own response brought to what the others have brought before, so
nothing is lost. What comes close together is saved together (`IssuanceWriter.together`): a crash costs at most the responses
of the last `MAX_UNSAVED` seconds and those that had not come yet, and each of these requests may be sent again.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from dataclasses import replace
from typing import Any, Final

from app.acme.client import Client
from app.issuance.issuance import Issuance, Proof

Save = Callable[[Issuance], Awaitable[None]]
"""Writes a version of the record to the store."""

MAX_UNSAVED: Final = 0.2
"""Seconds that what a response of several has brought may be in memory only, while further ones are still to come."""


class IssuanceWriter:
    """The newest version of one record. `save` writes a version to the store; `on_saved` is called with each saved version.

    `poll_now` ends a pause between two polls when it is set. There is one for each run, which holds the lock of the record.
    """

    def __init__(
        self,
        issuance: Issuance,
        save: Save,
        on_saved: Callable[[Issuance], None],
        poll_now: asyncio.Event | None = None,
    ) -> None:
        self._issuance = issuance
        self._noted: dict[str, Proof] = {}  # by the URL of the authorization: what is to come into `_issuance`
        self.poll_now = poll_now or asyncio.Event()
        self.client: Client | None = None
        """The client of the account that made the order, once a step of this run has used it (`Workflow.client_for`)."""
        self._save = save
        self._on_saved = on_saved
        self._saved: Issuance | None = None
        self._saving = asyncio.Lock()

    @property
    def issuance(self) -> Issuance:
        """The newest version. What a hundred responses bring comes into it at once, when somebody reads it."""
        if self._noted:
            proofs = {proof.authorization_url: proof for proof in self._issuance.proofs} | self._noted
            known = (url for url in self._issuance.authorization_urls if url in proofs)
            self._noted = {}
            self._issuance = replace(self._issuance, proofs=tuple(proofs[url] for url in known))
        return self._issuance

    async def update(self, change: Callable[[Issuance], Issuance], save: Save | None = None) -> None:
        """Change the record, and return when the change is saved: by `save`, where something else belongs to it.

        Raises `StorageError`.
        """
        self._issuance = change(self.issuance)
        await self.save(save)

    async def save(self, save: Save | None = None) -> None:
        """Return when the record is saved as it is now. Raises `StorageError`."""
        # One at a time, and always the newest: an older version must not overwrite it.
        async with self._saving:
            newest = self.issuance
            if save or self._saved != newest:
                await (save or self._save)(newest)
                self._saved = newest
                self._on_saved(newest)

    def note_proof(self, proof: Proof) -> None:
        """Replace the proof for the same authorization by `proof`, or insert it in the order of the authorizations.

        It is saved with the next change, or by `together`.
        """
        self._noted[proof.authorization_url] = proof

    async def together(self, work: Iterable[Coroutine[Any, Any, None]]) -> None:
        """Do all of `work` concurrently, and save what it notes, `MAX_UNSAVED` seconds after it came.

        What came last is saved with the next change, so call `save` where a request comes before that. Where one of `work`
        fails, the others come to their end first. Then, or where this is cancelled, all is saved before that is raised. Raises
        `StorageError`, too.
        """
        tasks = [asyncio.ensure_future(one) for one in work]
        pending = set(tasks)
        try:
            while pending:
                _, pending = await asyncio.wait(pending, timeout=MAX_UNSAVED)
                if pending:
                    await self.save()
            for task in tasks:
                task.result()
        except BaseException:
            for task in pending:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self.save()
            raise

    async def set_retry_after(self, now: float, retry_after: float | None) -> None:
        """Save the CA's Retry-After, `retry_after` seconds from `now`; None where it sent none."""
        ask_again = now + retry_after if retry_after else 0.0
        await self.update(lambda issuance: replace(issuance, ask_again=ask_again))
