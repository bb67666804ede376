"""The zip of proof files, opened by the standard library; its web.config, read as XML."""

import io
import zipfile
from xml.etree import ElementTree

import pytest

from app.acme.challenge import WebFile
from app.errors import ProtocolError
from app.pki.formats.proof_zip import PROOF_ZIP, WEB_CONFIG, proof_zip

FOLDER = ".well-known/acme-challenge/"


def file(host: str, token: str) -> WebFile:
    return WebFile(f"http://{host}/{FOLDER}{token}", f"{token}.thumbprint")


FILES = (file("shop.example", "Loq_X-1"), file("xn--bcher-kva.example", "evaG"), file("[2001:db8::1]", "third"))


def unpacked(*files: WebFile) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(proof_zip(files).body)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_each_file_is_in_its_folder_without_an_ending_and_with_exactly_its_content() -> None:
    assert unpacked(*FILES) == {
        f"{FOLDER}Loq_X-1": b"Loq_X-1.thumbprint",
        f"{FOLDER}evaG": b"evaG.thumbprint",
        f"{FOLDER}third": b"third.thumbprint",
        f"{FOLDER}web.config": WEB_CONFIG.encode(),
    }


def test_same_files_make_the_same_bytes_which_hold_no_secret_and_are_readable_by_a_web_server() -> None:
    zipped = proof_zip(FILES)
    assert (zipped.name, zipped.type, zipped.private) == (PROOF_ZIP, "application/zip", False)
    assert zipped.body == proof_zip(iter(FILES)).body
    with zipfile.ZipFile(io.BytesIO(zipped.body)) as archive:
        assert {(entry.create_system, entry.external_attr >> 16) for entry in archive.infolist()} == {(3, 0o100644)}


def test_settings_for_iis_add_a_type_for_files_without_an_extension_and_take_away_the_one_from_above_first() -> None:
    settings = list(ElementTree.fromstring(WEB_CONFIG.encode()).iter())  # noqa: S314 – it is our own
    assert [(element.tag, element.attrib) for element in settings] == [
        ("configuration", {}),
        ("system.webServer", {}),
        ("staticContent", {}),
        ("remove", {"fileExtension": "."}),
        ("mimeMap", {"fileExtension": ".", "mimeType": "text/plain"}),
    ]


@pytest.mark.parametrize(
    "url",
    [
        f"http://shop.example/{FOLDER}../../index.html",
        f"http://shop.example/{FOLDER}",
        f"http://shop.example/{FOLDER}a/b",
        f"http://shop.example/{FOLDER}web.config",
        f"http://shop.example/{FOLDER}token?query",
        f"http://shop.example/{FOLDER}token\n",
        f"http://shop.example/{FOLDER}a\\b",
        f"http://shop.example/{FOLDER}{'a' * 256}",
        "http://shop.example/token",
        f"https://shop.example/{FOLDER}token",
        f"http:///{FOLDER}token",
        f"http://shop.example/..//{FOLDER}token",
        "",
    ],
)
def test_file_that_could_leave_the_folder_is_refused(url: str) -> None:
    with pytest.raises(ProtocolError, match="proof-file-elsewhere"):
        proof_zip([FILES[0], WebFile(url, "x")])
