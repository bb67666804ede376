"""Background tasks. A module of its own, so that `app.browser.ports` can use it without the presenters."""

import asyncio
from collections.abc import Awaitable
from typing import Any, TypeVar

T = TypeVar("T")


class BackgroundTasks:
    """Runs tasks in the background. asyncio keeps only weak references to tasks; this keeps them alive."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Future[Any]] = set()

    def spawn(self, work: Awaitable[T]) -> "asyncio.Future[T]":
        """Start `work`, and keep it alive until its end."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task
