"""Good samples, to begin from: what real servers, `cryptography` and this page itself write."""

import asyncio
import base64
import json
from dataclasses import replace
from ipaddress import IPv6Address
from typing import Any, Final, cast

import dns.edns
import dns.flags
import dns.message
import dns.rcode
import dns.rrset
from asn1crypto.pkcs12 import Pfx
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs7,
    pkcs12,
)
from cryptography.hazmat.primitives.serialization.pkcs12 import PKCS12PrivateKeyTypes
from cryptography.x509.name import _ASN1Type
from cryptography.x509.oid import NameOID

from app.accounts.stored_account import StoredAccount
from app.acme.challenge import DnsRecord, TlsCertificate, WebFile
from app.acme.identifier import Identifier
from app.acme.problem import Problem
from app.acme.renewal_info import RenewalWindow
from app.backup.file_format import seal_file
from app.issuance.issuance import Proof
from app.issuance.record import issuance_to_json
from app.pki.jwk import to_jwk
from app.pki.pem import read_certificates
from app.ports import KeySpec
from tests.adapters import NativeCipher
from tests.unit.backups import content
from tests.unit.chains import chain, intermediate, leaf, root
from tests.unit.keys import native_key
from tests.unit.records import CA, record
from tools.paths import ROOT

CA_URL: Final = "https://ca.example"
NAMES: Final = ("shop.example", "*.shop.example", "xn--bcher-kva.example")


def _json(*values: Any) -> list[bytes]:
    return [json.dumps(value).encode() for value in values]


_PROBLEM: Final = {
    "type": "urn:ietf:params:acme:error:rejectedIdentifier",
    "detail": "see https://ca.example/help.",
    "status": 403,
    "instance": "https://ca.example/terms",
    "identifier": {"type": "dns", "value": "a.example"},
    "algorithms": ["ES256"],
    "subproblems": [{"type": "x", "detail": "y", "identifier": {"type": "ip", "value": "192.0.2.1"}}],
}
_CHALLENGES: Final = [
    {"type": kind, "url": f"{CA_URL}/c/1", "status": "pending", "token": "DGyRejmCefe7v4NfDGDKfA", "error": _PROBLEM}
    for kind in ("dns-01", "http-01", "tls-alpn-01", "dns-account-01")
]
_PERSIST: Final = {
    "type": "dns-persist-01",
    "url": f"{CA_URL}/c/2",
    "status": "pending",
    "issuer-domain-names": ["ca.example"],
    "accounturi": f"{CA_URL}/account/1",
}

DIRECTORIES: Final = _json(
    {
        **{
            member: f"{CA_URL}/{member}"
            for member in ("newNonce", "newAccount", "newOrder", "revokeCert", "keyChange", "renewalInfo")
        },
        "meta": {
            "termsOfService": "https://ca.example/terms",
            "externalAccountRequired": True,
            "profiles": {"classic": "https://ca.example/classic", "shortlived": "A short one"},
            "accountHashPrefix": "https://ca.example/hash/",
        },
    },
    {"newNonce": f"{CA_URL}/n", "newAccount": f"{CA_URL}/a", "newOrder": f"{CA_URL}/o"},
)
ACCOUNTS: Final = _json({"status": "valid", "contact": ["mailto:me@a.example"], "orders": f"{CA_URL}/orders"})
ORDERS: Final = _json(
    {
        "status": "pending",
        "identifiers": [{"type": "dns", "value": "a.example"}, {"type": "ip", "value": "2001:db8::1"}],
        "authorizations": [f"{CA_URL}/z/1", f"{CA_URL}/z/2"],
        "finalize": f"{CA_URL}/f",
        "certificate": f"{CA_URL}/cert",
        "error": _PROBLEM,
    },
    {"orders": [f"{CA_URL}/o/1", f"{CA_URL}/o/2"]},
)
AUTHORIZATIONS: Final = _json(
    {
        "status": "pending",
        "wildcard": True,
        "identifier": {"type": "dns", "value": "a.example"},
        "challenges": [*_CHALLENGES, _PERSIST],
    }
)
CHALLENGES: Final = _json({"type": "dns-01", "url": f"{CA_URL}/c", "status": "processing", "token": "t", "error": _PROBLEM})
PROBLEMS: Final = _json(_PROBLEM, {"type": "urn:ietf:params:acme:error:compound", "subproblems": [_PROBLEM, _PROBLEM]})
WINDOWS: Final = _json(
    {
        "suggestedWindow": {"start": "2026-11-22T12:00:00Z", "end": "2026-11-23T12:00:00.5+02:00"},
        "explanationURL": "https://ca.example/why",
    }
)
CA_LISTS: Final = [(ROOT / "static/data/cas.json").read_bytes()]
PROVIDER_LISTS: Final = [(ROOT / "static/data/dns_providers.json").read_bytes()]
TARGET_LISTS: Final = [(ROOT / "static/data/targets.json").read_bytes()[:8_000].rpartition(b',\n  {\n    "id"')[0] + b"]"]
SERVICE_LISTS: Final = [(ROOT / "static/data/dns_services.json").read_bytes()]
RESOLVER_LISTS: Final = [(ROOT / "static/data/resolvers.json").read_bytes()]

