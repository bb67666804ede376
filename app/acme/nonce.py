"""Finds out whether a page can use a CA at all: can it read the directory, and a nonce *with* its Replay-Nonce header.

Browsers show a page only what the CA's CORS headers allow. Some CAs send none; some let their answers be read but not the
one header that every signed request needs (ZeroSSL: no Access-Control-Expose-Headers). Both are found out here, by two
requests that carry nothing: no name, no key, no account.
"""

from typing import Final

from app.acme.directory import Directory
from app.acme.problem import UNTYPED, Problem, ProblemError, parse_problem, status_words
from app.acme.response import AcmeResponse, check_whole
from app.ca.catalog import CertificateAuthority
from app.errors import KeystayError, ProtocolError
from app.ports import Clock, Http, Request

_NO_HEAD: Final = (404, 405, 501)  # what servers say to a method that they do not have at an address


class HiddenNonceError(ProtocolError):
    """The CA answers, but gives no nonce that can be read: its CORS headers hide Replay-Nonce (RFC 8555 §6.5)."""


class NoDirectoryError(ProtocolError):
    """A refusal without an ACME reason came in place of the directory: `status` is its HTTP status."""

    def __init__(self, message: str, *, detail: str = "", status: int) -> None:
        super().__init__(message, detail=detail)
        self.status = status


async def read_directory(http: Http, clock: Clock, authority: CertificateAuthority) -> Directory:
    """The CA's directory (RFC 8555 §7.1.1).

    Raises `NetworkError` where the CA cannot be reached or does not let browsers in, `ProblemError` and `UnavailableError`
    where it refuses, `NoDirectoryError` and other kinds of `ProtocolError` where what answers is not an ACME server.
    """
    response = await http.send(Request("GET", authority.relay_url(authority.directory)))
    if response.status >= 400:
        raise _no_directory(parse_problem(AcmeResponse(authority.directory, response, clock.now())))
    check_whole(response)
    return Directory.parse(response.body)


def _no_directory(problem: Problem) -> KeystayError:
    """A refusal without an ACME reason is what any web server says at an address that is not a directory."""
    if problem.type != UNTYPED:
        return ProblemError(problem)
    what = status_words(problem.status)
    message = f"The CA's address answered with {what} and no ACME reason."
    return NoDirectoryError(message, detail=problem.detail, status=problem.status or 0)


async def new_nonce(http: Http, clock: Clock, authority: CertificateAuthority, directory: Directory) -> str:
    """A fresh nonce (RFC 8555 §7.2), by GET where the CA refuses HEAD.

    Raises `HiddenNonceError`, `InvalidNonceError`, `ProblemError`, `ProtocolError`, `NetworkError`.
    """
    url = directory.new_nonce
    response = await http.send(Request("HEAD", authority.relay_url(url)))
    if response.status in _NO_HEAD:
        response = await http.send(Request("GET", authority.relay_url(url)))
    answer = AcmeResponse(url, response, clock.now())
    if response.status >= 400:
        raise ProblemError(parse_problem(answer))
    nonce = answer.read_nonce()
    if nonce is None:
        raise HiddenNonceError("The CA gave no nonce, or its CORS headers keep this page from reading it.", detail=url)
    return nonce


async def check_cors(http: Http, clock: Clock, authority: CertificateAuthority) -> Directory:
    """The CORS test, before a CA is used. Returns its directory where all is well; raises as the two steps above do."""
    directory = await read_directory(http, clock, authority)
    await new_nonce(http, clock, authority, directory)
    return directory
