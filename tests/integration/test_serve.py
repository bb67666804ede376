"""`make run` as a person has it: it prints where everything is, everything answers there, and nothing is left behind."""

import gzip
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.nightly import nightly_after
from tools import practice
from tools.paths import CACHE, ROOT
from tools.ports import Ports, listen
from tools.practice import PracticeCA, PracticeError

LABELS = ["page", "directory URL", "record server", "practice root"]
PAGE = "<!doctype html><title>A page</title>"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small site with what a real one has: types, a folder named by content, compressed copies."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "index.html").write_text(PAGE)
    hashed = folder / "runtime" / "0123456789ab"
    hashed.mkdir(parents=True)
    (hashed / "boot.mjs").write_text("export {};")
    (hashed / "boot.mjs.gz").write_bytes(gzip.compress(b"export {};"))
    (hashed / "python.wasm").write_bytes(b"\0asm")
    (folder / "static" / "data").mkdir(parents=True)
    (folder / "static" / "data" / "cas.json").write_text("[]")
    return folder


def free_page_port() -> int:
    """A port that is reserved for this process, as are the ports of the practice CA that move along with it."""
    return next(port for port in range(20_000, 40_000, 7) if Ports.for_page(port).reserve())


@contextmanager
def serving(port: int, *options: str, **settings: Any) -> Iterator[subprocess.Popen[str]]:
    """Run `tools.serve`; it is gone after the `with`."""
    command = [sys.executable, "-m", "tools.serve", "--port", str(port), *options]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **settings)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def addresses(process: subprocess.Popen[str]) -> dict[str, str]:
    """The four lines as label → address, read as soon as they are printed."""
    assert process.stdout is not None
    lines: dict[str, str] = {}
    while len(lines) < len(LABELS) and (line := process.stdout.readline()):
        lines[line[:16].strip()] = line[16:].strip()
    return lines


def wait_until(holds: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not come to hold in time"


def everything_is_gone(port: int) -> bool:
    """Whether nothing listens any more on any port of a page on `port`."""
    return not Ports.for_page(port).refused()


@pytest.fixture(scope="module")
def served(site: Path) -> Iterator[dict[str, str]]:
    """The addresses of a running server over the small site, with a practice CA."""
    with serving(free_page_port(), "--site", str(site)) as process:
        yield addresses(process)
        process.send_signal(signal.SIGINT)
        process.wait(10)


def test_the_four_lines_say_where_everything_is(served: dict[str, str]) -> None:
    assert list(served) == LABELS
    ports = Ports.for_page(httpx.URL(served["page"]).port or 0)
    assert served == {
        "page": f"http://localhost:{ports.page}/",
        "directory URL": f"https://localhost:{ports.acme}/dir",
        "record server": f"http://localhost:{ports.records}",
        "practice root": f"https://localhost:{ports.management}/roots/0",
    }


def test_everything_answers_at_once(served: dict[str, str]) -> None:
    page, tls = served["page"], practice_tls(served)
    assert httpx.get(page).text == PAGE
    assert "newOrder" in httpx.get(served["directory URL"], verify=tls).json()
    assert httpx.get(served["practice root"], verify=tls).text == httpx.get(f"{page}practice/root.pem").text
    record = {"host": "_acme-challenge.shop.example.", "value": "v"}
    assert httpx.post(f"{page}practice/set-txt", json=record).status_code == 200
    assert httpx.post(f"{served['record server']}/clear-txt", json=record).status_code == 200
    directory = served["directory URL"].replace("https://", f"{page}relay/")
    assert "newNonce" in httpx.get(directory).json()


def practice_tls(served: dict[str, str]) -> ssl.SSLContext:
    """TLS settings that trust the practice CA's own https."""
    port = httpx.URL(served["page"]).port
    return ssl.create_default_context(cafile=CACHE / "practice" / str(port) / "tls-ca.pem")


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]"])
def test_the_page_listens_on_every_loopback_address(served: dict[str, str], host: str) -> None:
    assert httpx.get(served["page"].replace("localhost", host)).text == PAGE


@pytest.mark.parametrize("path", ["", "index.html", "static/data/cas.json", "practice/root.pem", "relay/x/y", "nothing"])
def test_it_answers_by_this_computers_own_names_only(served: dict[str, str], path: str) -> None:
    """DNS rebinding: a page whose name was pointed at this computer asks as if it stood here."""
    address = served["page"] + path
    port = httpx.URL(address).port
    for host, status in (("evil.example", 403), (f"evil.example:{port}", 403), ("localhost", 403), ("[", 403), ("", 403)):
        assert httpx.get(address, headers={"Host": host}).status_code == status
    assert httpx.get(address, headers={"Host": f"keystay.localhost:{port}"}).status_code == httpx.get(address).status_code


