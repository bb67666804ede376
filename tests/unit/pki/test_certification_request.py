"""Certificate requests that people bring: every form of a good one, what is wrong with others, and the box for them."""

import asyncio
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest
from asn1crypto import core
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from app.acme.identifier import Identifier
from app.ca.catalog import parse_catalog
from app.errors import InputError
from app.issuance.workflow import Workflow
from app.pki.certification_request import check_signature, parse_request, read_request
from app.pki.pem import to_pem
from app.ports import KeySpec
from app.text.sentences import sentence
from app.ui.form.csr import CsrForm, CsrPresenter, check_request
from app.ui.form.names import read_names
from tests.adapters import NativeVerifier
from tests.unit.chains import leaf
from tests.unit.keys import SPECS, native_key
from tests.unit.records import CA
from tests.unit.requests import asked_names, der, pem, request_for, request_with
from tests.unit.says import says
from tests.unit.scripted_ca import ScriptedCA, ports_to
from tests.unit.visit import GOOD as VISIT_FORM
from tests.unit.visit import Visit
from tools.paths import ROOT

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
    with pytest.raises(InputError, check=says("more than one subjectAltName")):
        read_request(request_with(*attributes))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "not a certificate request"),
        ("hello", "not a certificate request"),
        (to_pem("PRIVATE KEY", b"secret"), "private key"),
        (leaf("shop.example"), "PEM block “CERTIFICATE”"),
        (to_pem("CERTIFICATE REQUEST", der(GOOD)[:-5]), "damaged"),
        (pem(request_for()), "no name"),
        (pem(request_for("a.example", key=rsa.generate_private_key(65537, 2304))), "do not accept"),
        (pem(request_for("a.example", key=ec.generate_private_key(ec.SECP521R1()))), "do not accept"),
        (pem(request_for("a.example", digest=hashes.SHA224())), "SHA-256"),
    ],
    ids=["nothing", "words", "a key", "a certificate", "damaged", "no name", "odd key", "P-521", "hash"],
)
def test_other_texts_say_what_is_wrong(text: str, words: str) -> None:
    with pytest.raises(InputError, check=says(words)) as caught:
        read_request(text)
    assert "secret" not in sentence(caught.value)


CASES: Final = Path(__file__).parents[1].parent / "cases"


def case(number: str) -> bytes:
    """A request that people really have, by its number in tests/cases/README.md."""
    (file,) = CASES.glob(f"{number}-*")
    return file.read_bytes()


async def judged(body: bytes, ca: str = "test") -> "Box":
    """The box once the file `body` was chosen."""
    box = Box(ca=ca)
    presenter = desk_for(box)
    presenter.take_file(body)
    await presenter.read()
    return box


@pytest.mark.parametrize("number", ["c01", "c06c", "c11", "c15", "c19g", "c20e"])
async def test_requests_that_people_have_are_read(number: str) -> None:
    box = await judged(case(number))
    assert (box.error, box.summary.startswith("A certificate request for ")) == ("", True)
    assert box.names
    assert read_names(box.names, "dns-01").error is None


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("c05c", "the line -----END CERTIFICATE REQUEST-----"),
        ("c07", "These are 2 requests. Paste only one"),
        (
            "c13",
            "The request itself must be made again.\nIts common name (CN) “Shop Server 01” is not a name that a CA issues for.",
        ),
        ("c13b", "Its common name (CN) “fw-01” is not a name that a CA issues for."),
        ("c16", "must be written in its encoded form: xn--"),
        ("c16b", "ends in a dot. It must be "),
        ("c17", "is an IP address, not a name: in subjectAltName it must be an IP address (iPAddress)"),
        ("c20b", "more than one subjectAltName"),
        ("c22", "PKCS#1 v1.5 padding"),
        ("c22d", "Its signature is invalid: the request was altered"),
    ],
)
async def test_requests_that_a_ca_refuses_say_so_when_they_are_pasted(number: str, words: str) -> None:
    box = await judged(case(number))
    assert words in box.error
    assert (box.summary, box.names) == ("", "")


