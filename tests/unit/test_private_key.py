"""Private keys in PEM, in every form that people have, and any other text."""

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from hypothesis import given
from hypothesis import strategies as st

from app.errors import InputError
from app.pki.pem import to_pem
from app.pki.private_key import read_private_key
from app.ports import KeySpec
from tests.unit.keys import SPECS, native_key

PKCS8 = serialization.PrivateFormat.PKCS8
TRADITIONAL = serialization.PrivateFormat.TraditionalOpenSSL
OPEN = serialization.NoEncryption()


def pem_of(spec: KeySpec, form: serialization.PrivateFormat = PKCS8, lock: bytes = b"") -> str:
    encryption = serialization.BestAvailableEncryption(lock) if lock else OPEN
    return native_key(spec).private.private_bytes(serialization.Encoding.PEM, form, encryption).decode()


@pytest.mark.parametrize("spec", SPECS)
@pytest.mark.parametrize("form", [PKCS8, TRADITIONAL], ids=["PKCS#8", "traditional"])
def test_every_kind_and_form_is_read(spec: KeySpec, form: serialization.PrivateFormat) -> None:
    read, der = read_private_key(pem_of(spec, form), "key")
    assert read == spec
    again = serialization.load_der_private_key(der, None)
    assert isinstance(again, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey)
    assert again.private_numbers() == native_key(spec).private.private_numbers()


def test_what_stands_around_is_passed_over() -> None:
    parameters = "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n"
    text = f"Bag Attributes\n{parameters}{pem_of('ec-p256', TRADITIONAL)}bye"
    assert read_private_key(text.replace("\n", "\r\n"), "key")[0] == "ec-p256"


def other_kind(key: ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey) -> str:
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
        (other_kind(ed25519.Ed25519PrivateKey.generate()), "another kind"),
        (other_kind(ec.generate_private_key(ec.SECP521R1())), "another kind"),
    ],
    ids=["nothing", "two", "locked", "locked the old way", "damaged", "empty", "Ed25519", "P-521"],
)
def test_other_texts_say_what_is_wrong(text: str, words: str) -> None:
    with pytest.raises(InputError, match=words) as caught:
        read_private_key(text, "some-field")
    assert caught.value.field == "some-field"


LABELS = st.sampled_from(["PRIVATE KEY", "EC PRIVATE KEY", "RSA PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "CERTIFICATE"])
BODIES = st.one_of(st.text(), st.text("MIGHAgEAMBMGByqGSM49=\n", min_size=8), st.binary().map(lambda data: data.hex()))
BLOCKS = st.builds("-----BEGIN {0}-----\n{1}\n-----END {0}-----\n".format, LABELS, BODIES)


def fault_of(text: str) -> InputError | None:
    """What is wrong with `text`, or None where it is a key."""
    try:
        assert read_private_key(text, "key")[0] in SPECS
    except InputError as error:
        return error
    return None


@given(st.one_of(st.text(), BLOCKS))
def test_any_text_gives_a_key_or_words(text: str) -> None:
    fault = fault_of(text)
    assert fault is None or fault.field == "key"


@given(st.integers(0, 130), st.binary(min_size=1, max_size=4))
def test_any_damage_gives_a_key_or_words(place: int, change: bytes) -> None:
    der = native_key("ec-p256").private.private_bytes(serialization.Encoding.DER, PKCS8, OPEN)
    fault = fault_of(to_pem("PRIVATE KEY", der[:place] + change + der[place + len(change) :]))
    assert fault is None or fault.field == "key"
