"""What a person reads of a certificate that comes with names that nobody ordered, or at a wrong time."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Route, expect

from tests.browser.person import Person
from tests.unit.chains import intermediate, leaf
from tests.unit.requests import pem, request_for

DAY = timedelta(days=1)


@pytest.mark.nightly
def test_wrong_clock_is_told_on_top_and_added_names_above_the_files(person: Person, page_url: str, tmp_path: Path) -> None:
    """certbot#1060; DigiCert adds the apex or www. The certificates are ours, for the key of a request of our own."""
    now = datetime.now(UTC)
    answers = [
        leaf("shop.example", since=now + DAY, until=now + 90 * DAY),
        leaf("shop.example", "www.shop.example", since=now - DAY, until=now + 90 * DAY),
    ]

    def answer(route: Route) -> None:
        response = route.fetch()
        given = answers.pop(0) + intermediate() if response.ok else response.body()  # the practice CA refuses some nonces
        route.fulfill(response=response, body=given)

    person.open(page_url)
    person.fill_in("shop.example")
    person.page.locator("#more-options > summary").click()
    person.hook("csr").fill(pem(request_for("shop.example")))
    person.start()
    person.publish()
    person.page.route("**/certZ/**", answer)
    person.hook("verify").click()
    expect(person.hook("error").locator(".error-title")).to_have_text("The clock of this computer is behind", timeout=60_000)
    expect(person.hook("error")).to_contain_text(
        f"{now + DAY:%-d %B %Y, %H:%M:%S} UTC to {now + 90 * DAY:%-d %B %Y, %H:%M:%S} UTC"
    )
    person.verify()
    notice = person.hook("extra-names")
    expect(notice).to_contain_text("Not ordered, but also in the certificate: www.shop.example.")
    assert person.download("download-fullchain", tmp_path).read_text("ascii").count("BEGIN") == 2
    person.page.reload()
    person.wait_ready()
    person.open_saved()
    expect(notice).to_be_visible()
