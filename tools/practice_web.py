"""The practice CA's endpoints for the page: publish a record or a file, ask its DNS, and fetch the root certificate.

`POST /practice/COMMAND` with a JSON object goes to challtestsrv's management, which has no CORS headers of its own;
`GET /practice/root.pem` gives the root that the practice certificates chain to; `GET /practice/dns-query?dns=…` asks the DNS in
which Pebble looks (`tools.practice_dns`).
"""

import json

import httpx
from starlette.requests import Request
from starlette.responses import Response

from tools.open_endpoint import ISOLATION, OpenEndpoint, RefusedError, preflight, read_body
from tools.practice import PracticeCA
from tools.practice_dns import answer_dns

PREFIX = "/practice/"
ROOT = "root.pem"
DNS = "dns-query"
READ = {ROOT: ("GET", "HEAD"), DNS: ("GET",)}
"""What is read and not commanded, with the methods for it."""
COMMANDS = frozenset(
    f"{verb}-{thing}"
    for verbs, things in (
        (("set", "clear"), ("txt", "cname", "servfail")),
        (("add", "clear"), ("a", "aaaa", "caa")),
        (("add", "del"), ("http01", "redirect", "tlsalpn01")),
    )
    for verb in verbs
    for thing in things
)
MAX_COMMAND = 16 * 1024  # bytes
TIMEOUT = 10.0  # seconds
NOT_RUNNING = "The practice CA is not running. The terminal in which `make run` was started says why."


class PracticeWeb(OpenEndpoint):
    """An ASGI application over a running practice CA; with None it answers every request with 503 and a sentence."""

    def __init__(self, ca: PracticeCA | None) -> None:
        self._ca = ca

    async def answer(self, request: Request) -> Response:
        """Carry out one command."""
        command = request.scope["path"].removeprefix(PREFIX)
        methods = READ.get(command, ("POST",))
        if command not in READ and command not in COMMANDS:
            raise RefusedError(404, "There is no such command.")
        if request.method == "OPTIONS":
            return preflight(methods)
        if request.method not in methods:
            raise RefusedError(405, f"Ask by {methods[0]}.")
        if self._ca is None:
            raise RefusedError(503, NOT_RUNNING)
        if command == DNS:
            return await answer_dns(request, self._ca.ports.dns)
        return await (_root(self._ca) if command == ROOT else _publish(self._ca, command, request))


async def _root(ca: PracticeCA) -> Response:
    async with _client(ca) as client:
        answer = await _ask(client, "GET", f"{ca.management_url}/roots/0")
    return Response(answer.content, answer.status_code, ISOLATION, "application/pem-certificate-chain")


async def _publish(ca: PracticeCA, command: str, request: Request) -> Response:
    body = await read_body(request, MAX_COMMAND)
    _check_object(body)
    async with _client(ca) as client:
        answer = await _ask(client, "POST", f"{ca.records_url}/{command}", body)
    return Response(answer.content, answer.status_code, ISOLATION, "text/plain")


def _client(ca: PracticeCA) -> httpx.AsyncClient:
    """A client that trusts this CA only; to read all that the system trusts would take longer than the request."""
    return httpx.AsyncClient(verify=ca.ssl_context, trust_env=False, timeout=TIMEOUT)


async def _ask(client: httpx.AsyncClient, method: str, url: str, body: bytes = b"") -> httpx.Response:
    try:
        return await client.request(method, url, content=body)
    except httpx.HTTPError as error:
        raise RefusedError(502, f"The practice CA did not answer: {error}") from error


def _check_object(body: bytes) -> None:
    try:
        is_object = isinstance(json.loads(body), dict)
    except (ValueError, RecursionError):  # no JSON, or nested without end
        is_object = False
    if not is_object:
        raise RefusedError(400, "The body must be a JSON object.")
