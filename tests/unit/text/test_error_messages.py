"""Errors in a person's words: complete, about the CA at hand, and with the CA's own text kept apart."""

import json
from dataclasses import replace
from http import HTTPStatus
from typing import get_args

import pytest

from app.acme.account import ClosedAccountError
from app.acme.identifier import Identifier
from app.acme.problem import UNTYPED, Problem, ProblemError, UnavailableError, parse_problem
from app.acme.response import AcmeResponse, InvalidNonceError
from app.ca.catalog import CertificateAuthority
from app.errors import (
    CertificateError,
    ClosedStorageError,
    FieldError,
    FullStorageError,
    KeystayError,
    NetworkError,
    NoProgressError,
    NotOfferedError,
    ProtocolError,
    StorageError,
)
from app.issuance.practice import RecordServerError, SilentRecordServerError
from app.ports import Response
from app.text.error_messages import message_for, problem_message
from app.text.sentences import sentence
from app.text.tasks import Task
from tests.unit.records import CA

WORDS = "the {other} side's <b>own</b> words"

# All of RFC 8555 §6.7, one of a draft, and one that a CA made up.
PROBLEM_TYPES = [
    "accountDoesNotExist",
    "alreadyRevoked",
    "badCSR",
    "badNonce",
    "badPublicKey",
    "badRevocationReason",
    "badSignatureAlgorithm",
    "caa",
    "compound",
    "connection",
    "dns",
    "externalAccountRequired",
    "incorrectResponse",
    "invalidContact",
    "malformed",
    "orderNotReady",
    "rateLimited",
    "rejectedIdentifier",
    "serverInternal",
    "tls",
    "unauthorized",
    "unsupportedContact",
    "unsupportedIdentifier",
    "userActionRequired",
    "invalidProfile",
    "https://ca.example/errors/closed",
]


@pytest.mark.parametrize("kind", PROBLEM_TYPES)
def test_every_refusal_has_title_text_and_the_cas_words_apart(kind: str) -> None:
    message = message_for(ProblemError(Problem(kind, WORDS)), CA)
    assert message.title
    assert message.text
    assert "Test CA" in message.title + message.text
    assert WORDS in message.detail
    assert WORDS not in message.title + message.text
    assert "{" not in message.title + message.text


@pytest.mark.parametrize(
    "error",
    [
        UnavailableError("The CA's address answered with HTTP status 503 and no ACME reason.", detail=WORDS),
        ProtocolError("The CA's order is not JSON.", detail=WORDS),
        NoProgressError("The CA has been working on the order for a quarter of an hour.", detail=WORDS),
        NetworkError("https://ca.example/dir", detail=WORDS, reachable=True),
        NetworkError("https://ca.example/dir", detail=WORDS, reachable=False),
        NetworkError("https://ca.example/dir", detail=WORDS),
    ],
    ids=lambda error: f"{type(error).__name__} {getattr(error, 'reachable', '')}",
)
def test_every_fault_of_a_ca_is_told_about_that_ca(error: KeystayError) -> None:
    message = message_for(error, CA)
    assert "Test CA" in message.title
    assert message.text
    assert WORDS in message.detail
    assert WORDS not in message.text
    assert "{" not in message.title + message.text


@pytest.mark.parametrize(
    "error",
    [
        CertificateError("The certificate is not for all names that were ordered.", detail=WORDS),
        StorageError("The browser’s storage (IndexedDB) reported an error.", detail=WORDS),
        FullStorageError(detail=WORDS),
        RecordServerError("The practice record server does not answer.", detail=WORDS),
        KeystayError("Something else.", detail=WORDS),
        ValueError(WORDS),
    ],
    ids=lambda error: type(error).__name__,
)
def test_every_other_fault_is_told_with_its_detail(error: Exception) -> None:
    message = message_for(error, CA)
    assert message.title
    assert message.text
    assert WORDS in message.detail
    assert WORDS not in message.text


def test_full_closed_and_refusing_storage_are_told_apart_each_with_a_way_on() -> None:
    full, closed, other = (message_for(error) for error in (FullStorageError(), ClosedStorageError(), StorageError("x")))
    assert len({full.title, closed.title, other.title}) == 3
    assert "Then press the button again" in full.text
    assert "Reload the page" in closed.text


def test_messages_without_a_ca_speak_of_the_ca() -> None:
    assert message_for(ProtocolError("x")).title.startswith("The CA ")


