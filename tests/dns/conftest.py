"""Real DNS servers, and a client that asks their resolvers."""

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.adapters import HttpxHttp
from tests.dns.servers import DnsServers, dns_servers


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DnsServers]:
    """The running servers."""
    with dns_servers(tmp_path_factory.mktemp("dns")) as running:
        yield running


@pytest.fixture
async def http() -> AsyncIterator[HttpxHttp]:
    """A browser's network."""
    client = HttpxHttp()
    yield client
    await client.close()
