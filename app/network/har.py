"""The ledger as an HTTP Archive: HAR 1.2, the form in which browsers' developer tools and many others exchange requests.

http://www.softwareishard.com/blog/har-12-spec/ says what each member is. What a page cannot know is said to be unknown: -1 for
sizes of headers and for the parts of the time, as there.
"""

import base64
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from app import VERSION
from app.network.request_log import BlockedRequest, Entry
from app.ports import Response

UNKNOWN: Final = -1
_NO_ANSWER: Final = Response(0, {}, b"")
_ABOUT: Final = (
    "What one visit to a Keystay page sent and received. Only the headers that browsers show to a page are here, and only the "
    "whole time of each request is known. Private keys are in no request, and were taken out of the answers."
)


def to_har(entries: Iterable[Entry | BlockedRequest], comments: Mapping[int, str], *, dropped: int = 0) -> bytes:
    """`entries` as JSON (UTF-8). `comments` are texts for people by the entries' numbers; `dropped` is how many are missing.

    Requests that are under way, and those that the gate held back, are not in it: they are counted in the comment.
    """
    there = tuple(entries)
    ended = [entry for entry in there if isinstance(entry, Entry) and entry.ended is not None]
    log = {
        "version": "1.2",
        "creator": {"name": "Keystay", "version": VERSION},
        "entries": [_entry(entry, comments.get(entry.number, "")) for entry in ended],
        "comment": f"{_ABOUT} Not here are {dropped} older requests and {len(there) - len(ended)} that were held back by the "
        "page or are under way.",
    }
    return json.dumps({"log": log}, indent=1, ensure_ascii=False).encode("utf-8", "backslashreplace")


def _entry(entry: Entry, comment: str) -> dict[str, Any]:
    took = 1000 * max((entry.ended or entry.started) - entry.started, 0.0)
    return {
        "startedDateTime": datetime.fromtimestamp(entry.started, UTC).isoformat(timespec="milliseconds"),
        "time": took,
        "request": _request(entry),
        "response": _response(entry),
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
        "comment": comment,
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
        **(posted if request.method == "POST" else {}),
        "headersSize": UNKNOWN,
        "bodySize": len(request.body),
    }


def _response(entry: Entry) -> dict[str, Any]:
    """An answer; one of status 0 stands for none that could be read, as browsers write it."""
    response = entry.response or _NO_ANSWER
    missing = "" if response.status else "The browser hides the answer." if entry.request.no_cors else entry.failure
    return {
        "status": response.status,
        "statusText": phrase(response.status),
        "httpVersion": "unknown",
        "cookies": [],
        "headers": _pairs(response.headers.items()),
        "content": _content(entry, response),
        "redirectURL": "",
        "headersSize": UNKNOWN,
        "bodySize": UNKNOWN,  # as transferred, perhaps compressed
        **({"comment": missing} if missing else {}),
    }


def _content(entry: Entry, response: Response) -> dict[str, Any]:
    content: dict[str, Any] = {"size": entry.size, "mimeType": _type(response.headers)}
    missing = f"Only the first {len(response.body)} bytes are here." if entry.cut else ""
    redacted = "Keystay took out what looks like a private key." if entry.redacted else ""
    if missing or redacted:
        content["comment"] = f"{missing} {redacted}".strip()
    try:
        return {**content, "text": response.body.decode("utf-8")}
    except UnicodeDecodeError:
        return {**content, "text": base64.b64encode(response.body).decode("ascii"), "encoding": "base64"}


def _type(headers: Mapping[str, str]) -> str:
    return next((value for name, value in headers.items() if name.lower() == "content-type"), "")


def _pairs(items: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in items]


def phrase(status: int) -> str:
    """The usual words for an HTTP status (RFC 9110 §15), "" where there are none: browsers do not pass those on that came."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
