"""The page's title: what a person does there, or what came of it, for the list of tabs and for screen readers."""

import pytest

from app.dns.choices import ProviderChoices
from app.issuance.issuance import State
from app.ui.page import order_page, page_title
from tests.unit.records import CA, record
from tests.unit.visit import Visit


@pytest.mark.parametrize(
    ("state", "title"),
    [
        ("asked", "Get a certificate"),
        ("ordered", "Get a certificate"),
        ("proving", "Nothing is to be published"),
        ("failed", "Not issued: the CA has closed this order"),
    ],
)
def test_title_says_where_one_is(state: State, title: str) -> None:
    page = order_page(record("a.example", "b.example", state=state), CA, ProviderChoices(), busy=False, is_follower=False)
    assert page.title.startswith(title)
    assert not page.progress or page.progress.title == page.title


def test_title_of_a_revoked_certificate_says_so() -> None:
    assert page_title(record("a.example", state="issued"), None, revoked=True) == "Revoked certificate for a.example"


def test_title_stays_short_with_many_names() -> None:
    issuance = record(*(f"n{number}.example" for number in range(100)), state="issued")
    assert page_title(issuance, None, revoked=False) == "Certificate for n0.example and 99 more"


async def test_title_follows_the_steps() -> None:
    visit = Visit()
    await visit.session.start()
    await visit.session.verify()
    await visit.session.back()
    titles = list(dict.fromkeys(view.title for view in visit.page.views))
    assert titles == [
        "Get a certificate",
        "Add one DNS record",
        "Test CA is looking",
        "Everything is proven",
        "The certificate is made",
        "Certificate for shop.example",
    ]
    assert visit.page.view.title == "Get a certificate"
