"""PFX files by OpenSSL, by `cryptography` and by this page; what is locked otherwise, and what asks for too much."""

from pathlib import Path

import pytest
from asn1crypto import pkcs12 as asn1
from asn1crypto.algos import EncryptionAlgorithm
from asn1crypto.cms import ContentInfo
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, pkcs12

from app.errors import InputError, KeystayError
from app.pki.formats import format_named
from app.pki.viewer.decryption import MAX_TRIPLE_DES, Decryption, FileTools
from app.text.sentences import sentence
from tests.adapters import InstalledPackages, NativeCipher
from tests.unit.chains import chain
from tests.unit.keys import native_key
from tests.unit.pki.formats.sources import PASSWORD, openssl, source_of
from tests.unit.pki.viewer.reading import NAMES, Noted, look

WORD, WRONG, NO_WORD = "word", "another word", ""
CERTIFICATES = x509.load_pem_x509_certificates(chain(*NAMES).encode())
LEAF, OTHERS = CERTIFICATES[0], CERTIFICATES[1:]


async def assert_whole(file: bytes, password: str | None) -> None:
    noted = Noted()
    contents = await look(file, password=password, noted=noted)
    assert len(contents.certificates) == 2
    assert [key.public.spki for key in contents.keys] == [native_key().public_spki]
    assert contents.faults == []
    assert len(noted) == 1


async def refusal(file: bytes, password: str | None = None) -> str:
    with pytest.raises(KeystayError) as caught:
        await look(file, password=password)
    assert sentence(caught.value)
    return caught.value.code


@pytest.mark.parametrize("id_", ["pfx", "pfx-legacy"])
async def test_what_this_page_writes_it_reads(id_: str) -> None:
    file = await format_named(id_).file(source_of())
    assert file
    await assert_whole(file.body, PASSWORD)
    assert await refusal(file.body) == "file-needs-password"
    assert await refusal(file.body, WRONG) == "file-wrong-password"


def by_cryptography(cipher: pkcs12.PBES, digest: hashes.HashAlgorithm) -> bytes:
    builder = PrivateFormat.PKCS12.encryption_builder().kdf_rounds(2000)
    encryption = builder.key_cert_algorithm(cipher).hmac_hash(digest).build(b"word")
    return pkcs12.serialize_key_and_certificates(b"x", native_key().private, LEAF, OTHERS, encryption)


@pytest.mark.parametrize(
    ("cipher", "digest"),
    [
        (pkcs12.PBES.PBESv2SHA256AndAES256CBC, hashes.SHA256()),
        (pkcs12.PBES.PBESv1SHA1And3KeyTripleDESCBC, hashes.SHA256()),
        (pkcs12.PBES.PBESv1SHA1And3KeyTripleDESCBC, hashes.SHA1()),  # noqa: S303 – as old systems want it
    ],
)
async def test_files_of_another_program_are_opened(cipher: pkcs12.PBES, digest: hashes.HashAlgorithm) -> None:
    await assert_whole(by_cryptography(cipher, digest), WORD)


async def test_a_file_without_a_password_needs_none() -> None:
    file = pkcs12.serialize_key_and_certificates(b"x", native_key().private, LEAF, OTHERS, NoEncryption())
    await assert_whole(file, None)


def by_openssl(folder: Path, *options: str, password: str = WORD) -> bytes:
    (folder / "chain.pem").write_bytes(b"".join(one.public_bytes(Encoding.PEM) for one in CERTIFICATES))
    form = (Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "key.pem").write_bytes(native_key().private.private_bytes(*form))
    files = ["-in", str(folder / "chain.pem"), "-inkey", str(folder / "key.pem"), "-out", str(folder / "out.pfx")]
    openssl("pkcs12", "-export", *files, "-passout", f"pass:{password}", *options)
    return (folder / "out.pfx").read_bytes()


