"""The README's table of features: each row leads to a test that is there."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
TABLE = (ROOT / "README.md").read_text("utf-8").partition("## Features")[2].partition("\n## ")[0]
ROWS = [line for line in TABLE.splitlines() if line.startswith("| ") and not line.startswith("| -")][1:]


def functions_of(path: Path) -> set[str]:
    tree = ast.parse(path.read_text("utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.split("|")[1].strip()[:60])
def test_row_of_the_features_leads_to_tests_that_are_there(row: str) -> None:
    linked = re.findall(r"\]\((tests/[^)]+\.py)\)", row)
    assert linked
    there = set().union(*(functions_of(ROOT / path) for path in linked))
    assert set(re.findall(r"`(test_[a-z0-9_]+)`", row)) <= there


def test_there_are_rows() -> None:
    assert len(ROWS) > 20
