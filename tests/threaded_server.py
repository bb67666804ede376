"""Runs an ASGI application in a thread of the tests' process."""

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import uvicorn
from starlette.types import ASGIApp

from tools.http1 import Http1Protocol
from tools.localhost_tls import TlsFiles
from tools.ports import listen, loopbacks


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.answers = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.answers.set()


@contextmanager
def running(app: ASGIApp, port: int, tls: TlsFiles | None = None) -> Iterator[None]:
    """Serve `app` on `port` of every loopback address, by https when there is `tls`; it answers inside the `with`."""
    config = uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=1, http=Http1Protocol, ws="none")
    if tls:
        config.ssl_certfile, config.ssl_keyfile = tls.certificate, tls.key
    server = _Server(config)
    with ExitStack() as stack:
        sockets = [stack.enter_context(listen(port, host)) for host in loopbacks()]
        thread = threading.Thread(target=server.run, args=[sockets])
        thread.start()
        try:
            assert server.answers.wait(10), "the server did not start"
            yield
        finally:
            server.should_exit = True
            thread.join()
