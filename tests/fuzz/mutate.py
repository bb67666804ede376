"""Turns good samples into bad ones, by a `random.Random` alone: the same seed gives the same cases."""

import base64
import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from random import Random
from typing import Any, Final

TOKENS: Final = (
    *(
        "",
        "\x00",
        "\ufeff",
        "\u202e",
        "\ud800",
        "\udfff",
        "\u2028",
        "e\u0301" * 50,
        "🔑",
        "%00",
        "..",
        "/",
        "\\",
        "//evil.example",
    ),
    *(
        "javascript:alert(1)",
        "http://",
        "https://",
        "https://[",
        "https://user@ca.example/",
        "https://\u0430.example",
        "<",
        ">",
    ),
    *("<script>", "-----BEGIN CERTIFICATE-----", "-----BEGIN PRIVATE KEY-----", "-----END CERTIFICATE-----", "\r\n", "; rel="),
    *('rel="next"', "NaN", "Infinity", "-1", "1e999", "9" * 5000, "Fri, 31 Dec 9999 23:59:59 GMT", "+9999", "0000-00-00", "*."),
    *("xn--", "xn--a", "=" * 9, "A" * 3000, "urn:ietf:params:acme:error:", "dns", "ip", "::1", "256.1.1.1", "valid", "pending"),
)
"""What has broken parsers before."""

VALUES: Final[tuple[Any, ...]] = (
    *(
        None,
        True,
        False,
        0,
        -1,
        1,
        2**53,
        2**64,
        10**400,
        1.5,
        float("1e308"),
        float("inf"),
        float("nan"),
        "",
        [],
        {},
        [[]],
        [None],
    ),
    *({"": {}}, {"type": 5}, [{}] * 50, ["x"] * 1500, "x" * 5000, {"type": "dns", "value": ""}, {"type": "ip", "value": "x"}),
)

Mutate = Callable[[Random, bytes, bytes], bytes]
"""Makes a case from one sample, with parts of another."""


def of_bytes(random: Random, data: bytes, other: bytes) -> bytes:
    """Flipped bits, cuts, repeats, tokens, and parts of `other`."""
    for _ in range(random.choice((1, 1, 1, 2, 3, 8))):
        data = random.choice(_BYTES)(random, data, other)
    return data


def _flip(random: Random, data: bytes, _: bytes) -> bytes:
    if not data:
        return data
    changed = bytearray(data)
    changed[random.randrange(len(data))] ^= 1 << random.randrange(8)
    return bytes(changed)


def _cut(random: Random, data: bytes, _: bytes) -> bytes:
    start, end = sorted(random.randrange(len(data) + 1) for _ in range(2))
    return data[:start] + data[end:] if random.random() < 0.7 else data[start:end]


def _repeat(random: Random, data: bytes, _: bytes) -> bytes:
    start, end = sorted(random.randrange(len(data) + 1) for _ in range(2))
    return data[:start] + data[start:end] * random.choice((2, 3, 50)) + data[end:] if end - start < 500 else data


def _insert(random: Random, data: bytes, _: bytes) -> bytes:
    at = random.randrange(len(data) + 1)
    return data[:at] + random.choice(TOKENS).encode("utf-8", "surrogatepass") + data[at:]


def _splice(random: Random, data: bytes, other: bytes) -> bytes:
    return data[: random.randrange(len(data) + 1)] + other[random.randrange(len(other) + 1) :]


def _junk(random: Random, data: bytes, _: bytes) -> bytes:
    at = random.randrange(len(data) + 1)
    return data[:at] + random.randbytes(random.randrange(20)) + data[at:]


_BYTES: Final = (_flip, _cut, _repeat, _insert, _splice, _junk)


def of_json(random: Random, data: bytes, other: bytes) -> bytes:
    """Swapped types, names and parts in a JSON value; now and then its text is changed, too."""
    value, foreign = json.loads(data), json.loads(other)
    for _ in range(random.choice((1, 1, 2, 4))):
        value = _in_json(random, value, foreign)
    text = json.dumps(value, ensure_ascii=random.random() < 0.5).encode("utf-8", "surrogatepass")
    return of_bytes(random, text, other) if random.random() < 0.15 else text


