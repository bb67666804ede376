"""Problems: how a CA refuses a request (RFC 7807, RFC 8555 §6.7)."""

import re
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Final

from app.acme.identifier import Identifier
from app.acme.response import AcmeResponse, reason_phrase
from app.encoding.strict_json import MAX_JSON, JsonObject, parse_json, words
from app.errors import KeystayError, OversizeError, ProtocolError

_URN: Final = "urn:ietf:params:acme:error:"

UNTYPED: Final = "about:blank"
"""The type of a problem that names none (RFC 7807 §4.2): only its HTTP status shows what it is."""

MAX_BODY_SHOWN: Final = 2000  # characters of an error that is not JSON

_MEMBERS: Final = ("type", "detail", "title", "status", "instance", "identifier", "subproblems", "algorithms")
_MARKUP: Final = re.compile(r"<(script|style)\b.*?</\1\s*>|<!--.*?-->|<[^<>]*>", re.DOTALL | re.IGNORECASE)


@dataclass(frozen=True)
class Problem:
    """A problem document.

    `type` is the short name for the types that RFC 8555 registers ("badNonce"), else the URI as it came, or `UNTYPED`. `detail`
    is the CA's own text, untrusted. `status` is that of the HTTP response; inside an order or a challenge, the member.
    `instance` is a link, to the new terms for `userActionRequired`. `retry_after` is in seconds from now, where the CA sent a
    Retry-After. `algorithms` are those that it accepts, for `badSignatureAlgorithm` (§6.2).
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
        """Read a problem document. No member of it is needed: a malformed one counts as absent, and its text is preserved.

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
        """The problem in a JSON value of any type, as an order or a challenge contains one; None where it is empty.

        Some servers write an empty object for “no error”, others a text in place of an object. Raises `OversizeError`.
        """
        if value is None:
            return None
        if isinstance(value, dict) and value:
            problem = cls.parse(JsonObject(value, "error"))
            return problem if problem.full_detail else None
        text = words(value)
        return cls(UNTYPED, text) if text else None

    @property
    def full_detail(self) -> str:
        """The CA's texts, one a line, those of subproblems after their names; where there are none, `kind`."""
        lines = [self.detail or self.kind]
        if self.algorithms:
            lines.append(f"algorithms: {', '.join(self.algorithms)}")
        for problem in self.subproblems:
            name = f"{problem.identifier.value}: " if problem.identifier else ""
            lines.append(f"{name}{problem.full_detail}")
        return "\n".join(filter(None, lines))

    @property
    def is_not_offered(self) -> bool:
        """Whether the CA does not offer what was asked for, by its HTTP status. step-ca sends a 501 with a misleading type."""
        # With a type, a 404 is about a missing resource.
        missing = self.status == HTTPStatus.NOT_FOUND and self.type == UNTYPED
        return missing or self.status in (HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.NOT_IMPLEMENTED)

    @property
    def kind(self) -> str:
        """The type, or "HTTP 403 Forbidden" where there is none."""
        if self.type != UNTYPED:
            return self.type
        return f"HTTP {self.status} {reason_phrase(self.status)}".rstrip() if self.status is not None else ""

    def to_json(self) -> dict[str, object]:
        """The document again, as `parse` reads it, without `retry_after`, which is relative to the moment."""
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
    """The identifier of a problem; some servers write the bare name. None where it cannot be read."""
    if isinstance(value, str) and value:
        return Identifier("dns", value.lower())
    try:
        return Identifier.parse(JsonObject(value, "error.identifier"))
    except ProtocolError:
        return None


class ProblemError(KeystayError):
    """The CA refused a request; `problem` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__("refused", detail=problem.full_detail, kind=problem.kind)
        self.problem = problem


class GoneError(ProblemError):
    """The CA does not have the order any more, even after several requests."""


def is_not_found(error: ProblemError) -> bool:
    """Whether nothing exists at the URL (HTTP status 404), other than a missing account."""
    return error.problem.status == HTTPStatus.NOT_FOUND and error.problem.type != "accountDoesNotExist"


class UnavailableError(ProtocolError):
    """The CA, or a server before it, takes no requests now and sends no ACME error type: overload, maintenance, a limit.

    `status` is the HTTP status: 429, or 500 and above. `retry_after` is in seconds from now, where the response has it.
    """

    def __init__(self, code: str, *, detail: str = "", status: int = 503, retry_after: float | None = None) -> None:
        super().__init__(code, detail=detail, status=status)
        self.status = status
        self.retry_after = retry_after


def parse_problem(response: AcmeResponse) -> Problem:
    """The problem in an error response; headers say when to retry (RFC 8555 §6.6) and where new terms are (§7.3.3).

    RFC 8555 §6.7 asks for a problem document; gateways send other JSON, load balancers HTML. Their text then becomes the detail
    of an untyped problem. A bare 409 is of type `conflict`: a key change that hit another account (§7.3.5).

    Raises `UnavailableError` for an untyped response that asks to retry later, `OversizeError`.
    """
    problem = _problem_in(response.body)
    if problem.type == UNTYPED and _asks_to_wait(response.status):
        wait = response.retry_after
        raise UnavailableError("unavailable", detail=problem.detail, status=response.status, retry_after=wait)
    terms = next(iter(response.links("terms-of-service")), None)
    conflict = problem.type == UNTYPED and response.status == HTTPStatus.CONFLICT and not response.body.strip()
    return replace(
        problem,
        type="conflict" if conflict else problem.type,
        status=response.status,
        instance=problem.instance or terms,
        retry_after=response.retry_after,
    )


def _problem_in(body: bytes) -> Problem:
    if len(body) > MAX_JSON:
        raise OversizeError("json-too-long", where="error", length=len(body), most=MAX_JSON)
    try:
        return Problem.read(parse_json(body, "error")) or Problem(UNTYPED, "")
    except ValueError:
        return Problem(UNTYPED, _readable(body))


def _readable(body: bytes) -> str:
    """The start of an error that is not JSON, as text: a web page without its markup."""
    import html  # its table of entities is large, and few answers are web pages

    text = body[: 4 * MAX_BODY_SHOWN].decode("utf-8", "replace")
    plain = "\n".join(filter(None, (" ".join(line.split()) for line in html.unescape(_MARKUP.sub(" ", text)).splitlines())))
    return (plain or text)[:MAX_BODY_SHOWN]


def _asks_to_wait(status: int) -> bool:
    """Whether the same request may succeed later: not where the server lacks the method or the protocol (501, 505)."""
    return status == HTTPStatus.TOO_MANY_REQUESTS or (status >= 500 and status not in (501, 505))
