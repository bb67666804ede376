"""Certificate files of every kind that people have, and what they take for one."""

import base64
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs7,
)

from app.errors import KeystayError
from app.pki.pem import read_certificates, to_pem
from app.pki.viewer.contents import MAX_CERTIFICATES, MAX_FILE
from app.ports import KeySpec
from app.text.sentences import sentence
from tests.adapters import PrivateKey
from tests.unit.chains import chain, intermediate, leaf
from tests.unit.keys import native_key
from tests.unit.pki.formats.sources import openssl
from tests.unit.pki.viewer.reading import NAMES, Noted, look
from tools.paths import ROOT

WORD, WRONG = "wörd", "another word"
CHAIN = chain(*NAMES)
REQUEST = (ROOT / "tests/cases/c13b-cn-host.csr.txt").read_text()
LEAF_DER = read_certificates(CHAIN)[0]


def key_pem(form: PrivateFormat = PrivateFormat.PKCS8, spec: KeySpec = "ec-p256") -> str:
    return native_key(spec).private.private_bytes(Encoding.PEM, form, NoEncryption()).decode()


def locked(password: str) -> str:
    encryption = BestAvailableEncryption(password.encode())
    return native_key().private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption).decode()


async def refusal(*files: bytes | str, password: str | None = None) -> str:
    with pytest.raises(KeystayError) as caught:
        await look(*files, password=password)
    assert sentence(caught.value)
    return caught.value.code


AROUND = f"From: admin\n\nBag Attributes\n  friendlyName: x\n{CHAIN}and a word behind\n"


@pytest.mark.parametrize(
    ("file", "count"),
    [
        pytest.param(CHAIN.encode(), 2, id="PEM"),
        pytest.param(CHAIN.replace("\n", "\r\n").encode(), 2, id="PEM of Windows"),
        pytest.param(f"0 s:CN = shop.example\n{CHAIN}".encode(), 2, id="what s_client prints"),
        pytest.param(CHAIN.encode("utf-16"), 2, id="PEM in UTF-16"),
        pytest.param(AROUND.encode(), 2, id="PEM with text around it"),
        pytest.param(to_pem("TRUSTED CERTIFICATE", LEAF_DER + b"\x30\x03\x0c\x01x").encode(), 1, id="with OpenSSL’s settings"),
        pytest.param(LEAF_DER, 1, id="DER"),
        pytest.param(base64.b64encode(LEAF_DER), 1, id="base64 of DER"),
        pytest.param(pkcs7.serialize_certificates(x509.load_pem_x509_certificates(CHAIN.encode()), Encoding.DER), 2, id="P7B"),
        pytest.param(
            pkcs7.serialize_certificates(x509.load_pem_x509_certificates(CHAIN.encode()), Encoding.PEM), 2, id="P7B as PEM"
        ),
    ],
)
async def test_certificates_are_found(file: bytes, count: int) -> None:
    contents = await look(file)
    assert len(contents.certificates) == count
    assert NAMES in [certificate.facts.names for certificate in contents.certificates]
    assert contents.faults == []


@pytest.mark.parametrize("spec", ["ec-p256", "ec-p384", "rsa-2048"])
@pytest.mark.parametrize("form", [PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL])
@pytest.mark.parametrize("encoding", [Encoding.PEM, Encoding.DER])
async def test_private_keys_are_read_for_their_public_half(spec: KeySpec, form: PrivateFormat, encoding: Encoding) -> None:
    noted = Noted()
    contents = await look(native_key(spec).private.private_bytes(encoding, form, NoEncryption()), noted=noted)
    (key,) = contents.keys
    assert key.public.spki == native_key(spec).public_spki
    assert key.public.spec == spec
    expected = "PKCS#8" if form is PrivateFormat.PKCS8 else "SEC 1" if spec.startswith("ec") else "PKCS#1"
    assert key.form == expected
    assert len(noted) == 1, "so that no request can carry it"


@pytest.mark.parametrize("spec", ["ec-p256", "ec-p384"])
async def test_the_public_half_is_worked_out_where_the_key_does_not_have_it(spec: KeySpec, tmp_path: Path) -> None:
    """As in the keys that Java exports."""
    (tmp_path / "key.pem").write_text(key_pem(PrivateFormat.TraditionalOpenSSL, spec))
    openssl("ec", "-in", str(tmp_path / "key.pem"), "-no_public", "-out", str(tmp_path / "bare.pem"))
    (key,) = (await look((tmp_path / "bare.pem").read_bytes())).keys
    assert key.public.spki == native_key(spec).public_spki


@pytest.mark.parametrize(
    ("private", "kind"),
    [(ed25519.Ed25519PrivateKey.generate(), "Ed25519"), (ec.generate_private_key(ec.SECP521R1()), "EC P-521")],
)
async def test_keys_of_other_kinds_are_named(private: PrivateKey, kind: str) -> None:
    (key,) = (await look(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))).keys
    assert key.public.kind == kind
    assert key.public.spec is None


