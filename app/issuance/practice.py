"""Publishes the proofs for the practice CA in its test DNS and web server (pebble-challtestsrv, through tools/serve).

Only the practice CA has such a record server; no real DNS is changed.
"""

import asyncio
import json
from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from app.acme.challenge import DnsRecord, Publication, TlsCertificate, WebFile
from app.errors import KeystayError, NetworkError
from app.ports import Http, Request

_NOT_RUNNING: Final = (502, 503)
"""The HTTP statuses by which the server of `make run` says that the practice CA behind it does not respond."""


class RecordServerError(KeystayError):
    """The practice CA's record server refused what was to be published."""


class SilentRecordServerError(RecordServerError):
    """The record server does not respond at all."""

    def __init__(self, *, detail: str) -> None:
        super().__init__("record-server-silent", detail=detail)


async def publish(http: Http, records: str, publications: Sequence[Publication]) -> None:
    """Put `publications` into the record server at `records` (a URL ending in "/").

    They replace what was published for the same names before. Raises `RecordServerError`.
    """
    await asyncio.gather(*(_publish(http, records, publication) for publication in publications))


async def _publish(http: Http, records: str, publication: Publication) -> None:
    match publication:
        case DnsRecord(name, values):
            host = f"{name}."
            await _call(http, records + "clear-txt", {"host": host})
            for value in values:
                await _call(http, records + "set-txt", {"host": host, "value": value})
        case WebFile(url, body):
            token = urlsplit(url).path.rpartition("/")[2]
            await _call(http, records + "add-http01", {"token": token, "content": body})
        case TlsCertificate(identifier, _) if identifier.type == "ip":
            # challtestsrv makes the certificate itself, and always for a name.
            raise RecordServerError("record-server-without-ip-certificates", address=identifier.value)
        case TlsCertificate(identifier, proof):
            await _call(http, records + "add-tlsalpn01", {"host": identifier.server_name, "content": proof})


async def _call(http: Http, url: str, command: dict[str, str]) -> None:
    body = json.dumps(command).encode("ascii")
    try:
        response = await http.send(Request("POST", url, {"Content-Type": "application/json"}, body))
    except NetworkError as error:
        raise SilentRecordServerError(detail=error.detail) from error
    if response.status != 200:
        text = response.body[:500].decode("utf-8", "replace")
        if response.status in _NOT_RUNNING:
            raise SilentRecordServerError(detail=text)
        raise RecordServerError("record-server-refused", status=response.status, detail=text)
