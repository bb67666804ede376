"""Searches what the page sent for a private key, in every form that it could take."""

import base64
import json
import re
from collections.abc import Iterable, Iterator, Mapping

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from tests.browser.watch import Sent


def assert_not_sent(privkey_pem: bytes, traffic: Iterable[Sent]) -> None:
    """Fail when any request holds the key: as PKCS#8 or as the JWK's `d`, `p`, `q`; raw, in hex, base64 or base64url."""
    assert_absent(dict(private_forms(privkey_pem)), traffic)


def assert_absent(forms: Mapping[str, bytes], traffic: Iterable[Sent]) -> None:
    """Fail when any request holds one of `forms`."""
    for sent in traffic:
        for text in _texts(sent):
            found = [label for label, data in forms.items() if data in text]
            assert not found, f"{sent.method} {sent.url} holds the private key: {found}"


def private_forms(privkey_pem: bytes) -> Iterator[tuple[str, bytes]]:
    """Every form as a label and its bytes."""
    for part, secret in _parts(privkey_pem):
        yield from forms_of(part, secret)


def forms_of(part: str, secret: bytes) -> Iterator[tuple[str, bytes]]:
    """The forms of one secret, which is called `part` in their labels."""
    yield f"{part} raw", secret
    yield f"{part} in hex", secret.hex().encode()
    yield f"{part} in HEX", secret.hex().upper().encode()
    yield f"{part} in base64", base64.b64encode(secret).rstrip(b"=")
    yield f"{part} in base64url", base64.urlsafe_b64encode(secret).rstrip(b"=")


def _parts(privkey_pem: bytes) -> Iterator[tuple[str, bytes]]:
    key = serialization.load_pem_private_key(privkey_pem, None)
    form = serialization.PrivateFormat.PKCS8
    yield "PKCS#8", key.private_bytes(serialization.Encoding.DER, form, serialization.NoEncryption())
    if isinstance(key, ec.EllipticCurvePrivateKey):
        yield "d", key.private_numbers().private_value.to_bytes((key.key_size + 7) // 8, "big")
    if isinstance(key, rsa.RSAPrivateKey):
        numbers = key.private_numbers()
        for name, value in (("d", numbers.d), ("p", numbers.p), ("q", numbers.q)):
            yield name, value.to_bytes((value.bit_length() + 7) // 8, "big")


def _texts(sent: Sent) -> Iterator[bytes]:
    """All that a request says: address, headers, body, the body without white space, and what a JWS in it wraps up."""
    yield sent.url.encode()
    yield json.dumps(sent.headers).encode()
    yield sent.body
    yield re.sub(rb"\s|\\n", b"", sent.body)
    for wrapped in re.findall(rb"[A-Za-z0-9_-]{16,}", sent.body):
        yield base64.urlsafe_b64decode(wrapped + b"=" * (-len(wrapped) % 4)) if len(wrapped) % 4 != 1 else b""
