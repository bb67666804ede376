"""The TLSA record of a key, against OpenSSL’s own hash of it and the form of RFC 6698."""

import shutil
import subprocess
from typing import Final

import pytest

from app.acme.identifier import Identifier
from app.dns.text_forms.tlsa import tlsa_lines
from app.pki.certificate import read_chain
from tests.unit.chains import chain

HOSTS: Final = tuple(Identifier("dns", name) for name in ("mail.shop.example", "*.shop.example", "xn--bcher-kva.example"))
OPENSSL: Final = shutil.which("openssl") or ""


def openssl(*words: str, stdin: bytes) -> bytes:
    return subprocess.run([OPENSSL, *words], input=stdin, capture_output=True, check=True).stdout


@pytest.mark.skipif(not OPENSSL, reason="no openssl here")
def test_record_is_the_hash_that_openssl_computes_of_the_key_in_the_certificate() -> None:
    pem = chain("mail.shop.example")
    public = openssl("x509", "-noout", "-pubkey", stdin=pem.encode())
    der = openssl("pkey", "-pubin", "-outform", "DER", stdin=public)
    digest = openssl("dgst", "-sha256", "-r", stdin=der).split()[0].decode()
    assert tlsa_lines(read_chain(pem).certificate.public_spki, HOSTS).splitlines() == [
        f"_25._tcp.mail.shop.example. IN TLSA 3 1 1 {digest}",
        f"_25._tcp.xn--bcher-kva.example. IN TLSA 3 1 1 {digest}",
    ]


def test_only_host_names_have_one() -> None:
    others = (Identifier("dns", "*.shop.example"), Identifier("ip", "192.0.2.1"))
    assert tlsa_lines(b"key", others) == ""
