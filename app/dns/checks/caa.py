"""CAA records (RFC 8659, RFC 8657): whether they let a CA issue for a name, and what to add where they do not."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from app.acme.identifier import Identifier
from app.dns.lookup.client import ResolverClient
from app.dns.lookup.question import Caa

CaaVerdict = Literal["allowed", "none", "forbidden", "other-account", "other-method", "unknown-critical", "failure", "unknown"]
"""The CA is named; nobody is, so every CA may; others are, or nobody may; this CA only for another account (`accounturi`), or by
another kind of proof (`validationmethods`); a critical property that no CA knows; the question fails (SERVFAIL), so CAs must
refuse; nobody could be asked."""


@dataclass(frozen=True)
class CaaPolicy:
    """Who wants to issue, and how: the CA's `identities` (domain names, RFC 8555 §9.7.6), the `account` URL or "", and the types
    of challenges (`kinds`) by which each name is to be proven.
    """

    identities: tuple[str, ...]
    account: str
    kinds: tuple[str, ...]


@dataclass(frozen=True)
class CaaFinding:
    """What the CAA records at `domain` (the nearest at or above the `names`) mean for `names`.

    `records` are those that count. `add` is the value of the one to add there so that the CA may issue, "" where none is needed or
    none helps; `tag` is its tag (issue, or issuewild where such records stand and a wildcard is wanted). `alias` is where a CNAME
    led to find them, or "". `detail` are the resolver's words, untrusted, or "".
    """

    domain: str
    names: tuple[str, ...]
    verdict: CaaVerdict
    records: tuple[Caa, ...] = ()
    tag: Literal["issue", "issuewild"] = "issue"
    add: str = ""
    alias: str = ""
    detail: str = ""

    @property
    def keeps_from_issuing(self) -> bool:
        """Whether the CA will refuse."""
        return self.verdict not in ("allowed", "none", "unknown")


async def look_at_caa(
    client: ResolverClient, names: Sequence[Identifier], policy: CaaPolicy, *, domains_only: bool = False
) -> tuple[CaaFinding, ...]:
    """Find and judge the CAA records for `names`: each finding once, in the order of the names.

    With `domains_only`, only the registered domains are asked, because a question for a name below could plant "there is
    nothing" (RFC 8020); else the tree is climbed from each name (RFC 8659 §3). Raises `PackageError`.
    """
    raise NotImplementedError
