"""The suite over the adapters of the tests, on CPython."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import cast

import pytest

from app.ports import Ports
from tests.adapters import BabelFormats, HttpxHttp, MemorySecretStore, MemoryTabs, native_ports
from tests.contract.all_checks import GROUPS
from tests.contract.judge import assert_proven
from tests.contract.suite import Check, Place
from tests.nightly import nightly_after


@pytest.fixture
async def ports() -> AsyncIterator[Ports]:
    http = HttpxHttp()
    yield native_ports(http)
    await http.close()


@pytest.mark.parametrize(
    "check",
    nightly_after(
        len(GROUPS["both"]),
        [pytest.param(check, id=name) for group in ("both", "large") for name, check in GROUPS[group].items()],
    ),
)
async def test_native_adapters(check: Check, ports: Ports, place: Place) -> None:
    tabs = cast("MemoryTabs", ports.tabs)
    where = replace(place, another=tabs.another(), formats=BabelFormats, secrets=MemorySecretStore())
    assert_proven(await check(ports, where) or [])
