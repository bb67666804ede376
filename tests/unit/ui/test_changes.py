"""What has changed in a list."""

from hypothesis import given
from hypothesis import strategies as st

from app.ui.changes import change_between

LISTS = st.lists(st.sampled_from("ab"), max_size=8)


@given(LISTS, LISTS)
def test_the_change_makes_the_new_list_of_the_old_one(before: list[str], after: list[str]) -> None:
    change = change_between(before, after)
    added = after[change.start : change.start + change.added]
    assert before[: change.start] + added + before[change.start + change.removed :] == after


def test_a_letter_typed_in_one_of_many_names_changes_one() -> None:
    before = [f"n{n}.example" for n in range(100)]
    after = [*before[:40], "n40.example.org", *before[41:]]
    change = change_between(before, after)
    assert (change.start, change.removed, change.added) == (40, 1, 1)


def test_a_name_put_in_between_moves_the_others() -> None:
    change = change_between("abc", "abxc")
    assert (change.start, change.removed, change.added) == (2, 0, 1)


def test_nothing_changes_where_nothing_did() -> None:
    change = change_between("aa", "aa")
    assert (change.removed, change.added) == (0, 0)
