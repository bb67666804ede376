"""A private key is recognised by its form in every encoding, and nothing that a CA is sent is taken for one."""

import json
import random
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable
from typing import Final
from urllib.parse import urlencode

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given
from hypothesis import strategies as st

from app.encoding.decodings import TooDeepError, readings
from app.pki.private_key_detection import MAX_TEXT, is_private_key, looks_like_private_key
from tests.unit.chains import chain
from tests.unit.private_keys import ENCODINGS, body_of, foreign_keys, key_files, public_texts
from tests.unit.requests import request_for

LABELS: Final = sorted(key_files())
# Of a locked key in the traditional form the labels say what it is; the rest is ciphertext.
BARE: Final = [
    label for label in LABELS if ("PEM" in label or "OpenSSH" in label) and not label.endswith("traditional PEM, locked")
]
LONG: Final = 60_000  # bytes; the gate lets nothing longer pass anyway


def found(data: bytes) -> bool:
    """Whether a key is found in `data`. Four of `ENCODINGS` are at most eight layers: one puts UTF-16 around base64."""
    return any(map(is_private_key, readings(data, 8)))


def within(inner: bytes, *encodings: str) -> bytes:
    """`inner` in these encodings, the first one outermost."""
    for name in reversed(encodings):
        inner = ENCODINGS[name](inner)
    return inner


@pytest.mark.parametrize("label", LABELS)
def test_every_form_is_found_as_it_is_and_in_every_encoding(label: str) -> None:
    key = key_files()[label]
    assert is_private_key(key)
    for name in ENCODINGS:
        assert found(within(key, name)), name


@pytest.mark.parametrize("outer", ENCODINGS)
@pytest.mark.parametrize("inner", ENCODINGS)
@pytest.mark.parametrize("label", ["P-256 traditional DER", "Ed25519 PKCS#8 PEM", "P-384 JWK", "P-256 DER, locked"])
def test_it_is_found_in_four_layers(label: str, inner: str, outer: str) -> None:
    key = key_files()[label]
    for layers in ((outer, inner), (outer, inner, inner), (outer, outer, inner, inner), (outer, inner, outer, inner)):
        wrapped = within(key, *layers)
        assert len(wrapped) > LONG or found(wrapped), layers


@given(st.sampled_from(LABELS), st.lists(st.sampled_from(sorted(ENCODINGS)), max_size=4), st.binary(max_size=5))
def test_it_is_found_in_any_four_layers_wherever_it_stands(label: str, layers: list[str], before: bytes) -> None:
    wrapped = before + within(key_files()[label], *layers)
    assert len(wrapped) > LONG or found(wrapped)


@pytest.mark.parametrize("label", BARE)
def test_the_lines_between_the_labels_alone_are_found(label: str) -> None:
    key = key_files()[label]
    assert found(body_of(key))
    if label != "DSA PKCS#8 PEM":  # there the algorithm alone is longer
        assert found(body_of(key).splitlines()[0] + b"\n"), "the first line"


@pytest.mark.parametrize(
    "change",
    [
        lambda pem: pem.replace("\n", "\\n"),
        lambda pem: pem.replace("\n", "\r\n"),
        lambda pem: pem.replace("\n", " "),
        lambda pem: pem.lower(),
        lambda pem: pem.replace("-----", "----"),
        lambda pem: pem.replace("-----", "—"),
        lambda pem: pem.replace("-----", ""),
        lambda pem: pem.replace(" ", "\u00a0"),
        lambda pem: pem.partition("-----END")[0],
        lambda pem: pem.partition("KEY-----")[2],
        lambda pem: pem[:40],
        lambda pem: json.dumps({"kid": pem}),
        lambda pem: "https://ca.example/?" + urlencode({"key": pem}),
        lambda pem: urlencode({"a": "1", "key": pem}),
        lambda pem: "".join(f"> {line}\n" for line in pem.splitlines()),
        lambda pem: b64encode(pem.encode("utf-16-le")).decode(),
        lambda pem: pem.encode("utf-16-le").decode("utf-16-be", "replace"),
        lambda pem: json.dumps(pem.encode("utf-16-be").decode("utf-16-le", "replace")),
        lambda pem: "\0".join(pem),
    ],
)
@pytest.mark.parametrize("label", ["P-256 PKCS#8 PEM", "RSA 2048 traditional PEM", "P-256 PKCS#8 PEM, locked"])
def test_pem_is_found_however_it_was_spoilt_on_the_way(label: str, change: Callable[[str], str]) -> None:
    assert looks_like_private_key(change(key_files()[label].decode()))


@pytest.mark.parametrize("label", ["P-256", "P-521", "Ed25519", "RSA 2048"])
def test_jwk_is_found_however_it_is_written(label: str) -> None:
    members = json.loads(key_files()[f"{label} JWK"])
    compact = json.dumps(members, separators=(",", ":"))
    texts = [
        compact,
        json.dumps(members, indent=2),
        json.dumps({"keys": [members]}),
        json.dumps(json.dumps(compact)),
        str(members),  # as Python writes it
        "\n".join(f"{name}: {value}" for name, value in members.items()),
        urlencode(members),
        compact[:-1],
        json.dumps(dict(reversed(members.items()))),
        json.dumps({"kty": members["kty"], "oth": [{"r": {"a": {}}}], **members}),
    ]
    for text in texts:
        assert looks_like_private_key(text), text


