"""The key derivation of PKCS#12 (RFC 7292 appendix B), by vectors that many implementations share, and by OpenSSL."""

import subprocess
from itertools import chain

import pytest

from app.pki.pkcs12_kdf import INITIALIZATION_VECTOR, KEY, MAC_KEY, derive

VECTORS = [
    ("smeg", "0a58cf64530d823f", KEY, 1, "8aaae6297b6cb04642ab5b077851284eb7128f1a2a7fbca3"),
    ("smeg", "0a58cf64530d823f", INITIALIZATION_VECTOR, 1, "79993dfe048d3b76"),
    ("smeg", "642b99ab44fb4b1f", KEY, 1, "f3a95fec48d7711e985cfe67908c5ab79fa3d7c5caa5d966"),
    ("smeg", "642b99ab44fb4b1f", INITIALIZATION_VECTOR, 1, "c0a38d64a79bea1d"),
    ("smeg", "3d83c0e4546ac140", MAC_KEY, 1, "8d967d88f6caa9d714800ab3d48051d63f73a312"),
    ("queeg", "05dec959acff72f7", KEY, 1000, "ed2034e36328830ff09df1e1a07dd357185dac0d4f9eb3d4"),
    ("queeg", "05dec959acff72f7", INITIALIZATION_VECTOR, 1000, "11dedad7758d4860"),
    ("queeg", "1682c0fc5b3f7ec5", KEY, 1000, "483dd6e919d7de2e8e648ba8f862f3fbfbdc2bcb2c02957f"),
    ("queeg", "263216fcc2fab31c", MAC_KEY, 1000, "5ec4c7a80df652294c3925b6489a7ab857c83476"),
]


@pytest.mark.parametrize(("password", "salt", "purpose", "iterations", "expected"), VECTORS)
def test_the_shared_vectors(password: str, salt: str, purpose: int, iterations: int, expected: str) -> None:
    derived = derive("sha1", password, bytes.fromhex(salt), purpose, iterations, len(expected) // 2)
    assert derived.hex() == expected


@pytest.mark.parametrize("digest", ["sha1", "sha256", "sha384", "sha512"])
@pytest.mark.parametrize("password", ["", "k7Rm-x2Vd-9QfT-hw4C", "word" * 30])
def test_openssl_derives_the_same(digest: str, password: str) -> None:
    salt, length = bytes(range(20)), 90
    wide = (password.encode("utf-16-be") + b"\x00\x00").hex()
    options = [f"digest:{digest}", f"hexpass:{wide}", f"hexsalt:{salt.hex()}", "iter:3", "id:1"]
    command = [
        "openssl",
        "kdf",
        "-binary",
        "-keylen",
        str(length),
        *chain.from_iterable(("-kdfopt", option) for option in options),
    ]
    expected = subprocess.run([*command, "PKCS12KDF"], capture_output=True, check=True, timeout=20).stdout
    assert derive(digest, password, salt, KEY, 3, length) == expected


def test_an_unknown_digest_is_a_value_error() -> None:
    with pytest.raises(ValueError, match="unsupported"):
        derive("md17", "word", b"salt", KEY, 1, 8)
