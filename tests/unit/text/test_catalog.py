"""Messages: their placeholders, their plurals, and another language."""

import gettext
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from app.text.catalog import PlainFormats, _, ngettext, use_language
from tests.adapters import BabelFormats

MOMENT = datetime(2027, 2, 19, 14, 5, tzinfo=UTC)

GERMAN = {
    "Until {end:date}.": "Bis {end:date}.",
    "a key": "ein Schlüssel",
    "{kind:message} of {ca}": "{ca}: {kind:message}",
}


class German(gettext.NullTranslations):
    """A few messages in German."""

    def gettext(self, message: str) -> str:
        """One of GERMAN, or the English one."""
        return GERMAN.get(message, message)

    def ngettext(self, _singular: str, _plural: str, n: int) -> str:
        """The only one there is."""
        return "{n} Auftrag" if n == 1 else "{n} Aufträge"


@pytest.fixture
def german() -> Iterator[None]:
    use_language(BabelFormats("de"), German())
    yield
    use_language(BabelFormats())


def test_values_are_written_by_their_format() -> None:
    assert _("{a} and {b}", a="text {c}", b=12345) == "text {c} and 12,345"
    assert _("{at:date} | {at:time} | {at:datetime}", at=MOMENT) == (
        "19 February 2027 | 14:05 UTC | 19 February 2027, 14:05 UTC"
    )
    assert _("{at:exact}", at=MOMENT) == "19 February 2027, 14:05:00 UTC"
    assert _("{at:clock}", at=MOMENT).endswith(":05:00")
    assert _("{at:minute}", at=MOMENT).endswith(":05")
    assert _("{at:datetime}", at=MOMENT.timestamp()) == "19 February 2027, 14:05 UTC"
    assert _("{size:size}", size=9_800_000_000) == "9.8 GB"
    assert _("{x:list}; {x:and}; {x:or}", x=["a", "b", "c"]) == "a, b, c; a, b and c; a, b or c"


@pytest.mark.usefixtures("german")
def test_nothing_is_said_of_nothing() -> None:
    assert _("") == ""


def test_plural_takes_the_form_of_its_number() -> None:
    assert [ngettext("{n} order", "{n} orders", n) for n in (0, 1, 1000)] == ["0 orders", "1 order", "1,000 orders"]
    assert ngettext("{n} order of {ca}", "{n} orders of {ca}", 2, ca="Example CA") == "2 orders of Example CA"


@pytest.mark.usefixtures("german")
def test_another_language_says_it_in_its_own_way() -> None:
    assert _("Until {end:date}.", end=MOMENT) == "Bis 19. Februar 2027."
    assert _("{kind:message} of {ca}", kind="a key", ca="Example CA") == "Example CA: ein Schlüssel"
    assert [ngettext("{n} order", "{n} orders", n) for n in (1, 1000)] == ["1 Auftrag", "1.000 Aufträge"]
    assert _("Not translated, {x:and}", x=["a", "b"]) == "Not translated, a und b"


@pytest.fixture
def no_locale() -> Iterator[None]:
    use_language(PlainFormats())
    yield
    use_language(BabelFormats())


@pytest.mark.usefixtures("no_locale")
def test_a_program_without_a_locale_says_everything_in_english() -> None:
    assert _("{n}, {m}, {f}", n=1234, m=100, f=0.5) == "1,234, 100, 0.5"
    assert _("{at:exact} | {at:datetime}", at=MOMENT) == "2027-02-19, 14:05:00 UTC | 2027-02-19, 14:05 UTC"
    assert _("{at:clock}", at=MOMENT).endswith(":05:00")
    assert _("{at:minute}", at=MOMENT).endswith(":05")
    assert _("{a:size}, {b:size}, {c:size}", a=1, b=712, c=9_800_000_000) == "1 byte, 712 bytes, 9.8 gigabytes"
    assert _("{x:list}; {x:and}; {x:or}; {y:and}", x=["a", "b", "c"], y=["a"]) == "a, b, c; a, b and c; a, b or c; a"


def test_an_error_can_be_said_before_any_language_is_set() -> None:
    code = "from app.errors import *; from app.text.sentences import sentence; import sys; print(sentence(eval(sys.argv[1])))"
    error = 'OversizeError("json-too-long", where="cas.json", length=2_000_000, most=1_048_576)'
    said = subprocess.run([sys.executable, "-c", code, error], check=True, capture_output=True, text=True).stdout
    assert said == "“cas.json” has 2 megabytes; at most 1 megabyte are read.\n"


def test_a_placeholder_without_a_value_or_with_an_unknown_format_is_an_error() -> None:
    for message in ("{missing}", "{a:unknown}", "{}", "{0}", "{a", "a}"):
        with pytest.raises((KeyError, IndexError, ValueError)):
            _(message, a="x" if ":" not in message else 1)
