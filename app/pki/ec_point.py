"""The public point of an EC private key that does not contain it, as those that Java exports do not (RFC 5915 §3)."""

from typing import Final

from app.encoding.key_types import CURVES

Point = tuple[int, int] | None
"""A point in affine coordinates; None is the point at infinity."""

_BASE_POINTS: Final[dict[str, tuple[int, int]]] = {
    "secp256r1": (
        0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
        0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
    ),
    "secp384r1": (
        0xAA87CA22BE8B05378EB1C71EF320AD746E1D3B628BA79B9859F741E082542A385502F25DBF55296C3A545E3872760AB7,
        0x3617DE4A96262C6F5D9E98BF9292DC29F8F41DBD289A147CE9DA3113B5F0B8C00A60B1CE1D7E819D7A431D7C90EA0E5F,
    ),
}
"""The base point G of each curve of `CURVES` (SP 800-186 §3.2.1), by asn1crypto's name."""


def public_point(curve: str, private: int) -> bytes:
    """The point of the private number `private` on `curve` (asn1crypto's name), uncompressed: 0x04, x, y (SEC 1 §2.3.3).

    The time that it takes depends on the key; the page makes no request meanwhile from which it could be measured. Raises
    `KeyError` for another curve, and `ValueError` for a number that is no private key.
    """
    p, width = CURVES[curve].p, CURVES[curve].width
    if not 0 < private < 1 << 8 * width:
        raise ValueError("not a private number")
    total: Point = None
    addend: Point = _BASE_POINTS[curve]
    while private:
        if private & 1:
            total = _add(total, addend, p)
        addend = _add(addend, addend, p)
        private >>= 1
    if total is None:
        raise ValueError("not a private number")
    return b"\x04" + total[0].to_bytes(width) + total[1].to_bytes(width)


def _add(one: Point, other: Point, p: int) -> Point:
    """The sum of two points of a curve y² = x³ − 3x + b modulo `p`."""
    if one is None or other is None:
        return one or other
    (x1, y1), (x2, y2) = one, other
    if x1 == x2 and (y1 + y2) % p == 0:
        return None
    slope = (3 * x1 * x1 - 3) * pow(2 * y1, -1, p) if one == other else (y2 - y1) * pow(x2 - x1, -1, p)
    x = (slope * slope - x1 - x2) % p
    return x, (slope * (x1 - x) - y1) % p
