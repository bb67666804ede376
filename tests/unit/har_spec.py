"""HAR 1.2 as its specification has it, http://www.softwareishard.com/blog/har-12-spec/: the members that must be there."""

from datetime import datetime
from typing import Any, Final

TEXT, NUMBER, LIST, OBJECT = str, (int, float), list, dict

LOG: Final = {"version": TEXT, "creator": OBJECT, "entries": LIST}
CREATOR: Final = {"name": TEXT, "version": TEXT}
ENTRY: Final = {
    "startedDateTime": TEXT,
    "time": NUMBER,
    "request": OBJECT,
    "response": OBJECT,
    "cache": OBJECT,
    "timings": OBJECT,
}
REQUEST: Final = {
    "method": TEXT,
    "url": TEXT,
    "httpVersion": TEXT,
    "cookies": LIST,
    "headers": LIST,
    "queryString": LIST,
    "headersSize": int,
    "bodySize": int,
}
RESPONSE: Final = {
    "status": int,
    "statusText": TEXT,
    "httpVersion": TEXT,
    "cookies": LIST,
    "headers": LIST,
    "content": OBJECT,
    "redirectURL": TEXT,
    "headersSize": int,
    "bodySize": int,
}
TIMINGS: Final = {"send": NUMBER, "wait": NUMBER, "receive": NUMBER}
PAIR: Final = {"name": TEXT, "value": TEXT}


def assert_har(document: Any) -> None:
    """Fail where `document` lacks a member, or has one of a wrong type or value."""
    log = document["log"]
    _check(log, LOG)
    assert log["version"] == "1.2"
    _check(log["creator"], CREATOR)
    starts = [_entry(entry) for entry in log["entries"]]
    assert starts == sorted(starts)  # “sorted by the start”: readers rely on it


def _entry(entry: Any) -> datetime:
    _check(entry, ENTRY)
    _check(entry["request"], REQUEST)
    _check(entry["response"], RESPONSE)
    _check(entry["response"]["content"], {"size": int, "mimeType": TEXT})
    _check(entry["timings"], TIMINGS)
    pairs = [*entry["request"]["headers"], *entry["request"]["queryString"], *entry["response"]["headers"]]
    for pair in pairs:
        _check(pair, PAIR)
    if entry["request"]["method"] == "POST":
        _check(entry["request"]["postData"], {"mimeType": TEXT, "params": LIST, "text": TEXT})
    known = [time for time in entry["timings"].values() if time != -1]
    assert min(known) >= 0
    assert entry["time"] == sum(known)
    started = datetime.fromisoformat(entry["startedDateTime"])
    assert started.tzinfo
    return started


def _check(value: Any, members: dict[str, Any]) -> None:
    for name, kind in members.items():
        assert isinstance(value[name], kind), f"{name} is {value[name]!r}"
        assert not isinstance(value[name], bool)
