"""Certificate chains: what is accepted, what is refused, and what is read from them. `cryptography` makes and judges them."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, IPv6Address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from hypothesis import given
from hypothesis import strategies as st

from app.acme.identifier import Identifier
from app.errors import CertificateError
from app.pki.certificate import Chain, check_chain, read_chain
from app.pki.pem import read_certificates, to_pem
from tests.unit.chains import NOW, chain, intermediate, leaf, root
from tests.unit.keys import SPECS, native_key

NAMES = ("shop.example", "*.shop.example", "xn--bcher-kva.example")


def check(pem: str, *names: str, now: datetime = NOW, spki: bytes | None = None) -> Chain:
    identifiers = [Identifier("dns", name) for name in names or NAMES]
    return check_chain(pem, identifiers, spki or native_key().public_spki, now)


def test_good_chain_is_accepted_and_split_into_leaf_and_rest() -> None:
    first, second = leaf(*NAMES), intermediate()
    checked = check(first + second)
    assert (checked.cert_pem, checked.chain_pem, checked.fullchain_pem) == (first, second, first + second)


def test_chain_may_hold_several_intermediates_or_none() -> None:
    alone = check(leaf(*NAMES))
    assert alone.chain_pem == ""
    long = check(leaf(*NAMES) + intermediate() + root())
    assert long.chain_pem.count("BEGIN CERTIFICATE") == 2


def test_order_of_names_and_case_do_not_matter() -> None:
    check(chain("Shop.Example", "b.example"), "b.example", "shop.example")


@pytest.mark.parametrize("spec", SPECS)
def test_key_of_every_kind_is_recognised(spec: str) -> None:
    spki = next(native_key(s).public_spki for s in SPECS if s == spec)
    assert check(chain(*NAMES, spki=spki), spki=spki).certificate.public_spki == spki


@pytest.mark.parametrize(
    "names",
    [
        pytest.param(("shop.example",), id="too few"),
        pytest.param((*NAMES, "evil.example"), id="too many"),
        pytest.param(("shop.example", "shop.example", "xn--bcher-kva.example"), id="wildcard lost"),
        pytest.param(("other.example",), id="others"),
        pytest.param((), id="none"),
    ],
)
def test_certificate_for_other_names_is_refused(names: tuple[str, ...]) -> None:
    with pytest.raises(CertificateError, match="other names"):
        check(chain(*names))


@pytest.mark.parametrize("other", [x509.IPAddress(IPv4Address("192.0.2.1")), x509.RFC822Name("a@shop.example")])
def test_certificate_with_something_else_beside_the_names_is_refused(other: x509.GeneralName) -> None:
    with pytest.raises(CertificateError, match="other names"):
        check(leaf(*NAMES, others=[other]) + intermediate())


ADDRESSES = (Identifier("ip", "192.0.2.1"), Identifier("ip", "2001:db8::1"))


def test_certificate_for_addresses_is_accepted() -> None:
    others = [x509.IPAddress(IPv4Address("192.0.2.1")), x509.IPAddress(IPv6Address("2001:db8::1"))]
    pem = leaf(others=others) + intermediate()
    checked = check_chain(pem, ADDRESSES, native_key().public_spki, NOW)
    assert checked.certificate.names == ("192.0.2.1", "2001:db8::1")


def test_address_that_is_written_as_a_name_is_not_what_was_ordered() -> None:
    with pytest.raises(CertificateError, match="other names"):
        check_chain(chain("192.0.2.1"), ADDRESSES[:1], native_key().public_spki, NOW)


def test_certificate_for_another_key_is_refused() -> None:
    with pytest.raises(CertificateError, match="another key"):
        check(chain(*NAMES, spki=native_key(n=1).public_spki))


@pytest.mark.parametrize(
    ("since", "until"),
    [
        pytest.param(NOW - timedelta(days=90), NOW - timedelta(seconds=1), id="expired"),
        pytest.param(NOW + timedelta(seconds=1), NOW + timedelta(days=90), id="not yet valid"),
    ],
)
def test_certificate_that_is_not_valid_now_is_refused(since: datetime, until: datetime) -> None:
    with pytest.raises(CertificateError, match="not valid now") as caught:
        check(leaf(*NAMES, since=since, until=until))
    assert f"{until:%Y-%m-%d}" in caught.value.detail


def test_first_second_of_validity_counts() -> None:
    check(leaf(*NAMES, since=NOW, until=NOW + timedelta(days=1)))


@pytest.mark.parametrize(
    "pem",
    [
        pytest.param(leaf(*NAMES) + root(), id="intermediate left out"),
        pytest.param(leaf(*NAMES) + root() + intermediate(), id="intermediates swapped"),
        pytest.param(leaf(*NAMES) + leaf("other.example"), id="another leaf behind"),
    ],
)
def test_chain_in_wrong_order_is_refused(pem: str) -> None:
    with pytest.raises(CertificateError, match="do not follow"):
        check(pem)


def test_chain_with_the_leaf_last_is_refused() -> None:
    with pytest.raises(CertificateError):
        check(intermediate() + leaf(*NAMES))


def test_bytes_behind_a_certificate_are_refused() -> None:
    (der,) = read_certificates(leaf(*NAMES))
    with pytest.raises(CertificateError):
        check(to_pem("CERTIFICATE", der + b"\x00"))


@pytest.mark.parametrize("length", [0.02, 0.5, 0.98])
def test_truncated_certificate_is_refused(length: float) -> None:
    (der,) = read_certificates(leaf(*NAMES))
    with pytest.raises(CertificateError, match="cannot be read"):
        check(to_pem("CERTIFICATE", der[: int(len(der) * length)]))


DAMAGED = leaf(*NAMES)


@given(st.data())
def test_damaged_certificate_is_read_or_refused_and_raises_nothing_else(data: st.DataObject) -> None:
    (der,) = read_certificates(DAMAGED)
    damaged = bytearray(der)
    for _ in range(data.draw(st.integers(1, 3))):
        damaged[data.draw(st.integers(0, len(der) - 1))] = data.draw(st.integers(0, 255))
    with suppress(CertificateError):
        assert check(to_pem("CERTIFICATE", bytes(damaged))).cert_pem


@given(st.binary(min_size=1, max_size=200))
def test_any_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(CertificateError):
        read_chain(to_pem("CERTIFICATE", data))


def test_certificate_is_described_as_cryptography_reads_it() -> None:
    pem = leaf(*NAMES)
    certificate = read_chain(pem).certificate
    judge = x509.load_pem_x509_certificate(pem.encode())
    assert certificate.names == NAMES
    assert certificate.issuer == "Test CA, Intermediate"
    assert certificate.not_before == datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
    assert certificate.not_after == datetime(2027, 2, 19, 12, 0, tzinfo=UTC)
    assert int(certificate.serial, 16) == judge.serial_number
    assert bytes.fromhex(certificate.fingerprint) == judge.fingerprint(hashes.SHA256())
    assert certificate.fingerprint == certificate.fingerprint.upper()
    assert certificate.public_spki == native_key().public_spki
