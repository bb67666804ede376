"""A running CA of `make test-servers`, whichever it is."""

import shutil
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx
import pytest
from cryptography import x509

from app.ca.catalog import CertificateAuthority
from tests.servers.records import Records
from tools.practice import BUILT_PROGRAMS


@dataclass(frozen=True)
class CAServer:
    """A CA at `directories`, which has one for each of its settings by a name of ours.

    `context` trusts its TLS certificate, `root` is the certificate (PEM) that its chains lead to, `crl` the URL of its list of
    revoked certificates. It looks for proofs in `records`.
    """

    name: str
    directories: Mapping[str, str]
    context: ssl.SSLContext
    root: str
    records: Records
    crl: str

    @property
    def host(self) -> str:
        """Its host with the port, as a relay names it."""
        return urlsplit(self.crl).netloc

    def authority(self, settings: str, relay: str) -> CertificateAuthority:
        """It with these `settings`, as the list of CAs would have it behind `relay`."""
        records = f"{self.records.url}/"
        return CertificateAuthority(settings, self.name, self.directories[settings], cors="no", relay=relay, records=records)

    def has_revoked(self, certificate: x509.Certificate) -> bool:
        """Whether its list of revoked certificates has this one."""
        answer = httpx.get(self.crl, verify=self.context, trust_env=False).raise_for_status()
        crl = x509.load_der_x509_crl(answer.content)
        return crl.get_revoked_certificate_by_serial_number(certificate.serial_number) is not None


def program(name: str) -> str:
    """The path of a program that `python3 -m tools.setup test-servers` put into .cache/bin."""
    found = shutil.which(name, path=str(BUILT_PROGRAMS))
    if not found:
        pytest.fail(f"This test needs {name}: `python3 -m tools.setup test-servers` fetches it.", pytrace=False)
    return found
