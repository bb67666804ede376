"""The files that a person takes away, opened by the standard library, by openssl and by `cryptography`."""

import io
import re
import stat
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from app.issuance.issuance import Issuance
from app.issuance.renewal import renewal_moment
from app.pki.certificate import read_chain
from app.pki.formats import FORMATS
from app.pki.formats.file import File
from app.pki.formats.zip_archive import ZIP
from app.ports import Ports
from app.ui.steps.certificate import certificate_view
from app.ui.steps.certificate_files import certificate_file, certificate_zip, files_in
from tests.adapters import HttpxHttp, NativeKeyStore, SystemClock, native_ports
from tests.unit.chains import NOW, intermediate, leaf
from tests.unit.keys import native_key
from tests.unit.pki.formats.sources import PASSWORD
from tests.unit.records import CA, record
from tools.partials import read_page

NAMES = ("*.shop.example", "shop.example")
CERT, CHAIN = leaf(*NAMES), intermediate()
PEM_NAMES = ("cert.pem", "chain.pem", "fullchain.pem", "privkey.pem")


def issued() -> Issuance:
    return record(*NAMES, state="issued", certificate_pem=CERT + CHAIN)


def pkcs8() -> bytes:
    form = (serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return native_key().private.private_bytes(*form)


class Keys(NativeKeyStore):
    """Counts how often a key is taken out."""

    exports = 0

    async def export_pkcs8(self, name: str) -> bytes:
        """See `app.ports.KeyStore.export_pkcs8`."""
        self.exports += 1
        return await super().export_pkcs8(name)


class ClockAtNow(SystemClock):
    """It is `NOW`."""

    def now(self) -> float:
        """See `app.ports.Clock.now`."""
        return NOW.timestamp()


async def ports_with_key() -> Ports:
    ports = replace(native_ports(HttpxHttp()), keys=Keys(), clock=ClockAtNow())
    await ports.keys.import_pkcs8(issued().certificate_key, pkcs8(), "ec-p256", extractable=True)
    return ports


async def made(issuance: Issuance, *ids: str) -> dict[str, File]:
    ports = await ports_with_key()
    return {id_: await certificate_file(ports, issuance, id_, PASSWORD) for id_ in ids}


@pytest.fixture
async def files() -> dict[str, File]:
    found = await made(issued(), "cert", "chain", "fullchain", "privkey", "zip")
    return {file.name if id_ != "zip" else id_: file for id_, file in found.items()}


@pytest.fixture
def archive(files: dict[str, File]) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(files["zip"].body))


def openssl(*arguments: str) -> str:
    done = subprocess.run(["openssl", *arguments], capture_output=True, text=True, check=True)
    return done.stdout


def test_files_are_named_as_certbot_names_them(files: dict[str, File]) -> None:
    assert set(files) == {*PEM_NAMES, "zip"}
    assert all(files[name].name == name for name in PEM_NAMES)
    assert files["zip"].name == "wildcard.shop.example.zip"


def test_every_format_of_the_registry_has_a_button() -> None:
    page = read_page(Path())
    assert all(page.count(f' id="download-{id_}"') == 1 for id_ in (*(format_.id for format_ in FORMATS), ZIP))
    assert len({format_.id for format_ in FORMATS}) == len(FORMATS)
    for format_ in FORMATS:
        (row,) = [row for row in re.findall(r"<li\b.*?</li>", page, re.DOTALL) if f' id="download-{format_.id}"' in row]
        words = re.sub(r"<button.*?</button>|<[^>]+>", "", row, flags=re.DOTALL)
        assert len(words.split()) > 5, format_.id
        assert format_.own_name or f">{format_.name}</code>" in row, format_.id


@pytest.mark.parametrize("changes", [{"key_destroyed": True}, {"choices": "own request"}])
async def test_what_needs_the_key_is_left_out_without_it(changes: dict[str, Any]) -> None:
    issuance = issued()
    if "choices" in changes:
        changes = {"choices": replace(issuance.choices, csr="AA")}
    issuance = replace(issuance, **changes)
    ports = await ports_with_key()
    archive = zipfile.ZipFile(io.BytesIO((await certificate_file(ports, issuance, "zip")).body))
    assert sorted(archive.namelist()) == ["README.txt", "cert.pem", "chain.pem", "fullchain.pem"]
    assert await files_in(ports, issuance, ["pfx", "privkey", "combined"], PASSWORD) == ()
    assert certificate_view(issuance, CA).formats == ("cert", "chain", "fullchain", "der", "p7b")
    assert cast("Keys", ports.keys).exports == 0


