"""The names box: what is understood, what is refused, and in which words."""

import re
from ipaddress import ip_address

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.text.sentences import sentence
from app.ui.form.names import corrected, read_names

LONG_LABEL = "a" * 63
LONG_NAME = ".".join([LONG_LABEL] * 3 + ["b" * 61])  # 253 characters


def names_in(text: str, challenge: str = "dns-01") -> list[str]:
    """The names read from a box in which nothing is wrong."""
    reading = read_names(text, challenge)
    assert reading.error is None, reading.error
    return [identifier.value for identifier in reading.identifiers]


def refusal(text: str, challenge: str = "dns-01") -> str:
    """What is said of a box in which something is wrong; always about the field `domains`."""
    error = read_names(text, challenge).error
    assert error is not None
    assert error.field == "domains"
    return sentence(error)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        pytest.param("shop.example", ["shop.example"], id="one name"),
        pytest.param("a.example b.example", ["a.example", "b.example"], id="a space between"),
        pytest.param("a.example,b.example", ["a.example", "b.example"], id="a comma between"),
        pytest.param("a.example, b.example;c.example", ["a.example", "b.example", "c.example"], id="comma and semicolon"),
        pytest.param("a.example、b.example，c.example", ["a.example", "b.example", "c.example"], id="East Asian commas"),
        pytest.param("a.example\nb.example\r\nc.example", ["a.example", "b.example", "c.example"], id="lines"),
        pytest.param("\n\t a.example ,\n", ["a.example"], id="white space around"),
        pytest.param("a.example\u00a0b.example\u3000c.example", ["a.example", "b.example", "c.example"], id="other spaces"),
        pytest.param("Shop.EXAMPLE", ["shop.example"], id="upper case"),
        pytest.param("shop.example.", ["shop.example"], id="a trailing dot"),
        pytest.param("*.shop.example", ["*.shop.example"], id="a wildcard"),
        pytest.param("shop.example *.shop.example", ["shop.example", "*.shop.example"], id="apex and wildcard"),
        pytest.param("bücher.example", ["xn--bcher-kva.example"], id="IDN"),
        pytest.param("BÜCHER.EXAMPLE", ["xn--bcher-kva.example"], id="IDN in upper case"),
        pytest.param("bu\u0308cher.example", ["xn--bcher-kva.example"], id="IDN with a combining mark"),
        pytest.param("xn--bcher-kva.example", ["xn--bcher-kva.example"], id="IDN in ASCII"),
        pytest.param("XN--BCHER-KVA.example", ["xn--bcher-kva.example"], id="IDN in ASCII in upper case"),
        pytest.param("*.bücher.example", ["*.xn--bcher-kva.example"], id="wildcard of an IDN"),
        pytest.param("straße.example", ["xn--strae-oqa.example"], id="sharp s as IDNA 2008 has it"),
        pytest.param("例え。テスト", ["xn--r8jz45g.xn--zckzah"], id="ideographic full stop"),
        pytest.param("ｓｈｏｐ．example", ["shop.example"], id="full-width letters and dot"),
        pytest.param("shop｡example。", ["shop.example"], id="half-width dot, and one at the end"),
        pytest.param("\ufeffshop.example", ["shop.example"], id="an invisible mark from copying"),
        pytest.param("https://shop.example/", ["shop.example"], id="a pasted address"),
        pytest.param("HTTP://Shop.example", ["shop.example"], id="a pasted address without a path"),
        pytest.param("shop.example/", ["shop.example"], id="an address as browsers show it"),
        pytest.param("//shop.example/", ["shop.example"], id="an address without a scheme"),
        pytest.param("https:/shop.example", ["shop.example"], id="an address with a slash too few"),
        pytest.param("https://bücher.example/", ["xn--bcher-kva.example"], id="a pasted address of an IDN"),
        pytest.param("https://*.shop.example/", ["*.shop.example"], id="a wildcard made an address"),
        pytest.param("3com.example 1.2.example", ["3com.example", "1.2.example"], id="digits, though not last"),
        pytest.param("a-b.example", ["a-b.example"], id="a hyphen"),
        pytest.param(f"{LONG_LABEL}.example", [f"{LONG_LABEL}.example"], id="the longest label"),
        pytest.param(LONG_NAME[16:], [LONG_NAME[16:]], id="the longest name that a DNS record can prove"),
    ],
)
def test_names_are_understood(text: str, names: list[str]) -> None:
    assert names_in(text) == names


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("", "Write at least one name, for example shop.example.", id="empty"),
        pytest.param(" ,\n; ", "Write at least one name, for example shop.example.", id="nothing but separators"),
        pytest.param(
            f"{LONG_LABEL}a.example",
            f"The part “{LONG_LABEL}a” has 64 characters; a part can have at most 63.",
            id="over-long label",
        ),
        pytest.param(
            f"{'ü' * 60}.example", "is longer than 63 characters once it is written in ASCII.", id="over-long IDN label"
        ),
        pytest.param(
            f"{LONG_NAME}b", "is too long: it has 254 characters, and a name can have at most 253.", id="name too long by one"
        ),
        pytest.param(
            f"a.{LONG_NAME}", "is too long: it has 255 characters, and a name can have at most 253.", id="over-long name"
        ),
        pytest.param(
            f"*.{LONG_NAME}", "is too long: it has 255 characters, and a name can have at most 253.", id="over-long wildcard"
        ),
        pytest.param("shop..example", "shop..example: It has one dot too many.", id="two dots"),
        pytest.param(".shop.example", ".shop.example: It has one dot too many.", id="a dot in front"),
        pytest.param("shop.example..", "shop.example..: It has one dot too many.", id="two dots at the end"),
        pytest.param(".", ".: It has one dot too many.", id="a dot alone"),
        pytest.param("-shop.example", "The part “-shop” begins or ends with a hyphen", id="a hyphen in front"),
        pytest.param("shop-.example", "The part “shop-” begins or ends with a hyphen", id="a hyphen at the end"),
        pytest.param(
            "ab--cd.example", "The part “ab--cd” has hyphens as its third and fourth characters", id="reserved hyphens"
        ),
        pytest.param(
            "sh!op.example", "sh!op.example: It has the character “!”, which domain names may not have.", id="ASCII mark"
        ),
        pytest.param('"shop.example"', 'has the character “"”, which domain names may not have.', id="quotes"),
        pytest.param("xn--a.example", "The part “xn--a” is not a name in encoded form", id="broken A-label"),
        pytest.param("xn--99999999999.example", "is not a name in encoded form", id="punycode that overflows"),
        pytest.param("\u200d.example", "(U+200D), which domain names may not have.", id="nothing but a joiner"),
        pytest.param("אa.example", "The part “אa” is not allowed in a domain name", id="two writing directions"),
        pytest.param("\u200b.example", "It has one dot too many.", id="nothing visible in front of the dot"),
        pytest.param("shop․.example", "“․” (U+2024), which looks like a dot but is not one.", id="dot look-alike"),
        pytest.param("shop–a.example", "“–” (U+2013), which looks like a hyphen but is not one.", id="hyphen look-alike"),
        pytest.param("shop‑a.example", "has the character “‑” (U+2011), which", id="hyphen look-alike, named as typed"),
        pytest.param("½.example", "has the character “½” (U+00BD), which", id="a character that is replaced, named as typed"),
        pytest.param("192.168.001.010", "is an IP address with leading zeros", id="IPv4 with zeros in front"),
        pytest.param("300.1.2.3", "looks like an IP address, but the numbers of one go from 0 to 255 only.", id="no IPv4"),
        pytest.param("1.2.3", "is neither a name nor a whole IP address", id="half an IPv4"),
        pytest.param(
            "_dmarc.shop.example", "_dmarc.shop.example: Certificates allow no underscore in a name.", id="underscore"
        ),
        pytest.param("me@shop.example", "me@shop.example: It has an @, like an e-mail address.", id="e-mail address"),
        pytest.param("mailto:me@shop.example", "has an @, like an e-mail address.", id="e-mail link"),
        pytest.param("shop.example:", "has a colon.", id="colon at the end"),
        pytest.param("shop:example", "has a colon. Write the name alone, for example shop.example.", id="colon inside"),
        pytest.param(
            "https://", "https://: There is no name in it. Write the name alone, for example shop.example.", id="scheme alone"
        ),
        pytest.param("/", "/: There is no name in it.", id="slash alone"),
        pytest.param("http://[", "http://[: It has the character “[”", id="broken IPv6 address"),
        pytest.param("192.0.2.1", "192.0.2.1: No DNS record can prove an IP address.", id="IPv4 by DNS"),
        pytest.param("2001:db8::1", "2001:db8::1: No DNS record can prove an IP address.", id="IPv6 by DNS"),
        pytest.param("192.0.2.0/24", "192.0.2.0/24: This is a whole network.", id="IPv4 network"),
        pytest.param("*.192.0.2.1", "*.192.0.2.1: It contains more than an IP address.", id="wildcard of an IPv4"),
        pytest.param("fe80::1%eth0", "fe80::1%eth0: This is an address within one network only", id="IPv6 with a zone"),
        pytest.param("::ffff:192.0.2.1", "is an IPv4 address in IPv6 form.", id="IPv4 in IPv6"),
        pytest.param("shop.123", "shop.123: This is not a name: the last part may not be a number.", id="number as top level"),
        pytest.param("*", "*: A star may only be the whole first part, as in *.shop.example.", id="star alone"),
        pytest.param("*.*.shop.example", "A star may only be the whole first part", id="two stars"),
        pytest.param("foo.*.shop.example", "A star may only be the whole first part", id="star in the middle"),
        pytest.param("w*.shop.example", "A star may only be the whole first part", id="star in a label"),
        pytest.param("shop.*", "A star may only be the whole first part", id="star at the end"),
        pytest.param(
            "*.com",
            "*.com: A wildcard needs a domain below the top level, such as *.shop.example.",
            id="wildcard of a top level",
        ),
        pytest.param(
            "localhost",
            "localhost: A CA needs a full name with a dot in it, such as shop.example.",
            id="single label",
        ),
    ],
)
def test_bad_names_are_refused_with_the_reason(text: str, words: str) -> None:
    assert words in refusal(text)


