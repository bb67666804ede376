"""The CAs, a relay to them, and a client of that relay."""

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.adapters import HttpxHttp
from tests.servers.ca_server import CAServer
from tests.servers.openbao import OpenBao
from tests.servers.openbao import openbao as run_openbao
from tests.servers.records import Records, record_server
from tests.servers.step_ca import step_ca as run_step_ca
from tests.threaded_server import running
from tools.ports import Ports
from tools.relay import Relay


@pytest.fixture(scope="session")
def records(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Records]:
    """Where people publish their proofs."""
    with record_server(tmp_path_factory.mktemp("records")) as server:
        yield server


@pytest.fixture(scope="session")
def step_ca(records: Records, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CAServer]:
    """A running step-ca."""
    with run_step_ca(tmp_path_factory.mktemp("step-ca"), records) as ca:
        yield ca


@pytest.fixture(scope="session")
def openbao(records: Records, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenBao]:
    """A running OpenBao."""
    with run_openbao(tmp_path_factory.mktemp("openbao"), records) as ca:
        yield ca


@pytest.fixture(params=["step_ca", "openbao"])
def ca(request: pytest.FixtureRequest) -> CAServer:
    """Each of them in turn."""
    found: CAServer = request.getfixturevalue(request.param)
    return found


@pytest.fixture(scope="session")
def relay(step_ca: CAServer, openbao: OpenBao) -> Iterator[str]:
    """The address of the relay of `make run`, on its own, to both: neither sends CORS headers."""
    port = Ports.free().page
    with running(Relay({ca.host: ca.context for ca in (step_ca, openbao)}), port):
        yield f"http://localhost:{port}/relay/"


@pytest.fixture
async def http() -> AsyncIterator[HttpxHttp]:
    """A fresh browser's network: it knows the CAs' own TLS certificates as little as a browser does."""
    client = HttpxHttp()
    yield client
    await client.close()
