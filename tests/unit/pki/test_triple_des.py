"""Triple DES, against `cryptography`, and how long it keeps the page waiting."""

import asyncio
import warnings

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import PassphraseError
from app.pki.triple_des import BLOCK, SLICE, decrypt, encrypt
from tests.adapters import InstalledPackages

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.padding import PKCS7

PACKAGES = InstalledPackages()
KEY, IV = bytes(range(24)), bytes(range(8))


def judged(plain: bytes, key: bytes, iv: bytes) -> bytes:
    padder, encryptor = PKCS7(64).padder(), Cipher(TripleDES(key), CBC(iv)).encryptor()
    return encryptor.update(padder.update(plain) + padder.finalize()) + encryptor.finalize()


@settings(max_examples=25)
@given(st.binary(max_size=3 * SLICE), st.binary(min_size=24, max_size=24), st.binary(min_size=8, max_size=8))
def test_another_program_encrypts_the_same(plain: bytes, key: bytes, iv: bytes) -> None:
    encrypted = asyncio.run(encrypt(PACKAGES, plain, key, iv))
    assert encrypted == judged(plain, key, iv)
    assert asyncio.run(decrypt(PACKAGES, encrypted, key, iv)) == plain


@pytest.mark.parametrize("size", [0, SLICE - 1, SLICE, 5 * SLICE])
async def test_others_have_a_turn_after_each_slice(size: int) -> None:
    turns = 0

    async def other() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    beside = asyncio.create_task(other())
    await encrypt(PACKAGES, bytes(size), KEY, IV)
    beside.cancel()
    assert turns == size // SLICE + 1
    assert SLICE <= 16 * BLOCK, "a block takes more than a millisecond in a browser"


@pytest.mark.parametrize("damaged", [b"", bytes(7), bytes(8), judged(b"", KEY, IV)[:-1]])
async def test_what_was_not_encrypted_so_is_refused(damaged: bytes) -> None:
    with pytest.raises(PassphraseError):
        await decrypt(PACKAGES, damaged, KEY, IV)
