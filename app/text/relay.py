"""Faults of the relay between this page and a CA, reported as such: the CA itself may be well.

A relay fails in three ways. It does not answer; its answer cannot be read, because it does not let this page in; or it answers
in the CA's place: by 502 or 504 where it gets through to nobody (RFC 9110 §15.6.3, §15.6.5), and by a refusal
without an ACME reason where the CA's directory should be.
"""

from http import HTTPStatus
from typing import Final

from app.acme.directory import NoDirectoryError
from app.acme.problem import UnavailableError
from app.ca.catalog import CertificateAuthority
from app.errors import KeystayError, NetworkError
from app.text.catalog import N_
from app.text.message import Message
from app.text.problems import status_words
from app.text.tasks import KEPT, WAIT, Task, Words

GATEWAY_STATUSES: Final = (HTTPStatus.BAD_GATEWAY, HTTPStatus.GATEWAY_TIMEOUT)
"""What a server says that got no answer from another one: a relay, or the web server in front of it."""

_THROUGH: Final = N_("This page reaches {ca} through a relay at {relay}, because browsers cannot reach the CA by themselves.")
_SILENT: Final[Words] = Words(
    N_("The relay to {ca} does not answer"),
    (
        N_(
            "No answer came from it, so nothing is known about the CA. Probably the relay has stopped, or this computer is "
            "offline. Check your connection and try again. If this continues, tell whoever runs the relay; if that is "
            "“make run” on this computer, restart it."
        ),
        KEPT,
    ),
)
_CLOSED_TO_PAGE: Final[Words] = Words(
    N_("The relay to {ca} does not let this page in"),
    (
        N_(
            "Something answers there, but without the CORS headers that let this page read it. Probably the relay accepts "
            "no requests from this page’s address, or another server answers in its place. Whoever runs the relay must add "
            "this page’s origin to its settings; the README says how, under “A relay”."
        ),
        KEPT,
    ),
)
_NO_WAY_ON: Final[Words] = Words(
    N_("The relay to {ca} gets no answer from the CA"),
    (
        N_(
            "It answers with {status}. Probably the CA is down, the relay cannot reach it, or the relay has stopped behind "
            "its web server."
        ),
        WAIT,
        N_("Try again in a few minutes. If this continues, tell whoever runs the relay."),
        KEPT,
    ),
)
_NOT_SET_UP: Final[Words] = Words(
    N_("The relay to {ca} does not lead to the CA"),
    (
        N_(
            "It answers with {status}, and not with the CA’s directory. Probably it is not set up for this CA, or there is no "
            "relay at this address any more. Tell whoever runs it: the CA’s host must be on its list."
        ),
        KEPT,
    ),
)
_ONE_OF_THEM: Final[Words] = Words(
    N_("{ca}, or the relay to it, is not available now"),
    (
        N_("One of the two answers with {status}, and not as a CA: it may be overloaded, under maintenance, or stopped."),
        WAIT,
        N_("Try again in a few minutes."),
        KEPT,
    ),
)


def relay_message(error: KeystayError, authority: CertificateAuthority, task: Task) -> Message | None:
    """The message for an `error` that the relay of `authority` may have made, or None for one that it has not."""
    relay = authority.relay or ""
    words = _words_for(error, relay) if authority.reachability == "relay" else None
    if words is None:
        return None
    return Words(words.title, (_THROUGH, *words.text)).message(
        task,
        wait=getattr(error, "retry_after", None),
        detail=error.detail,
        ca=authority.name,
        relay=relay,
        status=status_words(getattr(error, "status", None)),
    )


def _words_for(error: KeystayError, relay: str) -> Words | None:
    match error:
        case NetworkError() if error.url.startswith(relay):
            return _CLOSED_TO_PAGE if error.reachable else _SILENT
        case UnavailableError() if error.status in GATEWAY_STATUSES:
            return _NO_WAY_ON
        case UnavailableError() if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return _ONE_OF_THEM
        case NoDirectoryError():
            return _NOT_SET_UP
    return None
