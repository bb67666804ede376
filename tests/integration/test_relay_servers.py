"""The relay of `make run` on a real socket, and its settings for Caddy and nginx run by real ones: the same hostile cases."""

import json
import os
import re
import shlex
import ssl
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, replace
from http.client import HTTPConnection, HTTPMessage
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.integration.odd_ca import (
    ACME_TYPES,
    FOREIGN_TYPES,
    JOSE,
    NO_WEBSITE,
    ODD_PATHS,
    OTHER_HOSTS,
    OTHER_METHODS,
    OTHER_TYPES,
    OTHER_WEBSITES,
    PLAIN_TARGETS,
    PRIVATE_HEADERS,
    OddCA,
)
from tests.integration.raw_ca import BROKEN_ANSWERS, RawCA
from tests.processes import accepts, debian_program, python_program, server
from tests.threaded_server import running
from tools.localhost_tls import make_localhost_tls
from tools.paths import ROOT
from tools.ports import Ports
from tools.relay import MAX_REQUEST, Relay
from tools.relay_servers import caddy_relay, nginx_relay, nginx_upstreams, relay_files
from tools.site_lists import read_authorities

Headers = Mapping[str, str] | Sequence[tuple[str, str]]
"""The headers of a request; in their values, {port} is the relay's own."""

LISTED = ("https://keystay.example", "https://other.example:8443")
TOO_LONG = 3 << 20  # bytes of headers; the relays take between 32 KiB and 1 MiB


@dataclass(frozen=True)
class Answer:
    """What a relay said."""

    status: int
    headers: HTTPMessage
    body: bytes

    @property
    def seen(self) -> dict[str, Any]:
        """What the odd CA was sent."""
        found: dict[str, Any] = json.loads(self.body)
        return found