def test_numbers_in_lists_are_read() -> None:
    der = key_files()["P-256 PKCS#8 DER"]
    assert looks_like_private_key(json.dumps(list(der)))
    assert looks_like_private_key(", ".join(f"0x{byte:02x}" for byte in der))
    assert looks_like_private_key("".join(f"\\x{byte:02x}" for byte in der))
    assert looks_like_private_key(str(int.from_bytes(der)))


@pytest.mark.parametrize(
    "text",
    [
        b"priv:\n    00:b4:3a:11:f0:92:7c:55:e2:0d:88:41\npub:\n    04:aa",
        b"<RSAKeyValue><Modulus>x</Modulus><InverseQ>aa</InverseQ></RSAKeyValue>",
        b"[Interface]\nPrivateKey = yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=\n",
        b"Private-key-format: v1.3\nAlgorithm: 13 (ECDSAP256SHA256)\nPrivateKey: bm90IGEga2V5\n",
        b"Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,92C62F8E\n\nAAAA",
    ],
)
def test_marks_of_other_formats_are_known(text: bytes) -> None:
    assert found(text)


@pytest.mark.parametrize("label", sorted(public_texts()))
def test_public_keys_and_requests_are_none(label: str) -> None:
    text = public_texts()[label]
    assert not found(text)
    for name in ENCODINGS:
        assert not found(within(text, name)), name


@pytest.mark.parametrize(
    "text",
    [
        "my-private-key.example, begin-private-key.example, xn--private--key.example",
        "https://ca.example/order?k=bqi9ZkXlTMnB0nNqYcKWLiQ8vdmEw9DCTz3lTDs4d0A&d=vB6dmoPvSTl3GXlSpD9pQd",
        "mailto:private.key+begin@shop.example",
        "The public key of the account begins here. Keep the private key secret.",
        json.dumps(
            {"jwk": {"kty": "EC", "crv": "P-256", "x": "a" * 43, "y": "b" * 43}, "url": "https://ca.example/?d=" + "c" * 43}
        ),
        json.dumps({"kid": "kTY9p0", "d": "vB6dmoPvSTl3GXlSpD9pQd"}),
        chain("shop.example"),
    ],
)
def test_what_only_resembles_one_is_none(text: str) -> None:
    assert not looks_like_private_key(text)


def test_version_1_certificate_like_structures_are_none() -> None:
    """A certificate of X.509 version 1 begins with its serial number, as a key does with its version."""
    algorithm = bytes.fromhex("300a06082a8648ce3d040302")
    for serial in (b"\x02\x01\x00", b"\x02\x01\x01"):
        inner = serial + algorithm + bytes.fromhex("300d310b3009060355040613025858") + bytes(100)
        assert not is_private_key(b"\x30\x81\x80" + inner)


def test_what_still_looks_encoded_below_four_layers_is_not_passed() -> None:
    data = random.Random(1).randbytes(64)  # noqa: S311 – the same in each run
    for _ in range(4):
        data = b64encode(data)
    assert not looks_like_private_key(data.decode())
    with pytest.raises(TooDeepError):
        list(readings(b64encode(data), 4))
    assert looks_like_private_key(b64encode(data).decode())


def test_random_text_is_none() -> None:
    """The whole measurement had 200,000 requests; this is a sample."""
    source = random.Random(7)  # noqa: S311 – the same in each run
    for size in (16, 32, 48, 64, 512, 4096):
        for _ in range(20):
            data = source.randbytes(size)
            for text in (data.hex(), urlsafe_b64encode(data).decode(), str(int.from_bytes(data[:500]))):
                assert not looks_like_private_key(text)


def test_long_text_is_looked_at_as_far_as_it_could_be_sent() -> None:
    prose = "It was the best of times, it was the worst of times. " * 40_000
    assert not looks_like_private_key(prose)
    assert looks_like_private_key(key_files()["P-256 PKCS#8 PEM"].decode() + prose)
    assert looks_like_private_key("A" * 40 + prose[: MAX_TEXT - 400] + key_files()["P-256 PKCS#8 PEM"].decode())


@given(st.binary())
def test_any_bytes_are_read(data: bytes) -> None:
    assert is_private_key(data) in (True, False)


def test_a_request_of_a_hundred_names_with_the_longest_key_is_read_in_full() -> None:
    names = [f"{'x' * 60}.{'y' * 60}.{'z' * 60}.{number}.example" for number in range(100)]
    request = request_for(*names, key=foreign_keys()["RSA 4096"])  # type: ignore[arg-type]
    der = request.public_bytes(Encoding.DER)
    work = sum(map(len, readings(json.dumps({"payload": urlsafe_b64encode(der).decode()}).encode(), 5)))
    assert work < 20 * len(der)
