"""How many requests a whole order costs the CA, counted as they leave the page, and how often it uses the database."""

from collections import Counter
from collections.abc import Callable
from typing import Final

import pytest

from tests.browser.person import Person
from tests.browser.watch import Watch
from tests.conftest import PracticeFactory
from tools.practice import PracticeCA


@pytest.mark.timeout(300)  # a hundred names take their time on a busy machine
@pytest.mark.parametrize("n", [2, *(pytest.param(n, marks=pytest.mark.nightly) for n in (1, 20, 100))])
def test_requests_to_the_ca_stay_few(
    person: Person, watch: Watch, practice_with: PracticeFactory, page_with: Callable[[PracticeCA], str], n: int
) -> None:
    """Two a name (authorization, answer) and a fixed handful, from an empty browser to the certificate; polls included."""
    practice = practice_with(env={"PEBBLE_WFE_NONCEREJECT": "0", "PEBBLE_AUTHZREUSE": "0"})
    person.open(page_with(practice))
    person.fill_in(*(f"n{i}.page{n}.example" for i in range(n)))
    person.start()
    person.publish()
    person.verify()
    sent = sent_to(practice, watch)
    assert 2 * n < len(set(sent)) <= len(sent) - repeated(sent) <= 2 * n + 8 + min(n, 8), "\n".join(sent)


def sent_to(practice: PracticeCA, watch: Watch) -> list[str]:
    """The method and address of each request to this CA."""
    host = practice.directory_url.removeprefix("https://").partition("/")[0]
    return [f"{request.method} {request.url}" for request in watch.traffic if f"/relay/{host}/" in request.url]


def repeated(sent: list[str]) -> int:
    """How many of the requests are further polls of an order: for the proofs, and for the certificate, one is the first."""
    polls = Counter(request for request in sent if "/my-order/" in request)
    return sum(max(0, count - 2) for count in polls.values())


COUNT_TRANSACTIONS: Final = """
    const transaction = IDBDatabase.prototype.transaction;
    window.transactions = 0;
    IDBDatabase.prototype.transaction = function (...given) {
        window.transactions += 1;
        return transaction.apply(this, given);
    };
"""


@pytest.mark.fresh_profile
def test_an_order_of_20_names_uses_the_database_no_more_often_than_its_steps_need(
    person: Person, practice_with: PracticeFactory, page_with: Callable[[PracticeCA], str]
) -> None:
    """What answers bring within a fifth of a second is stored together: 17 and 10 transactions, or a few more if slow."""
    practice = practice_with(env={"PEBBLE_WFE_NONCEREJECT": "0", "PEBBLE_AUTHZREUSE": "0"})
    person.page.add_init_script(COUNT_TRANSACTIONS)
    person.open(page_with(practice))
    person.fill_in(*(f"n{i}.stored.example" for i in range(20)))
    before = person.page.evaluate("transactions")
    person.start()
    person.publish()
    published = person.page.evaluate("transactions")
    person.verify()
    issued = person.page.evaluate("transactions")
    assert published - before <= 22
    assert issued - published <= 14
