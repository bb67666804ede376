"""What is odd about certificates and keys: each finding, and that a good chain has none."""

import ast
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID

from app.text.viewer import FINDINGS
from tests.unit.chains import NOW, chain, intermediate, leaf, root
from tests.unit.keys import native_key
from tests.unit.pki.formats.sources import openssl
from tests.unit.pki.viewer.reading import codes, judge
from tools.paths import ROOT

CA = (x509.BasicConstraints(ca=True, path_length=None), True)
NAME = "shop.example"
ISSUER = intermediate(extensions=[CA])
GOOD = leaf(NAME) + ISSUER


def key(n: int = 0) -> bytes:
    return native_key(n=n).private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


async def test_a_good_chain_and_its_key_have_nothing_odd() -> None:
    assert codes(await judge(GOOD, key())) == {"valid": "good", "chain-whole": "good", "key-belongs": "good"}


@pytest.mark.parametrize(
    ("file", "code", "weight"),
    [
        (leaf(NAME, until=NOW - timedelta(seconds=1), since=NOW - timedelta(days=90)) + ISSUER, "expired", "bad"),
        (leaf(NAME, since=NOW + timedelta(hours=1)) + ISSUER, "not-valid-yet", "bad"),
        (leaf(NAME, until=NOW + timedelta(days=20), since=NOW - timedelta(days=70)) + ISSUER, "ends-soon", "warn"),
        (leaf() + ISSUER, "no-name-at-all", "bad"),
        (leaf("*.shop.example") + ISSUER, "star-without-domain", "note"),
        (leaf(NAME, authority=True) + ISSUER, "leaf-is-ca", "bad"),
        (
            leaf(NAME, extensions=[(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), False)]) + ISSUER,
            "not-for-servers",
            "bad",
        ),
        (leaf(NAME), "chain-missing", "warn"),
        (leaf(NAME) + intermediate("Another"), "chain-with-gap", "bad"),
        (ISSUER + leaf(NAME), "wrong-order", "warn"),
        (GOOD + ISSUER, "copies", "warn"),
        (GOOD + root(), "root-included", "note"),
        (GOOD + intermediate("Another"), "others", "note"),
        (chain(NAME), "issuer-is-no-ca", "bad"),
        (ISSUER, "only-ca-certificates", "note"),
    ],
)
async def test_what_is_odd_is_found(file: str, code: str, weight: str) -> None:
    assert codes(await judge(file))[code] == weight


async def test_short_lived_certificates_end_soon_only_in_their_last_third() -> None:
    file = leaf(NAME, since=NOW - timedelta(days=1), until=NOW + timedelta(days=5)) + ISSUER
    assert "valid" in codes(await judge(file))
    assert "ends-soon" in codes(await judge(file, now=NOW + timedelta(days=4)))


async def test_whose_key_it_is() -> None:
    assert codes(await judge(GOOD, key(1)))["key-of-another"] == "bad"
    assert codes(await judge(GOOD))["no-key"] == "note"
    other = ed25519.Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    assert codes(await judge(GOOD, other))["key-not-compared"] == "note"
    assert codes(await judge(GOOD, key(), key(1)))["several-keys"] == "note"
    found = await judge(leaf(NAME) + leaf("other.example", spki=native_key(n=1).public_spki) + ISSUER, key(1))
    assert found.chain
    assert found.chain.leaf.facts.names == ("other.example",), "the one to which the key belongs"


async def test_the_name_of_the_issuer_alone_proves_nothing() -> None:
    """Another certificate of that name has another key."""
    other = intermediate(extensions=[CA], spki=native_key(n=1).public_spki)
    found = await judge(leaf(NAME) + other)
    assert codes(found)["signature-wrong"] == "bad"
    assert "chain-whole" not in codes(found)
    found = await judge(leaf(NAME) + other + ISSUER)
    assert codes(found)["chain-whole"] == "good", "the true one is found among several"
    assert found.chain
    assert len(found.chain.others) == 1
    stranger = intermediate(extensions=[CA], spki=_p521())
    assert codes(await judge(leaf(NAME) + stranger))["signature-unchecked"] == "note"


def _p521() -> bytes:
    public = ec.generate_private_key(ec.SECP521R1()).public_key()
    return public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


async def test_an_ended_issuer_is_told() -> None:
    found = await judge(leaf(NAME, until=NOW + timedelta(days=999)) + ISSUER, now=NOW + timedelta(days=200))
    assert codes(found)["issuer-not-valid"] == "bad"


def made(folder: Path, *options: str) -> str:
    """A certificate that openssl makes of a new key, signed by itself."""
    subject = ("-subj", "/CN=shop.example", "-noenc", "-keyout", str(folder / "key.pem"))
    return openssl("req", "-x509", "-days", "90", *subject, *options)


async def test_a_certificate_that_signed_itself(tmp_path: Path) -> None:
    file = made(tmp_path, "-newkey", "rsa:1024", "-sha1", "-addext", "basicConstraints=CA:FALSE")
    found = codes(await judge(file, (tmp_path / "key.pem").read_bytes(), now=_today(file)))
    assert found == {"self-signed": "warn", "short-key": "bad", "no-names": "bad", "valid": "good", "key-belongs": "good"}


async def test_a_digest_that_is_broken_counts_where_a_ca_has_signed(tmp_path: Path) -> None:
    ca = made(tmp_path, "-newkey", "rsa:2048")
    (tmp_path / "ca.pem").write_text(ca)
    (tmp_path / "key.pem").rename(tmp_path / "ca.key")
    new = ("-new", "-newkey", "rsa:2048", "-noenc", "-keyout", str(tmp_path / "key.pem"), "-subj", "/CN=x")
    (tmp_path / "x.csr").write_text(openssl("req", *new))
    issuer = ("-CA", str(tmp_path / "ca.pem"), "-CAkey", str(tmp_path / "ca.key"), "-sha1", "-days", "90")
    file = openssl("x509", "-req", "-in", str(tmp_path / "x.csr"), *issuer)
    found = await judge(file + ca, now=_today(file))
    assert codes(found)["broken-digest"] == "bad"
    assert codes(found)["signature-unchecked"] == "note"
    key_of_p521 = leaf(NAME, spki=_p521()) + ISSUER
    assert codes(await judge(key_of_p521))["unusual-key"] == "warn"


def _today(file: str) -> datetime:
    return x509.load_pem_x509_certificate(file.encode()).not_valid_before_utc + timedelta(days=1)


def test_each_finding_has_words() -> None:
    """The codes are read from the source, because no file has them all."""
    tree = ast.parse((ROOT / "app/pki/viewer/findings.py").read_text())
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Finding"]
    made = {call.args[1].value for call in calls if isinstance(call.args[1], ast.Constant)}
    assert made == set(FINDINGS)
