"""What several resolvers say together of one record."""

import pytest

from app.dns.checks.findings import SEEN_OF, Finding, Reason
from app.dns.checks.summing_up import TELLING, sum_up

VALIDATING = ("v", "w")


@pytest.mark.parametrize(
    ("v", "w", "a", "together"),
    [
        ("there", "there", "there", "there"),
        ("there", "there", "not-yet", "there"),  # who does not check DNSSEC does not outvote
        ("there", "unreachable", "old-value", "there"),
        ("there", "not-yet", "there", "disagree"),
        ("there", "old-value", "there", "disagree"),
        ("there", "server-failure", "there", "disagree"),
        ("not-yet", "not-yet", "there", "disagree"),
        ("unreachable", "refused", "there", "there"),
        ("unreachable", "refused", "doubled", "doubled"),
        ("bogus", "there", "there", "bogus"),
        ("bogus", "doubled", "there", "bogus"),
        ("lame", "lame", "not-yet", "lame"),
        ("lame", "not-yet", "not-yet", "lame"),
        ("lame", "old-value", "not-yet", "old-value"),
        ("old-value", "doubled", "not-yet", "doubled"),
        ("remembered", "not-yet", "old-value", "remembered"),
        ("not-yet", "not-yet", "old-value", "not-yet"),
        ("unreachable", "refused", "unreadable", "unreachable"),
        ("skipped", "refused", "unreadable", "refused"),
        ("skipped", "skipped", "skipped", "skipped"),
    ],
)
def test_what_they_say_together(v: Reason, w: Reason, a: Reason, together: Reason) -> None:
    assert sum_up({"v": Finding(v), "w": Finding(w), "a": Finding(a)}, VALIDATING).reason == together


def test_who_does_not_check_dnssec_decides_where_nobody_else_answers() -> None:
    assert sum_up({"a": Finding("not-yet")}, ()).reason == "not-yet"


def test_it_lasts_until_the_last_one_forgets() -> None:
    remembered = [Finding("remembered", until=until) for until in (10.0, 30.0, 20.0)]
    assert sum_up(dict(zip("vwx", remembered, strict=True)), "vwx").until == 30.0
    both = sum_up({"v": Finding("there"), "w": remembered[0], "x": remembered[2]}, "vwx")
    assert (both.reason, both.until) == ("disagree", 20.0)


def test_every_reason_has_a_rank() -> None:
    assert {"there", "bogus", "disagree", *TELLING} == set(SEEN_OF)
    assert len(set(TELLING)) == len(TELLING)
