"""A relay that is down, in a person's words: not mistaken for the CA, and the CA not for it."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from app.acme.directory import NoDirectoryError
from app.acme.problem import UNTYPED, Problem, ProblemError, UnavailableError
from app.errors import KeystayError, NetworkError, ProtocolError
from app.text.error_messages import message_for
from tests.unit.records import CA
from tests.unit.text.test_error_messages import WORDS

RELAYS = ("https://page.example/relay/", "https://relay.elsewhere.example/ca/")


@pytest.mark.parametrize("relay", RELAYS, ids=["on the page’s own host", "elsewhere"])
@pytest.mark.parametrize(
    ("fault", "title", "next_step"),
    [
        (lambda url: NetworkError(url, detail=WORDS, reachable=False), "does not answer", "Check your connection"),
        (lambda url: NetworkError(url, detail=WORDS), "does not answer", "tell whoever runs the relay"),
        (lambda url: NetworkError(url, detail=WORDS, reachable=True), "does not let this page in", "name this page’s origin"),
        (lambda _: UnavailableError("x", detail=WORDS, status=502), "gets no answer from the CA", "Try again in a few minutes"),
        (lambda _: UnavailableError("x", detail=WORDS, status=504), "gets no answer from the CA", "HTTP status 504"),
        (lambda _: NoDirectoryError("x", detail=WORDS, status=403), "does not lead to the CA", "HTTP status 403 (Forbidden)"),
        (lambda _: NoDirectoryError("x", detail=WORDS, status=404), "does not lead to the CA", "must be on its list"),
    ],
)
def test_relay_that_is_down_is_told_as_that(
    relay: str, fault: Callable[[str], KeystayError], title: str, next_step: str
) -> None:
    message = message_for(fault(f"{relay}ca.example/dir"), replace(CA, relay=relay))
    assert message.title == f"The relay to Test CA {title}"
    assert f"a relay at {relay}" in message.text
    assert next_step in message.text
    assert WORDS in message.detail
    assert "cannot be reached" not in message.title + message.text


@pytest.mark.parametrize("status", [500, 503])
def test_relay_and_ca_are_both_named_where_either_may_be_down(status: int) -> None:
    message = message_for(UnavailableError("x", status=status, retry_after=300.0), replace(CA, relay=RELAYS[0]))
    assert message.title == "Test CA, or the relay to it, is not available now"
    assert "It asks you to wait 5 minutes." in message.text


def test_refusals_of_a_ca_behind_a_relay_stay_the_cas() -> None:
    behind = replace(CA, relay=RELAYS[0])
    for error in (
        ProblemError(Problem("rateLimited", WORDS)),
        ProblemError(Problem(UNTYPED, WORDS, 403)),
        UnavailableError("x", status=429),
        ProtocolError("x"),
        NetworkError("https://ca.example/dir"),
    ):
        assert message_for(error, behind) == message_for(error, CA)


def test_practice_ca_behind_a_relay_that_gets_no_answer_has_stopped() -> None:
    practice = replace(CA, relay="http://localhost:8000/relay/", records="http://localhost:8000/practice/")
    assert message_for(UnavailableError("x", status=502), practice).title == "The practice CA does not answer"
