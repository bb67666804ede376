"""Modules that stand in the page for larger ones do what those do, and have what is asked of them."""

import ast
import io
import logging as original_logging
import os
import shutil as original_shutil
import sys
import tarfile as original_tarfile
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import pytest

from tools.archive import unpack
from tools.compile_archive import module_name
from tools.compiler import PYODIDE
from tools.library import logging as page_logging
from tools.library import secrets as page_secrets
from tools.library import shutil as page_shutil
from tools.library import tarfile as page_tarfile
from tools.library import tempfile as page_tempfile
from tools.library import threading as page_threading
from tools.paths import ROOT
from tools.runtime import LIBRARY, WHEELS, entities_in_short, runtime_files, wheel

STANDINS: Final = ("concurrent.futures", "secrets", "shutil", "socket", "tarfile", "tempfile", "threading")
"""Those that must have all that is asked for. The others take what they lack from the original."""

NEVER_ASKED: Final = {
    ("shutil", "pyodide._package_loader"): {"_make_zipfile"},  # it could make wheels
}
"""Module that is stood in for, module that asks: what only functions that the page does not call want of it."""


def kept_sources() -> Iterator[tuple[str, str]]:
    """The name and the source of each module that the page may import: of the library, the wheels and the app."""
    app = {str(path.relative_to(ROOT)): path.read_bytes() for path in (ROOT / "app").rglob("*.py")}
    files = runtime_files(app)
    ours = {path.relative_to(LIBRARY).as_posix() for path in LIBRARY.rglob("*.py")}
    archives = {"python_stdlib.zip": PYODIDE / "python_stdlib.zip"} | {wheel(name).name: wheel(name) for name in WHEELS}
    sources = dict(app)
    for name, original in archives.items():
        kept = {path.removesuffix("c") for path in unpack(files[name])} - ours
        sources |= {path: text for path, text in unpack(original.read_bytes()).items() if path in kept and path.endswith(".py")}
    return ((module_name(path), text.decode()) for path, text in sources.items())


def asked(source: str) -> Iterator[tuple[str, str]]:
    """Each name that a module takes from one of STANDINS, after the name of that."""
    tree = ast.parse(source)
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.asname or alias.name: alias.name for alias in node.names if alias.name in STANDINS}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module in STANDINS:
            yield from ((node.module, alias.name) for alias in node.names)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) in names:
            yield names[ast.unparse(node.value)], node.attr


def test_each_name_that_any_module_of_the_page_takes_is_there() -> None:
    missing: dict[tuple[str, str], set[str]] = defaultdict(set)
    found = set()
    for module, source in kept_sources():
        if not any(f"import {name}" in source or f"from {name}" in source for name in STANDINS):
            continue  # some of the others are newer Python than this one reads
        for standin, name in asked(source):
            found.add(standin)
            if not hasattr(import_module(f"tools.library.{standin}"), name):
                missing[standin, module].add(name)
    assert found == set(STANDINS)
    for known, names in NEVER_ASKED.items():
        missing[known] -= names
    assert {key: names for key, names in missing.items() if names} == {}


# ---- tarfile ----


def archive(library: Any) -> bytes:
    """An archive with all that the page puts into one, and names of every length."""
    long = "caddy/certificates/" + "a.very.long.name." * 12 + "example"
    buffer = io.BytesIO()
    with library.open(fileobj=buffer, mode="w", format=library.PAX_FORMAT) as made:
        for name, kind, link, content in (
            ("folder", library.DIRTYPE, "", b""),
            (long, library.DIRTYPE, "", b""),
            ("folder/a.txt", library.REGTYPE, "", b"text"),
            ("folder/empty.txt", library.REGTYPE, "", b""),
            ("x" * 100, library.REGTYPE, "", b"1" * 512),
            ("x" * 101, library.REGTYPE, "", b"1" * 513),
            ("bücher.example", library.REGTYPE, "", b"2" * 20_000),
            (f"{long}/privkey.pem", library.SYMTYPE, f"../../{long}/privkey1.pem", b""),
        ):
            info = library.TarInfo(name)
            info.type, info.mode, info.mtime, info.linkname, info.size = kind, 0o640, 1_767_225_600, link, len(content)
            info.uname = info.gname = "root"
            made.addfile(info, io.BytesIO(content) if content else None)
    return buffer.getvalue()


def test_an_archive_is_the_same_as_the_original_makes_it() -> None:
    assert archive(page_tarfile) == archive(original_tarfile)


def test_what_no_archive_of_the_page_has_is_refused() -> None:
    with pytest.raises(ValueError, match="pax"):
        page_tarfile.open(fileobj=io.BytesIO(), mode="r")
    large = page_tarfile.TarInfo("large")
    large.size = 8**11
    with pytest.raises(ValueError, match="too large"):
        page_tarfile.TarFile(io.BytesIO()).addfile(large)


# ---- shutil ----


