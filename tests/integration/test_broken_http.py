"""What is not HTTP, or not whole, is answered with a status and words: 400 to who asks so, 502 for a CA that answers so.

Raw sockets on both sides of the relay of `make run`: no client and no server library writes these.
"""

import json
import logging
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.integration.raw_ca import BROKEN_ANSWERS, GOOD, LENGTH, RawCA, answer
from tests.threaded_server import running
from tools.ports import Ports
from tools.relay import Relay


@dataclass(frozen=True)
class RawClient:
    """Sends bytes to a relay for `ca` on `port`."""

    ca: RawCA
    port: int

    def send(self, request: bytes, *, end: bool = False) -> tuple[int, bytes]:
        """Send `request`, in which {ca} and {port} are filled in; `end` says that nothing follows. The status and the body."""
        request = request.replace(b"{ca}", b"localhost:%d" % self.ca.port).replace(b"{port}", b"%d" % self.port)
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as connection:
            connection.sendall(request)
            if end:
                connection.shutdown(socket.SHUT_WR)
            answer = b""
            while b"\r\n\r\n" not in answer:
                more = connection.recv(65536)
                assert more, f"hung up after {answer!r}"
                answer += more
            head, _, body = answer.partition(b"\r\n\r\n")
            declared = next((line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), b":0")
            while len(body) < int(declared.partition(b":")[2]) and (more := connection.recv(65536)):
                body += more
        return int(head.split()[1]), body

    def get(self, path: str = "/dir") -> tuple[int, bytes]:
        """A good request for a path of the CA."""
        return self.send(f"GET /relay/{{ca}}{path} HTTP/1.1\r\nHost: localhost:{{port}}\r\n\r\n".encode())


@pytest.fixture(scope="module")
def relayed(raw_ca: RawCA) -> Iterator[RawClient]:
    """The relay between two raw sockets."""
    port = Ports.free().page
    with running(Relay({f"localhost:{raw_ca.port}": ssl.create_default_context(cafile=raw_ca.ca_file)}), port):
        yield RawClient(raw_ca, port)


@pytest.fixture
def client(relayed: RawClient, caplog: pytest.LogCaptureFixture) -> Iterator[RawClient]:
    """It; the CA answers well until a test says otherwise, and no traceback reaches the terminal."""
    relayed.ca.answer = GOOD
    relayed.ca.asked.clear()
    server_log = logging.getLogger("uvicorn")  # it keeps its words from the root
    server_log.addHandler(caplog.handler)
    yield relayed
    relayed.ca.answer = GOOD
    assert relayed.get() == (200, b"{}"), "it does not answer any more"
    server_log.removeHandler(caplog.handler)
    assert [record.getMessage() for record in caplog.get_records("call") if record.exc_info] == []


HEAD = b"POST /relay/{ca}/x HTTP/1.1\r\nHost: localhost:{port}\r\n"
POST = HEAD + b"Content-Type: application/jose+json\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n"

BROKEN_REQUESTS = {
    "no HTTP": b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n",
    "another method's name": b"G\xc9T /relay/{ca}/x HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n",
    "host in no ASCII": b"GET /relay/\xe9/x HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n",
    "path in no ASCII": b"GET /relay/{ca}/\xe9 HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n",
    "query in no ASCII": b"GET /relay/{ca}/?\xe9 HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n",
    "Accept in no ASCII": b"GET /relay/{ca}/x HTTP/1.1\r\nHost: localhost:{port}\r\nAccept: \xe9\r\n\r\n",
    "header without name": b"GET /relay/{ca}/x HTTP/1.1\r\nHost: localhost:{port}\r\n: x\r\n\r\n",
    "header with NUL": b"GET /relay/{ca}/x HTTP/1.1\r\nHost: localhost:{port}\r\nAccept: a\0b\r\n\r\n",
    "no Host": b"GET /relay/{ca}/x HTTP/1.1\r\n\r\n",
    "no Host in HTTP/1.0": b"GET /relay/{ca}/x HTTP/1.0\r\n\r\n",
    "two Hosts": HEAD + b"Host: localhost:{port}\r\n\r\n",
    "length below none": POST + b"Content-Length: -1\r\n\r\n{}",
    "length with sign": POST + b"Content-Length: +2\r\n\r\n{}",
    "length in words": POST + b"Content-Length: two\r\n\r\n{}",
    "endless length": POST + b"Content-Length: " + b"9" * 30 + b"\r\n\r\n{}",
    "two lengths": POST + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
    "chunk without length": POST + CHUNKED + b"zz\r\n{}\r\n0\r\n\r\n",
    "second chunk without length": POST + CHUNKED + b"2\r\n{}\r\nzz\r\n",
    "endless chunk": POST + CHUNKED + b"f" * 30 + b"\r\n{}",
    "coding that is none": POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    "another website's broken chunk": POST + b"Origin: https://evil.example\r\n" + CHUNKED + b"zz\r\n",
}


