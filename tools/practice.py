"""The practice CA: Let's Encrypt's test server Pebble, and pebble-challtestsrv, its DNS and web server.

Both listen on this machine only. Pebble asks challtestsrv's DNS for every name, is told 127.0.0.1, and so finds the records
and files that were published there. Works with Pebble 2.10.1, which tools/setup.py builds, and with Debian's 2.4.0.
"""

import json
import os
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from tools.localhost_tls import make_localhost_tls
from tools.paths import CACHE
from tools.ports import Ports, loopbacks
from tools.processes import Child

BUILT_PROGRAMS = CACHE / "bin"  # where tools/setup.py puts what it built
START_TIMEOUT = 20.0  # seconds; both need well under one
POLL_INTERVAL = 0.03  # seconds

DEFAULT_ENVIRONMENT = {"PEBBLE_VA_NOSLEEP": "1"}  # else Pebble dawdles up to 15 s before each validation
NINETY_DAYS = 90 * 86400  # seconds


class PracticeError(Exception):
    """The practice CA cannot be had; the message says why and what helps."""


@dataclass(frozen=True)
class Programs:
    """The paths of the two programs."""

    pebble: str
    challtestsrv: str


def find_programs() -> Programs:
    """Those that tools/setup.py built, else those on PATH (Debian's package). Raises `PracticeError` without any."""
    search = os.pathsep.join([str(BUILT_PROGRAMS), os.environ.get("PATH", os.defpath)])
    pebble, challtestsrv = (shutil.which(name, path=search) for name in ("pebble", "pebble-challtestsrv"))
    if not (pebble and challtestsrv):
        missing = "pebble" if not pebble else "pebble-challtestsrv"
        raise PracticeError(
            f"The program {missing} is neither in {BUILT_PROGRAMS} nor on PATH. "
            "`python3 -m tools.setup pebble` builds it, or says why it cannot; Debian has a package named pebble."
        )
    return Programs(pebble, challtestsrv)


class PracticeCA:
    """A running practice CA; use it as a context manager: it answers inside the `with`, and is gone after it.

    `folder` gets the configuration, the TLS certificate and the logs `pebble.log` and `challtestsrv.log`. `env` adds to our
    environment for Pebble; its PEBBLE_* variables pass through. `config` adds to the object "pebble" of its configuration
    (`profiles`, `domainBlocklist`, `externalAccountBindingRequired`, …). `resolver` (IP:PORT) is asked instead of challtestsrv.
    `strict` makes Pebble behave as CAs will once the next breaking changes come.
    """

    def __init__(
        self,
        ports: Ports,
        folder: Path,
        *,
        env: Mapping[str, str] | None = None,
        config: Mapping[str, Any] | None = None,
        resolver: str = "",
        strict: bool = False,
    ) -> None:
        self.ports = ports
        self.folder = folder
        self.directory_url = f"https://localhost:{ports.acme}/dir"
        self.management_url = f"https://localhost:{ports.management}"
        self.records_url = f"http://localhost:{ports.records}"
        self._env = {**DEFAULT_ENVIRONMENT, **os.environ, **(env or {})}
        self._config = dict(config or {})
        self._resolver = resolver or f"127.0.0.1:{ports.dns}"
        self._flags = ["-strict"] if strict else []
        self._children: list[Child] = []

    def __enter__(self) -> Self:
        """Start both programs and wait until they answer. Raises `PracticeError`."""
        programs = find_programs()
        self._check_ports()
        self.folder.mkdir(parents=True, exist_ok=True)
        tls = make_localhost_tls(self.folder)
        self.ca_file = tls.ca
        self.ssl_context = ssl.create_default_context(cafile=tls.ca)
        config_file = self.folder / "pebble.json"
        config_file.write_text(json.dumps(pebble_config(self.ports, tls.certificate, tls.key, self._config), indent=2))
        try:
            self._start(challtestsrv_command(programs.challtestsrv, self.ports), "challtestsrv.log")
            pebble = [programs.pebble, "-config", str(config_file), "-dnsserver", self._resolver, *self._flags]
            self._start(pebble, "pebble.log")
            self._wait_until_ready()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """End both programs."""
        self._stop()

    def on_exit(self, report: Callable[[str], None]) -> None:
        """Call `report` with some lines, from another thread, when one of the programs ends by itself."""
        for child in self._children:
            child.on_exit(
                lambda ended: report(f"{ended.name} {ended.exit_reason}. The end of {ended.log}:\n{ended.last_words()}")
            )

    def root_pem(self, number: int = 0) -> str:
        """The root certificate as PEM: 0, or up to PEBBLE_ALTERNATE_ROOTS. Pebble makes new roots at every start."""
        return self._get(f"{self.management_url}/roots/{number}").raise_for_status().text

    def _check_ports(self) -> None:
        refused = self.ports.refused()
        refused.pop(self.ports.page, None)  # the page's own server looks after it
        if refused:
            reasons = "; ".join(f"port {port}: {reason}" for port, reason in refused.items())
            raise PracticeError(f"The practice CA cannot listen ({reasons}). PORT=… chooses other ports.")

    def _start(self, command: list[str], log: str) -> None:
        self._children.append(Child(command, self.folder / log, self._env))

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_TIMEOUT
        for answers in (self._challtestsrv_answers, self._pebble_answers):
            while not answers():
                self._check_children(late=time.monotonic() > deadline)
                time.sleep(POLL_INTERVAL)

    def _check_children(self, *, late: bool) -> None:
        for child in self._children:
            if late or not child.running:
                what = f"did not answer within {START_TIMEOUT:.0f} seconds" if child.running else "ended while starting"
                raise PracticeError(f"{child.name} {what}. Its log, {child.log}, ends:\n{child.last_words()}")

    def _challtestsrv_answers(self) -> bool:
        servers = (self.ports.records, self.ports.dns, self.ports.http01, self.ports.tlsalpn01)
        return all(_accepts(port) for port in servers)

    def _pebble_answers(self) -> bool:
        return _succeeds(lambda: self._get(self.directory_url)) and _succeeds(lambda: self.root_pem())

    def _get(self, url: str) -> httpx.Response:
        return httpx.get(url, verify=self.ssl_context, trust_env=False)

    def _stop(self) -> None:
        while self._children:
            self._children.pop().stop()


