"""What every panel does with a click: one piece of work at a time, and the panel is told how it goes."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from app.errors import InputError
from app.ui.messages import message_for
from app.ui.view import Message

Words = Callable[[Exception], Message]
"""What says in a person's words what stopped the work."""


class Tell(Protocol):
    """How a panel is told: that it is `busy`, what was `said` of a good end, or what is wrong, in a field or at all."""

    def __call__(self, *, busy: bool, said: str = "", error: InputError | None = None, message: Message | None = None) -> None:
        """Say so; what was said before goes."""
        ...


class OneTask:
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
        except InputError as error:
            tell(busy=False, error=error)
        except Exception as error:
            tell(busy=False, message=words(error))
        else:
            tell(busy=False, said=said)
        finally:
            self.busy = False


class PlainPanel(Protocol):
    """A panel without fields."""

    def tell(self, *, busy: bool, said: str = "", message: Message | None = None) -> None:
        """Say how it goes; show `message`, and take any other away."""
        ...


def without_fields(panel: PlainPanel) -> Tell:
    """How to tell `panel`: what a person must mend first is not in a field of it, so it is a message."""

    def tell(*, busy: bool, said: str = "", error: InputError | None = None, message: Message | None = None) -> None:
        panel.tell(busy=busy, said=said, message=Message("Not now", str(error)) if error else message)

    return tell
