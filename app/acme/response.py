"""What comes back from a CA: status, body, and the few headers that ACME speaks through."""

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Final
from urllib.parse import urljoin

from app.acme.urls import check_same_origin
from app.encoding.strict_json import JsonObject, is_json, read_json
from app.errors import ProtocolError
from app.ports import Response

MAX_WAIT: Final = 366 * 86_400.0  # seconds

_PARAMETER = re.compile(r';\s*([\w-]+)\s*=\s*("[^"]*"|[^\s;,"]*)\s*')
_LINK = re.compile(r'<([^<>]*)>\s*((?:;\s*[\w-]+\s*=\s*(?:"[^"]*"|[^\s;,"]*)\s*)*)')
_NONCE = re.compile(r"[A-Za-z0-9_-]{1,1024}")


class DamagedError(ProtocolError):
    """An answer came, but not whole: JSON or PEM by its type, and it ends in the middle."""


class InvalidNonceError(ProtocolError):
    """An answer carries a `Replay-Nonce` that is not base64url (RFC 8555 §6.5.1).

    A fault of the CA or of what stands before it.
    """


def check_whole(response: Response) -> None:
    """Raise `DamagedError` where the body is not what its Content-Type says, as when a connection breaks on the way."""
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/pem-certificate-chain":
        whole = response.body.count(b"-----BEGIN ") == response.body.count(b"-----END ") > 0
    else:
        whole = not kind.endswith("json") or is_json(response.body)
    if not whole:
        start = response.body[:500].decode("utf-8", "replace")
        raise DamagedError("The CA's answer did not come whole.", detail=start)


@dataclass(frozen=True)
class AcmeResponse:
    """A CA's answer to a request for `url` (the CA's own URL, not the relay's). `now` is when it came, in Unix seconds."""

    url: str
    response: Response
    now: float

    def fields(self, what: str) -> JsonObject:
        """The body as the JSON object `what`. Raises `ProtocolError`."""
        return read_json(self.response.body, what)

    @property
    def location(self) -> str:
        """The absolute URL in `Location`. Raises `ProtocolError` where it is missing, and of it `AddressError`."""
        value = self.response.headers.get("location")
        if not value:
            raise ProtocolError("The CA did not say where the new resource is (no Location header).", detail=self.url)
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
        value = self.response.headers.get("replay-nonce", "").strip()
        if value and not _NONCE.fullmatch(value):
            raise InvalidNonceError("The CA gave a one-time number (Replay-Nonce) that is not base64url.", detail=value[:200])
        return value or None

    @property
    def retry_after(self) -> float | None:
        """Seconds from now until the CA wants to be asked again, `MAX_WAIT` at most; None where it does not say (§6.6)."""
        return parse_retry_after(self.response.headers.get("retry-after", ""), self.now)

    def links(self, relation: str) -> tuple[str, ...]:
        """The absolute URLs of all `Link` headers with this `rel` (RFC 8288 §3), in order; one that is no URL is left out."""
        found: list[str] = []
        for target, parameters in _LINK.findall(self.response.headers.get("link", "")):
            if relation in _relations(parameters):
                with suppress(ProtocolError):
                    found.append(self._absolute(target))
        return tuple(found)

    def _absolute(self, reference: str) -> str:
        try:
            return urljoin(self.url, reference)
        except ValueError as error:
            raise ProtocolError("The CA named an address that is none.", detail=reference[:500]) from error


def _relations(parameters: str) -> list[str]:
    """The words of the `rel` parameter of one link, in lower case."""
    values = {name.lower(): value for name, value in _PARAMETER.findall(parameters)}
    words: str = values.get("rel", "").strip('"').lower()
    return words.split()


def parse_retry_after(value: str, now: float) -> float | None:
    """Seconds from `now` (Unix seconds) that a `Retry-After` names: delta-seconds or an HTTP date (RFC 9110 §10.2.3).

    None for anything else; a date that has passed is 0, and what is longer than `MAX_WAIT` is that.
    """
    text = value.strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:12]), MAX_WAIT)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):  # a hostile date leads Python to each of them
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max(0.0, moment.timestamp() - now), MAX_WAIT)
