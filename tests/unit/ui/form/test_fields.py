"""In which field an error stands: where a presenter says so, and where it comes out of a running order."""

import pytest

from app.errors import FieldError, InputError
from app.text.sentences.table import SENTENCES
from app.ui.form.fields import FIELD_OF_CODE, FIELD_ORDER, ErrorCollector, at_field, in_its_field


def fail(error: InputError) -> str:
    raise error


def test_input_error_from_below_stands_in_the_field_of_the_caller() -> None:
    with pytest.raises(FieldError, match="unknown-ca") as caught, at_field("ca"):
        fail(InputError("unknown-ca", detail="words", name="x"))
    assert (caught.value.field, caught.value.detail, caught.value.values) == ("ca", "words", {"name": "x"})


def test_error_that_has_its_field_keeps_it() -> None:
    with pytest.raises(FieldError) as caught, at_field("ca"):
        fail(FieldError("csr", "no-names"))
    assert caught.value.field == "csr"


@pytest.mark.parametrize("code", FIELD_OF_CODE)
def test_every_error_of_a_running_order_has_a_field_of_the_form_and_a_sentence(code: str) -> None:
    error = in_its_field(InputError(code))
    assert error is not None
    assert error.field in FIELD_ORDER
    assert code in SENTENCES


def test_error_without_a_field_has_none() -> None:
    assert in_its_field(InputError("account-already-here")) is None
    error = FieldError("csr", "no-names")
    assert in_its_field(error) is error


def test_collector_keeps_every_error_in_its_order_and_gives_what_can_be_read() -> None:
    errors = ErrorCollector(FieldError)
    assert errors.read(lambda: "good") == "good"
    assert errors.read(lambda: fail(FieldError("ca", "unknown-ca"))) is None
    assert errors.read_at("csr", lambda: fail(InputError("no-names"))) is None
    errors.add(None, FieldError("contact", "contact-no-address"))
    assert [error.field for error in errors.errors] == ["ca", "csr", "contact"]
