"""Puts the token of a DNS service into a request to it, as the last thing before it is sent.

It stands below the request log, so neither the log nor what is made of it can show a token: there stands the mark that the
request was made with. And it asks for the token by the URL, so a token goes to its own service and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from app.dns.services.service import TOKEN_MARK
from app.errors import GateError
from app.ports import Http, Request, Response

if TYPE_CHECKING:
    from app.dns.services.catalog import ServiceEntry


class TokenHeader:
    """`Http` by `inner`. `token_for` gives the service to which a URL belongs, and its token; None where there is none."""

    def __init__(self, inner: Http) -> None:
        self._inner = inner
        self.token_for: Callable[[str], tuple[ServiceEntry, str] | None] = lambda _: None
        """Set once the tokens are there; until then no request has one."""

    async def send(self, request: Request) -> Response:
        """See `app.ports.Http.send`. Raises `GateError` where a token is wanted for a URL that has none."""
        if not any(TOKEN_MARK in value for value in request.headers.values()):
            return await self._inner.send(request)
        found = self.token_for(request.url)
        if found is None:
            raise GateError("gate-no-token")
        service, token = found
        headers = {**request.headers, service.protocol.header: service.protocol.prefix + token}
        return await self._inner.send(replace(request, headers=headers))
