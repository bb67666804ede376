"""The browser of tests/browser, and a copy of the page with the two CAs in its list, added as docs/ca-entries.md says."""

import json
import shutil
from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount, Route

from tests.browser.conftest import browser, new_context, page, person, used_profile, watch
from tests.servers.ca_server import CAServer
from tests.threaded_server import running
from tools.build import site_files, write_files
from tools.paths import ROOT
from tools.ports import Ports
from tools.relay import Relay
from tools.site_lists import CA_LIST, headers_of
from tools.static_site import StaticSite

__all__ = ["browser", "new_context", "page", "person", "used_profile", "watch"]


@pytest.fixture(scope="package")
def page_url(step_ca: CAServer, openbao: CAServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of that copy, beside a relay on its own host."""
    checkout, site, port = tmp_path_factory.mktemp("checkout"), tmp_path_factory.mktemp("copy") / "site", Ports.free().page
    shutil.copyfile(ROOT / "index.html", checkout / "index.html")
    for folder in ("app", "static"):
        shutil.copytree(ROOT / folder, checkout / folder, ignore=shutil.ignore_patterns("__pycache__"))
    servers = (step_ca, openbao)
    entries = [{"id": ca.name, "name": ca.name, "directory": ca.directories["acme"], "cors": "no"} for ca in servers]
    cas = checkout / "static" / CA_LIST
    cas.write_text(json.dumps([*json.loads(cas.read_text()), *entries]))
    write_files(site, site_files(checkout, None, "/relay/"))
    relay = Route("/relay/{rest:path}", Relay({ca.host: ca.context for ca in servers}))
    files = Mount("/", StaticSite(site, headers_of(site)))
    with running(Starlette(routes=[relay, files]), port):
        yield f"http://localhost:{port}/"
