"""Private keys as people hold them: PEM in the forms that OpenSSL and its kin write; and what else is pasted for one."""

import re
from typing import Any, Final, Literal

from asn1crypto.keys import ECPrivateKey, EncryptedPrivateKeyInfo, PrivateKeyInfo, PublicKeyInfo, RSAPrivateKey

from app.errors import FieldError
from app.pki.ec_point import CURVES, expanded
from app.pki.pem_text import from_base64, pem_blocks, tidied
from app.ports import KeySpec

MAX_TEXT: Final = 256 << 10  # characters; an RSA-4096 key has 3,300

_CURVES: Final[dict[str, KeySpec]] = {"secp256r1": "ec-p256", "secp384r1": "ec-p384"}
_RSA_SIZES: Final[dict[int, KeySpec]] = {2048: "rsa-2048", 3072: "rsa-3072", 4096: "rsa-4096"}

TAKEN: Final = "Keystay works with keys EC P-256, P-384 and RSA 2048, 3072 or 4096."
_LOCKED: Final = "This key is locked with a password. Unlock it first: openssl pkey -in key.pem -out unlocked.pem"
_NONE: Final = "There is no private key in PEM form here. It starts with -----BEGIN PRIVATE KEY-----."
_DAMAGED: Final = "This private key is damaged. Was it copied whole?"

# What else people paste, by what only such a text has. The first that fits counts.
_OTHERS: Final[tuple[tuple[re.Pattern[str], str], ...]] = (
    (
        re.compile(r"BEGIN OPENSSH PRIVATE KEY"),
        "This is a key in OpenSSH’s own form. Make a copy of its file and convert that: ssh-keygen -p -m PKCS8 -f copy",
    ),
    (
        re.compile(r"PuTTY-User-Key-File"),
        "This is a key in PuTTY’s own form. PuTTYgen can export it in OpenSSH’s form; then ssh-keygen -p -m PKCS8 -f copy "
        "makes a PEM file of that.",
    ),
    (re.compile(r"BEGIN PGP "), "This is a PGP key, which no web server can use."),
    (re.compile(r"BEGIN (?:NEW )?CERTIFICATE REQUEST"), "This is a certificate request. The private key is another file."),
    (
        re.compile(r"BEGIN (?:TRUSTED |X509 )?CERTIFICATE|BEGIN PKCS7"),
        "This is a certificate. The private key is another file.",
    ),
    (
        re.compile(r"BEGIN (?:[A-Z0-9]+ )*PUBLIC KEY|^\s*(?:ssh-|ecdsa-sha2-|sk-)\S+ AAAA"),
        "This is a public key. The private key is another file.",
    ),
)


def read_private_key(text: str, field: str) -> tuple[KeySpec, bytes]:
    """The kind of the one private key in a PEM `text`, and its DER PKCS#8 (RFC 5958), with its public point uncompressed.

    Takes PKCS#8 ("PRIVATE KEY"), SEC 1 ("EC PRIVATE KEY", RFC 5915) and PKCS#1 ("RSA PRIVATE KEY", RFC 8017), whichever the
    label says, and the base64 of their DER without any. Whatever else stands in the text, like certificates or the curve's
    parameters, is passed over. Raises `FieldError` for `field`; it never repeats any of the text.
    """
    if len(text) > MAX_TEXT:
        raise FieldError(field, "This is far more than a private key. Paste only the key.")
    plain = tidied(text)
    try:
        info = _read(plain)
    except FieldError as error:
        raise FieldError(field, str(error)) from None
    except Exception as error:  # damaged input leads asn1crypto to many kinds of error
        raise FieldError(field, _DAMAGED) from error
    spec = spec_of(info, "private_key")
    if spec is None:
        raise FieldError(field, f"This is a key of another kind ({_kind(info)}). {TAKEN}")
    der: bytes = info.dump()
    return spec, der


