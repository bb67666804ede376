"""The list of what this browser keeps, on a page that only remembers what it is shown."""

import asyncio
import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

import pytest

from app.acme.problem import Problem
from app.acme.renewal_info import RenewalWindow
from app.errors import StorageError
from app.issuance.issuance import Issuance, State
from app.issuance.record import issuance_to_json
from app.ui.form.order import Form
from app.ui.panels.order_entry import OrderEntry
from app.ui.views import PageModel
from tests.unit.chains import NOW, chain, intermediate, leaf
from tests.unit.records import CA, DIRECTORY, choices, record
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


def with_same_key(issuance: Issuance) -> Issuance:
    return replace(issuance, choices=replace(issuance.choices, same_key_as="before"))


def issued(*names: str, until: datetime = NOW + timedelta(days=89), **fields: Any) -> Issuance:
    """A record with its certificate, which began a day ago by the clock of these tests, or a day before its end."""
    since = min(NOW, until) - timedelta(days=1)
    return record(*names, state="issued", certificate_pem=leaf(*names, since=since, until=until) + intermediate(), **fields)


def labels(entry: OrderEntry) -> list[str]:
    """The words on its buttons, the one to press next first."""
    return [button.label for button in entry.buttons]


async def by_id(visit: Visit, id_: str) -> Issuance:
    """The record with this id."""
    return next(issuance for issuance in await visit.workflow.saved() if issuance.id == id_)


# ---- what it shows ----


async def test_new_browser_shows_nothing() -> None:
    visit = Visit()
    await visit.open()
    assert (visit.list.entries, visit.list.shown, visit.list.message) == ((), 0, None)
    assert visit.list.settled


async def test_open_ones_stand_before_others_and_each_newest_first() -> None:
    visit = Visit()
    states: tuple[State, ...] = ("issued", "failed", "asked", "issued", "verifying")
    many = [
        record(f"n{n}.example", id=str(n), created=1000.0 + n, state=state, certificate_pem=chain(f"n{n}.example"))
        for n, state in enumerate(states)
    ]
    await visit.ports.store.put("issuance 9", {"version": 99, "created": 9999})
    await kept(visit, *many)
    assert [entry.id for entry in visit.list.orders.need] == ["2", "4", "1"]  # the account of 4 is not here
    assert [entry.id for entry in visit.list.orders.fine] == ["3", "0"]
    assert [entry.id for entry in visit.list.orders.folded] == ["9"]


OPEN: Final = [
    ("asked", "Not ordered yet."),
    ("registered", "Not ordered yet."),
    ("ordered", "Ordered, not proven yet."),
    ("proving", "Waits for your DNS records."),
    ("verifying", "Test CA was asked to look at what you published."),
    ("ready", "Proven. The certificate comes next."),
    ("finalizing", "Proven. The certificate comes next."),
    ("downloading", "The certificate is made, but not fetched yet."),
]


@pytest.mark.parametrize(("state", "words"), OPEN)
async def test_each_open_state_has_its_words(state: State, words: str) -> None:
    visit = Visit()
    await visit.session.start()  # so that its account is here
    await kept(visit, record("shop.example", state=state, account_url="https://ca.example/account/1"))
    (entry,) = visit.list.entries
    assert (entry.title, entry.ca, entry.status, entry.group) == ("shop.example", "Test CA", "open", "need")
    assert (entry.headline, entry.words) == (words, "Since 1 January 1970.")
    assert labels(entry) == ["Continue", "Change the names", "Delete"]


@pytest.mark.parametrize(
    ("kinds", "words"),
    [
        (("http-01", "http-01"), "Waits for the files on your web server."),
        (("tls-alpn-01", "tls-alpn-01"), "Waits for your answer on port 443."),
        (("dns-01", "dns-persist-01"), "Waits for your DNS records."),
        (("dns-01", "http-01"), "Waits for what you publish."),
    ],
)
async def test_order_says_what_it_waits_for(kinds: tuple[str, str], words: str) -> None:
    visit = Visit()
    await visit.session.start()
    others = (("b.example", kinds[1]),)
    waits = record("a.example", "b.example", challenge=kinds[0], others=others, state="proving", since=NOW.timestamp() - 60)
    await kept(visit, replace(waits, account_url="https://ca.example/account/1"))
    (entry,) = visit.list.entries
    assert entry.headline == words
    assert re.fullmatch(r"Since \d\d:\d\d today\.", entry.words)


