"""What was found for one DNS record of an order, as plain values; `app.text` has the words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

Seen = Literal["unknown", "waiting", "there", "wrong"]
"""How it stands with a record: nobody could be asked; not there yet; there; there is something that a person must change."""

Reason = Literal[
    "there",
    # wrong: a person must change something
    "doubled",  # the value is at NAME.ZONE.ZONE: the form adds the domain by itself
    "apex",  # … at the domain itself, without _acme-challenge
    "no-underscore",  # … at acme-challenge.NAME
    "elsewhere",  # … at another name that people confuse with it
    "one-of-two",  # the other value at this name is there, this one is not
    "old-value",  # a value of an earlier order of this browser
    "other-value",  # a value that this browser does not know
    "quotes",  # the value, with quotes that belong to the form, not to the value
    "blanks",  # the value, with blanks or line ends around or inside it
    "alias",  # a CNAME leads elsewhere, and the value is not there
    "alias-dead-end",  # a CNAME leads to a name that does not exist
    "wildcard",  # *.NAME answers, and no record of its own is there
    "delegated",  # _acme-challenge.NAME is a zone of its own, with name servers of its own
    "no-domain",  # the registered domain does not exist in DNS
    "bogus",  # DNSSEC is broken: it answers only with checking off
    "lame",  # no name server of the zone answers
    "server-failure",  # SERVFAIL for another reason
    # waiting
    "not-yet",  # there is nothing, and nobody remembers that
    "remembered",  # the resolver remembers that there was nothing, until a known time
    "disagree",  # some resolvers have it, others have not
    # unknown
    "unreachable",  # the resolver cannot be reached from this network
    "refused",  # the resolver does not answer such questions
    "unreadable",  # what the resolver sent is no answer
    "skipped",  # enough was asked
]

SEEN_OF: Final[Mapping[Reason, Seen]] = {
    "there": "there",
    **dict.fromkeys(
        ("doubled", "apex", "no-underscore", "elsewhere", "one-of-two", "old-value", "other-value", "quotes", "blanks"), "wrong"
    ),
    **dict.fromkeys(
        ("alias", "alias-dead-end", "wildcard", "delegated", "no-domain", "bogus", "lame", "server-failure"), "wrong"
    ),
    **dict.fromkeys(("not-yet", "remembered", "disagree"), "waiting"),
    **dict.fromkeys(("unreachable", "refused", "unreadable", "skipped"), "unknown"),
}


@dataclass(frozen=True)
class Finding:
    """Why a record is seen as it is.

    `place` is the name at which something was found, where an alias leads, which zone was delegated or is missing, "" where it
    is the right name. `values` are what is there, untrusted. `missing` are the values of the record that are not. `until` is
    when the resolver forgets what it remembers (that there is nothing, or `values`), in Unix seconds, or None. `detail` are
    the resolver's own words (RFC 8914), untrusted, or "". `other` is, with "one-of-two", the number of the entry whose value
    is there instead; 0 where that is a value of this entry. `expires` is when a dns-persist-01 record that is there ends by
    its own words (`persistUntil`), in Unix seconds, or None.
    """

    reason: Reason
    place: str = ""
    values: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    until: float | None = None
    detail: str = ""
    other: int = 0
    expires: float | None = None

    @property
    def seen(self) -> Seen:
        """How it stands with the record."""
        return SEEN_OF[self.reason]


@dataclass(frozen=True)
class Sighting:
    """What the resolvers say of the entry `number` of an order: `finding` sums up `by_resolver` (id → what that one sees)."""

    number: int
    finding: Finding
    by_resolver: Mapping[str, Finding] = field(default_factory=dict)

    @property
    def seen(self) -> Seen:
        """How it stands with the record."""
        return self.finding.seen
