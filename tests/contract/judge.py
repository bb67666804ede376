"""What the suite hands back as evidence, judged by `cryptography`."""

from collections.abc import Iterable

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_private_key, load_der_public_key

from app.encoding.base64url import b64url_decode
from tests.contract.suite import Evidence
from tests.unit.keys import assert_signed


def assert_proven(evidence: Iterable[Evidence]) -> None:
    """Every piece of evidence is of a good key: what it shows is one key, it signed, and its PKCS#8 is its own."""
    for piece in evidence:
        spki = bytes.fromhex(piece["spki"])
        assert_signed(piece["spec"], spki, bytes.fromhex(piece["data"]), bytes.fromhex(piece["signature"]))
        _assert_same_key(piece["jwk"], spki)
        if piece["pkcs8"]:
            private = load_der_private_key(bytes.fromhex(piece["pkcs8"]), None)
            assert private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo) == spki


def _assert_same_key(jwk: dict[str, str], spki: bytes) -> None:
    """The JWK has exactly the required members (RFC 7638 §3.2), of the right widths, and is the key of `spki`."""
    public = load_der_public_key(spki)
    if isinstance(public, rsa.RSAPublicKey):
        assert set(jwk) == {"kty", "n", "e"}
        assert jwk["kty"] == "RSA"
        n, e = b64url_decode(jwk["n"]), b64url_decode(jwk["e"])
        assert n[0] != 0, "leading zeros must be left out (RFC 7518 §6.3.1.1)"
        assert (int.from_bytes(n), int.from_bytes(e)) == (public.public_numbers().n, public.public_numbers().e)
        return
    assert isinstance(public, ec.EllipticCurvePublicKey)
    assert set(jwk) == {"kty", "crv", "x", "y"}
    assert (jwk["kty"], jwk["crv"]) == ("EC", f"P-{public.key_size}")
    x, y = b64url_decode(jwk["x"]), b64url_decode(jwk["y"])
    assert len(x) == len(y) == public.key_size // 8, "coordinates have a fixed width (RFC 7518 §6.2.1.2)"
    assert (int.from_bytes(x), int.from_bytes(y)) == (public.public_numbers().x, public.public_numbers().y)
