"""The core on CPython against ACME servers that are neither Pebble 2.10 nor ours, through the relay where they lack CORS."""

import datetime
import os
import ssl
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from app.acme.identifier import Identifier
from app.ca.catalog import CertificateAuthority
from app.ca.cors_check import check_cors
from app.errors import InputError
from app.issuance.issuance import OrderOptions
from app.issuance.revocation import revoke_issued
from app.issuance.workflow import Workflow
from app.text.sentences import sentence
from app.ui.form.fields import in_its_field
from tests.adapters import HttpxHttp, SystemClock, native_ports
from tests.integration.test_issuance import assert_certificate, issue, make_flow
from tests.integration.test_issuance import choices as practice_choices
from tests.processes import accepts, debian_program, python_program, server
from tests.threaded_server import running
from tools import practice as practice_module
from tools.localhost_tls import TlsFiles, make_localhost_tls
from tools.ports import Ports
from tools.practice import PracticeCA
from tools.relay import Relay

SCRIPT = Path(__file__).with_name("acme2certifier_server.py")


@dataclass(frozen=True)
class Other:
    """A server at `directory`, behind a relay; `root` is the file of the CA certificate that its chains lead to."""

    directory: str
    relay: str
    records: str
    root: Path

    @property
    def authority(self) -> CertificateAuthority:
        """It, as the list of CAs would have it."""
        return CertificateAuthority("other", "Other", self.directory, cors="no", relay=self.relay, records=self.records)


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> TlsFiles:
    return make_localhost_tls(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="module")