def _in_json(random: Random, value: Any, foreign: Any) -> Any:
    value = deepcopy(value)
    places = list(_places(value))
    if not places or random.random() < 0.03:
        return random.choice(VALUES)
    parent, key = random.choice(places)
    match random.randrange(7):
        case 0:
            parent[key] = deepcopy(random.choice(VALUES))
        case 1:
            parent[key] = random.choice(TOKENS)
        case 2 if isinstance(parent, dict):
            del parent[key]
        case 3 if isinstance(parent, dict):
            parent[random.choice([random.choice(TOKENS), *parent])] = parent.pop(key)
        case 4:
            other_parent, other_key = random.choice(list(_places(foreign)) or [({"x": None}, "x")])
            parent[key] = deepcopy(other_parent[other_key])
        case 5:
            for _ in range(random.choice((1, 5, 40))):
                parent[key] = random.choice([[parent[key]], {"subproblems": [parent[key]]}, {str(key): parent[key]}])
        case _ if isinstance(parent[key], str):
            at = random.randrange(len(parent[key]) + 1)
            parent[key] = parent[key][:at] + random.choice(TOKENS) + parent[key][at:]
        case _:
            parent[key] = [deepcopy(parent[key])] * random.choice((0, 2, 30))
    return value


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every (container, key) within a JSON value."""
    entries = list(value.items()) if isinstance(value, dict) else list(enumerate(value)) if isinstance(value, list) else []
    for key, inner in entries:
        yield value, key
        yield from _places(inner)


def of_der(random: Random, data: bytes, other: bytes) -> bytes:
    """Lengths that lie, tags that are others, boxes in boxes, boxes twice or swapped; else as `of_bytes`."""
    boxes = list(_boxes(data, 0, len(data)))
    if not boxes or random.random() < 0.3:
        return of_bytes(random, data, other)
    start, content, end = random.choice(boxes)
    match random.randrange(6):
        case 0:
            return data[: start + 1] + random.choice(_LENGTHS) + data[content:]
        case 1:
            return data[:start] + bytes([random.randrange(256)]) + data[start + 1 :]
        case 2:
            return _grown(data, start, end, data[start:end] * random.choice((0, 2, 20)))
        case 3:
            depth = random.choice((1, 3, 300))
            return _grown(data, start, end, _wrapped(data[start:end], depth, random.choice((0x30, 0x31, 0xA0, 0x24))))
        case 4:
            from_, _, to = random.choice(boxes)
            return _grown(data, start, end, data[from_:to])
        case _:
            filler = random.randbytes(random.choice((0, 1, 9, 300)))
            return _grown(data, start, end, data[start : start + 1] + _length(len(filler)) + filler)


_LENGTHS: Final = (
    b"\x00",
    b"\x7f",
    b"\x80",
    b"\x81\x00",
    b"\x82\xff\xff",
    b"\x84\xff\xff\xff\xff",
    b"\x88" + b"\xff" * 8,
    b"\xff",
)


def _boxes(data: bytes, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """(start, content, end) of every value with a tag and a length, the outer ones first."""
    while start + 2 <= end:
        size, content = data[start + 1], start + 2
        if size & 0x80:
            count = size & 0x7F
            size, content = int.from_bytes(data[content : content + count]), content + count
        if content + size > end:
            return
        yield start, content, content + size
        if data[start] & 0x20:
            yield from _boxes(data, content, content + size)
        start = content + size


def _grown(data: bytes, start: int, end: int, part: bytes) -> bytes:
    """`data` with `part` in place of [start:end], and the lengths of all boxes around it made right again."""
    around = [box for box in _boxes(data, 0, len(data)) if box[0] < start and box[2] >= end]
    changed = data[:start] + part + data[end:]
    for outer_start, outer_content, outer_end in reversed(around):
        more = len(changed) - len(data)
        inner = changed[outer_content : outer_end + more]
        head = changed[outer_start : outer_start + 1] + _length(len(inner))
        changed = changed[:outer_start] + head + inner + changed[outer_end + more :]
    return changed


def _wrapped(data: bytes, depth: int, tag: int) -> bytes:
    for _ in range(depth):
        data = bytes([tag]) + _length(len(data)) + data
    return data


def _length(size: int) -> bytes:
    if size < 128:
        return bytes([size])
    digits = size.to_bytes((size.bit_length() + 7) // 8)
    return bytes([0x80 | len(digits)]) + digits


def of_dns(random: Random, data: bytes, other: bytes) -> bytes:
    """Counts, pointers, types and lengths that lie (RFC 1035 §4.1), odd and foreign records; else as `of_bytes`."""
    if len(data) < 24 or random.random() < 0.3:
        return of_bytes(random, data, other)
    at = random.randrange(12, len(data) - 1)
    match random.randrange(6):
        case 0:
            field = random.randrange(0, 12, 2)
            return data[:field] + random.choice(_NUMBERS) + data[field + 2 :]
        case 1:
            return data[:at] + (0xC000 | random.randrange(len(data) + 20)).to_bytes(2) + data[at + 2 :]
        case 2:
            return data[:at] + random.choice(_NUMBERS) + data[at + 2 :]
        case 3:
            record = b"\xc0\x0c" + random.randrange(300).to_bytes(2) + b"\0\1" + random.randbytes(4)
            rdata = random.randbytes(random.choice((0, 1, 4, 16, 40, 300)))
            return _with_records(data, (record + len(rdata).to_bytes(2) + rdata) * random.choice((1, 1, 2, 70)))
        case 4:
            return _with_records(data, data[at:])
        case _:
            return _with_records(data, other[random.randrange(12, max(13, len(other))) :])


_NUMBERS: Final = tuple(number.to_bytes(2) for number in (0, 1, 2, 5, 16, 41, 250, 255, 257, 0x8180, 0x8583, 0xC00C, 0xFFFF))


def _with_records(data: bytes, records: bytes) -> bytes:
    """`data` with `records` at its end, and one answer more."""
    return data[:6] + (min(int.from_bytes(data[6:8]) + 1, 0xFFFF)).to_bytes(2) + data[8:] + records


def of_pem(random: Random, data: bytes, other: bytes) -> bytes:
    """The text of PEM, or the DER in one of its blocks."""
    blocks = data.split(b"-----")  # text, BEGIN x, body, END x, text, …
    at = random.randrange(2, max(3, len(blocks)), 4) if len(blocks) > 3 else 0
    if not at or random.random() < 0.4:
        return of_bytes(random, data, other)
    inner, foreign = (base64.b64decode(part.split(b"-----")[2]) for part in (b"-----".join((b"", b"", blocks[at])), other))
    blocks[at] = b"\n" + base64.encodebytes(of_der(random, inner, foreign))
    return b"-----".join(blocks)
