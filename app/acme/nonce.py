"""Nonces (RFC 8555 §7.2): each signed request needs a new one (§6.5)."""

from typing import Final

from app.acme.directory import AcmeServer, Directory
from app.acme.problem import ProblemError, parse_problem
from app.acme.response import AcmeResponse
from app.errors import ProtocolError
from app.ports import Clock, Http, Request

_NO_HEAD: Final = (404, 405, 501)  # the responses of servers that do not support the method for that URL


class HiddenNonceError(ProtocolError):
    """The CA responds, but without a nonce that can be read: its CORS headers hide Replay-Nonce (RFC 8555 §6.5)."""


async def new_nonce(http: Http, clock: Clock, server: AcmeServer, directory: Directory) -> str:
    """A new nonce (RFC 8555 §7.2), by GET where the CA refuses HEAD.

    Raises `HiddenNonceError`, `InvalidNonceError`, `ProblemError`, `ProtocolError`, `NetworkError`.
    """
    url = directory.new_nonce
    received = await http.send(Request("HEAD", server.relay_url(url)))
    if received.status in _NO_HEAD:
        received = await http.send(Request("GET", server.relay_url(url)))
    response = AcmeResponse(url, received, clock.now())
    if response.status >= 400:
        raise ProblemError(parse_problem(response))
    nonce = response.read_nonce()
    if nonce is None:
        raise HiddenNonceError("nonce-hidden", detail=url)
    return nonce
