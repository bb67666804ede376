import sys
from pathlib import Path

import pytest

from tools.programs import version_of
from tools.steps import StepError, key_of, once, output_of, run


def test_a_step_is_done_once(tmp_path: Path) -> None:
    done: list[str] = []
    for key in ("1", "1", "2"):
        once("A step", tmp_path / "made" / ".stamp", key, lambda: done.append("done"))
    assert done == ["done", "done"]


@pytest.mark.parametrize("error", [StepError("no"), KeyboardInterrupt()])
def test_a_failed_or_interrupted_step_is_done_again(tmp_path: Path, error: BaseException) -> None:
    def fail() -> None:
        raise error

    stamp = tmp_path / ".stamp"
    once("A step", stamp, "old", lambda: None)
    with pytest.raises(type(error)):
        once("A step", stamp, "new", fail)
    assert not stamp.exists()


def test_a_key_tells_files_and_texts_apart(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("a")
    before = key_of(file, "b")
    file.write_text("ab")
    assert len({before, key_of(file, "b"), key_of(file, ""), key_of("ab", "", "")}) == 4


def test_a_failing_program_is_named(tmp_path: Path) -> None:
    with pytest.raises(StepError, match="failed with status 3"):
        run([sys.executable, "-c", "raise SystemExit(3)"])
    with pytest.raises(StepError, match="could not be started"):
        run([tmp_path / "missing"])


def test_a_program_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tools.steps.HEARTBEAT", 0.01)
    with pytest.raises(StepError, match="was stopped after"):
        run([sys.executable, "-c", "import time; time.sleep(60)"], timeout=0.05)


def test_output_goes_to_the_log(tmp_path: Path) -> None:
    log = tmp_path / "log" / "program.log"
    with pytest.raises(StepError, match=r"program\.log"):
        run([sys.executable, "-c", "print('why'); raise SystemExit(1)"], log=log)
    assert log.read_text() == "why\n"


@pytest.mark.parametrize(
    ("text", "version"),
    [("go version go1.26.8 linux/amd64", (1, 26, 8)), ("v20.20.2", (20, 20, 2)), ("go1.25rc1", (1, 25)), ("", ())],
)
def test_versions_are_read(text: str, version: tuple[int, ...]) -> None:
    assert version_of(text) == version


def test_a_missing_program_prints_nothing(tmp_path: Path) -> None:
    assert output_of([tmp_path / "missing"]) == ""
