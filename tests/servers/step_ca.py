"""Starts step-ca. `step ca init` is not needed: its root, intermediate and configuration are written here."""

import datetime
import json
import os
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.processes import accepts, server
from tests.servers.ca_server import CAServer, program
from tests.servers.records import Records
from tools.ports import Ports

TERMS = "https://ca.example/terms"

PROVISIONERS: dict[str, dict[str, object]] = {
    "acme": {},
    "dns": {"challenges": ["dns-01"]},
    "terms": {"termsOfService": TERMS},
    "eab": {"requireEAB": True},
}
"""One directory each: all the usual proofs, dns-01 only, terms of service, and accounts only with credentials."""


@contextmanager
def step_ca(folder: Path, records: Records) -> Iterator[CAServer]:
    """Run step-ca, which looks names up in `records` and finds their servers on its ports. It keeps a CRL."""
    port = Ports.free().acme
    _write_hierarchy(folder)
    config = {
        "root": str(folder / "root.pem"),
        "crt": str(folder / "intermediate.pem"),
        "key": str(folder / "intermediate.key"),
        "address": f"127.0.0.1:{port}",
        "dnsNames": ["localhost"],
        "logger": {"format": "text"},
        "db": {"type": "badgerv2", "dataSource": str(folder / "db")},
        "crl": {"enabled": True, "generateOnRevoke": True},
        "authority": {"provisioners": [{"type": "ACME", "name": name, **more} for name, more in PROVISIONERS.items()]},
    }
    (folder / "ca.json").write_text(json.dumps(config, indent=2))
    ports = ["--insecure", "--acme-http-port", str(records.http_port), "--acme-tls-port", str(records.tls_port)]
    command = [program("step-ca"), str(folder / "ca.json"), "--resolver", records.dns, *ports]
    env = {**os.environ, "STEPPATH": str(folder), "HOME": str(folder)}
    with server(command, folder, env, lambda: accepts(port)):
        base = f"https://localhost:{port}"
        directories = {name: f"{base}/acme/{name}/directory" for name in PROVISIONERS}
        context = ssl.create_default_context(cafile=folder / "root.pem")
        yield CAServer("step-ca", directories, context, (folder / "root.pem").read_text(), records, f"{base}/1.0/crl")


def _write_hierarchy(folder: Path) -> None:
    """A root and an intermediate below it."""
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root = _certificate("The root of step-ca", root_key, "The root of step-ca", root_key, path_length=1)
    intermediate = _certificate("The intermediate of step-ca", key, "The root of step-ca", root_key, path_length=0)
    pkcs8 = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "root.pem").write_bytes(root.public_bytes(serialization.Encoding.PEM))
    (folder / "intermediate.pem").write_bytes(intermediate.public_bytes(serialization.Encoding.PEM))
    (folder / "intermediate.key").write_bytes(key.private_bytes(*pkcs8))


def _certificate(
    subject: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: str,
    issuer_key: ec.EllipticCurvePrivateKey,
    *,
    path_length: int,
) -> x509.Certificate:
    now, day = datetime.datetime.now(datetime.UTC), datetime.timedelta(days=1)
    others = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement")
    usage = dict.fromkeys((*others, "encipher_only", "decipher_only"), False)
    return (
        x509.CertificateBuilder(
            _name(issuer), _name(subject), key.public_key(), x509.random_serial_number(), now - day, now + 100 * day
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=path_length), critical=True)
        .add_extension(x509.KeyUsage(key_cert_sign=True, crl_sign=True, **usage), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
        .sign(issuer_key, hashes.SHA256())
    )


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, text)])
