"""The certificate of tls-alpn-01, judged by `cryptography` (RFC 8737 §3)."""

import hashlib
from datetime import timedelta
from ipaddress import IPv4Address, IPv6Address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.acme.challenge import Challenge, ChallengeContext, TlsCertificate, publication
from app.acme.identifier import Identifier
from app.errors import InputError
from app.issuance.issuance import Proof
from app.issuance.store import delete
from app.issuance.tls_alpn_file import proof_file
from app.issuance.workflow import Workflow
from app.pki.tls_alpn import ACME_IDENTIFIER, validation_certificate
from tests.unit.acme.test_jws import RFC7638_JWK, RFC7638_THUMBPRINT
from tests.unit.chains import NOW
from tests.unit.keys import SPECS, native_key
from tests.unit.records import CA, account_key, record
from tests.unit.says import says
from tests.unit.scripted_ca import ScriptedCA, ports_to

NAME = Identifier("dns", "shop.example")


async def make(identifier: Identifier = NAME, proof: str = "token.thumbprint") -> x509.Certificate:
    return x509.load_der_x509_certificate(await validation_certificate(native_key(), identifier, proof, NOW))


def test_publication_holds_the_key_authorization() -> None:
    challenge = Challenge("tls-alpn-01", "u", "pending", "token")
    prover = ChallengeContext(RFC7638_JWK, "https://ca.example/account/1")
    assert publication(challenge, NAME, prover) == TlsCertificate(NAME, f"token.{RFC7638_THUMBPRINT}")


async def test_certificate_is_signed_by_its_own_key_and_good_now() -> None:
    certificate = await make()
    certificate.verify_directly_issued_by(certificate)
    assert certificate.version is x509.Version.v3
    form = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert certificate.public_key().public_bytes(*form) == native_key().public_spki
    assert certificate.not_valid_before_utc < NOW < certificate.not_valid_after_utc
    assert certificate.not_valid_after_utc - NOW == timedelta(days=30)


async def test_digest_stands_in_the_critical_extension_as_an_octet_string() -> None:
    (extension,) = [entry for entry in (await make()).extensions if entry.oid.dotted_string == ACME_IDENTIFIER]
    assert extension.critical
    assert isinstance(extension.value, x509.UnrecognizedExtension)
    assert extension.value.value == b"\x04\x20" + hashlib.sha256(b"token.thumbprint").digest()


@pytest.mark.parametrize(
    ("identifier", "entry"),
    [
        (NAME, x509.DNSName("shop.example")),
        (Identifier("dns", "xn--bcher-kva.example"), x509.DNSName("xn--bcher-kva.example")),
        (Identifier("ip", "192.0.2.1"), x509.IPAddress(IPv4Address("192.0.2.1"))),
        (Identifier("ip", "2001:db8::1"), x509.IPAddress(IPv6Address("2001:db8::1"))),
    ],
)
async def test_exactly_one_name_stands_in_it(identifier: Identifier, entry: x509.GeneralName) -> None:
    names = (await make(identifier)).extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert list(names) == [entry]


@pytest.mark.parametrize("spec", SPECS)
async def test_key_of_every_kind_can_sign_it(spec: str) -> None:
    key = native_key(next(known for known in SPECS if known == spec))
    certificate = x509.load_der_x509_certificate(await validation_certificate(key, NAME, "a.b", NOW))
    certificate.verify_directly_issued_by(certificate)


@pytest.mark.parametrize(
    ("identifier", "name"),
    [
        (NAME, "shop.example"),
        (Identifier("ip", "192.0.2.1"), "1.2.0.192.in-addr.arpa"),
        (Identifier("ip", "2001:db8::1"), "1.0.0.0." + "0." * 20 + "8.b.d.0.1.0.0.2.ip6.arpa"),
    ],
)
def test_server_is_asked_for_the_name_or_the_reverse_of_the_address(identifier: Identifier, name: str) -> None:
    assert identifier.server_name == name


async def test_file_has_a_key_of_its_own_that_goes_away_with_the_order() -> None:
    ports = ports_to(ScriptedCA())
    what = TlsCertificate(NAME, "token.thumbprint")
    issuance = record("shop.example", challenge="tls-alpn-01", proofs=(Proof(NAME, "u", "c", what, "pending"),))
    first, second = [await proof_file(ports, issuance, "shop.example") for _ in range(2)]
    assert first.name == "shop.example.pem"
    one, two = (x509.load_pem_x509_certificate(file.body) for file in (first, second))
    assert one.public_key() == two.public_key()
    assert issuance.proof_key not in (account_key(issuance), issuance.certificate_key)
    await delete(Workflow(ports, (CA,)), issuance.id)
    assert await ports.keys.load(issuance.proof_key) is None


async def test_no_file_is_made_for_what_is_not_to_be_proven_so() -> None:
    with pytest.raises(InputError, check=says("No certificate needs to be shown")):
        await proof_file(ports_to(ScriptedCA()), record("shop.example"), "other.example")