def pebble_config(ports: Ports, certificate: Path, key: Path, extra: Mapping[str, Any]) -> dict[str, Any]:
    """Pebble's configuration file as an object; `extra` wins over what is chosen here."""
    pebble = {
        "listenAddress": f"127.0.0.1:{ports.acme}",
        "managementListenAddress": f"127.0.0.1:{ports.management}",
        "certificate": str(certificate),
        "privateKey": str(key),
        "httpPort": ports.http01,
        "tlsPort": ports.tlsalpn01,
        "ocspResponderURL": "",
        "keyAlgorithm": "ecdsa",
        # Seconds. 0 would send no Retry-After; Pebble sends these as a number or as a date, by chance.
        "retryAfter": {"authz": 1, "order": 1},
        # One only: Pebble picks any by chance when an order names none. The second line is for Pebble before 2.7.
        "profiles": {"default": {"description": "90 days, as Let's Encrypt's classic", "validityPeriod": NINETY_DAYS}},
        "certificateValidityPeriod": NINETY_DAYS,
    }
    return {"pebble": {**pebble, **extra}}


def challtestsrv_command(program: str, ports: Ports) -> list[str]:
    """The command line of challtestsrv, in the syntax of the installed version: 2.4.0 has -dns01 and no DoH."""
    flags = subprocess.run([program, "-h"], capture_output=True, text=True, check=False).stderr
    command = [program, "-management", f"127.0.0.1:{ports.records}", "-https01", ""]
    command += ["-dnsserver" if "-dnsserver" in flags else "-dns01", _everywhere(ports.dns)]
    command += ["-http01", _everywhere(ports.http01), "-tlsalpn01", _everywhere(ports.tlsalpn01)]
    command += ["-doh", ""] if "-doh" in flags else []
    # Pebble tries the address of an AAAA answer first, so there may be none where IPv6 is off.
    return command + ([] if "::1" in loopbacks() else ["-defaultIPv6", ""])


def _everywhere(port: int) -> str:
    return ",".join(f"[{host}]:{port}" if ":" in host else f"{host}:{port}" for host in loopbacks())


def _accepts(port: int) -> bool:
    return _succeeds(lambda: socket.create_connection(("127.0.0.1", port), timeout=1).close())


def _succeeds(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except (OSError, httpx.HTTPError):
        return False
    return True
