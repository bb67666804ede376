"""Starts real DNS servers: Knot holds the zones, two Unbounds resolve, dnsdist puts DNS over HTTPS before them.

    page ── DoH ── dnsdist ─┬─ Unbound, which validates ──┬── Knot
                            └─ Unbound, which does not ───┤     │
                                                          └─ dnsdist, which breaks some zones

Real resolvers find name servers on port 53; these are told where each zone is (`stub-zone`), so that nobody needs the right to
open low ports. Everything stays on this machine.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import astuple, dataclass
from pathlib import Path

import dns.message
import dns.query
import dns.update
import httpx
import pytest
from dns.rdtypes.ANY.DNSKEY import DNSKEY

from app.dns.resolvers import Resolver
from tests.dns.zones import CAA_FAILS, LAME, SHORT, SILENT, ZONES, anchor, write_zone_files, zone_of
from tests.processes import accepts, server
from tools.debian import DNS_FOLDER, FOLDER, libraries
from tools.ports import Ports

TIMEOUT = 5.0  # seconds for one question to Knot
SECURE_ENTRY = 1  # the flag of a key that others trust (RFC 4034 §2.1.1)


@dataclass(frozen=True)
class ServerPorts:
    """Where everything listens on 127.0.0.1. Nothing ever does on `nobody`."""

    knot: int
    validating: int
    trusting: int
    broken: int
    first: int
    second: int
    nobody: int


@dataclass(frozen=True)
class DnsServers:
    """The running servers. The resolver `first` validates and says why it fails, `second` does not; each has a cache.

    `nobody` is a resolver that cannot be reached.
    """

    ports: ServerPorts
    first: Resolver
    second: Resolver
    nobody: Resolver

    @property
    def for_ca(self) -> str:
        """Where a CA asks (IP:PORT): the DNS that `first` sees."""
        return f"127.0.0.1:{self.ports.validating}"

    def publish(self, name: str, kind: str, *records: str, ttl: int = SHORT) -> None:
        """Make `records`, as zone files write them, the ones of type `kind` at `name`; without any, there is none any more."""
        change = dns.update.UpdateMessage(zone_of(name))
        change.delete(f"{name}.", kind)
        for record in records:
            change.add(f"{name}.", ttl, kind, record)
        answer = dns.query.tcp(change, "127.0.0.1", TIMEOUT, self.ports.knot)
        assert answer.rcode() == 0, answer

    def publish_txt(self, name: str, *values: str, ttl: int = SHORT) -> None:
        """Make `values` those of the TXT records at `name`."""
        self.publish(name, "TXT", *(_quoted(value) for value in values), ttl=ttl)


@contextmanager
def dns_servers(folder: Path) -> Iterator[DnsServers]:
    """Run them. Their configurations and logs are in `folder`. Where there are no such programs, the test is skipped."""
    knot, unbound, dnsdist = (_program(name) for name in ("knotd", "unbound", "dnsdist"))
    env = {**os.environ, "LD_LIBRARY_PATH": str(libraries(DNS_FOLDER))}
    ports = ServerPorts(*astuple(Ports.free()))
    anchors = dict(write_zone_files(folder))
    (folder / "db").mkdir()  # Knot's, for its keys
    with ExitStack() as stack:

        def run(command: list[str], name: str, config: str, ready: Callable[[], bool]) -> None:
            file, place = folder / f"{name}.conf", folder / name
            file.write_text(config)
            place.mkdir()
            stack.enter_context(server([*command, str(file)], place, env, ready))

        run([knot, "-c"], "knot", _knot_config(folder, ports.knot), lambda: _has_zones(ports.knot))
        anchors |= {zone.name: _anchor(zone.name, ports.knot) for zone in ZONES if zone.signing == "good"}
        (folder / "anchors").write_text("\n".join((*anchors.values(), "")))
        validating, trusting = _unbound_config(folder, ports, validate=True), _unbound_config(folder, ports, validate=False)
        run([unbound, "-d", "-c"], "validating", validating, lambda: accepts(ports.validating))
        run([unbound, "-d", "-c"], "trusting", trusting, lambda: accepts(ports.trusting))
        dnsdist_command = [dnsdist, "--supervised", "--disable-syslog", "-C"]
        run(dnsdist_command, "dnsdist", _dnsdist_config(ports), lambda: accepts(ports.first) and accepts(ports.second))
        _require_http1(ports.first)
        yield DnsServers(ports, *(_resolver(name, getattr(ports, name)) for name in ("first", "second", "nobody")))


def _require_http1(port: int) -> None:
    """Skip the test where dnsdist was built without h2o: without TLS, it then speaks HTTP/2 only, which no browser does."""
    try:
        httpx.get(f"http://127.0.0.1:{port}/dns-query", trust_env=False)
    except httpx.TransportError as error:
        pytest.skip(f"this dnsdist does not speak HTTP/1.1: {error!r}")


def _resolver(name: str, port: int) -> Resolver:
    return Resolver(
        id=name,
        name=name.capitalize(),
        url=f"http://localhost:{port}/dns-query",
        operator="this computer",
        validates=name == "first",
    )


def _program(name: str) -> str:
    places = [str(FOLDER / DNS_FOLDER / "usr" / folder) for folder in ("sbin", "bin")]
    found = shutil.which(name, path=os.pathsep.join([*places, os.environ.get("PATH", os.defpath), "/usr/sbin"]))
    if not found:
        pytest.skip(f"there is no {name} here; where apt has it, `python3 -m tools.setup dns-servers` unpacks it")
    return found


def _quoted(value: str) -> str:
    """A value as zone files write it: strings of at most 255 bytes in quotes (RFC 1035 §5.1)."""
    data = value.encode()
    strings = [data[n : n + 255] for n in range(0, max(1, len(data)), 255)]
    return " ".join('"' + "".join(f"\\{byte:03}" for byte in string) + '"' for string in strings)


def _has_zones(port: int) -> bool:
    """Whether Knot answers, and has read and signed all zones."""
    return accepts(port) and all(_ask_knot(zone.name, "SOA", port).answer for zone in ZONES)


def _anchor(zone: str, port: int) -> str:
    """The trust anchor for a zone that Knot has signed with keys of its own."""
    keys = [key for records in _ask_knot(zone, "DNSKEY", port).answer for key in records if isinstance(key, DNSKEY)]
    return next(anchor(zone, key) for key in keys if key.flags & SECURE_ENTRY)


def _ask_knot(name: str, kind: str, port: int) -> dns.message.Message:
    return dns.query.tcp(dns.message.make_query(name, kind), "127.0.0.1", TIMEOUT, port)


def _knot_config(folder: Path, port: int) -> str:
    zones = [("." if zone == "root" else f"{zone}.", zone, signing) for zone, signing in _zone_files()]
    entries = [
        f"  - domain: {domain}\n    file: {name}.zone\n" + ("    dnssec-signing: on\n" if signing == "good" else "")
        for domain, name, signing in zones
    ]
    return f"""\
