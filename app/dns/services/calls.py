"""One request to a DNS service, and what its HTTP status means."""

import asyncio
import json
import re
from dataclasses import dataclass
from typing import Any, Final, Literal

from app.dns.services.service import TOKEN_MARK, BusyServiceError, DnsServiceError, TokenError
from app.encoding.strict_json import MAX_ENTRIES, JsonObject, read_value, words
from app.errors import NetworkError, OversizeError, ProtocolError
from app.ports import Http, Request, Response

MAX_SECONDS: Final = 30.0
"""How long an answer is waited for. A write takes a second or two where all is well."""

MAX_WAIT: Final = 7 * 24 * 3600
"""Seconds. A service that wants more is taken to have said nothing."""

JSON: Final = "application/json"
_EXPECTED: Final = re.compile(r"available in ([0-9]{1,7}) seconds?")


@dataclass(frozen=True)
class ServiceCalls:
    """Requests to the service called `name`, at the URL `api`, which ends in "/".

    The token goes into `header` after `prefix`.
    """

    http: Http
    api: str
    name: str
    header: str
    prefix: str

    async def call(self, method: Literal["GET", "PATCH"], path: str, body: object = None) -> Response:
        """Send `body` as JSON, or nothing where it is None. Raises `DnsServiceError`, and `GateError`."""
        headers = {self.header: self.prefix + TOKEN_MARK}
        content = b"" if body is None else json.dumps(body).encode("ascii")
        if content:
            headers["Content-Type"] = JSON
        try:
            async with asyncio.timeout(MAX_SECONDS):
                response = await self.http.send(Request(method, self.api + path, headers, content))
        except NetworkError as error:
            raise DnsServiceError("dns-service-unreachable", self.name, detail=error.detail) from error
        except TimeoutError as error:
            raise DnsServiceError("dns-service-slow", self.name, limit=MAX_SECONDS) from error
        except ProtocolError as error:  # a redirect, or far too long
            raise self.unreadable(error.detail) from error
        self._check(response)
        return response

    async def call_for_list(self, path: str) -> tuple[JsonObject, ...]:
        """The objects in the list at `path`. Raises as `call`."""
        response = await self.call("GET", path)
        try:
            value = read_value(response.body, self.name)
            if not isinstance(value, list) or len(value) > MAX_ENTRIES:
                raise self.unreadable(repr(value)[:200])
            return tuple(JsonObject(entry, self.name) for entry in value)
        except ProtocolError as error:
            raise self.unreadable(error.detail) from error

    def unreadable(self, detail: str) -> DnsServiceError:
        """The error for an answer that is none of this API."""
        return DnsServiceError("dns-service-unreadable", self.name, detail=detail)

    def _check(self, response: Response) -> None:
        """Raises what the status of `response` means, unless all is well."""
        status, said = response.status, _said(response)
        if 200 <= status < 300:
            return
        if status == 401:
            raise TokenError("dns-token-refused", self.name, detail=said)
        if status == 403:
            raise TokenError("dns-token-too-narrow", self.name, detail=said)
        if status == 429:
            raise BusyServiceError(self.name, _wait(response, said), detail=said)
        if status >= 500:
            raise DnsServiceError("dns-service-down", self.name, detail=said, status=status)
        raise DnsServiceError("dns-service-refused", self.name, detail=said, status=status)


def _said(response: Response) -> str:
    """The service's own words, untrusted: those in its JSON, or the start of whatever came."""
    try:
        value: Any = read_value(response.body, "refusal")
        return words(value)[:500] or words(list(value.values()) if isinstance(value, dict) else value)[:500]
    except (ProtocolError, OversizeError):
        return response.body[:200].decode("utf-8", "replace")


def _wait(response: Response, said: str) -> int | None:
    """Seconds until the service may be asked again, or None.

    A page sees Retry-After only where CORS exposes it, which deSEC does not do; so the words count, too.
    """
    header = response.headers.get("retry-after", "")
    found = _EXPECTED.search(said)
    text = header if re.fullmatch(r"[0-9]{1,7}", header) else found[1] if found else ""
    wait = int(text) if text else 0
    return wait if 0 < wait <= MAX_WAIT else None
