"""The suite over the adapters of the tests, on CPython."""

from collections.abc import AsyncIterator

import pytest

from app.ports import Ports
from tests.adapters import HttpxHttp, native_ports
from tests.contract.judge import assert_proven
from tests.contract.suite import CHECKS, Check, Place


@pytest.fixture
async def ports() -> AsyncIterator[Ports]:
    http = HttpxHttp()
    yield native_ports(http)
    await http.close()


SHORT_OF = {"nothing_is_told_about_the_page": "HttpxHttp keeps cookies"}


def marked(name: str) -> object:
    """The check `name` as a parameter, expected to fail where an adapter is known to fall short."""
    marks = [pytest.mark.xfail(reason=SHORT_OF[name], strict=True)] if name in SHORT_OF else []
    return pytest.param(CHECKS[name], id=name, marks=marks)


@pytest.mark.parametrize("check", [marked(name) for name in CHECKS])
async def test_native_adapters(check: Check, ports: Ports, place: Place) -> None:
    assert_proven(await check(ports, place) or [])
