"""What the event loop of the page must do as every loop of asyncio does, and the browser's turns in between."""

import asyncio
from contextvars import ContextVar
from typing import Any

from app.ports import Ports
from tests.contract.suite import Check, Place, group

CHECKS: dict[str, Check] = {}
BROWSER_CHECKS: dict[str, Check] = {}

_check = group(CHECKS)
_browser_check = group(BROWSER_CHECKS)

_HERE: ContextVar[str] = ContextVar("_HERE", default="nowhere")


@_check
async def callbacks_come_in_order_and_what_they_ask_for_after_all_of_them(_: Ports, __: Place) -> None:
    loop, called, end = asyncio.get_running_loop(), list[str](), asyncio.Event()

    def first() -> None:
        called.append("first")
        loop.call_soon(called.append, "asked for by first")
        loop.call_soon(end.set)

    loop.call_soon(first)
    loop.call_soon(called.append, "second")
    loop.call_soon(called.append, "cancelled").cancel()
    loop.call_soon(called.append, "third")
    await end.wait()
    assert called == ["first", "second", "third", "asked for by first"]


@_check
async def callback_that_fails_is_told_and_keeps_nothing_waiting(_: Ports, __: Place) -> None:
    loop, told = asyncio.get_running_loop(), list[Any]()
    loop.set_exception_handler(lambda _, context: told.append(context["exception"]))
    error, reached = ValueError("of a callback"), asyncio.Event()

    def fail() -> None:
        raise error

    try:
        loop.call_soon(fail)
        loop.call_soon(reached.set)
        await reached.wait()
    finally:
        loop.set_exception_handler(None)
    assert told == [error]


@_check
async def callback_runs_in_the_context_in_which_it_was_asked_for(_: Ports, __: Place) -> None:
    seen = asyncio.get_running_loop().create_future()
    _HERE.set("where it was asked for")
    asyncio.get_running_loop().call_soon(lambda: seen.set_result(_HERE.get()))
    _HERE.set("later")
    assert await seen == "where it was asked for"


@_check
async def future_gives_what_it_got_to_all_who_wait(_: Ports, __: Place) -> None:
    future = asyncio.get_running_loop().create_future()

    async def wait() -> object:
        return await future

    waiting = [asyncio.ensure_future(wait()) for _ in range(3)]
    await asyncio.sleep(0)
    future.set_result("what it got")
    assert await asyncio.gather(*waiting) == ["what it got"] * 3


@_browser_check
async def callbacks_that_ask_for_one_another_for_ever_do_not_keep_a_timer_of_the_browser(_: Ports, __: Place) -> None:
    import js
    from pyodide.ffi import create_once_callable

    loop, rang = asyncio.get_running_loop(), asyncio.Event()

    def again() -> None:
        if not rang.is_set():
            loop.call_soon(again)

    again()
    js.setTimeout(create_once_callable(rang.set), 0)
    await rang.wait()
