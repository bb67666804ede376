"""Names and addresses of private networks, which no public CA certifies."""

import pytest

from app.text.sentences import sentence
from app.ui.form.names import read_names


@pytest.mark.parametrize(
    "word",
    [
        *(
            "nas.local",
            "*.nas.local",
            "router.lan",
            "a.b.internal",
            "hub.home.arpa",
            "x.localhost",
            "pc.localdomain",
            "srv.corp",
        ),
        *("192.168.1.10", "10.0.0.1", "172.16.0.1", "127.0.0.1", "169.254.1.1", "100.64.0.1", "fd00::1", "fe80::1", "::1"),
    ],
)
def test_private_names_are_good_unless_the_ca_is_a_public_one(word: str) -> None:
    kind = "dns-01" if "*" in word else "http-01"
    assert read_names(word, kind).lines[0].state == "good"
    reading = read_names(f"shop.example {word}", kind, public=True)
    assert [line.state for line in reading.lines] == ["good", "wrong"]
    assert (reading.lines[1].name, reading.lines[1].identifier) == (word, None)
    assert reading.error is not None
    assert "No public CA can issue" in sentence(reading.error)


@pytest.mark.parametrize(
    "word", ["shop.example", "local.example", "mylocal", "8.8.8.8", "2606:4700::1", "192.0.2.1", "2001:db8::1"]
)
def test_public_names_are_good_at_public_cas(word: str) -> None:
    error = read_names(word, "http-01", public=True).error
    assert error is None or "no public CA" not in sentence(error)
