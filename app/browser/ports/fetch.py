"""`Http` by the browser's fetch.

`pyodide.http.pyfetch` turns every failure into an AbortError (pyodide issue 5028), so this calls `js.fetch` itself.
"""

from typing import Any, Final

import js
from pyodide.ffi import JsException, to_js

from app.errors import AddressError, NetworkError, OversizeError
from app.ports import MAX_RESPONSE, Request, Response
from app.text.page import offline

TIMEOUT: Final = 60_000  # milliseconds until a response that does not come counts as none
NO_CORS_TIMEOUT: Final = 10_000
"""Milliseconds. Shorter than `TIMEOUT`, because any response comes sooner, and the person has waited once already."""


class FetchHttp:
    """Sends requests without cookies, caches, referrers or redirects."""

    async def send(self, request: Request) -> Response:
        """See `app.ports.Http.send`."""
        try:
            response = await js.fetch(request.url, _options(request))
            if response.type == "opaqueredirect":  # more of it is not shown to a page
                raise AddressError("redirect-response", detail=request.url)
            body = await _read(response)
        except JsException as error:
            raise NetworkError(request.url, detail=_reason(error)) from error
        headers: dict[str, str] = js.Object.fromEntries(response.headers).to_py()  # fetch has their names in lower case
        return Response(int(response.status), headers, body)


async def _read(response: Any) -> bytes:
    """The body, piece by piece, so that an endless one costs no more than `MAX_RESPONSE`. Raises `OversizeError`."""
    body = bytearray()
    if not (stream := response.body):  # to HEAD
        return b""
    reader = stream.getReader()
    while not (piece := await reader.read()).done:
        body += piece.value.to_bytes()
        if len(body) > MAX_RESPONSE:
            await reader.cancel()
            raise OversizeError("response-too-long", url=response.url, limit=MAX_RESPONSE)
    return bytes(body)


_ALWAYS: Final = {"cache": "no-store", "credentials": "omit", "referrerPolicy": "no-referrer"}
_CORS: Final = to_js(_ALWAYS | {"mode": "cors", "redirect": "manual"})
_NO_CORS: Final = to_js(_ALWAYS | {"mode": "no-cors", "redirect": "follow"})  # it takes no other `redirect`


def _options(request: Request) -> Any:
    """The second argument of `fetch`. What is in all of them was made once; each value costs as much as a few lines here."""
    signal = js.AbortSignal.timeout(NO_CORS_TIMEOUT if request.no_cors else TIMEOUT)
    own = {"method": request.method, "headers": dict(request.headers), "signal": signal}
    if request.method in ("POST", "PATCH"):
        own["body"] = request.body
    return js.Object.assign(to_js(own), _NO_CORS if request.no_cors else _CORS)


def _reason(error: JsException) -> str:
    return str(error) if js.navigator.onLine else f"{error}\n{offline()}"
