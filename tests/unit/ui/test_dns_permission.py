"""The question whether the page may look into DNS: in the form, above the records, over visits and in several tabs."""

from dataclasses import replace
from typing import Final

from app.dns.permission import RECORD_NAME
from app.dns.resolvers import Resolver
from app.ui.panels.keys import KeysPresenter
from tests.unit.fake_page import FakePanel
from tests.unit.test_two_tabs import settled
from tests.unit.visit import GOOD, Visit

RESOLVER: Final = Resolver("one", "One", "https://one.example/dns-query", "One (USA)")
YES: Final = replace(GOOD, dns_allow=True)
FOR_GOOD: Final = replace(GOOD, dns_allow=True, dns_allow_keep=True)


class KeysPanel(FakePanel):
    """`app.ui.panels.keys.KeysView` that shows nothing."""

    def show(self, entries: object) -> None:
        """See `app.ui.panels.keys.KeysView.show`."""


async def visited(fields: object = GOOD, **options: object) -> Visit:
    """An open page of a site that may ask a resolver."""
    visit = Visit(fields=fields, resolvers=(RESOLVER,), **options)  # type: ignore[arg-type]
    await visit.open()
    return visit


async def test_without_a_tick_nothing_is_allowed_and_step_2_asks_once_more() -> None:
    visit = await visited()
    await visit.session.start()
    assert not visit.permission.given
    assert visit.page.view.ask_dns == "It asks the resolvers of One (USA). They learn the names and your internet address."
    await visit.session.allow_dns()
    assert (visit.permission.given, visit.permission.kept) == (True, False)
    assert visit.page.view.ask_dns == ""
    assert visit.page.form().dns_allow
    assert await visit.ports.store.get(RECORD_NAME) is None


async def test_a_tick_counts_from_start_for_this_visit_only() -> None:
    visit = await visited(YES)
    await visit.session.choose_dns()
    assert not visit.permission.given
    await visit.session.start()
    assert visit.permission.given
    assert visit.page.view.ask_dns == ""
    visit.page.fields = GOOD  # a new visit: the tick was in the tab
    await visit.reload()
    assert not visit.page.form().dns_allow
    await visit.resume()
    assert not visit.permission.given


async def test_a_tick_that_outlived_a_reload_counts_for_the_order_that_is_opened() -> None:
    visit = await visited(YES)
    await visit.session.start()
    await visit.reload()
    assert not visit.permission.given
    await visit.resume()
    assert visit.permission.given


async def test_for_good_it_is_ticked_in_the_next_visit_and_forgotten_as_soon_as_the_tick_is_taken_away() -> None:
    visit = await visited(FOR_GOOD)
    await visit.session.start()
    visit.page.fields = GOOD
    await visit.reload()
    assert (visit.page.form().dns_allow, visit.page.form().dns_allow_keep) == (True, True)
    assert visit.permission.given
    visit.page.fields = YES
    await visit.session.choose_dns()
    assert (visit.permission.given, visit.permission.kept) == (True, False)
    visit.page.fields = GOOD
    await visit.session.choose_dns()
    assert not visit.permission.given
    assert await visit.ports.store.get(RECORD_NAME) is None


async def test_it_is_no_order_and_goes_with_everything_else() -> None:
    visit = await visited(FOR_GOOD)
    await visit.session.start()
    await visit.session.back()
    await visit.saved.refresh()
    assert len(visit.entries()) == 1
    panel = KeysPanel()
    keys = KeysPresenter(visit.workflow, panel, panel, visit.session, persistent=True)
    await keys.destroy_all()
    assert await visit.ports.store.keys() == []
    assert not visit.permission.given
    assert not visit.page.form().dns_allow


async def test_another_tab_hears_that_it_was_kept_and_that_it_was_withdrawn() -> None:
    one = await visited(FOR_GOOD)
    other = await visited(beside=one)
    await one.session.start()
    await settled()
    assert other.permission.given
    assert other.page.form().dns_allow
    one.page.fields = GOOD
    await one.session.choose_dns()
    await settled()
    assert not other.permission.given
    assert not other.page.form().dns_allow


async def test_a_site_without_resolvers_asks_nothing() -> None:
    visit = Visit(fields=YES)
    await visit.open()
    await visit.session.start()
    assert visit.page.view.ask_dns == ""
    assert not visit.permission.given


async def test_resolvers_that_cannot_see_the_dns_of_the_ca_are_not_asked_for() -> None:
    visit = Visit(resolvers=(replace(RESOLVER, practice=True),))
    await visit.open()
    await visit.session.start()
    assert visit.page.view.ask_dns == ""
