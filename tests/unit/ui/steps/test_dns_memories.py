"""What resolvers remember of a record: something old, or that there was nothing; and whether they can be made to forget it."""

import pytest

from app.dns.checks.findings import Finding, Reason, Sighting
from app.dns.checks.report import DnsReport
from app.dns.choices import ProviderChoices
from app.ui.steps.dns_check import dns_check
from app.ui.steps.dns_check_models import Memory
from tests.unit.dns.forms import entries_at, proof
from tests.unit.dns.scripted_resolvers import ONE, TWO

UNTIL = 2_000.0


@pytest.mark.parametrize(
    ("reason", "values"),
    [
        ("remembered", ()),
        ("doubled", ()),
        ("apex", ("other",)),
        ("one-of-two", ("other",)),
        ("old-value", ("old",)),
        ("wildcard", ("from a wildcard",)),
        ("quotes", ('"a"',)),
    ],
)
def test_a_resolver_that_remembers_something_can_be_made_to_forget_it(reason: Reason, values: tuple[str, ...]) -> None:
    finding = Finding(reason, values=values, until=UNTIL)
    sighting = Sighting(1, finding, {ONE.id: finding, TWO.id: finding})
    report = DnsReport(resolvers=(ONE, TWO), sightings=(sighting,), added=1.0)
    (record,) = dns_check(report, entries_at(None, proof("shop.example", "a")), ProviderChoices(), "CA").records
    assert record.memories == (Memory(("One", "Two"), UNTIL, nothing=not values),)
    assert [button.resolver for button in record.buttons] == ["one"]  # the other one has no way to be told
