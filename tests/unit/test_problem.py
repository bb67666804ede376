"""Every kind of "no" of a CA becomes one problem."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.acme.fields import Fields
from app.acme.identifier import Identifier
from app.acme.problem import Problem, ProblemError, UnavailableError, parse_problem
from app.errors import ProtocolError
from app.ports import Response
from tests.unit.script import answer, html

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


def test_example_of_rfc_8555_is_read_with_its_subproblems() -> None:
    problem = parse_problem(answer(COMPOUND, status=403))
    assert problem.type == "malformed"
    assert [(entry.type, entry.identifier) for entry in problem.subproblems] == [
        ("malformed", Identifier("dns", "_example.org")),
        ("rejectedIdentifier", Identifier("dns", "example.net")),
    ]


def test_full_detail_tells_of_every_subproblem_on_a_line_of_its_own() -> None:
    assert parse_problem(answer(COMPOUND, status=403)).full_detail.splitlines() == [
        "Some of the identifiers requested were rejected",
        '_example.org: Invalid underscore in DNS name "_example.org"',
        'example.net: This CA will not issue for "example.net"',
    ]


def test_registered_types_are_shortened_and_others_kept() -> None:
    assert parse_problem(answer({"type": "urn:ietf:params:acme:error:badNonce"}, status=400)).type == "badNonce"
    assert (
        parse_problem(answer({"type": "https://ca.example/errors/closed"}, status=400)).type
        == "https://ca.example/errors/closed"
    )


def test_members_are_read_and_unknown_ones_ignored() -> None:
    body = {"type": "x", "detail": "text", "status": 403, "instance": "https://ca.example/terms", "unheard-of": ["x"]}
    assert parse_problem(answer(body, status=403)) == Problem("x", "text", status=403, instance="https://ca.example/terms")


def test_empty_object_is_a_problem_without_a_type() -> None:
    problem = parse_problem(answer({}, status=400))
    assert problem.type == "about:blank"  # RFC 7807 §3.1
    assert problem.full_detail == "about:blank"


def test_title_stands_in_for_a_missing_detail() -> None:
    assert parse_problem(answer({"type": "x", "title": "Closed"}, status=400)).detail == "Closed"


@pytest.mark.parametrize(
    ("response", "kind"),
    [
        pytest.param(html(503), UnavailableError, id="HTML of a load balancer"),
        pytest.param(html(500), UnavailableError, id="HTML of a broken server"),
        pytest.param(html(404), ProtocolError, id="HTML of a web server"),
        pytest.param(Response(429, {}, b""), ProtocolError, id="nothing"),
        pytest.param(answer(["x"], status=502), UnavailableError, id="a list"),
        pytest.param(answer({"type": 5}, status=400), ProtocolError, id="a type that is a number"),
        pytest.param(answer({"subproblems": "x"}, status=400), ProtocolError, id="subproblems that are a string"),
        pytest.param(
            answer({"subproblems": [{"identifier": {}}]}, status=400), ProtocolError, id="an identifier without a value"
        ),
    ],
)
def test_error_without_a_problem_document_says_its_status(response: Response, kind: type[Exception]) -> None:
    with pytest.raises(ProtocolError, match=f"HTTP status {response.status} and no ACME reason") as caught:
        parse_problem(response)
    assert type(caught.value) is kind


def test_what_came_instead_of_a_problem_is_kept_as_detail() -> None:
    with pytest.raises(ProtocolError) as caught:
        parse_problem(html(503))
    assert "Something is wrong here" in caught.value.detail


def test_error_carries_the_cas_words_as_detail() -> None:
    error = ProblemError(parse_problem(answer(COMPOUND, status=403)))
    assert "rejected" not in str(error)
    assert "Some of the identifiers requested were rejected" in error.detail


identifiers = st.builds(Identifier, st.just("dns"), st.text().map(str.lower))
problems = st.recursive(
    st.builds(
        Problem,
        st.text(min_size=1),
        st.text(),
        st.none() | st.integers(-(2**53), 2**53),
        st.none() | st.text(),
        st.none() | identifiers,
    ),
    lambda children: st.builds(Problem, st.just("compound"), st.text(), subproblems=st.lists(children, max_size=3).map(tuple)),
    max_leaves=5,
)


@given(problems)
def test_problem_comes_back_from_json(problem: Problem) -> None:
    assert Problem.parse(Fields(problem.to_json(), "problem")) == problem


def test_algorithms_that_the_ca_takes_are_told_and_kept() -> None:
    """RFC 8555 §6.2: badSignatureAlgorithm lists them."""
    document = {"type": "urn:ietf:params:acme:error:badSignatureAlgorithm", "detail": "no", "algorithms": ["ES256", "RS256"]}
    problem = Problem.parse(Fields(document, "problem"))
    assert problem.full_detail == "no\nIt takes: ES256, RS256"
    assert Problem.parse(Fields(problem.to_json(), "problem")) == problem
