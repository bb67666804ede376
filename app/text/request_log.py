"""What a person reads in the panel of what was sent and received, and the comments in the file of it (HAR)."""

from collections.abc import Mapping, Sequence
from typing import Final, Literal

from app.acme.response import reason_phrase
from app.errors import GateError
from app.network.har import HarComments
from app.network.request_log import BlockedRequest, Entry
from app.text.catalog import N_, _, ngettext
from app.text.message import sentences
from app.text.sentences import sentence
from app.text.untrusted import one_line

MAX_NUMBERS: Final = 3
"""Numbers of requests that the tour lists for one step."""

PartName = Literal[
    "sent", "header", "payload", "signature", "inner-header", "inner-payload", "inner-signature",
    "answer", "answer-head", "answer-body", "why",
]  # fmt: skip
"""The parts that a request is taken apart into. `inner…` are those of the signed message inside another one."""

_PARTS: Final[Mapping[PartName, str]] = {
    "sent": N_("As it was sent"),
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


def summary(count: int, dropped: int) -> str:
    """How many requests are listed; `dropped` is how many older ones are not kept any more."""
    if not count:
        return _("Nothing was sent yet.")
    listed = ngettext("{n} request.", "{n} requests.", count)
    if not dropped:
        return listed
    older = ngettext(
        "{n} older request is not kept any more.",
        "{n} older requests are not kept any more.",
        dropped,
    )
    return sentences(listed, older)


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
