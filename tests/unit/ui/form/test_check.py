"""The list of what must be corrected: a line for each field, which goes when the field is corrected."""

from dataclasses import replace

import pytest

from app.errors import FieldError
from app.text.form import summary_title
from app.text.sentences import sentence
from app.ui.form.account import AccountForm
from app.ui.form.fields import FIELD_ORDER, first_of_each, remaining
from app.ui.form.order import Form
from app.ui.form.presenter import value
from tests.unit.records import CA, DIRECTORY
from tests.unit.script import answer
from tests.unit.scripted_ca import BASE, NEW_ACCOUNT
from tests.unit.visit import GOOD, Visit

URLS = {"newNonce": f"{BASE}/nonce", "newAccount": f"{BASE}/new-account", "newOrder": f"{BASE}/new-order"}
SELLING = replace(CA, id="selling", name="Selling CA", external_account="Customers find them on its website.")
WRONG = replace(GOOD, domains="_bad.example", agree_tos=False, account=AccountForm(contact="nobody"))


def fields(visit: Visit) -> list[str]:
    """What is marked as wrong, in the order of the list."""
    return [error.field for error in visit.page.field_errors]


async def refused(form: Form = WRONG) -> Visit:
    """A visit in which Start was pressed with `form`, and nothing was sent."""
    visit = Visit(fields=form, authorities=(CA, SELLING))
    await visit.session.start()
    assert visit.ca.requests == []
    assert visit.page.summary_focused
    return visit


async def change(visit: Visit, form: Form) -> list[str]:
    """Type until the form is `form`; what is left in the list."""
    visit.page.fields = form
    await visit.session.check_again()
    assert not visit.page.summary_focused
    return fields(visit)


async def test_each_field_has_a_line_in_the_order_of_the_form() -> None:
    visit = await refused()
    assert fields(visit) == ["domains", "contact", "agree-tos"]


async def test_list_shrinks_while_fields_are_corrected() -> None:
    visit = await refused()
    assert await change(visit, replace(WRONG, agree_tos=True)) == ["domains", "contact"]
    assert visit.page.error is None
    assert await change(visit, replace(WRONG, agree_tos=True, domains="good.example")) == ["contact"]
    assert await change(visit, GOOD) == []
    await visit.session.start()
    assert visit.page.view.step == "prove"


async def test_line_says_what_is_wrong_now() -> None:
    visit = await refused()
    await change(visit, replace(WRONG, domains="shop..example"))
    assert "one dot too many" in sentence(visit.page.field_errors[0])
    assert visit.page.message.title == "Nothing was sent yet"


async def test_nothing_new_is_said_while_a_person_types() -> None:
    visit = await refused(replace(GOOD, agree_tos=False))
    assert await change(visit, replace(GOOD, agree_tos=False, domains="_bad.exam")) == ["agree-tos"]
    assert await change(visit, replace(GOOD, domains="_bad.exam")) == []


async def test_mended_field_that_is_broken_again_waits_for_the_next_start() -> None:
    visit = await refused()
    await change(visit, replace(WRONG, agree_tos=True))
    assert await change(visit, WRONG) == ["domains", "contact"]


async def test_names_are_mended_by_another_ca_too() -> None:
    public = replace(CA, id="public", trusted=True)
    visit = Visit(fields=replace(GOOD, domains="nas.local", ca="public"), authorities=(CA, public))
    await visit.session.start()
    assert fields(visit) == ["domains"]
    assert await change(visit, replace(GOOD, domains="nas.local")) == []


async def test_what_a_ca_refused_is_marked_until_that_field_is_changed() -> None:
    visit = Visit()
    visit.ca.script[f"GET {DIRECTORY}"] = [answer({**URLS, "meta": {"externalAccountRequired": True}})]
    await visit.session.start()
    assert fields(visit) == ["eab-kid"]
    assert visit.page.summary_focused
    said = visit.page.message
    assert await change(visit, replace(GOOD, domains="other.example")) == ["eab-kid"]
    assert await change(visit, replace(GOOD, account=AccountForm(eab_kid="kid-1"))) == []
    assert visit.page.error == said  # how one gets them is of use until they are there


async def test_credentials_are_required_where_the_chosen_ca_wants_them() -> None:
    visit = await refused(replace(GOOD, ca="selling"))
    assert fields(visit) == ["eab-kid", "eab-key"]
    assert "Selling CA accepts new accounts from its customers only" in sentence(visit.page.field_errors[0])
    assert await change(visit, replace(GOOD, ca="selling", account=AccountForm(eab_kid="kid-1"))) == ["eab-key"]
    assert await change(visit, GOOD) == []


@pytest.mark.parametrize(
    ("kid", "key", "wrong"), [("kid-1", "", "eab-key"), ("", "c2VjcmV0", "eab-kid"), (" \t", "c2VjcmV0", "eab-kid")]
)
async def test_half_of_the_credentials_is_not_enough(kid: str, key: str, wrong: str) -> None:
    visit = await refused(replace(GOOD, ca="selling", account=AccountForm(eab_kid=kid, eab_key=key)))
    assert fields(visit) == [wrong]


async def test_account_that_is_there_needs_no_credentials() -> None:
    first = Visit(
        fields=replace(GOOD, ca="selling", account=AccountForm(eab_kid="kid-1", eab_key="c2VjcmV0" * 8)), authorities=(SELLING,)
    )
    await first.session.start()
    assert first.page.view.step == "prove"
    await first.session.back()
    first.page.fields = replace(GOOD, ca="selling", domains="other.example")
    await first.session.start()
    assert first.page.field_errors == ()
    first.page.fields = replace(first.page.fields, account=AccountForm(choice="new"))
    await first.session.start()
    assert fields(first) == ["eab-kid", "eab-key"]


async def test_ca_that_asked_for_credentials_once_is_not_asked_without_them_again() -> None:
    visit = Visit()
    visit.ca.script[f"GET {DIRECTORY}"] = [answer({**URLS, "meta": {"externalAccountRequired": True}})]
    await visit.session.start()
    asked = len(visit.ca.requests)
    await visit.session.start()
    assert fields(visit) == ["eab-kid", "eab-key"]
    assert len(visit.ca.requests) == asked
    assert not visit.ca.sent(NEW_ACCOUNT)


def test_field_has_one_line_whatever_is_wrong_with_it() -> None:
    twice = (FieldError("agree-tos", "a"), FieldError("domains", "b"), FieldError("domains", "c"))
    assert [str(error) for error in first_of_each(twice)] == ["b", "a"]


def test_what_is_found_beside_what_was_told_is_left_out() -> None:
    told, found = (FieldError("ca", "old"), FieldError("csr", "gone")), (FieldError("ca", "new"), FieldError("domains", "more"))
    assert [(error.field, str(error)) for error in remaining(told, found)] == [("ca", "new")]
    assert [str(error) for error in remaining(told, found, frozenset({"csr"}))] == ["new", "gone"]


def test_every_field_holds_something() -> None:
    form = replace(GOOD, account=AccountForm(choice="new"))
    assert all(value(form, field) is not None for field in FIELD_ORDER)


@pytest.mark.parametrize(("count", "words"), [(1, "One thing"), (2, "Two things"), (10, "Ten things"), (11, "11 things")])
def test_heading_counts_the_things_to_correct(count: int, words: str) -> None:
    assert summary_title(count) == f"{words} to correct before this can be sent"
