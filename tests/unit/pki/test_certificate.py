"""Certificate chains: what is accepted, what is refused, and what is read from them. `cryptography` makes and judges them."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, IPv6Address

import pytest
from asn1crypto.x509 import Certificate as Asn1Certificate
from asn1crypto.x509 import Time
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.name import NameAttribute, _ASN1Type
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from app.acme.identifier import Identifier
from app.errors import CertificateError, ValidityError
from app.pki.certificate import Chain, check_chain, read_chain, read_validity
from app.pki.pem import MAX_PEM, read_certificates, to_pem
from app.text.sentences import sentence
from tests.unit.chains import NOW, chain, intermediate, leaf, root
from tests.unit.keys import SPECS, native_key
from tests.unit.says import says

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
        pytest.param(("shop.example", "shop.example", "xn--bcher-kva.example"), id="wildcard lost"),
        pytest.param(("other.example",), id="others"),
        pytest.param((), id="none"),
    ],
)
def test_certificate_for_other_names_is_refused(names: tuple[str, ...]) -> None:
    with pytest.raises(CertificateError, check=says("not for all names")):
        check(chain(*names))


@pytest.mark.parametrize(
    "other", [x509.DNSName("www.shop.example"), x509.IPAddress(IPv4Address("192.0.2.1")), x509.RFC822Name("a@shop.example")]
)
def test_something_more_than_was_ordered_is_accepted(other: x509.GeneralName) -> None:
    """Some CAs add the name with or without `www.`; the page warns (test_extra_names.py)."""
    checked = check(leaf(*NAMES, others=[other]) + intermediate())
    assert checked.certificate.names[:-1] == NAMES


ADDRESSES = (Identifier("ip", "192.0.2.1"), Identifier("ip", "2001:db8::1"))


def test_certificate_for_addresses_is_accepted() -> None:
    others = [x509.IPAddress(IPv4Address("192.0.2.1")), x509.IPAddress(IPv6Address("2001:db8::1"))]
    pem = leaf(others=others) + intermediate()
    checked = check_chain(pem, ADDRESSES, native_key().public_spki, NOW)
    assert checked.certificate.names == ("192.0.2.1", "2001:db8::1")


def test_address_that_is_written_as_a_name_is_not_what_was_ordered() -> None:
    with pytest.raises(CertificateError, check=says("not for all names")):
        check_chain(chain("192.0.2.1"), ADDRESSES[:1], native_key().public_spki, NOW)


def test_certificate_for_another_key_is_refused() -> None:
    with pytest.raises(CertificateError, check=says("a different key")):
        check(chain(*NAMES, spki=native_key(n=1).public_spki))


@pytest.mark.parametrize(
    ("since", "until"),
    [
        pytest.param(NOW - timedelta(days=90), NOW - timedelta(seconds=1), id="expired"),
        pytest.param(NOW - timedelta(days=90), NOW, id="expired this second"),
        pytest.param(NOW + timedelta(seconds=1), NOW + timedelta(days=90), id="not yet valid"),
    ],
)
def test_certificate_that_is_not_valid_now_is_told_as_that(since: datetime, until: datetime) -> None:
    """certbot#1060."""
    with pytest.raises(ValidityError, check=says("not valid now")) as caught:
        check(leaf(*NAMES, since=since, until=until))
    assert (caught.value.now, caught.value.not_before, caught.value.not_after) == (NOW, since, until)
    assert f"{until.day} {until:%B %Y}" in sentence(caught.value)


@pytest.mark.parametrize(
    "pem",
    [
        pytest.param(chain("other.example"), id="other names"),
        pytest.param(chain(*NAMES, spki=native_key(n=1).public_spki), id="another key"),
        pytest.param(leaf(*NAMES, authority=True) + intermediate(), id="for a CA"),
        pytest.param(leaf(*NAMES) + root(), id="a gap"),
    ],
)
def test_clock_is_blamed_for_nothing_else(pem: str) -> None:
    with pytest.raises(CertificateError) as caught:
        check(pem, now=NOW - timedelta(days=400))
    assert not isinstance(caught.value, ValidityError)


