"""What several integration tests share."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.odd_ca import OddCA
from tests.integration.raw_ca import RawCA, raw_ca_in
from tests.threaded_server import running
from tools.dist import make_dist
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


@pytest.fixture(scope="session")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """dist/ as `make dist` makes it."""
    folder = tmp_path_factory.mktemp("dist") / "dist"
    make_dist(folder, None)
    return folder


@pytest.fixture(scope="session")
def small(dist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The part of dist/ that the tests of odd hosts need."""
    folder = tmp_path_factory.mktemp("small")
    sums = (dist / "SHA256SUMS").read_text().splitlines(keepends=True)
    kept = [
        line
        for line in sums
        if re.search(r"  (index\.html|static/data/cas\.json|static/.*/(boot\.mjs|check\.js))(\.br|\.gz)?$", line)
    ]
    for name in (line[66:].strip() for line in kept):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(dist / name, folder / name)
    (folder / "SHA256SUMS").write_text("".join(kept))
    return folder