_ODD_LEAF: Final = leaf(
    *NAMES,
    "xn--strae-oqa.example",
    others=[
        x509.IPAddress(IPv6Address("2001:db8::1")),
        x509.RFC822Name("me@shop.example"),
        x509.UniformResourceIdentifier("https://shop.example"),
        x509.DirectoryName(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "x")])),
    ],
    issuer=x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Füchse", _ASN1Type.BMPString)]),
    extensions=[
        (x509.AuthorityKeyIdentifier(b"key", None, None), False),
        (x509.UnrecognizedExtension(x509.ObjectIdentifier("1.3.6.1.5.5.7.1.1"), b"no DER"), True),
    ],
)


def _dns(type_: str, *lines: str, rcode: str = "NOERROR", signed: bool = False) -> bytes:
    """A resolver's answer to a question for `DNS_NAME`: `lines` are as in a zone file, those of SOA in authority."""
    query = dns.message.make_query(DNS_NAME, type_, id=0, use_edns=0)
    message = dns.message.make_response(query)
    message.set_rcode(dns.rcode.from_text(rcode))
    message.flags |= dns.flags.AD if signed else 0
    if rcode == "SERVFAIL":
        message.use_edns(options=[dns.edns.EDEOption(dns.edns.EDECode(6), "RRSIG for shop.example is expired")])
    for line in lines:
        name, found, rest = line.split(" ", 2)
        section = message.authority if found == "SOA" else message.answer
        section.append(dns.rrset.from_text(name, 300, "IN", found, rest))
    return message.to_wire()


DNS_NAME: Final = "a.example."
DNS_ANSWERS: Final = [
    _dns("TXT", 'a.example. TXT "aYhba4dGQEHhs3uEe6CuLN4ByNQ" "x"', 'a.example. TXT "b"', signed=True),
    _dns("TXT", "a.example. CNAME b.a.example.", "b.a.example. CNAME c.example.", 'c.example. TXT "c"'),
    _dns("TXT", "example. SOA ns.example. host.example. 1 2 3 4 600", rcode="NXDOMAIN"),
    _dns("TXT", rcode="SERVFAIL"),
    _dns(
        "CAA",
        'a.example. CAA 128 issuewild "ca.example; accounturi=https://ca.example/1"',
        'a.example. CAA 0 issue ";"',
    ),
    _dns("NS", "a.example. NS ns1.host.example.", "a.example. NS ns2.host.example."),
    _dns("SOA", "a.example. SOA ns1.host.example. host.example. 1 2 3 4 600"),
    _dns("CNAME", "a.example. CNAME b.example."),
    _dns("A", "a.example. A 192.0.2.1"),
    _dns(
        "AAAA",
        "a.example. AAAA 2001:db8::1",
        "a.example. RRSIG AAAA 13 2 300 20270101000000 20261201000000 1 example. aaaa",
    ),
]

CHAINS: Final = [chain(*NAMES).encode(), (root() + leaf(*NAMES) * 2 + intermediate()).encode(), _ODD_LEAF.encode()]
CERTIFICATES: Final = [read_certificates(text)[0] for text in (leaf(*NAMES), intermediate(), root(), _ODD_LEAF)]


def _request(spec: KeySpec) -> x509.CertificateSigningRequest:
    names = x509.SubjectAlternativeName([x509.DNSName(name) for name in NAMES])
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAMES[0])])
    builder = x509.CertificateSigningRequestBuilder().subject_name(subject).add_extension(names, critical=False)
    return builder.sign(native_key(spec).private, hashes.SHA256())


_SPECS: Final[tuple[KeySpec, ...]] = ("ec-p256", "ec-p384", "rsa-2048")
REQUESTS_PEM: Final = [_request(spec).public_bytes(Encoding.PEM) for spec in _SPECS]
REQUESTS_DER: Final = [_request(spec).public_bytes(Encoding.DER) for spec in _SPECS]

_FORMS: Final = (PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL)
KEYS_PEM: Final = [
    native_key(spec).private.private_bytes(Encoding.PEM, form, NoEncryption()) for spec in _SPECS for form in _FORMS
]
KEYS_JWK: Final = [
    to_jwk(native_key(spec).private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())).encode()
    for spec in _SPECS
]

