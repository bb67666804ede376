"""Publishing in the practice CA's world: its test DNS and web server (pebble-challtestsrv, through tools/serve).

Only the practice CA has a record server; nobody's real DNS is touched.
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
"""The HTTP statuses by which the server of `make run` says that the practice CA behind it does not answer."""


class RecordServerError(KeystayError):
    """The practice CA's record server did not take what was to be published."""


class SilentRecordServerError(RecordServerError):
    """It does not answer at all."""

    def __init__(self, *, detail: str) -> None:
        super().__init__("record-server-silent", detail=detail)


async def publish(http: Http, records: str, publications: Sequence[Publication]) -> None:
    """Put `publications` into the record server at `records` (a URL ending in "/").

    What stood at the same names before goes away. Raises `RecordServerError`.
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


async def _call(http: Http, url: str, order: dict[str, str]) -> None:
    body = json.dumps(order).encode("ascii")
    try:
        response = await http.send(Request("POST", url, {"Content-Type": "application/json"}, body))
    except NetworkError as error:
        raise SilentRecordServerError(detail=error.detail) from error
    if response.status != 200:
        text = response.body[:500].decode("utf-8", "replace")
        if response.status in _NOT_RUNNING:
            raise SilentRecordServerError(detail=text)
        raise RecordServerError("record-server-refused", status=response.status, detail=text)
