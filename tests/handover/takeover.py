"""A certificate of the practice CA, its archive unpacked as on a server, and what the programs there do with it."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography import x509

from app.accounts.stored_account import NewAccount
from app.handover import CLIENTS, archive
from app.handover.material import read_keys, read_plan
from app.handover.proofs import Proof
from app.issuance.issuance import Issuance
from app.issuance.workflow import Workflow
from app.pki.formats.file import File
from app.ports import KeySpec
from tests.adapters import HttpxHttp
from tests.integration.test_issuance import choices, issue, make_flow
from tools.debian import unpacked
from tools.paths import CACHE
from tools.practice import BUILT_PROGRAMS, PracticeCA

LIMIT = 60  # seconds for one run of a program

STANDALONE = Proof("standalone")
OWN_SCRIPT = Proof("dns", provider="other")


@dataclass
class Takeover:
    """A certificate that moves to the program `client`, whose folder is `folder`; `http_port` is where the CA looks."""

    ca: PracticeCA
    client: str
    folder: Path
    http_port: int
    workflow: Workflow
    issuance: Issuance

    def accounts(self) -> int:
        """How many accounts the CA has registered."""
        return len(re.findall(r"There are now \d+ accounts in memory", (self.ca.folder / "pebble.log").read_text()))

    async def unpack(self, proof: Proof = STANDALONE) -> None:
        """Make the archive and unpack it as its steps say; paths in it that are meant for a server lead to `folder`."""
        plan = await read_plan(self.workflow, self.issuance, proof)
        client = CLIENTS[self.client]
        file = archive(client, plan, await read_keys(self.workflow, self.issuance))
        self._unpack(client.folder, file)

    def _unpack(self, meant: str, file: File) -> None:
        self.folder.mkdir(parents=True)
        (self.folder.parent / file.name).write_bytes(file.body)
        self.run(["tar", "-xpkf", self.folder.parent / file.name, "-C", self.folder])
        for conf in self.folder.glob("renewal/*.conf"):
            conf.write_text(conf.read_text().replace(meant, str(self.folder)))

    def run(self, command: Sequence[str | Path], **env: str) -> str:
        """Run a program that trusts the practice CA, and give its output; it must end well."""
        trust = {"SSL_CERT_FILE": str(self.ca.ca_file), "REQUESTS_CA_BUNDLE": str(self.ca.ca_file)}
        trust |= {"LEGO_CA_CERTIFICATES": str(self.ca.ca_file), "CURL_CA_BUNDLE": str(self.ca.ca_file)}
        done = subprocess.run(
            list(map(str, command)),
            env={**os.environ, **trust, "HOME": str(self.folder.parent), **env},
            capture_output=True,
            text=True,
            timeout=LIMIT,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    @contextmanager
    def renews(self, certificate: str) -> Iterator[None]:
        """What is done inside replaces the file `certificate` by a new one for the same names, and registers no account."""
        before, accounts = self.read(certificate), self.accounts()
        issued = x509.load_pem_x509_certificate(self.issuance.certificate_pem.encode())
        assert before.serial_number == issued.serial_number
        yield
        after = self.read(certificate)
        assert after.serial_number != before.serial_number
        assert names_of(after) == names_of(before)
        assert after.public_key() != before.public_key()
        assert self.accounts() == accounts

    def read(self, certificate: str) -> x509.Certificate:
        """The first certificate in a file below `folder`."""
        return x509.load_pem_x509_certificates((self.folder / certificate).read_bytes())[0]


def names_of(certificate: x509.Certificate) -> set[str]:
    """Its names."""
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return set(names.get_values_for_type(x509.DNSName))


async def takeover(
    ca: PracticeCA,
    http: HttpxHttp,
    client: str,
    folder: Path,
    http_port: int,
    *names: str,
    key: KeySpec = "ec-p256",
    account_key: KeySpec = "ec-p256",
) -> Takeover:
    """A certificate for `names` by an account whose key can be taken out."""
    workflow = make_flow(ca, http)
    workflow.accounts.set_wanted(ca.directory_url, NewAccount(key_spec=account_key, extractable=True))
    issuance = await issue(workflow, choices(ca, *names, key=key))
    assert issuance.state == "issued", issuance.problem
    return Takeover(ca, client, folder, http_port, workflow, issuance)


def certbot() -> Sequence[str]:
    """The command that `make test-handover` fetched. Skips the test without it."""
    folder = CACHE / "certbot"
    if not (folder / "certbot").is_dir():
        pytest.skip("there is no certbot here: `python3 -m tools.setup test-handover` fetches it")
    start = f"import sys; sys.path.insert(0, {str(folder)!r}); from certbot.main import main; sys.exit(main())"
    return [sys.executable, "-c", start]


def lego4() -> str:
    """Debian's lego 4. Skips the test without it."""
    found = shutil.which("lego", path=str(unpacked("lego")))
    return found or _skip("lego 4; where apt has it, `python3 -m tools.setup servers` unpacks it")


def lego5() -> str:
    """The lego 5 that `make test-handover` built. Skips the test without it."""
    return shutil.which("lego5", path=str(BUILT_PROGRAMS)) or _skip("lego 5: `python3 -m tools.setup test-handover` builds it")


def acme_sh() -> str:
    """acme.sh, which no registry of packages has: `ACME_SH` names it. Skips the test without it."""
    return shutil.which(os.environ.get("ACME_SH", "acme.sh")) or _skip("acme.sh: ACME_SH=/path/to/acme.sh names one")


def _skip(what: str) -> str:
    pytest.skip(f"there is no {what}")


def environment(**values: str) -> Mapping[str, str]:
    """Our own environment with `values`."""
    return {**os.environ, **values}