@pytest.mark.parametrize(
    "options",
    [
        [],
        ["-nomac"],
        ["-macalg", "sha512"],
        ["-keypbe", "PBE-SHA1-3DES", "-certpbe", "PBE-SHA1-3DES", "-macalg", "sha1"],
        ["-keypbe", "PBE-SHA1-2DES", "-certpbe", "NONE", "-legacy"],
        ["-keypbe", "AES-128-CBC", "-certpbe", "DES-EDE3-CBC"],
    ],
    ids=" ".join,
)
async def test_what_openssl_writes_is_read(options: list[str], tmp_path: Path) -> None:
    await assert_whole(by_openssl(tmp_path, *options), WORD)


async def test_an_empty_password_is_tried_by_itself(tmp_path: Path) -> None:
    await assert_whole(by_openssl(tmp_path, password=NO_WORD), None)


async def test_without_a_mac_a_wrong_password_is_told_all_the_same(tmp_path: Path) -> None:
    contents = await look(by_openssl(tmp_path, "-nomac"), password=WRONG)
    assert [fault.code for fault in contents.faults] == ["file-wrong-password"]
    assert contents.needs_password
    assert contents.keys == []


async def test_rc2_is_told_with_the_command_that_helps(tmp_path: Path) -> None:
    """As Windows and OpenSSL 1 have locked the certificates; the key beside them was under 3DES."""
    file = by_openssl(tmp_path, "-legacy", "-certpbe", "PBE-SHA1-RC2-40", "-keypbe", "PBE-SHA1-3DES")
    contents = await look(file, password=WORD)
    assert [fault.code for fault in contents.faults] == ["file-under-rc2"]
    assert "openssl pkcs12 -legacy" in sentence(contents.faults[0])
    assert len(contents.keys) == 1
    file = by_openssl(tmp_path, "-legacy", "-certpbe", "PBE-SHA1-RC2-40", "-keypbe", "PBE-SHA1-RC2-128")
    assert await refusal(file, WORD) == "file-under-rc2"


async def test_other_ciphers_are_named(tmp_path: Path) -> None:
    file = by_openssl(tmp_path, "-certpbe", "camellia-256-cbc", "-keypbe", "camellia-256-cbc")
    assert await refusal(file, WORD) == "file-under-unknown-cipher"


async def test_a_file_that_asks_for_too_many_rounds_is_refused_at_once() -> None:
    pfx = asn1.Pfx.load(by_cryptography(pkcs12.PBES.PBESv2SHA256AndAES256CBC, hashes.SHA256()))
    pfx["mac_data"]["iterations"] = 2**31
    assert await refusal(pfx.dump(force=True), WORD) == "file-with-too-many-rounds"
    pfx["mac_data"]["iterations"] = 0
    assert await refusal(pfx.dump(force=True), WORD) == "file-with-too-many-rounds"


async def test_more_triple_des_than_python_can_do_is_refused_at_once() -> None:
    data, algorithm = bytes(MAX_TRIPLE_DES + 8), EncryptionAlgorithm({"algorithm": "pkcs12_sha1_tripledes_3key"})
    algorithm["parameters"] = {"salt": b"saltsalt", "iterations": 1}
    decryption = Decryption(FileTools(NativeCipher(), InstalledPackages(), Noted().append))
    with pytest.raises(InputError) as caught:
        await decryption.decrypt(algorithm, data, WORD)
    assert caught.value.code == "file-with-too-much-triple-des"


async def test_damage_inside_and_a_public_key_as_the_lock_are_sentences() -> None:
    pfx = asn1.Pfx.load(by_cryptography(pkcs12.PBES.PBESv2SHA256AndAES256CBC, hashes.SHA256()))
    bare = asn1.Pfx({"version": "v3", "auth_safe": pfx["auth_safe"]})
    enveloped = asn1.AuthenticatedSafe([ContentInfo({"content_type": "signed_data"})])
    bare["auth_safe"] = ContentInfo({"content_type": "data", "content": enveloped.dump()})
    assert await refusal(bare.dump(force=True), WORD) == "pfx-with-public-key"
    junk = asn1.AuthenticatedSafe([ContentInfo({"content_type": "data", "content": b"\x30\x03abc"})])
    bare["auth_safe"] = ContentInfo({"content_type": "data", "content": junk.dump()})
    assert await refusal(bare.dump(force=True), WORD) == "pfx-damaged"
    assert await refusal(b"\x30\x06\x02\x01\x03\x30\x01\x00", WORD) == "file-damaged"