async def test_must_staple_is_refused_where_the_chosen_ca_refuses_it() -> None:
    strict, lenient = await judged(case("c20j"), "strict"), await judged(case("c20j"))
    assert "asks for OCSP must-staple (TLS feature), and Strict CA refuses that" in strict.error
    assert (lenient.error, bool(lenient.summary)) == ("", True)
    assert check_request(strict.request, (), STRICT)[1] is not None


def test_lets_encrypt_is_known_to_refuse_must_staple() -> None:
    listed = parse_catalog((ROOT / "static/data/cas.json").read_text())
    assert {ca.id for ca in listed if ca.must_staple == "no"} == {"letsencrypt", "letsencrypt-staging"}


@pytest.mark.parametrize(
    "paste",
    [
        pytest.param(lambda text: text.encode("utf-16"), id="UTF-16 with its mark"),
        pytest.param(lambda text: text.encode("utf-16-le"), id="UTF-16 without"),
        pytest.param(lambda text: text.encode("utf-16-be"), id="UTF-16, the other way round"),
        pytest.param(lambda text: text.encode("utf-8-sig"), id="UTF-8 with a mark"),
        pytest.param(
            lambda text: "".join(f">>  {line}\r\n" for line in text.splitlines()).encode(), id="quoted twice in a mail"
        ),
        pytest.param(lambda text: text.replace("\n", "\\n").encode(), id="escaped line breaks"),
        pytest.param(lambda text: f'{{"csr": "{text}"}}'.replace("\n", "\\r\\n").encode(), id="in JSON"),
        pytest.param(lambda text: text.replace("\n", " ").encode(), id="in one line"),
        pytest.param(lambda text: text.replace("-----", "—").encode(), id="dashes of a word processor"),
        pytest.param(lambda text: f"Dear CA,\n{text}\nRegards".encode(), id="in a letter"),
    ],
)
async def test_what_mails_and_editors_do_to_a_request_does_no_harm(paste: Callable[[str], bytes]) -> None:
    box = await judged(paste(pem(GOOD)))
    assert (box.error, box.names) == ("", "shop.example\n*.shop.example")
    assert read_request(box.request).der == der(GOOD)


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        (request_for("shop.example", common_name="192.0.2.1"), "(CN) 192.0.2.1 is an IP address, not a name: leave it empty"),
        (request_for("shop.example", common_name="bücher.example"), "in its encoded form: xn--bcher-kva.example."),
        (request_for("shop.example", common_name="shop"), "not a name that a CA issues for"),
        (request_for("localhost"), "Its DNS entry “localhost” is not a name that a CA issues for."),
        (request_for("_dmarc.shop.example"), "It should be shop.example."),
        (request_for("https://shop.example/"), "It should be shop.example."),
        (request_for("shop.example:443"), "It should be shop.example."),
        (request_for("w*.shop.example"), "It should be *.shop.example."),
        (request_for(x509.RFC822Name("me@shop.example")), "(an entry of the kind email)"),
        (request_for(x509.UniformResourceIdentifier("https://shop.example")), "(an entry of the kind URI)"),
        (request_for("a", "b", "c", "d", "e"), "“c” is not a name that a CA issues for.\nAnd 2 more."),
    ],
)
async def test_every_name_is_checked_as_the_names_box_does(request_: x509.CertificateSigningRequest, words: str) -> None:
    box = await judged(pem(request_).encode())
    assert words in box.error
    assert box.error.startswith("The request itself must be made again.")
    assert check_request(box.request, (), None)[1] is not None


async def test_each_entry_keeps_its_kind() -> None:
    box = await judged(pem(request_for("192.0.2.1", "2001:db8::1", "Shop.Example", "xn--i-7iq.ws")).encode())
    assert (box.error, box.names) == ("", "192.0.2.1\n2001:db8::1\nshop.example\nxn--i-7iq.ws")


@pytest.mark.parametrize("spec", SPECS)
async def test_signatures_of_every_kind_are_verified(spec: KeySpec) -> None:
    request = request_for("shop.example", key=native_key(spec).private)
    verifier = NativeVerifier()
    await check_signature(verifier, parse_request(der(request)))
    changed = der(request).replace(b"shop.example", b"shop.exampel")
    with pytest.raises(InputError, check=says("altered")):
        await check_signature(verifier, parse_request(changed))