@pytest.mark.parametrize(
    ("text", "name", "words"),
    [
        pytest.param("a.example a.example", "a.example", "a.example: It is in the list twice, and counts once.", id="doubled"),
        pytest.param("a.example A.example", "a.example", "A.example: The same as a.example. It counts once.", id="case"),
        pytest.param("a.example. a.example", "a.example", "a.example: The same as a.example.", id="trailing dot"),
        pytest.param(
            "bücher.example xn--bcher-kva.example",
            "xn--bcher-kva.example",
            "xn--bcher-kva.example: The same as bücher.example (xn--bcher-kva.example).",
            id="U-label and A-label",
        ),
        pytest.param("i❤.ws XN--I-7IQ.ws", "xn--i-7iq.ws", "The same as i❤.ws (xn--i-7iq.ws).", id="emoji and A-label"),
        pytest.param("https://a.example/x a.example", "a.example", "The same as a.example.", id="URL"),
        pytest.param("2001:db8::1 2001:db8:0::1", "2001:db8::1", "The same as 2001:db8::1.", id="IPv6"),
    ],
)
def test_doubled_name_is_merged_and_said(text: str, name: str, words: str) -> None:
    reading = read_names(text, "http-01")
    assert reading.error is None
    assert [identifier.value for identifier in reading.identifiers] == [name]
    first, second = reading.lines
    assert (first.name, second.name, second.state) == (name, name, "merged")
    assert words in second.text


