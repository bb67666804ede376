import pytest

from tools.partials import expand

FIELD = """\
<div class="field">
  <label for="{for}">{label}</label>
  <slot></slot>
  <field-error for="{for}"></field-error>
</div>
"""
PARTIALS = {
    "form-field": FIELD,
    "field-error": '<p id="error-{for}" hidden></p>\n',
    "copy-box": "<div>\n  <slot></slot>\n  <button>Copy</button>\n</div>\n",
    "list-item": "<li><b>{what}</b> <slot></slot></li>\n",
}


def test_a_partial_takes_its_parameters_what_is_inside_and_other_partials() -> None:
    page = """\
<form>
  <form-field for="ca" label="CA &amp; more">
    <select id="ca"></select>
    <p>A hint</p>
  </form-field>
</form>
"""
    assert (
        expand(page, PARTIALS)
        == """\
<form>
  <div class="field">
    <label for="ca">CA &amp; more</label>
    <select id="ca"></select>
    <p>A hint</p>
    <p id="error-ca" hidden></p>
  </div>
</form>
"""
    )


def test_other_attributes_go_to_the_outermost_element() -> None:
    page = '<list-item what="One" class="only" hidden>of two</list-item>'
    assert expand(page, PARTIALS) == '<li class="only" hidden><b>One</b> of two</li>'


def test_one_partial_inside_another() -> None:
    page = '<list-item what="One"><copy-box><code>1</code></copy-box></list-item>'
    assert expand(page, PARTIALS) == "<li><b>One</b> <div>\n  <code>1</code>\n  <button>Copy</button>\n</div></li>"


def test_text_with_line_ends_stays_as_it_is() -> None:
    page = "  <copy-box>\n    <pre>a\n  b\n\n</pre>\n  </copy-box>\n"
    assert expand(page, PARTIALS) == "  <div>\n    <pre>a\n  b\n\n</pre>\n    <button>Copy</button>\n  </div>\n"


def test_a_page_without_partials_stays_as_it_is() -> None:
    page = '<!doctype html>\n<!-- a - b --><p data-slot="a">x < y-z</p>\n'
    assert expand(page, PARTIALS) == page


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("<no-such></no-such>", "no static/partials/no-such.html"),
        ('<form-field for="ca"></form-field>', "lacks label"),
        ('<list-item what="1">', "nor a complete use"),
        ("</list-item>", "nor a complete use"),
        ("<list-item what='1'></list-item>", "nor a complete use"),
        ('<field-error for="ca">lost</field-error>', "no slot for its content"),
        ('<form-field for="ca" label="CA" class="wide"></form-field>', "has its own class"),
    ],
)
def test_a_wrong_use_stops_the_build(page: str, words: str) -> None:
    with pytest.raises(SystemExit, match=words):
        expand(page, PARTIALS)
