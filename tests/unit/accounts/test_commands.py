"""Ways of real servers with accounts, their orders and their keys; each as a script."""

from dataclasses import replace
from typing import Any

import pytest

from app.errors import NetworkError
from app.pki.jwk import to_jwk
from app.ports import Response
from tests.unit.accounts.test_account_store import URLS
from tests.unit.keys import native_key
from tests.unit.pki.test_jwk import FORM
from tests.unit.records import CA, DIRECTORY
from tests.unit.script import Scripted, answer, html, refusal
from tests.unit.scripted_ca import ACCOUNT, BASE, NEW_ACCOUNT, ORDER, READ_ORDER, NoonClock
from tests.unit.ui.panels.test_accounts import Panel, presenter_of, with_account
from tests.unit.visit import Visit

READ_ACCOUNT = f"POST {ACCOUNT}"
ORDERS = f"{BASE}/orders/1"
CHANGE = f"POST {BASE}/key-change"
SECOND = f"{BASE}/account/2"
UNKNOWN = refusal("accountDoesNotExist", status=400)

# ---- an account's state ----


async def asked(*pages: Scripted, orders: object = ORDERS, read: Scripted | None = None) -> Panel:
    """The panel after the CA was asked for the account, whose list of orders is at `orders` and answers `pages`."""
    visit, presenter, panel = await with_account()
    visit.ca.script[READ_ACCOUNT] = [answer({"status": "valid", "contact": ["mailto:me@shop.example"], "orders": orders})]
    visit.ca.script[f"POST {ORDERS}"] = list(pages)
    if read:
        visit.ca.script[READ_ORDER] = [read]
    await presenter.ask()
    return panel


def assert_the_rest_is_shown(panel: Panel) -> None:
    assert panel.message is None
    assert {"State: in use", "Key: EC P-256", "Contact: me@shop.example"} <= set(panel.view.lines)


@pytest.mark.parametrize(
    ("page", "why"),
    [
        pytest.param(Response(404, {}, b""), "has nothing at that address", id="OpenBao: 404 without a problem"),
        pytest.param(refusal("serverInternal", status=500), "had an internal error", id="step-ca: 500"),
        pytest.param(html(500), "is not available now", id="a proxy's 500"),
        pytest.param(answer("no orders"), "cannot read", id="a text"),
        pytest.param(answer({}), "cannot read", id="no list in it"),
        pytest.param(html(200), "cannot read", id="HTML"),
        pytest.param(refusal("unauthorized", status=403), "refused", id="refused"),
        pytest.param(NetworkError(ORDERS), "cannot be reached", id="no answer"),
    ],
)
async def test_list_of_orders_that_cannot_be_read_does_not_hide_the_account(page: Scripted, why: str) -> None:
    panel = await asked(page)
    assert_the_rest_is_shown(panel)
    (line,) = (line for line in panel.view.lines if line.startswith("Orders:"))
    assert "list cannot be read" in line
    assert why in line


async def test_list_of_orders_that_is_no_address_does_not_hide_the_account() -> None:
    """The server serles writes a sentence there."""
    panel = await asked(orders="not implemented")
    assert_the_rest_is_shown(panel)
    assert any("list cannot be read" in line for line in panel.view.lines)


@pytest.mark.parametrize("orders", [5, [], {}, None, "", True])
async def test_list_of_orders_of_an_odd_type_is_none(orders: object) -> None:
    panel = await asked(orders=orders)
    assert_the_rest_is_shown(panel)
    assert "Orders: this CA lists none" in panel.view.lines


