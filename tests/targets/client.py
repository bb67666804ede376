"""A client that trusts the practice CA's root and nothing else, and so needs the whole chain from a server."""

import socket
import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from cryptography import x509

from tests.targets.handed_over import NAMES
from tests.targets.installing import Installed

TIMEOUT = 10.0  # seconds for one answer

WAYS_TO_TLS: Final[Mapping[str, Sequence[tuple[bytes, bytes]]]] = {
    "": (),
    "smtp": ((b"", b"220"), (b"EHLO client.example\r\n", b"250"), (b"STARTTLS\r\n", b"220")),  # RFC 3207 §4
    "ftp": ((b"", b"220"), (b"AUTH TLS\r\n", b"234")),  # RFC 4217 §4
}
"""What a client says before TLS begins, and how each answer does."""


def assert_trusted(installed: Installed, port: int, leaf: bytes, root: Path) -> None:
    """A server on this machine shows the DER certificate `leaf` for all names, and its guide's command finds it, too."""
    for name in NAMES:
        assert certificate_of(name, port, root, installed.target.starttls) == leaf
    serial = x509.load_der_x509_certificate(leaf).serial_number
    assert f"serial={serial:X}" in installed.check(port).replace("serial=0", "serial=")


def certificate_of(name: str, port: int, root: Path, starttls: str = "") -> bytes:
    """The DER certificate that a server on this machine shows for `name`. Raises `ssl.SSLError` where it cannot be trusted."""
    context = ssl.create_default_context(cafile=root)
    with _connection(port, starttls) as plain, context.wrap_socket(plain, server_hostname=name) as secured:
        certificate = secured.getpeercert(binary_form=True)
    assert certificate
    return certificate


@contextmanager
def _connection(port: int, starttls: str) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT) as connection:
        with connection.makefile("rwb", buffering=0) as lines:
            for words, answer in WAYS_TO_TLS[starttls]:
                lines.write(words)
                line = lines.readline()
                while line[3:4] == b"-":  # more lines follow
                    line = lines.readline()
                assert line.startswith(answer), line
        yield connection
