"""Runs the work of clicks, one task at a time. An error becomes a message, so the page stays usable."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol

from app.errors import FieldError
from app.text.errors import message_for
from app.text.form import not_now
from app.text.message import Message

Words = Callable[[Exception], Message]
"""Turns the error that stopped the work into a message for a person."""


class ProgressReporter(Protocol):
    """Shows progress in a panel: that it is `busy`, what was `said` at the end, or the error, in a field or in general."""

    def __call__(self, *, busy: bool, said: str = "", error: FieldError | None = None, message: Message | None = None) -> None:
        """Show this in place of what was shown before."""
        ...


class TaskRunner:
    """Runs one piece of work at a time. `busy` tells whether there is any."""

    def __init__(self) -> None:
        self.busy = False
        self._task: asyncio.Future[Exception | None] | None = None

    async def do(self, work: Callable[[], Awaitable[str]], tell: ProgressReporter, words: Words = message_for) -> None:
        """Do `work`, which gives the sentence to say at its end, and `tell` how it goes. Ignored while there is other work.

        An error that stops the work is shown in its field, or else as the message that `words` makes of it.
        """
        if self.busy:
            return
        said = ""

        async def work_and_keep() -> None:
            nonlocal said
            said = await work()

        match await self.run(work_and_keep, lambda: tell(busy=True)):
            case None:
                tell(busy=False, said=said)
            case FieldError() as error:
                tell(busy=False, error=error)
            case error:
                tell(busy=False, message=words(error))

    async def run(self, work: Callable[[], Awaitable[None]], on_started: Callable[[], None]) -> Exception | None:
        """Call `on_started`, and do `work` until its end or until it is cancelled. Returns the error that stopped it, or None.

        For a caller that has seen that nothing is `busy`.
        """
        self.busy = True
        self._task = task = asyncio.ensure_future(attempt(work))
        try:
            on_started()
            await asyncio.wait([task])
        finally:
            task.cancel()
            self.busy = False
        return None if task.cancelled() else task.result()

    async def cancel(self) -> None:
        """End the work, wherever it is, and wait until it has let go of everything."""
        if self._task:
            self._task.cancel()
            await asyncio.wait([self._task])


async def attempt(work: Callable[[], Awaitable[None]]) -> Exception | None:
    """Do `work`. Returns the error that stopped it, or None."""
    try:
        await work()
    except Exception as error:
        return error
    return None


class PlainView(Protocol):
    """A panel without fields."""

    def tell(self, *, busy: bool, said: str = "", message: Message | None = None) -> None:
        """Say how it goes. Show `message`, and take any other away."""
        ...


def without_fields(panel: PlainView) -> ProgressReporter:
    """How to tell `panel`: it has no field in which to show what a person must correct first, so that is a message."""

    def tell(*, busy: bool, said: str = "", error: FieldError | None = None, message: Message | None = None) -> None:
        panel.tell(busy=busy, said=said, message=not_now(error) if error else message)

    return tell
