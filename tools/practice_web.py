"""The practice CA's endpoints for the page: publish a record or a file, ask its DNS, and fetch the root certificate.

`POST /practice/COMMAND` with a JSON object goes to challtestsrv's management, which has no CORS headers of its own.
`POST /practice/publish` with `{"commands": [[COMMAND, {…}], …]}` carries out several in their order; those of one name that
follow one another go side by side, and the first that fails ends it. `GET /practice/root.pem`
gives the root that the practice certificates chain to; `GET /practice/dns-query?dns=…` asks the DNS in which Pebble looks
(`tools.practice_dns`).
"""

import asyncio
import json
from itertools import groupby
from operator import itemgetter
from typing import Any

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
PUBLISH = "publish"
MAX_COMMAND = 16 * 1024  # bytes
MAX_COMMANDS = 128 * 1024  # bytes of several commands; those for an order of 100 names are a quarter of that
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
        if command not in READ and command not in COMMANDS and command != PUBLISH:
            raise RefusedError(404, "There is no such command.")
        if request.method == "OPTIONS":
            return preflight(methods)
        if request.method not in methods:
            raise RefusedError(405, f"Ask by {methods[0]}.")
        if self._ca is None:
            raise RefusedError(503, NOT_RUNNING)
        if command == DNS:
            return await answer_dns(request, self._ca.ports.dns)
        if command == ROOT:
            return await _root(self._ca)
        return await (_publish_all(self._ca, request) if command == PUBLISH else _publish(self._ca, command, request))


async def _root(ca: PracticeCA) -> Response:
    async with _client(ca) as client:
        answer = await _ask(client, "GET", f"{ca.management_url}/roots/0")
    return Response(answer.content, answer.status_code, ISOLATION, "application/pem-certificate-chain")


async def _publish(ca: PracticeCA, command: str, request: Request) -> Response:
    body = await read_body(request, MAX_COMMAND)
    _object(body)
    async with _client(ca) as client:
        answer = await _ask(client, "POST", f"{ca.records_url}/{command}", body)
    return Response(answer.content, answer.status_code, ISOLATION, "text/plain")


async def _publish_all(ca: PracticeCA, request: Request) -> Response:
    commands = _commands(await read_body(request, MAX_COMMANDS))
    async with _client(ca) as client:
        for name, alike in groupby(commands, key=itemgetter(0)):
            bodies = (json.dumps(about).encode("ascii") for _, about in alike)
            url = f"{ca.records_url}/{name}"
            for answer in await asyncio.gather(*(_ask(client, "POST", url, body) for body in bodies)):
                if answer.status_code != 200:
                    return Response(answer.content, answer.status_code, ISOLATION, "text/plain")
    return Response(b"", 200, ISOLATION, "text/plain")


def _client(ca: PracticeCA) -> httpx.AsyncClient:
    """A client that trusts this CA only; to read all that the system trusts would take longer than the request."""
    limits = httpx.Limits(max_connections=8)
    return httpx.AsyncClient(verify=ca.ssl_context, trust_env=False, timeout=TIMEOUT, limits=limits)


async def _ask(client: httpx.AsyncClient, method: str, url: str, body: bytes = b"") -> httpx.Response:
    try:
        return await client.request(method, url, content=body)
    except httpx.HTTPError as error:
        raise RefusedError(502, f"The practice CA did not answer: {error}") from error


def _object(body: bytes) -> dict[str, Any]:
    """The JSON object in `body`. Raises `RefusedError`."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):  # no JSON, or nested without end
        found = None
    if not isinstance(found, dict):
        raise RefusedError(400, "The body must be a JSON object.")
    return found


def _commands(body: bytes) -> list[tuple[str, dict[str, Any]]]:
    """The commands in `body`, each with what it is about. Raises `RefusedError`."""
    match _object(body).get("commands"):
        case [*commands] if all(map(_is_command, commands)):
            return [(name, about) for name, about in commands]
    raise RefusedError(400, "“commands” must be a list; each of its entries is a list of a command and a JSON object.")


def _is_command(entry: object) -> bool:
    match entry:
        case [str(name), dict()]:
            return name in COMMANDS
    return False