async def test_altered_request_is_not_ordered() -> None:
    altered = case("c22d").decode()
    asked = read_request(altered).names
    visit = Visit(fields=replace(VISIT_FORM, domains="\n".join(asked), csr=altered))
    await visit.session.start()
    assert visit.ca.requests == []
    assert [error.field for error in visit.page.field_errors] == ["csr"]


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
    assert sentence(fault)


@given(st.integers(0, len(der(GOOD)) - 1), st.binary(min_size=1, max_size=4))
def test_any_damage_gives_a_request_or_words(place: int, change: bytes) -> None:
    body = der(GOOD)
    fault = fault_of(to_pem("CERTIFICATE REQUEST", body[:place] + change + body[place + len(change) :]))
    assert fault is None or sentence(fault)


# ---- against the names box ----


def identifiers(*names: str) -> tuple[Identifier, ...]:
    return tuple(Identifier("dns", name) for name in names)


def test_names_must_be_the_same_in_any_order() -> None:
    request, fault = check_request(pem(GOOD), identifiers("*.shop.example", "shop.example"), CA)
    assert request is not None
    assert fault is None
    assert check_request(" \n", identifiers("shop.example"), CA) == (None, None)


def test_other_names_are_told() -> None:
    request, fault = check_request(pem(GOOD), identifiers("shop.example", "www.shop.example"), CA)
    assert request is None
    assert fault is not None
    assert "Only in the request: *.shop.example." in sentence(fault)
    assert "Only in the names box: www.shop.example." in sentence(fault)


def test_a_bad_request_is_told() -> None:
    assert check_request("hello", (), CA)[1] is not None


class Box:
    """A box that remembers what is put into it."""

    def __init__(self, request: str = "", names: str = "", ca: str = "test") -> None:
        self.request, self.names, self.ca = request, names, ca
        self.summary, self.error = "", ""

    def form(self) -> CsrForm:
        """See `app.ui.form.csr.CsrView.form`."""
        return CsrForm(self.request, self.names, self.ca)

    def fill(self, *, request: str | None = None, names: str | None = None) -> None:
        """See `app.ui.form.csr.CsrView.fill`."""
        self.request = self.request if request is None else request
        self.names = self.names if names is None else names

    def show_request(self, summary: str, error: InputError | None) -> None:
        """See `app.ui.form.csr.CsrView.show_request`."""
        self.summary, self.error = summary, sentence(error) if error else ""


STRICT: Final = replace(CA, id="strict", name="Strict CA", must_staple="no")


def desk_for(box: Box) -> CsrPresenter:
    return CsrPresenter(Workflow(ports_to(ScriptedCA("shop.example")), (CA, STRICT)), box)


async def test_names_go_into_an_empty_names_box_only() -> None:
    empty, filled = Box(pem(GOOD)), Box(pem(GOOD), "mine.example")
    await desk_for(empty).read()
    await desk_for(filled).read()
    assert (empty.names, filled.names) == ("shop.example\n*.shop.example", "mine.example")
    assert "EC P-256" in empty.summary


async def test_the_box_says_what_is_wrong_and_is_quiet_when_empty() -> None:
    box = Box("hello")
    await desk_for(box).read()
    assert "not a certificate request" in box.error
    box.request = ""
    await desk_for(box).read()
    assert (box.summary, box.error) == ("", "")


@pytest.mark.parametrize("body", [der(GOOD), pem(GOOD).encode()], ids=["DER", "PEM"])
def test_a_file_of_either_form_becomes_text(body: bytes) -> None:
    box = Box()
    desk_for(box).take_file(body)
    assert read_request(box.request).der == der(GOOD)


@given(st.binary())
def test_any_file_becomes_a_text_that_is_judged(body: bytes) -> None:
    box = Box()
    desk_for(box).take_file(body)
    asyncio.run(desk_for(box).read())
    assert box.summary == ""
