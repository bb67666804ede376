"""The page's HTML, as it stands in index.html."""

from html.parser import HTMLParser

from tools.partials import read_page
from tools.paths import ROOT


class Codes(HTMLParser):
    """All elements that hold a program's words, by their attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[dict[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """See `HTMLParser`."""
        if tag in ("code", "pre"):
            self.found.append(dict(attrs))


def test_browsers_are_asked_to_translate_no_code() -> None:
    codes = Codes()
    codes.feed(read_page(ROOT))
    assert len(codes.found) > 40
    assert [attributes for attributes in codes.found if attributes.get("translate") != "no"] == []


class JsonObject(HTMLParser):
    """The fields that one types into, each with the form that it is in, and the forms with their submit buttons."""

    def __init__(self) -> None:
        super().__init__()
        self.form = ""
        self.fields: dict[str, tuple[str, str | None]] = {}
        self.submits: dict[str, list[str | None]] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """See `HTMLParser`."""
        values = dict(attrs)
        if tag == "form":
            self.form = str(values["id"])
            self.submits[self.form] = []
        elif tag == "textarea" or (tag == "input" and values.get("type") != "checkbox"):
            self.fields[str(values["id"])] = (self.form, values.get("autocomplete"))
        elif tag == "button" and values["type"] == "submit":
            self.submits[self.form].append(values.get("data-testid"))

    def handle_endtag(self, tag: str) -> None:
        """See `HTMLParser`."""
        if tag == "form":
            self.form = ""


def read_fields() -> JsonObject:
    """Those of index.html."""
    fields = JsonObject()
    fields.feed(read_page(ROOT))
    return fields


def test_each_field_is_in_a_form_with_one_button_that_enter_presses() -> None:
    fields = read_fields()
    assert all(form for form, _ in fields.fields.values())
    assert fields.submits == {
        "names": ["start"],
        "account-contact-form": ["account-update"],
        "import-form": ["import"],
        "backup-form": ["backup-make"],
        "restore-form": ["restore"],
        "revoke-form": ["revoke-by-key"],
    }


def test_browsers_are_told_what_they_may_fill_in() -> None:
    fill_in = {name: autocomplete for name, (_, autocomplete) in read_fields().fields.items()}
    assert fill_in["contact"] == fill_in["account-contact"] == "email"
    assert fill_in["backup-passphrase"] == fill_in["backup-again"] == "new-password"
    assert fill_in["restore-passphrase"] == "current-password"
    secrets = ("eab-kid", "eab-key", "csr", "import-key", "revoke-certificate", "revoke-key")
    assert {fill_in[name] for name in secrets} == {"off"}