async def test_list_that_would_break_the_account_is_not_asked_for() -> None:
    """step-ca 0.30.2: read while no order is open, it ends in a 500 for each newOrder from then on."""
    directory = f"{BASE}/directory"
    visit = Visit(authorities=(replace(CA, directory=directory),))
    visit.ca.script[f"GET {directory}"] = visit.ca.script[f"GET {DIRECTORY}"]
    visit.ca.script[READ_ACCOUNT] = [answer({"status": "valid", "orders": f"{ACCOUNT}/orders"})]
    visit.ca.script[f"POST {ACCOUNT}/orders"] = [answer([ORDER])]
    await visit.session.start()
    presenter, panel = presenter_of(visit)
    await presenter.open()
    await presenter.ask()
    assert "Orders: 1" in panel.view.lines
    await visit.session.verify()
    assert visit.page.view.step == "certificate"
    asked = len(visit.ca.sent(f"POST {ACCOUNT}/orders"))
    await presenter.ask()
    assert any(line.startswith("Orders: not requested") for line in panel.view.lines)
    assert "State: in use" in panel.view.lines
    assert len(visit.ca.sent(f"POST {ACCOUNT}/orders")) == asked


@pytest.mark.parametrize("page", [answer([ORDER, 5, None]), answer({"orders": [ORDER, {}]})])
async def test_bare_list_of_orders_is_read_and_what_is_no_address_left_out(page: Scripted) -> None:
    """step-ca writes the bare array."""
    panel = await asked(page)
    assert_the_rest_is_shown(panel)
    assert panel.view.lines[-2:] == ("Orders: 1", "Order for shop.example: ready")


async def test_page_of_the_list_that_cannot_be_read_does_not_hide_the_first() -> None:
    """step-ca: a bare array, then a 500."""
    first = answer([ORDER], link=f'<{ORDERS}>; rel="index", <{BASE}/orders/2>;rel="next"')
    visit, presenter, panel = await with_account()
    visit.ca.script[READ_ACCOUNT] = [answer({"status": "valid", "orders": ORDERS})]
    visit.ca.script[f"POST {ORDERS}"] = [first]
    visit.ca.script[f"POST {BASE}/orders/2"] = [refusal("serverInternal", status=500)]
    await presenter.ask()
    assert "Orders: 1, and the rest of the list cannot be read: The CA had an internal error" in panel.view.lines
    assert "Order for shop.example: ready" in panel.view.lines


@pytest.mark.parametrize(
    "odd", [f"{BASE}/order/gone", "https://evil.example/order/1", "no address", f"{BASE}/order/html", f"{BASE}/order/odd"]
)
async def test_order_that_cannot_be_read_does_not_hide_the_others(odd: str) -> None:
    visit, presenter, panel = await with_account()
    visit.ca.script[READ_ACCOUNT] = [answer({"status": "valid", "orders": ORDERS})]
    visit.ca.script[f"POST {ORDERS}"] = [answer({"orders": [odd, ORDER]})]
    visit.ca.script[f"POST {BASE}/order/gone"] = [refusal("malformed", status=404)]
    visit.ca.script[f"POST {BASE}/order/html"] = [html(200)]
    visit.ca.script[f"POST {BASE}/order/odd"] = [answer({"status": "perhaps"})]
    await presenter.ask()
    assert panel.view.lines[-3:] == ("Orders: 2", "Order for shop.example: ready", "1 more cannot be read")


@pytest.mark.parametrize(
    "member", ["contact", "orders", "termsOfService", "termsOfServiceAgreed", "externalAccountBinding", "key"]
)
@pytest.mark.parametrize("odd", [5, "x", "", [], [5], {}, {"a": 1}, True, None])
async def test_odd_member_of_an_account_does_not_hide_its_state(member: str, odd: object) -> None:
    visit, presenter, panel = await with_account()
    visit.ca.script[READ_ACCOUNT] = [answer({"status": "deactivated", member: odd})]
    await presenter.ask()
    assert panel.message is None
    assert "State: closed by its owner" in panel.view.lines


async def test_state_of_an_account_is_needed() -> None:
    visit, presenter, panel = await with_account()
    visit.ca.script[READ_ACCOUNT] = [answer({"contact": []})]
    await presenter.ask()
    assert panel.message
    assert "cannot read" in panel.message.title


# ---- contact ----