@dataclass(frozen=True)
class RunningRelay:
    """A relay on 127.0.0.1:`port` that may reach the odd CA, as `authority`, and nothing else.

    `pages` are origins that it serves besides its own; `reads_all` is whether it sees a second header of the same name.
    """

    port: int
    authority: str
    ca: OddCA
    pages: tuple[str, ...]
    reads_all: bool = True

    def ask(self, target: str, method: str = "GET", headers: Headers | None = None, body: bytes = b"") -> Answer:
        """Send a request for exactly this path and query."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
        length = {"Content-Length": str(len(body))} if body else {}
        given = headers.items() if isinstance(headers, Mapping) else headers or ()
        for name, value in ({"Host": f"localhost:{self.port}"} | length).items():
            connection.putheader(name, value)
        for name, value in given:
            connection.putheader(name, value.replace("{port}", str(self.port)))
        connection.endheaders(body)
        response = connection.getresponse()
        answer = Answer(response.status, response.headers, response.read())
        connection.close()
        return answer

    def ask_ca(self, path: str, method: str = "GET", headers: Headers | None = None, body: bytes = b"") -> Answer:
        """Send a request for a path of the odd CA."""
        return self.ask(f"/relay/{self.authority}{path}", method, headers, body)


@contextmanager
def make_run(ca: OddCA, folder: Path, port: int) -> Iterator[RunningRelay]:  # noqa: ARG001 – all start alike
    """The relay of `make run`, served as there."""
    with running(Relay({ca.authority: ssl.create_default_context(cafile=ca.ca_file)}), port):
        yield RunningRelay(port, ca.authority, ca, ("http://127.0.0.1:9", "https://keystay.localhost"))


@contextmanager
def caddy(ca: OddCA, folder: Path, port: int) -> Iterator[RunningRelay]:
    """The sample for Caddy, in a site of its own."""
    (folder / "relay.Caddyfile").write_text(caddy_relay([ca.authority], LISTED))
    site = f"http://localhost:{port} {{\n\tbind 127.0.0.1\n\timport keystay_relay\n}}\n"
    (folder / "Caddyfile").write_text(f"{{\n\tadmin off\n}}\nimport relay.Caddyfile\n{site}")
    command = [python_program("caddy"), "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]
    home = {"XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "SSL_CERT_FILE": str(ca.ca_file)}
    with server(command, folder, {**os.environ, **home}, lambda: accepts(port)):
        yield RunningRelay(port, ca.authority, ca, LISTED)


UPSTREAMS = "relay.upstreams.nginx.conf"
NGINX = """\
daemon off;
pid {folder}/nginx.pid;
error_log stderr;
events {{}}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/relay.nginx.conf;
    include {folder}/relay.upstreams.nginx.conf;
    {front}
}}
"""


@contextmanager
def nginx(ca: OddCA, folder: Path, port: int, front: str = "") -> Iterator[RunningRelay]:
    """The sample for nginx, made fit for Debian's as it says; `front` is another server block.

    The odd CA has no port in its list, as no real one has: its upstream leads there.
    """
    program = debian_program("nginx", "nginx")
    text = nginx_relay(["localhost"], LISTED).replace("/etc/ssl/certs/ca-certificates.crt", str(ca.ca_file))
    (folder / "relay.nginx.conf").write_text(text.replace("127.0.0.1:8440", f"127.0.0.1:{port}"))
    upstreams = nginx_upstreams(["localhost"]).replace("localhost:443", f"127.0.0.1:{ca.port}")
    write_for_debian(folder / UPSTREAMS, upstreams)
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, front=front))
    command = [program, "-c", str(folder / "nginx.conf"), "-p", str(folder), "-e", "stderr"]
    with server(command, folder, os.environ, lambda: accepts(port)):
        yield RunningRelay(port, "localhost", ca, LISTED, reads_all=False)


def write_for_debian(file: Path, upstreams: str) -> None:
    """Write the upstreams for a nginx before 1.27.3, by the command that stands in them."""
    file.write_text(upstreams)
    (command,) = re.findall("^#     (sed .*)$", upstreams, re.MULTILINE)
    subprocess.run(shlex.split(command), cwd=file.parent, check=True)


Start = Callable[[OddCA, Path, int], AbstractContextManager[RunningRelay]]
STARTS: tuple[Start, ...] = (make_run, caddy, nginx)


@pytest.fixture(scope="module", params=STARTS, ids=lambda start: start.__name__)
def running_relay(
    request: pytest.FixtureRequest, odd_ca: OddCA, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningRelay]:
    start: Start = request.param
    with start(odd_ca, tmp_path_factory.mktemp("relay"), Ports.free().page) as relay:
        yield relay


@pytest.fixture
def relay(running_relay: RunningRelay) -> RunningRelay:
    """Each server in turn; the odd CA has not been asked anything yet."""
    running_relay.ca.asked.clear()
    return running_relay


@pytest.mark.parametrize("host", OTHER_HOSTS)
def test_other_hosts_are_refused(relay: RunningRelay, host: str) -> None:
    named = host.format(ca=relay.authority, port=relay.ca.port)
    if named == relay.authority:
        named += ".evil.example"
    assert relay.ask(f"/relay/{named}/dir").status in (400, 403, 404)
    assert not relay.ca.asked


def test_connections_to_the_ca_are_kept(relay: RunningRelay) -> None:
    """Each of a browser's connections may be new; the CA sees one, so there is one TLS handshake."""
    for _ in range(10):
        assert relay.ask_ca("/new-order", "POST", JOSE, b"{}").status == 200
    assert len(relay.ca.asked) == 10
    assert len({request.client for request in relay.ca.asked}) == 1


@pytest.mark.parametrize("path", ["/", "/dir", "/relay", "/relayed/localhost/dir", "/RELAY/{ca}/dir", "/x/relay/{ca}/dir"])
def test_other_paths_lead_nowhere(relay: RunningRelay, path: str) -> None:
    relay.ask(path.format(ca=relay.authority))
    assert not relay.ca.asked