def test_refused_input_is_told_in_its_own_words() -> None:
    error = FieldError("domains", "no-names")
    assert message_for(error, CA).text == sentence(error)


def test_mistake_of_the_page_is_owned_and_named() -> None:
    message = message_for(KeyError("state"), CA)
    assert "mistake" in message.title
    assert message.detail == "KeyError: 'state'"


def test_missing_cors_and_missing_network_are_told_apart() -> None:
    def title(*, reachable: bool | None) -> str:
        return message_for(NetworkError("https://ca.example/dir", reachable=reachable), CA).title

    assert title(reachable=True) == "Test CA does not let browsers in"
    assert title(reachable=False) == title(reachable=None) == "Test CA cannot be reached"


def test_practice_ca_that_has_stopped_behind_make_run_is_told_to_be_started() -> None:
    """The relay of `make run` still answers then, in the place of the CA."""
    status = HTTPStatus.BAD_GATEWAY
    practice = replace(CA, records="http://localhost:8000/practice/")
    body = json.dumps({"type": "about:blank", "status": status, "detail": WORDS}).encode()
    with pytest.raises(UnavailableError) as caught:
        parse_problem(AcmeResponse("https://localhost:14000/dir", Response(status, {}, body), 0.0))
    refused = caught.value
    for message in (message_for(refused, practice), message_for(SilentRecordServerError(detail=WORDS), practice)):
        assert message.title == "The practice CA does not answer"
        assert "may have stopped" in message.text
        assert "start it again" in message.text
        assert WORDS in message.detail
        assert message_for(refused, CA).title != message.title


def test_practice_ca_that_is_not_running_is_told_to_be_started() -> None:
    practice = replace(CA, records="http://localhost:8000/practice/")
    message = message_for(NetworkError("http://localhost:8000/relay/dir", detail=WORDS), practice)
    assert "make run" in message.text
    assert message.detail == WORDS


def test_stumbling_ca_and_strange_answer_are_told_apart() -> None:
    assert message_for(UnavailableError("x"), CA).title != message_for(ProtocolError("x"), CA).title


def test_refused_names_are_named() -> None:
    identifiers = [Identifier("dns", name) for name in ("bad.example", "worse.example")]
    subproblems = tuple(Problem("rejectedIdentifier", f"no {entry.value}", identifier=entry) for entry in identifiers)
    message = problem_message(Problem("rejectedIdentifier", "some are refused", subproblems=subproblems), "Test CA")
    assert message.title == "Test CA does not issue for bad.example, worse.example"
    assert message.detail.splitlines() == [
        "some are refused",
        "bad.example: no bad.example",
        "worse.example: no worse.example",
    ]


def test_refusal_that_names_no_name_says_a_name_of_the_order() -> None:
    assert "a name of this order" in problem_message(Problem("rejectedIdentifier", ""), "Test CA").title


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (30.0, "It asks you to wait 30 seconds."),
        (600.0, "It asks you to wait 10 minutes."),
        (90_000.0, "It asks you to wait 25 hours."),
    ],
)
def test_rate_limit_says_how_long_to_wait(seconds: float, words: str) -> None:
    assert words in problem_message(Problem("rateLimited", "", retry_after=seconds), "Test CA").text


@pytest.mark.parametrize("seconds", [None, 0.0])
def test_rate_limit_without_a_time_says_none(seconds: float | None) -> None:
    assert "wait" not in problem_message(Problem("rateLimited", "", retry_after=seconds), "Test CA").text


@pytest.mark.parametrize(
    ("instance", "link"),
    [
        ("https://ca.example/terms", "https://ca.example/terms"),
        ("http://ca.example/terms", ""),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("//ca.example/terms", ""),
        (None, ""),
    ],
)
def test_only_https_addresses_become_links(instance: str | None, link: str) -> None:
    assert problem_message(Problem("userActionRequired", "", instance=instance), "Test CA").link == link


def test_missing_credentials_come_with_the_cas_own_way_to_them() -> None:
    ca = CertificateAuthority("a", "A CA", "https://ca.example/dir", external_account="Log in and press “Generate”.")
    error = FieldError("eab-kid", "credentials-needed")
    assert message_for(error, ca).text == f"{sentence(error)} Log in and press “Generate”."


# ---- what was asked ----


