"""The backup's file format: what goes in comes out, and nothing else does."""

import asyncio
import base64
import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.backup.file_format import MAX_BYTES, MAX_ROUNDS, ROUNDS, open_file, seal_file
from app.errors import BackupError
from tests.adapters import NativeCipher
from tools.paths import ROOT

PASSPHRASE: Final = "fünf Wörter, die niemand kennt"  # noqa: S105 – a test’s
CONTENT: Final = {"accounts": [], "text": "ü", "numbers": [1, 1.5]}
NOW: Final = 1_790_000_000.0


@pytest.fixture(scope="module")
def sealed() -> bytes:
    """A real file."""
    return asyncio.run(seal_file(NativeCipher(), CONTENT, PASSPHRASE, NOW))


async def fault_of(data: bytes, passphrase: str = PASSPHRASE) -> str:
    """What is wrong with the file `data`."""
    with pytest.raises(BackupError) as caught:
        await open_file(NativeCipher(), data, passphrase)
    return caught.value.fault


def with_checksum(body: bytes) -> bytes:
    """As somebody would do it who alters a file on purpose."""
    return body + hashlib.sha256(body).digest()


def with_header(data: bytes, **changes: Any) -> bytes:
    """The file `data` with changed members of its header; None takes one away."""
    header, _, rest = data[:-32].partition(b"\n")
    members = {**json.loads(header), **changes}
    text = json.dumps({name: value for name, value in members.items() if value is not None})
    return with_checksum(text.encode() + b"\n" + rest)


async def test_content_comes_back(sealed: bytes) -> None:
    assert await open_file(NativeCipher(), sealed, PASSPHRASE) == CONTENT


async def test_header_is_readable_without_the_passphrase(sealed: bytes) -> None:
    header = json.loads(sealed.partition(b"\n")[0])
    assert header == {
        "format": "keystay-backup",
        "version": 1,
        "made": "2026-09-21T14:13:20Z",
        "kdf": "PBKDF2-SHA-256",
        "rounds": 600_000,
        "salt": header["salt"],
        "cipher": "AES-256-GCM",
        "iv": header["iv"],
    }
    assert len(base64.b64decode(header["salt"])) == 16


def test_file_opens_with_the_few_lines_of_its_description(sealed: bytes, tmp_path: Path) -> None:
    _, _, code = (ROOT / "docs" / "backup-format.md").read_text("utf-8").partition("```python\n")
    (tmp_path / "backup.keystay").write_bytes(sealed)
    command = [sys.executable, "-c", code.partition("```")[0], str(tmp_path / "backup.keystay")]
    printed = subprocess.run(command, input=f"{PASSPHRASE}\n", capture_output=True, text=True, check=True).stdout
    assert json.loads(printed) == CONTENT


async def test_two_files_share_nothing_but_their_words() -> None:
    first, second = [(await seal_file(NativeCipher(), CONTENT, PASSPHRASE, NOW)).partition(b"\n") for _ in range(2)]
    for name in ("salt", "iv"):
        assert json.loads(first[0])[name] != json.loads(second[0])[name]
    assert first[2] != second[2]


async def test_passphrase_may_be_typed_on_any_keyboard(sealed: bytes) -> None:
    decomposed = PASSPHRASE.replace("ü", "u\u0308").replace("ö", "o\u0308")
    assert decomposed != PASSPHRASE
    assert await open_file(NativeCipher(), sealed, decomposed) == CONTENT


async def test_another_passphrase_opens_nothing(sealed: bytes) -> None:
    for passphrase in ("", PASSPHRASE + " ", PASSPHRASE.lower(), "x"):
        assert await fault_of(sealed, passphrase) == "passphrase"


async def test_file_that_is_not_whole_is_damaged(sealed: bytes) -> None:
    start = len(sealed.partition(b"\n")[0]) + 1
    for size in (start, start + 1, start + 47, len(sealed) - 33, len(sealed) - 1):
        assert await fault_of(sealed[:size]) == "damaged"
    assert await fault_of(sealed + b"\n") == "damaged"
    assert await fault_of(sealed[: start - 1]) == "foreign"


