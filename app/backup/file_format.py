"""The backup's file format: one line that anybody can read, then what the passphrase opens.

The first line is a JSON object: which format and version, how the key comes from the passphrase, how the rest is sealed. After
its line feed stand the sealed bytes (AES-256-GCM, the tag at their end), and then the SHA-256 of all before it. The header is
bound to the sealed bytes, so altering it makes them unreadable; the checksum tells a damaged file from a wrong passphrase.
`docs/backup-format.md` describes it, and shows how to open a file without Keystay.
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

ROUNDS: Final = 600_000  # what OWASP asks of PBKDF2 with SHA-256
MAX_ROUNDS: Final = 10_000_000  # a few seconds; a hostile file must not hang the page
MAX_BYTES: Final = 32 << 20  # of a file: hundreds of orders of a hundred names
MAX_HEADER: Final = 2048
CHECKSUM: Final = 32  # bytes
TAG: Final = 16  # bytes that every sealing has


async def seal_file(cipher: Cipher, content: JsonRecord, passphrase: str, now: float) -> bytes:
    """The file with `content`, made at `now` (Unix seconds). Raises `BackupError` where it could not be opened again."""
    salt, iv = cipher.random(16), cipher.random(12)
    header = _header(salt, iv, now)
    plain = json.dumps(content, separators=(",", ":")).encode("utf-8")
    sealed = await cipher.seal(plain, _normal(passphrase), Sealing(salt, iv, ROUNDS, header))
    body = header + b"\n" + sealed
    check_size(len(body) + CHECKSUM)
    return body + hashlib.sha256(body).digest()


async def open_file(cipher: Cipher, data: bytes, passphrase: str) -> JsonRecord:
    """The content of the file `data`: any JSON object. Raises `BackupError`, and of it `PassphraseError`."""
    header, rest = _split(data)
    sealing = _sealing(header)
    if len(rest) < TAG + CHECKSUM or hashlib.sha256(data[:-CHECKSUM]).digest() != data[-CHECKSUM:]:
        raise BackupError("damaged", "The file is not whole: its checksum does not fit.")
    plain = await cipher.open(rest[:-CHECKSUM], _normal(passphrase), sealing)
    try:
        content = parse_json(plain, "backup")
    except (ValueError, ProtocolError) as error:
        raise BackupError("content", "What the file holds is not JSON.") from error
    if not isinstance(content, dict):
        raise BackupError("content", "What the file holds is no JSON object.")
    return content


def check_size(size: int) -> None:
    """Raises `BackupError` for a file of `size` bytes that nobody should read into memory, or of none."""
    if size > MAX_BYTES:
        raise BackupError("large", f"A backup has at most {MAX_BYTES >> 20} MB.")
    if not size:
        raise BackupError("empty", "The file is empty.")


def _header(salt: bytes, iv: bytes, now: float) -> bytes:
    words: Mapping[str, Any] = {
        "format": FORMAT,
        "version": VERSION,
        "made": f"{datetime.fromtimestamp(now, UTC):%Y-%m-%dT%H:%M:%SZ}",
        "kdf": KDF,
        "rounds": ROUNDS,
        "salt": base64.b64encode(salt).decode("ascii"),
        "cipher": CIPHER,
        "iv": base64.b64encode(iv).decode("ascii"),
    }
    return json.dumps(words).encode("ascii")


def _split(data: bytes) -> tuple[bytes, bytes]:
    """The header, and what stands after its line feed."""
    check_size(len(data))
    header, newline, rest = data.partition(b"\n")
    if not newline or len(header) > MAX_HEADER:
        raise BackupError("foreign", "The file does not begin as a backup does.")
    return header, rest


def _sealing(header: bytes) -> Sealing:
    """How the rest is sealed, as the header says. Whose format it is comes first, then its version, then all else."""
    try:
        fields = read_json(header, "backup")
        foreign = fields.text("format") != FORMAT
    except ProtocolError as error:
        raise BackupError("foreign", "The file does not begin as a backup does.") from error
    if foreign:
        raise BackupError("foreign", "The file is of another format.")
    try:
        return _parameters(fields, header)
    except (ProtocolError, ValueError) as error:
        raise BackupError("damaged", "The file’s first line is damaged.") from error


def _parameters(fields: JsonObject, header: bytes) -> Sealing:
    """Raises `BackupError`, `ProtocolError` and `ValueError`."""
    version, rounds = fields.number("version") or 0, fields.number("rounds") or 0
    if version > VERSION:
        raise BackupError("newer", f"The file has version {version} of the format; this page knows {VERSION}.")
    if (version, fields.text("kdf"), fields.text("cipher")) != (VERSION, KDF, CIPHER):
        raise ValueError(version)
    salt, iv = (base64.b64decode(fields.text(name), validate=True) for name in ("salt", "iv"))
    if (len(salt), len(iv)) != (16, 12):
        raise ValueError(salt, iv)
    if not ROUNDS <= rounds <= MAX_ROUNDS:
        raise BackupError("rounds", f"Only {ROUNDS} to {MAX_ROUNDS} rounds are taken.", detail=str(rounds)[:40])
    return Sealing(salt, iv, rounds, header)


def _normal(passphrase: str) -> str:
    """The same characters on every keyboard: an ü may be typed as one code point or as two (RFC 8265 §4.2 has NFC, too).

    Half a character (a lone surrogate) becomes U+FFFD, as where browsers write UTF-8: it has none of its own.
    """
    whole = re.sub("[\ud800-\udfff]", "\ufffd", passphrase)
    return unicodedata.normalize("NFC", whole)
