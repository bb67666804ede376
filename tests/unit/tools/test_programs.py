import hashlib
import os
import zipfile
from pathlib import Path

import pytest

from tools.debian import set_up_target_programs
from tools.programs import pip, set_up_actionlint, set_up_go_reader, set_up_openbao, set_up_step_ca, which
from tools.setup import STEPS
from tools.steps import StepError


def _wheel(folder: Path, name: str, version: str, *requires: str) -> str:
    """An empty package; gives its line in a lock file."""
    path = folder / f"{name}-{version}-py3-none-any.whl"
    info = f"{name}-{version}.dist-info"
    needs = "".join(f"Requires-Dist: {need}\n" for need in requires)
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr(f"{name}.py", f"version = {version!r}\n")
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{needs}")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")
    return f"{name}=={version} --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"


def test_a_newer_release_does_not_matter_to_a_lock_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The registry had a newer coverage one day; pip found it by way of `coverage[toml]`, and refused to set up anything."""
    lock = tmp_path / "lock.txt"
    wanted = _wheel(tmp_path, "tracer", "1.0")
    lock.write_text(_wheel(tmp_path, "runner", "1.0", "tracer[extra]>=1.0") + wanted)
    _wheel(tmp_path, "tracer", "2.0")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    pip("install", "--target", tmp_path / "there", "-r", lock)
    assert (tmp_path / "there" / "tracer.py").read_text() == "version = '1.0'\n"


def test_what_we_linked_ourselves_is_left_out_of_what_the_machine_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ours, machine = tmp_path / "cache" / "bin", tmp_path / "machine"
    for folder in (ours, machine):
        folder.mkdir(parents=True)
        (folder / "node").touch(mode=0o755)
    (tmp_path / "link").symlink_to(tmp_path / "cache")
    monkeypatch.setattr("tools.programs.BIN", tmp_path / "link" / "bin")
    monkeypatch.setenv("PATH", os.pathsep.join(map(str, (ours, tmp_path / "link" / "bin", machine))))
    assert which("node") == str(machine / "node")


def test_only_make_test_targets_pays_for_the_programs_to_which_certificates_are_handed_over() -> None:
    paying = {target for target, steps in STEPS.items() if {set_up_target_programs, set_up_go_reader} & set(steps)}
    assert paying == {"test-targets"}


def test_only_make_test_servers_pays_for_the_two_cas_that_only_it_needs() -> None:
    paying = {target for target, steps in STEPS.items() if {set_up_step_ca, set_up_openbao} & set(steps)}
    assert paying == {"test-servers"}


def _go_that_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    go = tmp_path / "go"
    go.write_text('#!/bin/sh\n[ "$1" = version ] && echo "go version go1.99" && exit\nmkdir -p "$GOPATH/fetched"\nexit 1\n')
    go.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.setattr("tools.programs.BIN", tmp_path / "bin")
    monkeypatch.setattr("tools.programs.CACHE", tmp_path / "cache")


def test_a_linter_of_workflows_that_cannot_be_built_is_named_and_stops_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _go_that_fails(tmp_path, monkeypatch)
    set_up_actionlint()
    assert "cannot be built" in capsys.readouterr().out
    assert not (tmp_path / "bin" / "actionlint").exists()


def test_a_ca_that_cannot_be_built_is_named_and_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _go_that_fails(tmp_path, monkeypatch)
    with pytest.raises(StepError, match=r"step-ca v\S+ cannot be built.*make test-servers.*failed with status 1"):
        set_up_step_ca()
    assert not any((tmp_path / "cache").iterdir())
