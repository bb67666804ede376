"""The three engines: how each is found, and how its driver is told to start it with a profile of its own."""

import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Any, Final

from tests.browser import settings
from tests.engines.visitor import Visitor
from tests.engines.webdriver import Session
from tests.processes import accepts, server
from tools.engines import find_chromedriver, find_firefox, find_settable_chromium
from tools.ports import Ports

MINI_BROWSER: Final = (Path("/usr/lib"), Path("/usr/libexec"))
"""Where the browser around WebKitGTK is: in a folder below that is named after the machine and the API."""


class NotHereError(Exception):
    """An engine cannot be run on this machine; the message says why, as the end of "because …"."""


@dataclass(frozen=True)
class Setup:
    """What a driver is started with."""

    command: list[str]
    """The driver; it gets its port as the last argument."""
    capabilities: Mapping[str, Any]
    environment: Mapping[str, str]


@dataclass(frozen=True)
class Engine:
    """One engine."""

    name: str
    prepare: Callable[[ExitStack, Path], Setup]
    """Finds its programs, and starts what they need. Raises `NotHereError`."""
    prepare_refusing: Callable[[ExitStack, Path], Setup]
    """The same for a browser that lets pages keep nothing."""
    allow_downloads: Callable[[Session, Path], None] = lambda _session, _folder: None
    """Done in each tab, before downloads go to that folder."""

    @contextmanager
    def started(self, folder: Path, *, refusing: bool = False) -> Iterator[Visitor]:
        """A visitor with a fresh profile, whose downloads go to `folder`/downloads. Raises `NotHereError`.

        Where the browser is `refusing`, it lets pages keep nothing.
        """
        with ExitStack() as stack:
            downloads = folder / "downloads"
            downloads.mkdir(parents=True)
            prepare = self.prepare_refusing if refusing else self.prepare
            setup, port = prepare(stack, folder), Ports.free().page
            command = [*setup.command, f"--port={port}"]
            stack.enter_context(server(command, folder, setup.environment, lambda: accepts(port)))
            session = stack.enter_context(Session(f"http://127.0.0.1:{port}", setup.capabilities))
            yield Visitor(session, downloads, lambda: self.allow_downloads(session, downloads))


def _save_where_told(session: Session, downloads: Path) -> None:
    """Chromium without windows of its own saves nothing else, and forgets it with the tab in which it was told."""
    where = {"behavior": "allow", "downloadPath": str(downloads)}
    session.do("POST", "/goog/cdp/execute", {"cmd": "Browser.setDownloadBehavior", "params": where})


def _chromium(stack: ExitStack, _: Path) -> Setup:
    if not settings.CHROMIUM:
        raise NotHereError("there is no Chromium")
    return _chromium_at(settings.CHROMIUM, stack)


def _refusing_chromium(stack: ExitStack, _: Path) -> Setup:
    """All cookies blocked, as its settings offer it: `localStorage` throws then, and IndexedDB answers with an error."""
    chromium = find_settable_chromium()
    if not chromium:
        raise NotHereError("there is no Chromium with settings, by which one refuses storage")
    return _chromium_at(chromium, stack, {"profile.default_content_setting_values.cookies": 2})


def _chromium_at(chromium: str, stack: ExitStack, preferences: Mapping[str, Any] = MappingProxyType({})) -> Setup:
    driver = find_chromedriver(chromium)
    if not driver:
        raise NotHereError(f"there is no chromedriver of the version of {chromium}")
    args = ["--headless", *settings.LAUNCH_FLAGS, f"--lang={settings.LOCALE}"]
    options = {"binary": chromium, "args": args, "prefs": dict(preferences)}
    # The path of a socket in it may have some hundred bytes, and the test's own folder has most of them.
    temporary = stack.enter_context(TemporaryDirectory(ignore_cleanup_errors=True))
    return Setup([driver], {"goog:chromeOptions": options}, {**os.environ, "TMPDIR": temporary})


def _firefox(_: ExitStack, folder: Path, more: Mapping[str, Any] = MappingProxyType({})) -> Setup:
    firefox, driver = find_firefox(), shutil.which("geckodriver")
    if not firefox:
        raise NotHereError("there is no Firefox")
    if not driver:
        raise NotHereError("there is no geckodriver")
    preferences = {
        "browser.download.dir": str(folder / "downloads"),
        "browser.download.folderList": 2,  # the folder above
        "intl.accept_languages": settings.LOCALE,
        **more,
    }
    options = {"binary": firefox, "args": ["-headless"], "prefs": preferences}
    return Setup([driver], {"moz:firefoxOptions": options}, {**os.environ, "TMPDIR": str(folder), "HOME": str(folder)})


def _webkit(stack: ExitStack, folder: Path, more: Sequence[str] = ()) -> Setup:
    driver, display = shutil.which("WebKitWebDriver"), shutil.which("Xvfb")
    found = [path for place in MINI_BROWSER for path in place.glob("**/webkit2gtk-4.*/MiniBrowser")]
    if not (driver and found):
        raise NotHereError("there is no WebKitWebDriver, or no MiniBrowser beside it")
    if not display:
        raise NotHereError("there is no Xvfb, the screen that it draws on")
    (folder / "config").mkdir()
    (folder / "config" / "user-dirs.dirs").write_text(f'XDG_DOWNLOAD_DIR="{folder}/downloads"\n')
    (folder / "run").mkdir(mode=0o700)
    environment = {
        **os.environ,
        "HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder / "config"),
        "XDG_CACHE_HOME": str(folder / "cache"),
        "XDG_DATA_HOME": str(folder / "data"),
        "XDG_RUNTIME_DIR": str(folder / "run"),
        "LANG": "C.UTF-8",
        "DISPLAY": f":{_screen(stack, display, folder)}",
    }
    options = {"binary": str(found[0]), "args": ["--automation", *more]}
    return Setup([driver], {"webkitgtk:browserOptions": options}, environment)


def _screen(stack: ExitStack, program: str, folder: Path) -> int:
    """Start a screen that nobody sees; its number, which the program chooses and writes into its log."""
    log = folder / f"{Path(program).name}.log"

    def number() -> str:
        lines = [line for line in log.read_text().splitlines(keepends=True) if line.strip("\n").isdigit() and line[-1] == "\n"]
        return lines[0].strip() if lines else ""

    command = [program, "-displayfd", "1", "-screen", "0", "1280x900x24", "-nolisten", "tcp"]
    stack.enter_context(server(command, folder, os.environ, lambda: bool(number())))
    return int(number())


REFUSING_FIREFOX: Final = partial(_firefox, more={"network.cookie.cookieBehavior": 2})
"""All cookies blocked, as its settings offer it: whatever keeps anything throws then, BroadcastChannel included."""

REFUSING_WEBKIT: Final = partial(_webkit, more=["--enable-html5-database=false", "--enable-html5-local-storage=false"])
"""Without IndexedDB and `localStorage`. Safari can refuse them to a page that has them; WebKitGTK offers that to nobody."""

ENGINES: Final = (
    Engine("chromium", _chromium, _refusing_chromium, allow_downloads=_save_where_told),
    Engine("firefox", _firefox, REFUSING_FIREFOX),
    Engine("webkit", _webkit, REFUSING_WEBKIT),
)
