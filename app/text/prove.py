"""Step 2 in words: what must be published, where the order stands, and what was proven."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from app.text.catalog import N_, _, ngettext

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


def publish_title() -> str:
    """The heading of step 2 while nothing is wrong."""
    return _("Publish this to prove control")


def missing_title(missing: int) -> str:
    """The heading while the CA still looks for `missing` proofs."""
    return ngettext("Not found yet: one proof is missing", "Not found yet: {n} proofs are missing", missing)


def failed_title(failed: int) -> str:
    """The heading once `failed` proofs failed; 0 where the order ended for another reason."""
    if not failed:
        return _("Not issued: the CA has closed this order")
    return ngettext("Not issued yet: one proof failed", "Not issued yet: {n} proofs failed", failed)


def proven(kinds: Iterable[str]) -> str:
    """Step 2 in one line, once it is done: by a proof of each of `kinds`."""
    proofs = proofs_in_words(kinds)
    if not proofs:
        return _("The CA knew from before that you control these names.")
    return _("Proven by {proofs}", proofs=proofs)


def published() -> str:
    """The practice CA's record server was filled."""
    return _("Published in the practice DNS and web server. Now verify.")