async def test_key_is_taken_out_only_for_the_files_that_hold_it() -> None:
    ports = await ports_with_key()
    for format_ in FORMATS:
        before = cast("Keys", ports.keys).exports
        await files_in(ports, issued(), [format_.id], PASSWORD)
        assert cast("Keys", ports.keys).exports - before == format_.private, format_.id


async def test_files_beside_the_usual_ones_stand_in_the_zip_too() -> None:
    ports = await ports_with_key()
    beside = await files_in(ports, issued(), ["pfx-legacy", "combined"], PASSWORD)
    archive = zipfile.ZipFile(io.BytesIO((await certificate_zip(ports, issued(), beside)).body))
    assert {"wildcard.shop.example.pfx", "combined.pem", *PEM_NAMES, "README.txt"} == set(archive.namelist())
    assert stat.S_IMODE(archive.getinfo("wildcard.shop.example.pfx").external_attr >> 16) == 0o600


def test_pem_files_hold_leaf_rest_and_both(files: dict[str, File]) -> None:
    texts = {name: files[name].body.decode() for name in PEM_NAMES}
    assert (texts["cert.pem"], texts["chain.pem"], texts["fullchain.pem"]) == (CERT, CHAIN, CERT + CHAIN)


def test_openssl_reads_every_pem_file(files: dict[str, File], tmp_path: Path) -> None:
    for name in PEM_NAMES:
        (tmp_path / name).write_bytes(files[name].body)
    assert "DNS:*.shop.example" in openssl("x509", "-in", str(tmp_path / "cert.pem"), "-noout", "-text")
    assert "Intermediate" in openssl("x509", "-in", str(tmp_path / "chain.pem"), "-noout", "-subject")
    assert openssl("crl2pkcs7", "-nocrl", "-certfile", str(tmp_path / "fullchain.pem"))
    public = openssl("pkey", "-in", str(tmp_path / "privkey.pem"), "-pubout")
    assert public == openssl("x509", "-in", str(tmp_path / "cert.pem"), "-noout", "-pubkey")


def test_private_key_is_the_one_that_was_given(files: dict[str, File]) -> None:
    private = serialization.load_pem_private_key(files["privkey.pem"].body, None)
    assert private.public_key() == native_key().private.public_key()
    assert files["privkey.pem"].body.startswith(b"-----BEGIN PRIVATE KEY-----\n")


def test_zip_holds_all_files_and_a_readme(archive: zipfile.ZipFile, files: dict[str, File]) -> None:
    assert archive.testzip() is None
    assert sorted(archive.namelist()) == sorted([*PEM_NAMES, "README.txt"])
    assert all(archive.read(name) == files[name].body for name in PEM_NAMES)


def test_zip_lets_only_the_owner_read_the_private_key(archive: zipfile.ZipFile) -> None:
    modes = {entry.filename: stat.S_IMODE(entry.external_attr >> 16) for entry in archive.infolist()}
    assert modes["privkey.pem"] == 0o600
    assert modes["fullchain.pem"] == 0o644


def test_zip_carries_the_moment_it_was_made(archive: zipfile.ZipFile) -> None:
    assert {entry.date_time for entry in archive.infolist()} == {(2026, 11, 22, 12, 0, 0)}


def test_readme_says_names_dates_and_what_each_file_is_for(archive: zipfile.ZipFile) -> None:
    readme = archive.read("README.txt").decode("utf-8")
    for words in (*NAMES, *PEM_NAMES, "21 November 2026, 12:00 UTC", "19 February 2027, 12:00 UTC", "20 January 2027"):
        assert words in readme
    assert readme.count("\n") == readme.count("\r\n")


def test_view_shows_the_certificate_in_a_persons_words() -> None:
    view = certificate_view(issued(), CA)
    judge = x509.load_pem_x509_certificate(CERT.encode())
    assert view.names == "*.shop.example, shop.example"
    assert view.issuer == "Test CA, Intermediate"
    assert view.valid_from == "21 November 2026, 12:00 UTC"
    assert view.valid_until == "19 February 2027, 12:00 UTC"
    assert int(view.serial, 16) == judge.serial_number
    assert len(view.fingerprint.split(":")) == 32


def test_renewal_is_due_after_two_thirds_of_the_life() -> None:
    certificate = read_chain(CERT).certificate
    certificate = replace(certificate, not_before=NOW, not_after=NOW.replace(month=12, day=1))
    assert renewal_moment(certificate.validity) == NOW.replace(day=28)
