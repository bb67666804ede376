"""The backup's file format: a header line that anyone can read, then the content, encrypted under the passphrase.

The first line is a JSON object: the format and its version, how the key is derived from the passphrase, how the rest is
encrypted. After its line feed come the encrypted bytes (AES-256-GCM, with the tag at their end), and then the SHA-256 of all
before it. The header is authenticated with the encrypted bytes, so altering it makes them unreadable; the checksum tells a
damaged file from a wrong passphrase. `docs/backup-format.md` shows how to open one without Keystay.
"""

import base64
import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from app.encoding.strict_json import JsonObject, parse_json, read_json
from app.errors import BackupError, ProtocolError
from app.ports import Cipher, JsonRecord, Sealing

FORMAT: Final = "keystay-backup"
VERSION: Final = 1
KDF: Final = "PBKDF2-SHA-256"
CIPHER: Final = "AES-256-GCM"

ROUNDS: Final = 600_000  # OWASP's recommendation for PBKDF2 with SHA-256
MAX_ROUNDS: Final = 10_000_000  # a few seconds; a hostile file must not hang the page
MAX_BYTES: Final = 32 << 20  # of a file: hundreds of orders of a hundred names
MAX_HEADER: Final = 2048
CHECKSUM: Final = 32  # bytes
TAG: Final = 16  # bytes that AES-GCM adds


async def seal_file(cipher: Cipher, content: JsonRecord, passphrase: str, now: float) -> bytes:
    """The file with `content`, made at `now` (Unix seconds). Raises `BackupError` where it is too large to be opened again."""
    salt, iv = cipher.random(16), cipher.random(12)
    header = _header(salt, iv, now)
    plain = json.dumps(content, separators=(",", ":")).encode("utf-8")
    sealed = await cipher.seal(plain, _normalized(passphrase), Sealing(salt, iv, ROUNDS, header))
    body = header + b"\n" + sealed
    check_size(len(body) + CHECKSUM)
    return body + hashlib.sha256(body).digest()


async def open_file(cipher: Cipher, data: bytes, passphrase: str) -> JsonRecord:
    """The content of the file `data`: any JSON object. Raises `BackupError`, for a wrong passphrase `PassphraseError`."""
    header, rest = _split(data)
    sealing = _sealing(header)
    if len(rest) < TAG + CHECKSUM or hashlib.sha256(data[:-CHECKSUM]).digest() != data[-CHECKSUM:]:
        raise BackupError("damaged", "backup-checksum-mismatch")
    plain = await cipher.open(rest[:-CHECKSUM], _normalized(passphrase), sealing)
    try:
        content = parse_json(plain, "backup")
    except (ValueError, ProtocolError) as error:
        raise BackupError("content", "backup-content-not-json") from error
    if not isinstance(content, dict):
        raise BackupError("content", "backup-content-not-an-object")
    return content


def check_size(size: int) -> None:
    """Raises `BackupError` for a file of `size` bytes that is too large to be read into memory, or empty."""
    if size > MAX_BYTES:
        raise BackupError("large", "backup-too-large", most=MAX_BYTES)
    if not size:
        raise BackupError("empty", "backup-empty")


def _header(salt: bytes, iv: bytes, now: float) -> bytes:
    members: Mapping[str, Any] = {
        "format": FORMAT,
        "version": VERSION,
        "made": f"{datetime.fromtimestamp(now, UTC):%Y-%m-%dT%H:%M:%SZ}",
        "kdf": KDF,
        "rounds": ROUNDS,
        "salt": base64.b64encode(salt).decode("ascii"),
        "cipher": CIPHER,
        "iv": base64.b64encode(iv).decode("ascii"),
    }
    return json.dumps(members).encode("ascii")


def _split(data: bytes) -> tuple[bytes, bytes]:
    """The header, and what follows its line feed."""
    check_size(len(data))
    header, newline, rest = data.partition(b"\n")
    if not newline or len(header) > MAX_HEADER:
        raise BackupError("foreign", "backup-header-missing")
    return header, rest


def _sealing(header: bytes) -> Sealing:
    """How the rest is encrypted, by the header: first the format is checked, then the version, then everything else."""
    try:
        fields = read_json(header, "backup")
        other_format = fields.text("format") != FORMAT
    except ProtocolError as error:
        raise BackupError("foreign", "backup-header-missing") from error
    if other_format:
        raise BackupError("foreign", "backup-of-another-format")
    try:
        return _parameters(fields, header)
    except (ProtocolError, ValueError) as error:
        raise BackupError("damaged", "backup-header-damaged") from error


def _parameters(fields: JsonObject, header: bytes) -> Sealing:
    """Raises `BackupError`, `ProtocolError` and `ValueError`."""
    version, rounds = fields.number("version") or 0, fields.number("rounds") or 0
    if version > VERSION:
        raise BackupError("newer", "backup-of-a-newer-version", version=version, known=VERSION)
    if (version, fields.text("kdf"), fields.text("cipher")) != (VERSION, KDF, CIPHER):
        raise ValueError(version)
    salt, iv = (base64.b64decode(fields.text(name), validate=True) for name in ("salt", "iv"))
    if (len(salt), len(iv)) != (16, 12):
        raise ValueError(salt, iv)
    if not ROUNDS <= rounds <= MAX_ROUNDS:
        raise BackupError("rounds", "backup-rounds", least=ROUNDS, most=MAX_ROUNDS, detail=str(rounds)[:40])
    return Sealing(salt, iv, rounds, header)


def _normalized(passphrase: str) -> str:
    """The same on every keyboard: an ü may be typed as one code point or as two (RFC 8265 §4.2 uses NFC, too).

    A lone surrogate becomes U+FFFD, as where browsers encode UTF-8, which cannot hold it.
    """
    whole = re.sub("[\ud800-\udfff]", "\ufffd", passphrase)
    return unicodedata.normalize("NFC", whole)