def unpacked(library: Any, archive: Path, folder: Path, ending: str, **options: str) -> dict[str, bytes]:
    """What is in `folder` and beside it after a zip with that ending was unpacked."""
    (folder / "in").mkdir(parents=True)
    copy = folder / f"a{ending}"
    library.copy2(archive, copy)
    library.unpack_archive(str(copy), folder / "in", **options)
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_zip_is_unpacked_as_by_the_original(tmp_path: Path) -> None:
    names = ("a.txt", "b/c/d.txt", "/root.txt", "../out.txt", "e/../../f.txt", "folder/", "bücher/g.txt")
    source = tmp_path / "source.zip"
    with zipfile.ZipFile(source, "w") as made:
        for name in names:
            made.writestr(name, b"" if name.endswith("/") else name.encode() * 1000)
    for library, folder in ((original_shutil, "original"), (page_shutil, "page")):
        library.register_unpack_format("whl" + folder, [".whl"], library._unpack_zipfile)
        found = unpacked(library, source, tmp_path / folder / "by-end", ".whl")
        assert {name for name in found if name != "a.whl"} == {"in/a.txt", "in/b/c/d.txt", "in/bücher/g.txt"}
        assert unpacked(library, source, tmp_path / folder / "by-name", ".dat", format="zip").items() >= {
            ("in/b/c/d.txt", b"b/c/d.txt" * 1000)
        }
        assert (tmp_path / folder / "by-end" / "in" / "folder").is_dir()
        with pytest.raises(library.ReadError):
            library.unpack_archive(str(tmp_path / "a.unknown"), tmp_path)
        with pytest.raises(ValueError, match="Unknown unpack format"):
            library.unpack_archive(str(source), tmp_path, format="unknown")
        original_shutil.unregister_unpack_format("whl" + folder) if library is original_shutil else None


def test_the_formats_are_told_with_their_ends() -> None:
    assert ("zip", [".zip"], "ZIP file") in page_shutil.get_unpack_formats()
    assert ("zip", [".zip"], "ZIP file") in original_shutil.get_unpack_formats()


@pytest.mark.parametrize("library", [original_shutil, page_shutil], ids=["original", "page"])
def test_files_are_copied_and_folders_deleted(library: Any, tmp_path: Path) -> None:
    source, folder = tmp_path / "a.txt", tmp_path / "folder"
    source.write_bytes(b"content")
    source.chmod(0o640)
    os.utime(source, (1_000_000, 1_000_000))
    (folder / "inner").mkdir(parents=True)
    copy = Path(library.copy2(source, folder / "inner"))
    assert (copy.name, copy.read_bytes(), copy.stat().st_mtime, copy.stat().st_mode & 0o777) == (
        "a.txt", b"content", 1_000_000, 0o640,
    )  # fmt: skip
    (folder / "link").symlink_to(tmp_path)
    (folder / "inner" / "link").symlink_to(source)
    library.rmtree(folder)
    assert source.exists()
    assert not folder.exists()


# ---- html.entities ----


def test_the_table_of_entities_is_the_original_one() -> None:
    source = unpack((PYODIDE / "python_stdlib.zip").read_bytes())["html/entities.py"]
    original: dict[str, Any] = {}
    short: dict[str, Any] = {}
    exec(source, original)  # noqa: S102 – Python’s own
    exec(entities_in_short(source), short)  # noqa: S102
    assert len(short["html5"]) > 2000
    assert short["html5"] == original["html5"]


# ---- logging ----


def written(logger: Any, capsys: pytest.CaptureFixture[str]) -> str:
    """What a logger that nobody has set up writes to standard error."""
    try:
        raise KeyError("a reason")
    except KeyError as error:
        caught = error
        logger.exception("handled %s", "now")
        logger.error("given", exc_info=True)
    logger.error("as %(name)s", {"name": "a dict"}, exc_info=caught)
    logger.error("as a tuple", exc_info=(KeyError, caught, caught.__traceback__))
    logger.error("none", exc_info=True)
    logger.warning("%d of %s", 1, "two", extra={"more": 1})
    logger.warning("100 %")
    logger.critical("the end")
    logger.log(original_logging.ERROR, "by number")
    for quiet in (logger.info, logger.debug):
        quiet("nobody reads this")
    return capsys.readouterr().err


def test_without_the_original_messages_are_written_as_it_writes_them(capsys: pytest.CaptureFixture[str]) -> None:
    """A logger without a parent has none of pytest's handlers."""
    original = written(original_logging.Logger("alone"), capsys)
    assert original.count("KeyError: 'a reason'") == 4
    assert written(page_logging.getLogger("alone"), capsys) == original


def test_with_the_original_it_is_the_original(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ImportError):
        page_logging.Formatter  # noqa: B018
    monkeypatch.setitem(sys.modules, page_logging.ORIGINAL, original_logging)
    assert page_logging.getLogger("micropip") is original_logging.getLogger("micropip")
    assert page_logging.Formatter is original_logging.Formatter
    levels = ("CRITICAL", "ERROR", "WARNING", "INFO", "DEBUG", "NOTSET")
    assert [vars(page_logging)[name] for name in levels] == [vars(original_logging)[name] for name in levels]


# ---- the small ones ----


def test_random_bytes_are_as_many_as_asked_for_and_never_the_same() -> None:
    assert len(page_secrets.token_bytes()) == 32
    assert len(page_secrets.token_bytes(5)) == 5
    assert len(bytes.fromhex(page_secrets.token_hex(8))) == 8
    assert page_secrets.token_hex(16) != page_secrets.token_hex(16)


def test_a_temporary_file_is_gone_after_its_block() -> None:
    with page_tempfile.NamedTemporaryFile(suffix=".whl") as file:
        path = Path(file.name)
        file.write(b"content")
        file.flush()
        assert path.suffix == ".whl"
        assert path.read_bytes() == b"content"
    assert not path.exists()


def test_there_is_one_thread_with_locks() -> None:
    assert page_threading.current_thread() is page_threading.main_thread()
    assert page_threading.current_thread().name == "MainThread"
    lock = page_threading.RLock()
    with lock, lock, page_threading.Lock():
        pass
    mine = page_threading.local()
    mine.value = 1
    assert mine.value == 1