@pytest.mark.parametrize("name", BROKEN_REQUESTS)
def test_a_request_that_cannot_be_read_is_refused(client: RawClient, name: str) -> None:
    assert client.send(BROKEN_REQUESTS[name])[0] == 400
    assert not client.ca.asked


@pytest.mark.parametrize("body", [b"Content-Length: 20\r\n\r\n{}", CHUNKED + b"2\r\n{}\r\n", CHUNKED + b"2\r\n{"])
def test_a_request_that_ends_early_is_refused(client: RawClient, body: bytes) -> None:
    assert client.send(POST + body, end=True)[0] == 400
    assert not client.ca.asked


@pytest.mark.parametrize("header", [b"Content-Encoding: gzip\r\n", b"Content-Encoding: \xff\r\n", b"Content-Type: \xe9\r\n"])
def test_a_request_in_another_encoding_is_refused(client: RawClient, header: bytes) -> None:
    assert client.send(POST + header + b"Content-Length: 2\r\n\r\n{}")[0] == 415
    assert not client.ca.asked


def test_what_breaks_after_the_answer_ends_the_connection_only(client: RawClient) -> None:
    refused = POST.replace(b"{ca}", b"evil.example") + CHUNKED + b"2\r\n{}\r\n"
    with socket.create_connection(("127.0.0.1", client.port), timeout=10) as connection:
        connection.sendall(refused.replace(b"{port}", b"%d" % client.port))
        assert connection.recv(65536).startswith(b"HTTP/1.1 403 ")
        connection.sendall(b"zz\r\n")
        while connection.recv(65536):
            pass


@pytest.mark.parametrize("length", [65_000, 65_530])
def test_a_long_address_goes_out_whole(client: RawClient, length: int) -> None:
    path = "/" + "a" * length
    assert client.get(path)[0] == 200
    assert client.ca.asked[0].startswith(f"GET {path} HTTP/1.1\r\n".encode())


@pytest.mark.parametrize("name", BROKEN_ANSWERS)
def test_an_answer_that_cannot_be_read_is_said(client: RawClient, name: str) -> None:
    client.ca.answer = BROKEN_ANSWERS[name]
    status, body = client.get()
    problem: dict[str, Any] = json.loads(body)
    assert (status, problem["status"]) == (502, 502)
    assert f"localhost:{client.ca.port}" in problem["detail"]


@pytest.mark.parametrize(
    "header",
    [
        *("Link: <https://ы.example/>", "Location: https://ы.example/", "Content-Type: ы/ы", "Replay-Nonce: ы"),
        *("Location: https://[", "Location: odd://x:99999999/", "Content-Type: text/html; charset=odd", "Content-Type:"),
        *("Set-Cookie: ы=ы; domain=[; expires=Odd, 99 Odd 99999999 99:99:99 GMT; max-age=ы", "Retry-After: -ы", "X: ы"),
    ],
)
@pytest.mark.parametrize("status", [200, 201, 302])
def test_an_odd_header_takes_nothing_else_with_it(client: RawClient, header: str, status: int) -> None:
    client.ca.answer = answer(header, LENGTH, status=f"{status} Odd")
    assert client.get() == (status, b"{}")
