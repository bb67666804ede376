"""Advances an issuance at a scripted CA as far as a test needs."""

import pytest

from app.issuance.issuance import Issuance
from app.issuance.workflow import Workflow
from app.ports import KeySpec
from tests.unit.records import CA, choices
from tests.unit.scripted_ca import (
    HistoryStore,
    ScriptedCA,
    ports_to,
)

NAMES = ("shop.example", "*.shop.example", "www.shop.example")


def flow_to(ca: ScriptedCA) -> Workflow:
    """A fresh browser that knows `CA` only, and reaches it as `ca`."""
    return Workflow(ports_to(ca), (CA,))


def begun(workflow: Workflow, *names: str, challenge: str = "dns-01", key: KeySpec = "ec-p256") -> Issuance:
    """A new issuance for `names`."""
    return workflow.begin("1", choices(*(names or NAMES), challenge=challenge, key=key))


async def run(workflow: Workflow, issuance: Issuance) -> Issuance:
    """Advance as far as it goes without a person."""
    return await workflow.run(issuance, lambda _: None)


async def prove(workflow: Workflow, *names: str, challenge: str = "dns-01") -> Issuance:
    """Up to the point where a person must publish."""
    proving = await run(workflow, begun(workflow, *names, challenge=challenge))
    assert proving.state == "proving"
    return proving


async def issue(workflow: Workflow, *names: str) -> Issuance:
    """Up to the certificate, as a person would go."""
    return await run(workflow, workflow.confirm(await prove(workflow, *names)))


def saved_states(workflow: Workflow) -> list[str]:
    """The states of all records that were saved, in their order."""
    assert isinstance(workflow.ports.store, HistoryStore)
    return [record["state"] for record in workflow.ports.store.history if "state" in record]


async def stopped(workflow: Workflow, issuance: Issuance, kind: type[Exception]) -> Issuance:
    """Run into an error of this `kind`; the record that is saved then."""
    with pytest.raises(kind):
        await run(workflow, issuance)
    (saved,) = await workflow.saved()
    return saved
