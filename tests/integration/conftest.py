"""What the tests of the relays share."""

from collections.abc import Iterator

import pytest

from tests.integration.odd_ca import OddCA
from tests.integration.raw_ca import RawCA, raw_ca_in
from tests.threaded_server import running
from tools.localhost_tls import make_localhost_tls
from tools.ports import Ports


@pytest.fixture(scope="module")
def odd_ca(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OddCA]:
    """A CA that keeps what it is asked and answers as none should."""
    tls, port = make_localhost_tls(tmp_path_factory.mktemp("tls")), Ports.free().page
    ca = OddCA(port, tls.ca)
    with running(ca.app, port, tls):
        yield ca


@pytest.fixture(scope="module")
def raw_ca(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RawCA]:
    """A CA that answers with the bytes that a test gives it."""
    with raw_ca_in(tmp_path_factory.mktemp("raw")) as ca:
        yield ca
