"""Serves pages of one checkout for the bench, in a process of its own: `python -P served.py SETTINGS`.

`app` and `tools` come from the checkout on PYTHONPATH, which may be an older commit than this file; so only what has long been
there is used. SETTINGS is a JSON object with

    cas     name → {"ports", "folder", "delay"}: practice CAs to start, with their ports, a folder for their logs, and how many
            seconds the DNS waits with the records that Pebble looks for
    sites   a list of {"name", "kind", "port", "ca", "folder"}: "relay" and "direct" are the page, reaching its CA by the relay
            or itself; "bare" is the page without its scripts; "files" is what is in the folder, with the endpoint at which
            records of its CA are published

Several sites may share a port. The one that the query of an address names (`?site=relay`) is served there from then on.
"""

import asyncio
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from tools.build import site_files, write_files
from tools.compress import compressed_copies
from tools.http1 import Http1Protocol
from tools.paths import ROOT
from tools.ports import Ports, listen, loopbacks
from tools.practice import PracticeCA
from tools.practice_address import Practice
from tools.practice_web import PracticeWeb
from tools.serve import application
from tools.static_site import StaticSite

TXT = 16  # the type of a DNS question (RFC 1035 §3.2.2)
ENVIRONMENT = {"PEBBLE_WFE_NONCEREJECT": "0", "PEBBLE_AUTHZREUSE": "0"}  # nothing by chance, nothing from the order before
PAUSES = {"retryAfter": {"authz": 0, "order": 0}}  # through the relay a page would obey it; directly, no browser shows it
SCRIPTS = re.compile(r'<script\b.*?</script>|<link rel="(?:expect|modulepreload|preload)"[^>]*>', re.DOTALL)


class DirectPractice(Practice):
    """A practice CA that the page reaches without the relay: it lets browsers read its answers."""

    @property
    def relay(self) -> None:  # type: ignore[override]
        """None: `tools.site_lists` then says that there is no relay."""


class SlowDns:
    """A DNS server that asks the one on `port`, and waits `delay` seconds before it passes a question for TXT records on.

    Pebble asks it by TCP, where two bytes before each message tell its length (RFC 1035 §4.2.2).
    """

    def __init__(self, port: int, delay: float) -> None:
        self._port, self._delay = port, delay

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the questions of one connection."""
        with suppress(asyncio.IncompleteReadError, ConnectionError):  # the asking side is done
            while True:
                question = await _message(reader)
                end = question.index(0, 12)  # of the name, after the header
                if int.from_bytes(question[end + 1 : end + 3]) == TXT:
                    await asyncio.sleep(self._delay)
                writer.write(_framed(await self._ask(question)))
                await writer.drain()
        writer.close()

    async def _ask(self, question: bytes) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        writer.write(_framed(question))
        try:
            return await _message(reader)
        finally:
            writer.close()


async def _message(reader: asyncio.StreamReader) -> bytes:
    return await reader.readexactly(int.from_bytes(await reader.readexactly(2)))


def _framed(message: bytes) -> bytes:
    return len(message).to_bytes(2) + message


class Server(uvicorn.Server):
    """One of several servers in this process, which has one way to end for all of them."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals alone."""
        yield


def write_site(folder: Path, files: Mapping[str, bytes]) -> None:
    """Put a site into `folder`, with compressed copies, as a good host has it."""
    write_files(
        folder, dict(files) | {n: b for name, content in files.items() for n, b in compressed_copies(name, content).items()}
    )


def make_app(site: Mapping[str, Any], cas: Mapping[str, PracticeCA]) -> Any:
    """Build one site and return the ASGI application that serves it."""
    folder, ca, origin = Path(site["folder"]), cas.get(site["ca"]), f"http://localhost:{site['port']}"
    if site["kind"] == "files":
        return Starlette(routes=[Route("/practice/{rest:path}", PracticeWeb(ca)), Mount("/", StaticSite(folder, {}))])
    make = DirectPractice if site["kind"] == "direct" else Practice
    practice = make(origin, ca.directory_url) if ca else None
    files = site_files(ROOT, practice, f"{origin}/relay/")
    if site["kind"] == "bare":
        bare = SCRIPTS.sub("", files["index.html"].decode())
        kept = {name: content for name, content in files.items() if name.endswith((".css", ".svg", "/cas.json"))}
        files = kept | {"index.html": bare.encode()}
    write_site(folder, files)
    return application(folder, ca)


class SharedOrigin:
    """An ASGI application that serves one of several sites at a time, all at one origin.

    A browser keeps what it compiled by the address of each file. So only sites of one origin meet a browser in one state. No
    cookie could tell them apart, for the page sends none.
    """

    def __init__(self) -> None:
        self.sites: dict[str, ASGIApp] = {}
        self._served = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the site that was asked for last, by its name."""
        self._served = Request(scope).query_params.get("site", self._served)
        await self.sites[self._served](scope, receive, send)


def start_ca(stack: ExitStack, settings: Mapping[str, Any]) -> PracticeCA:
    """Start a practice CA, which asks a DNS server of ours where the DNS is to be slow."""
    ports, resolver = Ports(**settings["ports"]), f"127.0.0.1:{settings['dns']}" if settings["delay"] else ""
    return stack.enter_context(PracticeCA(ports, Path(settings["folder"]), env=ENVIRONMENT, config=PAUSES, resolver=resolver))


async def serve(apps: Mapping[int, Any], cas: Mapping[str, Mapping[str, Any]]) -> None:
    """Answer on all ports until this process is asked to end."""
    for ca in cas.values():
        if ca["delay"]:
            await asyncio.start_server(SlowDns(ca["ports"]["dns"], ca["delay"]).answer, "127.0.0.1", ca["dns"])
    options: dict[str, Any] = {
        "log_level": "error",
        "access_log": False,
        "server_header": False,
        "ws": "none",
        "lifespan": "off",
    }
    servers = {port: Server(uvicorn.Config(app, http=Http1Protocol, **options)) for port, app in apps.items()}
    await asyncio.gather(*(server.serve([listen(port, host) for host in loopbacks()]) for port, server in servers.items()))


def main(settings: Mapping[str, Any]) -> None:
    """Build, start and serve what `settings` says."""
    with ExitStack() as stack:
        cas = {name: start_ca(stack, ca) for name, ca in settings["cas"].items()}
        apps: dict[int, SharedOrigin] = defaultdict(SharedOrigin)
        for site in settings["sites"]:
            apps[site["port"]].sites[site["name"]] = make_app(site, cas)
        asyncio.run(serve(apps, settings["cas"]))


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
