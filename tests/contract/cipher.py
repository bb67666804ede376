"""What both ciphers must do: the same bytes from the same secrets, and nothing from altered ones."""

from dataclasses import replace
from typing import Final

from app.errors import PassphraseError
from app.ports import Ports, Sealing
from tests.contract.suite import Check, Place, error_of, group

CHECKS: dict[str, Check] = {}

_check = group(CHECKS)

PASSPHRASE: Final = "gänseblümchen 😀"  # noqa: S105 – a test’s
PLAIN: Final = b"Ein Geheimnis"
SEALING: Final = Sealing(salt=bytes(range(16)), iv=bytes(range(12)), rounds=1000, header=b'{"rounds":1000}')
SEALED: Final = bytes.fromhex("00ce6a985cca2c3276d4cb305798fcca29d6506c8a76eea269568f4968")
"""Made with Python's hashlib and OpenSSL's AES, apart from both adapters."""

DERIVED: Final = bytes.fromhex(
    "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc"
    "49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783"
)
"""PBKDF2-HMAC-SHA-256 of "passwd" and "salt" in one round (RFC 7914 §11)."""
CBC_KEY: Final = bytes.fromhex("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4")
CBC_IV: Final = bytes(range(16))
CBC_PLAIN: Final = bytes.fromhex("6bc1bee22e409f96e93d7e117393172a")
CBC_FIRST: Final = bytes.fromhex("f58c4c04d6e5f1ba779eabfb5f7bfbd6")
"""SP 800-38A F.2.5: the first block of CBC-AES256.Encrypt."""


@_check
async def derived_bytes_are_those_of_the_standard(ports: Ports, _: Place) -> None:
    """As many as were asked for, also more than one digest of them."""
    for count in (16, 32, 64):
        assert await ports.cipher.pbkdf2_sha256(b"passwd", b"salt", 1, count) == DERIVED[:count]


@_check
async def aes_in_cbc_mode_pads_as_pkcs7_does(ports: Ports, _: Place) -> None:
    """Always, so that a whole block more follows whole blocks; and only what is padded so is decrypted."""
    encrypted = await ports.cipher.encrypt_cbc(CBC_PLAIN, CBC_KEY, CBC_IV)
    assert (encrypted[:16], len(encrypted)) == (CBC_FIRST, 32)
    for plain in (b"", b"a", bytes(15), CBC_PLAIN, bytes(1000)):
        sealed = await ports.cipher.encrypt_cbc(plain, CBC_KEY, CBC_IV)
        assert len(sealed) == len(plain) // 16 * 16 + 16
        assert await ports.cipher.decrypt_cbc(sealed, CBC_KEY, CBC_IV) == plain
    for damaged in (b"", encrypted[:16], encrypted[:-1]):
        await error_of(ports.cipher.decrypt_cbc(damaged, CBC_KEY, CBC_IV), PassphraseError)


@_check
async def sealed_bytes_are_those_of_the_standards(ports: Ports, _: Place) -> None:
    """So that what one world seals opens in the other, and in any other program."""
    assert await ports.cipher.seal(PLAIN, PASSPHRASE, SEALING) == SEALED
    assert await ports.cipher.open(SEALED, PASSPHRASE, SEALING) == PLAIN


@_check
async def large_and_empty_plaintexts_come_back(ports: Ports, _: Place) -> None:
    """Without limits of their own."""
    for plain in (b"", bytes(range(256)) * 8000):
        sealed = await ports.cipher.seal(plain, PASSPHRASE, SEALING)
        assert len(sealed) == len(plain) + 16
        assert await ports.cipher.open(sealed, PASSPHRASE, SEALING) == plain


@_check
async def nothing_opens_when_anything_is_another_one(ports: Ports, _: Place) -> None:
    """The passphrase, each parameter, the header, each end of the sealed bytes."""
    for sealing in (
        replace(SEALING, salt=bytes(16)),
        replace(SEALING, iv=bytes(12)),
        replace(SEALING, rounds=1001),
        replace(SEALING, header=b'{"rounds":1001}'),
    ):
        await error_of(ports.cipher.open(SEALED, PASSPHRASE, sealing), PassphraseError)
    for sealed in (b"", SEALED[:15], SEALED[:-1], SEALED + b"\0", bytes([SEALED[0] ^ 1]) + SEALED[1:]):
        await error_of(ports.cipher.open(sealed, PASSPHRASE, SEALING), PassphraseError)
    for passphrase in ("", PASSPHRASE + " ", PASSPHRASE.upper()):
        await error_of(ports.cipher.open(SEALED, passphrase, SEALING), PassphraseError)


@_check
async def random_bytes_are_never_the_same(ports: Ports, _: Place) -> None:
    """And as many as were asked for."""
    drawn = {ports.cipher.random(16) for _ in range(50)}
    assert len(drawn) == 50
    assert {len(part) for part in drawn} == {16}
