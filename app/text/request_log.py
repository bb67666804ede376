"""What a person reads in the panel of what was sent and received, and the comments in the file of it (HAR)."""

from collections.abc import Mapping, Sequence
from typing import Final, Literal

from app.acme.response import reason_phrase
from app.errors import GateError
from app.network.har import HarComments
from app.network.request_log import BlockedRequest, Entry
from app.text.catalog import N_, _, ngettext
from app.text.message import sentences
from app.text.page import clock_time
from app.text.sentences import sentence
from app.text.untrusted import one_line

MAX_NUMBERS: Final = 3
"""Numbers of requests that the tour lists for one step."""

PartName = Literal[
    "sent", "question", "header", "payload", "signature", "inner-header", "inner-payload", "inner-signature",
    "answer", "answer-head", "answer-body", "why",
]  # fmt: skip
"""The parts that a request is taken apart into. `inner…` are those of the signed message inside another one."""

_PARTS: Final[Mapping[PartName, str]] = {
    "sent": N_("As it was sent"),
    "question": N_("The question"),
    "header": N_("Protected header"),
    "payload": N_("Payload"),
    "signature": N_("Signature"),
    "inner-header": N_("Inside: Protected header"),
    "inner-payload": N_("Inside: Payload"),
    "inner-signature": N_("Inside: Signature"),
    "answer": N_("Answer"),
    "answer-head": N_("Answer: status and headers"),
    "answer-body": N_("Answer: body"),
    "why": N_("Why"),
}

NO_TOUR: Final = N_(
    "The tour shows what was really sent, so an order must come first. With the practice CA you need no domain: choose it "
    "above, type any name, order, publish, get the certificate, and come back. A test CA works, too."
)


def part_title(name: PartName) -> str:
    """The heading of a part of a request."""
    return _(_PARTS[name])


def too_deep() -> str:
    """Stands in place of JSON that is nested too deep for this browser."""
    return _("(nested too deep to be shown)")


def no_tour() -> str:
    """Why there is no tour yet, and how to get one."""
    return _(NO_TOUR)


def lead(sent: int, steps: int, leaked: int, blocked: int) -> str:
    """The first sentences of the panel: how many requests went to others, in how many steps of the picture, and the check."""
    stopped = ngettext(
        "{n} request was blocked by this page and not sent.", "{n} requests were blocked by this page and not sent.", blocked
    )
    return sentences(
        ngettext("In this visit the page sent {n} request.", "In this visit the page sent {n} requests.", sent)
        if sent
        else _("Nothing was sent to anyone yet. The page only loaded its own files."),
        ngettext("The picture shows {n} step.", "The picture groups them into {n} steps.", steps) if steps > 1 else "",
        _check(sent, leaked),
        stopped if blocked else "",
    )


def _check(sent: int, leaked: int) -> str:
    if leaked:
        return ngettext(
            "Each was checked for private keys. {n} held one.", "Each was checked for private keys. {n} held one.", leaked
        )
    return _("Each was checked for private keys before it left. None held one.") if sent else ""


def summary(count: int, dropped: int, own_files: int) -> str:
    """How many requests are listed; `dropped` is how many older ones are not kept any more.

    `own_files` is how many of all only loaded a file of this page, and so are in no count of what was sent to others.
    """
    if not count:
        return _("Nothing was sent yet.")
    older = ngettext(
        "{n} older request is not kept any more.",
        "{n} older requests are not kept any more.",
        dropped,
    )
    own = ngettext("{n} of them only loaded a file of this page.", "{n} of them only loaded files of this page.", own_files)
    return sentences(
        ngettext("{n} request.", "{n} requests.", count),
        own if 0 < own_files < count and not dropped else "",
        older if dropped else "",
    )


def state_of(entry: Entry | BlockedRequest, refusal: str = "") -> str:
    """How a request went, in a few words. `refusal` is the kind of refusal that the answer names, or ""."""
    if isinstance(entry, BlockedRequest):
        return _("not sent")
    if entry.ended is None:
        return _("under way")
    if entry.response is None:
        return _("no answer")
    if entry.request.no_cors:
        return _("something answers")
    status = entry.response.status
    return f"{status} {one_line(refusal) or reason_phrase(status)}".strip()


def row_meta(party: str, method: str, moment: float) -> str:
    """What stands under the title of a request: who got it, the HTTP method, and when it was sent (Unix seconds).

    A blocked request has no `method`, and `party` is "" where it would have gone to nobody that this page works with.
    """
    if method:
        return _("{party} · {method} · {moment:clock}", party=party, method=method, moment=moment)
    return _("{party} · {moment:clock}", party=one_line(party), moment=moment) if party else clock_time(moment)


