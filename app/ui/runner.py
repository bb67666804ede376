"""What every panel does with a click: one piece of work at a time, and the panel is told how it goes."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol

from app.errors import FieldError
from app.text.errors import message_for
from app.text.message import Message

Words = Callable[[Exception], Message]
"""What says in a person's words what stopped the work."""


class Tell(Protocol):
    """How a panel is told: that it is `busy`, what was `said` of a good end, or what is wrong, in a field or at all."""

    def __call__(self, *, busy: bool, said: str = "", error: FieldError | None = None, message: Message | None = None) -> None:
        """Say so; what was said before goes."""
        ...


class TaskRunner:
    """The work of one panel. `busy` tells whether there is any; a click that comes meanwhile is ignored."""

    def __init__(self) -> None:
        self.busy = False

    async def do(self, work: Callable[[], Awaitable[str]], tell: Tell, words: Words = message_for) -> None:
        """Do `work`, which gives the sentence to say at its end; what stops it becomes an error or a message by `words`."""
        if self.busy:
            return
        self.busy = True
        tell(busy=True)
        try:
            said = await work()
        except FieldError as error:
            tell(busy=False, error=error)
        except Exception as error:
            tell(busy=False, message=words(error))
        else:
            tell(busy=False, said=said)
        finally:
            self.busy = False


class CancellableTask:
    """One piece of work at a time, which a person may leave in the middle. `busy` tells whether there is any."""

    def __init__(self) -> None:
        self.busy = False
        self._task: asyncio.Future[Exception | None] | None = None

    async def do(self, work: Callable[[], Awaitable[None]], begun: Callable[[], None]) -> Exception | None:
        """Call `begun`, and do `work` until its end, or until it is left; what stopped it, if anything else did."""
        self.busy = True
        self._task = task = asyncio.ensure_future(attempt(work))
        try:
            begun()
            await asyncio.wait([task])
        finally:
            task.cancel()
            self.busy = False
        return None if task.cancelled() else task.result()

    async def leave(self) -> None:
        """End the work, wherever it is, and wait until it has let go of everything."""
        if self._task:
            self._task.cancel()
            await asyncio.wait([self._task])


async def attempt(work: Callable[[], Awaitable[None]]) -> Exception | None:
    """Do `work`; what stopped it, or None."""
    try:
        await work()
    except Exception as error:
        return error
    return None


class PlainView(Protocol):
    """A panel without fields."""

    def tell(self, *, busy: bool, said: str = "", message: Message | None = None) -> None:
        """Say how it goes; show `message`, and take any other away."""
        ...


def without_fields(panel: PlainView) -> Tell:
    """How to tell `panel`: what a person must mend first is not in a field of it, so it is a message."""

    def tell(*, busy: bool, said: str = "", error: FieldError | None = None, message: Message | None = None) -> None:
        panel.tell(busy=busy, said=said, message=Message("Not now", str(error)) if error else message)

    return tell
