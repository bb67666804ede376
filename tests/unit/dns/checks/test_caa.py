"""CAA records: who may issue, by the examples of RFC 8659 and RFC 8657, and what to add where the CA may not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.acme.directory import Directory
from app.acme.identifier import Identifier
from app.ca.catalog import CertificateAuthority
from app.dns.checks.caa import MAX_LEVELS, CaaFinding, CaaPolicy, ca_identities, look_at_caa
from app.dns.checks.caa_policy import judge
from app.dns.checks.issue_value import MAX_VALUE, IssueValue, read_issue_value
from app.dns.lookup.question import Caa
from app.errors import NetworkError
from tests.unit.dns.scripted_resolvers import ONE, THREE, TWO, Said, ScriptedResolvers, Table, bogus, lame, said

CA1 = CaaPolicy(("ca1.example.net",), "https://ca1.example.net/acct/1", ("dns-01",))
CA2 = CaaPolicy(("ca2.example.org", "ca2.example.com"), "https://ca2.example.org/acct/2", ("dns-01",))


def names(*values: str) -> list[Identifier]:
    return [Identifier("dns", value) for value in values]


async def look(table: Table, *values: str, policy: CaaPolicy = CA1, domains_only: bool = False) -> tuple[CaaFinding, ...]:
    return await look_at_caa(ScriptedResolvers(table).client(), names(*values), policy, domains_only=domains_only)


async def verdict(table: Table, name: str, policy: CaaPolicy = CA1) -> str:
    (finding,) = await look(table, name, policy=policy)
    return finding.verdict


# ---- One set of records ----


@pytest.mark.parametrize(
    ("records", "name", "ca1", "ca2"),
    [
        # RFC 8659 §4.2
        (['0 issue "ca1.example.net"', '0 issue "ca2.example.org"'], "certs.example.com", "allowed", "allowed"),
        (['0 issue "ca1.example.net; account=230123"'], "certs.example.com", "allowed", "forbidden"),
        (['0 issue ";"'], "nocerts.example.com", "forbidden", "forbidden"),
        (['0 issue "%%%%%"'], "malformed.example.com", "forbidden", "forbidden"),
        # §4.3
        (['0 issue "ca1.example.net"', '0 issuewild "ca2.example.org"'], "wild.example.com", "allowed", "forbidden"),
        (['0 issue "ca1.example.net"', '0 issuewild "ca2.example.org"'], "*.wild.example.com", "forbidden", "allowed"),
        (['0 issue "ca1.example.net"'], "*.wild2.example.com", "allowed", "forbidden"),
        (['0 issuewild "ca2.example.org"', '0 issue ";"'], "*.wild3.example.com", "forbidden", "allowed"),
        (['0 issuewild "ca2.example.org"', '0 issue ";"'], "wild3.example.com", "forbidden", "forbidden"),
        (['0 issuewild "ca2.example.org"'], "www.example.com", "none", "none"),
        # §4.4, §4.5
        (['0 iodef "mailto:security@example.com"'], "report.example.com", "none", "none"),
        (['0 issue "ca1.example.net"', '128 tbs "Unknown"'], "new.example.com", "unknown-critical", "unknown-critical"),
        (['0 issue "ca1.example.net"', '0 tbs "Unknown"'], "new.example.com", "allowed", "forbidden"),
        (['128 issue "ca1.example.net"', '128 iodef "mailto:a@b.example"'], "new.example.com", "allowed", "forbidden"),
        (['128 issuemail "ca9.example"', '128 contactemail "a@b.example"'], "new.example.com", "none", "none"),
        # Names and tags compare without regard to case (RFC 8659 §4.1, RFC 4343); any identity of the CA will do.
        (['0 ISSUE "CA1.Example.NET"'], "a.example.com", "allowed", "forbidden"),
        (['0 issue " ca2.example.com ;"'], "a.example.com", "forbidden", "allowed"),
    ],
)
async def test_set_says_who_may_issue(records: list[str], name: str, ca1: str, ca2: str) -> None:
    table: Table = {(name.removeprefix("*."), "CAA"): said(*records)}
    assert (await verdict(table, name, CA1), await verdict(table, name, CA2)) == (ca1, ca2)


ACCOUNT = "https://ca1.example.net/acct/1"


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        (f"; accounturi={ACCOUNT}", "allowed"),
        (f"; ACCOUNTURI={ACCOUNT}; validationmethods=dns-01", "allowed"),
        ("; accounturi=https://ca1.example.net/acct/12", "other-account"),
        (f"; accounturi={ACCOUNT}; accounturi={ACCOUNT}", "other-account"),  # RFC 8657 §3
        ("; accounturi=", "other-account"),
        ("; validationmethods=http-01,dns-01", "allowed"),
        ("; validationmethods=http-01,ca-tls", "other-method"),
        ("; validationmethods=", "other-method"),
        ("; validationmethods=dns-01; validationmethods=dns-01", "other-method"),  # §4
        ("; unheard-of=1", "allowed"),
    ],
)
async def test_record_may_bind_the_account_and_the_kind_of_proof(parameters: str, expected: str) -> None:
    assert (
        await verdict({("a.example.com", "CAA"): said(f'0 issue "ca1.example.net{parameters}"')}, "a.example.com") == expected
    )


async def test_each_kind_of_proof_of_the_order_must_be_let_in() -> None:
    table: Table = {("a.example.com", "CAA"): said('0 issue "ca1.example.net; validationmethods=dns-01"')}
    both = CaaPolicy(CA1.identities, CA1.account, ("dns-01", "http-01"))
    assert await verdict(table, "a.example.com", both) == "other-method"


async def test_each_name_needs_only_its_own_kind_of_proof() -> None:
    table: Table = {("example.com", "CAA"): said('0 issue "ca1.example.net; validationmethods=dns-01"')}
    own = (("*.example.com", "dns-01"), ("www.example.com", "http-01"))
    wild, plain = await look(
        table, "*.example.com", "www.example.com", policy=CaaPolicy(CA1.identities, "", ("dns-01", "http-01"), own)
    )
    assert (wild.verdict, plain.verdict) == ("allowed", "other-method")
    assert plain.add == "ca1.example.net; validationmethods=http-01"


async def test_account_that_is_not_known_is_not_held_against_the_ca() -> None:
    table: Table = {("a.example.com", "CAA"): said('0 issue "ca1.example.net; accounturi=https://ca1.example.net/acct/9"')}
    assert await verdict(table, "a.example.com", CaaPolicy(CA1.identities, "", ("dns-01",))) == "allowed"


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        (['0 issue "ca1.example.net"'], "unknown"),
        (['0 issue ";"'], "forbidden"),
        (['0 iodef "mailto:a@b.example"'], "none"),
        (['128 tbs "Unknown"'], "unknown-critical"),
    ],
)
async def test_where_nobody_knows_how_records_name_the_ca_only_what_holds_for_all_is_said(
    records: list[str], expected: str
) -> None:
    table: Table = {("a.example.com", "CAA"): said(*records)}
    assert await verdict(table, "a.example.com", CaaPolicy((), "", ("dns-01",))) == expected


# ---- What to add ----


@pytest.mark.parametrize(
    ("records", "name", "tag", "add"),
    [
        (['0 issue "ca9.example"'], "a.example.com", "issue", "ca1.example.net"),
        (['0 issue ";"'], "a.example.com", "issue", "ca1.example.net"),
        (['0 issue "ca9.example"'], "*.a.example.com", "issue", "ca1.example.net"),
        (['0 issue "ca1.example.net"', '0 issuewild ";"'], "*.a.example.com", "issuewild", "ca1.example.net"),
        (
            ['0 issue "ca1.example.net; accounturi=https://x.example/1"'],
            "a.example.com",
            "issue",
            f"ca1.example.net; accounturi={ACCOUNT}",
        ),
        (
            ['0 issue "ca1.example.net; validationmethods=http-01"'],
            "a.example.com",
            "issue",
            "ca1.example.net; validationmethods=dns-01",
        ),
        (
            [f'0 issue "ca1.example.net; accounturi={ACCOUNT}; validationmethods=http-01"'],
            "a.example.com",
            "issue",
            f"ca1.example.net; accounturi={ACCOUNT}; validationmethods=dns-01",
        ),
        (['0 issue "ca1.example.net"'], "a.example.com", "issue", ""),
        (['0 issue "ca9.example"', '128 tbs "Unknown"'], "a.example.com", "issue", ""),
    ],
)
async def test_record_to_add_lets_the_ca_in_and_keeps_what_was_bound(records: list[str], name: str, tag: str, add: str) -> None:
    at = name.removeprefix("*.")
    (finding,) = await look({(at, "CAA"): said(*records)}, name)
    assert (finding.domain, finding.tag, finding.add) == (at, tag, add)
    if add:
        assert finding.keeps_from_issuing
        (then,) = await look({(at, "CAA"): said(*records, f'0 {finding.tag} "{finding.add}"')}, name)
        assert then.verdict == "allowed"
        assert not then.keeps_from_issuing


# ---- The tree ----


async def test_nearest_set_counts_and_what_is_above_it_does_not() -> None:
    table: Table = {
        ("shop.example.com", "CAA"): said('0 issue "ca1.example.net"'),
        ("example.com", "CAA"): said('0 issue ";"'),
        ("com", "CAA"): said('0 issue "ca9.example"'),
    }
    findings = await look(table, "a.b.shop.example.com", "shop.example.com", "www.example.com", "other.com", "free.org")
    assert [(finding.domain, finding.names, finding.verdict) for finding in findings] == [
        ("shop.example.com", ("a.b.shop.example.com", "shop.example.com"), "allowed"),
        ("example.com", ("www.example.com",), "forbidden"),
        ("com", ("other.com",), "forbidden"),
        ("free.org", ("free.org",), "none"),
    ]


async def test_wildcard_climbs_from_its_base_and_stands_beside_its_name() -> None:
    table: Table = {("example.com", "CAA"): said('0 issue "ca1.example.net"', '0 issuewild ";"')}
    findings = await look(table, "example.com", "*.example.com", "www.example.com")
    assert [(finding.names, finding.verdict) for finding in findings] == [
        (("example.com", "www.example.com"), "allowed"),
        (("*.example.com",), "forbidden"),
    ]


async def test_set_where_an_alias_leads_counts_but_not_what_is_above_it() -> None:
    table: Table = {
        ("www.example.com", "CNAME"): said("shop.cdn.example.net."),
        ("shop.cdn.example.net", "CAA"): said('0 issue "ca9.example"'),
        ("mail.example.com", "CNAME"): said("mail.host.example.org."),
        ("host.example.org", "CAA"): said('0 issue ";"'),
        ("example.com", "CAA"): said('0 issue "ca1.example.net"'),
    }
    findings = await look(table, "www.example.com", "mail.example.com")
    assert [(finding.domain, finding.verdict, finding.alias) for finding in findings] == [
        ("www.example.com", "forbidden", "shop.cdn.example.net"),
        ("example.com", "allowed", ""),
    ]


async def test_before_the_records_are_added_only_registered_domains_are_asked() -> None:
    resolvers = ScriptedResolvers({("example.co.uk", "CAA"): said('0 issue "ca1.example.net"')})
    wanted = names("a.b.example.co.uk", "*.example.co.uk", "www.other.example")
    findings = await look_at_caa(resolvers.client(), wanted, CA1, domains_only=True)
    assert [(finding.domain, finding.verdict) for finding in findings] == [
        ("example.co.uk", "allowed"),
        ("other.example", "none"),
    ]
    assert [question.name for question in resolvers.questions()] == ["example.co.uk", "other.example"]


async def test_each_level_is_asked_once_and_their_number_is_bounded() -> None:
    resolvers = ScriptedResolvers()
    wanted = names(*(f"a{n}.b{n}.example.com" for n in range(100)))
    findings = await look_at_caa(resolvers.client(), wanted, CA1)
    asked = [question.name for question in resolvers.questions()]
    assert len(asked) == len(set(asked)) == MAX_LEVELS
    assert "" not in asked
    assert [finding.verdict for finding in findings] == ["none", "unknown"]
    assert sum(len(finding.names) for finding in findings) == 100


async def test_addresses_have_no_caa_records() -> None:
    assert await look_at_caa(ScriptedResolvers().client(), [Identifier("ip", "192.0.2.1")], CA1) == ()


# ---- Failures ----


async def test_failure_keeps_the_ca_from_issuing_unless_a_set_below_it_counts() -> None:
    table: Table = {
        ("www.example.com", "CAA"): said('0 issue "ca1.example.net"'),
        ("example.com", "CAA"): lame("no reachable authority"),
        ("mail.example.com", "A"): said("192.0.2.1"),
    }
    allowed, failed = await look(table, "www.example.com", "mail.example.com")
    assert allowed.verdict == "allowed"
    assert (failed.verdict, failed.domain, failed.bogus) == ("failure", "example.com", False)
    assert failed.keeps_from_issuing
    assert failed.detail == "no reachable authority"


async def test_broken_dnssec_is_told_from_other_failures() -> None:
    table: Table = {("example.com", "CAA"): bogus('0 issue "ca1.example.net"', text="signature expired")}
    (finding,) = await look(table, "example.com")
    assert (finding.verdict, finding.bogus, finding.detail) == ("failure", True, "signature expired")


async def test_resolver_that_does_not_check_dnssec_hides_no_failure() -> None:
    answer: Table = {("example.com", "CAA"): said('0 issue "ca1.example.net"')}
    resolvers = ScriptedResolvers({("example.com", "CAA"): bogus('0 issue "ca1.example.net"')}, other={"three": answer})
    (finding,) = await look_at_caa(resolvers.client(), names("example.com"), CA1)
    assert (finding.verdict, finding.bogus, finding.detail) == ("failure", True, "SERVFAIL")


async def test_one_that_checks_and_answers_is_believed() -> None:
    answer: Table = {("example.com", "CAA"): said('0 issue "ca1.example.net"')}
    resolvers = ScriptedResolvers({("example.com", "CAA"): Said(rcode="SERVFAIL")}, other={"two": answer})
    (finding,) = await look_at_caa(resolvers.client(), names("example.com"), CA1)
    assert finding.verdict == "allowed"


async def test_one_that_finds_dnssec_broken_is_believed_more_than_another() -> None:
    answer: Table = {("example.com", "CAA"): said('0 issue "ca1.example.net"')}
    broken = bogus('0 issue "ca1.example.net"', text="signature expired")
    resolvers = ScriptedResolvers(answer, other={"two": {("example.com", "CAA"): broken}})
    (finding,) = await look_at_caa(resolvers.client(), names("example.com"), CA1)
    assert (finding.verdict, finding.bogus, finding.detail) == ("failure", True, "signature expired")


@pytest.mark.parametrize(("reached", "expected"), [((), "unknown"), (("three",), "allowed"), (("two", "three"), "allowed")])
async def test_resolver_that_cannot_be_reached_says_nothing_about_the_ca(reached: tuple[str, ...], expected: str) -> None:
    gone = NetworkError("https://one.example/")
    other = {resolver.id: gone for resolver in (ONE, TWO, THREE) if resolver.id not in reached}
    resolvers = ScriptedResolvers({("example.com", "CAA"): said('0 issue "ca1.example.net"')}, other=other)
    (finding,) = await look_at_caa(resolvers.client(), names("www.example.com"), CA1)
    assert finding.verdict == expected
    assert finding.domain == "example.com"
    assert not finding.keeps_from_issuing


# ---- Who the CA is ----


def test_directory_counts_more_than_the_list_of_cas() -> None:
    authority = CertificateAuthority("a", "A", "https://ca.example/dir", caa=("listed.example",))
    urls = ", ".join(f'"{name}": "https://ca.example/{name}"' for name in ("newNonce", "newAccount", "newOrder"))
    silent = Directory.parse(f"{{{urls}}}".encode())
    said_so = Directory.parse(f'{{{urls}, "meta": {{"caaIdentities": ["ca.example", ""]}}}}'.encode())
    assert ca_identities(authority) == ca_identities(authority, silent) == ("listed.example",)
    assert ca_identities(authority, said_so) == ("ca.example",)


# ---- Values ----


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("ca.example", IssueValue("ca.example")),
        ("", IssueValue("")),
        (";", IssueValue("")),
        (" \t; ", IssueValue("")),
        ("ca.example ; a = b;c=", IssueValue("ca.example", {"a": ("b",), "c": ("",)})),
        ("ca.example; a=b=c", IssueValue("ca.example", {"a": ("b=c",)})),
        ("; a=b", IssueValue("", {"a": ("b",)})),
        ("ca.example; a=b;", None),
        ("ca.example; ; a=b", None),
        ("ca.example; a", None),
        ("ca.example; =b", None),
        ("ca.example; a=b c", None),
        ("ca.example; a=ü", None),
        ("ca.example a=b", None),
        ("ca.example.", None),
        ("-ca.example", None),
        ("ca_1.example", None),
        ('"ca.example"', None),
        ("ca.example\n", None),
        ("ca.example; a=" + "b" * MAX_VALUE, None),
    ],
)
def test_value_is_read_by_the_grammar_of_rfc_8659(value: str, read: IssueValue | None) -> None:
    assert read_issue_value(value) == read


WORD = st.from_regex(r"\A[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?\Z")
BLANK = st.text(" \t", max_size=2)


@given(st.lists(WORD, min_size=1, max_size=4), st.dictionaries(WORD, st.text("ab/:=-~!", max_size=9), max_size=4), BLANK)
def test_any_well_formed_value_is_read_whatever_the_blanks(labels: list[str], parameters: dict[str, str], blank: str) -> None:
    parts = [".".join(labels), *(f"{name}{blank}={blank}{value}" for name, value in parameters.items())]
    value = f"{blank};{blank}".join(parts)
    expected = IssueValue(".".join(labels), {name: (text,) for name, text in parameters.items()})
    assert read_issue_value(f"{blank}{value}{blank}") == expected


@given(st.lists(st.builds(Caa, st.integers(0, 255), st.text(max_size=9) | st.sampled_from(["issue", "issuewild"]), st.text())))
def test_any_records_get_a_verdict(records: list[Caa]) -> None:
    for wildcard in (False, True):
        assert judge(records, CA1, wildcard=wildcard).verdict
