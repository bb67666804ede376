"""The wheel that is made of a package's source: the same bytes everywhere, and none of the source is run."""

import base64
import hashlib
import io
import sys
import tarfile
from pathlib import Path

import pytest

from tools.archive import unpack
from tools.runtime import SOURCE_WHEEL_FILES, wheel
from tools.source_wheels import wheel_of

FILES = {
    "PKG-INFO": b"Metadata-Version: 1.1\nName: Odd_Name\nVersion: 1.2\n",
    "LICENSE.txt": b"as you like",
    "setup.py": b"raise SystemExit('run')",
    "odd_made.py": b"ANSWER = 42\n",
    "tests/test_odd.py": b"",
}


def sdist(made: int, owner: str) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name in sorted(FILES, reverse=bool(made)):
            member = tarfile.TarInfo(f"odd-1.2/{name}")
            member.size, member.mtime, member.uname = len(FILES[name]), made, owner
            archive.addfile(member, io.BytesIO(FILES[name]))
    return buffer.getvalue()


def test_wheel_depends_on_the_content_alone() -> None:
    name, content = wheel_of(sdist(0, "me"))
    assert wheel_of(sdist(1_700_000_000, "you")) == (name, content)
    assert name == "odd_name-1.2-py3-none-any.whl"


def test_wheel_holds_modules_licence_and_a_record_of_both(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name, content = wheel_of(sdist(0, "me"))
    files = unpack(content)
    info = "odd_name-1.2.dist-info"
    assert set(files) == {"odd_made.py", *(f"{info}/{file}" for file in ("LICENSE.txt", "METADATA", "RECORD", "WHEEL"))}
    for line in files[f"{info}/RECORD"].decode().splitlines()[:-1]:
        path, digest, size = line.split(",")
        assert len(files[path]) == int(size)
        given = base64.urlsafe_b64decode(digest.removeprefix("sha256=") + "=")
        assert hashlib.sha256(files[path]).digest() == given
    (tmp_path / name).write_bytes(content)
    monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path / name)])
    assert __import__("odd_made").ANSWER == 42


def test_wheel_of_pydes_is_the_one_that_every_build_makes() -> None:
    made = wheel("pydes")
    assert made.parent == SOURCE_WHEEL_FILES
    digest = hashlib.sha256(made.read_bytes()).hexdigest()
    assert digest == "2ab9b3e0fb4230fb20afd3ce28a8a5cef8a7050b85d7423249f0d2d7cfb13925"
