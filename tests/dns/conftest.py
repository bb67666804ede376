"""Real DNS servers, and a client that asks their resolvers."""

import ssl
from collections.abc import AsyncIterator, Callable, Iterator

import pytest

from app.dns.lookup.client import ResolverClient
from tests.adapters import HttpxHttp, InstalledPackages
from tests.dns.servers import DnsServers, dns_servers


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DnsServers]:
    """The running servers."""
    with dns_servers(tmp_path_factory.mktemp("dns")) as running:
        yield running


@pytest.fixture
async def http() -> AsyncIterator[HttpxHttp]:
    """A browser's network."""
    network = HttpxHttp(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))  # an empty one: to read what the system trusts takes a while
    yield network
    await network.close()


@pytest.fixture
def ask(servers: DnsServers, http: HttpxHttp) -> Callable[..., ResolverClient]:
    """A function that gives a client of the resolvers with these names, such as "first"."""

    def client_of(*names: str) -> ResolverClient:
        return ResolverClient(http, InstalledPackages(), tuple(getattr(servers, name) for name in names))

    return client_of


@pytest.fixture
def client(ask: Callable[..., ResolverClient]) -> ResolverClient:
    """A client of the resolver that validates."""
    return ask("first")
