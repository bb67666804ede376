"""What is said of records that cannot be read, and of orders that ended without a word of the CA."""

from dataclasses import replace

import pytest

from app.acme.problem import Problem
from app.errors import UnreadableRecordError
from app.issuance.issuance import ACCOUNT_LOST, NO_REASON_GIVEN, ORDER_GONE
from app.issuance.record import issuance_to_json
from app.issuance.record_checks import read_checked
from app.text.error_messages import problem_message
from app.text.sentences import detail_of, sentence
from tests.unit.records import record


def test_reason_why_a_record_cannot_be_read_is_a_second_sentence() -> None:
    with pytest.raises(UnreadableRecordError) as caught:
        read_checked(issuance_to_json(replace(record("shop.example"), id="a b")))
    assert sentence(caught.value) == "A saved order is damaged and cannot be opened. Its id is not valid."


def test_damage_without_a_known_reason_is_one_sentence() -> None:
    with pytest.raises(UnreadableRecordError) as caught:
        read_checked({**issuance_to_json(record("shop.example")), "created": "yesterday"})
    assert sentence(caught.value) == "A saved order is damaged and cannot be opened."
    assert caught.value.detail


@pytest.mark.parametrize(
    ("detail", "said"),
    [
        (NO_REASON_GIVEN, "The CA ended the order and did not say why."),
        (ACCOUNT_LOST, "The CA no longer knows the account that made this order."),
        ("The CA gave up the order and did not say why.", "The CA gave up the order and did not say why."),  # as saved before
        ("unknown order", "unknown order"),  # the CA's own words
    ],
)
def test_order_that_is_gone_has_a_reason_in_words(detail: str, said: str) -> None:
    problem = Problem(ORDER_GONE, detail)
    assert detail_of(problem) == said
    assert problem_message(problem, "Test CA").detail == said


def test_word_of_a_ca_that_is_one_of_our_codes_stays_its_own() -> None:
    assert detail_of(Problem("malformed", NO_REASON_GIVEN)) == NO_REASON_GIVEN