@pytest.mark.parametrize("path", ODD_PATHS)
def test_an_odd_path_is_refused_or_stays_with_the_ca(relay: RunningRelay, path: str) -> None:
    """These servers may tidy a path up, but never out of the CA that it names."""
    answer = relay.ask_ca(path)
    assert answer.status in (200, 308, 400, 403, 404)
    assert {request.headers["host"] for request in relay.ca.asked} <= {relay.authority}


@pytest.mark.parametrize("target", PLAIN_TARGETS)
def test_the_address_goes_out_as_it_was_signed(relay: RunningRelay, target: str) -> None:
    seen = relay.ask_ca(target).seen
    path, _, query = target.partition("?")
    assert (seen["path"], seen["query"], seen["headers"]["host"]) == (path, query, relay.authority)


@pytest.mark.parametrize("method", OTHER_METHODS)
def test_other_methods_are_refused(relay: RunningRelay, method: str) -> None:
    assert relay.ask_ca("/dir", method).status in (400, 405)
    assert not relay.ca.asked


def test_no_private_header_passes(relay: RunningRelay) -> None:
    seen = relay.ask_ca("/new-order", "POST", JOSE | PRIVATE_HEADERS, b"{}").seen
    assert (seen["method"], seen["length"]) == ("POST", 2)
    headers = seen["headers"]
    assert headers.pop("user-agent") == "Keystay-relay/1"
    for name in ("host", "connection", "accept-encoding", "content-length", "transfer-encoding"):  # the connection's own
        headers.pop(name, None)
    assert headers.pop("accept", "*/*") == "*/*"  # what a relay says for itself, if anything
    assert headers == {"content-type": "application/jose+json"}


def test_what_acme_needs_comes_back(relay: RunningRelay) -> None:
    answer = relay.ask_ca("/dir")
    assert answer.headers.get_all("Replay-Nonce") == ["n0"]
    assert answer.headers.get_all("Link") == ["<a>;rel=index", "<b>;rel=next"]
    assert answer.headers.get_all("Content-Type") == ["application/json"]


def test_a_refusal_of_the_ca_comes_back_whole(relay: RunningRelay) -> None:
    answer = relay.ask_ca("/odd/refusal", headers={"Origin": "http://localhost:{port}"})
    assert (answer.status, answer.body, answer.headers["Replay-Nonce"]) == (403, b"{}", "n1")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers.get_all("Access-Control-Allow-Origin") == [f"http://localhost:{relay.port}"]


def test_a_nonce_can_be_asked_for(relay: RunningRelay) -> None:
    answer = relay.ask_ca("/new-nonce", "HEAD")
    assert (answer.status, answer.headers["Replay-Nonce"]) == (200, "n0")


def test_what_a_ca_sends_cannot_run_as_part_of_the_page(relay: RunningRelay) -> None:
    answer = relay.ask_ca("/dir")
    assert answer.headers.get_all("Content-Security-Policy") == ["sandbox; default-src 'none'"]
    assert answer.headers.get_all("X-Content-Type-Options") == ["nosniff"]


@pytest.mark.parametrize(("excess", "status"), [(0, 200), (1, 413)])
def test_requests_are_bounded(relay: RunningRelay, excess: int, status: int) -> None:
    assert relay.ask_ca("/x", "POST", JOSE, b"x" * (MAX_REQUEST + excess)).status == status


