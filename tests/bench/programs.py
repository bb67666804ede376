"""certbot and lego as whole processes: the same number of names, at a practice CA of their own."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from tests.bench.run import Run
from tests.bench.served import ENVIRONMENT
from tests.bench.table import PEER, Row, medians
from tools.debian import unpacked
from tools.paths import CACHE
from tools.ports import Ports
from tools.practice import PracticeCA

NUMBERS: Final = (2, 20)
"""Fewer than for the page: lego proves one name after the other, with pauses, and takes more than five minutes for 100."""

LIMIT: Final = 300  # seconds for one run of a program
MAIL: Final = "bench@keystay.example"


def programs(run: Run) -> Iterable[Row]:
    """From the start of the process to its end, once each, because they take long.

    They prove by http-01: for dns-01 they would start another program for each name.
    """
    with ExitStack() as stack:
        work = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="keystay-programs-")))
        port = Ports.free().http01
        ca = stack.enter_context(PracticeCA(Ports.free(), work / "ca", env=ENVIRONMENT, config={"httpPort": port}))
        cases = [(name, n) for n in NUMBERS for name, command in _commands(ca, port).items() if command]
        for name, n in cases:
            with tempfile.TemporaryDirectory(dir=work) as folder:
                run.samples.add(f"{name} {n}", PEER, _seconds(ca, _commands(ca, port)[name], Path(folder), n) * 1000)
    return [
        medians(run.samples, f"{name}, whole process, {n} names", f"{name} {n}", [PEER], "ms")
        for n in NUMBERS
        for name in ("certbot", "lego")
    ]


def _commands(ca: PracticeCA, port: int) -> Mapping[str, Sequence[str]]:
    """The command of each program, with {folder} for where it keeps its files and without names; none where it is not here."""
    return {"certbot": _certbot(ca, port), "lego": _lego(ca, port)}


def _certbot(ca: PracticeCA, port: int) -> Sequence[str]:
    folder = CACHE / "certbot"
    if not (folder / "certbot").is_dir():
        return []
    start = f"import sys; sys.path.insert(0, {str(folder)!r}); from certbot.main import main; sys.exit(main())"
    where = ["--config-dir", "{folder}", "--work-dir", "{folder}", "--logs-dir", "{folder}"]
    how = ["--standalone", "--http-01-port", str(port), "--non-interactive", "--agree-tos", "--email", MAIL, "--no-eff-email"]
    return [sys.executable, "-c", start, "certonly", *where, *how, "--server", ca.directory_url]


def _lego(ca: PracticeCA, port: int) -> Sequence[str]:
    lego = shutil.which("lego", path=str(unpacked("lego"))) or shutil.which("lego")
    if not lego:
        return []
    how = ["--http", "--http.port", f":{port}", "--accept-tos", "--email", MAIL]
    return [lego, "--server", ca.directory_url, "--path", "{folder}", *how, "run"]


def _seconds(ca: PracticeCA, command: Sequence[str], folder: Path, n: int) -> float:
    names = [f"n{i}.{folder.name.lower().replace('_', '')}.example" for i in range(n)]
    asked = [word for name in names for word in ("-d", name)]
    words = [word.replace("{folder}", str(folder)) for word in command]
    words = [*words, *asked] if "certonly" in words else [*words[:-1], *asked, words[-1]]  # lego wants them before `run`
    trust = {name: str(ca.ca_file) for name in ("LEGO_CA_CERTIFICATES", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE")}
    begun = time.monotonic()
    done = subprocess.run(
        words, env={**os.environ, **trust, "HOME": str(folder)}, capture_output=True, text=True, timeout=LIMIT, check=False
    )
    seconds = time.monotonic() - begun
    if done.returncode:
        raise RuntimeError(f"{words[0]} failed:\n{done.stdout}{done.stderr}")
    return seconds
