"""The ports of the local servers, and whether they are free.

The page has a port; the practice CA's six ports move along with it, so that two checkouts can run side by side.
"""

import secrets
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass

PAGE = 8000
MIN_PORT, MAX_PORT = 1024, 65535
FOLD = 20_000  # how far a port is moved back that would leave the range above
DRAWN = range(10_000, 32_000)  # below those that most systems give to outgoing connections
_RESERVED = ExitStack()  # sockets that keep the reserved ports of this process until it ends


@dataclass(frozen=True)
class Ports:
    """The page's port and those of the practice CA's two programs. The defaults are Pebble's own."""

    page: int = PAGE
    acme: int = 14000  # Pebble: the ACME directory, https
    management: int = 15000  # Pebble: roots and certificate status, https
    records: int = 8055  # challtestsrv: publishes records and files, http
    dns: int = 8053  # challtestsrv: answers Pebble's DNS questions
    http01: int = 5002  # challtestsrv: answers http-01; takes the place of port 80
    tlsalpn01: int = 5001  # challtestsrv: answers tls-alpn-01; takes the place of port 443

    @classmethod
    def for_page(cls, port: int) -> "Ports":
        """The ports that go with a page on `port`: each is moved as far as the page is from 8000.

        One that would fall outside 1024..65535 comes back into it by 20000.
        """
        moved = {name: _fold(standard + port - PAGE) for name, standard in asdict(cls()).items()}
        return cls(**{**moved, "page": port})

    @classmethod
    def free(cls) -> "Ports":
        """Seven ports reserved for this process, for tests that run beside each other."""
        drawn = (cls(*(secrets.choice(DRAWN) for _ in asdict(cls()))) for _ in iter(int, 1))
        return next(ports for ports in drawn if ports.reserve())

    def reserve(self) -> bool:
        """Keep these ports for servers that this process starts later; False if one is in use or reserved by anybody.

        Sockets that are bound and never listen stand on them until the process ends: nobody else can reserve them, and no
        outgoing connection is given one. A server that sets SO_REUSEADDR listens beside such a socket.
        """
        with ExitStack() as stack:
            try:
                for port in asdict(self).values():
                    for host in loopbacks():
                        stack.enter_context(_reservation(port, host))
            except OSError:
                return False
            _RESERVED.push(stack.pop_all())
        return True

    def refused(self) -> dict[int, str]:
        """Those of these ports that cannot be listened on now, with the system's reason ("Address already in use")."""
        reasons = {port: _reason_against(port) for port in asdict(self).values()}
        return {port: reason for port, reason in sorted(reasons.items()) if reason}


def loopbacks() -> list[str]:
    """The addresses by which this machine reaches itself: 127.0.0.1, and ::1 where IPv6 is on."""
    try:
        listen(0, "::1").close()
    except OSError:
        return ["127.0.0.1"]
    return ["127.0.0.1", "::1"]


def listen(port: int, host: str) -> socket.socket:
    """A bound TCP socket that may take over a port whose last connections are still closing. Raises OSError.

    Its protocol is named, because only then does asyncio send small pieces at once (TCP_NODELAY). The head and the body of an
    answer are two: the second one would wait for 40 ms until the browser's system confirms the first.
    """
    with _closed_on_error(host) as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((host, port))
        sock.listen()
    return sock


def _fold(port: int) -> int:
    if port < MIN_PORT:
        return port + FOLD
    return port - FOLD if port > MAX_PORT else port


@contextmanager
def _closed_on_error(host: str) -> Iterator[socket.socket]:
    """A TCP socket for an address such as `host`, which is closed only if something fails inside the `with`."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        yield sock
    except OSError:
        sock.close()
        raise


def _reason_against(port: int) -> str:
    try:
        for host in loopbacks():
            listen(port, host).close()
    except OSError as error:
        return error.strerror or str(error)
    return ""


def _reservation(port: int, host: str) -> socket.socket:
    """A socket on a port on which no other socket is. Raises OSError."""
    with _closed_on_error(host) as sock:
        sock.bind((host, port))
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # only now: from here on a server may come beside it
    return sock
