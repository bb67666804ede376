"""A CA's response: status, body, and the few headers that ACME uses."""

import re
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from typing import Final
from urllib.parse import urljoin

from app.acme.urls import check_same_origin
from app.encoding.http_date import parse_http_date
from app.encoding.strict_json import JsonObject, is_json, read_json, read_value
from app.errors import ProtocolError
from app.ports import Response

MAX_WAIT: Final = 366 * 86_400.0  # seconds

_PARAMETER = re.compile(r';\s*([\w-]+)\s*=\s*("[^"]*"|[^\s;,"]*)\s*')
_LINK = re.compile(r'<([^<>]*)>\s*((?:;\s*[\w-]+\s*=\s*(?:"[^"]*"|[^\s;,"]*)\s*)*)')
_NONCE = re.compile(r"[A-Za-z0-9_-]{1,1024}")


class DamagedError(ProtocolError):
    """A response came, but it was cut off: its Content-Type is that of JSON or PEM, and it ends in the middle."""


class InvalidNonceError(ProtocolError):
    """A response has a `Replay-Nonce` that is not base64url (RFC 8555 §6.5.1).

    The fault is the CA's, or that of a server before it.
    """


@dataclass(frozen=True)
class AcmeResponse:
    """A CA's response to a request for `url` (the CA's own URL, not the relay's).

    `http` is the response as it came, `now` when it came, in Unix seconds.
    """

    url: str
    http: Response
    now: float

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.http.status

    @property
    def body(self) -> bytes:
        """The body as it came."""
        return self.http.body

    @cached_property
    def _json(self) -> tuple[object, ...]:
        """The JSON value that the body is, read once; empty where it cannot be read."""
        try:
            return (read_value(self.body, "response"),)
        except ProtocolError:
            return ()

    def fields(self, where: str) -> JsonObject:
        """The body as a JSON object, which errors call `where`. Raises `ProtocolError`."""
        return JsonObject(self._json[0], where) if self._json else read_json(self.body, where)

    def check_whole(self) -> None:
        """Raise `DamagedError` where the body does not match its Content-Type, as after a connection that broke."""
        media_type = self.http.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media_type == "application/pem-certificate-chain":
            whole = self.body.count(b"-----BEGIN ") == self.body.count(b"-----END ") > 0
        else:
            whole = not media_type.endswith("json") or bool(self._json) or is_json(self.body)
        if not whole:
            start = self.body[:500].decode("utf-8", "replace")
            raise DamagedError("response-cut-off", detail=start)

    @property
    def location(self) -> str:
        """The absolute URL in `Location`. Raises `ProtocolError` where it is missing, and of it `AddressError`."""
        value = self.http.headers.get("location")
        if not value:
            raise ProtocolError("no-location-header", detail=self.url)
        url = self._absolute(value)
        check_same_origin(url, self.url)
        return url

    @property
    def nonce(self) -> str | None:
        """The `Replay-Nonce`, or None; one that is not base64url must be ignored (RFC 8555 §6.5.1)."""
        try:
            return self.read_nonce()
        except InvalidNonceError:
            return None

    def read_nonce(self) -> str | None:
        """The `Replay-Nonce`, None where there is none or the page may not see it. Raises `InvalidNonceError`."""
        value = self.http.headers.get("replay-nonce", "").strip()
        if value and not _NONCE.fullmatch(value):
            raise InvalidNonceError("nonce-not-base64url", detail=value[:200])
        return value or None

    @property
    def retry_after(self) -> float | None:
        """Seconds from now until the CA wants the next request, at most `MAX_WAIT`; None where it does not say (§6.6)."""
        return parse_retry_after(self.http.headers.get("retry-after", ""), self.now)

    def links(self, relation: str) -> tuple[str, ...]:
        """The absolute URLs of all `Link` headers with this `rel` (RFC 8288 §3), in order; invalid URLs are left out."""
        found: list[str] = []
        for target, parameters in _LINK.findall(self.http.headers.get("link", "")):
            if relation in _relations(parameters):
                with suppress(ProtocolError):
                    found.append(self._absolute(target))
        return tuple(found)

    def _absolute(self, reference: str) -> str:
        try:
            return urljoin(self.url, reference)
        except ValueError as error:
            raise ProtocolError("invalid-url", detail=reference[:500]) from error


def _relations(parameters: str) -> list[str]:
    """The words of the `rel` parameter of one link, in lower case."""
    values = {name.lower(): value for name, value in _PARAMETER.findall(parameters)}
    words: str = values.get("rel", "").strip('"').lower()
    return words.split()


def parse_retry_after(value: str, now: float) -> float | None:
    """Seconds from `now` (Unix seconds) that a `Retry-After` names: delta-seconds or an HTTP date (RFC 9110 §10.2.3).

    None for anything else. A date in the past is 0; a longer wait is cut to `MAX_WAIT`.
    """
    text = value.strip()
    if not text:
        return None
    if text.isascii() and text.isdigit():
        return min(float(text[:12]), MAX_WAIT)
    try:
        moment = parse_http_date(text)
    except (ValueError, OverflowError):  # a date in the year 1 leads Python to the second
        return None
    return min(max(0.0, moment - now), MAX_WAIT)


def reason_phrase(status: int) -> str:
    """The usual phrase for an HTTP status (RFC 9110 §15), or "": browsers do not pass on the one that was sent."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
