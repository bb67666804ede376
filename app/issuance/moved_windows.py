"""Asks CAs again when they would like certificates renewed: windows move, such as when a CA must revoke many (RFC 9773 §4.3).

It is done without a click, so it must never be in anybody's way: one request after another, no second try, no word of an error.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from itertools import islice
from typing import Final

from app.acme.directory import Directory, read_directory
from app.acme.problem import ProblemError, UnavailableError
from app.acme.renewal_info import read_window
from app.ca.catalog import CertificateAuthority
from app.errors import KeystayError
from app.issuance.issuance import Issuance
from app.issuance.renewal import MAX_INTERVAL, UNSAID_INTERVAL, interval, with_window
from app.issuance.store import load, record_name
from app.issuance.workflow import Workflow
from app.pki.certificate import read_validity, renewal_id

MAX_ASKED: Final = 20
"""Certificates that are asked about in one visit."""


class MovedWindows:
    """The questions of one visit. `may_go_on` tells whether nobody is at work with an order in this tab."""

    def __init__(self, workflow: Workflow, may_go_on: Callable[[], bool]) -> None:
        self._workflow = workflow
        self._may_go_on = may_go_on
        self._directories: dict[str, Directory | None] = {}  # by URL; None where it could not be read

    async def ask(self, ids: Iterable[str]) -> None:
        """Ask about the certificates of these records whose time it is, and save what the CAs say. It raises no `KeystayError`.

        A record that another tab works on is that tab's.
        """
        for id_ in islice(ids, MAX_ASKED):
            if not self._may_go_on():
                return
            with suppress(KeystayError):
                async with self._workflow.locks.try_all([record_name(id_)]):
                    await self._ask(id_)

    async def _ask(self, id_: str) -> None:
        issuance = await load(self._workflow, id_)
        if issuance is None or not is_time_to_ask(issuance, self._workflow.ports.clock.now()):
            return
        authority = self._workflow.authority(issuance)
        directory = await self._directory(authority)
        if directory is None or directory.renewal_info is None:
            return
        changed = await self._answer(issuance, authority, directory)
        saved = await load(self._workflow, id_)  # this tab may have changed or deleted it meanwhile: it holds the lock, too
        if saved and self._may_go_on():
            await self._workflow.save(replace(saved, window=changed.window, ask_again=changed.ask_again))

    async def _answer(self, issuance: Issuance, authority: CertificateAuthority, directory: Directory) -> Issuance:
        """`issuance` with what its CA says now. After an error, what it said before stays, and it is left alone for a while."""
        http, clock = self._workflow.ports.http, self._workflow.ports.clock
        try:
            window = await read_window(http, clock, authority, directory, renewal_id(issuance.certificate_pem))
        except KeystayError as error:
            return replace(issuance, ask_again=clock.now() + _pause_after(error))
        return with_window(issuance, window)

    async def _directory(self, authority: CertificateAuthority) -> Directory | None:
        url = authority.directory
        if url not in self._directories:
            self._directories[url] = None
            if authority.reachability != "none":
                self._directories[url] = await read_directory(self._workflow.ports.http, self._workflow.ports.clock, authority)
        return self._directories[url]


def is_time_to_ask(issuance: Issuance, now: float) -> bool:
    """Whether the CA of `issuance` may be asked `now` (Unix seconds) when to renew its certificate.

    Not after the end of the certificate (§4.3), nor where it is revoked or has no name for that. A new one is left alone for
    the time that is usual where a CA does not say when to come back. Raises `CertificateError` where the chain is damaged.
    """
    if issuance.state != "issued" or issuance.revoked or not renewal_id(issuance.certificate_pem):
        return False
    if read_validity(issuance.certificate_pem).not_after.timestamp() <= now:
        return False
    last = issuance.window.asked if issuance.window else issuance.since
    wait = (issuance.ask_again if issuance.ask_again > last else last + UNSAID_INTERVAL) - now
    return not 0 < wait <= MAX_INTERVAL  # longer only where a clock was wrong


def _pause_after(error: KeystayError) -> float:
    """Seconds until the CA is asked again after this `error`: its Retry-After, or six hours (§4.3.3)."""
    match error:
        case UnavailableError():
            return interval(error.retry_after)
        case ProblemError():
            return interval(error.problem.retry_after)
        case _:
            return UNSAID_INTERVAL
