"""Step 2: what to do with the files for web servers, as a person reads it, and the zip of them."""

import io
import zipfile
from dataclasses import replace

import pytest

from app.text import files as words
from app.ui.steps.files import FilesGuide, files_guide
from app.ui.steps.prove_models import FileCard, TlsCard
from tests.unit.visit import GOOD, Visit


def file(host: str) -> FileCard:
    return FileCard(host, "http-01", f"http://{host}/.well-known/acme-challenge/a", "/.well-known/acme-challenge/", "a", "a.b")


def certificate(name: str) -> TlsCard:
    return TlsCard(name, "tls-alpn-01", name, f"{name}.pem", "openssl")


def test_one_file_is_spoken_of_as_one() -> None:
    guide = files_guide([file("shop.example")])
    assert (guide.download, guide.open, guide.servers) == ("Download the file", "Open the address", "")
    assert guide.zip.startswith("A zip with the file, in the folders that it needs. It has no ending")


@pytest.mark.parametrize(
    ("count", "whole", "title"), [(2, "both", "Open both addresses"), (100, "all 100", "Open all 100 addresses")]
)
def test_several_files_are_one_zip_for_all_servers(count: int, whole: str, title: str) -> None:
    guide = files_guide([file(f"n{n}.example") for n in range(count)])
    assert guide.open == title
    assert guide.zip.startswith(f"One zip with {whole}, in the folders that they need.")
    assert "unpack the same zip in each of them" in guide.servers


def test_certificates_are_counted_apart_from_files() -> None:
    guide = files_guide([certificate("a.example"), file("b.example"), certificate("c.example")])
    assert guide == replace(files_guide([file("b.example")]), show="Put each file on its server")
    assert isinstance(guide, FilesGuide)


def test_card_says_its_number_in_every_button_so_that_none_is_named_as_another() -> None:
    named = [
        words.download_file(2),
        words.open_address_of(2),
        *(words.part_of(words.FILE_PARTS, part, 2) for part in words.FILE_PARTS),
    ]
    assert len(set(named)) == len(named)
    assert all("file 2" in name for name in named)
    assert words.open_address_of(2).startswith(words.open_address())  # what is seen is what one says to a computer


async def test_zip_holds_the_files_of_the_open_order_and_is_there_whenever_they_are() -> None:
    visit = Visit("a.example", "b.example", fields=replace(GOOD, domains="a.example b.example", challenge="http-01"))
    await visit.session.start()
    view = visit.page.view.prove
    assert view
    visit.session.files.download_proof_files()
    (zipped,) = visit.page.files
    with zipfile.ZipFile(io.BytesIO(zipped.body)) as archive:
        for card in view.cards:
            assert isinstance(card, FileCard)
            assert archive.read(f"{card.folder}{card.filename}".removeprefix("/")).decode() == card.content
        assert len(archive.namelist()) == len(view.cards) + 1
    assert zipped.name in visit.page.said[-1]