def sent_to(host: str, relay: str, moment: float) -> str:
    """Where a request went, by which relay ("" for none), and when (Unix seconds)."""
    if relay:
        return _("{host} by the relay {relay}, at {moment:clock}", host=one_line(host), relay=one_line(relay), moment=moment)
    return _("{host}, at {moment:clock}", host=one_line(host), moment=moment)


def not_sent(moment: float) -> str:
    """In place of `sent_to` for a request that was blocked."""
    return _("nowhere: blocked at {moment:clock}", moment=moment)


Signer = Literal["account", "certificate", "two", "nobody"]
"""Whose key signed a request: the account's, the certificate's, or the account's old and new one together."""

_SIGNERS: Final[Mapping[Signer, str]] = {
    "account": N_("the account key, which did not leave this browser"),
    "certificate": N_("the certificate’s key, which did not leave this browser"),
    "two": N_("the old and the new account key, which did not leave this browser"),
    "nobody": N_("nothing: it is not signed"),
}


def signed_with(signer: Signer) -> str:
    """With what a request was signed."""
    return _(_SIGNERS[signer])


def private_keys(*, leaked: bool) -> str:
    """What the check for private keys found in a request that was sent."""
    if leaked:
        return _("yes: it left with one. Tell whoever runs this site, and replace the keys.")
    return _("none: checked before it was sent")


def private_keys_blocked(reason: str) -> str:
    """The same for a request that was blocked for `reason`."""
    return _("yes: so it was not sent") if reason == "gate-private-key" else _("not known: it was not sent")


def answer(state: str, meaning: str) -> str:
    """How a request went, and what such an answer means."""
    return _("{state}. {meaning}", state=state, meaning=meaning)


def blocked_reason(entry: BlockedRequest) -> str:
    """Why the page’s gate blocked a request."""
    return sentence(GateError(entry.reason))


def tour_position(number: int, count: int) -> str:
    """Where in the tour a step stands, counted from 1."""
    return _("Step {number} of {count}", number=number, count=count)


def tour_requests(numbers: Sequence[int], shown: int) -> str:
    """Which requests a step of the tour is about; `shown` is the one that it shows."""
    if len(numbers) == 1:
        return _("Request {number}.", number=str(shown))
    listed = [str(number) for number in numbers[:MAX_NUMBERS]]
    if len(numbers) > MAX_NUMBERS:
        return ngettext(
            "{n} requests ({numbers:list}, …); this is request {shown}.",
            "{n} requests ({numbers:list}, …); this is request {shown}.",
            len(numbers),
            numbers=listed,
            shown=str(shown),
        )
    return ngettext(
        "{n} requests ({numbers:list}); this is request {shown}.",
        "{n} requests ({numbers:list}); this is request {shown}.",
        len(numbers),
        numbers=listed,
        shown=str(shown),
    )


def file_saved() -> str:
    """Said when the file is in the downloads."""
    return _("The file is in your downloads. The developer tools of browsers and other HAR viewers open it.")


# ---- in the file ----


def har_comments(entries: Sequence[Entry | BlockedRequest], requests: Mapping[int, str], *, dropped: int = 0) -> HarComments:
    """The comments of the file with `entries`. `requests` are those on each request by its number.

    `dropped` is how many older requests are not kept any more.
    """
    ended = [entry for entry in entries if isinstance(entry, Entry) and entry.ended is not None]
    return HarComments(
        log=_log_comment(dropped, len(entries) - len(ended)),
        requests=requests,
        responses={entry.number: text for entry in ended if (text := _response_comment(entry))},
        contents={entry.number: text for entry in ended if (text := _content_comment(entry))},
    )


def _log_comment(dropped: int, missing: int) -> str:
    said = [
        _(
            "What one visit to a Keystay page sent and received. Only the headers that browsers show to a page are here, and "
            "only the total time of each request is known. No request contains a private key, and private keys in answers "
            "were taken out."
        )
    ]
    if dropped:
        said.append(ngettext("{n} older request is not here.", "{n} older requests are not here.", dropped))
    if missing:
        said.append(
            ngettext(
                "{n} request that was blocked by the page or is under way is not here.",
                "{n} requests that were blocked by the page or are under way are not here.",
                missing,
            )
        )
    return sentences(*said)


def _response_comment(entry: Entry) -> str:
    if entry.response and entry.response.status:
        return ""
    return _("The browser hides the answer.") if entry.request.no_cors else entry.failure


def _content_comment(entry: Entry) -> str:
    stored = len(entry.response.body) if entry.response else 0
    return sentences(
        _("Only the first {kept:size} are here.", kept=stored) if entry.cut else "",
        _("Keystay took out what looks like a private key.") if entry.redacted else "",
    )
