"""Step 2 in words: its heading for each state, what to do first, and what its buttons lead to."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Final, Literal

from app.issuance.issuance import State
from app.text.catalog import N_, _, ngettext
from app.text.message import sentences

Sort = Literal["records", "files", "certificates", "mixed"]
"""What must be published: DNS records only, files on web servers only, certificates on port 443 only, or several of these."""

PROOFS: Final[Mapping[str, str]] = {
    "dns-01": N_("DNS record"),
    "http-01": N_("file on the web server"),
    "tls-alpn-01": N_("certificate on port 443"),
    "dns-account-01": N_("DNS record of the account’s own"),
    "dns-persist-01": N_("DNS record that stays"),
}
"""Type of challenge (RFC 8555 §8) → what it publishes, as a label."""

_COUNTED: Final[Mapping[str, Callable[[int], str]]] = {
    "dns-01": lambda n: ngettext("a DNS record", "{n} DNS records", n),
    "http-01": lambda n: ngettext("a file on the web server", "{n} files on the web server", n),
    "tls-alpn-01": lambda n: ngettext("a certificate on port 443", "{n} certificates on port 443", n),
    "dns-account-01": lambda n: ngettext("a DNS record of the account’s own", "{n} DNS records of the account’s own", n),
    "dns-persist-01": lambda n: ngettext("a DNS record that stays", "{n} DNS records that stay", n),
}


def proofs_in_words(kinds: Iterable[str]) -> str:
    """A proof of each of `kinds`: "a DNS record", "2 DNS records and a file on the web server"."""
    return _("{proofs:and}", proofs=[_COUNTED[kind](count) for kind, count in Counter(kinds).items()])


_TITLES: Final[Mapping[Sort, tuple[str, ...]]] = {
    "records": (
        N_("Add one DNS record"),
        N_("Add two DNS records"),
        N_("Add three DNS records"),
        N_("Add four DNS records"),
        N_("Add five DNS records"),
        N_("Add six DNS records"),
        N_("Add seven DNS records"),
        N_("Add eight DNS records"),
        N_("Add nine DNS records"),
    ),
    "files": (
        N_("Put one file on your web server"),
        N_("Put two files on your web server"),
        N_("Put three files on your web server"),
        N_("Put four files on your web server"),
        N_("Put five files on your web server"),
        N_("Put six files on your web server"),
        N_("Put seven files on your web server"),
        N_("Put eight files on your web server"),
        N_("Put nine files on your web server"),
    ),
}
"""The heading while a person publishes, for one thing, two, and so on."""
_MANY: Final[Mapping[Sort, Callable[[int], str]]] = {
    "records": lambda n: ngettext("Add {n} DNS record", "Add {n} DNS records", n),
    "files": lambda n: ngettext("Put {n} file on your web server", "Put {n} files on your web server", n),
    "certificates": lambda n: ngettext("Show one certificate on port 443", "Show {n} certificates on port 443", n),
}
_ON_THE_WAY: Final[Mapping[State, str]] = {
    "verifying": N_("{ca} is looking"),
    "ready": N_("Everything is proven"),
    "finalizing": N_("{ca} is making the certificate"),
    "downloading": N_("The certificate is made"),
}
_NOT_FOUND: Final[Mapping[Sort, Callable[[int], str]]] = {
    "records": lambda n: ngettext("Not found yet: one record is missing", "Not found yet: {n} records are missing", n),
    "files": lambda n: ngettext("Not found yet: one file is missing", "Not found yet: {n} files are missing", n),
}
_FAILED: Final[Mapping[Sort, Callable[[int], str]]] = {
    "records": lambda n: ngettext("Not issued yet: one record was not found", "Not issued yet: {n} records were not found", n),
    "files": lambda n: ngettext("Not issued yet: one file was not found", "Not issued yet: {n} files were not found", n),
}
_CONFIRM: Final[Mapping[Sort, Callable[[int], str]]] = {
    "records": lambda n: ngettext("I have added it: get the certificate", "I have added them: get the certificate", n),
    "files": lambda n: ngettext("It answers: get the certificate", "All {n} answer: get the certificate", n),
    "certificates": lambda n: ngettext("It is shown: get the certificate", "All {n} are shown: get the certificate", n),
}
_RETRY: Final[Mapping[Sort, Callable[[int], str]]] = {
    "records": lambda n: ngettext("Get the new record", "Get the new records", n),
    "files": lambda n: ngettext("Get the new file", "Get the new files", n),
}
_FIRST: Final[Mapping[Sort, Callable[[int, str], str]]] = {
    "records": lambda n, ca: ngettext(
        "Add it as a new record. Leave the records that you have as they are. When {ca} finds it, it issues your certificate.",
        "Add each of them as a new record. Leave the records that you have as they are. When {ca} finds all of them, "
        "it issues your certificate.",
        n,
        ca=ca,
    ),
    "files": lambda n, ca: ngettext(
        "{ca} opens an address of your website and looks for a line of text. When it finds that, it issues your certificate.",
        "{ca} opens {n} addresses of your website and looks for a line of text at each. When it finds all of them, it issues "
        "your certificate.",
        n,
        ca=ca,
    ),
    "certificates": lambda n, ca: ngettext(
        "{ca} connects to port 443 and looks for a certificate that is for this proof only. When it finds that, it issues your "
        "certificate.",
        "{ca} connects to port 443 and looks for {n} certificates that are for this proof only. When it finds all of them, it "
        "issues your certificate.",
        n,
        ca=ca,
    ),
}

_PLACES: Final[Mapping[str, int]] = {"http-01": 1, "tls-alpn-01": 2}
"""Where step 2 shows what is published: after the DNS records."""


def sort_of(kinds: Iterable[str]) -> Sort:
    """What challenges of these `kinds` (RFC 8555 §8) publish; "mixed" where there is none."""
    sorts: set[Sort] = {
        "files" if kind == "http-01" else "certificates" if kind == "tls-alpn-01" else "records" for kind in kinds
    }
    return sorts.pop() if len(sorts) == 1 else "mixed"


# ---- the heading, and what stands below it ----


def publish_title(sort: Sort, count: int, kinds: Iterable[str]) -> str:
    """The heading while a person publishes `count` things of this `sort`, one of each of `kinds`; there may be none."""
    if not count:  # a record that somebody has altered
        return _("Nothing is to be published")
    if sort == "mixed":
        as_shown = sorted(kinds, key=lambda kind: _PLACES.get(kind, 0))
        return _("Publish {proofs}", proofs=proofs_in_words(as_shown))
    words = _TITLES.get(sort, ())
    return _(words[count - 1]) if count <= len(words) else _MANY[sort](count)


def publish_lead(sort: Sort, count: int, ca: str) -> str:
    """What to do with the `count` things of this `sort`, and what comes of it."""
    if sort == "mixed":
        return _(
            "Each name is proven in the way that you chose for it. When {ca} finds everything, it issues your certificate.",
            ca=ca,
        )
    return _FIRST[sort](count, ca)


def missing_title(sort: Sort, missing: int) -> str:
    """The heading while the CA still looks for `missing` proofs."""
    words = _NOT_FOUND.get(sort)
    return (
        words(missing)
        if words
        else ngettext("Not found yet: one proof is missing", "Not found yet: {n} proofs are missing", missing)
    )


def failed_title(sort: Sort, failed: int) -> str:
    """The heading once `failed` proofs failed; 0 where the order ended for another reason."""
    if not failed:
        return _("Not issued: the CA has closed this order")
    words = _FAILED.get(sort)
    return words(failed) if words else ngettext("Not issued yet: one proof failed", "Not issued yet: {n} proofs failed", failed)


def way_title(state: State, ca: str) -> str:
    """The heading in a `state` between the proofs and the certificate, while this page works on it."""
    return _(_ON_THE_WAY[state], ca=ca)


def stopped_title(state: State) -> str:
    """The heading in such a `state` while nothing goes on: something stopped the work."""
    return _("Not proven yet") if state == "verifying" else _("Proven, but not issued yet")


def leave_as_is(sort: Sort, count: int) -> str:
    """What a person must not do while the CA looks at `count` things."""
    match sort:
        case "records":
            return ngettext(
                "Leave the record as it is until the certificate is here.",
                "Leave the records as they are until the certificate is here.",
                count,
            )
        case "files":
            return ngettext(
                "Leave the file as it is until the certificate is here.",
                "Leave the files as they are until the certificate is here.",
                count,
            )
    return _("Leave what you published as it is until the certificate is here.")


# ---- the buttons ----


def confirm_words(sort: Sort, count: int) -> str:
    """The button of one who has published `count` things."""
    if sort == "files" and count == 2:
        return _("Both answer: get the certificate")
    words = _CONFIRM.get(sort)
    return words(count) if words else _("Everything is there: get the certificate")


def try_again() -> str:
    """The button where the CA accepts another try with the same values."""
    return _("Try again")


def go_on_words(state: State, ca: str) -> str:
    """The button after something stopped the work in this `state`."""
    return _("Ask {ca} again", ca=ca) if state == "verifying" else _("Get the certificate")


def retry_words(sort: Sort, count: int) -> str:
    """The button for a new order after one with `count` proofs has failed."""
    words = _RETRY.get(sort)
    return words(count) if words else _("Get new values")


def cost_of_a_try(ca: str, limit: str) -> str:
    """What a failed try costs; `limit` is how many the CA allows, in a sentence, or ""."""
    return sentences(
        _(
            "{ca} looks at once. If it does not find what it wants, that usually ends the order, and new values are needed.",
            ca=ca,
        ),
        limit,
    )


def cost_of_another(limit: str) -> str:
    """What another try with the same values costs; `limit` as in `cost_of_a_try`."""
    return sentences(_("The values stay the same. Give the change some time first."), limit)


def cost_of_a_new_order() -> str:
    """What a new order means after a failed one."""
    return _(
        "The CA has closed the old order, so its values no longer count. Names that are proven usually need no new proof, and "
        "your account stays."
    )


def waits_for_work() -> str:
    """A click that comes before the page has finished something else."""
    return _("One moment: the page finishes something first, then it asks the CA.")


def published() -> str:
    """The practice CA's record server was filled."""
    return _("Published in the practice DNS and web server. Now get the certificate.")
