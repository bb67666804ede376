"""Certificate requests, judged by `cryptography` and by the openssl command."""

import subprocess
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization

from app.acme.identifier import Identifier
from app.pki.csr import build_csr
from app.ports import KeySpec
from tests.unit.keys import SPECS, native_key

NAMES = ("shop.example", "*.shop.example", "xn--bcher-kva.example")
HUNDRED = tuple(f"host-{n}.shop.example" for n in range(100))


async def build(names: tuple[str, ...], spec: KeySpec = "ec-p256") -> bytes:
    return await build_csr(native_key(spec), [Identifier("dns", name) for name in names])


def openssl_text(der: bytes, folder: Path) -> str:
    """What `openssl req` says of a request whose signature it has verified."""
    file = folder / "request.der"
    file.write_bytes(der)
    command = ["openssl", "req", "-inform", "DER", "-in", str(file), "-verify", "-noout", "-text"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "verify OK" in done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("spec", SPECS)
async def test_request_of_every_kind_of_key_verifies(spec: KeySpec) -> None:
    request = x509.load_der_x509_csr(await build(NAMES, spec))
    assert request.is_signature_valid
    form = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    assert request.public_key().public_bytes(*form) == native_key(spec).public_spki


@pytest.mark.parametrize("spec", SPECS)
async def test_openssl_verifies_the_request_of_every_kind_of_key(spec: KeySpec, tmp_path: Path) -> None:
    text = openssl_text(await build(NAMES, spec), tmp_path)
    assert "DNS:shop.example, DNS:*.shop.example, DNS:xn--bcher-kva.example" in text


@pytest.mark.parametrize(
    ("spec", "digest"), [("ec-p256", hashes.SHA256), ("ec-p384", hashes.SHA384), ("rsa-2048", hashes.SHA256)]
)
async def test_request_says_which_hash_was_signed(spec: KeySpec, digest: type[hashes.HashAlgorithm]) -> None:
    assert isinstance(x509.load_der_x509_csr(await build(NAMES, spec)).signature_hash_algorithm, digest)


async def test_rsa_signature_algorithm_has_the_null_parameters_of_rfc_4055() -> None:
    assert bytes.fromhex("300d06092a864886f70d01010b0500") in await build(NAMES, "rsa-2048")


async def test_ecdsa_signature_algorithm_has_no_parameters() -> None:
    assert bytes.fromhex("300a06082a8648ce3d040302") in await build(NAMES)  # RFC 5758 §3.2


async def test_names_stand_in_the_subject_alternative_name_in_their_order_and_nowhere_else() -> None:
    request = x509.load_der_x509_csr(await build(NAMES))
    assert list(request.subject) == []
    (extension,) = request.extensions
    assert not extension.critical
    assert isinstance(extension.value, x509.SubjectAlternativeName)
    assert tuple(extension.value.get_values_for_type(x509.DNSName)) == NAMES
    assert len(list(extension.value)) == len(NAMES)
    assert len(request.attributes) == 1


async def test_request_takes_a_hundred_names(tmp_path: Path) -> None:
    der = await build(HUNDRED)
    names = x509.load_der_x509_csr(der).extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert tuple(names.get_values_for_type(x509.DNSName)) == HUNDRED
    assert openssl_text(der, tmp_path).count("DNS:") == len(HUNDRED)


async def test_request_takes_the_longest_names_and_labels() -> None:
    name = ".".join(["a" * 63, "b" * 63, "c" * 63, "d" * 61])
    request = x509.load_der_x509_csr(await build((name,)))
    names = request.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == [name]


async def test_addresses_stand_beside_the_names_as_addresses(tmp_path: Path) -> None:
    identifiers = [Identifier("dns", "shop.example"), Identifier("ip", "192.0.2.1"), Identifier("ip", "2001:db8::1")]
    der = await build_csr(native_key(), identifiers)
    names = x509.load_der_x509_csr(der).extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.IPAddress) == [IPv4Address("192.0.2.1"), IPv6Address("2001:db8::1")]
    assert "DNS:shop.example, IP Address:192.0.2.1, IP Address:2001:DB8:0:0:0:0:0:1" in openssl_text(der, tmp_path)
