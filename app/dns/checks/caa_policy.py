"""What one set of CAA records means for a CA (RFC 8659 §4, RFC 8657)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from app.dns.checks.issue_value import IssueValue, read_issue_value
from app.dns.lookup.question import Caa

CaaVerdict = Literal["allowed", "none", "forbidden", "other-account", "other-method", "unknown-critical", "failure", "unknown"]
"""The CA is named; nobody is, so every CA may; others are, or nobody may; this CA only for another account (`accounturi`), or
by another kind of proof (`validationmethods`); a critical property that no CA knows; the question fails (SERVFAIL), so CAs
must refuse; nobody could be asked, or it is not known by which name the records would name this CA."""

IssueTag = Literal["issue", "issuewild"]
"""Which records count for a name: issuewild for a wildcard where there are such (RFC 8659 §4.3), else issue."""

KNOWN_TAGS: Final = frozenset(
    {"issue", "issuewild", "iodef", "contactemail", "contactphone", "issuemail", "issuevmc"}  # IANA's registry of CAA tags
)


@dataclass(frozen=True)
class CaaPolicy:
    """Who wants to issue, and how.

    `identities` are the domain names of the CA (RFC 8555 §9.7.6), none where they are not known; `account` is the account's
    URL, "" where it is not known, so that no record is held against it; `kinds` are the types of challenges by which names are
    to be proven, and `own_kinds` are (name, type) where it is known which name by which.
    """

    identities: tuple[str, ...]
    account: str
    kinds: tuple[str, ...]
    own_kinds: tuple[tuple[str, str], ...] = ()

    def by_names(self, names: Iterable[str]) -> "dict[str, CaaPolicy]":
        """For each of `names` the policy with only the types by which that one is to be proven."""
        own = dict(self.own_kinds)
        return {name: replace(self, kinds=(own[name],) if name in own else self.kinds, own_kinds=()) for name in names}


@dataclass(frozen=True)
class CaaJudgement:
    """The `verdict`, and the value `add` of a record with the tag `tag` that would turn it; "" where none would or need be."""

    verdict: CaaVerdict
    tag: IssueTag = "issue"
    add: str = ""


def judge(records: Sequence[Caa], policy: CaaPolicy, *, wildcard: bool) -> CaaJudgement:
    """What `records`, the set that counts for a name or a `wildcard`, mean for the CA of `policy`."""
    if any(record.is_critical and record.tag not in KNOWN_TAGS for record in records):
        return CaaJudgement("unknown-critical")
    tag: IssueTag = "issuewild" if wildcard and any(record.tag == "issuewild" for record in records) else "issue"
    relevant = [record for record in records if record.tag == tag]
    if not relevant:
        return CaaJudgement("none", tag)
    values = [value for value in (read_issue_value(record.value) for record in relevant) if value is not None]
    if not policy.identities:
        return CaaJudgement("unknown" if any(value.issuer for value in values) else "forbidden", tag)
    return _judge_named(values, policy, tag)


def _judge_named(values: list[IssueValue], policy: CaaPolicy, tag: IssueTag) -> CaaJudgement:
    identities = {identity.lower() for identity in policy.identities}
    named = [value for value in values if value.issuer in identities]
    for_account = [value for value in named if _is_for_account(value, policy.account)]
    if any(_is_for_methods(value, policy.kinds) for value in for_account):
        return CaaJudgement("allowed", tag)
    if not named:
        return CaaJudgement("forbidden", tag, policy.identities[0])
    # The new record keeps to what the owner wanted to bind: the account, the kind of proof, or both.
    bound = for_account or named
    parts = [policy.identities[0]]
    if policy.account and any("accounturi" in value.parameters for value in bound):
        parts.append(f"accounturi={policy.account}")
    if policy.kinds and any("validationmethods" in value.parameters for value in bound):
        parts.append(f"validationmethods={','.join(policy.kinds)}")
    return CaaJudgement("other-method" if for_account else "other-account", tag, "; ".join(parts))


def _is_for_account(value: IssueValue, account: str) -> bool:
    """Whether `account` is not kept out. More than one `accounturi` cannot be met (RFC 8657 §3)."""
    accounts = value.parameters.get("accounturi")
    return accounts is None or (len(accounts) == 1 and account in ("", *accounts))


def _is_for_methods(value: IssueValue, kinds: tuple[str, ...]) -> bool:
    """Whether no type of `kinds` is kept out. More than one list cannot be met (RFC 8657 §4)."""
    methods = value.parameters.get("validationmethods")
    return methods is None or (len(methods) == 1 and set(kinds) <= set(methods[0].split(",")))
