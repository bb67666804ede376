"""Private keys in PEM, in every form that people have, and any other text."""

import json
from collections.abc import Callable

import pytest
from asn1crypto.keys import ECPrivateKey
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from hypothesis import given
from hypothesis import strategies as st

from app.errors import InputError
from app.pki.jwk import to_jwk
from app.pki.pem import to_pem
from app.pki.private_key import read_private_key
from app.ports import KeySpec
from app.text.sentences import sentence
from tests.unit.keys import SPECS, native_key
from tests.unit.says import says

PKCS8 = serialization.PrivateFormat.PKCS8
TRADITIONAL = serialization.PrivateFormat.TraditionalOpenSSL
OPEN = serialization.NoEncryption()


def pem_of(spec: KeySpec, form: serialization.PrivateFormat = PKCS8, lock: bytes = b"") -> str:
    encryption = serialization.BestAvailableEncryption(lock) if lock else OPEN
    return native_key(spec).private.private_bytes(serialization.Encoding.PEM, form, encryption).decode()


@pytest.mark.parametrize("spec", SPECS)
@pytest.mark.parametrize("form", [PKCS8, TRADITIONAL], ids=["PKCS#8", "traditional"])
def test_every_kind_and_form_is_read(spec: KeySpec, form: serialization.PrivateFormat) -> None:
    read, der = read_private_key(pem_of(spec, form))
    assert read == spec
    again = serialization.load_der_private_key(der, None)
    assert isinstance(again, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey)
    assert again.private_numbers() == native_key(spec).private.private_numbers()


def test_what_stands_around_is_passed_over() -> None:
    parameters = "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n"
    text = f"Bag Attributes\n{parameters}{pem_of('ec-p256', TRADITIONAL)}bye"
    assert read_private_key(text.replace("\n", "\r\n"))[0] == "ec-p256"


def der_of(spec: KeySpec, form: serialization.PrivateFormat) -> bytes:
    return native_key(spec).private.private_bytes(serialization.Encoding.DER, form, OPEN)


@pytest.mark.parametrize("spec", ["ec-p256", "rsa-2048"])
@pytest.mark.parametrize(
    "paste",
    [
        pytest.param(lambda pem: "\ufeff" + pem, id="byte order mark"),
        pytest.param(lambda pem: pem.replace("\n", "\\n"), id="escaped line breaks"),
        pytest.param(lambda pem: '{"key": "' + pem.replace("\n", "\\r\\n") + '"}', id="a JSON value"),
        pytest.param(lambda pem: pem.replace("\n", " "), id="one line with blanks"),
        pytest.param(lambda pem: pem.replace("\n", ""), id="one line without"),
        pytest.param(lambda pem: pem.replace("\n", "\r"), id="line ends of old Macs"),
        pytest.param(lambda pem: pem.replace("\n", "\n\n"), id="empty lines"),
        pytest.param(lambda pem: "".join(f"> {line}\n" for line in pem.splitlines()), id="quoted by a mail program"),
        pytest.param(lambda pem: "".join(f">> {line}\n" for line in pem.splitlines()), id="quoted twice"),
        pytest.param(lambda pem: "".join(f"    {line}\n" for line in pem.splitlines()), id="indented"),
        pytest.param(lambda pem: pem.replace("-----", "—–"), id="dashes of a word processor"),
        pytest.param(lambda pem: pem.replace("-----", "----"), id="a dash lost"),
        pytest.param(lambda pem: "\u200b".join(pem.splitlines(keepends=True)), id="invisible characters"),
        pytest.param(lambda pem: "".join(pem.splitlines()[1:-1]), id="base64 alone"),
        pytest.param(lambda pem: pem.replace("=", ""), id="without padding"),
        pytest.param(lambda pem: pem.replace("PRIVATE KEY", "RSA PRIVATE KEY"), id="labelled RSA"),
        pytest.param(lambda pem: pem.replace("PRIVATE KEY", "EC PRIVATE KEY"), id="labelled EC"),
    ],
)
def test_what_pasting_does_to_a_key_does_no_harm(spec: KeySpec, paste: Callable[[str], str]) -> None:
    assert read_private_key(paste(pem_of(spec))) == read_private_key(pem_of(spec))


@pytest.mark.parametrize("spec", ["ec-p256", "ec-p384", "rsa-2048"])
def test_wrong_label_does_no_harm_to_the_traditional_forms(spec: KeySpec) -> None:
    for label in ("PRIVATE KEY", "EC PRIVATE KEY", "RSA PRIVATE KEY", "ANY PRIVATE KEY"):
        text = to_pem(label, der_of(spec, TRADITIONAL))
        assert read_private_key(text) == read_private_key(pem_of(spec))


