"""The messages of a page, and the page with other ones."""

import re

import pytest

from tests.pseudo_locale import pseudo
from tools.page_text import PageTextError, check_translation, page_messages, translated_page
from tools.partials import read_page
from tools.paths import ROOT

PAGE = """<!doctype html>
<html lang="en" data-app="loading">
<!-- Translators: the heading -->
<h1>One
  heading</h1>
<p>See <a href="x?a=1&amp;b=2">the <em>terms</em></a>
  in <code translate="no">cas.json</code> &amp; <code translate="no">b</code>.</p>
<p><span class="now">Now</span><span class="past">Then</span></p>
<ul><li title="Two words">Item <strong data-slot="x"></strong></li></ul>
<label><input placeholder="me@example.com" translate="no"><span title="Once">Tick &lt;this&gt;</span></label>
<pre translate="no">not this</pre><p translate="no">nor this</p><p>4 – 5</p>
<script type="py">if a < b: print("nor this")</script>
</html>
"""


def messages(page: str = PAGE) -> list[str]:
    return [message.text for message in page_messages(page)]


def translated(page: str, **translations: str) -> str:
    """`page` with the messages that start with a word of `translations` in these."""
    return translated_page(page, lambda text: translations.get(re.split(r"\W", text, maxsplit=1)[0], text), "de")


def test_a_message_is_the_text_of_a_block_with_its_inline_elements() -> None:
    assert messages() == [
        "One heading",
        "See <a>the <em>terms</em></a> in <code>cas.json</code> &amp; <code>b</code>.",
        "<span1>Now</span1><span2>Then</span2>",
        "Two words",
        "Item <strong></strong>",
        "Once",
        "Tick &lt;this&gt;",
    ]
    assert [message.comment for message in page_messages(PAGE)] == ["the heading", *[""] * 6]


def test_a_translation_gets_the_attributes_of_the_source() -> None:
    page = translated(
        PAGE,
        See="In <code>b</code> und <code>cas.json</code>: <a>die <em>Bedingungen</em></a> &amp; mehr.",
        Two='Zwei "Wörter" & mehr',
        Item="<strong></strong>: Eintrag",
    )
    assert '<p>In <code translate="no">b</code> und <code translate="no">cas.json</code>: <a href="x?a=1&amp;b=2">die' in page
    assert '<li title="Zwei &quot;Wörter&quot; &amp; mehr"><strong data-slot="x"></strong>: Eintrag</li>' in page
    assert page.startswith('<!doctype html>\n<html lang="de" data-app="loading">')


def test_elements_of_one_kind_are_told_apart_by_number() -> None:
    page = translated_page(
        PAGE, lambda text: text.replace("<span1>Now</span1><span2>Then</span2>", "<span2>D</span2> <span1>J</span1>"), "de"
    )
    assert '<p><span class="past">D</span> <span class="now">J</span></p>' in page


def test_what_is_not_translated_stays_byte_for_byte() -> None:
    assert translated_page(PAGE, str, "en") == PAGE
    assert translated_page(PAGE, str, "ar", "rtl") == PAGE.replace('lang="en"', 'lang="ar" dir="rtl"')


@pytest.mark.parametrize(
    "translation",
    [
        "Ohne Tags",
        "<a>die <em>Bedingungen</em></a> in <code>cas.json</code> und <code>c</code>",
        "<a>die <em>Bedingungen</a></em> in <code>cas.json</code> und <code>b</code>",
        "<a>die <em>Bedingungen</em></a> in <code>cas.json</code> und <code>b</code> <script>",
        '<a href="https://evil.example">die <em>Bedingungen</em></a> in <code>cas.json</code> und <code>b</code>',
        "<a>die <em>Bedingungen</em></a> in <code>cas.json</code> & <code>b</code>",
        "</a>die <em>Bedingungen</em><a> in <code>cas.json</code> und <code>b</code>",
    ],
)
def test_a_translation_with_other_markup_is_refused(translation: str) -> None:
    with pytest.raises(PageTextError):
        translated(PAGE, See=translation)


def test_an_element_that_is_filled_later_must_stay_empty() -> None:
    with pytest.raises(PageTextError, match="must not be changed"):
        translated(PAGE, Item="<strong>Eintrag</strong>")


@pytest.mark.parametrize(
    "page",
    [
        "<p>a < b</p>",
        "<p>a",
        "<p>a</div>",
        "<P>a</P>",
        "<p id=x>a</p>",
        "<p id='x'>a</p>",
        "<p>a > b</p>",
        '<p>a <b title="b">c</b></p>',
    ],
)
def test_html_that_is_not_ours_is_refused(page: str) -> None:
    with pytest.raises(PageTextError):
        page_messages(page)


@pytest.mark.parametrize(
    ("source", "translation", "fits"),
    [
        ("{n} of {ca}", "{ca}: {n}", True),
        ("Until {end:date}", "Bis {end:date}", True),
        ("Until {end:date}", "Bis {end:time}", False),
        ("{n} of {ca}", "{ca}", False),
        ("<b>x</b>", "<b>y</b>", True),
        ("<b>x</b>", "y", False),
        ("x", "{y}", False),
    ],
)
def test_placeholders_and_tags_must_be_the_same(source: str, translation: str, fits: bool) -> None:  # noqa: FBT001
    if fits:
        check_translation(source, translation)
    else:
        with pytest.raises(PageTextError):
            check_translation(source, translation)


# ---- index.html ----


def test_every_message_of_the_page_can_be_translated() -> None:
    page = read_page(ROOT)
    other = translated_page(page, pseudo, "en-XA")
    assert len(messages(other)) == len(messages(page)) > 250
    assert all(text.startswith(("⟦", "<")) for text in messages(other))


def test_a_translated_page_has_the_same_elements() -> None:
    """In the same order and with the same attributes, but for those that hold text."""
    page = read_page(ROOT)
    texts = re.compile(r' (?:alt|aria-label|content|label|lang|placeholder|title)="[^"]*"')
    first, second = (
        re.findall(r"</?[a-z][^>]*>", texts.sub("", re.sub("<!--.*?-->", "", text, flags=re.DOTALL)))
        for text in (page, translated_page(page, pseudo, "en-XA"))
    )
    assert first == second


def test_what_scripts_say_is_in_the_page() -> None:
    page = read_page(ROOT)
    named = set(re.findall(r'data-message="([^"]*)"', page))
    said: set[str] = set()
    for script in (ROOT / "static").glob("*.*js"):
        text = script.read_text()
        said |= set(re.findall(r'(?:say|fail)\("([a-z-]+)"', text))
        said |= {f"{name}-text" for name in re.findall(r'fail\("([a-z-]+)"', text)}
    assert {"page-title", "old-text", "link-ignored"} <= named
    assert said - named == set()
