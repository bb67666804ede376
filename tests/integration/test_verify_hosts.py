"""`make verify` against hosts that deceive whoever asks, contradict the page's policy, or mean harm."""

import gzip
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import BaseRequestHandler, TCPServer, ThreadingTCPServer
from threading import Event, Thread

import brotli  # type: ignore[import-untyped]
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount
from starlette.types import ASGIApp, Receive, Scope, Send

from tests.apache import apache
from tests.integration.test_verify import served
from tests.nightly import nightly_after
from tests.threaded_server import running
from tools import bounded_body, host
from tools import verify as verify_module
from tools.host import UnreachableError
from tools.ports import Ports
from tools.site_lists import headers_of
from tools.static_site import StaticSite
from tools.verify import verify


@pytest.fixture
def small_copy(small: Path, tmp_path: Path) -> Path:
    """A copy of that part."""
    return Path(shutil.copytree(small, tmp_path / "copy"))


# ---- A host that does not give everybody the same ----

Condition = Callable[[Request, int], bool]


class SelectiveHost:
    """Serves `folder`, but answers requests for `path` that meet `condition` (told how many came before) with `other`."""

    def __init__(self, folder: Path, path: str, condition: Condition, other: Response) -> None:
        self._honest = StaticSite(folder, {})
        self._path = path
        self._condition = condition
        self._other = other
        self._count = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request (ASGI)."""
        asked = Request(scope)
        app: ASGIApp = self._honest
        if asked.url.path == self._path:
            app = self._other if self._condition(asked, self._count) else app
            self._count += 1
        await app(scope, receive, send)


OTHER = Response(b"<script>evil</script>", media_type="text/html")


def compared(app: ASGIApp, dist: Path) -> verify_module.Differences:
    """What is found of a host that runs `app`."""
    port = Ports.free().page
    with running(Starlette(routes=[Mount("/", app)]), port):
        return verify(f"http://localhost:{port}/", dist)


def accepts(encoding: str) -> Condition:
    """The request takes nothing else."""
    return lambda asked, _: asked.headers["accept-encoding"] == encoding


def says(header: str, text: str) -> Condition:
    """The request has the header, with the text in it."""
    return lambda asked, _: text in asked.headers.get(header, "")


@pytest.mark.parametrize("path", nightly_after(1, ["/", "/static/data/cas.json"]))
@pytest.mark.parametrize(
    "condition",
    nightly_after(
        1,
        [
            pytest.param(lambda _, count: count % 2 == 1, id="every second time"),
            pytest.param(lambda _, count: count == 0, id="the first time"),
            pytest.param(lambda _, count: count > 0, id="from the second time on"),
            pytest.param(accepts("gzip"), id="as gzip"),
            pytest.param(accepts("br"), id="as br"),
            pytest.param(accepts("identity"), id="uncompressed"),
            pytest.param(says("user-agent", "Firefox"), id="to Firefox"),
            pytest.param(says("user-agent", "iPhone"), id="to a telephone"),
            pytest.param(says("user-agent", "Edg/"), id="to Edge"),
            pytest.param(says("accept-language", "de"), id="to who speaks German"),
            pytest.param(says("sec-ch-ua-mobile", "?1"), id="by client hints"),
            pytest.param(says("sec-fetch-site", ""), id="to all"),
        ],
    ),
)
def test_host_that_gives_some_another_page_or_list_is_found_out(small: Path, path: str, condition: Condition) -> None:
    found = compared(SelectiveHost(small, path, condition, OTHER), small)
    assert not found.same
    assert found.changed == ("index.html" if path == "/" else "static/data/cas.json",)


@pytest.mark.parametrize(
    ("path", "condition"),
    nightly_after(
        1,
        [
            ("/", says("sec-fetch-mode", "navigate")),
            ("/", says("accept", "text/html")),
            ("/", says("upgrade-insecure-requests", "1")),
            ("/static/data/cas.json", says("sec-fetch-dest", "empty")),
        ],
    ),
)
def test_files_are_asked_for_as_browsers_do(small: Path, path: str, condition: Condition) -> None:
    assert not compared(SelectiveHost(small, path, condition, OTHER), small).same


def test_who_got_something_else_is_said(small: Path) -> None:
    found = compared(SelectiveHost(small, "/", says("user-agent", "iPhone"), OTHER), small)
    (line,) = [line for line in found.lines if "only for some requests" in line]
    assert "Safari on iOS, gzip" in line
    assert "Firefox" not in line


@pytest.mark.parametrize("suffix", nightly_after(1, [".br", ".gz"]))
@pytest.mark.parametrize("pattern", nightly_after(1, ["static/*/boot.mjs", "index.html", "static/data/cas.json"]))
def test_changed_compressed_copy_is_a_changed_file(small: Path, small_copy: Path, pattern: str, suffix: str) -> None:
    (path,) = small_copy.glob(pattern)
    content = path.read_bytes() + b" "
    path.with_name(path.name + suffix).write_bytes(
        brotli.compress(content, quality=1) if suffix == ".br" else gzip.compress(content)
    )
    name = path.relative_to(small_copy).as_posix()
    with served(small_copy) as url:
        found = verify(url, small)
    assert set(found.changed) == {name, name + suffix}


def test_own_settings_on_a_real_apache_are_this_build(dist: Path) -> None:
    with apache(dist, Ports.free().page, modules=("mime", "headers", "rewrite")) as url:
        found = verify(url, dist)
    assert (found.lines, found.notes) == ([], [])


# ---- The policy ----


def test_host_that_sends_the_policy_has_no_note_and_one_that_sends_none_has(small: Path) -> None:
    assert compared(StaticSite(small, headers_of(small)), small).notes == []
    found = compared(StaticSite(small, {}), small)
    assert found.same
    assert "not sent, so only the policy inside the page holds: Content-Security-Policy" in found.notes


@pytest.mark.parametrize(
    ("name", "value"),
    nightly_after(
        1,
        [
            ("Content-Security-Policy", "default-src * 'unsafe-inline'"),
            ("Content-Security-Policy", "{own}; report-uri https://evil.example/"),
            ("Content-Security-Policy", "{own}, default-src *; report-to evil"),
            ("X-Frame-Options", "ALLOWALL"),
            ("Cross-Origin-Opener-Policy", "unsafe-none"),
            ("Referrer-Policy", "unsafe-url"),
            ("Permissions-Policy", "usb=*"),
            ("Content-Security-Policy-Report-Only", "default-src *; report-uri https://evil.example/"),
            ("Refresh", "0; url=https://evil.example/"),
        ],
    ),
)
def test_host_that_contradicts_the_policy_is_told(small: Path, name: str, value: str) -> None:
    own = headers_of(small)
    found = compared(StaticSite(small, {**own, name: value.format(own=own.get(name))}), small)
    assert not found.same
    assert found.lines == [f"DIFFERENT HEADER: {name}"]


def test_second_policy_beside_the_right_one_is_told(small: Path) -> None:
    honest = StaticSite(small, headers_of(small))

    async def adding(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_more(message: dict[str, object]) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (b"content-security-policy", b"sandbox")]  # type: ignore[misc]
            await send(message)

        await honest(scope, receive, send_more)  # type: ignore[arg-type]

    assert compared(adding, small).different_policy == ("Content-Security-Policy",)


def test_order_and_spaces_of_a_policy_say_nothing(small: Path) -> None:
    own = headers_of(small)
    turned = " ;  ".join(reversed(own["Content-Security-Policy"].split("; "))) + ";"
    assert compared(StaticSite(small, {**own, "Content-Security-Policy": turned}), small).same


def test_host_that_takes_other_features_away_contradicts_nothing(small: Path) -> None:
    assert compared(StaticSite(small, {"Permissions-Policy": "interest-cohort=(), usb=()"}), small).same


def test_page_in_another_charset_is_told(small: Path) -> None:
    page = Response((small / "index.html").read_bytes(), headers={"Content-Type": "text/html; charset=utf-7"})
    assert compared(SelectiveHost(small, "/", lambda *_: True, page), small).different_policy == ("Content-Type",)


# ---- A host that means harm to who asks ----


@pytest.mark.parametrize(
    ("encoding", "body"),
    nightly_after(
        1,
        [
            ("gzip", lambda: gzip.compress(bytes(1 << 28))),
            ("br", lambda: brotli.compress(bytes(1 << 28), quality=5)),
            ("gzip", lambda: b"no gzip"),
            ("br", lambda: b"\xff" * 100),
            ("gzip, gzip, gzip", lambda: b""),
            ("identity", lambda: bytes(1 << 24)),
        ],
    ),
    ids=["gzip bomb", "brotli bomb", "no gzip", "no brotli", "nested", "long"],
)
def test_body_that_is_no_file_is_a_changed_one(small: Path, encoding: str, body: Callable[[], bytes]) -> None:
    bad = Response(body(), headers={"Content-Encoding": encoding})
    assert compared(SelectiveHost(small, "/static/data/cas.json", lambda *_: True, bad), small).changed == (
        "static/data/cas.json",
    )


def test_encoding_that_cannot_be_read_here_is_told_where_browsers_read_it(small: Path) -> None:
    zstd = Response(b"\x28\xb5\x2f\xfd", headers={"Content-Encoding": "zstd", "Content-Type": "text/html"})
    found = compared(SelectiveHost(small, "/", says("accept-encoding", "zstd"), zstd), small)
    assert found.same
    assert any("index.html as zstd" in note for note in found.notes)
    assert not compared(SelectiveHost(small, "/", lambda *_: True, zstd), small).same


@contextmanager
def listening(server: TCPServer) -> Iterator[str]:
    """The address of `server`, which serves from another thread meanwhile."""
    with server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/"
        finally:
            server.shutdown()
            thread.join()


class ForgetfulHandler(SimpleHTTPRequestHandler):
    """Answers one request on each connection and hangs up on the next, as a server does whose patience ends just then."""

    protocol_version = "HTTP/1.1"
    answered = False

    def handle_one_request(self) -> None:
        """Serve a file, or nothing."""
        if self.answered:
            self.raw_requestline = self.rfile.readline()
            self.close_connection = True
        else:
            self.answered = True
            super().handle_one_request()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_host_that_hangs_up_on_a_kept_connection_is_asked_again(small: Path) -> None:
    with listening(ThreadingHTTPServer(("127.0.0.1", 0), partial(ForgetfulHandler, directory=str(small)))) as url:
        assert verify(url, small).same


@contextmanager
def slow_server(begin: bytes) -> Iterator[str]:
    """The address of a server that sends `begin`, and then a byte at a time, for ever."""
    over = Event()

    class Handler(BaseRequestHandler):
        def handle(self) -> None:
            self.request.sendall(begin)
            while not over.wait(0.02):
                self.request.sendall(b"x")

    class Server(ThreadingTCPServer):
        allow_reuse_address = daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            """Who asked has gone away."""

    with listening(Server(("127.0.0.1", 0), Handler)) as url:
        try:
            yield url
        finally:
            over.set()


BEGIN = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


@pytest.mark.parametrize(
    ("begin", "module", "limit"),
    nightly_after(
        1,
        [
            (b"", host, "TIMEOUT"),
            (BEGIN + b"X-Long: ", host, "TIMEOUT"),
            (BEGIN + b"\r\n", bounded_body, "MAX_SLOW_SECONDS"),
            (BEGIN + b"\r\n", verify_module, "MAX_SECONDS"),
        ],
    ),
    ids=["status", "header", "body", "all"],
)
def test_host_that_drips_is_given_up(
    small: Path, monkeypatch: pytest.MonkeyPatch, begin: bytes, module: object, limit: str
) -> None:
    monkeypatch.setattr(module, limit, 0.3)
    with slow_server(begin) as url, pytest.raises(UnreachableError, match=r"too slowly|has not sent all"):
        verify(url, small)


EVIL = "\x1b]0;owned\x07\x1b[2K\u202e\u2066\x9b31m\r.mjs"


def assert_harmless(text: str) -> None:
    """It can do nothing to a terminal but stand there."""
    assert all(line.isascii() and line.isprintable() for line in text.split("\n")), ascii(text)


def test_names_of_a_stranger_are_printed_escaped_and_not_without_end(small: Path, small_copy: Path) -> None:
    with (small_copy / "SHA256SUMS").open("a") as sums:
        sums.writelines(f"{'0' * 64}  {EVIL}{'x' * 500}{number}\n" for number in range(1000))
    with served(small_copy) as url:
        found = verify(url, small)
    assert not found.same
    assert len(found.lines) < 100
    assert max(map(len, found.lines)) < 2000
    assert_harmless("\n".join(found.lines))
    assert "\\x1b" in found.lines[0]


@pytest.mark.parametrize(
    "answer",
    nightly_after(
        1,
        [
            Response(status_code=302, headers={"Location": "http://evil.example/\x1b[2K%1b\x9b"}),
            Response(status_code=302, headers={"Location": "http://[\x1b[31m"}),
            Response(status_code=302, headers={"Location": "/again"}),
            Response(status_code=200, headers={"Content-Encoding": "\x1b[31m"}),
        ],
    ),
)
def test_odd_answers_are_told_harmlessly(small: Path, answer: Response) -> None:
    try:
        compared(answer, small)
    except UnreachableError as error:
        assert_harmless(str(error))


def test_cookies_are_kept_as_browsers_do(small: Path) -> None:
    """A host that lets the first visit pass, and knows the second one by its cookie."""
    welcome = Response((small / "index.html").read_bytes(), headers={"Set-Cookie": "seen=yes", "Content-Type": "text/html"})

    async def remembering(scope: Scope, receive: Receive, send: Send) -> None:
        asked = Request(scope)
        first = asked.url.path == "/" and "seen" not in asked.cookies
        await (welcome if first else SelectiveHost(small, "/", lambda *_: True, OTHER))(scope, receive, send)

    assert compared(remembering, small).changed == ("index.html",)
