"""A CA that answers with whatever bytes a test gives it, and such answers as cannot be read."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tools.localhost_tls import make_localhost_tls
from tools.ports import listen

GOOD: Final = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"


@dataclass
class RawCA:
    """A CA that answers every request with the bytes `answer`, and hangs up. `asked` holds what it was sent."""

    port: int
    tls: ssl.SSLContext
    ca_file: Path
    answer: bytes = GOOD
    asked: list[bytes] = field(default_factory=list)

    def serve(self, listener: socket.socket) -> None:
        """Answer until `listener` is shut down."""
        while True:
            try:
                plain = listener.accept()[0]
            except OSError:
                return
            with suppress(OSError), self.tls.wrap_socket(plain, server_side=True) as connection:
                asked = b""
                while b"\r\n\r\n" not in asked and (more := connection.recv(65536)):
                    asked += more
                self.asked.append(asked)
                connection.sendall(self.answer)


@contextmanager
def raw_ca_in(folder: Path) -> Iterator[RawCA]:
    """A running one, with its TLS certificate in `folder`."""
    tls = make_localhost_tls(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tls.certificate, tls.key)
    with listen(0, "127.0.0.1") as listener:
        ca = RawCA(listener.getsockname()[1], context, tls.ca)
        thread = threading.Thread(target=ca.serve, args=[listener])
        thread.start()
        yield ca
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


def answer(*headers: str, status: str = "200 OK", body: bytes = b"{}") -> bytes:
    """An answer, its headers in UTF-8."""
    return "\r\n".join([f"HTTP/1.1 {status}", *headers, "", ""]).encode() + body


LENGTH: Final = "Content-Length: 2"
BROKEN_ANSWERS: Final = {
    "nothing": b"",
    "no HTTP": b"SSH-2.0-OpenSSH_9.9\r\n",
    "HTTP/0.9": b"{}",
    "status 99": answer(LENGTH, status="099 Odd"),
    "status 199 alone": answer(LENGTH, status="199 Odd"),
    "status 600": answer(LENGTH, status="600 Odd"),
    "status 999": answer(LENGTH, status="999 Odd"),
    "status in words": answer(LENGTH, status="good"),
    "another protocol": answer("Connection: upgrade", "Upgrade: odd", status="101 Switching Protocols"),
    "header with NUL": answer("Link: a\0b", LENGTH),
    "header without colon": answer("Link", LENGTH),
    "space before the colon": answer("Link : a", LENGTH),
    "endless header": answer("Link: " + "a" * 300_000, LENGTH),
    "length in words": answer("Content-Length: two"),
    "two lengths": answer(LENGTH, "Content-Length: 3"),
    "body that ends early": answer("Content-Length: 20"),
    "chunk without length": answer("Transfer-Encoding: chunked", body=b"zz\r\n{}\r\n"),
    "chunk that ends early": answer("Transfer-Encoding: chunked", body=b"2\r\n{"),
    "coding that is none": answer("Transfer-Encoding: gzip, chunked", body=b"0\r\n\r\n"),
    "gzip that is none": answer("Content-Encoding: gzip", LENGTH),
    "brotli": answer("Content-Encoding: br", LENGTH),
    "encoding that nobody knows": answer("Content-Encoding: ы", LENGTH),
}
