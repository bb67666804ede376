"""The words of the picture of what was sent: who was asked, each step, what came of it, what left the browser.

The words of an arrow stand in one line, on a phone too, so they are short.
"""

from collections.abc import Mapping, Sequence
from typing import Final, Literal

from app.text.catalog import N_, _, ngettext
from app.text.message import sentences
from app.text.untrusted import one_line

MAX_ACCOUNT: Final = 20
"""Characters of the name of an account that are shown."""

StepName = Literal[
    "list", "addresses", "nonce", "account", "find-account", "read-account", "change-account", "close-account", "orders",
    "order", "tasks", "publish", "look", "wait", "request", "made", "certificate", "renewal", "revoke", "key-change",
    "read-records", "write-records", "dns", "probe", "blocked", "other",
]  # fmt: skip
"""The steps of an order, and what else is asked: runs of requests that one arrow stands for."""

_STEPS: Final[Mapping[StepName, str]] = {
    "list": N_("Load this page’s own lists"),
    "addresses": N_("Ask for its addresses"),
    "nonce": N_("Ask for a number"),
    "account": N_("Account: a public key"),
    "find-account": N_("Find the account"),
    "read-account": N_("Read the account"),
    "change-account": N_("Change the account"),
    "close-account": N_("Close the account"),
    "orders": N_("Read its orders"),
    "order": N_("Order"),
    "tasks": N_("See what to publish"),
    "publish": N_("Publish for practice"),
    "look": N_("“Please look now”"),
    "wait": N_("Wait for its check"),
    "request": N_("Request: a public key"),
    "made": N_("Wait for the certificate"),
    "certificate": N_("Fetch the certificate"),
    "renewal": N_("Ask when to renew"),
    "revoke": N_("Revoke the certificate"),
    "key-change": N_("Account: a new public key"),
    "read-records": N_("Read its DNS records"),
    "write-records": N_("Write DNS records"),
    "dns": N_("Look into DNS"),
    "probe": N_("Does anything answer?"),
    "blocked": N_("Blocked, not sent"),
    "other": N_("Another request"),
}
"""An order that can be read says how many names it has: `order_step`."""

Outcome = Literal[
    "under-way", "no-answer", "answered", "loaded", "something", "number", "known-account", "new-account", "changed", "closed",
    "published", "looking", "proven", "not-yet", "refused", "not-proven", "signed", "working", "failed", "period",
    "revoked", "private-key", "not-allowed",
]  # fmt: skip
"""What came of a step, where it is no number of things."""

_OUTCOMES: Final[Mapping[Outcome, str]] = {
    "under-way": N_("under way"),
    "no-answer": N_("no answer"),
    "answered": N_("answered"),
    "loaded": N_("loaded"),
    "something": N_("something answers"),
    "number": N_("a one-time number"),
    "known-account": N_("its account"),
    "new-account": N_("a new account"),
    "changed": N_("changed"),
    "closed": N_("closed"),
    "published": N_("published"),
    "looking": N_("it looks"),
    "proven": N_("proven"),
    "not-yet": N_("not yet"),
    "refused": N_("refused"),
    "not-proven": N_("not proven"),
    "signed": N_("signed"),
    "working": N_("it is at work"),
    "failed": N_("failed"),
    "period": N_("a period"),
    "revoked": N_("revoked"),
    "private-key": N_("it held a private key"),
    "not-allowed": N_("not allowed"),
}

Crossing = Literal[
    "names", "public-keys", "signatures", "contacts", "customer-ids", "certificates", "certificate-numbers", "tokens", "records"
]
"""What of a person's own a request may contain."""

CROSSINGS: Final[Mapping[Crossing, str]] = {
    "names": N_("names"),
    "public-keys": N_("public keys"),
    "signatures": N_("signatures"),
    "contacts": N_("e-mail addresses"),
    "customer-ids": N_("customer IDs"),
    "certificates": N_("certificates"),
    "certificate-numbers": N_("certificate numbers"),
    "tokens": N_("tokens, to their own service"),
    "records": N_("records to publish"),
}

# ---- who was asked ----


def this_browser() -> str:
    """The place where the keys are."""
    return _("This browser")


def site() -> str:
    """The place that this page came from."""
    return _("This site")


def relay() -> str:
    """What passes requests on to a CA that lets no page read its answers."""
    return _("Relay")


def record_server() -> str:
    """Where the practice CA looks for proofs."""
    return _("Record server")


def resolvers() -> str:
    """Those who are asked about DNS, all together."""
    return _("DNS resolvers")


def elsewhere() -> str:
    """A place that belongs to no CA of the list."""
    return _("Elsewhere")


