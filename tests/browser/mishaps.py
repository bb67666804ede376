"""Injects a fault into one request of a real page, and counts what the CA creates."""

from collections.abc import Callable
from contextlib import suppress
from typing import Final

from playwright.sync_api import Error, Page, Response, Route

from tests.crashes import (
    CUT_SHORT,
    HANGING,
    KILLED_AFTER,
    KILLED_BEFORE,
    NO_NETWORK,
    STATUS_500,
    STATUS_503,
    Trail,
    kind_of,
)

RELAY: Final = "**/relay/**"
OTHERS: Final = {"Access-Control-Allow-Origin": "https://elsewhere.example"}  # none at all would be filled in by Playwright
ALL: Final = {"Access-Control-Allow-Origin": "*"}


class Line:
    """Intercepts the requests between one page and the CA. `made` has what the CA has made for it, by resource."""

    def __init__(self, page: Page) -> None:
        self.trail = Trail()
        self.made: dict[str, set[str]] = {"newAccount": set(), "newOrder": set()}
        self.struck = False
        self._page = page
        self._held: list[Route] = []
        self._row = self._column = ""
        page.route(RELAY, self._handle)
        page.on("response", self._count)

    def aim(self, row: str, column: str) -> None:
        """From now on, count orders anew, and let the next request named `row` meet the mishap `column`."""
        self.trail, self.struck = Trail(), False
        self.made["newOrder"] = set()
        self._row, self._column = row, column

    def close(self) -> None:
        """Let go of the request that was never answered."""
        for route in self._held:
            with suppress(Error):  # its page may be gone
                route.abort()

    def _handle(self, route: Route) -> None:
        name = self.trail.name(route.request.method, route.request.url)
        if name != self._row or self.struck:
            route.continue_()
            return
        self.struck = True
        _STRIKES[self._column](self, route)

    def _count(self, response: Response) -> None:
        self._note(response.request.method, response.url, response.status, response.headers)

    def _note(self, method: str, url: str, status: int, headers: dict[str, str]) -> None:
        kind = kind_of(method, url)
        if kind in self.made and status == 201:
            self.made[kind].add(headers["location"])

    def _let_ca_act(self, route: Route) -> tuple[dict[str, str], int, bytes]:
        """Let the request come to the CA; its answer: headers, status, body."""
        answer = route.fetch()
        self._note(route.request.method, route.request.url, answer.status, answer.headers)
        return answer.headers, answer.status, answer.body()

    def _crash(self, route: Route) -> None:
        self._held.append(route)
        try:
            self._page.context.new_cdp_session(self._page).send("Page.crash")
        except Error:
            return  # nobody is left to say that it was done
        raise AssertionError("the page lives")

    def _kill_before(self, route: Route) -> None:
        self._crash(route)

    def _kill_after(self, route: Route) -> None:
        self._let_ca_act(route)
        self._crash(route)

    def _abort(self, route: Route) -> None:
        route.abort("internetdisconnected")

    def _fail(self, route: Route) -> None:
        route.fulfill(status=500, content_type="text/plain", headers=ALL, body="Internal Server Error")

    def _overload(self, route: Route) -> None:
        route.fulfill(status=503, content_type="text/html", headers=OTHERS, body="<html><h1>Busy</h1></html>")

    def _cut(self, route: Route) -> None:
        headers, status, body = self._let_ca_act(route)
        kept = {name: value for name, value in headers.items() if name != "content-length"}
        route.fulfill(status=status, headers=kept, body=body[: len(body) // 2])

    def _hang(self, route: Route) -> None:
        self._held.append(route)
        self._let_ca_act(route)


_STRIKES: Final[dict[str, Callable[[Line, Route], None]]] = {
    KILLED_BEFORE: Line._kill_before,
    KILLED_AFTER: Line._kill_after,
    NO_NETWORK: Line._abort,
    STATUS_500: Line._fail,
    STATUS_503: Line._overload,
    CUT_SHORT: Line._cut,
    HANGING: Line._hang,
}
