"""The browser of tests/browser, and a copy of the page with the resolvers and a CA that sees the same DNS as they do."""

from collections.abc import Iterator
from dataclasses import asdict, replace

import pytest

from tests.browser.conftest import browser, new_context, page, person, used_profile, watch
from tests.dns.servers import DnsServers
from tests.site_copy import served_copy
from tools.ports import Ports
from tools.practice import PracticeCA

__all__ = ["browser", "new_context", "page", "person", "used_profile", "watch"]

CA = "pebble"
"""The CA's id in the list of the copy."""


@pytest.fixture(scope="package")
def ca(servers: DnsServers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PracticeCA]:
    """Pebble, which asks the resolver that validates."""
    with PracticeCA(Ports.free(), tmp_path_factory.mktemp("pebble"), resolver=servers.for_ca) as pebble:
        yield pebble


@pytest.fixture(scope="package")
def page_url(servers: DnsServers, ca: PracticeCA, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of that copy, which may ask both resolvers."""
    entry = {"id": CA, "name": "Pebble", "directory": ca.directory_url, "cors": "no", "caa": ["pebble.letsencrypt.org"]}
    relayed = {f"localhost:{ca.ports.acme}": ca.ssl_context}
    resolvers = [asdict(replace(resolver, default=True)) for resolver in (servers.first, servers.second)]
    with served_copy(tmp_path_factory.mktemp("copy"), [entry], relayed, resolvers) as url:
        yield url