def _read(text: str) -> PrivateKeyInfo:
    """Raises `FieldError` without a field, and whatever a damaged key leads to."""
    blocks = [block for block in pem_blocks(text) if block.label.endswith("PRIVATE KEY")]
    if len(blocks) > 1:
        raise _wrong("There are several private keys here. Paste one only.")
    if blocks and blocks[0].is_encrypted:
        raise _wrong(_LOCKED)
    other = next((words for pattern, words in _OTHERS if pattern.search(text)), _NONE)
    if blocks and "OPENSSH" in blocks[0].label:
        raise _wrong(other)
    if blocks and not blocks[0].ended:
        raise _wrong(f"The end of this key is missing: the line -----END {blocks[0].label}-----. Was it copied whole?")
    der = blocks[0].der() if blocks else _bare(text, other)
    return _whole(_wrapped(der))


def _bare(text: str, otherwise: str) -> bytes:
    """DER from base64 without PEM's lines. Raises `FieldError` with the words `otherwise` where it is none."""
    try:
        der = from_base64(text)
        if not der:
            raise ValueError("nothing")
        _wrapped(der)
    except FieldError:
        raise
    except Exception as error:  # any text comes here
        raise _wrong(otherwise) from error
    return der


def _wrapped(der: bytes) -> PrivateKeyInfo:
    """Any of the three forms as PKCS#8, by what it is and not by its label. Raises `FieldError` and what asn1crypto raises."""
    if _parsed(EncryptedPrivateKeyInfo, der) is not None:
        raise _wrong(_LOCKED)
    info = _parsed(PrivateKeyInfo, der)
    if info is not None:
        return info
    for form, algorithm in ((ECPrivateKey, "ec"), (RSAPrivateKey, "rsa")):
        key = _parsed(form, der)
        if key is not None:
            return PrivateKeyInfo.wrap(key, algorithm)
    raise ValueError("no form of a private key")


def _parsed(form: Any, der: bytes) -> Any | None:
    """`der` as a structure of asn1crypto, read to its end, or None where it is another one."""
    try:
        structure = form.load(der, strict=True)
        _ = structure.native
    except Exception:  # another structure leads asn1crypto to many kinds of error
        return None
    return structure


def _whole(info: PrivateKeyInfo) -> PrivateKeyInfo:
    """An EC key with its numbers in full width and its point uncompressed: not every browser takes the other forms."""
    if info.algorithm != "ec" or info.curve[1] not in CURVES:
        return info
    key = info["private_key"].parsed
    parts: dict[str, Any] = {"version": "ecPrivkeyVer1", "private_key": key["private_key"].native}
    if key["public_key"].native:
        parts["public_key"] = expanded(info.curve[1], key["public_key"].native)
    whole = ECPrivateKey({**parts, "parameters": ("named", info.curve[1])})
    whole["private_key"].set_encoded_width(CURVES[info.curve[1]].width)
    return PrivateKeyInfo.wrap(whole, "ec")


def _kind(info: PrivateKeyInfo) -> str:
    """The kind of a key that CAs do not take, in words."""
    if info.algorithm == "rsa":
        return f"RSA {info.bit_size}"
    if info.algorithm == "ec":
        kind, curve = info.curve
        return f"EC {curve}" if kind == "named" else "EC on a curve of its own"
    return str(info.algorithm).upper().replace("ED", "Ed")


def _wrong(message: str) -> FieldError:
    return FieldError("", message)


def spec_of(info: PrivateKeyInfo | PublicKeyInfo, part: Literal["private_key", "public_key"]) -> KeySpec | None:
    """The kind of a key, or None for one that CAs do not take; `part` is where `info` has the key itself."""
    if info.algorithm == "ec":
        kind, curve = info.curve
        return _CURVES.get(curve) if kind == "named" else None
    if info.algorithm == "rsa":
        return _RSA_SIZES.get(info[part].parsed["modulus"].native.bit_length())
    return None