async def test_certificate_says_when_it_ends_and_when_to_renew_it() -> None:
    entry = await only_entry(issued("shop.example"))
    assert (entry.status, entry.group, entry.ca) == ("issued", "fine", "Test CA")
    assert entry.headline == "Valid until 19 February 2027."
    assert entry.words == "Come back around 20 January 2027."
    assert labels(entry) == ["Open", "Renew now", "Change the names", "Add to calendar", "Delete"]


def window(start: float, end: float) -> RenewalWindow:
    """From `start` to `end`, in seconds from now."""
    return RenewalWindow(NOW.timestamp() + start, NOW.timestamp() + end)


@pytest.mark.parametrize(
    ("issuance", "status", "group", "words"),
    [
        (
            issued("a.example", window=window(86400, 2 * 86400)),
            "issued",
            "fine",
            "Valid until 19 February 2027. Come back around 23 November 2026.",
        ),
        (issued("a.example", window=window(-1, 1)), "due", "need", "Ends in 89 days, on 19 February 2027. Renew it now."),
        (
            issued("a.example", until=NOW + timedelta(hours=1)),
            "due",
            "need",
            "Ends today, on 22 November 2026. Renew it now.",
        ),
        (
            issued("a.example", until=NOW + timedelta(hours=30), window=window(-1, 1)),
            "due",
            "need",
            "Ends in 1 day, on 23 November 2026. Renew it now.",
        ),
        (issued("a.example", until=NOW - timedelta(hours=1)), "ended", "need", "Ended on 22 November 2026. "),
        (issued("a.example", revoked=NOW.timestamp()), "revoked", "past", "Revoked on 22 November 2026. Do not use it."),
        (
            issued("a.example", key_destroyed=1.0),
            "issued",
            "fine",
            "Valid until 19 February 2027. Come back around 20 January 2027. Its private key was destroyed in this browser.",
        ),
        (
            with_same_key(issued("a.example")),
            "issued",
            "fine",
            "Valid until 19 February 2027. Come back around 20 January 2027. With the same key as the certificate before.",
        ),
    ],
)
async def test_certificate_says_what_has_become_of_it(issuance: Issuance, status: str, group: str, words: str) -> None:
    entry = await only_entry(issuance)
    assert (entry.status, entry.group) == (status, group)
    assert f"{entry.headline} {entry.words}" == words
    assert {button.action for button in entry.buttons} - {"remind"} == {"open", "renew", "change", "delete"}
    assert entry.buttons[0].action == ("renew" if status in ("due", "ended") else "open")


async def test_failed_order_says_why() -> None:
    problem = Problem("rateLimited", "too fast", 429)
    entry = await only_entry(record("shop.example", state="failed", problem=problem))
    assert (entry.status, entry.group, entry.headline) == ("failed", "need", "Not issued.")
    assert entry.words == "Test CA says: too many requests. That was on 1 January 1970."
    assert labels(entry) == ["See why", "Change the names", "Delete"]


async def test_order_whose_account_is_not_here_cannot_go_on_and_says_so() -> None:
    entry = await only_entry(record("shop.example", state="proving", account_url="https://ca.example/account/1"))
    assert (entry.status, entry.headline) == ("stuck", "Cannot go on here.")
    assert entry.words == "The key of its account is not in this browser."
    assert labels(entry)[0] == "See why"


async def test_ca_is_named_where_it_is_not_obvious() -> None:
    public = replace(CA, id="public", name="Public CA", directory="https://public.example/dir", trusted=True)
    visit = Visit(authorities=(CA, public))
    trusted = replace(choices("a.example"), ca="public", directory=public.directory, account=public.directory)
    await visit.ports.store.put("issuance 1", issuance_to_json(issued("a.example", choices=trusted)))
    await visit.reload((CA, public))
    assert [(entry.ca, entry.status) for entry in visit.list.entries] == [("", "issued")]
    await visit.ports.store.put("issuance 2", issuance_to_json(issued("b.example", id="2")))
    await visit.reload((CA, public))
    assert {entry.ca for entry in visit.list.entries} == {"", "Test CA"}
    await visit.reload((replace(CA, trusted=True), public))
    assert {entry.ca for entry in visit.list.entries} == {"Public CA", "Test CA"}