@pytest.mark.parametrize(
    ("form", "moment"),
    [
        (b"20261121120000Z", NOW - timedelta(days=1)),
        (b"20261121120000", NOW - timedelta(days=1)),  # no time zone, against RFC 5280 §4.1.2.5.2
        (b"20261121130000+0100", NOW - timedelta(days=1)),
        (b"00000101000000Z", None),  # Python has no year 0
    ],
)
def test_times_are_read_as_utc_in_every_form(form: bytes, moment: datetime | None) -> None:
    certificate = Asn1Certificate.load(read_certificates(leaf(*NAMES))[0])
    certificate["tbs_certificate"]["validity"]["not_before"] = Time.load(b"\x18" + bytes([len(form)]) + form)
    pem = to_pem("CERTIFICATE", certificate.dump())
    if moment is None:
        with pytest.raises(CertificateError, check=says("cannot be read")):
            check(pem)
        with pytest.raises(CertificateError, check=says("cannot be read")):
            read_validity(pem)
    else:
        assert check(pem).certificate.not_before == read_validity(pem).not_before == moment


def test_validity_needs_the_first_certificate_only() -> None:
    pem = leaf(*NAMES)
    damaged, key = pem.replace("M", "=", 1), to_pem("PRIVATE KEY", b"secret")
    assert read_validity(pem + damaged) == read_validity(pem + key) == read_validity(pem)
    for text in (damaged + pem, key + pem, "", "x" * MAX_PEM + pem):
        with pytest.raises(CertificateError):
            read_validity(text)


def test_validity_is_found_without_reading_the_rest() -> None:
    text = chain(*NAMES)
    assert read_validity(text) == read_chain(text).certificate.validity
    first = Asn1Certificate.load(read_certificates(text)[0])
    first["tbs_certificate"]["version"] = "v1"  # which is not written: a default
    first["tbs_certificate"]["extensions"] = None
    text = to_pem("CERTIFICATE", first.dump(force=True))
    assert read_validity(text) == read_chain(text).certificate.validity


def test_validity_of_what_is_damaged_is_refused() -> None:
    der = read_certificates(leaf(*NAMES))[0]
    end = der.index(b"\x17\x0d")  # the tag and the length of a UTCTime: the first of the two times
    for damaged in (der[:end], der[: end + 20], der[:end] + b"\x02" + der[end + 1 :], b"\x30\x00", b"\x05\x00", b""):
        with pytest.raises(CertificateError):
            read_validity(to_pem("CERTIFICATE", damaged))
    for text in ("", "no certificate", chain(*NAMES).replace("CERTIFICATE", "PRIVATE KEY")):
        with pytest.raises(CertificateError):
            read_validity(text)


def test_first_second_of_validity_counts() -> None:
    check(leaf(*NAMES, since=NOW, until=NOW + timedelta(days=1)))


# ---- the order of a chain (ACME-PS#120, ACME-PS#134) ----

LEAF, MIDDLE, ROOT = leaf(*NAMES), intermediate(), root()
STRANGER = leaf("other.example", spki=native_key(n=1).public_spki)
OF_ANOTHER_ROOT = intermediate(issuer="Second")


