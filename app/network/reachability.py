"""Tells a CA that hides its answers from one that cannot be reached. Browsers themselves do not say which it was."""

from contextlib import suppress

from app.errors import GateError, NetworkError
from app.ports import Http, Request, Response


class Probe:
    """`Http` by `inner`. Where no answer can be read, it asks once more, blindly, whether anything answers there.

    That request goes the way of all others, through whatever `inner` puts around them.
    """

    def __init__(self, inner: Http) -> None:
        self._inner = inner

    async def send(self, request: Request) -> Response:
        """See `app.ports.Http.send`. A `NetworkError` says in `reachable` what the second request found out."""
        try:
            return await self._inner.send(request)
        except NetworkError as error:
            error.reachable = await self._answers(request.url)
            raise

    async def _answers(self, url: str) -> bool | None:
        """Whether anything answers at `url`; None where the gate does not let anybody ask."""
        with suppress(GateError):
            try:
                await self._inner.send(Request("GET", url, no_cors=True))
            except NetworkError:
                return False
            return True
        return None
