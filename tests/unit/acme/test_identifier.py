"""Names as the CA writes them, and as people do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.acme.identifier import Identifier, readable
from app.encoding.strict_json import JsonObject
from app.errors import ProtocolError


def test_name_from_a_ca_is_compared_in_lower_case() -> None:
    assert Identifier.parse(JsonObject({"type": "dns", "value": "Shop.EXAMPLE"}, "x")) == Identifier("dns", "shop.example")


@pytest.mark.parametrize(
    ("address", "value"), [("192.0.2.1", "192.0.2.1"), ("2001:DB8:0::1", "2001:db8::1"), ("no address", "no address")]
)
def test_address_from_a_ca_is_compared_in_one_form(address: str, value: str) -> None:
    assert Identifier.parse(JsonObject({"type": "ip", "value": address}, "x")) == Identifier("ip", value)


@pytest.mark.parametrize("value", [{}, {"type": "dns"}, {"value": "a.example"}, {"type": "dns", "value": 1}])
def test_identifier_with_parts_missing_or_wrong_is_refused(value: object) -> None:
    with pytest.raises(ProtocolError):
        Identifier.parse(JsonObject(value, "identifier"))


def test_wildcard_is_known_by_its_star() -> None:
    star, plain = Identifier("dns", "*.shop.example"), Identifier("dns", "shop.example")
    assert (star.is_wildcard, star.base) == (True, "shop.example")
    assert (plain.is_wildcard, plain.base) == (False, "shop.example")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("shop.example", "shop.example"),
        ("xn--bcher-kva.example", "bücher.example (xn--bcher-kva.example)"),
        ("*.xn--bcher-kva.example", "*.bücher.example (*.xn--bcher-kva.example)"),
        ("xn--a.example", "xn--a.example"),
        ("a.xn--99999999999.example", "a.xn--99999999999.example"),
    ],
)
def test_name_is_written_as_people_do_with_its_ascii_form_behind(name: str, text: str) -> None:
    assert Identifier("dns", name).readable == text


@given(st.text(alphabet="xn-.*0aé\u200d") | st.text())
def test_any_text_from_a_certificate_can_be_written(name: str) -> None:
    assert name in readable(f"xn--{name}")


@pytest.mark.parametrize(
    ("value", "typed"),
    [
        ("shop.example", "shop.example"),
        ("*.xn--bcher-kva.example", "*.bücher.example"),
        ("xn--strae-oqa.example", "straße.example"),
        ("xn--a.example", "xn--a.example"),  # no valid IDN
    ],
)
def test_name_as_a_person_types_it_is_read_as_the_same_name(value: str, typed: str) -> None:
    identifier = Identifier("dns", value)
    assert identifier.typed == typed
    assert Identifier("dns", typed).canonical == identifier
