"""The tour through the requests of the last order."""

from app.text.request_log import NO_TOUR
from app.text.request_log_kinds import KINDS, RequestKind
from tests.unit.scripted_ca import ScriptedCA
from tests.unit.ui.panels.test_request_log import Visit, issued
from tests.unit.walk import begun, prove, run


async def test_the_tour_tells_the_order_in_the_order_of_the_rfc() -> None:
    visit = await issued()
    visit.presenter.begin_tour()
    titles, abouts = list[str](), list[str]()
    while visit.panel.tour and (not titles or not visit.panel.tour.last):
        if titles:
            visit.presenter.step(1)
        assert visit.panel.tour.detail.words.title == visit.panel.tour.title
        titles.append(visit.panel.tour.title)
        abouts.append(visit.panel.tour.about)
    sorts: tuple[RequestKind, ...] = (
        "directory",
        "newNonce",
        "newAccount",
        "newOrder",
        "authorization",
        "challenge",
        "order",
        "finalize",
        "certificate",
    )
    assert titles == [KINDS[sort].title for sort in sorts]
    assert visit.panel.tour
    assert visit.panel.tour.position == "Step 9 of 9"
    assert abouts[1] == "Request 3."  # the second of the two that are asked for at once
    assert abouts[4].startswith("2 requests (")
    for _ in range(20):
        visit.presenter.step(-1)
    assert visit.panel.tour.first
    visit.presenter.end_tour()
    assert visit.panel.tour is None


async def test_the_tour_goes_as_far_as_the_order_has_come_and_is_about_the_last_one() -> None:
    visit = Visit(ScriptedCA("shop.example"))
    visit.presenter.begin_tour()
    assert (visit.panel.tour, visit.panel.said) == (None, NO_TOUR)
    await prove(visit.workflow, "shop.example")
    visit.presenter.begin_tour()
    visit.presenter.step(99)
    assert visit.panel.said == ""
    assert visit.panel.tour
    assert visit.panel.tour.title == KINDS["authorization"].title
    await run(visit.workflow, begun(visit.workflow, "shop.example"))
    visit.presenter.step(0)
    wanted = max(row.number for row in visit.panel.rows if row.kind == "authorization") if visit.rows() else 0
    assert visit.panel.tour.about == f"Request {wanted}."
    visit.presenter.step(-1)
    assert visit.panel.tour.about == f"Request {max(row.number for row in visit.panel.rows if row.kind == 'newOrder')}."
