"""A CA's refusal (RFC 7807, RFC 8555 §6.7): the one thing that every kind of "no" becomes."""

import html
import re
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Final

from app.acme.identifier import Identifier
from app.acme.response import AcmeResponse
from app.encoding.strict_json import MAX_JSON, JsonObject, parse_json, words
from app.errors import KeystayError, OversizeError, ProtocolError

_URN: Final = "urn:ietf:params:acme:error:"

UNTYPED: Final = "about:blank"
"""The type of a refusal that names none (RFC 7807 §4.2): its HTTP status is all that tells what it is."""

MAX_BODY_SHOWN: Final = 2000  # characters of an error that is no JSON

_MEMBERS: Final = ("type", "detail", "title", "status", "instance", "identifier", "subproblems", "algorithms")
_MARKUP: Final = re.compile(r"<(script|style)\b.*?</\1\s*>|<!--.*?-->|<[^<>]*>", re.DOTALL | re.IGNORECASE)


@dataclass(frozen=True)
class Problem:
    """A problem document.

    `type` is the short name for the types that RFC 8555 registers ("badNonce"), else the URI as it came, or `UNTYPED`. `detail`
    is the CA's own text, untrusted. `status` is that of the HTTP answer; inside an order or a challenge, what the CA writes.
    `instance` is a link, of the new terms for `userActionRequired`. `retry_after` is in seconds from now, where the CA said
    when to come back. `algorithms` are the ones it takes, for `badSignatureAlgorithm` (§6.2).
    """

    type: str
    detail: str
    status: int | None = None
    instance: str | None = None
    identifier: Identifier | None = None
    subproblems: "tuple[Problem, ...]" = ()
    algorithms: tuple[str, ...] = ()
    retry_after: float | None = None

    @classmethod
    def parse(cls, fields: JsonObject) -> "Problem":
        """Read a problem document. No member of it is needed: an odd one counts as absent, and its words are kept.

        Raises `OversizeError`.
        """
        members = fields.optional
        return cls(
            type=members.text("type").removeprefix(_URN) or UNTYPED,
            detail=words(members.any("detail")) or words(members.any("title")) or words(members.beside(_MEMBERS)),
            status=members.number("status"),
            instance=members.text("instance") or None,
            identifier=_identifier(members.any("identifier")),
            subproblems=tuple(filter(None, map(cls.read, members.values("subproblems")))),
            algorithms=members.texts("algorithms"),
        )

    @classmethod
    def read(cls, value: object) -> "Problem | None":
        """The problem in a JSON value of any type, as one stands inside an order or a challenge; None where it says nothing.

        Some servers write an empty object for “no error”, and others a text in place of an object. Raises `OversizeError`.
        """
        if isinstance(value, dict) and value:
            problem = cls.parse(JsonObject(value, "error"))
            return problem if problem.full_detail else None
        text = words(value)
        return cls(UNTYPED, text) if text else None

    @property
    def full_detail(self) -> str:
        """The CA's texts, those of the subproblems with their names, one a line. Where there are none, what it is called."""
        lines = [self.detail or self._called]
        if self.algorithms:
            lines.append(f"It takes: {', '.join(self.algorithms)}")
        for problem in self.subproblems:
            name = f"{problem.identifier.value}: " if problem.identifier else ""
            lines.append(f"{name}{problem.full_detail}")
        return "\n".join(filter(None, lines))

    @property
    def is_not_offered(self) -> bool:
        """Whether the CA does not have what was asked for, by the HTTP status. step-ca says 501 under a type for names."""
        # With a type, a 404 is about a resource that is not there.
        missing = self.status == HTTPStatus.NOT_FOUND and self.type == UNTYPED
        return missing or self.status in (HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.NOT_IMPLEMENTED)

    @property
    def _called(self) -> str:
        return status_words(self.status) if self.type == UNTYPED else self.type

    def to_json(self) -> dict[str, object]:
        """The document again, as `parse` reads it; `retry_after` is of the moment and stays out."""
        members: dict[str, object] = {"type": self.type, "detail": self.detail}
        if self.status is not None:
            members["status"] = self.status
        if self.instance is not None:
            members["instance"] = self.instance
        if self.identifier is not None:
            members["identifier"] = self.identifier.to_json()
        if self.subproblems:
            members["subproblems"] = [problem.to_json() for problem in self.subproblems]
        if self.algorithms:
            members["algorithms"] = list(self.algorithms)
        return members


