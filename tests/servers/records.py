"""The DNS, web and TLS server that step-ca and OpenBao ask for proofs: the practice CA's pebble-challtestsrv, on its own.

OpenBao asks on the ports 80 and 443 only. On Linux the whole of 127.0.0.0/8 is this machine, so the server gets an address
there that nothing else listens on; without the right to open low ports, it does not listen there.
"""

import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.processes import accepts, server
from tools.ports import Ports, listen
from tools.practice import find_programs

HTTP, HTTPS = 80, 443


@dataclass(frozen=True)
class Records:
    """The running server.

    `url` is where records are published. `dns` is its resolver (IP:PORT), which says of every name that it is at the address
    `host`. There it answers on `http_port` and `tls_port`, and on 80 and 443 if `standard_ports`.
    """

    url: str
    dns: str
    host: str
    http_port: int
    tls_port: int
    standard_ports: bool


@contextmanager
def record_server(folder: Path) -> Iterator[Records]:
    """Run it. Raises `tools.practice.PracticeError` where there is no such program."""
    ports, host = Ports.free(), _host()
    standard = all(_may_listen(port, host) for port in (HTTP, HTTPS))
    lists = ((ports.http01, HTTP), (ports.tlsalpn01, HTTPS))
    http, tls = (",".join(f"{host}:{port}" for port in (own, low)[: 1 + standard]) for own, low in lists)
    management, dns = f"127.0.0.1:{ports.records}", f"127.0.0.1:{ports.dns}"
    command = [find_programs().challtestsrv, "-management", management, "-dnsserver", dns, "-doh", "", "-https01", ""]
    command += ["-http01", http, "-tlsalpn01", tls, "-defaultIPv4", host, "-defaultIPv6", ""]
    with server(command, folder, os.environ, lambda: accepts(ports.records) and accepts(ports.dns)):
        yield Records(f"http://localhost:{ports.records}", dns, host, ports.http01, ports.tlsalpn01, standard)


def _host() -> str:
    if sys.platform != "linux":
        return "127.0.0.1"
    return ".".join(str(part) for part in (127, *(1 + secrets.randbelow(254) for _ in range(3))))


def _may_listen(port: int, host: str) -> bool:
    try:
        listen(port, host).close()
    except OSError:
        return False
    return True