@pytest.mark.parametrize(
    ("pem", "expected"),
    [
        pytest.param(LEAF + ROOT + MIDDLE, LEAF + MIDDLE + ROOT, id="intermediates swapped"),
        pytest.param(MIDDLE + LEAF, LEAF + MIDDLE, id="leaf last"),
        pytest.param(ROOT + MIDDLE + LEAF, LEAF + MIDDLE + ROOT, id="all backwards"),
        pytest.param(LEAF + LEAF + MIDDLE + MIDDLE, LEAF + MIDDLE, id="each twice"),
        pytest.param(LEAF + LEAF, LEAF, id="the leaf alone, twice"),
        pytest.param(LEAF + STRANGER + MIDDLE, LEAF + MIDDLE, id="another leaf"),
        pytest.param(LEAF + MIDDLE + intermediate("Other"), LEAF + MIDDLE, id="another intermediate"),
        pytest.param(LEAF + OF_ANOTHER_ROOT + ROOT, LEAF + OF_ANOTHER_ROOT, id="a gap higher up"),
        pytest.param(leaf("old.example") + LEAF + MIDDLE, LEAF + MIDDLE, id="an older leaf of the same key"),
        pytest.param(LEAF + MIDDLE + to_pem("CERTIFICATE", b"junk"), LEAF + MIDDLE, id="junk behind"),
    ],
)
def test_chain_is_put_in_order(pem: str, expected: str) -> None:
    assert check(pem).fullchain_pem == expected


def test_issuer_is_found_though_its_name_is_written_otherwise() -> None:
    """RFC 5280 §7.1: case, spaces and the kind of string do not count."""
    organization = NameAttribute(NameOID.ORGANIZATION_NAME, "test  ca", _ASN1Type.PrintableString)
    common_name = NameAttribute(NameOID.COMMON_NAME, "INTERMEDIATE ", _ASN1Type.BMPString)
    other = intermediate(x509.Name([organization, common_name]))
    assert check(LEAF + ROOT + other).fullchain_pem == LEAF + other + ROOT


def test_issuer_is_the_one_whose_key_is_named() -> None:
    """Two intermediates of one name, as a CA has them after a change of its key."""
    old, new = ((x509.SubjectKeyIdentifier(key), False) for key in (b"old", b"new"))
    ours = leaf(*NAMES, extensions=[(x509.AuthorityKeyIdentifier(b"new", None, None), False)])
    first, second = intermediate(extensions=[old]), intermediate(extensions=[new])
    assert check(ours + first + second).fullchain_pem == ours + second
    assert check(ours + first).fullchain_pem == ours + first  # a hint only: better than nothing


def test_leaf_that_has_the_name_of_its_issuer_is_followed_up() -> None:
    same = x509.Name([])  # as the leaves here have it
    assert check(leaf(*NAMES, issuer=same) + intermediate(same)).chain_pem


def test_root_is_the_end_though_another_one_has_its_name() -> None:
    cross_signed = intermediate("Root", "Second")
    assert check(LEAF + MIDDLE + ROOT + cross_signed).fullchain_pem == LEAF + MIDDLE + ROOT
    assert check(LEAF + MIDDLE + cross_signed + ROOT).fullchain_pem == LEAF + MIDDLE + cross_signed


def test_cas_that_signed_each_other_lead_in_no_circle() -> None:
    there, back = intermediate("Intermediate", "Second"), intermediate("Second", "Intermediate")
    assert check(back + LEAF + there).fullchain_pem == LEAF + there + back


@pytest.mark.parametrize(
    "pem",
    [
        pytest.param(LEAF + ROOT, id="intermediate left out"),
        pytest.param(LEAF + STRANGER, id="only another leaf behind"),
        pytest.param(LEAF + to_pem("CERTIFICATE", read_certificates(MIDDLE)[0][:-9]), id="intermediate damaged"),
    ],
)
def test_chain_without_the_issuer_of_its_leaf_is_refused(pem: str) -> None:
    with pytest.raises(CertificateError, check=says("do not follow")):
        check(pem)


def test_bytes_behind_a_certificate_are_refused() -> None:
    (der,) = read_certificates(leaf(*NAMES))
    with pytest.raises(CertificateError):
        check(to_pem("CERTIFICATE", der + b"\x00"))


@pytest.mark.parametrize("length", [0.02, 0.5, 0.98])
def test_truncated_certificate_is_refused(length: float) -> None:
    (der,) = read_certificates(leaf(*NAMES))
    with pytest.raises(CertificateError, check=says("cannot be read")):
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
