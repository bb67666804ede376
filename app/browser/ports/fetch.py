"""`Http` by the browser's fetch.

`pyodide.http.pyfetch` turns every failure into an AbortError (pyodide issue 5028), so this does without. What is asked of the
browser for one request, static/exchange.mjs asks.
"""

import json

import js
from pyodide.ffi import JsException, to_js

from app.errors import AddressError, NetworkError, OversizeError
from app.ports import MAX_RESPONSE, Request, Response
from app.text.page import offline


class FetchHttp:
    """Sends requests without cookies, caches, referrers or redirects."""

    async def send(self, request: Request) -> Response:
        """See `app.ports.Http.send`."""
        headers = json.dumps(dict(request.headers))
        body = to_js(request.body) if request.method in ("POST", "PATCH") else None
        try:
            answer = await js.keystayExchange(request.url, request.method, headers, body, request.no_cors, MAX_RESPONSE)
        except JsException as error:
            raise NetworkError(request.url, detail=_reason(error)) from error
        type_, status, received, content = answer.to_py()  # fetch has the names of headers in lower case
        if type_ == "opaqueredirect":  # more of it is not shown to a page
            raise AddressError("redirect-response", detail=request.url)
        if content is None:
            raise OversizeError("response-too-long", url=request.url, limit=MAX_RESPONSE)
        return Response(status, received, bytes(content))


def _reason(error: JsException) -> str:
    return str(error) if js.navigator.onLine else f"{error}\n{offline()}"
