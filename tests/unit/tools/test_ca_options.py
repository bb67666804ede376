"""The CAs to choose from, as HTML."""

from dataclasses import replace

import pytest

from app.ca.catalog import CertificateAuthority
from app.text.ca_list import GROUPS
from tools.ca_options import ca_cards, ca_options

DIRECT = CertificateAuthority("direct", "Direct CA", "https://ca.example/dir", cors="yes", trusted=True)


def options(*authorities: CertificateAuthority) -> list[str]:
    return [line.strip() for line in ca_options(authorities, "  ").splitlines()]


def test_direct_ones_stand_alone_and_others_in_their_groups() -> None:
    lines = options(
        CertificateAuthority("shy", "Shy CA", "https://shy.example/dir", cors="no", trusted=True),
        CertificateAuthority("new", "New CA", "https://new.example/dir", trusted=True),
        DIRECT,
        CertificateAuthority("far", "Far CA", "https://far.example/dir", cors="no", relay="/relay/", trusted=True),
    )
    assert lines == [
        '<option value="direct">Direct CA</option>',
        f'<optgroup label="{GROUPS["relay"]}">',
        '<option value="far">Far CA</option>',
        "</optgroup>",
        f'<optgroup label="{GROUPS["unknown"]}">',
        '<option value="new">New CA</option>',
        "</optgroup>",
        f'<optgroup label="{GROUPS["none"]}">',
        '<option value="shy">Shy CA</option>',
        "</optgroup>",
    ]


@pytest.mark.parametrize(
    ("authority", "line"),
    [
        (
            CertificateAuthority(
                "gone", "Gone CA", "https://gone.example/dir", trusted=True, closed="closed since May; use Direct CA"
            ),
            '<option value="gone" disabled>Gone CA: closed since May; use Direct CA</option>',
        ),
        (
            CertificateAuthority("test", "Test CA", "https://t.example", cors="yes"),
            '<option value="test">Test CA (test certificates)</option>',
        ),
        (
            CertificateAuthority("terms", "T", "https://t.example", cors="yes", trusted=True, terms='https://t.example/?a="&b'),
            '<option value="terms" data-terms="https://t.example/?a=&quot;&amp;b">T</option>',
        ),
        (
            CertificateAuthority("practice", "Practice CA", "https://localhost/dir", relay="/relay/", records="/practice/"),
            '<option value="practice" hidden disabled data-terms="">Practice CA on this computer (test certificates)</option>',
        ),
        (
            CertificateAuthority('"<', "A & <b>", "https://a.example", cors="yes", trusted=True),
            '<option value="&quot;&lt;">A &amp; &lt;b&gt;</option>',
        ),
    ],
)
def test_option_says_what_decides(authority: CertificateAuthority, line: str) -> None:
    assert line in options(authority)


def test_ca_with_a_summary_is_a_card_and_the_practice_ca_is_the_first() -> None:
    practice = CertificateAuthority(
        "practice", "Practice CA", "https://localhost/dir", relay="/relay/", records="/practice/", summary="To practise."
    )
    far = CertificateAuthority("far", "Far CA", "https://far.example/dir", cors="no", summary="Needs a relay.")
    gone = replace(DIRECT, id="gone", closed="closed since May", summary="Was free.")
    own = replace(DIRECT, name="A & B", summary="Free & <quick>.", limits="90 days.")
    lines = ca_cards((own, far, gone, DIRECT, practice), "  ", str.upper).splitlines()
    assert [line.strip() for line in lines] == [
        '<label class="card wide-card">',
        '<input type="radio" name="ca-card" value="practice" data-sets="ca">',
        '<strong translate="no">Practice CA</strong>',
        "<span>TO PRACTISE.</span>",
        "</label>",
        '<label class="card">',
        '<input type="radio" name="ca-card" value="direct" data-sets="ca">',
        '<strong translate="no">A &amp; B</strong>',
        "<span>FREE &amp; &lt;QUICK&gt;.</span>",
        '<span class="tag">90 DAYS.</span>',
        "</label>",
    ]
