"""What each program finds in a file."""

import base64
import json
import re
import subprocess
import tempfile
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import pkcs7, pkcs12

from tests.targets.programs import RefusalError, find, run
from tools.debian import JAVA_PACKAGE
from tools.programs import GO_READER

CERTIFICATES: Final = ("cert", "chain", "fullchain")
KEYS: Final = ("privkey", "privkey-pkcs1", "privkey-sec1")
COMBINED: Final = ("combined", "combined-key-first")
PFX: Final = ("pfx", "pfx-legacy")

NSS: Final = "libnss3-tools"
GNUTLS: Final = "gnutls-bin"
OF_GO: Final = "Go"
"""Not a package: what `find` says when there is no Go to build with."""

_BLOCK: Final = re.compile(rb"-----BEGIN ([A-Z0-9 ]+)-----.*?-----END \1-----\n?", re.DOTALL)
_SPKI: Final = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


@dataclass(frozen=True)
class Contents:
    """The DER certificates of a file in its order, the SubjectPublicKeyInfo of its private key, and what it calls the two."""

    certificates: tuple[bytes, ...] = ()
    key: bytes | None = None
    name: str = ""


Read = Callable[[Path, str, str], Contents]
"""Reads a file of a format (its id), with a password. Raises `RefusalError` where the program cannot."""


def _blocks(text: bytes, label: bytes) -> list[bytes]:
    return [match.group() for match in _BLOCK.finditer(text) if match[1] == label]


def _certificates(text: bytes) -> tuple[bytes, ...]:
    """The DER of all certificates in what a program printed."""
    found = (x509.load_pem_x509_certificate(block) for block in _blocks(text, b"CERTIFICATE"))
    return tuple(each.public_bytes(serialization.Encoding.DER) for each in found)


def _form(file: Path) -> str:
    """PEM or DER, as OpenSSL names them."""
    return "PEM" if file.read_bytes().startswith(b"-----BEGIN ") else "DER"


# OpenSSL


def openssl(file: Path, format_: str, password: str) -> Contents:
    """What OpenSSL 3 reads without its legacy provider."""
    program = find("openssl", "openssl")
    if format_ in PFX:
        certificates, key = _openssl_pfx(program, file, password)
        return Contents(_certificates(certificates), _openssl_key(program, key, password), _friendly_name(certificates, key))
    has_key = format_.startswith("privkey") or format_ in COMBINED
    public = _openssl_key(program, file.read_bytes(), password) if has_key else None
    return Contents(_openssl_certificates(program, file, format_), public)


def _openssl_pfx(program: str, file: Path, password: str) -> tuple[bytes, bytes]:
    """The certificates and the key of a PFX as PEM, with what is said of them before each."""
    command = [program, "pkcs12", "-in", str(file), "-passin", f"pass:{password}"]
    return run([*command, "-nokeys"]), run([*command, "-nocerts", "-noenc"])


def _openssl_certificates(program: str, file: Path, format_: str) -> tuple[bytes, ...]:
    if format_.startswith("privkey"):
        return ()
    if format_ == "der":
        return _certificates(run([program, "x509", "-in", str(file), "-inform", "DER"]))
    if format_ == "p7b":
        return _certificates(run([program, "pkcs7", "-in", str(file), "-inform", _form(file), "-print_certs"]))
    return _certificates(
        run([program, "pkcs7", "-print_certs"], input=run([program, "crl2pkcs7", "-nocrl", "-certfile", str(file)]))
    )


def encryption_of(pfx: Path, password: str) -> str:
    """What OpenSSL tells of the ciphers of a PFX file."""
    program = find("openssl", "openssl")
    done = subprocess.run(
        [program, "pkcs12", "-in", str(pfx), "-info", "-noout", "-passin", f"pass:{password}"], capture_output=True, check=True
    )
    return done.stderr.decode()  # that is where it goes


def _openssl_key(program: str, pem: bytes, password: str) -> bytes:
    return run([program, "pkey", "-passin", f"pass:{password}", "-pubout", "-outform", "DER"], input=pem)


def _friendly_name(certificates: bytes, key: bytes) -> str:
    """The one name of both. What pairs them (localKeyID) must be the same, too, and stand at no other certificate."""
    pairs, names = (
        [re.findall(rb"^ *%s: (.*)$" % attribute, text, re.MULTILINE) for text in (certificates, key)]
        for attribute in (b"localKeyID", b"friendlyName")
    )
    assert pairs[0] == pairs[1], pairs
    assert len(pairs[0]) == 1
    assert names[0][:1] == names[1], names
    name: bytes = names[1][0]
    return name.decode()


# cryptography


def cryptography(file: Path, format_: str, password: str) -> Contents:
    """What the Python package `cryptography` reads."""
    data = file.read_bytes()
    try:
        if format_ in PFX:
            return _python_pfx(data, password.encode())
        if format_ == "privkey-encrypted":
            return Contents((), _public(serialization.load_pem_private_key(data, password.encode())))
        if format_.startswith("privkey"):
            return Contents((), _public(serialization.load_pem_private_key(data, None)))
        found = _python_certificates(data, format_, _form(file))
        key = _public(serialization.load_pem_private_key(data, None)) if format_ in COMBINED else None
    except ValueError as error:
        raise RefusalError(str(error)) from error
    return Contents(tuple(each.public_bytes(serialization.Encoding.DER) for each in found), key)


def _python_pfx(data: bytes, password: bytes) -> Contents:
    pfx = pkcs12.load_pkcs12(data, password)
    assert pfx.cert
    assert pfx.key
    certificates = (pfx.cert, *pfx.additional_certs)
    ders = (each.certificate.public_bytes(serialization.Encoding.DER) for each in certificates)
    return Contents(tuple(ders), _public(pfx.key), (pfx.cert.friendly_name or b"").decode())


