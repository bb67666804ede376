"""Sets up what the tools and tests need, under ignored folders of the checkout. `make` calls this before everything else.

Run by any python3 ≥ 3.11 as `python3 -m tools.setup TARGET …`; standard library only. What is there already is used again,
without a network. The targets:

    python        .venv with the packages of requirements/dev.txt
    lint          python and actionlint
    build         python, Node.js, and what the page carries: the npm packages of tools/npm, the wheels of tools/wheels.txt
                  and tools/sdists.txt
    pebble        python and the practice CA
    fuzz          python and the wheels of tools/sdists.txt
    run           build and pebble
    servers       Debian's nginx, Apache, lego and older Pebble, unpacked for a few tests, where apt has them
    dns-servers   the DNS servers Knot, Unbound and dnsdist, unpacked likewise
    test          run, a Chromium, servers, dns-servers, and the drivers of the browser engines that are installed
    test-servers  run, a Chromium, and the CAs that only `make test-servers` needs: step-ca and OpenBao
    test-engines  run, a Chromium, Firefox and WebKitGTK where apt may install them, and their drivers
    test-dns      run, a Chromium and dns-servers
    test-targets  run, a Chromium, servers, and the programs to which `make test-targets` hands certificates, where apt has them
    test-handover python, pebble, servers, and the programs that only `make test-handover` needs: certbot and lego 5
    bench         run, a Chromium, and what `make bench` compares the page with, as far as it can be had: the npm packages of
                  tests/bench/npm, certbot, and Debian's lego
"""

import fcntl
import os
import shutil
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MIN_PYTHON = (3, 11)
if sys.version_info < MIN_PYTHON:  # said before anything is imported that an older Python cannot read
    sys.exit(
        f"setup: this is Python {sys.version.split()[0]}; Keystay's tools need 3.11 or later. "
        "If you have one under another name: make PYTHON=python3.12 …"
    )

from tools.cli import STOPPED, run_command  # noqa: E402
from tools.debian import set_up_debian, set_up_dns_servers, set_up_target_programs  # noqa: E402 - after the check above
from tools.engines import set_up_drivers, set_up_engines  # noqa: E402
from tools.paths import CACHE, ROOT, VENV  # noqa: E402
from tools.programs import (  # noqa: E402
    PYTHON,
    REQUIREMENTS,
    pip,
    set_up_actionlint,
    set_up_certbot,
    set_up_chromium,
    set_up_go_reader,
    set_up_lego,
    set_up_node,
    set_up_openbao,
    set_up_pebble,
    set_up_step_ca,
)
from tools.source_wheels import wheel_of  # noqa: E402
from tools.steps import StepError, cache, key_of, once, remove, run, say  # noqa: E402

NPM_FILES = ("package.json", "package-lock.json")


def set_up_python() -> None:
    """Make `.venv` with the pinned packages."""
    requirements = REQUIREMENTS / "dev.txt"

    def make() -> None:
        _check_venv_can_be_made()
        remove(VENV)
        run([sys.executable, "-m", "venv", VENV])
        pip("install", "--no-compile", "-r", requirements)  # Python compiles what it imports, when it does
        run([PYTHON, "-m", "pip", "check"])  # a package that the lock file forgot would be missed only later

    # A virtual environment holds absolute paths and belongs to one Python.
    key = key_of(requirements, sys.version, str(VENV))
    if not (VENV / "bin" / "python").exists():
        (VENV / ".stamp").unlink(missing_ok=True)
    once("Python packages in .venv", VENV / ".stamp", key, make)


def _check_venv_can_be_made() -> None:
    try:
        import ensurepip  # noqa: F401 - only to see whether it is there
        import venv  # noqa: F401
    except ImportError as error:
        raise StepError(
            f"this Python has no {error.name}, so no virtual environment can be made. "
            "On Debian and Ubuntu `apt install python3-venv` installs it."
        ) from error


def set_up_npm() -> None:
    """Fetch Node.js if need be, and the npm packages by their lock into .cache/npm/node_modules."""
    _install_npm("The runtime from npm", ROOT / "tools" / "npm", CACHE / "npm")


def set_up_rivals() -> None:
    """Fetch what only `make bench` needs, as far as it can be had: another ACME client, Lighthouse, and certbot.

    What cannot be had is said here, and stands in the table as “not run”.
    """
    for step in (_set_up_bench_npm, set_up_certbot):
        try:
            step()
        except StepError as error:
            say(f"the bench goes on without it: {error}")


