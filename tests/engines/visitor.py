"""A person at the page in any engine: uses the hooks of docs/hooks.md and visible labels, through WebDriver."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from tests.browser.person import Files
from tests.engines.webdriver import Session

ERROR: Final = '[data-testid="error"]'
UNFINISHED: Final = (".part", ".crdownload", ".wkdownload", ".tmp")
"""What the names of files end with while a browser still writes to them; Chromium’s may also begin with a dot."""


def hook(name: str, inside: str = "") -> str:
    """The selector of the element with this documented hook."""
    return f'{inside} [data-testid="{name}"]'.strip()


def button(label: str) -> str:
    """The selector of the button with exactly this label."""
    return f'//button[normalize-space()="{label}"]'


class Visitor:
    """Drives one browser with one profile, in one tab at a time. Every wait is for a state that the page shows."""

    def __init__(self, session: Session, downloads: Path, allow_downloads: Callable[[], object] = lambda: None) -> None:
        """`downloads` is the folder for them; `allow_downloads` tells the browser so, where a tab must be told."""
        self.at = session
        self._downloads = downloads
        self._allow_downloads = allow_downloads
        allow_downloads()

    def open(self, url: str) -> None:
        """Open the page and wait until Python is ready."""
        self.at.do("POST", "/url", {"url": url})
        self._wait_ready()

    def reload(self) -> None:
        """Load it again."""
        self.at.do("POST", "/refresh")
        self._wait_ready()

    def new_tab(self) -> str:
        """Open another tab and go there. Gives the one that was left, for `go_to`."""
        left = str(self.at.do("GET", "/window"))
        self.go_to(self.at.do("POST", "/window/new", {"type": "tab"})["handle"])
        return left

    def go_to(self, tab: str) -> None:
        """Bring another tab to the front."""
        self.at.do("POST", "/window", {"handle": tab})
        self._allow_downloads()

    def close_tab(self) -> None:
        """Close this tab; `go_to` another one after it."""
        self.at.do("DELETE", "/window")

    def fill_in(self, *names: str) -> None:
        """Fill in the form of step 1 for the practice CA and a proof by DNS."""
        self.at.fill(hook("domains"), " ".join(names))
        self.at.select(hook("ca"), "practice")
        self.at.select(hook("challenge"), "dns-01")
        self.at.click(hook("agree-tos"))

    def start(self) -> None:
        """Press start and wait for what must be published."""
        self.at.click(hook("start"))
        self.wait_step("prove")

    def publish(self) -> None:
        """Press the practice CA’s button and wait until it says that all is there."""
        self.at.click(hook("practice-publish"))
        self.sees(hook("status"), "Published")

    def verify(self) -> None:
        """Press verify and wait for the certificate."""
        self.at.click(hook("verify"))
        self.wait_step("certificate")

    def issue(self, *names: str) -> None:
        """From the form to the certificate."""
        self.fill_in(*names)
        self.start()
        self.publish()
        self.verify()

    def start_another(self) -> None:
        """Leave the certificate, for the form again."""
        self.at.click(button("Get another certificate"))
        self.wait_step("names")

    def open_panel(self, panel: str) -> None:
        """Open the panel with this id, such as "keys-panel"; beside steps 2 and 3 it is in a closed fold."""
        if self.at.attribute("#tools", "open") is None:
            self.at.click("#tools > summary")
        self.at.click(f"#{panel} > summary")

    def wait_step(self, step: str) -> None:
        """Wait until the page shows `step`; an error on the way stops the test with its text."""
        self.wait(lambda: self.at.attribute("main", "data-step") == step, f"step {step}")

    def sees(self, selector: str, text: str) -> None:
        """Wait until the element is there and says `text`."""
        self.wait(lambda: text in self.at.text(selector), f"{selector} says “{text}”")

    def sees_error(self, text: str) -> None:
        """Wait until the page shows an error, which must say `text`."""
        self.at.until(lambda: self.at.text(ERROR), "an error")
        said = self.at.text(ERROR)
        assert text in said, f"the page says: {said}"

    def wait(self, condition: Callable[[], object], what: str) -> None:
        """Wait until `condition` holds; an error that the page shows in the meantime stops the test with its text."""

        def checked() -> object:
            return condition() or (self.at.shows(ERROR) and self._fail())

        try:
            self.at.until(checked, what)
        except AssertionError as error:
            raise AssertionError(f"{error}\n\nThe page shows:\n{self.at.text('body')}") from error

    def download(self, name: str) -> bytes:
        """Press the download button with this hook. Gives what was saved, and deletes it."""
        return self.download_as(name)[1]

    def download_as(self, name: str) -> tuple[str, bytes]:
        """The same with the name of the file."""
        self.at.click(hook(name))
        self.wait(lambda: self._finished() is not None, f"a download by {name}")
        path = self._finished()
        assert path
        content = path.read_bytes()
        path.unlink()
        return path.name, content

    def take_files(self) -> Files:
        """Download the zip and open it."""
        with zipfile.ZipFile(io.BytesIO(self.download("download-zip"))) as archive:
            return Files({name: archive.read(name) for name in archive.namelist()})

    def _finished(self) -> Path | None:
        """The file that was downloaded, once it is whole."""
        files = list(self._downloads.iterdir())
        if any(path.name.endswith(UNFINISHED) or path.name.startswith(".") for path in files):
            return None
        return next((path for path in files if path.stat().st_size), None)

    def _wait_ready(self) -> None:
        self.at.until(lambda: self.at.attribute("html", "data-app") == "ready", "Python is ready")

    def _fail(self) -> object:
        raise AssertionError(f"the page says: {self.at.text(ERROR)}")