async def test_a_locked_key_beside_certificates_leaves_them_readable() -> None:
    for password, code in ((None, "key-needs-password"), (WRONG, "key-wrong-password")):
        contents = await look(CHAIN, locked(WORD), password=password)
        assert len(contents.certificates) == 2
        assert [fault.code for fault in contents.faults] == [code]
        assert contents.needs_password
    contents = await look(CHAIN, locked(WORD), password=WORD)
    assert contents.keys[0].public.spki == native_key().public_spki
    assert contents.keys[0].locked
    assert not contents.needs_password


async def test_a_locked_key_alone_asks_for_its_password() -> None:
    assert await refusal(locked(WORD)) == "key-needs-password"
    assert await refusal(locked(WORD), password=WRONG) == "key-wrong-password"


@pytest.mark.parametrize(
    "options",
    [["-v2", "aes-128-cbc"], ["-v2", "des3"], ["-v2prf", "hmacWithSHA1"], ["-v2prf", "hmacWithSHA512"], ["-iter", "9999"]],
)
async def test_keys_that_openssl_has_locked_are_opened(options: list[str], tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_text(key_pem())
    command = ["pkcs8", "-topk8", "-in", str(tmp_path / "key.pem"), "-passout", f"pass:{WORD}", *options]
    (key,) = (await look(openssl(*command), password=WORD)).keys
    assert key.public.spki == native_key().public_spki


@pytest.mark.parametrize(
    ("options", "code"), [(["-scrypt"], "file-under-unknown-cipher"), (["-v2", "aes-192-cbc"], "file-under-unknown-cipher")]
)
async def test_other_ciphers_are_named(options: list[str], code: str, tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_text(key_pem())
    file = openssl("pkcs8", "-topk8", "-in", str(tmp_path / "key.pem"), "-passout", f"pass:{WORD}", *options)
    assert await refusal(file, password=WORD) == code


async def test_a_request_is_counted() -> None:
    contents = await look(REQUEST, CHAIN)
    assert contents.requests == 1


async def test_a_damaged_part_does_not_take_the_others_with_it() -> None:
    damaged = CHAIN.replace("MII", "MIJ", 1)
    contents = await look(damaged + to_pem("CERTIFICATE", b"\x30\x03abc") + to_pem("STRANGE THING", b"x"))
    assert [certificate.facts.names for certificate in contents.certificates] == [()]
    assert {fault.code for fault in contents.faults} == {"certificate-in-file-damaged", "block-unknown"}


@pytest.mark.parametrize(
    ("file", "code"),
    [
        pytest.param(b"", "file-empty", id="nothing"),
        pytest.param(b" \r\n", "file-empty", id="white space"),
        pytest.param(b"hello", "file-without-certificates", id="text"),
        pytest.param(bytes(range(256)), "file-without-certificates", id="bytes"),
        pytest.param(b"x" * (MAX_FILE + 1), "file-too-large", id="megabytes"),
        pytest.param(b"PK\x03\x04rest", "file-is-a-zip", id="zip"),
        pytest.param(b"\xfe\xed\xfe\xed\x00\x00\x00\x02", "file-is-a-java-keystore", id="JKS"),
        pytest.param(b"<!DOCTYPE html><p>", "file-is-a-web-page", id="HTML"),
        pytest.param(b"PuTTY-User-Key-File-3: ssh-rsa", "key-putty", id="PuTTY"),
        pytest.param(b"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5", "key-is-public", id="OpenSSH’s public key"),
        pytest.param(to_pem("OPENSSH PRIVATE KEY", b"x" * 99).encode(), "key-openssh", id="OpenSSH’s private key"),
        pytest.param(CHAIN[: CHAIN.index("-----END")].encode(), "block-end-missing", id="cut off"),
        pytest.param(to_pem("RSA PRIVATE KEY", b"\x30\x03abc").encode(), "block-damaged", id="no key"),
        pytest.param(to_pem("CERTIFICATE REQUEST", b"\x30\x03abc").encode(), "request-damaged", id="no request"),
        pytest.param(to_pem("ENCRYPTED PRIVATE KEY", b"\x30\x03abc").encode(), "block-damaged", id="no encrypted key"),
        pytest.param(to_pem("PKCS7", b"\x30\x03abc").encode(), "block-damaged", id="no P7B"),
        pytest.param(b"\x30\x82\xff\xff", "certificate-in-file-damaged", id="DER cut off"),
        pytest.param(to_pem("PUBLIC KEY", b"x").encode(), "file-without-certificates", id="only what is ignored"),
        pytest.param(
            to_pem("RSA PRIVATE KEY", b"x").replace("-----\n", "-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: x\n\n", 1).encode(),
            "key-locked-by-headers",
            id="locked in the old way",
        ),
    ],
)
async def test_what_is_none_is_a_sentence(file: bytes, code: str) -> None:
    assert await refusal(file) == code


async def test_too_many_are_refused_and_the_first_ones_kept() -> None:
    contents = await look(leaf(*NAMES) * (MAX_CERTIFICATES + 5))
    assert len(contents.certificates) == MAX_CERTIFICATES
    assert [fault.code for fault in contents.faults] == ["file-with-too-many-certificates"]
    contents = await look(key_pem() * 12)
    assert len(contents.keys) == 10
    assert [fault.code for fault in contents.faults] == ["file-with-too-many-keys"]
    assert await refusal(intermediate() * 250) == "file-with-too-many-certificates"