async def test_file_that_is_none(sealed: bytes) -> None:
    assert await fault_of(b"") == "empty"
    assert await fault_of(bytes(MAX_BYTES + 1)) == "large"
    for data in (
        b"PK\x03\x04\n",
        b"{}\n",
        b"[]\n",
        b'{"format": 1}\n',
        b'{"format": "other"}\n',
        b"[" * 2000 + b"\n",
        b" " * 5000,
    ):
        assert await fault_of(data) == "foreign"
    assert await fault_of(b" " * 3000 + sealed) == "foreign"


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"version": 2}, "newer"),
        ({"version": 2, "kdf": "Argon2id"}, "newer"),
        ({"version": 0}, "damaged"),
        ({"version": None}, "damaged"),
        ({"version": "1"}, "damaged"),
        ({"rounds": ROUNDS - 1}, "rounds"),
        ({"rounds": 1}, "rounds"),
        ({"rounds": 0}, "rounds"),
        ({"rounds": -600_000}, "rounds"),
        ({"rounds": MAX_ROUNDS + 1}, "rounds"),
        ({"rounds": 10**1000}, "damaged"),
        ({"rounds": 6e5}, "damaged"),
        ({"rounds": None}, "rounds"),
        ({"kdf": "PBKDF2-SHA-1"}, "damaged"),
        ({"cipher": "none"}, "damaged"),
        ({"salt": ""}, "damaged"),
        ({"salt": "é"}, "damaged"),
        ({"iv": "AAAA"}, "damaged"),
        ({"iv": None}, "damaged"),
    ],
)
async def test_altered_header_is_refused_before_the_passphrase_is_used(
    sealed: bytes, changes: dict[str, Any], fault: str
) -> None:
    class NoCipher(NativeCipher):
        async def open(self, *_: object) -> bytes:
            raise AssertionError("the passphrase was used")

    with pytest.raises(BackupError) as caught:
        await open_file(NoCipher(), with_header(sealed, **changes), PASSPHRASE)
    assert caught.value.fault == fault


@pytest.mark.parametrize("changes", [{"rounds": ROUNDS + 1}, {"made": "2020-01-01T00:00:00Z"}, {"more": "words"}])
async def test_header_cannot_be_altered_even_with_a_new_checksum(sealed: bytes, changes: dict[str, Any]) -> None:
    assert await fault_of(with_header(sealed, **changes)) == "passphrase"


async def test_content_that_is_no_object_is_told_apart() -> None:
    contents: list[Any] = [[], "text", 1, None]
    for content in contents:
        data = await seal_file(NativeCipher(), content, PASSPHRASE, NOW)
        assert await fault_of(data) == "content"


async def test_nothing_is_made_that_could_not_be_opened() -> None:
    with pytest.raises(BackupError) as caught:
        await seal_file(NativeCipher(), {"text": "x" * MAX_BYTES}, PASSPHRASE, NOW)
    assert caught.value.fault == "large"


HEADER: Final = b'{"format": "keystay-backup", "version": 1, "kdf": "PBKDF2-SHA-256", "rounds": 600000, '


@given(st.binary(max_size=400))
@example(HEADER + b"\n")
@example(b'{"format":"keystay-backup","version":1e400}\n')
@example(b"\xef\xbb\xbf{}\n")
async def test_any_bytes_end_in_a_message_of_their_own(data: bytes) -> None:
    for start in (b"", HEADER, HEADER + b'"salt": "' + base64.b64encode(bytes(16)) + b'", "cipher": "AES-256-GCM", "iv": "'):
        with pytest.raises(BackupError):
            await open_file(NativeCipher(), start + data, PASSPHRASE)


@given(st.data())
async def test_no_mutation_of_a_real_file_opens(sealed: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(sealed) - 1))
    cut = data.draw(st.integers(0, 8))
    put = data.draw(st.binary(max_size=8))
    mutated = sealed[:at] + put + sealed[at + cut :]
    if mutated != sealed:
        with pytest.raises(BackupError):
            await open_file(NativeCipher(), mutated, PASSPHRASE)


@given(st.data())
@settings(max_examples=20)
async def test_no_mutation_with_a_new_checksum_opens(sealed: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(sealed) - 33))
    bit = 1 << data.draw(st.integers(0, 7))
    mutated = sealed[:at] + bytes([sealed[at] ^ bit]) + sealed[at + 1 : -32]
    with pytest.raises(BackupError):
        await open_file(NativeCipher(), with_checksum(mutated), PASSPHRASE)