@pytest.mark.parametrize("task", get_args(Task))
@pytest.mark.parametrize("kind", [*PROBLEM_TYPES, UNTYPED])
def test_order_is_spoken_of_only_where_one_was_asked_for(task: Task, kind: str) -> None:
    message = message_for(ProblemError(Problem(kind, WORDS, 418)), CA, task)
    assert ("order accordingly" in message.text) <= (task == "order")
    assert ("the order goes on" in message.text) <= (task == "order")
    assert WORDS in message.detail
    assert "about:blank" not in f"{message}"
    assert "{" not in message.title + message.text


@pytest.mark.parametrize("task", get_args(Task))
@pytest.mark.parametrize(
    "error",
    [
        UnavailableError("x", status=503),
        UnavailableError("x", status=429, retry_after=300.0),
        InvalidNonceError("x"),
        NetworkError("https://ca.example/dir"),
        ProtocolError("x"),
        ClosedAccountError(f"{CA.directory}/1", "deactivated"),
        NotOfferedError("key change"),
        NotOfferedError("revocation"),
        NotOfferedError("renewal information"),
    ],
    ids=repr,
)
def test_fault_of_a_ca_speaks_of_an_order_only_where_one_was_asked_for(task: Task, error: KeystayError) -> None:
    message = message_for(error, CA, task)
    assert ("the order goes on" in message.text) <= (task == "order")
    assert "{" not in message.title + message.text


@pytest.mark.parametrize("status", [401, 403, 404, 405, 410, 418, 501])
def test_error_without_a_type_is_told_by_its_status(status: int) -> None:
    message = message_for(ProblemError(Problem(UNTYPED, "", status)), CA)
    assert f"HTTP status {status} (" in message.text
    assert message.detail.startswith(f"HTTP {status} ")
    assert len({message_for(ProblemError(Problem(UNTYPED, "", other)), CA).title for other in (403, 404, 405, 418)}) == 4


def test_wait_that_an_unavailable_ca_asks_for_is_told() -> None:
    assert "It asks you to wait 5 minutes." in message_for(UnavailableError("x", status=503, retry_after=300.0), CA).text


PAUSE = (
    "Your account is temporarily prevented from requesting certificates for shop.example and possibly others. "
    "Please visit: https://portal.ca.example/sfe/v1/unpause?jwt=eyJ0.eyJz.c2ln"
)


@pytest.mark.parametrize("task", ["order", "account"])
def test_link_that_unpauses_an_account_is_a_link_on_top(task: Task) -> None:
    """Let's Encrypt says it in a 429 rateLimited."""
    message = message_for(ProblemError(Problem("rateLimited", PAUSE, 429, retry_after=60.0)), CA, task)
    assert message.title == "Test CA has paused this account"
    assert message.link == "https://portal.ca.example/sfe/v1/unpause?jwt=eyJ0.eyJz.c2ln"
    assert message.detail == PAUSE


@pytest.mark.parametrize(
    ("detail", "link"),
    [
        ("see https://ca.example/docs/limits, or wait", "https://ca.example/docs/limits"),
        ("see http://ca.example/unpause", ""),
        ("see javascript:unpause()", ""),
        ("see https://ca.example@evil.example/unpause", ""),
        ("see https://аррӏе.example/unpause", "https://xn--80ak6aa92e.example/unpause"),
        ("no link at all", ""),
    ],
)
def test_link_in_the_words_on_a_limit_is_on_top_where_it_is_safe(detail: str, link: str) -> None:
    assert problem_message(Problem("rateLimited", detail), "Test CA").link == link


def test_link_in_other_words_is_not_on_top() -> None:
    assert problem_message(Problem("malformed", PAUSE), "Test CA").link == ""


@pytest.mark.parametrize("kind", ["malformed", "rejectedIdentifier", "compound"])
def test_name_beside_its_wildcard_has_words_of_its_own_where_a_ca_refuses_it(kind: str) -> None:
    """Boulder's words."""
    words = 'Domain name "www.a.example" is redundant with a wildcard domain in the same request.'
    sub = (Problem("malformed", words),) if kind == "compound" else ()
    message = problem_message(Problem(kind, "" if sub else words, subproblems=sub), "Test CA")
    assert message.title == "Test CA accepts either a wildcard or the names that it covers"
    assert words in message.detail
    assert "Leave one of them out" in message.text
