"""Ways of real servers when an account is registered, or is lost and registered again; each as a script."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from app.errors import NetworkError
from app.ports import Request, Response
from app.ui.form.account import AccountForm
from tests.unit.accounts.test_account_store import URLS
from tests.unit.accounts.test_commands import SECOND, UNKNOWN
from tests.unit.records import DIRECTORY
from tests.unit.script import answer, read_post, refusal
from tests.unit.scripted_ca import ACCOUNT, BASE, NEW_ACCOUNT, NEW_ORDER, ORDER, READ_ORDER
from tests.unit.visit import GOOD, PRACTICE, Visit


async def test_second_order_sends_no_newaccount() -> None:
    """node-acme-client#42, lego#2984: credentials that count once are refused the second time."""
    visit = Visit()
    await visit.issued()
    visit.ca.script[NEW_ACCOUNT] = [refusal("unauthorized", status=403)]
    visit.ca.script[READ_ORDER] = [visit.ca.order("ready")]
    visit.page.fields = replace(visit.page.fields, key_type="ec-p384")
    await visit.session.start()
    assert visit.page.view.step == "prove"
    assert len(visit.ca.sent(NEW_ACCOUNT)) == 1
    await visit.reload()
    await visit.session.start()
    assert visit.page.view.step == "prove"
    assert len(visit.ca.sent(NEW_ACCOUNT)) == 1


async def test_credentials_that_count_once_are_not_lost_with_the_answer() -> None:
    """node-acme-client#42: the first newAccount was heard, its answer was not; the second is refused."""
    credentials = AccountForm(eab_kid="kid-1", eab_key="c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0")
    visit = Visit(fields=replace(GOOD, account=credentials))

    def once(request: Request) -> Response:
        if read_post(request).payload == {"onlyReturnExisting": True}:
            return answer({"status": "valid"}, location=ACCOUNT)
        return refusal("unauthorized", status=403)

    visit.ca.script[NEW_ACCOUNT] = [NetworkError(f"{BASE}/new-account"), once]
    await visit.session.start()
    assert visit.page.error
    await visit.session.start()
    assert visit.page.view.step == "prove"


@pytest.mark.parametrize("times", [1, 2, 3])
@pytest.mark.parametrize("key", [NEW_ORDER, f"POST {BASE}/authorization/0"])
async def test_account_that_is_not_known_right_after_it_was_made_is_asked_for_again(key: str, times: int) -> None:
    """The servers of a CA read from replicas."""
    visit = Visit()
    visit.ca.script[key][:0] = [UNKNOWN] * times
    await visit.session.start()
    assert visit.page.view.step == "prove"
    assert len(visit.ca.sent(NEW_ACCOUNT)) == 1
    assert not visit.page.questions


async def test_account_that_never_comes_to_be_known_ends_in_words() -> None:
    visit = Visit()
    visit.ca.script[NEW_ORDER] = [UNKNOWN]
    await visit.session.start()
    assert visit.page.message.title == "Test CA does not know this account any more"
    assert len(visit.ca.requests) < 20


def started_anew(visit: Visit, *, url: str = SECOND) -> Callable[[Request], Response]:
    """The CA has forgotten all: it knows the account again after newAccount, at `url`."""
    visit.ca.script[NEW_ACCOUNT] = [answer({"status": "valid"}, status=201, location=url)]
    good = visit.ca.order("pending", status_code=201, location=ORDER)

    def order(request: Request) -> Response:
        known = len(visit.ca.sent(NEW_ACCOUNT)) > 1 and read_post(request).protected["kid"] == url
        return good if known else UNKNOWN

    visit.ca.script[NEW_ORDER] = [order]
    return order


async def new_visit(visit: Visit) -> None:
    """The same browser, on another day."""
    await visit.reload()
    await visit.ports.clock.sleep(86_400)


@pytest.mark.parametrize("ca", ["test", PRACTICE.id])
async def test_other_account_takes_the_place_of_the_saved_one_after_a_yes(ca: str) -> None:
    visit = Visit(fields=replace(GOOD, ca=ca))
    await visit.issued()
    started_anew(visit)
    await new_visit(visit)
    await visit.session.start()
    (question,) = visit.page.questions
    assert ACCOUNT in question.text
    assert SECOND in question.text
    assert not question.tick
    assert ("started anew" in question.text) == (ca == PRACTICE.id)
    assert visit.page.error is None
    assert visit.page.view.step == "prove"
    assert [account.url for account in await visit.workflow.accounts.all()] == [SECOND]
    kids = [read_post(request).protected["kid"] for request in visit.ca.sent(NEW_ORDER)]
    assert kids[-2:] == [ACCOUNT, SECOND]


async def test_ca_that_is_started_anew_right_after_the_account_was_made_leads_to_the_question_too() -> None:
    visit = Visit()
    await visit.issued()
    started_anew(visit)
    await visit.session.back()
    await visit.session.start()
    assert len(visit.page.questions) == 1
    assert visit.page.error is None
    assert visit.page.view.step == "prove"


