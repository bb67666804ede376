"""The documents are true where a test can tell: their links, the tests and files that they name, the hooks, the version."""

import ast
import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from app import VERSION
from tools.release_notes import notes_of

ROOT = Path(__file__).parents[3]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("tests/*.md"), *ROOT.glob("tests/cases/*.md")])
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def rows(path: Path, heading: str) -> list[list[str]]:
    """The cells of each table row of `path` in which the table's head has `heading` as its first cell."""
    found: list[list[str]] = []
    inside = False
    for line in path.read_text("utf-8").splitlines():
        if not line.startswith("|"):
            inside = False
            continue
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if cells[0] == heading:
            inside = True
        elif inside and not line.startswith("|--"):
            found.append(cells)
    return found


FEATURES = rows(ROOT / "docs" / "features.md", "feature")
PAINS = rows(ROOT / "docs" / "pains.md", "what people trip over")
QUESTIONS = rows(ROOT / "CONTRIBUTING.md", "question")
HOOKS = rows(ROOT / "docs" / "hooks.md", "`data-testid`")


def functions_of(path: Path) -> set[str]:
    tree = ast.parse(path.read_text("utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


@pytest.mark.parametrize("row", FEATURES, ids=lambda row: row[0][:60])
def test_row_of_the_features_leads_to_tests_that_are_there(row: list[str]) -> None:
    check_proof(row[1])


@pytest.mark.parametrize("row", PAINS, ids=lambda row: row[0][:60])
def test_each_pain_leads_to_tests_that_are_there(row: list[str]) -> None:
    _, _, proof = row
    check_proof(proof)
    assert re.findall(r"`test_[a-z0-9_]+`", proof)


def test_there_are_twenty_pains() -> None:
    assert [row[0].partition(".")[0] for row in PAINS] == [str(n) for n in range(1, 21)]


def check_proof(proof: str) -> None:
    """Every test that this cell names is in a file that it links."""
    linked = re.findall(r"\[([^\]]*)\]\(\.\./(tests/[^)]+\.py)\)", proof)
    assert linked
    there = set().union(*(functions_of(ROOT / path) for _, path in linked))
    assert set(re.findall(r"`(test_[a-z0-9_]+)`", proof)) <= there
    for label, path in linked:
        assert {Path(path).name, path} & set(re.findall(r"`([^`]+\.py)`", label)) or ".py`" not in label


def test_there_are_rows() -> None:
    assert len(FEATURES) > 20


def defined_in(path: Path) -> set[str]:
    """The names that a module defines, and those of its classes' methods as `Class.method`."""
    names: set[str] = set()
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            names.add(node.name)
        if isinstance(node, ast.ClassDef):
            methods = (part for part in node.body if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef))
            names |= {f"{node.name}.{method.name}" for method in methods}
        if isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names |= {target.id for target in targets if isinstance(target, ast.Name)}
    return names


@pytest.mark.parametrize("row", QUESTIONS, ids=lambda row: row[0])
def test_question_leads_to_a_file_that_has_the_name(row: list[str]) -> None:
    path, name = (cell.strip("`") for cell in row[1:])
    assert name in defined_in(ROOT / path)


def test_there_are_twenty_questions() -> None:
    assert len(QUESTIONS) == 20


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_within_the_repository_lead_somewhere(document: Path) -> None:
    text = document.read_text("utf-8")
    links = re.findall(r"\]\(([^)\s]+)\)|(?:src|srcset)=\"([^\"]+)\"", text)
    for link in (one or other for one, other in links):
        if "://" in link or link.startswith("mailto:"):
            continue
        path, _, anchor = unquote(link).partition("#")
        target = document.parent / path if path else document
        assert target.exists(), link
        assert not anchor or anchor in anchors_of(target), link


def anchors_of(path: Path) -> set[str]:
    """The anchors that GitHub gives to the headings of a document."""
    headings = re.findall(r"^#+ (.+)$", path.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_that_a_document_names_are_there(document: Path) -> None:
    named = re.findall(r"`((?:app|docs|static|tests|tools|\.github|\.ci)/[\w./-]*)`", document.read_text("utf-8"))
    assert [path for path in named if not (ROOT / path).exists()] == []


def hooks_of(text: str) -> set[str]:
    return set(re.findall(r'data-testid="([a-z0-9-]+)"', text))


def test_every_hook_of_the_page_is_documented_and_every_documented_hook_is_there() -> None:
    documented = {hook for row in HOOKS for hook in re.findall(r"`([a-z0-9-]+)`", row[0])}
    inside = {hook for row in HOOKS for hook in re.findall(r"`([a-z0-9-]+)`", row[1])}  # "in it `record-name`"
    assert hooks_of((ROOT / "index.html").read_text("utf-8")) <= documented | inside
    sources = [ROOT / "index.html", *ROOT.glob("static/**/*.html"), *ROOT.glob("app/**/*.py")]
    page = "\n".join(path.read_text("utf-8") for path in sources)
    assert [hook for hook in sorted(documented) if f'"{hook}"' not in page] == []


def test_the_change_log_knows_this_version() -> None:
    assert notes_of(VERSION, (ROOT / "CHANGELOG.md").read_text("utf-8"))


def test_a_version_that_the_change_log_does_not_know_is_refused() -> None:
    with pytest.raises(ValueError, match=r"9\.9\.9"):
        notes_of("9.9.9", (ROOT / "CHANGELOG.md").read_text("utf-8"))


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_every_action_is_pinned_by_commit_and_says_its_release(workflow: Path) -> None:
    used = re.findall(r"uses: (.+)", workflow.read_text("utf-8"))
    assert used
    for action in used:
        assert action.startswith("./") or re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action), action
