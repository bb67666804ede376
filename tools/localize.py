"""Makes the page in other languages: each locale/LANGUAGE.po becomes LANGUAGE/index.html beside the English page.

Such a page loads the same files as the English one, and its catalogue, an archive that is checked by its hash as the app itself
is. So the English page loads nothing more than it would without it.
"""

import io
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from babel import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from tools.archive import pack
from tools.page_text import PageTextError, translated_page

LOCALES: Final = "locale"
SETTINGS: Final = "pyscript.json"

_EPOCH: Final = datetime(1980, 1, 1, tzinfo=UTC)
_TAG: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_ADDRESS: Final = re.compile(r'((?:href|src|config)=")(?=(?:static|runtime)/)')


@dataclass(frozen=True)
class Language:
    """A language of the page: its tag (BCP 47) is also its folder."""

    tag: str
    catalog: Catalog

    @property
    def file(self) -> str:
        """The path of its catalogue in the checkout."""
        return f"{LOCALES}/{self.tag}.po"

    @property
    def settings(self) -> str:
        """The name of its settings for PyScript."""
        return f"pyscript-{self.tag}.json"

    @property
    def archive(self) -> str:
        """The name of the archive that holds its catalogue."""
        return f"keystay-{self.tag.lower()}.zip"

    @property
    def compiled(self) -> bytes:
        """The catalogue as gettext reads it (.mo), without what is not finished. The same messages give the same bytes."""
        self.catalog.creation_date = self.catalog.revision_date = _EPOCH
        file = io.BytesIO()
        write_mo(file, self.catalog)
        return file.getvalue()

    def translate(self, message: str) -> str:
        """The translation of `message`, or `message` itself."""
        translated = self.catalog.get(message)
        finished = translated and translated.string and not translated.fuzzy and isinstance(translated.string, str)
        return str(translated.string) if translated and finished else message


def read_languages(root: Path) -> list[Language]:
    """The languages that the checkout at `root` has a catalogue for; stop with a sentence where one cannot be read."""
    return [_read(path) for path in sorted((root / LOCALES).glob("*.po"))]


def _read(path: Path) -> Language:
    tag = path.stem
    if not _TAG.fullmatch(tag):
        raise SystemExit(f"{path.name} is not named after a language, such as de.po or pt-BR.po")
    try:
        Locale.parse(tag, sep="-")
        with path.open("rb") as file:
            return Language(tag, read_po(file, locale=tag.replace("-", "_"), abort_invalid=True))
    except (ValueError, UnknownLocaleError) as error:
        raise SystemExit(f"{path.name} cannot be read: {error}") from error


def catalogue_archive(language: Language) -> bytes:
    """The zip that Python reads beside that of the app: app/locale/LANGUAGE.mo."""
    return pack({f"app/locale/{language.tag}.mo": language.compiled})


def localized_source(page: str, language: Language) -> str:
    """index.html before anything is built into it, in `language`; stop with a sentence where a translation does not fit."""
    try:
        text = translated_page(page, language.translate, language.tag, _direction(language.tag))
    except PageTextError as error:
        raise SystemExit(f"{language.file}: {error}") from error
    return text.replace(f'config="static/{SETTINGS}"', f'config="static/{language.settings}"')


def one_folder_deeper(page: str) -> str:
    """The finished page for a folder of its own. `data-root` tells Python where the site is."""
    return _ADDRESS.sub(r"\1../", page).replace("<html ", '<html data-root="../" ', 1)


def _direction(tag: str) -> str:
    try:
        return Locale.parse(tag, sep="-").text_direction
    except UnknownLocaleError:
        return "ltr"  # a pseudo-locale
