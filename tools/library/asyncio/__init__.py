"""`asyncio` without what a page cannot have: event loops of its own, sockets, streams, processes, threads, signals.

In the page the event loop is Pyodide's, which runs on the browser's. What stands here are futures, tasks, locks, queues,
timeouts and the rest that needs nothing but a loop.
"""

from asyncio.coroutines import *
from asyncio.events import *
from asyncio.events import _BaseDefaultEventLoopPolicy as DefaultEventLoopPolicy  # type: ignore[attr-defined]
from asyncio.exceptions import *
from asyncio.futures import *
from asyncio.locks import *
from asyncio.protocols import *
from asyncio.queues import *
from asyncio.runners import *
from asyncio.taskgroups import *
from asyncio.tasks import *
from asyncio.timeouts import *