def test_a_hundred_names_are_counted_without_the_doubled_ones() -> None:
    hundred = [f"host-{n}.shop.example" for n in range(100)]
    assert names_in("\n".join([*hundred, *hundred])) == hundred


@pytest.mark.parametrize(
    ("kind", "fits"), [("dns-01", 253 - len("_acme-challenge.")), ("dns-account-01", 219), ("dns-persist-01", 233)]
)
def test_name_too_long_for_its_own_dns_record_is_refused_with_the_length_that_fits(kind: str, fits: int) -> None:
    longest = LONG_NAME[-fits:].lstrip(".")
    longest = "a" * (fits - len(longest)) + longest
    assert names_in(longest, kind) == [longest]
    assert names_in(f"*.{longest}", kind) == [f"*.{longest}"]
    assert f"at most {fits} fit" in refusal(f"a{longest}", kind)
    assert names_in(f"a{longest}", "http-01") == [f"a{longest}"]


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("", ""),
        ("shop.example", "1 name understood."),
        ("a.example b.example a.example", "2 names understood."),
        ("a.example localhost _x.example", " One more name is marked."),
    ],
)
def test_verdict_is_said_in_one_line(text: str, verdict: str) -> None:
    assert read_names(text, "dns-01").announcement.endswith(verdict)


