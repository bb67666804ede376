"""`make verify`: a deployed copy against a build made here, with a real server in between."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.routing import Mount, Route

from tests.nightly import nightly_after
from tests.threaded_server import running
from tools.host import UnreachableError
from tools.ports import Ports
from tools.static_site import StaticSite
from tools.verify import verify


@pytest.fixture
def copy(dist: Path, tmp_path: Path) -> Path:
    """A copy of dist/ that a test may change."""
    return Path(shutil.copytree(dist, tmp_path / "copy"))


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a server for `folder`."""
    port = Ports.free().page
    with running(Starlette(routes=[Mount("/", StaticSite(folder, {}))]), port):
        yield f"http://localhost:{port}/"


def test_same_copy_is_the_same(dist: Path, copy: Path) -> None:
    with served(copy) as url:
        found = verify(url, dist)
        assert found.same
        assert found.lines == []
        assert verify(f"{url}index.html", dist).same


def test_host_that_keeps_its_settings_to_itself_serves_the_same_page(dist: Path, copy: Path) -> None:
    (copy / "_headers").unlink()
    shutil.rmtree(copy / "servers")
    for path in [*copy.rglob("*.br"), *copy.rglob("*.gz")]:
        path.unlink()
    with served(copy) as url:
        found = verify(url, dist)
    assert found.same
    assert "not served; browsers do not need it: _headers" in found.lines


def test_every_changed_missing_and_foreign_file_is_named(dist: Path, copy: Path) -> None:
    names = [path.relative_to(copy).as_posix() for path in copy.rglob("*") if path.is_file()]
    module = next(name for name in sorted(names) if name.endswith("boot.mjs"))
    gone = next(name for name in sorted(names) if name.endswith(".wasm"))
    for name in ("index.html", module):
        body = bytearray((copy / name).read_bytes())
        body[len(body) // 2] ^= 1
        (copy / name).write_bytes(body)
    (copy / gone).unlink()
    with (copy / "SHA256SUMS").open("a") as sums:
        sums.write(f"{'0' * 64}  static/spy.mjs\n")
    with served(copy) as url:
        found = verify(url, dist)
    assert not found.same
    assert set(found.changed) == {"index.html", module}
    assert found.missing == (gone,)
    assert found.extra == ("static/spy.mjs",)
    assert f"CHANGED: {module}" in found.lines


async def _elsewhere(_: object) -> RedirectResponse:
    return RedirectResponse("http://127.0.0.1:9/")


async def _broken(_: object) -> PlainTextResponse:
    return PlainTextResponse("under maintenance", 503)


@pytest.mark.parametrize("answer", [_elsewhere, _broken])
def test_server_that_gives_something_else_is_no_copy(dist: Path, answer: object) -> None:
    port = Ports.free().page
    app = Starlette(routes=[Route("/{path:path}", answer)])  # type: ignore[arg-type]
    with running(app, port), pytest.raises(UnreachableError):
        verify(f"http://localhost:{port}/", dist)


@pytest.mark.parametrize(
    ("changed", "code", "words"), nightly_after(1, [(False, 0, "byte for byte"), (True, 1, "CHANGED: index.html")])
)
def test_command_says_so_and_sets_its_exit_code(copy: Path, changed: bool, code: int, words: str) -> None:  # noqa: FBT001
    if changed:
        (copy / "index.html").write_text("<script>evil</script>")
    with served(copy) as url:
        ran = subprocess.run([sys.executable, "-m", "tools.verify", url], capture_output=True, text=True, check=False)
    assert ran.returncode == code, ran.stderr
    assert words in ran.stdout


def test_command_says_that_nobody_answers() -> None:
    url = f"http://localhost:{Ports.free().page}/"
    ran = subprocess.run([sys.executable, "-m", "tools.verify", url], capture_output=True, text=True, check=False)
    assert ran.returncode == 2
    assert "gives no answer" in ran.stderr
