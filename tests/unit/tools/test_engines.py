from pathlib import Path

import pytest

from tools.engines import find_chromedriver, find_firefox, find_settable_chromium, set_up_engines


def _program(folder: Path, name: str, says: str) -> str:
    path = folder / name
    path.write_text(f"#!/bin/sh\necho '{says}'\n")
    path.chmod(0o755)
    return str(path)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine on which only the programs in this folder can be found: no apt, no cargo."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHROMIUM", raising=False)
    return tmp_path


def test_chromedriver_must_have_the_version_of_chromium(folder: Path) -> None:
    driver = _program(folder, "chromedriver", "ChromeDriver 7.0.6099.109 (0-refs/1)")
    assert find_chromedriver(_program(folder, "chromium", "Chromium 7.0.6099.224 built on Debian")) == driver
    assert find_chromedriver(_program(folder, "chromium", "Chromium 7.0.6100.1")) is None
    assert find_chromedriver(_program(folder, "chromium", "of no version")) is None


def test_chromium_without_windows_has_no_settings(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shell = _program(folder, "chromium-headless-shell", "Chromium 7.0")
    assert find_settable_chromium() is None
    chromium = _program(folder, "chromium", "Chromium 7.0")
    monkeypatch.setenv("CHROMIUM", shell)
    assert find_settable_chromium() == chromium
    monkeypatch.setenv("CHROMIUM", another := _program(folder, "another", "Chromium 8.0"))
    assert find_settable_chromium() == another


def test_firefox_has_one_of_two_names(folder: Path) -> None:
    assert find_firefox() is None
    firefox = _program(folder, "firefox", "Mozilla Firefox 7.0")
    assert find_firefox() == firefox


def test_engine_that_cannot_be_installed_stops_nothing_and_is_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _program(folder, "firefox-esr", "Mozilla Firefox 7.0")
    set_up_engines()
    said = capsys.readouterr().out
    assert "webkit2gtk-driver cannot be installed, so its engine is not tested: only root" in said
    assert "There is no geckodriver and no cargo to build it, so Firefox is not tested." in said
    assert "chromium cannot be installed, so Chromium is not tested where it refuses storage: only root" in said
    assert "firefox-esr cannot be installed" not in said
