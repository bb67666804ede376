"""Debian's PowerDNS Authoritative Server with an empty zone, and with the API that the page writes by."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import dns.message
import dns.query
import httpx
import pytest
from dns.rdtypes.ANY.TXT import TXT

from tests.processes import accepts, server
from tools.debian import FOLDER, POWERDNS_FOLDER
from tools.ports import Ports

KEY = "a-key-of-the-tests-1234"
ZONE = "proofs.example"
SCHEMA = "share/pdns-backend-sqlite3/schema/schema.sqlite3.sql"
TIMEOUT = 5.0  # seconds for one question

CONFIG = """\
launch=gsqlite3
gsqlite3-database={folder}/pdns.sqlite3
module-dir={modules}
socket-dir={folder}
local-address=127.0.0.1
local-port={dns}
api=yes
api-key={key}
webserver=yes
webserver-address=127.0.0.1
webserver-port={web}
daemon=no
guardian=no
cache-ttl=0
query-cache-ttl=0
negquery-cache-ttl=0
"""


@dataclass(frozen=True)
class PowerDns:
    """A running server: the origin of its API, and the port of its DNS."""

    origin: str
    dns: int

    def txt(self, name: str) -> list[str]:
        """The TXT records that it serves at `name`."""
        reply = dns.query.udp(dns.message.make_query(name, "TXT"), "127.0.0.1", TIMEOUT, self.dns)
        records = [record for answer in reply.answer for record in answer if isinstance(record, TXT)]
        return sorted(b"".join(record.strings).decode() for record in records)


@contextmanager
def powerdns(folder: Path) -> Iterator[PowerDns]:
    """Run it, with its files in `folder`. Where there is no such program, the test is skipped."""
    unpacked = FOLDER / POWERDNS_FOLDER / "usr" / "sbin"
    program = shutil.which("pdns_server", path=str(unpacked)) or shutil.which("pdns_server")
    if not program:
        pytest.skip("there is no pdns_server here; where apt has it, `python3 -m tools.setup dns-servers` unpacks it")
    usr, ports = Path(program).parent.parent, Ports.free()
    libraries = next(iter(sorted((usr / "lib").glob("*-linux-gnu*"))), usr / "lib")
    with closing(sqlite3.connect(folder / "pdns.sqlite3")) as database:
        database.executescript((usr / SCHEMA).read_text())
    config = CONFIG.format(folder=folder, modules=libraries / "pdns", dns=ports.dns, web=ports.page, key=KEY)
    (folder / "pdns.conf").write_text(config)
    env = {**os.environ, "LD_LIBRARY_PATH": str(libraries)}
    with server([program, f"--config-dir={folder}"], folder, env, lambda: accepts(ports.page)):
        origin = f"http://localhost:{ports.page}"
        zone = {"name": f"{ZONE}.", "kind": "Native", "nameservers": [f"ns.{ZONE}."]}
        headers = {"X-API-Key": KEY}
        httpx.post(f"{origin}/api/v1/servers/localhost/zones", json=zone, headers=headers, trust_env=False).raise_for_status()
        yield PowerDns(origin, ports.dns)
