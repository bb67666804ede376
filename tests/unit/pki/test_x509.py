"""Certificates as CAs make them: every name, and every odd field that must not make one unreadable."""

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.name import _ASN1Type
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from app.acme.identifier import Identifier, readable
from app.errors import CertificateError
from app.pki.certificate import check_chain, read_chain, renewal_id
from app.pki.certification_request import read_request
from app.pki.pem import read_certificates, to_pem
from app.text.form import request_words as in_words
from tests.unit.chains import NOW, Extension, intermediate, leaf
from tests.unit.keys import native_key
from tests.unit.requests import pem, request_for

ODD_NAMES = [
    pytest.param("xn--strae-oqa.example", id="straße, which IDNA 2003 reads as strasse"),
    pytest.param("*.xn--nxasmm1c.example", id="βόλος, with a final sigma"),
    pytest.param("xn--10cl1a0b660p.example", id="with a zero-width joiner"),
    pytest.param("xn--mgba3gch31f060k.example", id="with a zero-width non-joiner"),
    pytest.param("xn--i-7iq.ws", id="an emoji"),
    pytest.param("xn--0.example", id="an A-label that decodes to nothing"),
    pytest.param("xn--99999999999.example", id="an A-label that overflows"),
    pytest.param("_dmarc.shop_1.example", id="underscores"),
    pytest.param(f"{'a' * 63}.{'b' * 63}.{'c' * 63}.example", id="long labels"),
    pytest.param(f"{'a' * 70}.example", id="a label that is too long"),
    pytest.param("a..example", id="an empty label"),
    pytest.param("shop.example.", id="a dot at the end"),
]


def check(text: str, *names: str) -> tuple[str, ...]:
    identifiers = [Identifier("dns", name) for name in names]
    return check_chain(text, identifiers, native_key().public_spki, NOW).certificate.names


@pytest.mark.parametrize("name", ODD_NAMES)
def test_every_name_that_a_ca_issues_for_comes_back(name: str) -> None:
    text = leaf(name) + intermediate()
    assert check(text, name) == (name,)
    assert read_chain(text).certificate.names == (name,)
    assert renewal_id(text) == ""  # it was read; this CA names no key
    assert readable(name)


@pytest.mark.parametrize("name", ODD_NAMES)
def test_every_name_is_read_in_a_request(name: str) -> None:
    request = read_request(pem(request_for(x509.DNSName(name))))
    assert request.names == (name,)
    assert name in in_words(request)


@given(st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters=":"), min_size=1, max_size=80))
def test_any_ascii_in_a_dns_name_is_read(name: str) -> None:
    (read,) = read_chain(leaf(name)).certificate.names
    assert read in (name.lower(), f"DNS:{name}")


@pytest.mark.parametrize(
    "raw", [b"stra\xc3\x9fe.example", b"shop.example\x00.evil", b"shop example.com", b"192.0.2.1xxxx"[:9]], ids=repr
)
def test_what_is_no_name_equals_none(raw: bytes) -> None:
    stand_in = b"x" * len(raw)
    (der,) = read_certificates(leaf(stand_in.decode()))
    (name,) = read_chain(to_pem("CERTIFICATE", der.replace(stand_in, raw))).certificate.names
    assert name.startswith("DNS:")


def test_entries_of_other_kinds_are_named_by_their_kind() -> None:
    others = [
        x509.RFC822Name("me@shop.example"),
        x509.UniformResourceIdentifier("https://[::1/not-an-address"),
        x509.DirectoryName(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "x")])),
        x509.OtherName(x509.ObjectIdentifier("1.2.3"), b"\x05\x00"),
        x509.RegisteredID(x509.ObjectIdentifier("1.2.3")),
    ]
    first, *rest = check(leaf("shop.example", others=others) + intermediate(), "shop.example")
    assert first == "shop.example"
    assert [name.partition(":")[0] for name in rest] == ["email", "URI", "dirName", "otherName", "RID"]
    assert "email:me@shop.example" in rest


# ---- extensions that nobody here reads ----


def unknown(oid: str, value: bytes, *, critical: bool = False) -> Extension:
    return x509.UnrecognizedExtension(x509.ObjectIdentifier(oid), value), critical


