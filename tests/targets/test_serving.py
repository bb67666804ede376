"""Servers that were set up by the guides of the page, before a client that trusts the practice CA's root alone."""

import ssl
from pathlib import Path

import pytest

from app.ports import KeySpec
from tests.nightly import nightly_after
from tests.targets.client import assert_trusted, certificate_of
from tests.targets.conftest import HandOver
from tests.targets.handed_over import NAMES
from tests.targets.installing import install
from tests.targets.servers import SERVERS, nginx
from tools.ports import Ports


@pytest.mark.parametrize(
    ("target", "key"), nightly_after(1, [(target, key) for target in SERVERS for key in ("ec-p256", "rsa-2048")])
)
def test_a_guide_leads_to_a_server_that_is_trusted(handed_over: HandOver, folder: Path, target: str, key: KeySpec) -> None:
    given, port = handed_over(key), Ports.free().page
    installed = install(given, target, folder)
    with SERVERS[target](installed, port):
        assert_trusted(installed, port, given.certificates[0], given.root)


@pytest.mark.nightly
def test_without_the_chain_it_is_not(handed_over: HandOver, folder: Path) -> None:
    given, port = handed_over("ec-p256"), Ports.free().page
    installed = install(given, "nginx", folder)
    (folder / "etc" / "nginx" / "ssl" / "fullchain.pem").write_bytes(given.files["cert"].read_bytes())
    with nginx(installed, port), pytest.raises(ssl.SSLCertVerificationError, match="unable to get local issuer certificate"):
        certificate_of(NAMES[0], port, given.root)
