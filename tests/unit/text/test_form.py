"""What the form says beside its fields."""

import pytest

from app.acme.identifier import Identifier
from app.text.form import dns_card, file_card

NAMES = [Identifier("dns", f"*.{name}.example") for name in ("shop", "xn--bcher-kva", "a", "b")]


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "Not for names with a star. Often takes a minute."),
        (1, "Not for *.shop.example."),
        (2, "Not for *.shop.example, *.bücher.example (*.xn--bcher-kva.example)."),
        (4, "Not for *.shop.example, *.bücher.example (*.xn--bcher-kva.example) and 2 more."),
    ],
)
def test_card_of_a_file_names_what_it_cannot_prove(count: int, words: str) -> None:
    assert file_card(NAMES[:count]) == words


def test_card_of_a_dns_record_names_the_addresses() -> None:
    assert dns_card([]) == "For every name. Often takes 5 to 60 minutes."
    assert dns_card([Identifier("ip", "192.0.2.1")]) == "Not for 192.0.2.1."
