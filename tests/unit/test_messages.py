"""Errors in a person's words: complete, about the CA at hand, and with the CA's own text kept apart."""

from dataclasses import replace

import pytest

from app.acme.authority import Authority
from app.acme.challenge import DnsRecord
from app.acme.identifier import Identifier
from app.acme.problem import Problem, ProblemError, UnavailableError
from app.errors import (
    CertificateError,
    ClosedStorageError,
    FullStorageError,
    InputError,
    KeystayError,
    NetworkError,
    ProtocolError,
    StorageError,
    StuckError,
)
from app.flow.issuance import Issuance, Proof
from app.flow.practice import RecordServerError, SilentRecordServerError
from app.ui.messages import message_for, problem_message
from app.ui.verdict import failed_message
from tests.unit.records import CA, record

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
        StuckError("The CA has been working on the order for a quarter of an hour.", detail=WORDS),
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
        CertificateError("The certificate is for other names than were ordered.", detail=WORDS),
        StorageError("The browser’s storage (IndexedDB) refused.", detail=WORDS),
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
    assert message_for(InputError("ca", "Choose another CA."), CA).text == "Choose another CA."


def test_mistake_of_the_page_is_owned_and_named() -> None:
    message = message_for(KeyError("state"), CA)
    assert "mistake" in message.title
    assert message.detail == "KeyError: 'state'"


def test_missing_cors_and_missing_network_are_told_apart() -> None:
    def title(*, reachable: bool | None) -> str:
        return message_for(NetworkError("https://ca.example/dir", reachable=reachable), CA).title

    assert title(reachable=True) == "Test CA does not let browsers in"
    assert title(reachable=False) == title(reachable=None) == "Test CA cannot be reached"


@pytest.mark.parametrize("status", [502, 503])
def test_practice_ca_that_has_stopped_behind_make_run_is_told_to_be_started(status: int) -> None:
    """The relay of `make run` still answers then, in the place of the CA."""
    practice = replace(CA, records="http://localhost:8000/practice/")
    refused = ProblemError(Problem("about:blank", WORDS, status=status))
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


# ---- an order that failed ----


def failed(*proofs: Proof, problem: Problem | None = None) -> Issuance:
    names = [proof.identifier.value for proof in proofs] or ["shop.example"]
    return record(*names, state="failed", proofs=proofs, problem=problem or Problem("dns", "a reason"))


def proof(name: str, problem: Problem | None = None) -> Proof:
    what = DnsRecord(f"_acme-challenge.{name}", ("value",))
    return Proof(Identifier("dns", name), "u", "c", what, "invalid" if problem else "valid", problem)


def test_failed_names_are_listed_each_with_the_cas_words() -> None:
    bad, worse = Problem("dns", "no TXT record"), Problem("unauthorized", "a wrong TXT record")
    message = failed_message(failed(proof("good.example"), proof("bad.example", bad), proof("worse.example", worse)), CA)
    assert "bad.example, worse.example" in message.title
    assert "good.example" not in message.title
    assert message.detail.splitlines() == ["bad.example: no TXT record", "worse.example: a wrong TXT record"]
    assert "TXT" not in message.text
    assert message.text.endswith("Test CA allows five failed tries in an hour.")


def test_order_that_failed_for_another_reason_tells_that_one() -> None:
    message = failed_message(failed(proof("shop.example"), problem=Problem("caa", "CAA forbids it")), CA)
    assert message.title == "A CAA record keeps Test CA from issuing"
    assert message.detail == "CAA forbids it"


def test_missing_credentials_come_with_the_cas_own_way_to_them() -> None:
    ca = Authority("a", "A CA", "https://ca.example/dir", external_account="Log in and press “Generate”.")
    message = message_for(InputError("eab-kid", "Credentials are needed."), ca)
    assert message.text == "Credentials are needed. Log in and press “Generate”."
