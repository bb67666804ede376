"""Private keys as people have them: PEM in the forms that OpenSSL and similar programs write; and what is pasted by mistake."""

import re
from typing import Any, Final

from asn1crypto.keys import ECPrivateKey, EncryptedPrivateKeyInfo, PrivateKeyInfo, RSAPrivateKey

from app.encoding.key_types import CURVES, KEY_TYPE_NAMES
from app.errors import InputError
from app.pki.pem import to_pem
from app.pki.pem_text import from_base64, normalized, pem_blocks
from app.pki.public_key import spec_of, uncompressed
from app.ports import KeySpec

MAX_TEXT: Final = 256 << 10  # characters; an RSA-4096 key has 3,300

# What people paste by mistake, by what only such a text has, with the code of the error. The first match counts.
_OTHER_TEXTS: Final[tuple[tuple[re.Pattern[str], str], ...]] = (
    (re.compile(r"BEGIN OPENSSH PRIVATE KEY"), "key-openssh"),
    (re.compile(r"PuTTY-User-Key-File"), "key-putty"),
    (re.compile(r"BEGIN PGP "), "key-pgp"),
    (re.compile(r"BEGIN (?:NEW )?CERTIFICATE REQUEST"), "key-is-a-request"),
    (re.compile(r"BEGIN (?:TRUSTED |X509 )?CERTIFICATE|BEGIN PKCS7"), "key-is-a-certificate"),
    (re.compile(r"BEGIN (?:[A-Z0-9]+ )*PUBLIC KEY|^\s*(?:ssh-|ecdsa-sha2-|sk-)\S+ AAAA"), "key-is-public"),
)


def read_private_key(text: str) -> tuple[KeySpec, bytes]:
    """The kind of the one private key in a PEM `text`, and its DER PKCS#8 (RFC 5958), with its public point uncompressed.

    Accepts PKCS#8 ("PRIVATE KEY"), SEC 1 ("EC PRIVATE KEY", RFC 5915) and PKCS#1 ("RSA PRIVATE KEY", RFC 8017), whatever the
    label says, and the base64 of their DER without a label. Anything else in the text, such as certificates or the curve's
    parameters, is ignored. Raises `InputError`, which never repeats any of the text.
    """
    if len(text) > MAX_TEXT:
        raise InputError("key-too-long")
    plain = normalized(text)
    try:
        info = _read(plain)
        spec = spec_of(info, "private_key")
        if spec is None:
            raise _unsupported(info)
    except InputError:
        raise
    except Exception as error:  # damaged input leads asn1crypto to many kinds of error
        raise InputError("key-damaged") from error
    der: bytes = info.dump()
    return spec, der


def traditional_pem(pkcs8: bytes) -> str:
    """The private key `pkcs8` (DER, RFC 5958) as PEM in the form of its own kind, for programs that read no PKCS#8.

    SEC 1 ("EC PRIVATE KEY", RFC 5915) with the name of the curve, or PKCS#1 ("RSA PRIVATE KEY", RFC 8017).
    """
    info = PrivateKeyInfo.load(pkcs8)
    key = info["private_key"].parsed
    if info.algorithm == "rsa":
        return to_pem("RSA PRIVATE KEY", key.dump())
    named = ECPrivateKey({name: key[name] for name in ("version", "private_key", "public_key")})
    named["parameters"] = ("named", info.curve[1])
    return to_pem("EC PRIVATE KEY", named.dump())


def _read(text: str) -> PrivateKeyInfo:
    """Raises `InputError`, and whatever a damaged key leads to."""
    blocks = [block for block in pem_blocks(text) if block.label.endswith("PRIVATE KEY")]
    if len(blocks) > 1:
        raise InputError("several-keys")
    if blocks and blocks[0].is_encrypted:
        raise InputError("key-locked")
    otherwise = next((code for pattern, code in _OTHER_TEXTS if pattern.search(text)), "no-key")
    if blocks and "OPENSSH" in blocks[0].label:
        raise InputError(otherwise)
    if blocks and not blocks[0].ended:
        raise InputError("key-end-missing", label=blocks[0].label)
    der = blocks[0].der() if blocks else _without_label(text, otherwise)
    return _normalized(parse_private_key(der))


def _without_label(text: str, otherwise: str) -> bytes:
    """DER from base64 without PEM's lines. Raises `InputError` with the code `otherwise` where it is none."""
    try:
        der = from_base64(text)
        if not der:
            raise ValueError("empty")
        parse_private_key(der)
    except InputError:
        raise
    except Exception as error:  # any text gets here
        raise InputError(otherwise) from error
    return der


def parse_private_key(der: bytes) -> PrivateKeyInfo:
    """The DER of a private key in any of the three forms as PKCS#8, by its structure and not by its label.

    Raises `InputError` for an encrypted key, `ValueError` for anything else.
    """
    if _parsed(EncryptedPrivateKeyInfo, der) is not None:
        raise InputError("key-locked")
    info = _parsed(PrivateKeyInfo, der)
    if info is not None:
        return info
    for form, algorithm in ((ECPrivateKey, "ec"), (RSAPrivateKey, "rsa")):
        key = _parsed(form, der)
        if key is not None:
            return PrivateKeyInfo.wrap(key, algorithm)
    raise ValueError("not a private key")


def _parsed(form: Any, der: bytes) -> Any | None:
    """`der` as a structure of asn1crypto, read to its end, or None where it is another one."""
    try:
        structure = form.load(der, strict=True)
        _ = structure.native
    except Exception:  # another structure leads asn1crypto to many kinds of error
        return None
    return structure


def _normalized(info: PrivateKeyInfo) -> PrivateKeyInfo:
    """An EC key with its numbers in full width and its point uncompressed: not every browser accepts the other forms."""
    if info.algorithm != "ec" or info.curve[1] not in CURVES:
        return info
    key = info["private_key"].parsed
    parts: dict[str, Any] = {"version": "ecPrivkeyVer1", "private_key": key["private_key"].native}
    if key["public_key"].native:
        parts["public_key"] = uncompressed(info.curve[1], key["public_key"].native)
    named = ECPrivateKey({**parts, "parameters": ("named", info.curve[1])})
    named["private_key"].set_encoded_width(CURVES[info.curve[1]].width)
    return PrivateKeyInfo.wrap(named, "ec")


def _unsupported(info: PrivateKeyInfo) -> InputError:
    """The error for a kind of key that CAs do not accept."""
    if info.algorithm == "ec" and info.curve[0] != "named":
        return InputError("key-with-own-curve", accepted=KEY_TYPE_NAMES)
    if info.algorithm == "rsa":
        kind = f"RSA {info.bit_size}"
    elif info.algorithm == "ec":
        kind = f"EC {info.curve[1]}"
    else:
        kind = str(info.algorithm).upper().replace("ED", "Ed")
    return unsupported(kind)


def unsupported(kind: str) -> InputError:
    """The error for a key of a `kind` that CAs do not accept."""
    return InputError("key-of-unsupported-kind", kind=kind, accepted=KEY_TYPE_NAMES)