def _set_up_bench_npm() -> None:
    _install_npm("What the bench needs from npm", ROOT / "tests" / "bench" / "npm", CACHE / "npm-bench")


def _install_npm(what: str, source: Path, folder: Path) -> None:
    """Fetch the packages by the lock in `source` into `folder`/node_modules. Raises `StepError`."""
    npm = set_up_node()

    def install() -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for name in NPM_FILES:
            shutil.copyfile(source / name, folder / name)
        env = {
            "PATH": os.pathsep.join([cache("bin"), os.environ.get("PATH", os.defpath)]),
            "npm_config_cache": cache("npm-cache"),
            "npm_config_update_notifier": "false",
            "NODE_DISABLE_COMPILE_CACHE": "1",  # npm would keep it in /tmp
        }
        run([*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], env=env, cwd=folder)

    key = key_of(*(source / name for name in NPM_FILES))
    once(what, folder / "node_modules" / ".stamp", key, install)


def set_up_wheels() -> None:
    """Fetch the wheels that the page carries into .cache/wheels; they are for the browser's Python, not for ours."""
    requirements, folder = ROOT / "tools" / "wheels.txt", CACHE / "wheels"

    def download() -> None:
        remove(folder)
        pip("download", "--python-version", "3.14", "--dest", folder, "-r", requirements)

    once("The wheels of the page", folder / ".stamp", key_of(requirements), download)


def set_up_source_wheels() -> None:
    """Make the wheels of the packages in tools/sdists.txt, which publish none, into .cache/source-wheels."""
    requirements, folder, sources = ROOT / "tools" / "sdists.txt", CACHE / "source-wheels", CACHE / "sdists"

    def make() -> None:
        remove(folder)
        remove(sources)
        pip("download", "--dest", sources, "-r", requirements, source=True)
        folder.mkdir()
        for sdist in sorted(sources.glob("*.tar.gz")):
            name, content = wheel_of(sdist.read_bytes())
            (folder / name).write_bytes(content)

    key = key_of(requirements, ROOT / "tools" / "source_wheels.py", ROOT / "tools" / "archive.py")
    once("The wheels of the page that are made from source", folder / ".stamp", key, make)


BUILD = [set_up_python, set_up_npm, set_up_wheels, set_up_source_wheels]
PAGE = [*BUILD, set_up_pebble, set_up_chromium]
"""What it takes to see the page at work in a browser, with its practice CA."""

STEPS = {
    "python": [set_up_python],
    "lint": [set_up_python, set_up_actionlint],
    "build": BUILD,
    "pebble": [set_up_python, set_up_pebble],
    "run": [*BUILD, set_up_pebble],
    "fuzz": [set_up_python, set_up_source_wheels],
    "servers": [set_up_debian],
    "dns-servers": [set_up_dns_servers],
    "test": [*PAGE, set_up_debian, set_up_dns_servers, set_up_drivers],
    "test-engines": [*PAGE, set_up_engines],
    "test-servers": [*PAGE, set_up_step_ca, set_up_openbao],
    "test-handover": [set_up_python, set_up_pebble, set_up_debian, set_up_certbot, set_up_lego],
    "bench": [*PAGE, set_up_rivals, set_up_debian],
    "test-dns": [*PAGE, set_up_dns_servers],
    "test-targets": [*PAGE, set_up_debian, set_up_target_programs, set_up_go_reader],
}


@contextmanager
def _alone() -> Iterator[None]:
    """Let no other setup work in this checkout at the same time."""
    CACHE.mkdir(exist_ok=True)
    with (CACHE / "setup.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another setup is running in this checkout; waiting for it …")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def main(targets: list[str]) -> None:
    """Do the steps of `targets` in order, each once. Raises `StepError` and `OSError`; exits with 130 on Ctrl-C."""
    if not targets or not set(targets) <= STEPS.keys():
        sys.exit(f"usage: python3 -m tools.setup {'|'.join(STEPS)} …")
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    try:
        with _alone():
            for step in dict.fromkeys(step for target in targets for step in STEPS[target]):
                step()
    except KeyboardInterrupt:
        say("stopped; unfinished steps are done again next time")
        sys.exit(STOPPED)


if __name__ == "__main__":
    sys.exit(run_command("setup", lambda: main(sys.argv[1:])))
