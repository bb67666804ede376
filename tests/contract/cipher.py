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