def caddy(practice: PracticeCA, tls: TlsFiles, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Other]:
    """Caddy's `acme_server`, which looks names up in the practice CA's DNS."""
    folder, ports = tmp_path_factory.mktemp("caddy"), Ports.free()
    dns = f"127.0.0.1:{practice.ports.dns}"
    (folder / "Caddyfile").write_text(
        f"""\
{{
	admin off
	auto_https disable_redirects
	skip_install_trust
}}
https://localhost:{ports.acme} {{
	bind 127.0.0.1
	tls {tls.certificate} {tls.key}
	acme_server {{
		resolvers {dns}
		challenges dns-01 http-01
	}}
}}
"""
    )
    command = [python_program("caddy"), "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]
    env = {**os.environ, "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "HOME": str(folder)}
    with server(command, folder, env, lambda: accepts(ports.acme)), _relay(tls, ports) as relay:
        root = folder / "caddy" / "pki" / "authorities" / "local" / "root.crt"
        records = f"{practice.records_url}/"
        yield Other(f"https://localhost:{ports.acme}/acme/local/directory", relay, records, root)


@pytest.fixture(scope="module")
def acme2certifier(practice: PracticeCA, tls: TlsFiles, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Other]:
    """acme2certifier with a CA of files."""
    folder, ports = tmp_path_factory.mktemp("acme2certifier"), Ports.free()
    _make_ca(folder)
    (folder / "issued").mkdir()
    (folder / "acme_srv.cfg").write_text(
        f"""\
[DEFAULT]
dns_server_list: ["127.0.0.1"]
[Account]
contact_check_disable: True
[CAhandler]
handler_module: acme2certifier.cahandlers.openssl_ca_handler
issuing_ca_key: {folder}/ca.key
issuing_ca_cert: {folder}/ca.pem
issuing_ca_crl: {folder}/ca.crl
cert_save_path: {folder}/issued
cert_validity_days: 30
[DBhandler]
handler: wsgi
dbfile: {folder}/acme.db
"""
    )
    command = [sys.executable, str(SCRIPT), str(ports.acme), str(tls.certificate), str(tls.key), str(practice.ports.dns)]
    env = {**os.environ, "ACME_SRV_CONFIGFILE": str(folder / "acme_srv.cfg"), "ACME2CERTIFIER_BASE_DIR": str(folder)}
    with server(command, folder, env, lambda: accepts(ports.acme)), _relay(tls, ports) as relay:
        yield Other(f"https://localhost:{ports.acme}/directory", relay, f"{practice.records_url}/", folder / "ca.pem")


@contextmanager
def _relay(tls: TlsFiles, ports: Ports) -> Iterator[str]:
    """The relay of `make run`, as a server of its own, to the server on `ports.acme`."""
    relay = Relay({f"localhost:{ports.acme}": ssl.create_default_context(cafile=tls.ca)})
    with running(relay, ports.page):
        yield f"http://localhost:{ports.page}/relay/"


def _make_ca(folder: Path) -> None:
    """A root certificate, its key and an empty list of revoked certificates, as PEM files."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "A CA of files")])
    now = datetime.datetime.now(datetime.UTC)
    day = datetime.timedelta(days=1)
    usage = dict.fromkeys(
        ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "encipher_only", "decipher_only"),
        False,
    )
    root = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now - day, now + 100 * day)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(digital_signature=True, key_cert_sign=True, crl_sign=True, **usage), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    crl = x509.CertificateRevocationListBuilder(name, now - day, now + 100 * day).sign(key, hashes.SHA256())
    pkcs8 = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "ca.key").write_bytes(key.private_bytes(*pkcs8))
    (folder / "ca.pem").write_bytes(root.public_bytes(serialization.Encoding.PEM))
    (folder / "ca.crl").write_bytes(crl.public_bytes(serialization.Encoding.PEM))


@pytest.fixture
async def http() -> AsyncIterator[HttpxHttp]:
    client = HttpxHttp()
    yield client
    await client.close()


def choices(other: Other, *names: str) -> OrderOptions:
    identifiers = tuple(Identifier("dns", name) for name in names)
    return OrderOptions(identifiers, "other", other.directory, other.directory, "dns-01", "ec-p256", terms_agreed=True)


@pytest.fixture(params=["caddy", "acme2certifier"])
def other(request: pytest.FixtureRequest) -> Other:
    """Each server in turn."""
    found: Other = request.getfixturevalue(request.param)
    return found


async def test_the_way_there_is_tried_first(other: Other, http: HttpxHttp) -> None:
    assert (await check_cors(http, SystemClock(), other.authority)).new_order.startswith("https://localhost:")


async def test_a_certificate_comes_through_the_relay(other: Other, http: HttpxHttp) -> None:
    workflow = Workflow(native_ports(http), (other.authority,))
    issued = await issue(workflow, choices(other, "shop.example", "www.shop.example"))
    assert issued.state == "issued", issued.problem
    leaf, *intermediates = x509.load_pem_x509_certificates(issued.certificate_pem.encode())
    chain = [leaf, *intermediates]
    root = x509.load_pem_x509_certificate(other.root.read_bytes())
    if chain[-1] != root:
        chain.append(root)
    for lower, upper in pairwise(chain):
        lower.verify_directly_issued_by(upper)
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value.get_values_for_type(x509.DNSName)
    assert set(names) == {"shop.example", "www.shop.example"}
    acme = {request.url for request in http.requests if not request.url.startswith(other.records)}
    assert all(url.startswith(other.relay) for url in acme)  # nothing went past the relay


async def test_proof_that_fails_at_acme2certifier_ends_the_order(acme2certifier: Other, http: HttpxHttp) -> None:
    workflow = Workflow(native_ports(http), (acme2certifier.authority,))
    proving = await workflow.run(workflow.begin("1", choices(acme2certifier, "unpublished.example")), lambda _: None)
    failed = await workflow.run(workflow.confirm(proving), lambda _: None)
    assert failed.state == "failed"
    assert [proof.status for proof in failed.proofs] == ["invalid"]


async def test_acme2certifier_revokes(acme2certifier: Other, http: HttpxHttp) -> None:
    workflow = Workflow(native_ports(http), (acme2certifier.authority,))
    issued = await issue(workflow, choices(acme2certifier, "gone.example"))
    _, fresh = await revoke_issued(workflow, issued, 4)
    assert fresh
    crl = x509.load_pem_x509_crl(acme2certifier.root.with_suffix(".crl").read_bytes())
    serial = x509.load_pem_x509_certificate(issued.certificate_pem.encode()).serial_number
    assert crl.get_revoked_certificate_by_serial_number(serial) is not None
    _, fresh = await revoke_issued(workflow, issued, 4)
    assert not fresh


async def test_caddy_revokes(caddy: Other, http: HttpxHttp) -> None:
    workflow = Workflow(native_ports(http), (caddy.authority,))
    issued = await issue(workflow, choices(caddy, "gone.example"))
    _, fresh = await revoke_issued(workflow, issued, 4)
    assert fresh


# ---- Pebble 2.4.0: no Retry-After, no ARI, no profiles, no newer challenges ----


@pytest.fixture(scope="module")
def old_pebble(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PracticeCA]:
    folder = Path(debian_program("pebble", "pebble")).parent
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(practice_module, "BUILT_PROGRAMS", folder)
        with PracticeCA(Ports.free(), tmp_path_factory.mktemp("pebble")) as ca:
            yield ca


@pytest.mark.parametrize("challenge", ["dns-01", "http-01"])
async def test_older_pebble_issues_and_revokes(old_pebble: PracticeCA, challenge: str) -> None:
    http = HttpxHttp(old_pebble.ssl_context)
    workflow = make_flow(old_pebble, http)
    issued = await issue(workflow, practice_choices(old_pebble, "a.example", "b.example", challenge=challenge))
    assert_certificate(issued, await workflow.ports.keys.export_pkcs8(issued.certificate_key), old_pebble)
    _, fresh = await revoke_issued(workflow, issued, 1)
    assert fresh
    await http.close()


async def test_older_pebble_knows_no_newer_proof_and_that_is_said(old_pebble: PracticeCA) -> None:
    http = HttpxHttp(old_pebble.ssl_context)
    workflow = make_flow(old_pebble, http)
    with pytest.raises(InputError, match="challenge-not-offered") as caught:
        await issue(workflow, practice_choices(old_pebble, "c.example", challenge="dns-account-01"))
    assert "does not offer the proof dns-account-01" in sentence(caught.value)
    error = in_its_field(caught.value)
    assert error
    assert error.field == "challenge"
    await http.close()
