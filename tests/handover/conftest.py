"""The practice CA that looks for proofs where a program on the server answers, and a client of it."""

from collections.abc import AsyncIterator

import pytest

from tests.adapters import HttpxHttp
from tests.conftest import PracticeFactory
from tools.ports import Ports
from tools.practice import PracticeCA

HTTP_PORT = Ports.free().page


@pytest.fixture
def http_port() -> int:
    """The port on which the CA looks for files."""
    return HTTP_PORT


@pytest.fixture
def ca(practice_with: PracticeFactory) -> PracticeCA:
    """A CA that looks for files at `http_port`, where nothing of its own answers; it rejects no nonce by chance."""
    return practice_with(env={"PEBBLE_WFE_NONCEREJECT": "0"}, config={"httpPort": HTTP_PORT})


@pytest.fixture
async def http(ca: PracticeCA) -> AsyncIterator[HttpxHttp]:
    """A browser's network to it."""
    client = HttpxHttp(ca.ssl_context)
    yield client
    await client.close()
