"""DNS over HTTPS (RFC 8484) for the practice CA's DNS, so that the page sees what Pebble sees.

The parameter `dns` of `GET /practice/dns-query?dns=…` holds a DNS message in base64url without padding. It goes to
challtestsrv by UDP, or by TCP where the answer is too long for that.
"""

import re
import secrets
from base64 import urlsafe_b64decode
from typing import Final

import dns.asyncquery
import dns.exception
import dns.flags
import dns.message
from starlette.requests import Request
from starlette.responses import Response

from tools.open_endpoint import ISOLATION, RefusedError

MEDIA_TYPE: Final = "application/dns-message"
MAX_QUESTION: Final = 512  # bytes; a question is a name of at most 255 and little else
TIMEOUT: Final = 10.0  # seconds
_BASE64URL: Final = re.compile(r"[A-Za-z0-9_-]*")


async def answer_dns(request: Request, port: int) -> Response:
    """Pass the question of `request` on to the DNS server on `port` of this computer. Raises `RefusedError`."""
    query = _question(request)
    # 0 from most clients, so that caches can be used (RFC 8484 §4.1); a datagram needs one that nobody guesses.
    asked_with, query.id = query.id, secrets.randbelow(1 << 16)
    try:
        reply, _ = await dns.asyncquery.udp_with_fallback(query, "127.0.0.1", TIMEOUT, port)
    except (OSError, EOFError, dns.exception.DNSException) as error:
        raise RefusedError(502, f"The practice DNS did not answer: {error}") from error
    wire = asked_with.to_bytes(2) + (reply.wire or b"")[2:]
    return Response(wire, 200, {**ISOLATION, "Cache-Control": "no-store"}, MEDIA_TYPE)


def _question(request: Request) -> dns.message.Message:
    """The DNS message in the address; it asks exactly one question."""
    values = request.query_params.getlist("dns")
    if len(values) != 1 or not _BASE64URL.fullmatch(values[0]):
        raise RefusedError(400, "The address must have one parameter “dns”: a DNS message in base64url without padding.")
    try:
        wire = urlsafe_b64decode(values[0] + "=" * (-len(values[0]) % 4))
        if len(wire) > MAX_QUESTION:
            raise RefusedError(400, f"The DNS message is longer than {MAX_QUESTION} bytes.")
        query = dns.message.from_wire(wire)
    except (ValueError, dns.exception.DNSException) as error:
        raise RefusedError(400, f"The parameter “dns” is no DNS message: {error}") from error
    if len(query.question) != 1 or query.flags & dns.flags.QR:
        raise RefusedError(400, "The DNS message must ask one question.")
    return query