def _identifier(value: object) -> Identifier | None:
    """The identifier of a problem; some servers write the bare name. One that cannot be read is none."""
    if isinstance(value, str) and value:
        return Identifier("dns", value.lower())
    try:
        return Identifier.parse(JsonObject(value, "error’s identifier"))
    except ProtocolError:
        return None


class ProblemError(KeystayError):
    """The CA refused a request; `problem` says why."""

    def __init__(self, problem: Problem) -> None:
        kind = status_words(problem.status) if problem.type == UNTYPED else problem.type
        super().__init__(f"The CA refused: {kind}.", detail=problem.full_detail)
        self.problem = problem


class GoneError(ProblemError):
    """The CA does not have the order any more, however often it is asked."""


def is_not_found(error: ProblemError) -> bool:
    """Whether the CA says that nothing is at the address (HTTP status 404): not that the account is what is missing."""
    return error.problem.status == HTTPStatus.NOT_FOUND and error.problem.type != "accountDoesNotExist"


class UnavailableError(ProtocolError):
    """The CA, or what stands before it, takes no requests now and gives no ACME reason: overload, maintenance, a limit.

    `status` is the HTTP status, 429 or one of 500 and more. `retry_after` is in seconds from now, where the answer says it.
    """

    def __init__(self, message: str, *, detail: str = "", status: int = 503, retry_after: float | None = None) -> None:
        super().__init__(message, detail=detail)
        self.status = status
        self.retry_after = retry_after


def status_words(status: int | None) -> str:
    """An HTTP status with its name (RFC 9110 §15), "" for None."""
    if status is None:
        return ""
    try:
        return f"HTTP status {status} ({HTTPStatus(status).phrase})"
    except ValueError:
        return f"HTTP status {status}"


def parse_problem(answer: AcmeResponse) -> Problem:
    """The problem in an error answer; headers say when to come back (RFC 8555 §6.6) and where new terms are (§7.3.3).

    RFC 8555 §6.7 asks for a problem document; gateways answer in other JSON, load balancers in HTML. What they say is then the
    detail of an untyped problem. A bare 409 is of type `conflict`: a key change that hit another account (§7.3.5).

    Raises `UnavailableError` for an untyped answer that asks to come back later, `OversizeError`.
    """
    status, body = answer.response.status, answer.response.body
    problem = _problem_in(body)
    if problem.type == UNTYPED and _asks_to_wait(status):
        message = f"The CA's address answered with {status_words(status)} and no ACME reason."
        raise UnavailableError(message, detail=problem.detail, status=status, retry_after=answer.retry_after)
    terms = next(iter(answer.links("terms-of-service")), None)
    conflict = problem.type == UNTYPED and status == HTTPStatus.CONFLICT and not body.strip()
    return replace(
        problem,
        type="conflict" if conflict else problem.type,
        status=status,
        instance=problem.instance or terms,
        retry_after=answer.retry_after,
    )


def _problem_in(body: bytes) -> Problem:
    if len(body) > MAX_JSON:
        raise OversizeError(f"The CA's error document has {len(body):,} bytes; at most {MAX_JSON:,} are read.")
    try:
        return Problem.read(parse_json(body, "error document")) or Problem(UNTYPED, "")
    except ValueError:
        return Problem(UNTYPED, _readable(body))


def _readable(body: bytes) -> str:
    """The start of an error that is no JSON, in words: what a web page says without its markup."""
    text = body[: 4 * MAX_BODY_SHOWN].decode("utf-8", "replace")
    plain = "\n".join(filter(None, (" ".join(line.split()) for line in html.unescape(_MARKUP.sub(" ", text)).splitlines())))
    return (plain or text)[:MAX_BODY_SHOWN]


def _asks_to_wait(status: int) -> bool:
    """Whether the same request may go well later: not so for what a server does not have or speak (501, 505)."""
    return status == HTTPStatus.TOO_MANY_REQUESTS or (status >= 500 and status not in (501, 505))