async def test_nothing_is_signed_with_another_account_without_a_yes() -> None:
    visit = Visit()
    await visit.issued()
    started_anew(visit)
    await new_visit(visit)
    visit.page.says = False
    await visit.session.start()
    assert visit.page.message.title == "Test CA has another account for this key"
    assert [account.url for account in await visit.workflow.accounts.all()] == [ACCOUNT]
    signed = [read_post(request).protected for request in visit.ca.requests if request.method == "POST"]
    assert not any(protected.get("kid") == SECOND for protected in signed)
    visit.page.says = True
    await visit.session.start()
    assert visit.page.view.step == "prove"


async def test_account_that_is_back_at_the_same_address_needs_no_question() -> None:
    visit = Visit()
    await visit.issued()
    started_anew(visit, url=ACCOUNT)
    await new_visit(visit)
    await visit.session.start()
    assert not visit.page.questions
    assert visit.page.view.step == "prove"


async def test_open_order_of_an_account_that_is_gone_can_be_made_anew() -> None:
    visit = Visit()
    await visit.session.start()
    visit.ca.script[READ_ORDER] = [visit.ca.order("pending")]
    await new_visit(visit)
    await visit.resume()
    started_anew(visit)
    visit.ca.script[f"POST {visit.ca.challenge_url(0)}"] = [UNKNOWN]
    await visit.session.verify()
    assert len(visit.page.questions) == 1
    assert visit.page.message.title == "Test CA has closed this order"
    await visit.session.retry()
    assert visit.page.error is None
    assert visit.page.view.step == "prove"
    assert len(visit.page.questions) == 1


async def test_answer_that_is_lost_while_the_key_is_registered_again_costs_a_click() -> None:
    visit = Visit()
    await visit.issued()
    started_anew(visit)
    visit.ca.script[NEW_ACCOUNT].insert(0, NetworkError(f"{BASE}/new-account"))
    await new_visit(visit)
    await visit.session.start()
    assert visit.page.error
    await visit.session.start()
    assert len(visit.page.questions) == 1
    assert visit.page.view.step == "prove"
    assert len(await visit.ports.keys.names()) == 2  # the account’s and that of the first certificate


async def test_renewal_does_not_agree_to_terms_for_anybody() -> None:
    visit = Visit()
    await visit.issued()
    started_anew(visit)
    await new_visit(visit)
    await visit.session.renew("1")
    assert len(visit.ca.sent(NEW_ACCOUNT)) == 1
    assert [error.field for error in visit.page.field_errors] == ["agree-tos"]
    assert "only you can agree" in visit.page.message.text


@pytest.mark.parametrize("status", ["deactivated", "revoked"])
async def test_order_with_an_account_that_is_closed_says_so_and_the_next_makes_another_key(status: str) -> None:
    """Servers such as serles and OpenBao give out accounts that were closed."""
    visit = Visit()
    visit.ca.script[NEW_ACCOUNT].insert(0, answer({"status": status}, location=ACCOUNT))
    await visit.session.start()
    assert visit.page.message.title == "The account at Test CA is closed"
    assert not visit.ca.sent(NEW_ORDER)
    await visit.session.start()
    assert visit.page.view.step == "prove"
    keys = [json.dumps(read_post(request).protected["jwk"]) for request in visit.ca.sent(NEW_ACCOUNT)]
    assert len(set(keys)) == 2


@pytest.mark.parametrize(
    "detail", ['Account is not valid, has status "deactivated"', "account has been revoked", "The account was closed"]
)
async def test_order_that_is_refused_to_a_closed_account_says_so(detail: str) -> None:
    visit = Visit()
    visit.ca.script[NEW_ORDER] = [refusal("unauthorized", status=403, members={"detail": detail})]
    await visit.session.start()
    assert visit.page.message.title == "The account at Test CA is closed"


@pytest.mark.parametrize("kind", ["malformed", "unauthorized"])
async def test_credentials_that_the_ca_refuses_are_told_as_that(kind: str) -> None:
    """lego#2984: used before, and refused without a type of their own."""
    credentials = AccountForm(eab_kid="kid-1", eab_key="c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0")
    visit = Visit(fields=replace(GOOD, account=credentials))
    spent = refusal(kind, status=403, members={"detail": "The external account binding key was used already"})
    visit.ca.script[NEW_ACCOUNT] = [spent]
    await visit.session.start()
    assert visit.page.message.title == "Test CA does not take these credentials"
    assert "count once" in visit.page.message.text
    assert "was used already" in visit.page.message.detail


async def test_account_that_is_lost_where_credentials_are_wanted_says_how_to_make_another() -> None:
    visit = Visit()
    await visit.issued()
    started_anew(visit)
    visit.ca.script[f"GET {DIRECTORY}"] = [answer({**URLS, "meta": {"externalAccountRequired": "true"}})]
    await new_visit(visit)
    await visit.session.start()
    assert len(visit.ca.sent(NEW_ACCOUNT)) == 1
    assert "Choose “A new account”" in visit.page.message.text
    assert visit.page.credentials