@pytest.mark.parametrize(
    ("kept", "typed", "said"),
    [
        (["mailto:me@shop.example"], "me@shop.example", "The CA has the new contact."),
        (["mailto:Me@Shop.example"], "me@shop.example", "The CA has the new contact."),
        ([], "", "The CA has no contact address any more."),
        (None, "me@shop.example", "it stores none"),
        ("none", "me@shop.example", "shows other addresses: none"),
        (["mailto:old@shop.example"], "me@shop.example", "shows other addresses: old@shop.example"),
        (["mailto:old@shop.example"], "", "shows other addresses: old@shop.example"),
    ],
)
async def test_contact_is_told_by_what_comes_back(kept: object, typed: str, said: str) -> None:
    """Boulder and OpenBao keep no contact address, and say yes all the same."""
    visit, presenter, panel = await with_account()
    visit.ca.script[READ_ACCOUNT] = [answer({"status": "valid"}), answer({"status": "valid", "contact": kept})]
    panel.fields = replace(panel.fields, contact=typed)
    await presenter.change_contact()
    assert said in panel.said


# ---- a new key ----


async def rolling(*answers: Scripted, **members: Any) -> tuple[Visit, Any, Panel]:
    visit, presenter, panel = await with_account()
    visit.ca.script[f"GET {DIRECTORY}"] = [answer({**URLS, "keyChange": f"{BASE}/key-change", **members})]
    visit.ca.script[CHANGE] = list(answers)
    visit.ca.script[NEW_ACCOUNT] = [answer({"status": "valid"}, location=ACCOUNT)]
    visit.ca.script[READ_ACCOUNT] = [answer({"status": "valid"})]
    return visit, presenter, panel


@pytest.mark.parametrize(
    "refused",
    [
        pytest.param(refusal("rejectedIdentifier", status=501), id="step-ca"),
        pytest.param(answer({"errors": []}, status=404), id="OpenBao"),
        pytest.param(html(404), id="a page"),
        pytest.param(html(501), id="a page that says so"),
        pytest.param(refusal("malformed", status=405), id="no such method"),
    ],
)
async def test_key_change_that_is_listed_but_not_there_is_told_and_the_old_key_stays(refused: Scripted) -> None:
    visit, presenter, panel = await rolling(refused)
    kept = await visit.ports.keys.names()
    (before,) = await visit.workflow.accounts.all()
    await presenter.roll_over()
    assert panel.message
    assert panel.message.title == "Test CA does not let an account change its key"
    assert "order accordingly" not in panel.message.text
    assert await visit.ports.keys.names() == kept
    assert await visit.workflow.accounts.all() == [before]
    await presenter.ask()
    assert panel.said == "This is what the CA says."


@pytest.mark.parametrize("odd", [None, "", 5, {}])
async def test_key_change_that_is_not_listed_is_told_so(odd: object) -> None:
    _, presenter, panel = await rolling(answer(), keyChange=odd)
    await presenter.roll_over()
    assert panel.message
    assert panel.message.title == "Test CA does not let an account change its key"


@pytest.mark.parametrize("kind", ["malformed", "unauthorized"])
@pytest.mark.parametrize("times", [1, 3])
async def test_new_key_that_the_ca_does_not_know_at_once_is_used_again_after_a_pause(kind: str, times: int) -> None:
    """Boulder's cache of accounts checks by the old key for up to five seconds."""
    visit, presenter, panel = await rolling(answer())
    stale = refusal(kind, members={"detail": "JWS verification error"})
    visit.ca.script[READ_ACCOUNT] = [*[stale] * times, answer({"status": "valid"})]
    visit.ca.script[f"POST {visit.ca.authorization_url(0)}"][:0] = [stale] * times
    await presenter.roll_over()
    assert panel.message is None
    assert visit.page.error is None
    assert visit.page.view.step == "prove"
    await presenter.ask()
    assert panel.said == "This is what the CA says."
    assert isinstance(visit.ports.clock, NoonClock)
    assert sum(visit.ports.clock.slept) <= 20


