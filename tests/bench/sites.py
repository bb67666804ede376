"""What is measured, served: this checkout's page, another commit's if asked for, and what they are compared with."""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from tests.bench.progress import say
from tests.bench.rivals import write_peer, write_stock
from tests.bench.table import PEER
from tests.processes import POLL_INTERVAL, accepts
from tools.paths import CACHE, ROOT
from tools.ports import Ports
from tools.processes import Child

NOW: Final = "this"
"""The column of this checkout."""

START_TIMEOUT: Final = 600.0  # seconds; a new build is compressed first
VALIDATION: Final = 1.0  # seconds that the slow CA takes to look for the records
SERVED: Final = Path(__file__).with_name("served.py")

Addresses = Mapping[str, str]
"""Kind of site → its URL: `relay`, `direct`, `slow` (direct, at the slow CA) and, in the column of this checkout only, `bare`.
In the column of the peer: `stock`, `direct` and `slow`. In each column those where orders are measured have one origin."""


@dataclass(frozen=True)
class Bench:
    """All that is served: for each column of the table, the addresses; and the directory URLs of the CAs behind them."""

    sites: Mapping[str, Addresses]
    directories: Mapping[str, Mapping[str, str]]

    @property
    def columns(self) -> list[str]:
        """The columns, in the order of the table: the peer first, this checkout last."""
        return list(self.sites)

    @property
    def pages(self) -> list[str]:
        """The columns of Keystay's own pages."""
        return [column for column in self.sites if column != PEER]


@contextmanager
def served(base: str) -> Iterator[Bench]:
    """Serve everything; `base` is another commit to measure beside this checkout, or ""."""
    with ExitStack() as stack:
        work = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="keystay-bench-")))
        checkouts = ({base: stack.enter_context(_worktree(base, work / "checkout"))} if base else {}) | {NOW: ROOT}
        sites: dict[str, Addresses] = {PEER: {}}
        directories: dict[str, Mapping[str, str]] = {PEER: {}}
        for number, (column, checkout) in enumerate(checkouts.items()):
            folder = work / str(number)
            folder.mkdir()
            settings = _settings(folder, rivals=column == NOW)
            say(f"building and serving {column} …")
            stack.enter_context(_process(checkout, folder, settings))
            found = {site["name"]: f"http://localhost:{site['port']}/?site={quote(site['name'])}" for site in settings["sites"]}
            sites[column] = {name: url for name, url in found.items() if not name.startswith(PEER)}
            directories[column] = {name: f"https://localhost:{ca['ports']['acme']}/dir" for name, ca in settings["cas"].items()}
            if column == NOW:
                sites[PEER] = {name.removeprefix(f"{PEER} "): url for name, url in found.items() if name.startswith(PEER)}
                directories[PEER] = directories[NOW]
        yield Bench(sites, directories)


def _settings(folder: Path, *, rivals: bool) -> dict[str, Any]:
    """What tests/bench/served.py is to start for one checkout, with what it is compared with or without."""
    cas = {
        name: {"ports": asdict(Ports.free()), "dns": Ports.free().dns, "folder": str(folder / name), "delay": delay}
        for name, delay in (("fast", 0.0), ("slow", VALIDATION))
    }
    origins = [[("relay", "relay", "fast", ""), ("direct", "direct", "fast", ""), ("slow", "direct", "slow", "")]]
    if rivals:
        stock, peer = write_stock(folder / "stock"), write_peer(folder / "peer")
        origins += [[("bare", "bare", "", "")], [(f"{PEER} stock", "files", "", stock)]]
        if peer:
            origins += [[(f"{PEER} direct", "files", "fast", peer), (f"{PEER} slow", "files", "slow", peer)]]
    return {
        "cas": cas,
        "sites": [
            {"name": name, "kind": kind, "port": port, "ca": ca, "folder": given or str(folder / f"site-{name}")}
            for port, kinds in ((Ports.free().page, kinds) for kinds in origins)
            for name, kind, ca, given in kinds
        ],
    }


@contextmanager
def _process(checkout: Path, folder: Path, settings: Mapping[str, Any]) -> Iterator[None]:
    """Serve the sites of one checkout, by its own code."""
    command = [sys.executable, "-P", str(SERVED), json.dumps(settings)]
    child = Child(command, folder / "served.log", {**os.environ, "PYTHONPATH": str(checkout)})
    try:
        deadline = time.monotonic() + START_TIMEOUT
        while not all(accepts(site["port"]) for site in settings["sites"]):
            if not child.running or time.monotonic() > deadline:
                raise RuntimeError(f"{checkout} cannot be served:\n{child.last_words()}")
            threading.Event().wait(POLL_INTERVAL)
        yield
    finally:
        child.stop()


@contextmanager
def _worktree(commit: str, folder: Path) -> Iterator[Path]:
    """Another commit of this repository, checked out into `folder`; it shares what was downloaded."""
    git = ["git", "-C", str(ROOT), "worktree"]
    subprocess.run([*git, "add", "--quiet", "--detach", str(folder), commit], check=True)
    try:
        (folder / CACHE.name).symlink_to(CACHE.resolve())
        yield folder
    finally:
        subprocess.run([*git, "remove", "--force", str(folder)], check=True)
