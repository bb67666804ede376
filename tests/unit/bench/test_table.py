"""The table of `make bench`: medians, ratios of pairs, and what was not run."""

from tests.bench.table import PEER, Row, Samples, medians, ratio, ratios, ratios_to_peer, table


def samples() -> Samples:
    """Three pairs, the second of which was measured while the machine had other work."""
    taken = Samples()
    for peer, page in ((100, 50), (1000, 480), (90, 54)):
        taken.add("start", PEER, peer)
        taken.add("start", "this", page)
    return taken


def test_the_cell_of_a_figure_is_its_median() -> None:
    assert medians(samples(), "start", "start", [PEER, "this"], "ms").cells == {PEER: "100 ms", "this": "54 ms"}


def test_a_ratio_is_the_median_of_the_pairs_and_not_the_ratio_of_the_medians() -> None:
    assert ratios_to_peer(samples(), "÷ peer", "start", [PEER, "this"]).cells == {"this": "0.50"}


def test_two_figures_of_one_column_are_compared() -> None:
    taken = samples()
    for value in (60, 480, 108):
        taken.add("relay", "this", value)
    assert ratios(taken, "÷ direct", "relay", "start", ["this"]).cells == {"this": "1.20"}


def test_what_was_not_measured_is_not_run() -> None:
    assert medians(Samples(), "certbot", "certbot", ["this"], "ms").cells == {"this": "not run"}
    assert ratio([1.0], []) == "not run"


def test_a_half_done_pair_does_not_count() -> None:
    assert ratio([1.0, 9.0], [2.0]) == "0.50"


def test_three_digits_count() -> None:
    taken = Samples()
    for column, value in (("a", 1234.5), ("b", 12.345), ("c", 1.2345), ("d", 13.0)):
        taken.add("x", column, value)
    assert list(medians(taken, "x", "x", "abcd", "").cells.values()) == ["1234", "12.3", "1.23", "13"]


def test_a_table_is_markdown_with_a_cell_for_each_column() -> None:
    rows = [Row("start", {PEER: "100 ms", "this": "54 ms"}), Row("÷ peer", {"this": "0.54"}, "≤ 0.50")]
    assert table(rows, [PEER, "this"]).splitlines() == [
        "| figure | peer   | this  | goal   |",
        "| ------ | ------ | ----- | ------ |",
        "| start  | 100 ms | 54 ms |        |",
        "| ÷ peer |        | 0.54  | ≤ 0.50 |",
    ]
