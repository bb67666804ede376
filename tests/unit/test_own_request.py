"""Certificate requests that people bring: every form of a good one, what is wrong with others, and the box for them."""

from base64 import b64encode

import pytest
from asn1crypto import core
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from app.acme.identifier import Identifier
from app.errors import InputError
from app.pki.own_request import parse_request, read_request
from app.pki.pem import to_pem
from app.ports import KeySpec
from app.ui.own_request import RequestDesk, check_request
from tests.unit.chains import leaf
from tests.unit.keys import SPECS, native_key
from tests.unit.requests import asked_names, der, pem, request_for, request_with

GOOD = request_for("shop.example", "*.shop.example")


@pytest.mark.parametrize(
    "text",
    [
        pem(GOOD),
        pem(GOOD).replace("\n", "\r\n"),
        pem(GOOD).replace("CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"),
        f"Certificate Request:\n  Data:\n{pem(GOOD)}\n",
        b64encode(der(GOOD)).decode(),
    ],
    ids=["PEM", "CR LF", "as IIS writes it", "after openssl's text", "bare base64"],
)
def test_every_form_is_read(text: str) -> None:
    request = read_request(text)
    assert request.der == der(GOOD)
    assert request.names == ("shop.example", "*.shop.example")
    assert request.public_spki == native_key().public_spki


@pytest.mark.parametrize("spec", SPECS)
def test_every_kind_of_key_is_known(spec: KeySpec) -> None:
    assert read_request(pem(request_for("shop.example", key=native_key(spec).private))).spec == spec


def test_names_are_those_of_both_places_in_lower_case_and_once() -> None:
    request = request_for("Shop.Example", "192.0.2.1", "2001:db8::1", common_name="SHOP.example")
    assert read_request(pem(request)).names == ("shop.example", "192.0.2.1", "2001:db8::1")
    assert read_request(pem(request_for(common_name="only.example"))).names == ("only.example",)
    many = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name) for name in ("a.example", "b.example")])
    builder = x509.CertificateSigningRequestBuilder().subject_name(many)
    assert read_request(pem(builder.sign(native_key().private, hashes.SHA256()))).names == ("a.example", "b.example")


EXTENSIONS, MICROSOFT = "1.2.840.113549.1.9.14", "1.3.6.1.4.1.311.2.1.14"
CHALLENGE_PASSWORD, UNSTRUCTURED_NAME = "1.2.840.113549.1.9.7", "1.2.840.113549.1.9.2"
TWO_NAMES = asked_names(("shop.example", "www.shop.example"))


@pytest.mark.parametrize(
    "attributes",
    [
        pytest.param([(MICROSOFT, TWO_NAMES)], id="Microsoft’s attribute"),
        pytest.param(
            [
                (CHALLENGE_PASSWORD, core.UTF8String("word")),
                (UNSTRUCTURED_NAME, core.UTF8String("My company")),
                (EXTENSIONS, TWO_NAMES),
            ],
            id="openssl’s questions answered (pyca/cryptography#5203)",
        ),
        pytest.param([("1.2.3.4.5", core.UTF8String("x")), (EXTENSIONS, TWO_NAMES)], id="an attribute that nobody knows"),
    ],
)
def test_attributes_that_nobody_asked_about_do_no_harm(attributes: list[tuple[str, core.Asn1Value]]) -> None:
    assert read_request(request_with(*attributes)).names == ("shop.example", "www.shop.example")


@pytest.mark.parametrize(
    "attributes",
    [
        pytest.param([(EXTENSIONS, asked_names(("a.example",), ("b.example",)))], id="in one attribute"),
        pytest.param([(EXTENSIONS, asked_names(("a.example",))), (MICROSOFT, asked_names(("b.example",)))], id="in two"),
    ],
)
def test_two_lists_of_names_are_refused_with_the_reason(attributes: list[tuple[str, core.Asn1Value]]) -> None:
    """acme-lib#3: CAs read one of them only."""
    with pytest.raises(InputError, match="more than one subjectAltName"):
        read_request(request_with(*attributes))


