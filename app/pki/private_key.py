"""Private keys as people hold them: PEM in the forms that OpenSSL and its kin write."""

import base64
import re
from typing import Final, Literal

from asn1crypto.keys import ECPrivateKey, PrivateKeyInfo, PublicKeyInfo, RSAPrivateKey

from app.errors import InputError
from app.ports import KeySpec

# Any text has one reading only, so a hostile one costs no more time than a good one.
_BLOCK: Final = re.compile(r"-----BEGIN ([A-Z0-9 ]*PRIVATE KEY)-----((?:(?!-----).)*)-----END \1-----", re.DOTALL)

_CURVES: Final[dict[str, KeySpec]] = {"secp256r1": "ec-p256", "secp384r1": "ec-p384"}
_RSA_SIZES: Final[dict[int, KeySpec]] = {2048: "rsa-2048", 3072: "rsa-3072", 4096: "rsa-4096"}


def read_private_key(text: str, field: str) -> tuple[KeySpec, bytes]:
    """The kind of the one private key in a PEM `text`, and its DER PKCS#8 (RFC 5958).

    Takes PKCS#8 ("PRIVATE KEY"), SEC 1 ("EC PRIVATE KEY", RFC 5915) and PKCS#1 ("RSA PRIVATE KEY", RFC 8017). Whatever else
    stands in the text, like the curve's parameters, is passed over. Raises `InputError` for `field`; it never repeats any
    of the text.
    """
    blocks = _BLOCK.findall(text)
    if not blocks:
        raise InputError(field, "There is no private key in PEM form here. It starts with -----BEGIN PRIVATE KEY-----.")
    if len(blocks) > 1:
        raise InputError(field, "There are several private keys here. Paste one only.")
    label, body = blocks[0]
    if label == "ENCRYPTED PRIVATE KEY" or "ENCRYPTED" in body:
        raise InputError(
            field, "This key is locked with a password. Unlock it first: openssl pkey -in key.pem -out unlocked.pem"
        )
    try:
        info = _wrap(label, base64.b64decode("".join(body.split()), validate=True))
        _ = info.native  # parse all of it now
        spec = spec_of(info, "private_key")
    except Exception as error:  # damaged input leads asn1crypto to many kinds of error
        raise InputError(field, "This private key is damaged. Was it copied whole?") from error
    if spec is None:
        raise InputError(field, "Keystay works with keys EC P-256, P-384 and RSA 2048, 3072 or 4096. This is another kind.")
    der: bytes = info.dump()
    return spec, der


def _wrap(label: str, der: bytes) -> PrivateKeyInfo:
    """Any of the three forms as PKCS#8."""
    if label == "EC PRIVATE KEY":
        return PrivateKeyInfo.wrap(ECPrivateKey.load(der, strict=True), "ec")
    if label == "RSA PRIVATE KEY":
        return PrivateKeyInfo.wrap(RSAPrivateKey.load(der, strict=True), "rsa")
    return PrivateKeyInfo.load(der, strict=True)


def spec_of(info: PrivateKeyInfo | PublicKeyInfo, part: Literal["private_key", "public_key"]) -> KeySpec | None:
    """The kind of a key, or None for one that CAs do not take; `part` is where `info` has the key itself."""
    if info.algorithm == "ec":
        kind, curve = info.curve
        return _CURVES.get(curve) if kind == "named" else None
    if info.algorithm == "rsa":
        return _RSA_SIZES.get(info[part].parsed["modulus"].native.bit_length())
    return None
