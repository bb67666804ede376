"""The CAs to choose from, as HTML."""

import pytest

from app.ca.catalog import CertificateAuthority
from app.text.ca_list import GROUPS
from tools.ca_options import ca_options

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
