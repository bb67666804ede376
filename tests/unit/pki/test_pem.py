"""PEM in the strict form of RFC 8555 §9.1."""

import time
from collections.abc import Callable
from contextlib import suppress

import pytest
from cryptography.hazmat.primitives import serialization
from hypothesis import given
from hypothesis import strategies as st

from app.errors import CertificateError
from app.pki.pem import read_certificates, to_pem
from tests.unit.chains import chain, intermediate, leaf
from tests.unit.keys import native_key
from tests.unit.says import says


def private_key_pem() -> str:
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return native_key().private.private_bytes(*form).decode("ascii")


def test_block_is_written_as_cryptography_writes_it() -> None:
    pem = leaf("shop.example")
    (der,) = read_certificates(pem)
    assert to_pem("CERTIFICATE", der) == pem


@given(st.lists(st.binary(min_size=1, max_size=300), min_size=1, max_size=4))
def test_what_is_written_can_be_read(ders: list[bytes]) -> None:
    assert read_certificates("".join(to_pem("CERTIFICATE", der) for der in ders)) == tuple(ders)


def test_chain_is_read_in_its_order() -> None:
    first, second = leaf("shop.example"), intermediate()
    assert read_certificates(first + second) == read_certificates(first) + read_certificates(second)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda pem: pem.replace("\n", "\r\n"), id="CR LF line ends"),
        pytest.param(lambda pem: f"\n\n{pem}\n\n", id="empty lines around"),
        pytest.param(lambda pem: pem.replace("-----BEGIN", "\n-----BEGIN"), id="an empty line between"),
        pytest.param(lambda pem: pem.rstrip(), id="no line feed at the end"),
    ],
)
def test_white_space_makes_no_difference(change: Callable[[str], str]) -> None:
    pem = chain("shop.example")
    assert read_certificates(change(pem)) == read_certificates(pem)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("<html>503 Service Unavailable</html>", id="HTML"),
        pytest.param("\x00\ufffd\x30\x82", id="bytes that are no text"),
        pytest.param("-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n", id="an empty block"),
        pytest.param("-----BEGIN CERTIFICATE-----\nMIIB\n", id="no end"),
        pytest.param("-----BEGIN CERTIFICATE-----\nMIIB\n-----END X509 CRL-----\n", id="the end of another block"),
        pytest.param("-----BEGIN CERTIFICATE-----\nMII!\n-----END CERTIFICATE-----\n", id="a foreign character"),
        pytest.param("-----BEGIN CERTIFICATE-----\nMIIBA\n-----END CERTIFICATE-----\n", id="truncated base64"),
        pytest.param("-----BEGIN CERTIFICATE-----\nM=IB\n-----END CERTIFICATE-----\n", id="padding in the middle"),
    ],
)
def test_what_is_no_chain_is_refused(text: str) -> None:
    with pytest.raises(CertificateError):
        read_certificates(text)


@pytest.mark.parametrize("position", ["before", "between", "behind"])
def test_chain_with_a_private_key_in_it_is_refused_whole(position: str) -> None:
    first, second, key = leaf("shop.example"), intermediate(), private_key_pem()
    text = {"before": key + first + second, "between": first + key + second, "behind": first + second + key}[position]
    with pytest.raises(CertificateError, check=says("refuses all of it")):
        read_certificates(text)


@pytest.mark.parametrize("label", ["X509 CRL", "CERTIFICATE REQUEST", "RSA PRIVATE KEY", "TRUSTED CERTIFICATE", "certificate"])
def test_other_blocks_are_refused(label: str) -> None:
    with pytest.raises(CertificateError):
        read_certificates(chain("shop.example") + to_pem(label, b"anything"))


def test_refusal_of_a_private_key_does_not_repeat_it() -> None:
    with pytest.raises(CertificateError) as caught:
        read_certificates(private_key_pem())
    assert "PRIVATE" not in caught.value.detail


@pytest.mark.parametrize(
    "filler",
    [
        pytest.param(" \n" * 100_000, id="spaces"),
        pytest.param("A" * 200_000, id="letters"),
        pytest.param("-----BEGIN CERTIFICATE-----\n" * 8_000, id="beginnings"),
        pytest.param("-----BEGIN " * 20_000, id="half beginnings"),
    ],
)
def test_hostile_text_is_refused_quickly(filler: str) -> None:
    start = time.perf_counter()
    with pytest.raises(CertificateError):
        read_certificates(f"-----BEGIN CERTIFICATE-----\n{filler}\n-----END NOTHING-----\n")
    assert time.perf_counter() - start < 2


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(CertificateError):
        assert read_certificates(text)
