"""The request log as an HTTP Archive: HAR 1.2, the format in which browsers' developer tools and many others exchange requests.

http://www.softwareishard.com/blog/har-12-spec/ specifies each member. What a page cannot know is given as unknown: -1 for the
sizes of headers and for the parts of the time, as specified there.
"""

import base64
import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from app import VERSION
from app.acme.response import reason_phrase
from app.network.request_log import BlockedRequest, Entry
from app.ports import Response

UNKNOWN: Final = -1
_BINARY: Final = "application/dns-message"  # some have no byte that is not text
_NO_ANSWER: Final = Response(0, {}, b"")


@dataclass(frozen=True)
class HarComments:
    """What the file says to people: on the whole `log`, and on requests, responses and contents by the entries' numbers."""

    log: str
    requests: Mapping[int, str] = field(default_factory=dict)
    responses: Mapping[int, str] = field(default_factory=dict)
    contents: Mapping[int, str] = field(default_factory=dict)


def to_har(entries: Iterable[Entry | BlockedRequest], comments: HarComments) -> bytes:
    """`entries` as JSON (UTF-8). Requests that are under way, and those that the gate blocked, are not in it."""
    ended = [entry for entry in entries if isinstance(entry, Entry) and entry.ended is not None]
    log = {
        "version": "1.2",
        "creator": {"name": "Keystay", "version": VERSION},
        "entries": [_entry(entry, comments) for entry in ended],
        "comment": comments.log,
    }
    return json.dumps({"log": log}, indent=1, ensure_ascii=False).encode("utf-8", "backslashreplace")


def _entry(entry: Entry, comments: HarComments) -> dict[str, Any]:
    took = 1000 * max((entry.ended or entry.started) - entry.started, 0.0)
    return {
        "startedDateTime": datetime.fromtimestamp(entry.started, UTC).isoformat(timespec="milliseconds"),
        "time": took,
        "request": _request(entry),
        "response": _response(entry, comments),
        "cache": {},
        "timings": {
            "blocked": UNKNOWN,
            "dns": UNKNOWN,
            "connect": UNKNOWN,
            "ssl": UNKNOWN,
            "send": 0,
            "wait": took,
            "receive": 0,
        },
        "comment": comments.requests.get(entry.number, ""),
    }


def _request(entry: Entry) -> dict[str, Any]:
    request = entry.request
    posted = {"postData": {"mimeType": _type(request.headers), "params": [], "text": request.body.decode("utf-8", "replace")}}
    return {
        "method": request.method,
        "url": request.url,
        "httpVersion": "unknown",
        "cookies": [],
        "headers": _pairs(request.headers.items()),
        "queryString": _pairs(parse_qsl(urlsplit(request.url).query, keep_blank_values=True)),
        **(posted if request.method in ("POST", "PATCH") else {}),
        "headersSize": UNKNOWN,
        "bodySize": len(request.body),
    }


def _response(entry: Entry, comments: HarComments) -> dict[str, Any]:
    """A response; status 0 means that none could be read, as in browsers' own HAR files."""
    response, comment = entry.response or _NO_ANSWER, comments.responses.get(entry.number)
    return {
        "status": response.status,
        "statusText": reason_phrase(response.status),
        "httpVersion": "unknown",
        "cookies": [],
        "headers": _pairs(response.headers.items()),
        "content": _content(entry, response, comments),
        "redirectURL": "",
        "headersSize": UNKNOWN,
        "bodySize": UNKNOWN,  # as transferred, perhaps compressed
        **({"comment": comment} if comment else {}),
    }


def _content(entry: Entry, response: Response, comments: HarComments) -> dict[str, Any]:
    content: dict[str, Any] = {"size": entry.size, "mimeType": _type(response.headers)}
    comment = comments.contents.get(entry.number)
    if comment:
        content["comment"] = comment
    with suppress(UnicodeDecodeError):
        if content["mimeType"] != _BINARY:
            return {**content, "text": response.body.decode("utf-8")}
    return {**content, "text": base64.b64encode(response.body).decode("ascii"), "encoding": "base64"}


def _type(headers: Mapping[str, str]) -> str:
    return next((value for name, value in headers.items() if name.lower() == "content-type"), "")


def _pairs(items: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in items]
