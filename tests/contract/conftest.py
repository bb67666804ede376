"""The server that the suite talks to: an echo with CORS headers and one without, and the page that runs the suite."""

import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from tests.contract.suite import Place
from tests.threaded_server import running
from tools.archive import pack
from tools.compiler import PYODIDE
from tools.paths import ROOT
from tools.ports import Ports

HERE = Path(__file__).parent
SUITE = (
    *("__init__.py", "suite.py", "key_store.py", "store.py", "http.py", "cipher.py", "formats.py", "tabs.py", "verifier.py"),
    *("secret_store.py", "event_loop.py"),
    *("all_checks.py", "in_browser.py"),
)
PAGE = '<!doctype html><meta charset="utf-8"><title>Contract</title><script type="module" src="run.mjs"></script>'
HEADERS = {
    "Replay-Nonce": "a-Nonce_1",
    "Link": '<https://ca.example/dir>;rel="index"',
    "X-Hidden": "not exposed",
    "Cache-Control": "max-age=3600",
    "Set-Cookie": "seen=yes; Path=/",
}
EXPOSED = ["Link", "Location", "Replay-Nonce"]  # as Pebble does
_counter = count(1)


async def _echo(request: Request) -> Response:
    body = await request.body()
    arrived = {
        "method": request.method,
        "query": request.url.query,
        "headers": dict(request.headers),
        "body": body.hex(),
        "count": next(_counter),
    }
    return JSONResponse(arrived, headers=HEADERS)


async def _status(request: Request) -> Response:
    return Response(b"a reason", status_code=request.path_params["status"], headers=HEADERS)


async def _redirect(_: Request) -> Response:
    return RedirectResponse("echo", status_code=302)


async def _bytes(request: Request) -> Response:
    return Response(b"x" * request.path_params["count"], headers=HEADERS)


async def _page(_: Request) -> Response:
    return HTMLResponse(PAGE)


async def _sources(_: Request) -> Response:
    """The app and the suite, as they stand."""
    files = [*(ROOT / "app").rglob("*.py"), ROOT / "tests" / "__init__.py", *(HERE / name for name in SUITE)]
    return Response(pack({str(file.relative_to(ROOT)): file.read_bytes() for file in files}))


async def _script(_: Request) -> Response:
    return Response((HERE / "run.mjs").read_bytes(), media_type="text/javascript")


def _application() -> Starlette:
    answers = [
        Route("/echo", _echo, methods=["GET", "HEAD", "POST"]),
        Route("/status/{status:int}", _status),
        Route("/redirect", _redirect),
        Route("/bytes/{count:int}", _bytes),
    ]
    cors = Middleware(
        CORSMiddleware, allow_origins=["*"], allow_methods=["POST"], allow_headers=["Content-Type"], expose_headers=EXPOSED
    )
    return Starlette(
        routes=[
            Mount("/open", routes=answers, middleware=[cors]),
            Mount("/shut", routes=answers),
            Route("/page/", _page),
            Route("/page/run.mjs", _script),
            Route("/page/sources.zip", _sources),
            Mount("/page/pyodide", StaticFiles(directory=PYODIDE)),
            Mount("/page/static", StaticFiles(directory=ROOT / "static")),
        ]
    )


@pytest.fixture(scope="package")
def place() -> Iterator[Place]:
    """Where the suite looks. The page is at `page_of(place)`: another origin, because its host is written differently."""
    ports = Ports.free()
    with running(_application(), ports.page):
        base = f"http://127.0.0.1:{ports.page}"
        yield Place(f"{base}/open/", f"{base}/shut/", f"http://127.0.0.1:{ports.records}/", time.time())


def page_of(place: Place) -> str:
    """The page that runs the suite in a browser."""
    return place.open.replace("127.0.0.1", "localhost").replace("/open/", "/page/")
