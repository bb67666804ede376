"""One piece of work at a time: what stops it is told, and the next one can begin."""

import asyncio

from app.errors import FieldError, InputError
from app.text.message import Message
from app.ui.background import BackgroundTasks
from app.ui.runner import TaskRunner, without_fields
from tests.unit.fake_page import FakePanel


class Panel:
    """A panel that remembers what it is told."""

    def __init__(self) -> None:
        self.told: list[tuple[bool, str, FieldError | None, Message | None]] = []

    def tell(self, *, busy: bool, said: str = "", error: FieldError | None = None, message: Message | None = None) -> None:
        """See `app.ui.runner.ProgressReporter`."""
        self.told.append((busy, said, error, message))


async def say() -> str:
    return "done"


async def test_work_is_told_from_its_begin_to_its_end() -> None:
    runner, panel = TaskRunner(), Panel()
    await runner.do(say, panel.tell)
    assert panel.told == [(True, "", None, None), (False, "done", None, None)]
    assert not runner.busy


async def test_click_is_ignored_while_there_is_work() -> None:
    runner, panel, begun, may_end = TaskRunner(), Panel(), asyncio.Event(), asyncio.Event()

    async def wait() -> str:
        begun.set()
        await may_end.wait()
        return "first"

    first = asyncio.ensure_future(runner.do(wait, panel.tell))
    await begun.wait()
    await runner.do(say, panel.tell)
    may_end.set()
    await first
    assert [said for _busy, said, _error, _message in panel.told] == ["", "first"]


async def test_what_stops_the_work_is_told_in_its_field_or_as_a_message_and_the_next_work_is_done() -> None:
    runner, panel, error = TaskRunner(), Panel(), FieldError("contact", "contact-no-address", address="x")

    async def fail(with_: Exception) -> str:
        raise with_

    await runner.do(lambda: fail(error), panel.tell)
    await runner.do(lambda: fail(InputError("no-names")), panel.tell)
    await runner.do(lambda: fail(KeyError("state")), panel.tell)
    await runner.do(say, panel.tell)
    in_field, in_general, mistake, good = (told for told in panel.told if not told[0])
    assert in_field == (False, "", error, None)
    assert in_general[3] is not None
    assert "Write at least one name" in in_general[3].text
    assert mistake[3] is not None
    assert mistake[3].title == "Keystay made a mistake"
    assert good[1] == "done"


async def test_work_that_is_cancelled_has_ended_when_that_returns_and_is_no_fault() -> None:
    runner, begun, ended = TaskRunner(), asyncio.Event(), asyncio.Event()

    async def wait() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    running = asyncio.ensure_future(runner.run(wait, lambda: None))
    await begun.wait()
    await runner.cancel()
    assert ended.is_set()
    assert await running is None
    assert not runner.busy


async def test_panel_without_fields_is_told_by_a_message() -> None:
    panel = FakePanel()
    without_fields(panel)(busy=False, error=FieldError("saved", "order-under-way"))
    assert panel.message is not None
    assert panel.message.title == "Not now"
    assert "An order is under way" in panel.message.text


async def test_background_tasks_end_by_themselves() -> None:
    tasks = BackgroundTasks()
    assert await tasks.spawn(say()) == "done"
