"""A copy of the page with lists of its own, served beside a relay: more CAs (docs/ca-entries.md), other resolvers."""

import json
import shutil
import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.routing import Mount, Route

from tests.threaded_server import running
from tools.build import site_files, write_files
from tools.paths import ROOT
from tools.ports import Ports
from tools.relay import Relay
from tools.site_lists import CA_LIST, RESOLVER_LIST, headers_of
from tools.static_site import StaticSite


@contextmanager
def served_copy(
    folder: Path,
    entries: Sequence[Mapping[str, object]],
    relayed: Mapping[str, ssl.SSLContext],
    resolvers: Sequence[Mapping[str, object]] | None = None,
) -> Iterator[str]:
    """Make the copy in `folder`, with `entries` in its list of CAs; gives its address.

    `relayed` are the hosts to which its relay goes, and how each is trusted. `resolvers` is its whole list of them, if it has
    another one than Keystay.
    """
    checkout, site, port = folder / "checkout", folder / "site", Ports.free().page
    checkout.mkdir()
    shutil.copyfile(ROOT / "index.html", checkout / "index.html")
    for part in ("app", "static"):
        shutil.copytree(ROOT / part, checkout / part, ignore=shutil.ignore_patterns("__pycache__"))
    cas = checkout / "static" / CA_LIST
    cas.write_text(json.dumps([*json.loads(cas.read_text()), *entries]))
    if resolvers is not None:
        (checkout / "static" / RESOLVER_LIST).write_text(json.dumps(resolvers))
    write_files(site, site_files(checkout, None, "/relay/"))
    relay = Route("/relay/{rest:path}", Relay(dict(relayed)))
    with running(Starlette(routes=[relay, Mount("/", StaticSite(site, headers_of(site)))]), port):
        yield f"http://localhost:{port}/"