def test_wildcard_needs_the_dns_proof() -> None:
    assert names_in("shop.example", "http-01") == ["shop.example"]
    words = "*.shop.example: Only a DNS record can prove it. Choose that below ("
    assert refusal("*.shop.example", "http-01").startswith(words)


def test_each_name_can_have_a_proof_of_its_own() -> None:
    text, others = "192.0.2.1 shop.example *.shop.example", (("192.0.2.1", "tls-alpn-01"),)
    assert read_names(text, "dns-01", others).error is None
    reading = read_names(text, "http-01")
    assert len(reading.identifiers) == 2
    assert [identifier.value for identifier in reading.understood] == text.split()
    assert read_names(text, "http-01", (("*.shop.example", "dns-persist-01"),)).error is None


def test_hundred_names_are_the_most() -> None:
    hundred = [f"host-{n}.shop.example" for n in range(100)]
    assert names_in("\n".join(hundred)) == hundred
    words = "These are 101 names; one certificate can have 100. Order a second one for the rest."
    assert refusal("\n".join([*hundred, "one-more.shop.example"])) == words


def test_hundred_names_stay_beside_a_bad_one_when_one_is_counted() -> None:
    text = "\n".join([*(f"host-{n}.shop.example" for n in range(99)), "_bad.shop.example"])
    assert "underscore" in refusal(text)
    assert len(read_names(text, "dns-01").identifiers) == 99


def test_first_of_several_errors_is_said_and_the_others_counted() -> None:
    reading = read_names("good.example _bad.example 192.0.2.1 localhost", "dns-01")
    assert reading.error is not None
    assert sentence(reading.error).startswith("_bad.example: Certificates allow no underscore")
    assert sentence(reading.error).endswith(" 2 more names are marked.")
    assert refusal("_bad.example localhost").endswith(" One more name is marked.")
    assert [line.identifier is None for line in reading.lines] == [False, True, True, True]


def test_each_line_says_how_it_was_read() -> None:
    reading = read_names("shop.example bücher.example localhost", "dns-01")
    plain, idn, bad = reading.lines
    assert (plain.shown, plain.reason) == ("shop.example", "")
    assert (idn.shown, idn.reason) == ("bücher.example (xn--bcher-kva.example)", "")
    assert (bad.shown, bad.reason) == ("localhost", "A CA needs a full name with a dot in it, such as shop.example.")


@pytest.mark.parametrize(
    ("word", "shown", "reason"),
    [
        ("https://shop.example/", "shop.example", "Taken from the web address that you pasted."),
        ("//shop.example", "shop.example", "Taken from the web address that you pasted."),
        ("Shop.Example", "shop.example", "In lower case: that is the same name."),
        ("shop.example.", "shop.example", "The dot at the end was left out."),
        ("SHOP.example。", "shop.example", "The dot at the end was left out. In lower case: that is the same name."),
        ("BÜCHER.example", "bücher.example (xn--bcher-kva.example)", "In lower case: that is the same name."),
        ("xn--bcher-kva.example", "bücher.example (xn--bcher-kva.example)", ""),
        ("bu\u0308cher.example", "bücher.example (xn--bcher-kva.example)", ""),
        ("ｓｈｏｐ．example", "shop.example", "Written in its usual form."),
        ("2001:db8:0::1", "2001:db8::1", "Written in its usual form."),
        ("i❤.ws", "i❤.ws (xn--i-7iq.ws)", ""),
    ],
)
def test_good_name_that_was_typed_otherwise_says_how_it_was_read(word: str, shown: str, reason: str) -> None:
    (line,) = read_names(word, "http-01").lines
    assert (line.state, line.shown, line.reason) == ("good", shown, reason)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("printer.local", ""),
        ("a.example\nprinter.local", "a.example"),
        ("a.example, printer.local", "a.example"),
        ("printer.local\nb.example", "b.example"),
        ("a.example\nprinter.local\nb.example", "a.example\nb.example"),
        ("a.example\r\nprinter.local \r\nb.example", "a.example\r\nb.example"),
        ("a.example, printer.local, b.example", "a.example, b.example"),
        ("a.example printer.local b.example", "a.example b.example"),
        ("a.example;printer.local;b.example", "a.example;b.example"),
        ("a.example\n\nprinter.local\n\nb.example", "a.example\n\n\nb.example"),
    ],
)
def test_word_without_an_obvious_right_form_can_be_taken_out(text: str, left: str) -> None:
    reading = read_names(text, "dns-01", public=True)
    (wrong,) = [line for line in reading.lines if line.state == "wrong"]
    assert corrected(text, wrong) == left


