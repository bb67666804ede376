"""The page's HTML, as it stands in index.html."""

from html.parser import HTMLParser

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
    codes.feed((ROOT / "index.html").read_text())
    assert len(codes.found) > 40
    assert [attributes for attributes in codes.found if attributes.get("translate") != "no"] == []
