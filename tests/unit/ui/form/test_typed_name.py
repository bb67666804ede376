"""One typed name: the address or host that is read from it, and the obvious right form of a wrong one."""

import pytest

from app.acme.identifier import Identifier
from app.ui.form.names import corrected, read_names
from tests.unit.ui.form.test_names import LONG_LABEL


@pytest.mark.parametrize(
    ("word", "address"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("https://192.0.2.1/", "192.0.2.1"),
        ("2001:DB8:0:0::1", "2001:db8::1"),
        ("[2001:db8::1]", "2001:db8::1"),
        ("https://[2001:db8::1]/", "2001:db8::1"),
        ("::1", "::1"),
    ],
)
def test_address_is_understood_in_its_short_form(word: str, address: str) -> None:
    reading = read_names(f"{word} shop.example", "http-01")
    assert reading.error is None
    assert reading.identifiers == (Identifier("ip", address), Identifier("dns", "shop.example"))
    assert reading.has_ip


@pytest.mark.parametrize(
    ("word", "name", "words"),
    [
        ("https://shop.example/a?b", "shop.example", "Taken from the web address that you pasted."),
        ("shop.example/cart", "shop.example", "Taken from the web address that you pasted."),
        ("https:\\\\shop.example\\cart", "shop.example", "Taken from the web address that you pasted."),
        ("https://shop.example?a=b", "shop.example", "Taken from the web address that you pasted."),
        ("shop.example#top", "shop.example", "Taken from the web address that you pasted."),
        ("https://shop.example:8443/", "shop.example", "that you pasted, without the port."),
        ("shop.example:443", "shop.example", "Taken without the port: a certificate"),
        ("https://me:secret@bücher.example/", "xn--bcher-kva.example", "the user name."),
        ("https://me@shop.example:1/x", "shop.example", "the user name, the port and the path."),
        ("https://shop.example@evil.example/", "evil.example", "the user name."),
        ("192.0.2.1:443", "192.0.2.1", "Taken without the port: a certificate"),
        ("https://192.0.2.1/admin", "192.0.2.1", "Taken from the web address that you pasted."),
        ("[2001:db8::1]:443", "2001:db8::1", "Taken without the port: a certificate"),
        ("https://[2001:db8::1]:443/", "2001:db8::1", "the port."),
        ("shop\u200b.exa\u00admple", "shop.example", "An invisible character in it was left out"),
        ("sh\u200dop.example", "shop.example", "An invisible character in it was left out"),
        ("\u202eshop.example\u202c", "shop.example", "An invisible character in it was left out"),
    ],
)
def test_pasted_url_is_taken_for_its_host_and_that_is_said(word: str, name: str, words: str) -> None:
    reading = read_names(word, "http-01")
    assert [identifier.value for identifier in reading.identifiers] == [name]
    assert (reading.error, reading.lines[0].state, reading.lines[0].name) == (None, "changed", name)
    assert words in reading.lines[0].text


@pytest.mark.parametrize(
    ("word", "suggestion"),
    [
        ("me@shop.example", "shop.example"),
        ("mailto:Me@Shop.Example", "shop.example"),
        ("@shop.example", "shop.example"),
        ("_dmarc.shop.example", "shop.example"),
        ("nas_shop.example", "nas-shop.example"),
        ("nas_.example", "nas.example"),
        ("_acme-challenge.www.bücher.example", "www.bücher.example"),
        ("shop..example", "shop.example"),
        (".shop.example", "shop.example"),
        ("shop.example..", "shop.example"),
        ("https://shop..example/a", "shop.example"),
        ("-shop.example", "shop.example"),
        ("shop-.example", "shop.example"),
        ("shop–24.example", "shop-24.example"),
        ("shop‑24.example", "shop-24.example"),
        ("shop․example", "shop.example"),
        ('"shop.example"', "shop.example"),
        ("<https://shop.example/>", "shop.example"),
        ("‘shop.example’.", "shop.example"),
        ("shop.example:", "shop.example"),
        ("DNS:shop.example", "shop.example"),
        ("CN=shop.example", "shop.example"),
        ("b%C3%BCcher.example", "bücher.example"),
        ("*shop.example", "*.shop.example"),
        ("w*.shop.example", "*.shop.example"),
        ("*.*.shop.example", "*.shop.example"),
        ("192.168.001.010", "192.168.1.10"),
        ("*.192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
    ],
)
def test_wrong_name_with_an_obvious_right_form_comes_with_it(word: str, suggestion: str) -> None:
    (line,) = read_names(word, "http-01").lines
    assert (line.state, line.suggestion) == ("wrong", suggestion)
    text = f"first.example,\n {word} ;last.example"
    middle = read_names(text, "http-01").lines[1]
    assert corrected(text, middle) == f"first.example,\n {suggestion} ;last.example"


@pytest.mark.parametrize(
    "word",
    ["localhost", "*", "*.com", "shop.*", "foo.*.shop.example", "sh!op.example", "shop:example", "xn--a.example", "shop.123",
     "300.1.2.3", "fe80::1%eth0", "192.0.2.0/24", "a" * 5000, "https://", f"{LONG_LABEL}a.example"],
)  # fmt: skip
def test_wrong_name_without_an_obvious_right_form_comes_with_none(word: str) -> None:
    assert read_names(word, "http-01").lines[0].suggestion == ""
