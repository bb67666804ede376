"""Publishes the proofs for the practice CA in its test DNS and web server (pebble-challtestsrv, through tools/serve).

Only the practice CA has such a record server; no real DNS is changed.
"""

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


Command = tuple[str, dict[str, str]]
"""A command of challtestsrv's management: its name, and what it is about."""


def commands_for(publications: Sequence[Publication]) -> list[Command]:
    """What puts `publications` into a record server, in this order: they replace what was there for the same names before.

    Commands of one name stand together, and do not depend on one another. Raises `RecordServerError` for what no record server
    can publish.
    """
    removing: list[Command] = []
    adding: list[Command] = []
    for publication in publications:
        match publication:
            case DnsRecord(name, values):
                removing.append(("clear-txt", {"host": f"{name}."}))
                adding += (("set-txt", {"host": f"{name}.", "value": value}) for value in values)
            case WebFile(url, body):
                adding.append(("add-http01", {"token": urlsplit(url).path.rpartition("/")[2], "content": body}))
            case TlsCertificate(identifier, _) if identifier.type == "ip":
                # challtestsrv makes the certificate itself, and always for a name.
                raise RecordServerError("record-server-without-ip-certificates", address=identifier.value)
            case TlsCertificate(identifier, proof):
                adding.append(("add-tlsalpn01", {"host": identifier.server_name, "content": proof}))
    return removing + sorted(adding, key=lambda command: command[0])


async def publish(http: Http, records: str, publications: Sequence[Publication]) -> None:
    """Put `publications` into the record server at `records` (a URL ending in "/"), by one request.

    They replace what was published for the same names before. Raises `RecordServerError`.
    """
    body = json.dumps({"commands": commands_for(publications)}).encode("ascii")
    try:
        response = await http.send(Request("POST", f"{records}publish", {"Content-Type": "application/json"}, body))
    except NetworkError as error:
        raise SilentRecordServerError(detail=error.detail) from error
    if response.status != 200:
        text = response.body[:500].decode("utf-8", "replace")
        if response.status in _NOT_RUNNING:
            raise SilentRecordServerError(detail=text)
        raise RecordServerError("record-server-refused", status=response.status, detail=text)
