"""An issuance at a scripted CA, walked as far as a test needs it."""

import pytest

from app.flow.advance import Flow
from app.flow.issuance import Issuance
from app.ports import KeySpec
from tests.unit.ca import (
    HistoryStore,
    ScriptedCA,
    ports_to,
)
from tests.unit.records import CA, choices

NAMES = ("shop.example", "*.shop.example", "www.shop.example")


def flow_to(ca: ScriptedCA) -> Flow:
    """A fresh browser that knows `CA` only, and reaches it as `ca`."""
    return Flow(ports_to(ca), (CA,))


def begun(flow: Flow, *names: str, challenge: str = "dns-01", key: KeySpec = "ec-p256") -> Issuance:
    """A new issuance for `names`."""
    return flow.begin("1", choices(*(names or NAMES), challenge=challenge, key=key))


async def run(flow: Flow, issuance: Issuance) -> Issuance:
    """Advance as far as it goes without a person."""
    return await flow.run(issuance, lambda _: None)


async def prove(flow: Flow, *names: str, challenge: str = "dns-01") -> Issuance:
    """Up to the point where a person must publish."""
    proving = await run(flow, begun(flow, *names, challenge=challenge))
    assert proving.state == "proving"
    return proving


async def issue(flow: Flow, *names: str) -> Issuance:
    """The whole way, as a person goes it."""
    return await run(flow, flow.confirm(await prove(flow, *names)))


def saved_states(flow: Flow) -> list[str]:
    """The states of all records that were saved, in their order."""
    assert isinstance(flow.ports.store, HistoryStore)
    return [record["state"] for record in flow.ports.store.history if "state" in record]


async def stopped(flow: Flow, issuance: Issuance, kind: type[Exception]) -> Issuance:
    """Run into an error of this `kind`; the record that is saved then."""
    with pytest.raises(kind):
        await run(flow, issuance)
    (saved,) = await flow.saved()
    return saved
