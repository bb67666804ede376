"""Watches the requests and the console of all pages in a test, so that each test also checks what all have in common."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, WebError

from app.dns import providers
from app.install import targets

LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1"})
"""Where the pages under test and their practice CA live. A request to any other host needs `Watch.allow`."""

VIOLATION = "policy violation"
REPORT_VIOLATIONS = """
addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sourceFile, lineNumber }) => {
    console.error(`policy violation: ${violatedDirective} blocked ${blockedURI} in ${sourceFile}:${lineNumber}`);
});
"""

LATE_LISTS = (providers.LIST_NAME, targets.LIST_NAME)
LISTS_ARE_READ = """
names => names.every(name => performance.getEntriesByType("resource").some(entry => entry.name.endsWith(`/${name}`)))
"""
"""JavaScript that tells whether the files with these names have arrived: the page reads its long lists after each start."""


@dataclass(frozen=True)
class Sent:
    """One request as it left the page; `body` is the POST data, b"" if there is none."""

    method: str
    url: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Watch:
    """What the pages of one test sent and complained about."""

    traffic: list[Sent] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    _expected: list[str] = field(default_factory=list)
    _hosts: set[str] = field(default_factory=lambda: set(LOCAL_HOSTS))

    def attach(self, context: BrowserContext) -> None:
        """Watch every page of a browser context from its first moment on."""
        context.add_init_script(REPORT_VIOLATIONS)
        context.on("request", self._note_request)
        context.on("console", self._note_console)
        context.on("weberror", self._note_error)

    def detach(self, context: BrowserContext) -> None:
        """Stop watching it."""
        context.remove_listener("request", self._note_request)
        context.remove_listener("console", self._note_console)
        context.remove_listener("weberror", self._note_error)

    def expect(self, pattern: str) -> None:
        """Say that this test wants console errors or uncaught errors that match the regular expression `pattern`.

        A policy violation is never wanted.
        """
        self._expected.append(pattern)

    def allow(self, host: str) -> None:
        """Say that this test's pages may send requests to `host`."""
        self._hosts.add(host)

    @contextmanager
    def sending_nothing(self, page: Page) -> Iterator[None]:
        """Fail if a request leaves a page under test within this block, which begins once `page` has read its late lists."""
        page.wait_for_function(LISTS_ARE_READ, arg=list(LATE_LISTS))
        before = len(self.traffic)
        yield
        later = [f"{sent.method} {sent.url}" for sent in self.traffic[before:]]
        assert not later, f"requests where none was expected: {later}"

    def check(self) -> None:
        """Fail on a policy violation, an unexpected error, or a request to a host that is not allowed."""
        unexpected = [text for text in self.complaints if not self._is_expected(text)]
        assert not unexpected, "the page complained:\n" + "\n".join(unexpected)
        strangers = {sent.url for sent in self.traffic if urlsplit(sent.url).hostname not in self._hosts}
        assert not strangers, f"requests to hosts that are not allowed: {sorted(strangers)}"

    def _is_expected(self, complaint: str) -> bool:
        return VIOLATION not in complaint and any(re.search(known, complaint) for known in self._expected)

    def _note_request(self, request: Request) -> None:
        if not request.url.startswith(("data:", "blob:")):
            self.traffic.append(Sent(request.method, request.url, request.headers, request.post_data_buffer or b""))

    def _note_console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "assert"}:
            self.complaints.append(f"console: {message.text} {message.location['url']}")

    def _note_error(self, error: WebError) -> None:
        self.complaints.append(f"uncaught: {error.error}")
