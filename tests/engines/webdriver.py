"""A client of W3C WebDriver, the protocol that the drivers of all engines speak: chromedriver, geckodriver, WebKitWebDriver.

Only the commands that the scenarios need, as https://www.w3.org/TR/webdriver2/ names them. An element is found anew for each
command: the page may have made it again in between.
"""

import threading
import time
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Final, Self

import httpx

ELEMENT: Final = "element-6066-11e4-a52e-4f735466cecf"
"""The member that holds an element's id (§12.2)."""

ANSWER_TIMEOUT: Final = 120.0  # seconds for one command: the start of a browser on a busy machine is the longest
PATIENCE: Final = 60.0  # seconds that something on the page may take, the start of Python and a wait on the CA among them
POLL_INTERVAL: Final = 0.1  # seconds between two looks at the page
PASSING: Final = frozenset(
    {"no such element", "stale element reference", "element not interactable", "element click intercepted", "no such alert"}
)
"""Errors that go away when the page comes to where it is expected to come (§6.6)."""


class WebDriverError(Exception):
    """A command failed. `code` is the error code of §6.6, such as "no such element"."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message.partition('#0 ')[0].strip()}")
        self.code = code


class Session:
    """One browser, with one profile, that a driver has started; it ends with the `with`."""

    def __init__(self, driver: str, capabilities: Mapping[str, Any]) -> None:
        """`driver` is the driver's address; `capabilities` are those that the browser must have (§7)."""
        self._http = httpx.Client(base_url=driver, timeout=ANSWER_TIMEOUT, trust_env=False)
        started = self._send("POST", "/session", {"capabilities": {"alwaysMatch": dict(capabilities)}})
        self._path = f"/session/{started['sessionId']}"
        self.browser: str = f"{started['capabilities']['browserName']} {started['capabilities']['browserVersion']}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """End the browser; after a failed test an error in this would hide the test's own."""
        try:
            self.do("DELETE", "")
        except (WebDriverError, httpx.HTTPError):
            if error is None:
                raise
        finally:
            self._http.close()

    def do(self, method: str, path: str, parameters: Mapping[str, Any] | None = None) -> Any:
        """The value that the command at `path` of this session gives. Raises `WebDriverError`."""
        body = None if method != "POST" else dict(parameters or {})
        return self._send(method, f"{self._path}{path}", body)

    def find(self, selector: str) -> str:
        """The path of the first element that the CSS selector finds; one that begins with // is XPath."""
        using = "xpath" if selector.startswith("//") else "css selector"
        found = self.do("POST", "/element", {"using": using, "value": selector})
        return f"/element/{found[ELEMENT]}"

    def count(self, selector: str) -> int:
        """How many elements there are."""
        return len(self.do("POST", "/elements", {"using": "css selector", "value": selector}))

    def text(self, selector: str) -> str:
        """The text of the first of them, as it is seen."""
        return str(self.do("GET", f"{self.find(selector)}/text"))

    def value(self, selector: str) -> str:
        """What is in a field."""
        return str(self.do("GET", f"{self.find(selector)}/property/value"))

    def attribute(self, selector: str, name: str) -> str | None:
        """An attribute; None where there is none."""
        value: str | None = self.do("GET", f"{self.find(selector)}/attribute/{name}")
        return value

    def shows(self, selector: str) -> bool:
        """Whether the first of them is there to be seen."""
        try:
            return bool(self.do("GET", f"{self.find(selector)}/displayed"))
        except WebDriverError as error:
            if error.code in PASSING:
                return False
            raise

    def enabled(self, selector: str) -> bool:
        """Whether a button or field can be used."""
        return bool(self.do("GET", f"{self.find(selector)}/enabled"))

    def click(self, selector: str) -> None:
        """Click it as soon as that can be done."""
        self.until(lambda: [self.do("POST", f"{self.find(selector)}/click")], f"{selector} can be clicked")

    def fill(self, selector: str, text: str) -> None:
        """Type `text` into a field that is emptied before."""
        self.do("POST", f"{self.find(selector)}/clear")
        self.type(selector, text)

    def type(self, selector: str, text: str) -> None:
        """Send keys to an element; to a field for a file, its path."""
        self.do("POST", f"{self.find(selector)}/value", {"text": text})

    def select(self, selector: str, value: str) -> None:
        """Choose the option with this value."""
        self.click(f'{selector} option[value="{value}"]')

    def run(self, script: str) -> Any:
        """What a script in the page returns."""
        return self.do("POST", "/execute/sync", {"script": script, "args": []})

    def until(self, condition: Callable[[], Any], what: str, patience: float = PATIENCE) -> None:
        """Wait until `condition` gives something true; `what` names it. Raises `AssertionError` after `patience` seconds."""
        deadline = time.monotonic() + patience
        while True:
            try:
                if condition():
                    return
                reason = ""
            except WebDriverError as error:
                if error.code not in PASSING:
                    raise
                reason = f": {error}"
            assert time.monotonic() < deadline, f"not within {patience:.0f} s: {what}{reason}"
            threading.Event().wait(POLL_INTERVAL)

    def _send(self, method: str, path: str, body: Mapping[str, Any] | None) -> Any:
        answer = self._http.request(method, path, json=body)
        value = answer.json()["value"]
        if answer.is_error:
            raise WebDriverError(value["error"], value.get("message", ""))
        return value
