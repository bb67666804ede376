"""Runs inside Pyodide, beside compile_archive.py: takes out of Python code what the page never reads.

Annotations cost most: Python 3.14 makes a function of each function's, class's and module's, which somebody could call to
get them. Nobody does here but `dataclasses`, which wants the names of a class's fields, and `typing.NamedTuple` and its like.
Next come docstrings, and columns in the tables from which tracebacks are made.

One thing is put in: the `__init__` of most dataclasses, because the one in `library/dataclasses.py` that is for all classes
takes four times as long. An order of a hundred names makes thousands of objects.
"""

import ast
from collections.abc import Iterator
from types import CodeType

ANNOTATIONS_READ = ("register",)
"""Names of decorators that read the annotations of the function below: `functools.singledispatch` finds its types there."""

SPECIAL = ("ClassVar", "InitVar", "KW_ONLY")
"""Annotations in a dataclass that mean more than a field."""

MAX_ENTRY = 8  # code units (2 bytes each) that one entry of a table of lines can speak of: Objects/locations.md in CPython


def lean_tree(source: bytes, *, documented: bool) -> ast.Module:
    """Parse a module without the annotations that nobody reads, and without docstrings where it is not `documented`."""
    tree = ast.parse(source)
    _Lean(documented=documented).visit(tree)
    return ast.fix_missing_locations(tree)


class _Lean(ast.NodeTransformer):
    """Takes annotations away. Where it stands, a module, a class or a function, decides what it does with an assignment."""

    def __init__(self, *, documented: bool) -> None:
        self.documented = documented
        self.scopes: list[ast.AST] = []

    def visit_Module(self, node: ast.Module) -> ast.AST:
        return self._scope(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        made = _init_of(node)
        self._scope(node)
        node.body += made
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return self._function(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        return self._function(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        scope = self.scopes[-1]
        self.generic_visit(node)
        if isinstance(scope, ast.ClassDef) and _reads_annotations(scope):
            if _is_dataclass(scope) and not _is_special(node):
                node.annotation = ast.Constant(None)
            return node
        if node.value is None:
            return ast.Pass()
        return ast.Assign([node.target], node.value)

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.AST:
        decorators = [ast.unparse(decorator) for decorator in node.decorator_list]
        if not any(name.partition("(")[0].rpartition(".")[2] in ANNOTATIONS_READ for name in decorators):
            node.returns = None
            arguments = node.args
            for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg):
                if argument is not None:
                    argument.annotation = None
        return self._scope(node)

    def _scope(self, node: ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> ast.AST:
        """Go on inside a scope, without its docstring where nobody reads it."""
        if not self.documented and ast.get_docstring(node, clean=False) is not None:
            node.body[:1] = [] if len(node.body) > 1 or isinstance(node, ast.Module) else [ast.Pass()]
        self.scopes.append(node)
        self.generic_visit(node)
        self.scopes.pop()
        return node


def _reads_annotations(node: ast.ClassDef) -> bool:
    bases = {ast.unparse(base).partition("[")[0].rpartition(".")[2] for base in node.bases}
    return bool(bases - {"Protocol", "Exception"}) or _is_dataclass(node)


def _is_dataclass(node: ast.ClassDef) -> bool:
    return any("dataclass" in ast.unparse(decorator) for decorator in node.decorator_list)


def _is_special(node: ast.AnnAssign) -> bool:
    return any(word in ast.unparse(node.annotation) for word in SPECIAL)


def _init_of(node: ast.ClassDef) -> list[ast.stmt]:
    """Return the `__init__` of a dataclass that only stores its arguments, or nothing for any other class.

    It stores them past any `__setattr__`, as a frozen object needs it.
    """
    options = {keyword.arg for each in node.decorator_list if isinstance(each, ast.Call) for keyword in each.keywords}
    own = {each.name for each in node.body if isinstance(each, ast.FunctionDef)}
    fields = [each for each in node.body if isinstance(each, ast.AnnAssign) and "ClassVar" not in ast.unparse(each.annotation)]
    simple = _is_dataclass(node) and not node.bases and options <= {"frozen", "order", "eq"} and fields
    if not simple or not own.isdisjoint(("__init__", "__post_init__")) or not all(map(_is_plain_field, fields)):
        return []
    names = [ast.unparse(each.target) for each in fields]
    defaults = [f"={ast.unparse(each.value)}" if each.value else "" for each in fields]
    arguments = "".join(f", {name}{default}" for name, default in zip(names, defaults, strict=True))
    lines = [f"def __init__(self{arguments}):", "    own = self.__dict__", *(f"    own[{name!r}] = {name}" for name in names)]
    (made,) = ast.parse("\n".join(lines)).body
    for each in ast.walk(made):
        if isinstance(each, ast.stmt | ast.expr | ast.arg):
            each.lineno = each.end_lineno = node.lineno
    return [made]


def _is_plain_field(node: ast.AnnAssign) -> bool:
    """Whether the field has no default, or one that makes nothing when it is read a second time."""
    if _is_special(node) or ast.unparse(node.target).startswith("__") or ast.unparse(node.target) in ("self", "own"):
        return False
    quiet = (ast.Constant, ast.Name, ast.Attribute, ast.Tuple, ast.UnaryOp, ast.expr_context, ast.unaryop)
    return node.value is None or all(isinstance(each, quiet) for each in ast.walk(node.value))


def lean_code(code: CodeType, *, lines: bool) -> CodeType:
    """Leave in the tables of `code`, and of all code in it, the lines (else only each function's first) and no columns."""
    constants = tuple(lean_code(each, lines=lines) if isinstance(each, CodeType) else each for each in code.co_consts)
    return code.replace(co_linetable=_line_table(code, lines=lines), co_consts=constants)


def _line_table(code: CodeType, *, lines: bool) -> bytes:
    """Write the table of lines anew, each entry with no columns (code 13), or with no line (code 15)."""
    table = bytearray()
    before = code.co_firstlineno
    for line, length in _runs(code) if lines else [(before, len(code.co_code) // 2)]:
        left = length
        while left:
            count = min(left, MAX_ENTRY)
            table.append(0x80 | (15 if line is None else 13) << 3 | (count - 1))
            if line is not None:
                table += _signed(line - before)
                before = line
            left -= count
    return bytes(table)


def _runs(code: CodeType) -> Iterator[tuple[int | None, int]]:
    """Yield the lines one after the other, each with how many code units come from it."""
    run: list[int | None] = []
    for line, _, _, _ in code.co_positions():
        if run and run[0] != line:
            yield run[0], len(run)
            run = []
        run.append(line)
    if run:
        yield run[0], len(run)


def _signed(number: int) -> bytes:
    """Write a number as CPython's tables do: its sign in the lowest bit, six bits a byte, the lowest first."""
    left = (-number << 1) | 1 if number < 0 else number << 1
    written = bytearray()
    while left >= 64:
        written.append(64 | (left & 63))
        left >>= 6
    written.append(left)
    return bytes(written)
