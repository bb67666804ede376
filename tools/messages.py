"""Collects all messages for people in one catalogue: `python -m tools.messages [--check]`, or `make messages`.

They come from app/text (what `_`, `N_` and `ngettext` get), from index.html (`tools.page_text`) and from the sentences of
the lists in static/data. The template locale/keystay.pot holds them all. Each locale/LANGUAGE.po beside it is a translation,
and is brought up to date with it; the build makes the page in each of them (`tools.localize`). `--check` changes nothing: it
fails where a file is not up to date, or where a translation has other tags or placeholders than its message.

The files name the sources of a message without lines, and no dates: they change only where a message does.
"""

import argparse
import ast
import io
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import write_po

from app.ca.catalog import parse_catalog
from app.dns.providers import parse_providers
from app.dns.resolvers import parse_resolvers
from app.install.targets import parse_targets
from app.text import ca_list, provider_list, resolver_list, target_list
from tools.cli import run_command
from tools.localize import LOCALES, Language, read_languages
from tools.page_text import PageTextError, check_translation, page_messages, translated_page
from tools.partials import read_page
from tools.paths import ROOT

TEMPLATE: Final = f"{LOCALES}/keystay.pot"
KEYWORDS: Final = {"_": None, "N_": None, "ngettext": (1, 2)}
CA_LIST: Final = "static/data/cas.json"
PROVIDER_LIST: Final = "static/data/dns_providers.json"
RESOLVER_LIST: Final = "static/data/resolvers.json"
TARGET_LIST: Final = "static/data/targets.json"
PAGE: Final = "index.html"

_WIDTH: Final = 120
_COMMENT: Final = "The messages of Keystay. `make messages` writes this file."
_CHANGING_HEADERS: Final = tuple(
    f'"{name}'
    for name in (
        *("Project-Id-Version", "Report-Msgid-Bugs-To", "POT-Creation-Date", "PO-Revision-Date"),
        *("Last-Translator", "Language-Team", "Generated-By"),
    )
)


def collect(root: Path) -> Catalog:
    """All messages of the checkout at `root`, in the order of the files that say them. Raises `PageTextError`."""
    catalog = Catalog(fuzzy=False, header_comment=f"# {_COMMENT}")
    for message in page_messages(read_page(root)):
        catalog.add(message.text, locations=[(PAGE, 0)], auto_comments=[message.comment] if message.comment else [])
    for path in sorted((root / "app" / "text").rglob("*.py")):
        name = path.relative_to(root).as_posix()
        with path.open("rb") as file:
            for _line, message_id, comments, _context in extract(
                "python", file, KEYWORDS, ("Translators:",), {}, strip_comment_tags=True
            ):
                catalog.add(message_id, locations=[(name, 0)], auto_comments=comments)
    for file_name, texts in _LISTS.items():
        for text in texts((root / file_name).read_text()):
            catalog.add(text, locations=[(file_name, 0)])
    return catalog


def _ca_messages(content: str) -> list[str]:
    noted = _Noted()
    for authority in parse_catalog(content):
        ca_list.localized(authority, noted)
    return noted.texts


def _provider_messages(content: str) -> list[str]:
    noted = _Noted()
    for provider in parse_providers(content):
        provider_list.localized(provider, noted)
    return noted.texts


def _resolver_messages(content: str) -> list[str]:
    noted = _Noted()
    resolver_list.operators(parse_resolvers(content), noted)
    return noted.texts


def _target_messages(content: str) -> list[str]:
    noted = _Noted()
    for target in parse_targets(content):
        target_list.localized(target, noted)
    return noted.texts


_LISTS: Final = {
    CA_LIST: _ca_messages,
    PROVIDER_LIST: _provider_messages,
    RESOLVER_LIST: _resolver_messages,
    TARGET_LIST: _target_messages,
}
"""A list in static/data → what gives its messages."""


class _Noted:
    """Notes each text that it is to translate, and returns it as it is."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def __call__(self, text: str) -> str:
        self.texts.append(text)
        return text


def hidden_messages(root: Path) -> Iterator[str]:
    """One line for each call in app/text whose message cannot be collected, because it is composed only at run time."""
    for path in sorted((root / "app" / "text").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KEYWORDS:
                for argument in node.args[: 2 if node.func.id == "ngettext" else 1]:
                    if isinstance(argument, ast.JoinedStr | ast.BinOp):
                        yield f"{path.relative_to(root).as_posix()}:{node.lineno}: this message is composed at run time"


def written(catalog: Catalog) -> bytes:
    """`catalog` as a .pot or .po file."""
    file = io.BytesIO()
    write_po(file, catalog, width=_WIDTH, include_lineno=False)
    lines = file.getvalue().decode().splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(_CHANGING_HEADERS)).encode()


def updated(language: Language, template: Catalog) -> bytes:
    """The .po file of `language` with the messages of `template`; what is gone is kept at its end."""
    language.catalog.update(template, no_fuzzy_matching=True)
    return written(language.catalog)


def wrong_translations(language: Language, page: str) -> Iterator[str]:
    """One line for each translation that cannot be used, by itself or in `page`."""
    for message in language.catalog:
        if not message.id or message.fuzzy:
            continue
        sources = [message.id] if isinstance(message.id, str) else list(message.id)
        texts = [message.string] if isinstance(message.string, str) else list(message.string or ())
        for text in filter(None, texts):
            if not _fits(sources, text):
                yield f"{language.file}: other tags or placeholders than {sources[-1]!r} has: {text}"
    try:
        translated_page(page, language.translate, language.tag)
    except PageTextError as error:
        yield f"{language.file}: {error}"


def _fits(sources: Iterable[str], text: str) -> bool:
    for source in sources:
        try:
            check_translation(source, text)
        except PageTextError:
            continue
        return True
    return False


def problems(root: Path) -> list[str]:
    """What is wrong with the catalogues of the checkout at `root`, one line for each."""
    template = collect(root)
    files = {TEMPLATE: written(template)}
    found = list(hidden_messages(root))
    for language in read_languages(root):
        found += wrong_translations(language, read_page(root))
        files[language.file] = updated(language, template)
    stale = [name for name, content in files.items() if not (root / name).exists() or (root / name).read_bytes() != content]
    return [*found, *(f"{name} is not up to date: run “make messages”" for name in stale)]


def write(root: Path) -> None:
    """Bring the catalogues of the checkout at `root` up to date."""
    template = collect(root)
    (root / LOCALES).mkdir(exist_ok=True)
    (root / TEMPLATE).write_bytes(written(template))
    for language in read_languages(root):
        (root / language.file).write_bytes(updated(language, template))


def main() -> int:
    """Collect or check the messages from the command line."""
    parser = argparse.ArgumentParser(prog="python -m tools.messages", description="Collect the messages of the page.")
    parser.add_argument("--check", action="store_true", help="change nothing; fail if a catalogue is out of date or wrong")
    try:
        if not parser.parse_args().check:
            write(ROOT)
            print(f"The messages are in {TEMPLATE}")
            return 0
        found = problems(ROOT)
    except PageTextError as error:
        found = [f"{PAGE}: {error}"]
    print("\n".join(found), file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(run_command("messages", main))
