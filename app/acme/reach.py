"""Finds out whether a page can use a CA at all: can it read the directory, and a nonce *with* its Replay-Nonce header.

Browsers show a page only what the CA's CORS headers allow. Some CAs send none; some let their answers be read but not the
one header that every signed request needs (ZeroSSL: no Access-Control-Expose-Headers). Both are found out here, by two
requests that carry nothing: no name, no key, no account.
"""

from app.acme.answer import Answer, check_whole
from app.acme.authority import Authority
from app.acme.directory import Directory
from app.acme.problem import ProblemError, parse_problem
from app.errors import ProtocolError
from app.ports import Clock, Http, Request


class HiddenNonceError(ProtocolError):
    """The CA answers, but gives no nonce that can be read: its CORS headers hide Replay-Nonce (RFC 8555 §6.5)."""


async def read_directory(http: Http, authority: Authority) -> Directory:
    """The CA's directory (RFC 8555 §7.1.1).

    Raises `NetworkError` where the CA cannot be reached or does not let browsers in, `ProtocolError` where what answers is
    not an ACME server.
    """
    response = await http.send(Request("GET", authority.route(authority.directory)))
    if response.status >= 400:
        raise ProblemError(parse_problem(response))
    check_whole(response)
    return Directory.parse(response.body)


async def new_nonce(http: Http, clock: Clock, authority: Authority, directory: Directory) -> str:
    """A fresh nonce (RFC 8555 §7.2). Raises `HiddenNonceError`, `ProblemError`, `ProtocolError`, `NetworkError`."""
    url = directory.new_nonce
    response = await http.send(Request("HEAD", authority.route(url)))
    if response.status >= 400:
        raise ProblemError(parse_problem(response))
    nonce = Answer(url, response, clock.now()).nonce
    if nonce is None:
        raise HiddenNonceError("The CA gave no nonce, or its CORS headers keep this page from reading it.", detail=url)
    return nonce


async def try_way(http: Http, clock: Clock, authority: Authority) -> Directory:
    """The CORS test, before a CA is used. Returns its directory where all is well; raises as the two steps above do."""
    directory = await read_directory(http, authority)
    await new_nonce(http, clock, authority, directory)
    return directory
