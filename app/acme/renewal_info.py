"""When the CA suggests to renew a certificate (ACME Renewal Information, RFC 9773). The request needs no account."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from app.acme.directory import AcmeServer, Directory
from app.acme.problem import ProblemError, parse_problem
from app.acme.response import AcmeResponse
from app.acme.urls import safe_link
from app.encoding.strict_json import JsonObject
from app.errors import NotOfferedError, ProtocolError
from app.ports import Clock, Http, Request


@dataclass(frozen=True)
class RenewalWindow:
    """The suggested time to renew, in Unix seconds, `start` < `end`; `explanation_url` is an https page about it, or "".

    `asked` is when the CA sent it, or 0 where that was not stored: windows move. `retry_after` is for how many seconds it
    then wants no further request (§4.3); None where it did not say so.
    """

    start: float
    end: float
    explanation_url: str = ""
    asked: float = 0.0
    retry_after: float | None = None


async def read_window(http: Http, clock: Clock, server: AcmeServer, directory: Directory, certificate_id: str) -> RenewalWindow:
    """The suggested window of the certificate with `certificate_id` (§4.1).

    Raises `NotOfferedError` for a CA without ARI, `ProtocolError` for a malformed response, `ProblemError` where the CA
    refuses, and `NetworkError`.
    """
    if directory.renewal_info is None:
        raise NotOfferedError("renewal information")
    url = f"{directory.renewal_info.rstrip('/')}/{certificate_id}"
    response = AcmeResponse(url, await http.send(Request("GET", server.relay_url(url))), clock.now())
    if response.status >= 400:
        raise ProblemError(parse_problem(response))
    return replace(_parse(response.fields("renewalInfo")), asked=response.now, retry_after=response.retry_after)


def _parse(fields: JsonObject) -> RenewalWindow:
    """§4.2: a window that ends before it starts is to be treated as missing."""
    suggested = fields.child("suggestedWindow")
    if suggested is None:
        raise ProtocolError("json-member-missing", where="renewalInfo", member="suggestedWindow")
    start, end = _moment(suggested.text("start")), _moment(suggested.text("end"))
    if end <= start:
        raise ProtocolError("renewal-window-reversed")
    return RenewalWindow(start, end, safe_link(fields.optional.text("explanationURL")))


def _moment(text: str) -> float:
    """Unix seconds of an RFC 3339 time."""
    try:
        moment = datetime.fromisoformat(text.upper())  # RFC 3339 §5.6 allows “t” and “z”
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).timestamp()
    except (ValueError, OverflowError) as error:  # the latter where UTC is before the year 1 or after 9999
        raise ProtocolError("renewal-time-invalid", detail=text[:100]) from error