async def test_what_a_newer_order_has_replaced_needs_nobody() -> None:
    visit = Visit()
    soon = NOW + timedelta(hours=1)
    await kept(
        visit,
        issued("a.example", id="1", until=soon),
        record("a.example", id="2", state="failed", created=1500.0),
        issued("a.example", id="3", created=2000.0),
        issued("b.example", id="4", until=soon),
        issued("b.example", id="5", created=2000.0, revoked=1.0),
        issued("a.example", "b.example", id="6", until=soon),
    )
    orders = visit.list.orders
    assert [entry.id for entry in orders.need] == ["4", "6"]
    assert [entry.id for entry in orders.fine] == ["3"]
    folded = {entry.id: entry for entry in orders.folded}
    assert set(folded) == {"1", "2", "5"}
    assert folded["1"].status == "issued"
    assert folded["1"].words == "A newer certificate has taken its place."
    assert (orders.count, orders.folded_title) == ("2 of 3 need you.", "3 past orders")
    assert orders.kinds == "1 replaced, 1 revoked, 1 not issued"


async def test_ended_certificate_is_forgotten_after_a_month() -> None:
    entry = await only_entry(issued("a.example", until=NOW - timedelta(days=31)))
    assert (entry.status, entry.group) == ("ended", "past")


async def test_long_list_folds_but_never_an_open_order() -> None:
    visit = Visit()
    await visit.session.start()
    await visit.session.back()
    waiting = [
        record(f"o{n}.example", id=f"o{n}", state="proving", account_url="https://ca.example/account/1") for n in range(7)
    ]
    await kept(visit, *waiting, *(issued(f"i{n}.example", id=f"i{n}") for n in range(3)))
    orders = visit.list.orders
    assert len(orders.need) == 8
    assert orders.fine == ()
    assert [entry.status for entry in orders.folded] == ["issued"] * 3
    assert (orders.folded_title, orders.kinds, orders.unfolded) == ("3 more", "3 valid", False)
    assert orders.count == "8 of 11 need you."


async def test_short_list_has_no_closed_fold_and_speaks_of_one() -> None:
    visit = Visit()
    await kept(visit, issued("a.example"), issued("b.example", id="2", revoked=1.0))
    orders = visit.list.orders
    assert (orders.need, orders.fine_title, orders.count) == ((), "This one is fine", "")
    assert (orders.folded_title, orders.unfolded) == ("1 past order", True)


async def test_ca_that_is_gone_from_the_list_is_named_by_its_address() -> None:
    visit = Visit()
    await failed(visit)
    await visit.reload(authorities=(PRACTICE,))
    (entry,) = visit.list.entries
    assert (entry.ca, entry.headline) == (DIRECTORY, "Not issued.")
    assert re.fullmatch(r"That was at \d\d:\d\d today\.", entry.words)


async def test_what_cannot_be_read_is_shown_and_can_be_deleted() -> None:
    visit = Visit()
    await visit.ports.keys.generate("certificate 1", "ec-p256", extractable=True)
    await visit.ports.store.put("issuance 1", {"version": 99})
    await visit.ports.store.put("issuance 2", {"version": 2, "id": "2"})
    await kept(visit, record("shop.example", id="3", state="issued", certificate_pem="nonsense"))
    entries = {entry.id: entry for entry in visit.list.entries}
    assert {entry.status for entry in entries.values()} == {"unreadable"}
    assert "another version" in entries["1"].words
    assert "damaged" in entries["2"].words
    assert entries["3"].headline == "The saved certificate is damaged."
    assert labels(entries["1"]) == labels(entries["2"]) == ["Delete"]
    assert labels(entries["3"]) == ["Order again", "Change the names", "Delete"]
    for _ in range(3):
        await visit.saved.delete(visit.list.entries[0].id)
    assert visit.list.entries == ()
    assert await visit.ports.store.keys() == await visit.ports.keys.names() == []


