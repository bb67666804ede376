"""`make run`: the page, the relay and the practice CA on this machine, until Ctrl-C.

    python -m tools.serve [--port N] [--site DIR] [--no-practice]

Starts the practice CA, builds the site into build/site-PORT (or takes the folder DIR as it is), listens on 127.0.0.1 and ::1,
and prints where everything is once everything answers.
"""

import argparse
import asyncio
import os
import select
import signal
import socket
import ssl
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount, Route

from app.ca.catalog import CertificateAuthority
from tools.build import build_site
from tools.cli import run_command
from tools.http1 import Http1Protocol
from tools.open_endpoint import LocalHostOnly
from tools.paths import BUILD, CACHE
from tools.ports import PAGE, Ports, listen, loopbacks
from tools.practice import PracticeCA, PracticeError, find_programs
from tools.practice_address import Practice
from tools.practice_web import PracticeWeb
from tools.relay import Relay
from tools.site_lists import headers_of, read_authorities
from tools.static_site import StaticSite

SHUTDOWN_TIMEOUT = 2  # seconds for requests under way when the server is asked to stop


class ServeError(Exception):
    """The server cannot start; the message says why and what helps."""


class PageServer(uvicorn.Server):
    """A uvicorn server that calls `announce` once it answers, and also ends when its terminal is closed."""

    def __init__(self, config: uvicorn.Config, announce: Callable[[], None]) -> None:
        super().__init__(config)
        self._announce = announce
        self.failure: OSError | None = None

    async def main_loop(self) -> None:
        """Answer until asked to stop, or until nothing can be announced; that is the `failure`."""
        signal.signal(signal.SIGHUP, self.handle_exit)  # uvicorn itself looks after SIGINT and SIGTERM
        try:
            self._announce()
        except OSError as error:
            self.failure = error  # raised here, uvicorn would not end what it has begun
        else:
            await super().main_loop()


def main(arguments: list[str]) -> int:
    """Serve until a signal asks to stop. Returns the exit code: 0, or 1 when it could not start."""
    options = _parse(arguments)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    threading.Thread(target=_end_with_terminal, daemon=True).start()
    try:
        serve(Ports.for_page(options.port), site=options.site, with_practice=options.practice)
    except KeyboardInterrupt:
        return 0  # being stopped is how this ends; each `with` has ended what it started
    except (ServeError, PracticeError) as error:
        print(f"serve: {error}", file=sys.stderr)
        return 1
    return 0


def _end_with_terminal() -> None:
    """Ask this process to stop when its terminal goes away.

    The system tells only the terminal's first process; where that is make and not a shell, it is not passed on.
    """
    if sys.stdin and sys.stdin.isatty():
        terminal = select.poll()
        terminal.register(sys.stdin, 0)  # no events but those that are always told, such as POLLHUP
        if any(event & select.POLLHUP for _, event in terminal.poll()):
            os.kill(os.getpid(), signal.SIGHUP)


def serve(ports: Ports, *, site: Path | None, with_practice: bool) -> None:
    """Serve the folder `site`, or a freshly built one, with or without a practice CA, until KeyboardInterrupt."""
    with ExitStack() as stack:
        sockets = _listen(stack, ports.page)
        ca = stack.enter_context(_practice_ca(ports)) if with_practice else None
        if ca:
            ca.on_exit(_report_exit)
        folder = site or _built(ports, ca)
        server = PageServer(
            uvicorn.Config(
                application(folder, ca),
                http=Http1Protocol,
                ws="none",
                log_level="warning",
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=SHUTDOWN_TIMEOUT,
            ),
            lambda: _announce(ports, ca),
        )
        asyncio.run(server.serve(sockets))
        if server.failure:
            raise server.failure


def application(site: Path, ca: PracticeCA | None) -> Starlette:
    """The whole HTTP surface: `/relay/…`, `/practice/…`, and the files of the folder `site` under their policy."""
    authorities = certificate_authorities(site)
    relay = Relay(relay_targets(authorities, ca))

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        await relay.aclose()

    routes = [
        Route("/relay/{rest:path}", relay),
        Route("/practice/{rest:path}", PracticeWeb(ca)),
        Mount("/", LocalHostOnly(StaticSite(site, headers_of(site)))),
    ]
    return Starlette(routes=routes, lifespan=lifespan)