@pytest.mark.parametrize(
    "extension",
    [
        pytest.param(unknown("1.3.6.1.4.1.99999.1", b"\xff\xff", critical=True), id="unknown and critical"),
        pytest.param(unknown("2.5.29.31", b"\x30\x03\x02\x01\x01"), id="CRL distribution points"),
        pytest.param(unknown("1.3.6.1.5.5.7.1.1", b"no DER at all"), id="authority information access"),
        pytest.param(unknown("2.5.29.32", b"\x30\x80"), id="policies"),
        pytest.param(unknown("2.5.29.15", b""), id="key usage"),
        pytest.param(unknown("2.5.29.35", b"\x30\x02\x80\x7f"), id="authority key identifier"),
        pytest.param(unknown("2.5.29.14", b"\x05\x00"), id="subject key identifier"),
        pytest.param(unknown("2.5.29.18", b"\x30\x05\x82\x03\xff\xfe\xfd"), id="issuer alternative name"),
        pytest.param(unknown("1.3.6.1.5.5.7.1.24", b"\x30\x03\x02\x01\x05"), id="must-staple"),
    ],
)
def test_an_extension_that_nobody_asked_for_does_no_harm(extension: Extension) -> None:
    text = leaf("shop.example", extensions=[extension]) + intermediate(extensions=[extension])
    assert check(text, "shop.example") == ("shop.example",)
    assert renewal_id(text) == ""


@pytest.mark.parametrize("value", [b"", b"\x30\x05\x82", b"\x0c\x01x"], ids=["nothing", "cut short", "no list"])
def test_names_that_cannot_be_read_are_refused(value: bytes) -> None:
    with pytest.raises(CertificateError):
        check(leaf(extensions=[unknown("2.5.29.17", value)]) + intermediate(), "shop.example")


# ---- issuers ----


def named(*attributes: tuple[x509.ObjectIdentifier, str, _ASN1Type]) -> x509.Name:
    return x509.Name([x509.NameAttribute(oid, text, kind) for oid, text, kind in attributes])


@pytest.mark.parametrize(
    ("issuer", "words"),
    [
        pytest.param(named((NameOID.COMMON_NAME, "Füchse", _ASN1Type.BMPString)), "Füchse", id="BMPString"),
        pytest.param(named((NameOID.COMMON_NAME, "Füchse", _ASN1Type.UniversalString)), "Füchse", id="UniversalString"),
        pytest.param(named((NameOID.COMMON_NAME, "Old CA", _ASN1Type.T61String)), "Old CA", id="T61String"),
        pytest.param(named((NameOID.COMMON_NAME, "Old CA", _ASN1Type.VisibleString)), "Old CA", id="VisibleString"),
        pytest.param(named((NameOID.COMMON_NAME, "12", _ASN1Type.NumericString)), "12", id="NumericString"),
        pytest.param(
            named(
                (NameOID.ORGANIZATION_NAME, "One", _ASN1Type.UTF8String),
                (NameOID.ORGANIZATION_NAME, "Two", _ASN1Type.UTF8String),
            ),
            "One, Two",
            id="two organisations",
        ),
        pytest.param(named((NameOID.DOMAIN_COMPONENT, "xn--strae-oqa", _ASN1Type.IA5String)), "xn--strae-oqa", id="DC only"),
        pytest.param(named((NameOID.EMAIL_ADDRESS, "ca@xn--0.example", _ASN1Type.IA5String)), "ca@xn--0.example", id="e-mail"),
        pytest.param(named((x509.ObjectIdentifier("1.2.3.4"), "else", _ASN1Type.UTF8String)), "else", id="unknown attribute"),
        pytest.param(named(), "", id="nothing"),
    ],
)
def test_issuer_is_read_in_any_string(issuer: x509.Name, words: str) -> None:
    chain = read_chain(leaf("shop.example", issuer=issuer))
    assert chain.certificate.issuer == words
    assert chain.top == words


def test_issuer_in_broken_utf_8_or_of_no_string_at_all_is_read() -> None:
    (der,) = read_certificates(leaf("shop.example", issuer=named((NameOID.COMMON_NAME, "Some CA", _ASN1Type.UTF8String))))
    broken = der.replace(b"\x0c\x07Some CA", b"\x0c\x07Some \xff\xfe")
    assert read_chain(to_pem("CERTIFICATE", broken)).certificate.issuer == "Some \ufffd\ufffd"
    no_string = der.replace(b"\x0c\x07Some CA", b"\x8c\x07Some CA")
    assert read_chain(to_pem("CERTIFICATE", no_string)).certificate.names == ("shop.example",)


@pytest.mark.parametrize("kind", [_ASN1Type.BMPString, _ASN1Type.T61String, _ASN1Type.PrintableString])
def test_common_name_of_a_request_is_read_in_any_string(kind: _ASN1Type) -> None:
    builder = x509.CertificateSigningRequestBuilder().subject_name(named((NameOID.COMMON_NAME, "Shop.example", kind)))
    builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName("xn--strae-oqa.example")]), critical=False)
    request = builder.sign(native_key().private, hashes.SHA256())
    assert read_request(pem(request)).names == ("shop.example", "xn--strae-oqa.example")