def test_address_that_is_written_as_a_name_is_refused_with_the_reason() -> None:
    """acme.sh#3792."""
    with pytest.raises(InputError, match="no host name"):
        read_request(pem(request_for(x509.DNSName("192.0.2.7"))))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no certificate request"),
        ("hello", "no certificate request"),
        (to_pem("PRIVATE KEY", b"secret"), "private key"),
        (leaf("shop.example"), "is a certificate"),
        (to_pem("CERTIFICATE REQUEST", der(GOOD)[:-5]), "damaged"),
        (pem(request_for()), "no name"),
        (pem(request_for(x509.RFC822Name("me@shop.example"))), "more than host names"),
        (pem(request_for("a.example", key=rsa.generate_private_key(65537, 2304))), "do not take"),
        (pem(request_for("a.example", key=ec.generate_private_key(ec.SECP521R1()))), "do not take"),
        (pem(request_for("a.example", digest=hashes.SHA224())), "SHA-256"),
    ],
    ids=["nothing", "words", "a key", "a certificate", "damaged", "no name", "e-mail", "odd key", "P-521", "hash"],
)
def test_other_texts_say_what_is_wrong(text: str, words: str) -> None:
    with pytest.raises(InputError, match=words) as caught:
        read_request(text)
    assert caught.value.field == "csr"
    assert "secret" not in str(caught.value)


def test_ed25519_is_refused() -> None:
    key = ed25519.Ed25519PrivateKey.generate()
    request = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([])).sign(key, None)
    with pytest.raises(InputError):
        parse_request(der(request))


def fault_of(text: str) -> InputError | None:
    """What is wrong with `text`, or None where it can be used."""
    try:
        assert read_request(text).names
    except InputError as error:
        return error
    return None


@given(st.text())
def test_any_text_gives_a_request_or_words(text: str) -> None:
    fault = fault_of(text)
    assert fault is not None
    assert fault.field == "csr"


@given(st.integers(0, len(der(GOOD)) - 1), st.binary(min_size=1, max_size=4))
def test_any_damage_gives_a_request_or_words(place: int, change: bytes) -> None:
    body = der(GOOD)
    fault = fault_of(to_pem("CERTIFICATE REQUEST", body[:place] + change + body[place + len(change) :]))
    assert fault is None or fault.field == "csr"


# ---- against the names box ----


def identifiers(*names: str) -> tuple[Identifier, ...]:
    return tuple(Identifier("dns", name) for name in names)


def test_names_must_be_the_same_in_any_order() -> None:
    request, fault = check_request(pem(GOOD), identifiers("*.shop.example", "shop.example"))
    assert request is not None
    assert fault is None
    assert check_request(" \n", identifiers("shop.example")) == (None, None)


def test_other_names_are_told() -> None:
    request, fault = check_request(pem(GOOD), identifiers("shop.example", "www.shop.example"))
    assert request is None
    assert "Only in the request: *.shop.example." in str(fault)
    assert "Only in the names box: www.shop.example." in str(fault)


def test_a_bad_request_is_told() -> None:
    assert check_request("hello", ())[1] is not None


class Box:
    """A box that remembers what is put into it."""

    def __init__(self, request: str = "", names: str = "") -> None:
        self.request, self.names = request, names
        self.summary, self.error = "", ""

    def texts(self) -> tuple[str, str]:
        """See `app.ui.own_request.RequestBox.texts`."""
        return self.request, self.names

    def fill(self, *, request: str | None = None, names: str | None = None) -> None:
        """See `app.ui.own_request.RequestBox.fill`."""
        self.request = self.request if request is None else request
        self.names = self.names if names is None else names

    def show_request(self, summary: str, error: InputError | None) -> None:
        """See `app.ui.own_request.RequestBox.show_request`."""
        self.summary, self.error = summary, str(error or "")


def test_names_go_into_an_empty_names_box_only() -> None:
    empty, filled = Box(pem(GOOD)), Box(pem(GOOD), "mine.example")
    RequestDesk(empty).read()
    RequestDesk(filled).read()
    assert (empty.names, filled.names) == ("shop.example\n*.shop.example", "mine.example")
    assert "EC P-256" in empty.summary


def test_the_box_says_what_is_wrong_and_is_quiet_when_empty() -> None:
    box = Box("hello")
    RequestDesk(box).read()
    assert "no certificate request" in box.error
    box.request = ""
    RequestDesk(box).read()
    assert (box.summary, box.error) == ("", "")


@pytest.mark.parametrize("body", [der(GOOD), pem(GOOD).encode()], ids=["DER", "PEM"])
def test_a_file_of_either_form_becomes_text(body: bytes) -> None:
    box = Box()
    RequestDesk(box).take_file(body)
    assert read_request(box.request).der == der(GOOD)


@given(st.binary())
def test_any_file_becomes_a_text_that_is_judged(body: bytes) -> None:
    box = Box()
    RequestDesk(box).take_file(body)
    RequestDesk(box).read()
    assert box.summary == ""