async def test_new_key_that_the_ca_never_knows_is_told_after_a_while() -> None:
    visit, presenter, panel = await rolling(answer())
    visit.ca.script[READ_ACCOUNT] = [refusal("malformed", members={"detail": "JWS verification error"})]
    await presenter.roll_over()
    before = len(visit.ca.requests)
    await presenter.ask()
    assert panel.message
    assert len(visit.ca.requests) - before < 10


async def test_refusal_without_a_key_change_is_told_at_once() -> None:
    visit, presenter, panel = await with_account()
    visit.ca.script[READ_ACCOUNT] = [refusal("malformed")]
    await presenter.ask()
    assert panel.message
    assert len(visit.ca.sent(READ_ACCOUNT)) == 1


# ---- closing ----


async def test_account_that_stays_open_is_not_said_to_be_closed() -> None:
    visit, presenter, panel = await with_account()
    visit.ca.script[READ_ACCOUNT] = [answer({"status": "valid"})]
    await presenter.close()
    assert panel.message
    assert "still open" in panel.message.detail
    assert len(await visit.workflow.accounts.all()) == 1


# ---- bringing an account in ----


async def importing(*answers: Scripted) -> tuple[Visit, Panel]:
    visit, presenter, panel = await with_account()
    visit.ca.script[NEW_ACCOUNT] = list(answers)
    panel.fields = replace(panel.fields, import_key=to_jwk(native_key(n=1).private.private_bytes(*FORM)))
    await presenter.import_account()
    return visit, panel


@pytest.mark.parametrize("status", ["deactivated", "revoked"])
async def test_closed_account_that_is_given_out_is_not_brought_in(status: str) -> None:
    """Servers such as serles and OpenBao give it out, though RFC 8555 §7.3.6 wants a refusal."""
    visit, panel = await importing(answer({"status": status}, location=SECOND))
    assert panel.message
    assert panel.message.title == "The account at Test CA is closed"
    assert len(await visit.workflow.accounts.all()) == 1
    assert len(await visit.ports.keys.names()) == 1


@pytest.mark.parametrize(
    ("kind", "title"),
    [
        ("externalAccountRequired", "does not find this account without credentials"),
        ("accountDoesNotExist", "has no account with this key"),
        ("malformed", "refused"),
        ("rateLimited", "too many requests"),
    ],
)
async def test_refused_import_is_told_in_words_of_an_import(kind: str, title: str) -> None:
    _, panel = await importing(refusal(kind, status=403))
    assert panel.message
    assert title in panel.message.title
    assert "No account was imported" in panel.message.text
    assert "order accordingly" not in panel.message.text


async def test_new_key_is_found_out_at_a_ca_that_looks_no_account_up_without_credentials() -> None:
    visit, presenter, panel = await rolling(answer())
    visit.ca.script[NEW_ACCOUNT] = [refusal("externalAccountRequired", status=403)]
    (before,) = await visit.workflow.accounts.all()
    await presenter.roll_over()
    assert panel.message is None
    (after,) = await visit.workflow.accounts.all()
    assert after.key != before.key
    assert after.next_key == ""


async def test_old_key_stays_where_the_account_itself_refuses_the_new_one() -> None:
    visit, presenter, panel = await rolling(answer())
    visit.ca.script[NEW_ACCOUNT] = [refusal("externalAccountRequired", status=403)]
    visit.ca.script[READ_ACCOUNT] = [refusal("unauthorized", status=401)]
    (before,) = await visit.workflow.accounts.all()
    await presenter.roll_over()
    assert panel.message
    assert await visit.workflow.accounts.all() == [before]


@pytest.mark.parametrize(
    "detail", ["external account binding required", "EAB key is unknown", "externalAccountBinding missing"]
)
async def test_import_that_wants_credentials_without_a_type_for_it_is_told_as_that(detail: str) -> None:
    _, panel = await importing(refusal("malformed", members={"detail": detail}))
    assert panel.message
    assert "without credentials" in panel.message.title
