"""The catalogue of messages: whole, stable, and each message can be said."""

import io
import shutil
import string
from datetime import UTC, datetime
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from app.text.catalog import FORMATS, _, ngettext
from tools.localize import Language
from tools.messages import collect, hidden_messages, problems, updated, written, wrong_translations
from tools.paths import ROOT

VALUES = {
    "": "a text",
    "date": datetime(2027, 2, 19, tzinfo=UTC),
    "time": 1_800_000_000,
    **dict.fromkeys(("datetime", "exact", "clock", "minute"), 1_800_000_000.5),
    "size": 9_800_000,
    **dict.fromkeys(("list", "and", "or"), ("a", "b")),
    "message": "Closed",
}
"""A value for each format of a placeholder."""

CATALOGUE = collect(ROOT)
SAID = [message.id for message in CATALOGUE if message.id and any(name != "index.html" for name, _line in message.locations)]
"""What Python says: a text, or a singular and a plural."""


def values_for(message: str) -> dict[str, object]:
    values = {}
    for _text, name, spec, conversion in string.Formatter().parse(message):
        if name is not None:
            assert name.isidentifier(), f"a placeholder needs a name: {message}"
            assert spec in VALUES, f"unknown format {spec!r}: {message}"
            assert conversion is None, f"a conversion is not for people: {message}"
            values[name] = VALUES[spec or ""]
    return values


def test_each_format_has_a_value() -> None:
    assert set(VALUES) == set(FORMATS)


@pytest.mark.parametrize("message", SAID)
def test_each_message_can_be_said(message: str | tuple[str, str]) -> None:
    if isinstance(message, str):
        said = [_(message, **values_for(message))]
    else:
        values = values_for(message[0]) | values_for(message[1])
        values.pop("n", None)
        said = [ngettext(*message, n, **values) for n in (1, 2)]
    assert all(text and "{" not in text and "}" not in text for text in said)


def test_the_catalogue_holds_messages_of_each_source() -> None:
    found = {name.rpartition("/")[0] or name for message in CATALOGUE for name, _line in message.locations}
    assert found >= {"index.html", "static/data", "app/text"}
    text = written(CATALOGUE).decode()
    assert "Let’s Encrypt allows five failed tries for each name in an hour." in text
    assert "#. a moment: “19 February 2027, 14:05 UTC”" in text


def test_the_catalogue_is_written_the_same_each_time_and_without_dates() -> None:
    text = written(collect(ROOT))
    assert text == written(collect(ROOT))
    assert b"20:" not in text.partition(b"#: ")[0]
    assert b".py:" not in text


def test_no_message_is_put_together_where_it_is_said(tmp_path: Path) -> None:
    assert list(hidden_messages(ROOT)) == []
    (tmp_path / "app" / "text").mkdir(parents=True)
    (tmp_path / "app" / "text" / "x.py").write_text('_(f"a {b}")\nngettext("a", "b" + c, 3)\n_("a")\n_(NAME)\n')
    assert [line.rpartition(": ")[0] for line in hidden_messages(tmp_path)] == ["app/text/x.py:1", "app/text/x.py:2"]


# ---- Translations ----

GERMAN = """
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

msgid "{ca} (test certificates)"
msgstr "{ca} (%s)"

msgid "File (<code>.keystay</code>)"
msgstr "%s"

msgid "Gone"
msgstr "Fort"
"""


def german(first: str, second: str) -> Language:
    return Language("de", read_po(io.BytesIO((GERMAN % (first, second)).encode()), locale="de"))


def test_a_translation_that_fits_is_taken_over() -> None:
    language = german("Testzertifikate", "Datei (<code>.keystay</code>)")
    assert list(wrong_translations(language, '<html lang="en"></html>')) == []
    text = updated(language, collect(ROOT)).decode()
    assert 'msgid "{ca} (test certificates)"\nmsgstr "{ca} (Testzertifikate)"' in text
    assert '#~ msgid "Gone"' in text
    assert language.translate("{ca} (test certificates)") == "{ca} (Testzertifikate)"
    assert language.translate("Closed") == "Closed"
    again = Language("de", read_po(io.BytesIO(text.encode()), locale="de"))
    assert updated(again, collect(ROOT)).decode() == text


@pytest.mark.parametrize(
    ("first", "second"), [("{name}", "Datei (<code>.keystay</code>)"), ("x", "Datei"), ("x", "Datei (<code>x</code>)")]
)
def test_a_translation_that_does_not_fit_is_found(first: str, second: str) -> None:
    page = '<html lang="en"><p>File (<code translate="no">.keystay</code>)</p></html>'
    assert list(wrong_translations(german(first, second), page))


def test_what_is_not_up_to_date_is_found(tmp_path: Path) -> None:
    shutil.copyfile(ROOT / "index.html", tmp_path / "index.html")
    shutil.copytree(ROOT / "static", tmp_path / "static")
    (tmp_path / "app" / "text").mkdir(parents=True)
    assert problems(tmp_path) == ["locale/keystay.pot is not up to date: run “make messages”"]
