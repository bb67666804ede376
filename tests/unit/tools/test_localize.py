"""The page in another language: the same files, the same policy, and one catalogue more."""

import base64
import gettext
import hashlib
import io
import json
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from tests.pseudo_locale import pseudo_language
from tools.archive import unpack
from tools.build import site_files
from tools.localize import Language, read_languages
from tools.paths import ROOT
from tools.practice_address import Practice

CATALOGUE = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "Which names should it be for?"
msgstr "Für welche Namen?"

msgid "{ca} (test certificates)"
msgstr "{ca} (Testzertifikate)"

#, fuzzy
msgid "Steps"
msgstr "Schritte"
"""


def language(tag: str, catalogue: str = CATALOGUE) -> Language:
    return Language(tag, read_po(io.BytesIO(catalogue.encode()), locale=tag.replace("-", "_")))


@pytest.fixture(scope="module")
def site() -> dict[str, bytes]:
    """A site in English, German and Arabic."""
    return site_files(ROOT, Practice(), None, [language("de"), language("ar")])


def attribute(pattern: str, page: bytes) -> str:
    found = re.search(pattern, page.decode())
    assert found, pattern
    return found[1]


def test_page_stands_in_a_folder_of_its_language(site: dict[str, bytes]) -> None:
    german = site["de/index.html"].decode()
    assert '<html data-root="../" lang="de" id="page" data-app="loading">' in german
    assert '<label for="domains">Für welche Namen?</label>' in german
    assert "Let’s Encrypt staging (Testzertifikate)</option>" in german
    assert 'aria-label="Steps"' in german, "what is not finished stays in English"
    assert '<html data-root="../" lang="ar" dir="rtl"' in site["ar/index.html"].decode()


def test_every_page_has_the_same_policy(site: dict[str, bytes]) -> None:
    pages = [content for name, content in site.items() if name.endswith("index.html")]
    assert len(pages) == 3
    assert len({attribute(r'Content-Security-Policy" content="([^"]*)"', page) for page in pages}) == 1


def test_links_lead_to_files_with_the_hash_that_the_page_says(site: dict[str, bytes]) -> None:
    german = site["de/index.html"].decode()
    links = re.findall(r'(?:href|src|config)="([^"#]+)"', german)
    assert {link for link in links if not link.startswith(("https://", "../"))} == set()
    ours = [link.removeprefix("../") for link in links if link.startswith("../")]
    assert len(ours) > 10
    assert [link for link in ours if link not in site] == []
    hashed = re.findall(r'(?:href|src)="../([^"]*)"[^>]* (?:data-)?integrity="sha384-([^"]*)"', german)
    assert len(hashed) > 10
    for link, digest in hashed:
        assert base64.b64decode(digest) == hashlib.sha384(site[link]).digest(), link


def test_pages_load_the_same_files_but_for_their_settings_and_catalogue(site: dict[str, bytes]) -> None:
    english, german = (
        set(re.findall(r'(?:href|src|config)="(?:../)?((?:static|runtime)/[^"]*)"', site[name].decode()))
        for name in ("index.html", "de/index.html")
    )
    assert {link.rpartition("/")[2] for link in english ^ german} == {"pyscript.json", "pyscript-de.json", "keystay-de.zip"}


def test_catalogue_is_an_archive_that_only_its_own_page_loads(site: dict[str, bytes]) -> None:
    def settings(suffix: str) -> dict[str, object]:
        (name,) = [name for name in site if name.endswith(f"/pyscript{suffix}.json")]
        return dict(json.loads(site[name]))

    english, german = settings(""), settings("-de")
    assert german == english | {"interpreter": f"../{english['interpreter']}"}
    (path,) = [name for name in site if name.endswith("/keystay-de.zip")]
    files = unpack(site[path])
    assert set(files) == {"app/locale/de.mo"}
    translations = gettext.GNUTranslations(io.BytesIO(files["app/locale/de.mo"]))
    assert translations.gettext("Which names should it be for?") == "Für welche Namen?"
    assert translations.gettext("Steps") == "Steps"


def test_the_same_catalogue_gives_the_same_bytes() -> None:
    assert language("de").compiled == language("de").compiled
    assert pseudo_language(ROOT).compiled == pseudo_language(ROOT).compiled


def test_without_catalogues_there_is_no_other_page() -> None:
    site = site_files(ROOT, None, None, [])
    names = {name for name in site if "/" not in name or "keystay-" in name or "pyscript-" in name}
    assert {name for name in names if not name.endswith("/keystay-later.zip")} == {"index.html"}


def test_a_translation_with_other_markup_stops_the_build() -> None:
    wrong = CATALOGUE + '\nmsgid "File (<code>.keystay</code>)"\nmsgstr "Datei"\n'
    with pytest.raises(SystemExit, match=r"locale/de\.po: other tags"):
        site_files(ROOT, None, None, [language("de", wrong)])


def test_languages_are_the_catalogues_of_the_checkout(tmp_path: Path) -> None:
    assert read_languages(tmp_path) == []
    (tmp_path / "locale").mkdir()
    for name in ("pt-BR.po", "de.po", "keystay.pot"):
        (tmp_path / "locale" / name).write_text(CATALOGUE)
    languages = read_languages(tmp_path)
    assert [found.tag for found in languages] == ["de", "pt-BR"]
    assert languages[1].file == "locale/pt-BR.po"
    assert languages[1].archive == "keystay-pt-br.zip"


@pytest.mark.parametrize("name", ["Deutsch.po", "static.po", "xx-Nowhere.po", "de_AT.po"])
def test_a_catalogue_of_no_language_stops_the_build(tmp_path: Path, name: str) -> None:
    (tmp_path / "locale").mkdir()
    (tmp_path / "locale" / name).write_text(CATALOGUE)
    with pytest.raises(SystemExit, match=name):
        read_languages(tmp_path)
