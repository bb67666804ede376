"""Finds sentences for people outside app/text: `python -m tools.sentences`.

What a person reads is a message of the catalogue, and so belongs in app/text, in index.html or in static/data. This
looks for texts that read like a sentence in the other modules of app/ and in the scripts of static/. Docstrings, patterns and
the messages of programming errors do not count.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tools.paths import ROOT

MIN_WORDS: Final = 3
EXCEPTIONS: Final[dict[str, str]] = {
    "pasted for a revocation": "the name of a key in the key store",
    "not a name {}": "the name of a key in IndexedDB",
    "sudo systemctl reload caddy": "a command",
    "sudo certbot renew --cert-name {} --dry-run": "a command",
    '{} --install-cert -d {}{} {} --reloadcmd "systemctl reload nginx"': "a command",
    "\n\ttls {\n\t\tdns PROVIDER TOKEN\n\t}": "lines of a Caddyfile",
    '{}{} {{}\n\trespond "It works"\n}\n': "lines of a Caddyfile",
}
"""A text that reads like a sentence and is none for a person → why."""

_WORD: Final = re.compile(r"[(“\"‘]*[A-Za-z][A-Za-z’'-]*[)”\"’.,:;!?…]*")
_FOR_PROGRAMMERS: Final = frozenset(
    {"AssertionError", "KeyError", "LookupError", "NotImplementedError", "RuntimeError", "TypeError", "ValueError"}
)
_NO_TEXT: Final = frozenset({"re"})  # modules whose functions take patterns
_SCRIPT_TOKEN: Final = re.compile(
    r"//[^\n]*|/\*.*?\*/"  # comments
    r"|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`"  # texts
    r"|(?<=[(,=!&|?:])\s*/(?:[^/\\\n]|\\.)+/[a-z]*",  # patterns, which may hold quotes
    re.DOTALL,
)


def reads_like_a_sentence(text: str) -> bool:
    """Whether `text` has as many words in a row as a sentence; what stands for a value counts as none, and breaks no row.

    Capitals alone are a label, such as that of a PEM block.
    """
    words = 0
    if text == text.upper():
        return False
    for part in text.split():
        if _WORD.fullmatch(part):
            words += 1
        elif part != "{}":
            words = 0
        if words >= MIN_WORDS:
            return True
    return False


def sentences_in_python(source: str) -> Iterator[tuple[int, str]]:
    """The line and text of each sentence in a module."""
    tree = ast.parse(source)
    passed = {id(node) for node in _not_for_people(tree)}
    stack: list[ast.AST] = [tree]
    while stack:
        node = stack.pop()
        if id(node) in passed:
            continue
        if isinstance(node, ast.JoinedStr):
            text = "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
            stack += [part for part in node.values if isinstance(part, ast.FormattedValue)]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value
        else:
            stack += ast.iter_child_nodes(node)
            continue
        if reads_like_a_sentence(text):
            yield node.lineno, text


def _not_for_people(tree: ast.Module) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node  # a docstring
        elif isinstance(node, ast.Assert) and node.msg:
            yield node.msg
        elif (isinstance(node, ast.Call) and _name_of(node.func) in _FOR_PROGRAMMERS) or (
            isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and _name_of(node.func.value) in _NO_TEXT
        ):
            yield from node.args


def _name_of(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def sentences_in_script(source: str) -> Iterator[tuple[int, str]]:
    """The line and text of each sentence in a JavaScript file."""
    for token in _SCRIPT_TOKEN.finditer(source):
        if token[0][0] in "\"'`":
            text = re.sub(r"\$\{[^}]*\}", "{}", token[0][1:-1])
            if reads_like_a_sentence(text):
                yield source.count("\n", 0, token.start()) + 1, text


def misplaced_sentences(root: Path) -> list[str]:
    """One line for each sentence in the checkout at `root` that is in no catalogue: `file:line: text`."""
    found = []
    for path in (*sorted((root / "app").rglob("*.py")), *sorted((root / "static").glob("*.*js"))):
        name = path.relative_to(root).as_posix()
        if name.startswith("app/text/"):
            continue
        sentences = sentences_in_python if path.suffix == ".py" else sentences_in_script
        found += [f"{name}:{line}: {text}" for line, text in sorted(sentences(path.read_text())) if text not in EXCEPTIONS]
    return found


def main() -> int:
    """List misplaced sentences on the terminal; the exit code is 1 where there are some."""
    found = misplaced_sentences(ROOT)
    if found:
        print("\n".join(found))
        print(f"{len(found)} sentences are outside app/text. Move each of them there.", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
