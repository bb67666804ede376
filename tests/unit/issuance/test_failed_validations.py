"""What is left of a CA's failure budget."""

from dataclasses import replace

from app.acme.challenge import DnsRecord
from app.acme.identifier import Identifier
from app.acme.problem import Problem
from app.dns.permission import DnsPermission
from app.issuance.failed_validations import HOUR, RemainingTries, remaining_tries
from app.issuance.issuance import Issuance, Proof
from app.issuance.workflow import Workflow
from app.ui.session import Session
from tests.adapters import AlwaysVisible
from tests.unit.fake_page import FakePage
from tests.unit.records import CA, record
from tests.unit.script import URN
from tests.unit.scripted_ca import READ_ORDER, ScriptedCA, ports_to
from tests.unit.visit import GOOD

NOW = 100_000.0


def failed(*names: str, since: float = NOW, account: str = "a", fine: tuple[str, ...] = ()) -> Issuance:
    """A failed order in which the proofs of `names` failed and those of `fine` did not."""
    problem = Problem("dns", "no record")
    proofs = tuple(
        Proof(Identifier("dns", name), "u", "c", DnsRecord("x", ("y",)), "invalid", problem if name in names else None)
        for name in (*names, *fine)
    )
    return record(*names, *fine, state="failed", proofs=proofs, account_url=account, since=since)


def test_each_name_has_its_own_budget_over_the_last_hour_and_this_account() -> None:
    last = failed("a.example", "b.example", fine=("c.example",))
    saved = [
        last,
        failed("a.example", since=NOW - 600),
        failed("a.example", since=NOW - HOUR - 1),
        failed("b.example", account="another"),
        record("a.example", state="issued", account_url="a", since=NOW),
    ]
    assert remaining_tries(last, saved, 5, NOW) == (
        RemainingTries("a.example", 3, NOW + 3000),
        RemainingTries("b.example", 4, NOW + HOUR),
    )


def test_a_wildcard_counts_for_its_name_and_nothing_falls_below_none() -> None:
    last = failed("a.example", "*.a.example")
    assert remaining_tries(last, [last], 1, NOW) == (RemainingTries("a.example", 0, NOW + HOUR),)


def told(page: FakePage) -> str:
    """The line of the one name that failed."""
    assert page.view.progress
    assert page.view.progress.standing
    (line,) = page.view.progress.standing.lines
    return line.words


async def test_budget_is_told_after_each_failure() -> None:
    ca = ScriptedCA("shop.example")
    refused = {"type": f"{URN}dns", "detail": "no record"}
    failure = ca.authorization(0, "invalid", error=refused)
    page = FakePage(GOOD)
    ids = iter("12345")
    limited = replace(CA, failures_per_hour=2)
    ports = ports_to(ca)
    session = Session(Workflow(ports, (limited,)), page, lambda: next(ids), DnsPermission(ports.store, ()), AlwaysVisible())
    url = f"POST {ca.authorization_url(0)}"
    ca.script[READ_ORDER] = [ca.order("invalid")]
    ca.script[url] = [ca.authorization(0), failure, ca.authorization(0), failure]
    await session.start()
    await session.verify()
    assert "1 try is left; one more is allowed at " in told(page)
    await session.retry()
    await session.verify()
    assert "No try is left: wait until " in told(page)