server:
    listen: 127.0.0.1@{port}
    rundir: "{folder}"
    pidfile: "{folder}/knot.pid"
control:
    listen: "{folder}/k"
log:
  - target: stdout
    any: info
database:
    storage: "{folder}/db"
acl:
  - id: tests
    address: 127.0.0.1
    action: update
template:
  - id: default
    storage: "{folder}"
    acl: tests
    semantic-checks: soft
    zonefile-sync: -1
    journal-content: changes
zone:
{"".join(entries)}"""


def _zone_files() -> list[tuple[str, str]]:
    return [("root", ""), *((zone.name, zone.signing) for zone in ZONES)]


def _unbound_config(folder: Path, ports: ServerPorts, *, validate: bool) -> str:
    places = {".": ports.knot} | {zone.name: ports.knot for zone in ZONES}
    places |= {LAME: ports.broken, CAA_FAILS: ports.broken} | dict.fromkeys(SILENT, ports.nobody)
    stubs = [f'stub-zone:\n    name: "{zone}"\n    stub-addr: 127.0.0.1@{port}\n' for zone, port in places.items()]
    modules = "validator iterator" if validate else "iterator"
    return f"""\
server:
    interface: 127.0.0.1
    port: {ports.validating if validate else ports.trusting}
    directory: "{folder}"
    username: ""
    chroot: ""
    pidfile: ""
    logfile: ""
    use-syslog: no
    verbosity: 1
    val-log-level: 2
    module-config: "{modules}"
    trust-anchor-file: "{folder}/anchors"
    do-ip6: no
    do-not-query-localhost: no
    ede: yes
    # Else "there is nothing" for one name would answer for its neighbours in a signed zone (RFC 8198), and so for other tests.
    aggressive-nsec: no
    # It gives up early on a server that does not answer, as public resolvers do; but a busy machine is given its time.
    unknown-server-time-limit: 200
    infra-cache-max-rtt: 300
    outbound-msg-retry: 8
    infra-keep-probing: yes
remote-control:
    control-enable: no
{"".join(stubs)}"""


def _dnsdist_config(ports: ServerPorts) -> str:
    options = '{customResponseHeaders={["access-control-allow-origin"]="*"}}'
    pools = {"knot": ports.knot, "validating": ports.validating, "trusting": ports.trusting}
    servers = [f'newServer({{address="127.0.0.1:{port}", pool="{name}"}}):setUp()' for name, port in pools.items()]
    fronts = [f'addDOHLocal("127.0.0.1:{port}", nil, nil, "/dns-query", {options})' for port in (ports.first, ports.second)]
    refused = f'addAction(AndRule({{DSTPortRule({ports.broken}), makeRule("{LAME}.")}}), RCodeAction(DNSRCode.REFUSED))'
    not_caa = f"addAction(AndRule({{DSTPortRule({ports.broken}), QTypeRule(DNSQType.CAA)}}), RCodeAction(DNSRCode.NOTIMP))"
    ways = {ports.broken: "knot", ports.first: "validating", ports.second: "trusting"}
    to_pools = [f'addAction(DSTPortRule({port}), PoolAction("{pool}"))' for port, pool in ways.items()]
    return "\n".join(
        (
            'setSecurityPollSuffix("")  -- else it asks its maker for news',
            f'setLocal("127.0.0.1:{ports.broken}")',
            "setUDPTimeout(20)",
            *fronts,
            *servers,
            refused,
            not_caa,
            *to_pools,
            "",
        )
    )
