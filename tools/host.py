"""Fetches the files of a page from its host as browsers do."""

import asyncio
import contextlib
import ssl
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self
from urllib.parse import quote, urljoin

import httpx

from tools.bounded_body import BodyError, TooSlowError, UnsupportedEncodingError, read_body
from tools.browsers import BROWSERS, Browser
from tools.policy import PAGE, is_page

TIMEOUT: Final = 30.0  # seconds until an answer begins, and for any wait within it
MAX_REDIRECTS: Final = 5
MAX_REQUESTS: Final = 8  # at the same time
MAX_TEXT: Final = 300  # characters of what a stranger wrote
NOT_FOUND: Final = (403, 404, 410)


class UnreachableError(Exception):
    """The server of the copy gives no answer, or one from another host. The message may be printed."""


@dataclass(frozen=True)
class FetchedFile:
    """The result of a request for a file.

    `found` tells whether there is one. `sent` and `content` are its body as sent and decoded, or None where it is too long or
    cannot be decoded. `undecoded` names its encoding where the browser that was imitated takes it and this program cannot
    decode it.
    """

    request_name: str
    headers: httpx.Headers
    found: bool = True
    sent: bytes | None = None
    content: bytes | None = None
    undecoded: str = ""


def printable(text: str) -> str:
    """A stranger's text for a terminal: everything but printable ASCII is escaped, and what is long is cut."""
    cut = text if len(text) <= MAX_TEXT else f"{text[:MAX_TEXT]}…"
    return cut if text == cut and text.isascii() and text.isprintable() else ascii(cut)


class Host:
    """The host of the page at `base`, which ends in "/"; each browser keeps its cookies, as real ones do."""

    def __init__(self, base: str) -> None:
        self._base = base
        context = ssl.create_default_context()
        self._clients = {browser: httpx.AsyncClient(verify=context, timeout=TIMEOUT) for browser in BROWSERS}
        self._turn = asyncio.Semaphore(MAX_REQUESTS)

    async def __aenter__(self) -> Self:
        """Nothing is sent before the first question."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close all connections."""
        for client in self._clients.values():
            await client.aclose()

    async def fetch(self, name: str, browser: Browser, encoding: str, limit: int) -> FetchedFile:
        """Fetch a file of the page, which may have `limit` bytes. Raises `UnreachableError`.

        A page is requested as visitors request it: by its folder.
        """
        address = urljoin(self._base, quote(name.removesuffix(PAGE) if is_page(name) else name))
        request_name = f"{browser.name}, {encoding}"
        try:
            async with self._turn:
                response = await self._send(browser, address, browser.request_headers(name, encoding))
                try:
                    return await _read(response, request_name, encoding, limit)
                finally:
                    await response.aclose()
        except (TimeoutError, TooSlowError) as error:
            raise UnreachableError(f"{printable(address)} answers too slowly.") from error
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            reason = printable(str(error)) or type(error).__name__
            raise UnreachableError(f"{printable(address)} gives no answer: {reason}") from error

    async def _send(self, browser: Browser, address: str, headers: dict[str, str]) -> httpx.Response:
        """The beginning of the answer, once redirects on the same host were followed."""
        client = self._clients[browser]
        request = client.build_request("GET", address, headers=headers)
        home = request.url
        for _ in range(MAX_REDIRECTS):
            async with asyncio.timeout(TIMEOUT):  # httpx has a limit for each byte only
                response = await _begun(client, request)
            if response.next_request is None:
                return response
            await response.aclose()
            request = response.next_request
            if request.url.netloc != home.netloc or (home.scheme, request.url.scheme) == ("https", "http"):
                raise UnreachableError(f"{printable(address)} redirects to another host: {printable(str(request.url))}")
        raise UnreachableError(f"{printable(address)} has too many redirects.")


async def _begun(client: httpx.AsyncClient, request: httpx.Request) -> httpx.Response:
    """The beginning of the answer.

    A host may close a kept connection while the request is on its way (RFC 9112 §9.3.1). Several may have been closed; after as
    many attempts as there are connections, the next one is new.
    """
    for _ in range(MAX_REQUESTS):
        with contextlib.suppress(httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError):
            return await client.send(request, stream=True)
    return await client.send(request, stream=True)


async def _read(response: httpx.Response, request_name: str, encoding: str, limit: int) -> FetchedFile:
    if response.status_code in NOT_FOUND:
        return FetchedFile(request_name, response.headers, found=False)
    if response.status_code != httpx.codes.OK:
        raise UnreachableError(f"{printable(str(response.url))} answers {response.status_code}.")
    try:
        sent, content = await read_body(response, limit)
    except BodyError:
        return FetchedFile(request_name, response.headers)
    except UnsupportedEncodingError as error:
        taken = [part.strip() for part in encoding.split(",")]
        return FetchedFile(request_name, response.headers, undecoded=str(error) if str(error) in taken else "")
    return FetchedFile(request_name, response.headers, sent=sent, content=content)