def test_private_key_is_taken_out_whole() -> None:
    text = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIA\n-----END PRIVATE KEY-----"
    (line,) = read_names(text, "dns-01").lines
    assert (line.state, line.shown) == ("wrong", "")
    assert corrected(text, line) == ""


def test_long_input_is_cut_in_sentences() -> None:
    assert len(refusal(f"{'x' * 5000}.example")) < 250
    assert len(refusal(f"https://shop.example/{'x' * 5000}")) < 250
    assert len(refusal("x" * 40 + f".{'y' * 40}" * 6 + ".9")) < 250


HOST_NAME = re.compile(r"(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")

LETTERS = ["shop", "example", "bücher", "例え", "xn--", "xn--bcher-kva", "192.0.2.1", "ß", "İ", "１", "٣", "2001:db8"]
MARKS = ["*.", ".", "。", "-", "--", "_", "@", ":", "/", "//", "?", "https://", "[", "]", "::", "%", " ", "\n"]
TRAPS = ["…", "⒈", "℀", "\u200b", "\u200d", "\ufeff", "\ud800"]
SNIPPETS = st.sampled_from([*LETTERS, *MARKS, *TRAPS])


@given(
    st.one_of(st.text(), st.lists(SNIPPETS, max_size=12).map("".join)),
    st.sampled_from(["dns-01", "dns-persist-01", "http-01", ""]),
)
@example("https://[::1", "dns-01")
@example("\u06dd.example", "dns-01")
@example("xn--" + "0" * 55 + ".example", "dns-01")
def test_any_text_gives_good_names_and_sentences_and_never_raises(text: str, challenge: str) -> None:
    reading = read_names(text, challenge)
    for identifier in reading.identifiers:
        if identifier.type == "ip":
            assert str(ip_address(identifier.value)) == identifier.value
            assert not challenge.startswith("dns-")
            continue
        assert HOST_NAME.fullmatch(identifier.value)
        assert len(identifier.value) <= 253
        assert challenge.startswith("dns-") or not identifier.is_wildcard
    assert len(set(reading.identifiers)) == len(reading.identifiers)
    assert all(line.text for line in reading.lines)
    counted = [line for line in reading.lines if line.state != "merged"]
    assert (reading.error is None) == (0 < len(reading.identifiers) == len(counted) <= 100)
    for line in reading.lines:
        if line.suggestion:
            assert read_names(line.suggestion, "http-01").lines[0].name


@given(st.lists(st.from_regex(HOST_NAME, fullmatch=True).filter(lambda name: len(name) < 80), max_size=3))
def test_what_was_read_reads_the_same_again(words: list[str]) -> None:
    names = [identifier.value for identifier in read_names("\n".join(words), "dns-01").identifiers]
    again = [identifier.value for identifier in read_names("\n".join(names), "dns-01").identifiers]
    assert again == names


# ---- a name beside the wildcard that covers it ----


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("*.shop.example www.shop.example", ["www.shop.example"]),
        ("www.shop.example *.shop.example api.shop.example", ["www.shop.example", "api.shop.example"]),
        ("*.Shop.Example WWW.shop.example", ["www.shop.example"]),
        ("*.bücher.example a.bücher.example", ["a.xn--bcher-kva.example"]),
        ("*.shop.example shop.example", []),
        ("*.shop.example a.b.shop.example *.b.shop.example", ["a.b.shop.example"]),
        ("*.shop.example *.www.shop.example", []),
        ("*.shop.example wwwshop.example", []),
        ("*.0.2.example 192.0.2.1", []),
    ],
)
def test_name_that_a_wildcard_covers_is_refused_where_the_ca_refuses_it(text: str, refused: list[str]) -> None:
    """Boulder: “redundant with a wildcard domain in the same request”."""
    reading = read_names(text, "dns-01", (("192.0.2.1", "http-01"),), redundant_taken=False)
    lines = [line for line in reading.lines if line.identifier is None]
    assert [line.understood.value for line in lines if line.understood] == refused
    assert all(" covers it, and this CA" in line.reason for line in lines)
    assert (reading.error is None) == (not refused)
    assert read_names(text, "dns-01", (("192.0.2.1", "http-01"),)).error is None