LINKS: Final = [
    b'<https://ca.example/dir>;rel="index", <https://ca.example/next?a,b>; rel="next"; title="a, b"',
    b'</alternate/1>;rel="alternate", </alternate/2> ; REL=alternate',
]
WAITS: Final = [b"120", b"Fri, 15 Jan 2027 10:00:30 +0200", b"Friday, 15-Jan-27 10:00:30 GMT", b"Fri Jan 15 10:00:30 2027"]
LOCATIONS: Final = [b"https://ca.example/order/1", b"/order/1", b"//ca.example:443/order?x#y"]
NONCES: Final = [b"oFvnlFP1wIhRlYS2jTaXbA"]
BASE64: Final = [b"aYhba4dGQEHhs3uEe6CuLN4ByNQ", b"AIdlQyE", b""]
NAME_BOXES: Final = [
    "shop.example, *.shop.example\nhttps://bücher.example/cart 192.0.2.1 [2001:db8::1]".encode(),
    b"a.example;b.example\t_acme.example",
]
URLS: Final = [CA.directory.encode(), b"https://CA.example:443/dir?x=y"]
HMAC_KEYS: Final = [b"zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W", b"YWJj"]
CONTACTS: Final = [b"me@shop.example, you+tag@shop.example"]
DAYS: Final = [b"2027-12-31", b"2030-02-28"]
ISSUE_VALUES: Final = [
    b"ca.example; accounturi=https://ca.example/acct/1; validationmethods=dns-01,http-01",
    b"ca.example;accounturi=https://ca.example/acct/1; policy=wildcard; persistUntil=1830000000",
    b";",
]
TEXTS: Final = [
    "The limit is reached, see https://ca.example/limits. שלום \u202eevil\u202c".encode(),
    "https://аррӏе.example/a?b=c#d, (https://user@b.example) https://[::1]/".encode(),
]


def _issuances() -> list[Any]:
    problem = Problem("dns", "no record", 403, "https://ca.example/help", Identifier("dns", "a.example"), (Problem("x", "y"),))
    proofs = (
        Proof(Identifier("dns", "a.example"), "u", "c", DnsRecord("_acme-challenge.a.example", ("v",)), "invalid", problem),
        Proof(Identifier("dns", "b.example"), "u", "c", WebFile("http://b.example/x/y", "y"), "pending"),
        Proof(Identifier("ip", "192.0.2.1"), "u", "c", TlsCertificate(Identifier("ip", "192.0.2.1"), "p"), "pending"),
    )
    proving = record("a.example", "b.example", state="proving", authorization_urls=("u",), proofs=proofs, problem=problem)
    pem = chain("a.example")
    window = RenewalWindow(1.0, 2.0, "https://ca.example/why")
    issued = replace(proving, state="issued", certificate_pem=pem, chains=(pem,), window=window, revoked=5.0)
    first = {**issuance_to_json(proving), "version": 1}
    return [issuance_to_json(proving), issuance_to_json(issued), first]


RECORDS: Final = _json(*_issuances(), *content()["issuances"])
_ACCOUNT: Final = StoredAccount("https://ca.example/dir", "test", "https://ca.example/dir", "account x", f"{CA_URL}/account/1")
SAVED_ACCOUNTS: Final = _json(_ACCOUNT.to_json(), {"version": 1, "ca": "test", "directory": "d", "key": "k", "url": "u"})


def _backup_content() -> dict[str, Any]:
    pkcs8 = native_key().private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, serialization.NoEncryption())
    key = {"name": "account x", "spec": "ec-p256", "spki": "", "pkcs8": base64.b64encode(pkcs8).decode()}
    return {"accounts": [_ACCOUNT.to_json()], "issuances": _issuances(), "keys": [key], "left_behind": ["certificate 2"]}


BACKUP_CONTENTS: Final = _json(_backup_content(), content())
PUBLIC_KEYS: Final = [native_key(spec).public_spki for spec in ("ec-p256", "ec-p384", "rsa-2048")]
KEYS_DER: Final = [
    native_key(spec).private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, serialization.NoEncryption())
    for spec in ("ec-p256", "rsa-2048")
]
BACKUP_FILES: Final = [asyncio.run(seal_file(NativeCipher(), {"accounts": []}, "word", 0.0))]


def _pfx(cipher: pkcs12.PBES | None) -> bytes:
    """A PFX file; without a `cipher` it is not encrypted, and has no MAC, so that damage gets further in."""
    certificates = [x509.load_der_x509_certificate(der) for der in CERTIFICATES[:2]]
    builder, private = PrivateFormat.PKCS12.encryption_builder(), cast("PKCS12PrivateKeyTypes", native_key().private)
    encryption = builder.kdf_rounds(10).key_cert_algorithm(cipher).build(b"word") if cipher else NoEncryption()
    der = pkcs12.serialize_key_and_certificates(b"x", private, certificates[0], certificates[1:], encryption)
    bare: bytes = Pfx({"version": "v3", "auth_safe": Pfx.load(der)["auth_safe"]}).dump()
    return der if cipher else bare


CERTIFICATE_FILES: Final = [
    *(_pfx(cipher) for cipher in (pkcs12.PBES.PBESv2SHA256AndAES256CBC, pkcs12.PBES.PBESv1SHA1And3KeyTripleDESCBC, None)),
    pkcs7.serialize_certificates([x509.load_der_x509_certificate(der) for der in CERTIFICATES[:2]], Encoding.DER),
    *CERTIFICATES,
    *KEYS_DER,
]
CERTIFICATE_TEXTS: Final = [
    *CHAINS,
    *KEYS_PEM,
    *REQUESTS_PEM,
    CHAINS[0] + native_key().private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"word")),
]
