"""Private key material is found in every wrapping, and nothing else is."""

import base64
import json
import os
from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import quote

import pytest
from cryptography.hazmat.primitives import serialization

from app.encoding.decodings import TooDeepError
from app.network.secret_scanner import MAX_CLEAN, SecretScanner
from app.pki.private_key_detection import MAX_LAYERS
from app.ports import KeySpec
from tests.unit.keys import SPECS, native_key


def pkcs8(spec: KeySpec, form: serialization.Encoding = serialization.Encoding.DER) -> bytes:
    private = native_key(spec).private
    return private.private_bytes(form, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


WRAPPINGS: Final[Mapping[str, Callable[[bytes], bytes]]] = {
    "raw": lambda data: data,
    "hex": lambda data: data.hex().encode(),
    "HEX": lambda data: data.hex().upper().encode(),
    "base64": base64.b64encode,
    "base64url": lambda data: base64.urlsafe_b64encode(data).rstrip(b"="),
    "lines": base64.encodebytes,
    "percent": lambda data: quote(data, safe="").encode(),
    "JSON": lambda data: json.dumps(base64.encodebytes(data).decode()).encode(),
    "decimal": lambda data: str(int.from_bytes(data)).encode(),
}


@pytest.mark.parametrize("outer", WRAPPINGS)
@pytest.mark.parametrize("inner", WRAPPINGS)
@pytest.mark.parametrize("shift", range(4))
def test_a_secret_is_found_in_two_wrappings_at_every_alignment(outer: str, inner: str, shift: int) -> None:
    secret, secrets = b"\x9d" + os.urandom(31), SecretScanner()
    secrets.note(secret)
    wrapped = WRAPPINGS[outer](b"x" * shift + WRAPPINGS[inner](b"\x01" * shift + secret))
    assert secrets.found_in(b'{"payload":"' + wrapped + b'"}')


@pytest.mark.parametrize("spec", SPECS)
def test_a_key_is_found_as_pem_and_its_public_half_is_not(spec: KeySpec) -> None:
    secrets, key = SecretScanner(), native_key(spec)
    secrets.note_pkcs8(pkcs8(spec))
    assert secrets.found_in(pkcs8(spec, serialization.Encoding.PEM))
    assert secrets.found_in(json.dumps({"key": pkcs8(spec, serialization.Encoding.PEM).decode()}).encode())
    assert not secrets.found_in(json.dumps(dict(key.public_jwk)).encode())
    assert not secrets.found_in(base64.b64encode(key.public_spki))


def test_random_bodies_are_never_flagged() -> None:
    secrets = SecretScanner()
    secrets.note_pkcs8(pkcs8("rsa-2048"))
    for wrap in WRAPPINGS.values():
        assert not secrets.found_in(wrap(os.urandom(400)))


@pytest.mark.parametrize(
    "token",
    [
        "CkiTGg8chdqfXtWFPgB6oKp9beUMDqyUwCQxERCKjLg",
        "8OFmyLbReUfvMVdp3xJ7KaCyDQ_jXFwvKQYiB_YfcLc",
        "WgyDKddm7_M9h0YFJlQc3w1NylZhO1xMuolIDBBV9y8",
    ],
)
def test_random_bytes_that_look_wrapped_again_and_again_are_passed(token: str) -> None:
    """About one random address in a hundred thousand is like these; a request to it would be held back for ever."""
    secrets = SecretScanner()
    secrets.note(os.urandom(32))
    header = json.dumps({"url": f"https://localhost:14123/authZ/{token}"}).encode()
    assert not secrets.found_in(json.dumps({"protected": base64.urlsafe_b64encode(header).decode()}).encode())


def test_endless_wrapping_is_not_passed_as_clean() -> None:
    secrets, data = SecretScanner(), os.urandom(64)
    secrets.note(os.urandom(32))
    for _ in range(15):
        data = base64.b64encode(data)
    with pytest.raises(TooDeepError):
        secrets.found_in(data)


def test_how_often_a_text_was_encoded_is_asked_only_where_it_decides() -> None:
    asked, data = list[int](), os.urandom(64)

    def own_layers() -> int:
        asked.append(2)
        return 2

    assert not SecretScanner().found_in(base64.b64encode(data), own_layers)
    assert not asked
    for _ in range(MAX_LAYERS + 2):
        data = base64.b64encode(data)
    with pytest.raises(TooDeepError):
        SecretScanner().found_in(data)
    assert not SecretScanner().found_in(data, own_layers)
    assert asked
    with pytest.raises(TooDeepError):
        SecretScanner().found_in(base64.b64encode(data), own_layers)


def test_what_was_clean_is_searched_again_for_a_secret_that_is_noted_later() -> None:
    scanner, secret = SecretScanner(), os.urandom(32)
    data = b"sent: " + base64.b64encode(secret)
    assert not scanner.found_in(data)
    assert not scanner.found_in(data)
    scanner.note(secret)
    assert scanner.found_in(data)
    assert scanner.found_in(data)


def test_many_clean_texts_make_nothing_forgotten() -> None:
    scanner, secret = SecretScanner(), os.urandom(32)
    scanner.note(secret)
    for number in range(MAX_CLEAN + 10):
        assert not scanner.found_in(b"%d" % number)
    assert scanner.found_in(secret)
    assert not scanner.found_in(b"0")