@pytest.mark.parametrize("headers", [{"Accept": "x" * TOO_LONG}, {f"X-{n}": "x" * 1000 for n in range(TOO_LONG // 1000)}])
def test_request_headers_are_bounded(relay: RunningRelay, headers: Mapping[str, str]) -> None:
    with suppress(OSError):  # some hang up while the rest is still on its way
        assert relay.ask_ca("/dir", headers=headers).status in (400, 431)
    assert not relay.ca.asked


def test_redirects_are_passed_on_not_followed(relay: RunningRelay) -> None:
    answer = relay.ask_ca("/odd/redirect")
    assert (answer.status, answer.headers["Location"]) == (302, "https://evil.example/")
    assert len(relay.ca.asked) == 1


def test_cookies_are_not_passed_on(relay: RunningRelay) -> None:
    assert "Set-Cookie" not in relay.ask_ca("/odd/cookie").headers


@pytest.mark.parametrize("type_", ACME_TYPES)
def test_acmes_types_come_back_as_they_are(relay: RunningRelay, type_: str) -> None:
    answer = relay.ask_ca(f"/odd/type?{quote(type_)}")
    assert (answer.status, answer.headers.get_all("Content-Type")) == (503, [type_])


@pytest.mark.parametrize("type_", FOREIGN_TYPES)
def test_words_of_another_type_come_back_as_plain_text(relay: RunningRelay, type_: str) -> None:
    answer = relay.ask_ca(f"/odd/type?{quote(type_)}")
    assert (answer.status, answer.body) == (503, b"<p>words</p>")
    assert answer.headers.get_all("Content-Type", ["text/plain"])[0].startswith("text/plain")
    assert len(answer.headers.get_all("Content-Type", [])) < 2
    assert answer.headers.get_all("X-Content-Type-Options") == ["nosniff"]


@pytest.mark.parametrize("type_", OTHER_TYPES)
def test_only_acmes_type_is_forwarded(relay: RunningRelay, type_: str) -> None:
    answer = relay.ask_ca("/new-order", "POST", {"Content-Type": type_} if type_ else {}, b"{}")
    assert answer.status == 415
    assert not relay.ca.asked


@pytest.mark.parametrize("start", STARTS, ids=lambda start: start.__name__)
@pytest.mark.parametrize("broken", ["nothing", "header with NUL"])
def test_a_ca_that_breaks_off_is_answered_for(raw_ca: RawCA, tmp_path: Path, start: Start, broken: str) -> None:
    raw_ca.answer = BROKEN_ANSWERS[broken].replace(b"OK\r\n", b"OK\r\nContent-Type: text/html\r\n")
    with start(OddCA(raw_ca.port, raw_ca.ca_file), tmp_path, Ports.free().page) as relay:
        answer = relay.ask_ca("/dir")
    assert answer.status == 502
    assert "text/html" not in answer.headers.get_all("Content-Type", [])
    assert len(answer.headers.get_all("Content-Type", [])) < 2
    assert answer.headers.get_all("Vary") == ["Origin"]


# ---- Who may ask ----


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "OPTIONS"])
@pytest.mark.parametrize("headers", OTHER_WEBSITES, ids=lambda headers: " ".join(headers.values()))
def test_another_website_is_refused_and_may_not_even_read_that(
    relay: RunningRelay, headers: Mapping[str, str], method: str
) -> None:
    body = b"{}" if method == "POST" else b""
    answer = relay.ask_ca("/dir", method, {**JOSE, **headers}, body)
    assert answer.status == 403
    assert [name for name in answer.headers if name.lower().startswith("access-control-")] == []
    assert answer.headers.get_all("Vary") == ["Origin"]
    assert not relay.ca.asked


@pytest.mark.parametrize("own_first", [False, True])
def test_several_origins_are_refused(relay: RunningRelay, own_first: bool) -> None:  # noqa: FBT001
    origins = [("Origin", "https://evil.example"), ("Origin", "http://localhost:{port}")]
    if own_first and not relay.reads_all:
        pytest.skip("nginx before 1.23 reads the first only, and says so in the settings")
    assert relay.ask_ca("/dir", headers=origins[:: -1 if own_first else 1]).status == 403
    assert not relay.ca.asked


@pytest.mark.parametrize("headers", NO_WEBSITE, ids=lambda headers: " ".join(headers.values()) or "a program")
def test_who_is_no_website_is_served_and_no_page_may_read_it(relay: RunningRelay, headers: Mapping[str, str]) -> None:
    for answer in (relay.ask_ca("/dir", headers=headers), relay.ask_ca("/new-order", "POST", {**JOSE, **headers}, b"{}")):
        assert answer.status == 200
        assert answer.headers["Access-Control-Allow-Origin"] is None
        assert answer.headers.get_all("Vary") == ["Origin"]


@pytest.mark.parametrize("host", ["{ca}", "evil.example"])
def test_the_page_and_those_named_may_read_answers_and_refusals(relay: RunningRelay, host: str) -> None:
    for origin in (f"http://localhost:{relay.port}", f"https://localhost:{relay.port}", *relay.pages):
        answer = relay.ask(f"/relay/{host.format(ca=relay.authority)}/dir", headers={"Origin": origin})
        assert answer.status == (200 if host == "{ca}" else 403)
        assert answer.headers.get_all("Access-Control-Allow-Origin") == [origin]
        assert answer.headers.get_all("Vary") == ["Origin"]
        assert "Replay-Nonce" in answer.headers["Access-Control-Expose-Headers"]


def test_a_preflight_is_answered_without_the_ca(relay: RunningRelay) -> None:
    asks = {"Origin": relay.pages[0], "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
    answer = relay.ask_ca("/x", "OPTIONS", asks)
    assert answer.status == 204
    assert answer.headers.get_all("Access-Control-Allow-Origin") == [relay.pages[0]]
    assert answer.headers.get_all("Vary") == ["Origin"]
    assert answer.headers["Access-Control-Allow-Methods"] == "GET, HEAD, POST"
    assert answer.headers["Access-Control-Allow-Headers"] == "Content-Type"
    assert not relay.ca.asked


def test_settings_for_the_real_list_are_what_these_servers_read(tmp_path: Path) -> None:
    """As `make dist ORIGINS=…` writes them."""
    authorities = read_authorities((ROOT / "static" / "data" / "cas.json").read_bytes())
    for name, text in relay_files(authorities, LISTED).items():
        (tmp_path / Path(name).name).write_text(text)
    addresses = re.sub(r"server \S+:443", "server 192.0.2.1:443", (tmp_path / UPSTREAMS).read_text())  # no test asks DNS
    write_for_debian(tmp_path / UPSTREAMS, addresses)
    (tmp_path / "Caddyfile").write_text("import relay.Caddyfile\nhttp://keystay.example {\n\timport keystay_relay\n}\n")
    (tmp_path / "nginx.conf").write_text(NGINX.format(folder=tmp_path, front=""))
    caddy_reads = [python_program("caddy"), "validate", "--adapter", "caddyfile", "--config", str(tmp_path / "Caddyfile")]
    nginx_reads = [
        debian_program("nginx", "nginx"),
        "-t",
        "-c",
        str(tmp_path / "nginx.conf"),
        "-p",
        str(tmp_path),
        "-e",
        "stderr",
    ]
    for command in (caddy_reads, nginx_reads):
        ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert ran.returncode == 0, ran.stderr


def test_nginx_hands_over_as_its_settings_say(odd_ca: OddCA, tmp_path: Path) -> None:
    """The page's server block with the one line that the settings name, and the page's POST through it."""
    relay_port, front = Ports.free().page, Ports.free().page
    (line,) = re.findall("^#     (location .*)$", nginx_relay([]), re.MULTILINE)
    handed = line.replace("127.0.0.1:8440", f"127.0.0.1:{relay_port}")
    block = f"server {{ listen 127.0.0.1:{front}; server_name localhost; access_log off; {handed} }}"
    with nginx(odd_ca, tmp_path, relay_port, block) as relay:
        page = replace(relay, port=front)
        for origin, status in ((f"http://localhost:{front}", 200), (f"http://localhost:{relay_port}", 403)):
            assert page.ask_ca("/new-order", "POST", JOSE | {"Origin": origin}, b"{}").status == status


@pytest.mark.parametrize("start", STARTS, ids=lambda start: start.__name__)
def test_a_certificate_that_cannot_be_verified_is_refused(odd_ca: OddCA, tmp_path: Path, start: Start) -> None:
    odd_ca.asked.clear()
    stranger = OddCA(odd_ca.port, make_localhost_tls(tmp_path).ca)
    with start(stranger, tmp_path, Ports.free().page) as relay:
        assert relay.ask_ca("/dir").status == 502
    assert not odd_ca.asked
