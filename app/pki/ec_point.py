"""Points of the curves that CAs take, in their full form (SEC 1 §2.3.3, §2.3.4; the curves: SP 800-186 §3.2.1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Curve:
    """y² = x³ − 3x + `b` modulo `p`, a prime with p ≡ 3 (mod 4). `width` is the number of bytes of a coordinate."""

    p: int
    b: int
    width: int


CURVES: Final[Mapping[str, Curve]] = {
    "secp256r1": Curve(
        p=2**256 - 2**224 + 2**192 + 2**96 - 1,
        b=0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B,
        width=32,
    ),
    "secp384r1": Curve(
        p=2**384 - 2**128 - 2**96 + 2**32 - 1,
        b=0xB3312FA7E23EE7E4988E056BE3F82D19181D9C6EFE8141120314088F5013875AC656398D8A2ED19D2A85C8EDD3EC2AEF,
        width=48,
    ),
}
"""By asn1crypto's names."""


def expanded(curve: str, point: bytes) -> bytes:
    """`point` of `curve` in uncompressed form: 0x04, x, y. Raises `ValueError` for what is no point of that curve."""
    parameters = CURVES[curve]
    p, width = parameters.p, parameters.width
    x = int.from_bytes(point[1 : 1 + width])
    square = (x**3 - 3 * x + parameters.b) % p
    if point[:1] in (b"\x02", b"\x03") and len(point) == 1 + width:
        root = pow(square, (p + 1) // 4, p)
        y = root if root % 2 == point[0] % 2 else p - root
    elif point[:1] == b"\x04" and len(point) == 1 + 2 * width:
        y = int.from_bytes(point[1 + width :])
    else:
        raise ValueError("neither a compressed nor an uncompressed point")
    if x >= p or y >= p or y * y % p != square:
        raise ValueError("not on the curve")
    return b"\x04" + x.to_bytes(width) + y.to_bytes(width)
