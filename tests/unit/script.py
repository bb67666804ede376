"""`Http` that answers from a script, and the answers that a CA gives, as data."""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from app.encoding.base64url import b64url_decode
from app.ports import Request, Response

Scripted = Response | Exception | Callable[[Request], Response]
"""What comes back: an answer, an error of the port, or an answer made from the request."""

URN: Final = "urn:ietf:params:acme:error:"


class ScriptedHttp:
    """Answers each "METHOD URL" from its list in `script`; the last entry stays for all later requests.

    `requests` lists what was sent, `most_at_once` is how many requests were under way together.
    """

    def __init__(self, script: Mapping[str, Scripted | Sequence[Scripted]]) -> None:
        self.script: dict[str, list[Scripted]] = {
            key: list(entry) if isinstance(entry, Sequence) else [entry] for key, entry in script.items()
        }
        self.requests: list[Request] = []
        self.most_at_once = 0
        self._under_way = 0

    async def send(self, request: Request) -> Response:
        """See `app.ports.Http.send`."""
        self.requests.append(request)
        self._under_way += 1
        self.most_at_once = max(self.most_at_once, self._under_way)
        await asyncio.sleep(0)
        self._under_way -= 1
        key = f"{request.method} {request.url}"
        assert key in self.script, f"nothing is scripted for {key}"
        entries = self.script[key]
        entry = entries.pop(0) if len(entries) > 1 else entries[0]
        if isinstance(entry, Exception):
            raise entry
        return entry(request) if callable(entry) else entry

    def sent(self, key: str) -> list[Request]:
        """The requests "METHOD URL" that were sent, in order."""
        return [request for request in self.requests if f"{request.method} {request.url}" == key]


@dataclass(frozen=True)
class Post:
    """A signed request as a CA reads it. `payload` is None for POST-as-GET."""

    protected: dict[str, Any]
    payload: Any
    signed: bytes
    signature: bytes


def read_post(request: Request) -> Post:
    """Take a signed request apart (RFC 8555 §6.2)."""
    body = json.loads(request.body)
    payload = b64url_decode(body["payload"])
    return Post(
        protected=json.loads(b64url_decode(body["protected"])),
        payload=json.loads(payload) if payload else None,
        signed=f"{body['protected']}.{body['payload']}".encode("ascii"),
        signature=b64url_decode(body["signature"]),
    )


def answer(body: object = None, *, status: int = 200, nonce: str = "", **headers: str) -> Response:
    """A JSON answer with a Replay-Nonce, unless `nonce` is "". Underscores in header names stand for hyphens."""
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    if nonce:
        fields["replay-nonce"] = nonce
    text = b"" if body is None else json.dumps(body).encode()
    return Response(status, {"content-type": "application/json", **fields}, text)


def refusal(
    kind: str, *, status: int = 400, nonce: str = "", members: Mapping[str, Any] | None = None, **headers: str
) -> Response:
    """A problem document of the ACME type `kind` (RFC 8555 §6.7) with further `members`."""
    body = {"type": URN + kind, "detail": f"the CA's words on {kind}", "status": status, **(members or {})}
    return answer(body, status=status, nonce=nonce, **headers)


def html(status: int) -> Response:
    """What a load balancer or proxy says in place of the CA."""
    return Response(status, {"content-type": "text/html"}, b"<html><h1>Something is wrong here</h1></html>")
