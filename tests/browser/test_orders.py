"""What the form offers beyond names and keys: the CA's profiles."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.person import Person, assert_good
from tests.conftest import PracticeFactory
from tests.integration.test_orders import PROFILES
from tools.practice import PracticeCA


def test_a_profile_from_the_directory_is_issued(
    person: Person, practice_with: PracticeFactory, page_with: Callable[[PracticeCA], str], tmp_path: Path
) -> None:
    practice = practice_with(config={"profiles": PROFILES})
    person.open(page_with(practice))
    person.fill_in("profile.example")
    assert person.hook("profile").locator("option").count() == 1
    person.page.locator("#more-options > summary").click()
    expect(person.hook("profile").locator("option")).to_have_text(
        ["The CA’s own choice", "long: ninety days", "short: six days"]
    )
    person.hook("profile").select_option("short")
    person.start()
    person.publish()
    person.verify()
    files = person.take_files(tmp_path)
    assert_good(files, {"profile.example"}, practice.root_pem())
    leaf = files.chain[0]
    assert (leaf.not_valid_after_utc - leaf.not_valid_before_utc).days in (5, 6)