def others() -> str:
    """Several places that share one line of the picture."""
    return _("Others")


# ---- an arrow ----


def step(name: StepName) -> str:
    """What the page asks for in the step `name`."""
    return _(_STEPS[name])


def order_step(names: int) -> str:
    """An order of so many names."""
    return ngettext("Order: {n} name", "Order: {n} names", names)


def outcome(name: Outcome) -> str:
    """What came of a step."""
    return _(_OUTCOMES[name])


def addresses(count: int) -> str:
    """What a directory answers."""
    return ngettext("{n} address", "{n} addresses", count)


def account(name: str) -> str:
    """What a CA answers that made an account: `name` is its own name for it, in its own words."""
    if not name or len(name) > MAX_ACCOUNT:
        return outcome("new-account")
    return _("account {name}", name=one_line(name))


def tasks(count: int) -> str:
    """What a CA answers to an order: so much has to be proven."""
    return ngettext("{n} task", "{n} tasks", count)


def answers(count: int) -> str:
    """So many answers to as many questions."""
    return ngettext("{n} answer", "{n} answers", count)


def certificates(count: int) -> str:
    """How many certificates there are in a chain."""
    return ngettext("{n} certificate", "{n} certificates", count)


def refused(kind: str) -> str:
    """What a CA answers that refuses. `kind` is the kind of refusal in its own words, or the HTTP status."""
    # Translators: the kind is a word of the protocol, such as rateLimited
    return _("refused: {kind}", kind=one_line(kind))


def arrow(what: str, came: str) -> str:
    """A step and what came of it."""
    return _("{what} → {came}", what=what, came=came)


def at_party(said: str, party: str) -> str:
    """The same with the name of who was asked, where several share a line."""
    return _("{said} ({details:list})", said=said, details=[party])


def times(what: str, count: int) -> str:
    """A step that took `count` requests."""
    # Translators: such as “Fetch the certificate ×2”
    return _("{what} ×{n}", what=what, n=count) if count > 1 else what


def requests(count: int) -> str:
    """How many requests an arrow stands for."""
    return ngettext("{n} request", "{n} requests", count)


def arrow_label(number: int, said: str, party: str, relay_host: str, count: int) -> str:
    """All of an arrow in words: its `number` (0 for none), what it says, who was asked, by which relay, how many requests."""
    way = _("{party} by the relay {host}", party=party, host=relay_host) if relay_host else party
    details = [*filter(None, [way]), *([requests(count)] if count > 1 else [])]
    numbered = _("{number} {said}", number=str(number), said=said) if number else said
    return _("{said} ({details:list})", said=numbered, details=details) if details else numbered


# ---- the keys ----


def key_lines(account_keys: int, certificate_keys: int, proof_keys: int) -> tuple[str, ...]:
    """The private keys that this browser holds, by what they are for."""
    return tuple(
        filter(
            None,
            (
                ngettext("Account key", "{n} account keys", account_keys) if account_keys else "",
                ngettext("Certificate key", "{n} certificate keys", certificate_keys) if certificate_keys else "",
                ngettext("Proof key", "{n} proof keys", proof_keys) if proof_keys else "",
            ),
        )
    )


def key_count(count: int) -> str:
    """The same in short, for phones."""
    return ngettext("{n} key stays", "{n} keys stay", count) if count else no_key()


def no_key() -> str:
    """In place of the keys, where there is none."""
    return _("No key yet")


def keys_label(lines: Sequence[str]) -> str:
    """The keys in words, for a screen reader. `lines` are those of `key_lines`."""
    if not lines:
        return _("This browser holds no private key yet.")
    return _("Private keys in this browser: {keys:list}.", keys=lines)


# ---- under it ----


def keys_side(leaked: int) -> str:
    """On which side of the line the private keys are. `leaked` is in how many requests one was found."""
    if leaked:
        return ngettext(
            "{n} request crossed the dashed line with a private key in it.",
            "{n} requests crossed the dashed line with a private key in them.",
            leaked,
        )
    return _("The keys stay left of the dashed line.")


def crossed(what: Sequence[Crossing]) -> str:
    """What of a person's own crossed it; "" for nothing."""
    if not what:
        return ""
    return _("Of what is yours, only {things:and} cross it.", things=[_(CROSSINGS[thing]) for thing in what])


def choose(earlier: int) -> str:
    """What the arrows are for. `earlier` steps are too long ago to be in the picture."""
    left_out = ngettext("{n} earlier step is only in the list.", "{n} earlier steps are only in the list.", earlier)
    return sentences(
        _("Choose an arrow to read its message."),
        left_out if earlier else "",
    )
