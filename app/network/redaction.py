"""Removes private keys from what is stored for people to look at: a CA may send one, or quote one in an error.

As little as possible is removed: a member of a JSON response, a PEM block, a word. Where that is not enough, everything is.
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from app.encoding.decodings import GAP
from app.ports import Request

Finds = Callable[[bytes], bool]

MARK: Final = "[redacted]"
"""Stands in place of what was removed, in JSON and PEM alike: a token, not a word of any language."""

_MARK_BYTES: Final = MARK.encode("ascii")
_LABELS: Final = rb"[A-Z0-9\s+_]{0,40}PRIVATE[\s+_]{0,4}KEY[\s+_]{0,4}(?:BLOCK)?[\s+_]{0,4}-{0,5}"
_BEGIN: Final = re.compile(rb"-{0,5}[\s+_]{0,4}BEGIN" + _LABELS, re.IGNORECASE)
_END: Final = re.compile(rb"-{0,5}[\s+_]{0,4}END" + _LABELS, re.IGNORECASE)
_WORD: Final = re.compile(rb"[!-~]{16,}")


def redact(data: bytes, finds: Finds) -> bytes:
    """`data` unchanged where `finds` finds no private key in it; otherwise with `MARK` in place of the key."""
    if not finds(data):
        return data
    for attempt in (_json_redacted, _text_redacted):
        clean = attempt(data, finds)
        if clean is not None and not finds(clean):
            return clean
    return _MARK_BYTES


def redact_text(text: str, finds: Finds) -> str:
    """The same for text."""
    data = text.encode("utf-8", "surrogatepass")
    clean = redact(data, finds)
    return text if clean == data else clean.decode("utf-8", "replace")


def redact_headers(headers: Mapping[str, str], finds: Finds) -> Mapping[str, str]:
    """The same for the names and values of headers."""
    if not finds(lines_of(headers)):  # the usual case needs one search
        return headers
    return {redact_text(name, finds): redact_text(value, finds) for name, value in headers.items()}


def lines_of(headers: Mapping[str, str]) -> bytes:
    """Headers as lines of text, in which a key is found that is in a name or a value."""
    return "\n".join(f"{name}: {value}" for name, value in headers.items()).encode("utf-8", "surrogatepass")


def whole_of(request: Request) -> bytes:
    """All of a request, for one search in place of three: no encoding and no key goes across `GAP`."""
    return GAP.join((request.url.encode("utf-8", "surrogatepass"), lines_of(request.headers), request.body))


def _json_redacted(data: bytes, finds: Finds) -> bytes | None:
    """JSON whose strings and objects are checked one by one; None where `data` is not JSON."""
    try:
        value = json.loads(data.decode("utf-8-sig"))  # from bytes, json would guess codecs that browsers’ Python lacks
        if not isinstance(value, dict | list):
            return None
        return json.dumps(_clean(value, finds), indent=1, ensure_ascii=False).encode("utf-8", "backslashreplace")
    except (ValueError, RecursionError):
        return None


def _clean(value: Any, finds: Finds) -> Any:
    if isinstance(value, str):
        return redact_text(value, finds)
    if isinstance(value, list):
        return [_clean(item, finds) for item in value]
    if not isinstance(value, dict):
        return value
    members = {name: item for name, item in value.items() if isinstance(item, str)}
    if "kty" in members and finds(json.dumps(members).encode("ascii")):  # a JWK is recognised only as a whole
        return MARK
    return {redact_text(name, finds): _clean(item, finds) for name, item in value.items()}


def _text_redacted(data: bytes, finds: Finds) -> bytes:
    """Text without PEM blocks of private keys, and without the words that contain one."""
    parts, at = [], 0
    while begin := _BEGIN.search(data, at):
        end = _END.search(data, begin.end())
        parts += [data[at : begin.start()], _MARK_BYTES]
        at = end.end() if end else len(data)
    rest = b"".join([*parts, data[at:]])
    return _WORD.sub(lambda found: _MARK_BYTES if finds(found[0]) else found[0], rest)
