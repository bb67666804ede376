"""Nonces (RFC 8555 §7.2): each signed request needs a fresh one (§6.5)."""

from typing import Final

from app.acme.directory import AcmeServer, Directory
from app.acme.problem import ProblemError, parse_problem
from app.acme.response import AcmeResponse
from app.errors import ProtocolError
from app.ports import Clock, Http, Request

_NO_HEAD: Final = (404, 405, 501)  # what servers say to a method that they do not have at an address


class HiddenNonceError(ProtocolError):
    """The CA answers, but gives no nonce that can be read: its CORS headers hide Replay-Nonce (RFC 8555 §6.5)."""


async def new_nonce(http: Http, clock: Clock, server: AcmeServer, directory: Directory) -> str:
    """A fresh nonce (RFC 8555 §7.2), by GET where the CA refuses HEAD.

    Raises `HiddenNonceError`, `InvalidNonceError`, `ProblemError`, `ProtocolError`, `NetworkError`.
    """
    url = directory.new_nonce
    response = await http.send(Request("HEAD", server.relay_url(url)))
    if response.status in _NO_HEAD:
        response = await http.send(Request("GET", server.relay_url(url)))
    answer = AcmeResponse(url, response, clock.now())
    if response.status >= 400:
        raise ProblemError(parse_problem(answer))
    nonce = answer.read_nonce()
    if nonce is None:
        raise HiddenNonceError("The CA gave no nonce, or its CORS headers keep this page from reading it.", detail=url)
    return nonce
