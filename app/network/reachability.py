"""Distinguishes a CA that hides its responses (CORS) from one that cannot be reached. Browsers do not say which it was."""

from contextlib import suppress

from app.dns.lookup.sent_question import question_in
from app.errors import GateError, NetworkError
from app.ports import Http, Request, Response


class Probe:
    """`Http` by `inner`. Where no response can be read, it finds out by a request in `no-cors` mode whether anything responds.

    That request passes through `inner` like any other.
    """

    def __init__(self, inner: Http) -> None:
        self._inner = inner

    async def send(self, request: Request) -> Response:
        """See `app.ports.Http.send`. A `NetworkError` says in `reachable` what the second request found out.

        There is none for a DNS question, which the resolver would get twice, nor for a request that is itself in that mode.
        """
        try:
            return await self._inner.send(request)
        except NetworkError as error:
            if request.no_cors or question_in(request.url):
                raise
            error.reachable = await self._responds(request.url)
            raise

    async def _responds(self, url: str) -> bool | None:
        """Whether anything responds at `url`; None where the gate blocks the request."""
        with suppress(GateError):
            try:
                await self._inner.send(Request("GET", url, no_cors=True))
            except NetworkError:
                return False
            return True
        return None
