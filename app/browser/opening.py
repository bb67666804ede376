"""What the page asks for before the rest of the app is imported, so that it comes meanwhile: the short lists of its site."""

import asyncio
from typing import Final

import js

from app.browser.ports.clock import BrowserClock
from app.browser.ports.fetch import FetchHttp
from app.dns import resolvers
from app.dns.services import catalog as services
from app.network.gate import Gate
from app.network.request_log import RequestLog
from app.network.secret_scanner import SecretScanner
from app.network.token_header import TokenHeader
from app.ports import Request, Response

CA_LIST: Final = "static/data/cas.json"
RESOLVER_LIST: Final = f"static/data/{resolvers.LIST_NAME}"
SERVICE_LIST: Final = f"static/data/{services.LIST_NAME}"


class Opening:
    """The way of every request of this visit: through the gate, into the request log, past the tokens, to the network."""

    def __init__(self) -> None:
        self.clock = BrowserClock()
        self.known = SecretScanner()
        self.token_header = TokenHeader(FetchHttp())
        self.request_log = RequestLog(self.token_header, self.clock, self.known)
        self.gate = Gate(self.request_log, self.known, js.document.baseURI, self.request_log.add_blocked)
        self._asked = {path: self._ask(path) for path in (CA_LIST, RESOLVER_LIST, SERVICE_LIST)}

    async def text(self, path: str) -> str:
        """A file of this site, which is asked for once. Raises what `Http.send` raises, and `UnicodeDecodeError`."""
        response = await (self._asked.pop(path, None) or self._ask(path))
        return response.body.decode("utf-8")

    def _ask(self, path: str) -> "asyncio.Future[Response]":
        return asyncio.ensure_future(self.gate.send(Request("GET", js.URL.new(path, site_address()).href)))


def site_address() -> str:
    """The address of the folder that the page's files are in: a page in another language is in a folder below."""
    return str(js.URL.new(js.document.documentElement.getAttribute("data-root") or ".", js.document.baseURI).href)