def _python_certificates(data: bytes, format_: str, form: str) -> list[x509.Certificate]:
    if format_ == "p7b":
        return pkcs7.load_pem_pkcs7_certificates(data) if form == "PEM" else pkcs7.load_der_pkcs7_certificates(data)
    return x509.load_pem_x509_certificates(data) if form == "PEM" else [x509.load_der_x509_certificate(data)]


def _public(key: PrivateKeyTypes) -> bytes:
    return key.public_key().public_bytes(*_SPKI)


# Java


def keytool(file: Path, format_: str, password: str) -> Contents:
    """What Java's keytool reads."""
    if format_ in PFX:
        return keystore(file, "PKCS12", password)
    return Contents(_certificates(run_keytool("-printcert", "-rfc", "-file", str(file))))


def keystore(file: Path, kind: str, password: str) -> Contents:
    """What is in a keystore. That the key belongs to the certificate shows where it signs a request for another one."""
    store = ["-keystore", str(file), "-storetype", kind, "-storepass", password]
    listed = run_keytool("-list", "-rfc", *store)
    (alias,) = re.findall(rb"^Alias name: (.*)$", listed, re.MULTILINE)
    request = x509.load_pem_x509_csr(run_keytool("-certreq", "-alias", alias.decode(), *store).replace(b"NEW ", b""))
    assert b"Entry type: PrivateKeyEntry" in listed
    assert request.is_signature_valid
    return Contents(_certificates(listed), request.public_key().public_bytes(*_SPKI), alias.decode())


def run_keytool(*arguments: str, answers: bytes = b"") -> bytes:
    """What keytool prints, with these answers to its questions."""
    return run([find("keytool", JAVA_PACKAGE), *arguments], package=JAVA_PACKAGE, input=answers)


# NSS


def nss(file: Path, _: str, password: str) -> Contents:
    """What Mozilla's NSS takes into a database, and gives out again; there it has no order."""
    pk12util, certutil = find("pk12util", NSS), find("certutil", NSS)
    with tempfile.TemporaryDirectory() as folder:
        database = f"sql:{folder}"
        run([certutil, "-N", "-d", database, "--empty-password"], package=NSS)
        run([pk12util, "-i", str(file), "-d", database, "-W", password], package=NSS)
        names = re.findall(r"^(.*?) +u,u,u *$", run([certutil, "-L", "-d", database], package=NSS).decode(), re.MULTILINE)
        (name,) = names  # of the one certificate whose private key is there
        again = Path(folder) / "again.p12"
        run([pk12util, "-o", str(again), "-n", name, "-d", database, "-W", password], package=NSS)
        program = find("openssl", "openssl")
        certificates, key = _openssl_pfx(program, again, password)
    return Contents(_certificates(certificates), _openssl_key(program, key, password), name)


# GnuTLS


def gnutls(file: Path, format_: str, password: str) -> Contents:
    """What GnuTLS's certtool reads."""
    certtool = find("certtool", GNUTLS)
    inform = ["--inder"] if _form(file) == "DER" else []

    def ask(what: str, path: Path, *more: str) -> bytes:
        return run([certtool, what, "--infile", str(path), "--password", password, *more], package=GNUTLS)

    if format_ in PFX:
        text = ask("--p12-info", file, *inform)
        (block,) = _blocks(text, b"ENCRYPTED PRIVATE KEY")
        names = re.findall(rb"Friendly name: (.*)", text)
        assert len(set(names)) == 1, names
        return Contents(_certificates(text), _gnutls_key(certtool, block, password), names[0].decode())
    if format_ == "p7b":
        return Contents(_certificates(ask("--p7-info", file, *inform)))
    text = b"" if format_.startswith("privkey") else ask("--certificate-info", file, *inform)
    has_key = format_.startswith("privkey") or format_ in COMBINED
    return Contents(_certificates(text), _gnutls_key(certtool, file.read_bytes(), password) if has_key else None)


def _gnutls_key(certtool: str, pem: bytes, password: str) -> bytes:
    with tempfile.NamedTemporaryFile() as file:
        file.write(pem)
        file.flush()
        command = [certtool, "--pubkey-info", "--load-privkey", file.name, "--password", password]
        (public,) = _blocks(run(command, package=GNUTLS), b"PUBLIC KEY")
    return serialization.load_pem_public_key(public).public_bytes(*_SPKI)


# Go


def go(file: Path, _: str, __: str) -> Contents:
    """What Go's crypto/x509 and crypto/tls read."""
    found = json.loads(run([find(GO_READER, OF_GO), "read", str(file)]))
    certificates, key = found["certificates"] or [], found["key"]
    return Contents(tuple(map(base64.b64decode, certificates)), base64.b64decode(key) if key else None)


@dataclass(frozen=True)
class Reader:
    """A program, the formats (their ids) that it reads, and one of them that every run of the tests shows.

    One that is not `ordered` tells nothing about the order of the certificates.
    """

    read: Read
    formats: Collection[str]
    quick: str
    ordered: bool = True


_ALL: Final = (*CERTIFICATES, *KEYS, "privkey-encrypted", *COMBINED, *PFX, "der", "p7b")

READERS: Final[Mapping[str, Reader]] = {
    "OpenSSL": Reader(openssl, _ALL, "pfx-legacy"),
    "cryptography": Reader(cryptography, _ALL, "pfx"),
    "keytool": Reader(keytool, (*CERTIFICATES, *PFX, "der", "p7b"), "pfx"),
    "NSS": Reader(nss, PFX, "pfx", ordered=False),
    "GnuTLS": Reader(gnutls, _ALL, "pfx"),
    "Go": Reader(go, (*CERTIFICATES, *KEYS, *COMBINED, "der"), "combined"),
}
