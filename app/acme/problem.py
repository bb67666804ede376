"""A CA's refusal (RFC 7807, RFC 8555 §6.7): the one thing that every kind of "no" becomes."""

from dataclasses import dataclass
from http import HTTPStatus

from app.acme.fields import Fields, read_json
from app.acme.identifier import Identifier
from app.errors import KeystayError, OversizeError, ProtocolError
from app.ports import Response

_URN = "urn:ietf:params:acme:error:"


@dataclass(frozen=True)
class Problem:
    """A problem document.

    `type` is the short name for the types that RFC 8555 registers ("badNonce"), else the URI as it came. `detail` is the
    CA's own text, untrusted. `instance` is a link, of the new terms for `userActionRequired`. `retry_after` is in seconds
    from now, where the CA said when to come back. `algorithms` are the ones it takes, for `badSignatureAlgorithm` (§6.2).
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
    def parse(cls, fields: Fields) -> "Problem":
        """Read a problem document, also one that stands inside an order or a challenge. Raises `ProtocolError`."""
        identifier = fields.child("identifier")
        return cls(
            type=(fields.optional_text("type") or "about:blank").removeprefix(_URN),
            detail=fields.optional_text("detail") or fields.optional_text("title") or "",
            status=fields.number("status"),
            instance=fields.optional_text("instance"),
            identifier=None if identifier is None else Identifier.parse(identifier),
            subproblems=tuple(Problem.parse(child) for child in fields.children("subproblems")),
            algorithms=fields.texts("algorithms"),
        )

    @property
    def full_detail(self) -> str:
        """The CA's texts, those of the subproblems with their names, one a line."""
        lines = [self.detail or self.type]
        if self.algorithms:
            lines.append(f"It takes: {', '.join(self.algorithms)}")
        for problem in self.subproblems:
            name = f"{problem.identifier.value}: " if problem.identifier else ""
            lines.append(f"{name}{problem.full_detail}")
        return "\n".join(lines)

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


class ProblemError(KeystayError):
    """The CA refused a request; `problem` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"The CA refused: {problem.type}.", detail=problem.full_detail)
        self.problem = problem


class GoneError(ProblemError):
    """The CA does not have the order any more, however often it is asked."""


def is_not_found(error: ProblemError) -> bool:
    """Whether the CA says that nothing is at the address (HTTP status 404): not that the account is what is missing."""
    return error.problem.status == HTTPStatus.NOT_FOUND and error.problem.type != "accountDoesNotExist"


class UnavailableError(ProtocolError):
    """An HTTP status of 500 or more without a reason: overload, maintenance, or a proxy in front that stumbled."""


def parse_problem(response: Response) -> Problem:
    """The problem in an error answer. A bare 409 is of type `conflict`: a key change that hit another account (§7.3.5).

    Raises `UnavailableError` or `ProtocolError` where there is none: load balancers and proxies answer in HTML, though
    RFC 8555 §6.7 asks for JSON.
    """
    if response.status == 409 and not response.body.strip():
        return Problem("conflict", "", status=409)
    try:
        return Problem.parse(read_json(response.body, "error document"))
    except OversizeError:
        raise
    except ProtocolError as error:
        kind = UnavailableError if response.status >= 500 else ProtocolError
        message = f"The CA's address answered with HTTP status {response.status} and no ACME reason."
        raise kind(message, detail=error.detail) from error
