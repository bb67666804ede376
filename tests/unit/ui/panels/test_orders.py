"""The list of what this browser keeps, on a page that only remembers what it is shown."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from app.acme.problem import Problem
from app.acme.renewal_info import RenewalWindow
from app.errors import StorageError
from app.issuance.issuance import Issuance, State
from app.issuance.record import issuance_to_json
from app.ui.panels.orders import OrderEntry
from app.ui.views import PageModel
from tests.unit.chains import NOW, chain, intermediate, leaf
from tests.unit.records import DIRECTORY, choices, record
from tests.unit.script import read_post, refusal
from tests.unit.scripted_ca import NEW_ACCOUNT, NEW_ORDER
from tests.unit.ui.test_session import failed
from tests.unit.visit import GOOD, PRACTICE, Visit


async def kept(visit: Visit, *issuances: Issuance) -> None:
    """Put records into the browser of `visit`, and open the page there."""
    for issuance in issuances:
        await visit.ports.store.put(f"issuance {issuance.id}", issuance_to_json(issuance))
    await visit.reload()


async def only_entry(issuance: Issuance) -> OrderEntry:
    """What the list says of one record in a browser that has nothing else."""
    visit = Visit()
    await kept(visit, issuance)
    (entry,) = visit.list.entries
    return entry


def issued(*names: str, until: datetime = NOW + timedelta(days=89), **fields: Any) -> Issuance:
    """A record with its certificate, which began a day ago by the clock of these tests."""
    return record(*names, state="issued", certificate_pem=leaf(*names, until=until) + intermediate(), **fields)


async def by_id(visit: Visit, id_: str) -> Issuance:
    """The record with this id."""
    return next(issuance for issuance in await visit.workflow.saved() if issuance.id == id_)


# ---- what it shows ----


async def test_new_browser_shows_nothing() -> None:
    visit = Visit()
    await visit.open()
    assert (visit.list.entries, visit.list.shown, visit.list.message) == ((), 0, None)


async def test_open_ones_stand_before_ended_ones_and_each_newest_first() -> None:
    visit = Visit()
    states: tuple[State, ...] = ("issued", "failed", "asked", "issued", "verifying")
    many = [
        record(f"n{n}.example", id=str(n), created=1000.0 + n, state=state, certificate_pem=chain(f"n{n}.example"))
        for n, state in enumerate(states)
    ]
    await visit.ports.store.put("issuance 9", {"version": 99, "created": 9999})
    await kept(visit, *many)
    assert [entry.id for entry in visit.list.entries] == ["4", "2", "3", "1", "0", "9"]


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("asked", "started on 1 January 1970, not ordered yet"),
        ("registered", "started on 1 January 1970, not ordered yet"),
        ("ordered", "ordered on 1 January 1970"),
        ("proving", "waiting for your proof since 1 January 1970"),
        ("verifying", "being checked by the CA since 1 January 1970"),
        ("ready", "proven on 1 January 1970, the certificate is being made"),
        ("finalizing", "proven on 1 January 1970, the certificate is being made"),
        ("downloading", "made on 1 January 1970, waiting to be downloaded"),
    ],
)
async def test_each_open_state_has_its_words(state: State, words: str) -> None:
    visit = Visit()
    await visit.session.start()  # so that its account is here
    await kept(visit, record("shop.example", state=state, account_url="https://ca.example/account/1"))
    (entry,) = visit.list.entries
    assert entry == OrderEntry("1", "shop.example", "Test CA", "open", words)


async def test_certificate_says_when_it_ends_and_when_to_renew_it() -> None:
    entry = await only_entry(issued("shop.example"))
    words = "issued, ends on 19 February 2027, renew around 20 January 2027"
    assert entry == OrderEntry("1", "shop.example", "Test CA", "issued", words, renews=True)


@pytest.mark.parametrize(
    ("issuance", "standing", "words"),
    [
        (
            issued("a.example", window=RenewalWindow(NOW.timestamp() + 86400, NOW.timestamp() + 2 * 86400)),
            "issued",
            "renew around 23 November 2026",
        ),
        (
            issued("a.example", window=RenewalWindow(NOW.timestamp() - 1, NOW.timestamp() + 1)),
            "due",
            "ends on 19 February 2027: renew it now",
        ),
        (issued("a.example", until=NOW + timedelta(hours=1)), "due", "issued, ends on 22 November 2026: renew it now"),
        (issued("a.example", until=NOW - timedelta(hours=1)), "ended", "ended on 22 November 2026"),
        (issued("a.example", revoked=NOW.timestamp()), "revoked", "revoked on 22 November 2026"),
        (issued("a.example", key_destroyed=1.0), "issued", ", its key was destroyed here"),
    ],
)
async def test_certificate_says_what_has_become_of_it(issuance: Issuance, standing: str, words: str) -> None:
    entry = await only_entry(issuance)
    assert (entry.status, entry.renews, entry.opens) == (standing, True, True)
    assert words in entry.words


async def test_failed_order_says_why() -> None:
    problem = Problem("rateLimited", "too fast", 429)
    entry = await only_entry(record("shop.example", state="failed", problem=problem))
    assert (entry.status, entry.words) == ("failed", "failed on 1 January 1970: Test CA says: too many requests")


async def test_order_whose_account_is_not_here_cannot_go_on_and_says_so() -> None:
    entry = await only_entry(record("shop.example", state="proving", account_url="https://ca.example/account/1"))
    assert (entry.status, entry.words) == ("stuck", "cannot go on here: its account’s key is not in this browser")
    assert entry.opens


async def test_ca_that_is_gone_from_the_list_is_named_by_its_address() -> None:
    visit = Visit()
    await failed(visit)
    await visit.reload(authorities=(PRACTICE,))
    (entry,) = visit.list.entries
    assert (entry.ca, entry.words) == (DIRECTORY, "failed on 22 November 2026")


async def test_what_cannot_be_read_is_shown_and_can_be_deleted() -> None:
    visit = Visit()
    await visit.ports.keys.generate("certificate 1", "ec-p256", extractable=True)
    await visit.ports.store.put("issuance 1", {"version": 99})
    await visit.ports.store.put("issuance 2", {"version": 2, "id": "2"})
    await kept(visit, record("shop.example", id="3", state="issued", certificate_pem="nonsense"))
    assert [(entry.status, entry.opens) for entry in visit.list.entries] == [("unreadable", False)] * 3
    assert ["another version" in entry.words or "damaged" in entry.words for entry in visit.list.entries] == [True] * 3
    for _ in range(3):
        await visit.saved.delete(visit.list.entries[0].id)
    assert visit.list.entries == ()
    assert await visit.ports.store.keys() == await visit.ports.keys.names() == []


async def test_storage_that_refuses_is_told() -> None:
    visit = Visit()

    async def refuse() -> list[str]:
        raise StorageError("no")

    visit.ports.store.keys = refuse  # type: ignore[method-assign]
    await visit.open()
    assert visit.list.message
    assert visit.list.message.title == "This browser did not keep what Keystay gave it"
    await visit.saved.refresh()  # says nothing more


async def test_list_stays_as_it_is_where_nothing_has_changed_and_while_it_is_not_seen() -> None:
    visit = Visit()
    await visit.open()
    await visit.session.start()
    await visit.saved.refresh()
    assert visit.list.shown == 0
    await visit.session.back()
    await visit.saved.refresh()
    await visit.saved.refresh()
    assert (visit.list.shown, visit.entries()) == (1, [("shop.example", "open")])


# ---- opening ----


async def test_order_that_was_left_behind_goes_on() -> None:
    visit = Visit()
    await visit.session.start()
    await visit.reload()
    assert visit.entries() == [("shop.example", "open")]
    await visit.resume()
    await visit.session.verify()
    assert list(dict.fromkeys(view.step for view in visit.page.views)) == ["names", "prove", "certificate"]
    assert len(visit.ca.sent(NEW_ORDER)) == 1


async def test_certificate_can_be_fetched_again_on_a_later_visit() -> None:
    visit = Visit()
    await visit.issued()
    await visit.reload()
    await visit.resume()
    await visit.session.download("privkey.pem")
    assert visit.page.files


async def test_each_of_several_can_be_opened() -> None:
    visit = Visit()
    await visit.session.start()
    await visit.session.back()
    await visit.issued()
    await visit.reload()
    assert [entry.status for entry in visit.list.entries] == ["open", "issued"]
    for entry, step in zip(visit.list.entries, ("prove", "certificate"), strict=True):
        visit.ca.script[f"POST {visit.ca.authorization_url(0)}"] = [visit.ca.authorization(0)]
        await visit.saved.reopen(entry.id)
        assert step in [view.step for view in visit.page.views[-20:]]
        await visit.session.back()


async def test_back_shows_the_form_again_and_keeps_the_order() -> None:
    visit = Visit()
    await visit.session.start()
    await visit.session.back()
    assert visit.page.view == PageModel(step="names", busy=False)
    await visit.saved.refresh()
    assert visit.entries() == [("shop.example", "open")]


async def test_order_that_is_gone_meanwhile_says_so() -> None:
    visit = Visit()
    await visit.open()
    await visit.saved.reopen("9")
    assert visit.page.said[-1] == "This order was deleted in another tab."
    assert visit.page.view == PageModel(step="names", busy=False)


async def test_order_at_a_ca_that_is_no_longer_listed_is_a_message_and_the_form_stays_usable() -> None:
    visit = Visit()
    await visit.session.start()
    await visit.reload(authorities=(PRACTICE,))
    await visit.resume()
    assert visit.page.error is not None
    visit.page.fields = replace(GOOD, ca="practice")
    await visit.session.back()
    await visit.session.start()
    assert visit.page.view.step == "prove"


async def test_saved_certificate_that_is_damaged_is_a_message() -> None:
    visit = Visit()
    await kept(visit, record("shop.example", state="issued", certificate_pem="nonsense"))
    await visit.saved.reopen("1")
    assert visit.page.error is not None
    assert not visit.page.view.busy


# ---- once more ----


async def test_renewal_asks_for_the_same_again_without_a_new_agreement() -> None:
    visit = Visit(
        "shop.example", "www.shop.example", fields=replace(GOOD, domains="shop.example www.shop.example", key_type="ec-p384")
    )
    await visit.issued()
    await visit.reload()
    await visit.saved.renew("1")
    assert visit.page.error is None
    assert len(visit.ca.sent(NEW_ORDER)) == 2
    before, after = (read_post(request).payload for request in visit.ca.sent(NEW_ORDER))
    assert after["identifiers"] == before["identifiers"]
    first, newest = await by_id(visit, "1"), await by_id(visit, "2")
    assert newest.choices == replace(first.choices, terms_agreed=False)
    assert len(visit.ca.sent(NEW_ACCOUNT)) == 1


async def test_own_request_is_renewed_with_the_same_request() -> None:
    visit = Visit()
    await visit.session.start()  # so that there is an account
    wanted = replace(choices("shop.example"), csr="AAAA", profile="short")
    await kept(
        visit,
        record("shop.example", id="7", state="issued", account_url="https://ca.example/account/1").moved(
            "issued", 1.0, choices=wanted, certificate_pem=chain("shop.example")
        ),
    )
    await visit.saved.renew("7")
    assert (await by_id(visit, "2")).choices == replace(wanted, terms_agreed=False)


async def test_renewal_without_an_account_wants_a_person_to_agree() -> None:
    visit = Visit()
    await kept(visit, issued("shop.example"))
    await visit.saved.renew("1")
    assert "only you can agree to its terms" in visit.page.message.text
    assert visit.ca.requests == []
    assert len(await visit.workflow.saved()) == 1


async def test_renewal_goes_by_another_account_where_its_own_is_gone() -> None:
    visit = Visit()
    await visit.issued()
    elsewhere = replace((await visit.workflow.saved())[0], account_url="https://ca.example/account/gone")
    await kept(visit, elsewhere)
    await visit.saved.renew("1")
    assert (await visit.workflow.saved())[0].choices.account == DIRECTORY


@pytest.mark.parametrize(("until", "renewed"), [(None, True), (int(NOW.timestamp()) + 1, True), (int(NOW.timestamp()), False)])
async def test_record_that_was_to_end_does_not_become_one_that_never_does(until: int | None, renewed: bool) -> None:  # noqa: FBT001 – a table’s
    visit = Visit()
    await visit.issued()
    (first,) = await visit.workflow.saved()
    await kept(visit, replace(first, choices=replace(first.choices, persist_until=until)))
    await visit.saved.renew("1")
    newest = (await visit.workflow.saved())[0]
    assert (newest.id != "1") is renewed
    assert newest.choices.persist_until == until
    assert (visit.page.error is None) is renewed


async def test_new_terms_are_said_when_a_certificate_is_renewed() -> None:
    visit = Visit()
    await visit.issued()
    await visit.reload()
    visit.ca.script[NEW_ORDER] = [refusal("userActionRequired", status=403, members={"instance": "https://ca.example/new"})]
    await visit.saved.renew("1")
    assert visit.page.message.title == "Test CA has new terms of service"
    assert visit.page.terms[-1] == "https://ca.example/new"


# ---- the end ----


async def test_deleted_one_is_gone_with_its_key_after_a_question() -> None:
    visit = Visit()
    await visit.issued()
    await visit.reload()
    visit.list.says = False
    await visit.saved.delete("1")
    assert (visit.list.said, len(visit.list.entries)) == ("Nothing was deleted.", 1)
    visit.list.says = True
    await visit.saved.delete("1")
    assert (visit.list.said, visit.list.entries, visit.list.busy) == ("It is deleted.", (), False)
    assert await visit.ports.store.keys() == [f"account {DIRECTORY}"]
    assert await visit.ports.keys.names() == [f"account {DIRECTORY}"]
    assert visit.ca.sent(NEW_ORDER) == visit.ca.sent(NEW_ORDER)[:1]


async def test_question_says_what_is_lost() -> None:
    visit = Visit()
    await visit.session.start()
    await kept(visit, issued("done.example", id="7"))
    await visit.ports.store.put("issuance 8", {"version": 99})
    for id_ in ("1", "7", "8"):
        await visit.saved.delete(id_)
    texts = [(question.text, bool(question.tick)) for question in visit.list.questions]
    assert "an open order ends by itself" in texts[0][0]
    assert "with its private key" in texts[1][0]
    assert "with its keys" in texts[2][0]
    assert [tick for _, tick in texts] == [False, True, False]


async def test_stopped_order_that_is_deleted_is_at_hand_no_more() -> None:
    visit = Visit()
    visit.ca.script[NEW_ORDER] = [
        refusal("rateLimited", status=429),
        visit.ca.order("pending", status_code=201, location="https://ca.example/order/1"),
    ]
    await visit.session.start()
    await visit.saved.refresh()
    await visit.saved.delete("1")
    await visit.session.start()
    assert [issuance.id for issuance in await visit.workflow.saved()] == ["2"]


async def test_nothing_is_deleted_under_an_order_that_is_under_way() -> None:
    visit = Visit()
    await visit.session.start()
    await asyncio.gather(visit.session.verify(), visit.saved.delete("1"))
    assert visit.list.message
    assert visit.list.message.title == "Not now"
    assert visit.list.questions == []
    assert visit.page.view.step == "certificate"