async def test_storage_that_refuses_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    visit = Visit()

    async def refuse(*_: object) -> Any:
        raise StorageError("no")

    for name in ("keys", "get_all"):
        monkeypatch.setattr(visit.ports.store, name, refuse)
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
    await visit.session.files.download("privkey")
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
    await visit.ports.clock.sleep(0.5)  # no two orders begin at one moment
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
    order, certificate, unreadable = visit.list.questions
    assert order.title == "Delete the order for shop.example?"
    assert "an open order ends by itself" in order.text
    assert certificate.title == "Delete the certificate for done.example?"
    assert certificate.text.startswith("Its private key is in this browser only.")
    assert "stays valid until 19 February 2027" in certificate.text
    assert "Its keys are deleted with it" in unreadable.text
    assert [bool(question.tick) for question in visit.list.questions] == [False, True, False]


async def test_question_says_only_what_is_true_of_that_certificate() -> None:
    visit = Visit()
    await kept(
        visit,
        issued("a.example", id="1", key_destroyed=1.0),
        issued("b.example", id="2", revoked=1.0),
        issued("c.example", id="3", until=NOW - timedelta(hours=1)),
        record("d.example", id="4", state="issued", certificate_pem="nonsense"),
    )
    visit.list.says = False
    for id_ in "1234":
        await visit.saved.delete(id_)
    texts = [question.text for question in visit.list.questions]
    assert ["private key" in text for text in texts] == [False, True, True, True]
    assert ["stays valid" in text for text in texts] == [True, False, False, False]


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


# ---- other names ----


async def test_names_of_any_order_can_be_changed_with_all_else_as_it_was() -> None:
    wanted = Form(
        "bücher.example *.shop.example",
        "test",
        "",
        "dns-01",
        "rsa-2048",
        agree_tos=True,
        persist_until="2027-12-31",
        challenges=(("xn--bcher-kva.example", "dns-persist-01"),),
        profile="short",
    )
    visit = Visit("xn--bcher-kva.example", "*.shop.example", fields=wanted)
    visit.ca.script[NEW_ORDER] = [refusal("rejectedIdentifier", status=403)]
    await visit.session.start()
    await visit.session.back()
    visit.page.fields = replace(GOOD, domains="other.example", agree_tos=False)
    await visit.saved.refresh()
    await visit.saved.change_names(visit.list.entries[0].id)
    assert visit.page.fields == replace(wanted, domains="bücher.example\n*.shop.example", agree_tos=False)
    assert visit.page.view == PageModel(step="names", busy=False)
    assert "That order stays in the list." in visit.page.said[-1]
    assert len(await visit.workflow.saved()) == 1


async def test_open_order_is_left_and_kept_when_its_names_are_changed() -> None:
    visit = Visit()
    await visit.session.start()
    await visit.session.change_names("1")
    assert visit.page.view == PageModel(step="names", busy=False)
    visit.page.fields = replace(visit.page.fields, domains="www.shop.example")
    visit.ca.script[NEW_ORDER] = [visit.ca.order("pending", status_code=201, location="https://ca.example/order/2")]
    await visit.session.start()
    kept_names = {issuance.id: issuance.choices.readable_names for issuance in await visit.workflow.saved()}
    assert kept_names == {"1": ["shop.example"], "2": ["www.shop.example"]}


async def test_own_request_is_not_asked_for_again_with_other_names() -> None:
    visit = Visit()
    gone = "https://gone.example/dir"
    wanted = replace(choices("a.example", key="ec-p384"), csr="AAAA", ca="gone", directory=gone, account=gone)
    await kept(visit, record("a.example", state="failed").moved("failed", 1.0, choices=wanted))
    await visit.saved.change_names("1")
    assert (visit.page.fields.csr, visit.page.fields.key_type) == ("", "ec-p256")
    assert (visit.page.fields.ca, visit.page.fields.directory_url) == ("custom", gone)


async def test_names_of_an_order_that_is_gone_are_not_changed() -> None:
    visit = Visit()
    await visit.open()
    await visit.saved.change_names("9")
    assert visit.page.fields == GOOD
    assert visit.page.said[-1] == "This order was deleted in another tab."
