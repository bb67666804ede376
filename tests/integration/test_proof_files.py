"""The zip of proof files, unpacked in the folder of a website on a real Apache: each address shows its line."""

import io
import zipfile
from pathlib import Path

import httpx

from app.acme.challenge import WebFile
from app.pki.formats.proof_zip import proof_zip
from tests.apache import apache
from tools.ports import Ports

PATH = ".well-known/acme-challenge/"


def test_unpacked_zip_answers_at_every_address_with_exactly_its_line(tmp_path: Path) -> None:
    files = [
        WebFile(f"http://{name}/{PATH}Token-of_{name[0]}", f"Token-of_{name[0]}.thumbprint")
        for name in ("a.example", "b.example")
    ]
    site = tmp_path / "site"
    with zipfile.ZipFile(io.BytesIO(proof_zip(files).body)) as archive:
        archive.extractall(site)
    (site / "servers").mkdir()
    (site / "servers" / "htaccess.txt").write_text("")
    with apache(site, Ports.free().page, modules=("mime",)) as url:
        for file in files:
            answer = httpx.get(url + file.url.split("/", 3)[3])
            assert (answer.status_code, answer.text) == (200, file.body)
