"""What is imported before the page is ready: nothing that only a later step or a panel needs."""

from importlib.util import module_from_spec
from pathlib import Path
from typing import Final

import pytest

from app.browser.later_code import LaterCode
from app.start import OPENING_PARTS, PARTS
from tools.archive import pack, unpack
from tools.build import site_files
from tools.compile_archive import module_name, reachable
from tools.paths import ROOT

SOURCES: Final = {str(path.relative_to(ROOT)): path.read_bytes() for path in (ROOT / "app").rglob("*.py")}
IMPORTED: Final = {module_name(path) for path in reachable(SOURCES, ["app.start", *OPENING_PARTS, *PARTS], ())}

MAX_MODULES: Final = 229
"""How many modules of the app the start may import, of about 380. Where it needs another one, one less or a good reason."""

LATER: Final = (
    "app.backup.browser_content",
    "app.backup.restore",
    "app.browser.page.later_steps",
    "app.browser.panels.accounts",
    "app.browser.panels.backup",
    "app.browser.panels.keys",
    "app.browser.panels.request_log",
    "app.browser.panels.revocation",
    "app.browser.panels.viewer",
    "app.browser.request_log",
    "app.browser.steps",
    "app.dns.checks",
    "app.dns.text_forms",
    "app.dns.watch",
    "app.handover",
    "app.issuance.production",
    "app.issuance.revocation",
    "app.network.har",
    "app.pki.viewer",
    "app.text.error_messages",
    "app.text.move_out",
    "app.text.request_log",
    "app.text.request_log_kinds",
    "app.text.sentences.table",
    "app.text.viewer",
    "app.ui.page",
    "app.ui.panels.accounts",
    "app.ui.panels.backup",
    "app.ui.panels.keys",
    "app.ui.panels.request_log",
    "app.ui.panels.revocation",
    "app.ui.panels.viewer",
    "app.ui.request_log.diagram",
    "app.ui.request_log.tour",
    "app.ui.steps.certificate",
    "app.ui.steps.delegate",
    "app.ui.steps.dns_check",
    "app.ui.steps.install",
    "app.ui.steps.move_out",
    "app.ui.steps.progress",
    "app.ui.steps.prove",
)
"""Modules and whole rooms that are imported when they are first needed."""


@pytest.mark.parametrize("room", LATER)
def test_what_is_needed_later_is_imported_later(room: str) -> None:
    assert any(name == room or name.startswith(f"{room}.") for name in map(module_name, SOURCES)), "there is no such room"
    assert not [name for name in IMPORTED if name == room or name.startswith(f"{room}.")]


def test_the_start_imports_few_modules() -> None:
    assert "app.ui.session" in IMPORTED
    assert len(IMPORTED) <= MAX_MODULES


def test_the_browser_gets_its_turn_again_and_again_during_the_import() -> None:
    """Each part of the app brings modules of its own, and none more than a fifth of all."""
    before: set[str] = set()
    for part in (part for part in (*OPENING_PARTS, *PARTS) if part.startswith("app.")):
        after = before | {module_name(path) for path in reachable(SOURCES, [part], ())}
        assert 0 < len(after - before) <= len(IMPORTED) / 5, part
        before = after
    assert before | {"app.start"} == IMPORTED


def test_the_first_archive_holds_what_the_start_imports_and_the_second_one_all_else() -> None:
    site = site_files(ROOT, None, languages=())
    first, later = (
        {name.removesuffix("c") for name in unpack(next(content for path, content in site.items() if path.endswith(archive)))}
        for archive in ("/keystay.zip", "/keystay-later.zip")
    )
    assert set(map(module_name, first)) == IMPORTED
    assert first.isdisjoint(later)
    assert first | later == set(SOURCES)


def test_modules_are_found_in_the_archive_that_their_package_is_not_in(tmp_path: Path) -> None:
    archive = tmp_path / "later.zip"
    archive.write_bytes(pack({"app/ui/panels/later.py": b"there = 1", "app/whole/__init__.py": b"", "app/whole/part.py": b""}))
    finder = LaterCode(str(archive))
    found = finder.find_spec("app.ui.panels.later")
    assert found
    assert found.loader
    assert module_from_spec(found).__spec__ is found
    package = finder.find_spec("app.whole")
    assert package
    assert package.submodule_search_locations == [f"{archive}/app/whole"]
    assert [
        finder.find_spec(name) for name in ("app.ui.panels.other", "app.nowhere.other", "application.ui", "json", "app")
    ] == [None] * 5
