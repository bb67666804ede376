"""What another website can have this browser send to the server of `make run`, past all that Chromium itself forbids."""

import html

import pytest
from playwright.sync_api import Page

from tests.browser.watch import Watch
from tools.practice import PracticeCA

EVIL = "https://evil.example/"
FORM = """\
<form method="post" enctype="text/plain" action="{target}">
  <input name="{start}" value="{end}"> <button>Win a prize</button>
</form>
"""
RECORD = ('{"host": "_acme-challenge.shop.example.", "value": "', '"}')  # a form of plain text puts = between
LINK = '<a href="{target}">Win a prize</a>'


@pytest.mark.parametrize(("path", "lure"), [("practice/set-txt", FORM), ("practice/root.pem", LINK), ("relay/{ca}/dir", LINK)])
def test_a_form_or_link_of_another_website_is_refused(
    page: Page, watch: Watch, page_url: str, practice: PracticeCA, path: str, lure: str
) -> None:
    watch.allow("evil.example")
    watch.expect("status of 403")
    target = page_url + path.format(ca=f"localhost:{practice.ports.acme}")
    start, end = map(html.escape, RECORD)
    shown = lure.format(target=target, start=start, end=end)
    page.route(EVIL, lambda route: route.fulfill(body=f"<!doctype html>{shown}", content_type="text/html"))
    page.goto(EVIL)
    with page.expect_response(target) as answer:
        page.get_by_text("Win a prize").click()
    assert answer.value.status == 403
    page.unroute(EVIL)


def test_a_person_may_open_what_the_relay_answers(page: Page, page_url: str, practice: PracticeCA) -> None:
    answer = page.goto(f"{page_url}relay/localhost:{practice.ports.acme}/dir")
    assert answer
    assert "newNonce" in answer.json()