def certificate_authorities(site: Path) -> list[CertificateAuthority]:
    """The CA list of a built site: what its cas.json holds."""
    return [authority for file in site.rglob("cas.json") for authority in read_authorities(file.read_bytes())]


def relay_targets(authorities: Iterable[CertificateAuthority], ca: PracticeCA | None) -> dict[str, ssl.SSLContext]:
    """Whom the relay forwards to: the practice CA that runs, and the CAs on the list that a page cannot reach itself."""
    relayed = [
        authority.directory for authority in authorities if authority.reachability == "relay" and authority.id != "practice"
    ]
    public = dict.fromkeys((urlsplit(directory).netloc.lower() for directory in relayed), ssl.create_default_context())
    return public | ({f"localhost:{ca.ports.acme}": ca.ssl_context} if ca else {})


def places(ports: Ports, ca: PracticeCA | None) -> tuple[Practice | None, str]:
    """What the build must know of a server on `ports`: where its practice CA and its relay are."""
    origin = f"http://localhost:{ports.page}"
    return (Practice(origin, ca.directory_url) if ca else None), f"{origin}/relay/"


def _listen(stack: ExitStack, port: int) -> list[socket.socket]:
    """Sockets on all loopback addresses; taken first, so that a port in use is said before any long work."""
    try:
        return [stack.enter_context(listen(port, host)) for host in loopbacks()]
    except OSError as error:
        another = f"To use another one: make run PORT={port + 10}"  # 1 or 2 more would meet a neighbour's ports
        raise ServeError(f"The page cannot use port {port}: {error.strerror}. {another}") from error


@contextmanager
def _practice_ca(ports: Ports) -> Iterator[PracticeCA | None]:
    """The practice CA, or None with a word on the terminal when this machine has no Pebble."""
    try:
        find_programs()
    except PracticeError as error:
        print(f"There is no practice CA: {error}", flush=True)
        yield None
    else:
        with PracticeCA(ports, CACHE / "practice" / str(ports.page)) as ca:
            yield ca


def _built(ports: Ports, ca: PracticeCA | None) -> Path:
    folder = BUILD / f"site-{ports.page}"
    print("Building the page …", file=sys.stderr, flush=True)
    build_site(folder, *places(ports, ca))
    return folder


def _report_exit(how: str) -> None:
    """Say on the terminal that the practice CA is no more; the page says it when it is asked for."""
    lines = f"The practice CA has stopped: {how}\nTo start it again, press Ctrl-C, then run `make run`."
    with suppress(OSError):  # a terminal that is closed ends us in another way
        print(f"serve: {lines}", file=sys.stderr, flush=True)


def _announce(ports: Ports, ca: PracticeCA | None) -> None:
    lines = {"page": f"http://localhost:{ports.page}/"}
    if ca:
        lines |= {
            "directory URL": ca.directory_url,
            "record server": ca.records_url,
            "practice root": f"{ca.management_url}/roots/0",
        }
    print("\n".join(f"{label:<16}{address}" for label, address in lines.items()), flush=True)


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tools.serve", description=str(__doc__).splitlines()[0])
    parser.add_argument(
        "--port", type=_port, default=PAGE, help="the page's port; it also determines the ports of the practice CA"
    )
    parser.add_argument("--site", type=_folder, help="serve this folder instead of building the site")
    parser.add_argument("--no-practice", dest="practice", action="store_false", help="do not start the practice CA")
    return parser.parse_args(arguments)


def _port(text: str) -> int:
    if not (text.isdecimal() and 0 < int(text) < 65536):
        raise argparse.ArgumentTypeError(f"{text!r} is not a port (1 to 65535)")
    return int(text)


def _folder(text: str) -> Path:
    if not Path(text).is_dir():
        raise argparse.ArgumentTypeError(f"there is no folder {text}")
    return Path(text)


if __name__ == "__main__":
    sys.exit(run_command("serve", lambda: main(sys.argv[1:])))
