"""How many requests a whole order costs the CA, counted as they leave the page."""

from collections.abc import Callable

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
    host = practice.directory_url.removeprefix("https://").partition("/")[0]
    sent = [f"{request.method} {request.url}" for request in watch.traffic if f"/relay/{host}/" in request.url]
    assert 2 * n < len(sent) <= 2 * n + 8 + min(n, 8), "\n".join(sent)
