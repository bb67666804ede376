"""What was worked out last is not worked out again."""

from app.ui.last_call import keeps_last


def test_equal_arguments_give_the_last_result_and_others_a_new_one() -> None:
    calls: list[tuple[list[int], bool]] = []

    @keeps_last
    def work(numbers: list[int], *, twice: bool = False) -> list[int]:
        calls.append((numbers, twice))
        return numbers * (1 + twice)

    first = work([1, 2])
    assert work([1, 2]) is first
    assert work([1, 2], twice=True) == [1, 2, 1, 2]
    assert work([1, 2]) == first
    assert calls == [([1, 2], False), ([1, 2], True), ([1, 2], False)]
