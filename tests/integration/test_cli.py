"""How `make run` and the other commands end when something goes wrong: in a sentence, and leaving nothing behind."""

import os
import re
import resource
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.integration.test_serve import addresses, everything_is_gone, free_page_port, serving, wait_until
from tests.nightly import nightly_after
from tools.cli import run_command
from tools.paths import ROOT
from tools.ports import Ports
from tools.steps import StepError

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent was killed")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site that needs no build."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "index.html").write_text("<!doctype html><title>A page</title>")
    (folder / "static" / "data").mkdir(parents=True)
    (folder / "static" / "data" / "cas.json").write_text("[]")
    return folder


def pid_of(words: str) -> int:
    """The process whose command line starts with a program and has all of `words` in it; our starters in front not counted."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes().decode().replace("\0", " ")
        except OSError:
            continue
        if words in command and "parent_watch.py" not in command and not command.startswith(sys.executable):
            return int(folder.name)
    raise AssertionError(f"no process has {words!r} in its command line")


# ---- A program of the practice CA ends by itself ----


@LINUX
@pytest.mark.parametrize("program", nightly_after(1, ["pebble", "pebble-challtestsrv"]))
def test_practice_ca_that_dies_is_said_on_the_terminal_and_to_the_page(site: Path, program: str) -> None:
    port = free_page_port()
    ports = Ports.for_page(port)
    words = f"practice/{port}/pebble.json" if program == "pebble" else f"127.0.0.1:{ports.records}"
    with serving(port, "--site", str(site)) as process:
        page = addresses(process)["page"]
        os.kill(pid_of(words), signal.SIGKILL)
        assert process.stderr is not None
        said = process.stderr.readline()
        assert said.startswith(f"serve: The practice CA has stopped: {program} was ended by SIGKILL. The end of ")
        assert process.poll() is None
        answers = (
            [httpx.get(f"{page}practice/root.pem"), httpx.get(f"{page}relay/localhost:{ports.acme}/dir")]
            if program == "pebble"
            else [httpx.post(f"{page}practice/set-txt", json={"host": "a.example.", "value": "v"})]
        )
        assert [answer.status_code for answer in answers] == [502] * len(answers)
        assert all(answer.json()["detail"] for answer in answers)
        process.send_signal(signal.SIGINT)
        rest = process.stderr.read()
    assert "To start it again, press Ctrl-C, then run `make run`." in rest
    assert "Traceback" not in rest


def test_ctrl_c_on_a_terminal_is_no_sudden_end(site: Path) -> None:
    """The terminal sends it to the whole process group at once."""
    port = free_page_port()
    with serving(port, "--site", str(site), start_new_session=True) as process:
        addresses(process)
        os.killpg(process.pid, signal.SIGINT)
        _, errors = process.communicate(timeout=10)
    assert (process.returncode, errors) == (0, "")
    assert everything_is_gone(port)


# ---- Whoever started it is killed ----

MAKE = "import os, subprocess, sys; subprocess.run(sys.argv[1:], env={**os.environ, 'MAKELEVEL': '1'})"


@LINUX
def test_make_that_is_killed_leaves_nothing(site: Path) -> None:
    port = free_page_port()
    command = [sys.executable, "-c", MAKE, sys.executable, "-m", "tools.serve", "--port", str(port), "--site", str(site)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as make:
        addresses(make)
        make.kill()
        wait_until(lambda: everything_is_gone(port))


FAMILY = """\
import sys
from tools.steps import run
run(["sh", "-c", "trap '' HUP; sleep 1000 & sleep 1000 & echo $! $$; wait"])
"""


def is_running(pid: int) -> bool:
    """Whether the process is there, and not only waiting to be buried."""
    try:
        return "\nState:\tZ" not in (Path("/proc") / str(pid) / "status").read_text()
    except OSError:
        return False


@LINUX
@pytest.mark.parametrize("number", nightly_after(2, ["SIGKILL", "SIGTERM", "SIGHUP", "SIGINT"]))
def test_step_of_the_setup_leaves_nothing_that_it_started(number: str) -> None:
    with subprocess.Popen([sys.executable, "-c", FAMILY], cwd=ROOT, stdout=subprocess.PIPE, text=True) as setup:
        assert setup.stdout is not None
        family = [int(pid) for pid in setup.stdout.readline().split()]
        assert all(map(is_running, family))
        setup.send_signal(signal.Signals[number])
        wait_until(lambda: not any(map(is_running, family)))
        setup.stdout.close()


def test_step_that_ignores_to_be_asked_is_ended_by_force(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tools.steps.GRACE", 0.1)
    monkeypatch.setattr("tools.steps.HEARTBEAT", 0.01)
    from tools.steps import run

    with pytest.raises(StepError, match="was stopped after"):
        run(["sh", "-c", "trap '' TERM; sleep 1000 & wait; sleep 1000"], timeout=0.05)


# ---- The disk is full, the checkout cannot be written, the terminal is gone ----


def assert_sentence(ran: subprocess.CompletedProcess[str], words: str) -> None:
    """It failed, and standard error says why in one line."""
    assert ran.returncode == 1, ran.stderr
    last = ran.stderr.strip().splitlines()[-1]
    assert re.search(words, last), ran.stderr
    assert "Traceback" not in ran.stderr
    assert "Exception ignored" not in ran.stderr


def run_tool(module: str, *options: str, **settings: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", f"tools.{module}", *options]
    return subprocess.run(command, cwd=ROOT, stderr=subprocess.PIPE, text=True, check=False, timeout=120, **settings)


def in_own_mounts(mount: str, command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """Run a command where `mount` was done before, for this process alone; skips the test where that is not allowed."""
    if subprocess.run(["unshare", "--mount", "true"], check=False, capture_output=True).returncode:
        pytest.skip("only root may mount something for a test")
    script = f'{mount} && exec "$@"'
    words = ["unshare", "--mount", "sh", "-c", script, "sh", *command]
    return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)


SERVE = [sys.executable, "-m", "tools.serve", "--no-practice"]


@pytest.mark.parametrize("size", nightly_after(1, ["16k", "2m"]))
def test_full_disk_ends_in_a_sentence(size: str) -> None:
    (ROOT / "build").mkdir(exist_ok=True)
    mount = f"mount -t tmpfs -o size={size} none {ROOT}/build"
    assert_sentence(in_own_mounts(mount, [*SERVE, "--port", str(free_page_port())]), "serve: The disk is full")


@pytest.mark.parametrize("command", nightly_after(2, ["serve", "setup", "dist"]))
def test_checkout_that_cannot_be_written_ends_in_a_sentence(command: str) -> None:
    line = {
        "serve": [*SERVE, "--port", str(free_page_port())],
        "setup": [sys.executable, "-m", "tools.setup", "build"],
        "dist": [sys.executable, "-m", "tools.dist"],
    }[command]
    assert_sentence(in_own_mounts(f"mount -o bind,ro {ROOT} {ROOT} && cd {ROOT}", line), f"{command}: .* cannot be written")


def test_limit_on_files_ends_in_a_sentence(tmp_path: Path) -> None:
    ran = run_tool(
        "build",
        str(tmp_path / "out"),
        stdout=subprocess.DEVNULL,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000)),
    )
    assert_sentence(ran, "build: .* the size of files is limited")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "line", [("serve", "--no-practice", "--site", "{site}"), ("setup", "build")], ids=lambda line: str(line[0])
)
def test_output_that_nobody_reads_ends_in_a_sentence(site: Path, line: tuple[str, ...]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    module, *options = (word.format(site=site) for word in line)
    more = ["--port", str(free_page_port())] if module == "serve" else []
    ran = run_tool(module, *options, *more, stdout=writing)
    os.close(writing)
    if module == "serve":
        assert_sentence(ran, "serve: The output of this command is no longer read")
    else:  # it has nothing to say where all is there
        assert "Traceback" not in ran.stderr


def test_output_to_a_full_device_ends_in_a_sentence(site: Path) -> None:
    with Path("/dev/full").open("w") as full:
        ran = run_tool("serve", "--no-practice", "--site", str(site), "--port", str(free_page_port()), stdout=full)
    assert_sentence(ran, "serve: The disk is full")


def test_terminal_that_is_gone_altogether_leaves_no_traceback(site: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "tools.serve", "--no-practice", "--site", str(site), "--port", str(free_page_port())]
    ran = subprocess.run(command, cwd=ROOT, stdout=writing, stderr=writing, check=False, timeout=60)
    os.close(writing)
    assert ran.returncode == 1


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (StepError("`npm ci` failed with status 1."), 1, "tool: `npm ci` failed with status 1."),
        (KeyboardInterrupt(), 130, "tool: stopped"),
        (OSError(28, "No space left on device", "build/x"), 1, "tool: The disk is full: build/x could not be written"),
        (OSError(122, "Disk quota exceeded"), 1, "tool: The disk is full: A file could not be written"),
        (PermissionError(13, "Permission denied", ".cache/x"), 1, ".cache/x cannot be written (Permission denied)"),
        (OSError(30, "Read-only file system", "build"), 1, "build cannot be written (Read-only file system)"),
        (OSError(5, "Input/output error"), 1, "output of this command is no longer read"),
        (FileNotFoundError(2, "No such file or directory", "gone"), 1, "gone"),
    ],
)
def test_every_end_has_its_words(error: BaseException, code: int, words: str, capsys: pytest.CaptureFixture[str]) -> None:
    def fail() -> None:
        raise error

    assert run_command("tool", fail) == code
    assert words in capsys.readouterr().err