@pytest.mark.parametrize("spec", ["ec-p256", "ec-p384"])
def test_compressed_point_is_expanded(spec: KeySpec) -> None:
    key = native_key(spec).private
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    points = (serialization.PublicFormat.UncompressedPoint, serialization.PublicFormat.CompressedPoint)
    full, compressed = (key.public_key().public_bytes(serialization.Encoding.X962, form) for form in points)
    sec1 = ECPrivateKey.load(der_of(spec, TRADITIONAL))
    sec1["public_key"] = compressed
    pkcs8 = read_private_key(to_pem("EC PRIVATE KEY", sec1.dump(force=True)))[1]
    assert full in pkcs8
    again = serialization.load_der_private_key(pkcs8, None)
    assert isinstance(again, ec.EllipticCurvePrivateKey)
    assert again.private_numbers() == key.private_numbers()
    jwk = json.loads(to_jwk(pkcs8))
    assert {name: jwk[name] for name in ("x", "y")} == {name: native_key(spec).public_jwk[name] for name in ("x", "y")}


def test_point_that_is_not_on_the_curve_is_damage() -> None:
    sec1 = ECPrivateKey.load(der_of("ec-p256", TRADITIONAL))
    sec1["public_key"] = b"\x04" + bytes(31) + b"\x01" + bytes(32)
    with pytest.raises(InputError, check=says("damaged")):
        read_private_key(to_pem("EC PRIVATE KEY", sec1.dump(force=True)))


def test_key_without_its_public_half_is_read() -> None:
    sec1 = ECPrivateKey.load(der_of("ec-p256", TRADITIONAL))
    sec1["public_key"] = None
    spec, pkcs8 = read_private_key(to_pem("EC PRIVATE KEY", sec1.dump(force=True)))
    key, native = serialization.load_der_private_key(pkcs8, None), native_key("ec-p256").private
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    assert (spec, key.private_numbers()) == ("ec-p256", native.private_numbers())


def other_kind(key: ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> str:
    return key.private_bytes(serialization.Encoding.PEM, PKCS8, OPEN).decode()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no private key"),
        (pem_of("ec-p256") * 2, "several"),
        (pem_of("ec-p256", lock=b"secret"), "openssl pkey"),
        (pem_of("rsa-2048", TRADITIONAL, lock=b"secret"), "openssl pkey"),
        (pem_of("ec-p256").replace("MI", "M", 1), "damaged"),
        ("-----BEGIN PRIVATE KEY-----\n\n-----END PRIVATE KEY-----", "damaged"),
        (other_kind(ed25519.Ed25519PrivateKey.generate()), r"another kind \(Ed25519\)"),
        (other_kind(ec.generate_private_key(ec.SECP521R1())), r"another kind \(EC secp521r1\)"),
        (other_kind(rsa.generate_private_key(65537, 2056)), r"another kind \(RSA 2056\)"),
        (pem_of("ec-p256", serialization.PrivateFormat.OpenSSH), "ssh-keygen -p -m PKCS8"),
        (pem_of("ec-p256", lock=b"secret").replace("ENCRYPTED ", ""), "protected by a password"),
        (pem_of("ec-p256").partition("-----END")[0], "-----END PRIVATE KEY-----. Was it copied completely"),
        ("PuTTY-User-Key-File-3: ssh-rsa\nEncryption: none\n", "PuTTYgen"),
        ("-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nlQ\n-----END PGP PRIVATE KEY BLOCK-----", "PGP key"),
        ("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----", "This is a certificate"),
        ("-----BEGIN CERTIFICATE REQUEST-----\nMIIB\n-----END CERTIFICATE REQUEST-----", "This is a certificate request"),
        ("-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----", "This is a public key"),
        ("ssh-ed25519 AAAAC3Nz me@home", "This is a public key"),
        ("x" * 300_000, "far longer than a private key"),
    ],
)
def test_other_texts_say_what_is_wrong(text: str, words: str) -> None:
    with pytest.raises(InputError, check=says(words)):
        read_private_key(text)


LABELS = st.sampled_from(["PRIVATE KEY", "EC PRIVATE KEY", "RSA PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "CERTIFICATE"])
BODIES = st.one_of(st.text(), st.text("MIGHAgEAMBMGByqGSM49=\n", min_size=8), st.binary().map(lambda data: data.hex()))
BLOCKS = st.builds("-----BEGIN {0}-----\n{1}\n-----END {0}-----\n".format, LABELS, BODIES)


def fault_of(text: str) -> InputError | None:
    """What is wrong with `text`, or None where it is a key."""
    try:
        assert read_private_key(text)[0] in SPECS
    except InputError as error:
        return error
    return None


@given(st.one_of(st.text(), BLOCKS))
def test_any_text_gives_a_key_or_words(text: str) -> None:
    fault = fault_of(text)
    assert fault is None or sentence(fault)


@given(st.integers(0, 130), st.binary(min_size=1, max_size=4))
def test_any_damage_gives_a_key_or_words(place: int, change: bytes) -> None:
    der = native_key("ec-p256").private.private_bytes(serialization.Encoding.DER, PKCS8, OPEN)
    fault = fault_of(to_pem("PRIVATE KEY", der[:place] + change + der[place + len(change) :]))
    assert fault is None or sentence(fault)
