"""The .htaccess on a real Apache: complete on one that has everything, harmless on one that lacks something.

Shared hosts differ in the modules they load and in what they allow in such a file; a directive that the host does not
know or does not allow makes Apache answer 500 to every request.
"""

import gzip
from collections.abc import Iterator
from pathlib import Path

import brotli  # type: ignore[import-untyped]
import httpx
import pytest

from app.ca.catalog import CertificateAuthority
from tests.apache import apache
from tests.nightly import nightly_after
from tools.policy import ALWAYS_ASK, FOREVER, mime_type, security_headers
from tools.ports import Ports
from tools.servers import apache as htaccess

HEADERS = security_headers([CertificateAuthority("ca", "CA", "https://ca.example/dir", cors="yes")], [])
FILES = {
    "index.html": b"<!doctype html><title>A page</title>" + b" " * 2000,
    "static/data/cas.json": b"[]" + b" " * 2000,
    "static/0123456789ab/boot.mjs": b"export {};" + b" " * 2000,
    "runtime/0123456789ab/python.wasm": b"\0asm" + b"\0" * 2000,
}
EVERYTHING = ("mime", "headers", "rewrite")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small site with compressed copies and the settings."""
    folder = tmp_path_factory.mktemp("site")
    for name, content in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        path.with_name(path.name + ".gz").write_bytes(gzip.compress(content))
        path.with_name(path.name + ".br").write_bytes(brotli.compress(content))
    (folder / "servers").mkdir()
    (folder / "servers" / "htaccess.txt").write_text(htaccess(HEADERS))
    return folder


def ask(url: str, name: str, accepted: str = "identity") -> httpx.Response:
    """The answer as a browser gets it; the index page is asked for by its folder."""
    return httpx.get(url + ("" if name == "index.html" else name), headers={"Accept-Encoding": accepted})


def assert_served(url: str) -> None:
    """Every file arrives whole in every encoding."""
    for accepted in ("identity", "gzip", "br", "gzip, deflate, br, zstd"):
        for name, content in FILES.items():
            answer = ask(url, name, accepted)
            assert (answer.status_code, answer.content) == (200, content), (name, accepted)


@pytest.fixture(scope="module", params=["All", "FileInfo"])
def complete(request: pytest.FixtureRequest, site: Path) -> Iterator[str]:
    """An Apache with everything; of what an .htaccess may hold, it allows all, or only what ours holds."""
    with apache(site, Ports.free().page, modules=EVERYTHING, allow_override=request.param) as url:
        yield url


def test_host_with_everything_sends_every_header_and_type(complete: str) -> None:
    assert_served(complete)
    for name in FILES:
        for accepted in ("identity", "br"):
            answer = ask(complete, name, accepted)
            assert {key: answer.headers.get_list(key) for key in HEADERS} == {key: [HEADERS[key]] for key in HEADERS}
            assert answer.headers["content-type"].partition(";")[0] == mime_type(name).partition(";")[0]
            assert answer.headers["cache-control"] == (FOREVER if "0123456789ab" in name else ALWAYS_ASK)
            assert "accept-encoding" in answer.headers["vary"].lower()


@pytest.mark.parametrize(
    ("accepted", "encoding"), [("gzip", "gzip"), ("gzip, deflate, br, zstd", "br"), ("br", "br"), ("identity", None)]
)
def test_host_with_everything_sends_the_compressed_copies(complete: str, accepted: str, encoding: str | None) -> None:
    for name in FILES:
        assert ask(complete, name, accepted).headers.get("content-encoding") == encoding


@pytest.mark.parametrize(
    "modules",
    nightly_after(2, map(pytest.param, [("mime", "rewrite"), (), ("mime", "headers"), ("mime",), ("headers", "rewrite")])),
    ids=lambda modules: "+".join(modules) or "none",
)
def test_host_without_some_modules_still_serves_the_page(site: Path, modules: tuple[str, ...]) -> None:
    with apache(site, Ports.free().page, modules=modules) as url:
        assert_served(url)
        page = ask(url, "index.html", "br")
        assert ("content-security-policy" in page.headers) == ("headers" in modules)
        assert (page.headers.get("content-encoding") == "br") == ({"mime", "rewrite"} <= set(modules))


@pytest.mark.parametrize("allowed", nightly_after(1, ["None", "FileInfo Limit", "FileInfo Indexes AuthConfig Limit"]))
def test_host_that_forbids_options_still_serves_the_page(site: Path, allowed: str) -> None:
    with apache(site, Ports.free().page, modules=EVERYTHING, allow_override=allowed) as url:
        assert_served(url)


COMPRESSING = """
AddOutputFilterByType {filter} text/html text/javascript application/json application/wasm
"""


@pytest.mark.parametrize(("module", "name"), [("deflate", "DEFLATE"), ("brotli", "BROTLI_COMPRESS")])
@pytest.mark.parametrize(
    "modules", nightly_after(1, map(pytest.param, [EVERYTHING, ("mime", "rewrite")])), ids=["everything", "no headers"]
)
def test_host_that_compresses_by_itself_does_not_do_it_twice(
    site: Path, module: str, name: str, modules: tuple[str, ...]
) -> None:
    port = Ports.free().page
    with apache(site, port, modules=(*modules, "filter", module), more=COMPRESSING.format(filter=name)) as url:
        assert_served(url)


def test_page_below_an_alias_is_served_compressed(site: Path) -> None:
    more = "Alias /keystay/ ${SITE}/\n"
    with apache(site, Ports.free().page, modules=EVERYTHING, more=more) as url:
        assert_served(f"{url}keystay/")
        assert ask(f"{url}keystay/", "index.html", "br").headers["content-encoding"] == "br"
