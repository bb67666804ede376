"""Every kind of "no" of a CA becomes one problem."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.acme.identifier import Identifier
from app.acme.problem import MAX_BODY_SHOWN, UNTYPED, Problem, ProblemError, UnavailableError, parse_problem
from app.acme.response import AcmeResponse
from app.encoding.strict_json import JsonObject
from app.ports import Response
from tests.unit.says import says
from tests.unit.script import answer

# RFC 8555 §6.7.1, its example of subproblems
COMPOUND = {
    "type": "urn:ietf:params:acme:error:malformed",
    "detail": "Some of the identifiers requested were rejected",
    "subproblems": [
        {
            "type": "urn:ietf:params:acme:error:malformed",
            "detail": 'Invalid underscore in DNS name "_example.org"',
            "identifier": {"type": "dns", "value": "_example.org"},
        },
        {
            "type": "urn:ietf:params:acme:error:rejectedIdentifier",
            "detail": 'This CA will not issue for "example.net"',
            "identifier": {"type": "dns", "value": "example.net"},
        },
    ],
}


def problem_of(response: Response) -> Problem:
    return parse_problem(AcmeResponse("https://ca.example/x", response, now=0.0))


def test_example_of_rfc_8555_is_read_with_its_subproblems() -> None:
    problem = problem_of(answer(COMPOUND, status=403))
    assert problem.type == "malformed"
    assert [(entry.type, entry.identifier) for entry in problem.subproblems] == [
        ("malformed", Identifier("dns", "_example.org")),
        ("rejectedIdentifier", Identifier("dns", "example.net")),
    ]


def test_full_detail_tells_of_every_subproblem_on_a_line_of_its_own() -> None:
    assert problem_of(answer(COMPOUND, status=403)).full_detail.splitlines() == [
        "Some of the identifiers requested were rejected",
        '_example.org: Invalid underscore in DNS name "_example.org"',
        'example.net: This CA will not issue for "example.net"',
    ]


def test_registered_types_are_shortened_and_others_kept() -> None:
    assert problem_of(answer({"type": "urn:ietf:params:acme:error:badNonce"}, status=400)).type == "badNonce"
    assert (
        problem_of(answer({"type": "https://ca.example/errors/closed"}, status=400)).type == "https://ca.example/errors/closed"
    )


def test_members_are_read_and_unknown_ones_ignored() -> None:
    body = {"type": "x", "detail": "text", "status": 403, "instance": "https://ca.example/terms", "unheard-of": ["x"]}
    assert problem_of(answer(body, status=403)) == Problem("x", "text", status=403, instance="https://ca.example/terms")


def test_empty_object_is_a_problem_without_a_type_and_told_by_its_status() -> None:
    problem = problem_of(answer({}, status=400))
    assert problem.type == UNTYPED  # RFC 7807 §4.2
    assert problem.full_detail == "HTTP 400 Bad Request"


def test_title_stands_in_for_a_missing_detail() -> None:
    assert problem_of(answer({"type": "x", "title": "Closed"}, status=400)).detail == "Closed"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        pytest.param({"message": "Slow down"}, "Slow down", id="a gateway, lemur#3657"),
        pytest.param({"error": "no such order"}, "no such order", id="a text for an error, acme.sh#4933"),
        pytest.param({"errors": ["one", {"detail": "two"}]}, "one\ntwo", id="a list of errors"),
        pytest.param({"error": {"code": 7, "message": "not here"}}, "not here", id="an object for an error"),
        pytest.param({"error": "denied", "error_description": "ask first"}, "ask first\ndenied", id="OAuth 2.0"),
        pytest.param({"requestId": "r-1"}, '{"requestId": "r-1"}', id="nothing for people"),
        pytest.param(["a", "b"], "a\nb", id="a list"),
        pytest.param("no", "no", id="a text"),
        pytest.param({"type": 5, "detail": "kept"}, "kept", id="a type that is a number"),
        pytest.param({"detail": ["a", 5]}, "a\n5", id="details"),
        pytest.param({"detail": {"reason": "why"}}, "why", id="a detail that is an object"),
        pytest.param({"detail": 42, "status": "400"}, "42", id="a detail that is a number"),
        pytest.param({"detail": "x", "subproblems": "y", "identifier": "shop.example"}, "x\ny", id="texts in place of objects"),
        pytest.param({"detail": "x", "subproblems": {"a": 1}}, 'x\n{"a": 1}', id="an object in place of a list"),
        pytest.param({"detail": "x", "algorithms": "ES256"}, "x\nalgorithms: ES256", id="a text in place of a list"),
        pytest.param(
            {"detail": "x", "subproblems": [{"detail": "y", "identifier": {}}, None, 3]}, "x\ny\n3", id="odd subproblems"
        ),
    ],
)
def test_words_of_every_error_are_kept(body: object, words: str) -> None:
    problem = problem_of(answer(body, status=400))
    assert (problem.type, problem.status, problem.full_detail) == (UNTYPED, 400, words)


@pytest.mark.parametrize("member", ["detail", "title", "status", "instance", "identifier", "subproblems", "algorithms"])
@pytest.mark.parametrize("odd", [5, "400", [], [[]], {}, {"a": {"b": []}}, None, True, 1.5, [None, 1, "x", {}]])
def test_odd_member_never_costs_the_type(member: str, odd: object) -> None:
    problem = problem_of(answer({"type": "urn:ietf:params:acme:error:caa", member: odd}, status=403))
    assert (problem.type, problem.status) == ("caa", 403)
    assert Problem.parse(JsonObject(problem.to_json(), "problem")) == problem


@pytest.mark.parametrize("status", [429, 500, 502, 503, 599])
@pytest.mark.parametrize("body", [b"", b"<html>busy</html>", b'["x"]', b'{"message": "x"}', b"{}"])
def test_error_without_a_type_that_may_pass_says_its_status_and_when(status: int, body: bytes) -> None:
    with pytest.raises(UnavailableError, check=says(f"HTTP status {status}")) as caught:
        problem_of(Response(status, {"retry-after": "7"}, body))
    assert (caught.value.status, caught.value.retry_after) == (status, 7)


def test_web_page_is_told_as_its_text_and_not_whole() -> None:
    head = "<html><head><style>p {}</style><script>evil()</script></head>"
    page = f"{head}<body><h1>403 &amp; no</h1>\n<p>Go  away</p></body></html>"
    assert problem_of(Response(403, {}, page.encode())).detail == "403 & no\nGo away"
    assert len(problem_of(Response(403, {}, b"<p>" + b"x" * 1_000_000)).detail) <= MAX_BODY_SHOWN
    assert problem_of(Response(403, {}, b"<" * 50_000)).detail


def test_bare_conflict_is_a_key_of_another_account() -> None:
    """RFC 8555 §7.3.5."""
    assert problem_of(Response(409, {}, b"")).type == "conflict"


def test_error_carries_the_cas_words_as_detail() -> None:
    error = ProblemError(problem_of(answer(COMPOUND, status=403)))
    assert "rejected" not in str(error)
    assert "Some of the identifiers requested were rejected" in error.detail


identifiers = st.builds(Identifier, st.just("dns"), st.text().map(str.lower))
problems = st.recursive(
    st.builds(
        Problem,
        st.text(min_size=1),
        st.text(),
        st.none() | st.integers(-(2**53), 2**53),
        st.none() | st.text(min_size=1),
        st.none() | identifiers,
    ),
    lambda children: st.builds(Problem, st.just("compound"), st.text(), subproblems=st.lists(children, max_size=3).map(tuple)),
    max_leaves=5,
)


@given(problems)
def test_problem_comes_back_from_json(problem: Problem) -> None:
    assert Problem.parse(JsonObject(problem.to_json(), "problem")) == problem


def test_algorithms_that_the_ca_takes_are_told_and_kept() -> None:
    """RFC 8555 §6.2: badSignatureAlgorithm lists them."""
    document = {"type": "urn:ietf:params:acme:error:badSignatureAlgorithm", "detail": "no", "algorithms": ["ES256", "RS256"]}
    problem = Problem.parse(JsonObject(document, "problem"))
    assert problem.full_detail == "no\nalgorithms: ES256, RS256"
    assert Problem.parse(JsonObject(problem.to_json(), "problem")) == problem
