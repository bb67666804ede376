"""What people ask first about a request: where it went, what signed it, whether a private key was in it, what came back."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from app.acme.decoded_jws import DecodedJws
from app.network.request_log import BlockedRequest, Entry
from app.text import request_log as text
from app.text.request_log import Signer
from app.text.request_log_kinds import kind_text
from app.ui.request_log import dns
from app.ui.request_log.index import RequestIndex, signed_of
from app.ui.request_log.notes import problem_type
from app.ui.request_log.parties import relay_of


@dataclass(frozen=True)
class Facts:
    """The facts of one request, in words."""

    sent_to: str
    signed_with: str
    private_keys: str
    answer: str


def facts_of(entry: Entry | BlockedRequest, index: RequestIndex) -> Facts:
    """The facts of `entry`."""
    if isinstance(entry, BlockedRequest):
        keys = text.private_keys_blocked(entry.reason)
        return Facts(text.not_sent(entry.started), "", keys, text.state_of(entry))
    state = text.state_of(entry, dns.rcode_of(entry) or problem_type(entry))
    good = entry.response is not None and entry.response.status < 400
    return Facts(
        sent_to=text.sent_to(urlsplit(index.ca_url(entry)).netloc, relay_of(entry, index), entry.started),
        signed_with=text.signed_with(_signer(signed_of(entry), index.kind(entry))),
        private_keys=text.private_keys(leaked=entry.leaked),
        answer=text.answer(state, kind_text(index.kind(entry)).answers) if good else state,
    )


def _signer(signed: DecodedJws | None, kind: str) -> Signer:
    if signed is None:
        return "nobody"
    if kind == "keyChange":
        return "two"
    return "certificate" if kind == "revokeCert" and not signed.account else "account"