def test_another_website_is_refused_everything_but_the_page(served: dict[str, str]) -> None:
    page = served["page"]
    relayed = served["directory URL"].replace("https://", f"{page}relay/")
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}):
        assert [httpx.get(url, headers=headers).status_code for url in (page, relayed, f"{page}practice/root.pem")] == [
            200,
            403,
            403,
        ]
    assert httpx.get(relayed, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 200


def test_a_request_that_ends_early_is_answered(served: dict[str, str]) -> None:
    host = f"localhost:{httpx.URL(served['page']).port}"
    with socket.create_connection(("127.0.0.1", httpx.URL(served["page"]).port or 0), timeout=10) as connection:
        connection.sendall(f"POST /practice/set-txt HTTP/1.1\r\nHost: {host}\r\nContent-Length: 9\r\n\r\n{{}}".encode())
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(65536).startswith(b"HTTP/1.1 400 ")


def test_files_have_their_types_and_the_policy(served: dict[str, str]) -> None:
    page = httpx.get(served["page"])
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["content-security-policy"].startswith("default-src 'none'")
    assert page.headers["x-content-type-options"] == "nosniff"
    wasm = httpx.head(f"{served['page']}runtime/0123456789ab/python.wasm")
    assert (wasm.headers["content-type"], wasm.content) == ("application/wasm", b"")


def test_what_is_named_by_its_content_is_kept_forever_the_rest_is_asked_for(served: dict[str, str]) -> None:
    page = httpx.get(served["page"])
    assert page.headers["cache-control"] == "no-cache"
    again = httpx.get(served["page"], headers={"If-None-Match": page.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    wasm = httpx.get(f"{served['page']}runtime/0123456789ab/python.wasm")
    assert "immutable" in wasm.headers["cache-control"]


@pytest.mark.parametrize(
    ("accepted", "encoding"), [("gzip", "gzip"), ("br, gzip;q=0.5", "gzip"), ("gzip;q=0", ""), ("identity", ""), ("", "")]
)
def test_a_compressed_copy_is_sent_to_whom_takes_it(served: dict[str, str], accepted: str, encoding: str) -> None:
    url = f"{served['page']}runtime/0123456789ab/boot.mjs"
    answer = httpx.get(url, headers={"Accept-Encoding": accepted})
    assert answer.text == "export {};"
    assert answer.headers.get("content-encoding", "") == encoding
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize("path", ["missing", "runtime/", "runtime", "%2e%2e/%2e%2e/etc/passwd", "..%2findex.html", "%00"])
def test_there_is_no_way_to_other_files_or_listings(served: dict[str, str], path: str) -> None:
    assert httpx.get(served["page"] + path).status_code == 404


def test_files_are_only_read(served: dict[str, str]) -> None:
    assert httpx.post(served["page"]).status_code == 405


@pytest.mark.parametrize(
    "number", nightly_after(1, [signal.SIGTERM, signal.SIGINT, signal.SIGHUP]), ids=lambda number: number.name
)
def test_a_signal_ends_everything(site: Path, number: signal.Signals) -> None:
    port = free_page_port()
    with serving(port, "--site", str(site)) as process:
        assert list(addresses(process)) == LABELS
        process.send_signal(number)
        _, errors = process.communicate(timeout=10)
        assert (process.returncode, errors) == (0, "")
        assert everything_is_gone(port)


def test_a_closed_terminal_ends_everything(site: Path) -> None:
    port = free_page_port()
    terminal, stdin = os.openpty()
    # A terminal that is not the controlling one: the system signals nobody, as when make stands between.
    with serving(port, "--site", str(site), stdin=stdin, start_new_session=True) as process:
        os.close(stdin)
        assert list(addresses(process)) == LABELS
        os.close(terminal)
        assert process.wait(10) == 0
        assert everything_is_gone(port)


@pytest.mark.parametrize("log", nightly_after(1, ["pebble.log", "challtestsrv.log"]))
def test_a_signal_while_starting_ends_everything(site: Path, log: str) -> None:
    port = free_page_port()
    started = CACHE / "practice" / str(port) / log
    started.unlink(missing_ok=True)
    with serving(port, "--site", str(site)) as process:
        wait_until(started.exists)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=10)
        assert (process.returncode, errors) == (0, "")
        # A child that was being started in this very moment ends as after a kill: by itself, a little later.
        wait_until(lambda: everything_is_gone(port))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent was killed")
def test_even_a_kill_leaves_nothing(site: Path) -> None:
    port = free_page_port()
    with serving(port, "--site", str(site)) as process:
        assert list(addresses(process)) == LABELS
        process.kill()
        wait_until(lambda: everything_is_gone(port))


def test_a_taken_port_is_said_plainly(site: Path) -> None:
    port = free_page_port()
    with listen(port, "127.0.0.1"), serving(port, "--site", str(site)) as process:
        output, errors = process.communicate(timeout=10)
    assert (process.returncode, output) == (1, "")
    assert (
        errors
        == f"serve: The page cannot use port {port}: Address already in use. To use another one: make run PORT={port + 10}\n"
    )


def test_a_taken_practice_port_is_said_plainly(site: Path) -> None:
    port = free_page_port()
    taken = Ports.for_page(port).dns
    with listen(taken, "127.0.0.1"), serving(port, "--site", str(site)) as process:
        _, errors = process.communicate(timeout=10)
    assert process.returncode == 1
    assert f"port {taken}: Address already in use" in errors
    assert everything_is_gone(port)


def test_without_pebble_the_page_still_runs(site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(practice, "BUILT_PROGRAMS", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(PracticeError, match="pebble is neither in"):
        practice.find_programs()
    with serving(free_page_port(), "--site", str(site), "--no-practice") as process:
        assert process.stdout is not None
        page = process.stdout.readline().split()[-1]
        assert httpx.get(page).text == PAGE
        assert httpx.get(f"{page}practice/root.pem").status_code == 503
        assert httpx.get(f"{page}relay/localhost:14000/dir").status_code == 403


def test_pebbles_variables_pass_through(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PEBBLE_WFE_NONCEREJECT", "37")
    monkeypatch.setenv("PEBBLE_ALTERNATE_ROOTS", "1")
    with PracticeCA(Ports.free(), tmp_path) as ca:
        assert ca.root_pem(1) != ca.root_pem(0)
    log = (tmp_path / "pebble.log").read_text()
    assert "reject 37% of good nonces" in log
    assert "Disabling random VA sleeps" in log
