"""Small changes of a source file: one operator, constant, condition or statement at a time.

Each change is a slice of the text with what stands there instead, so that all other lines
stay where they are.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass

COMPARISONS: dict[type[ast.cmpop], list[type[ast.cmpop]]] = {
    ast.Lt: [ast.LtE, ast.GtE],
    ast.LtE: [ast.Lt, ast.Gt],
    ast.Gt: [ast.GtE, ast.LtE],
    ast.GtE: [ast.Gt, ast.Lt],
    ast.Eq: [ast.NotEq],
    ast.NotEq: [ast.Eq],
    ast.In: [ast.NotIn],
    ast.NotIn: [ast.In],
    ast.Is: [ast.IsNot],
    ast.IsNot: [ast.Is],
}
OPERATORS: dict[type[ast.operator], list[type[ast.operator]]] = {
    ast.Add: [ast.Sub],
    ast.Sub: [ast.Add],
    ast.Mult: [ast.Add, ast.FloorDiv],
    ast.Div: [ast.Mult],
    ast.FloorDiv: [ast.Mult, ast.Mod],
    ast.Mod: [ast.FloorDiv],
    ast.Pow: [ast.Mult],
    ast.BitOr: [ast.BitAnd],
    ast.BitAnd: [ast.BitOr],
}
#: Functions that are easily taken for each other.
NEIGHBOURS = {"min": "max", "max": "min", "any": "all", "all": "any"}
#: Functions whose arguments may change places.
SYMMETRIC = {"min", "max", "gcd", "lcm", "math.gcd", "math.lcm", "maximum", "minimum"}
#: What decides nothing at run time, or only what is printed for a programmer.
SKIPPED_FUNCTIONS = {"__repr__", "__str__"}


@dataclass(frozen=True)
class Change:
    """A slice of a file's text, by byte, and what stands there instead."""

    file: str
    function: str
    line: int
    text: str
    start: int
    end: int
    instead: str
    says: str

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What stays when other lines move: file, function, the line's text, the change."""
        return (self.file, self.function, self.text, self.says)

    def applied(self, source: str) -> str:
        raw = source.encode()
        return (raw[: self.start] + self.instead.encode() + raw[self.end :]).decode()


def changes(file: str, source: str) -> list[list[Change]]:
    """The changes of a file, in lists: one list a place."""
    finder = _Finder(file, source)
    finder.visit(ast.parse(source))
    return finder.places


class _Finder(ast.NodeVisitor):
    """Walks a file, and notes the changes of each node."""

    def __init__(self, file: str, source: str) -> None:
        self.file = file
        self.lines = source.splitlines(keepends=True)
        self.starts = [0]
        for line in self.lines:
            self.starts.append(self.starts[-1] + len(line.encode()))
        self.around: list[str] = []
        self.places: list[list[Change]] = []

    # --- what is walked ---------------------------------------------------

    def _named(self, node: ast.ClassDef | ast.FunctionDef) -> None:
        if node.name in SKIPPED_FUNCTIONS or any(
            "overload" in ast.unparse(d) for d in node.decorator_list
        ):
            return
        self.around.append(node.name)
        if isinstance(node, ast.FunctionDef):
            for default in (*node.args.defaults, *node.args.kw_defaults):
                if default is not None:
                    self.visit(default)
        for child in node.body:
            self.visit(child)
        self.around.pop()

    visit_ClassDef = visit_FunctionDef = _named  # noqa: N815 - names of ast

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.visit(node.value)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        """Leave the text of messages; parts of it have no positions."""

    def visit_Assert(self, node: ast.Assert) -> None:
        """Leave what is asserted: nothing hangs on it while it holds."""

    def visit_If(self, node: ast.If) -> None:
        if ast.unparse(node.test).endswith("TYPE_CHECKING"):
            return
        self._condition(node.test)
        self.generic_visit(node)

    def visit_While(self, node: ast.While) -> None:
        self._condition(node.test)
        self.generic_visit(node)

    def visit_IfExp(self, node: ast.IfExp) -> None:
        self._condition(node.test)
        self.generic_visit(node)

    def visit_comprehension(self, node: ast.comprehension) -> None:
        for test in node.ifs:
            self._note(test, [("True", "removed condition")])
        self.generic_visit(node)

    # --- what is changed --------------------------------------------------

    def visit_Compare(self, node: ast.Compare) -> None:
        found = []
        for place, operator in enumerate(node.ops):
            found += [
                _with(node, lambda n, p=place, o=other: n.ops.__setitem__(p, o()))
                for other in COMPARISONS[type(operator)]
            ]
        self._nodes(node, found)
        self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        wordy = any(isinstance(n, ast.JoinedStr) or _word(n) for n in (node.left, node.right))
        if not wordy:
            others = OPERATORS.get(type(node.op), [])
            self._nodes(
                node, [_with(node, lambda n, o=other: setattr(n, "op", o())) for other in others]
            )
        self.generic_visit(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        other = ast.Or if isinstance(node.op, ast.And) else ast.And
        found = [_with(node, lambda n: setattr(n, "op", other()))]
        for place in range(len(node.values)):
            left = [v for k, v in enumerate(node.values) if k != place]
            found.append(left[0] if len(left) == 1 else ast.BoolOp(node.op, left))
        self._nodes(node, found)
        self.generic_visit(node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> None:
        if isinstance(node.op, ast.Not | ast.USub):
            self._nodes(node, [node.operand])
        self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        value = node.value
        if isinstance(value, bool):
            self._nodes(node, [ast.Constant(not value)])
        elif isinstance(value, int):
            self._nodes(node, [ast.Constant(value + 1), ast.Constant(value - 1)])

    def visit_Call(self, node: ast.Call) -> None:
        found: list[ast.AST] = []
        plain = [not isinstance(a, ast.Starred) for a in node.args]
        swapped = ast.unparse(node.func) not in SYMMETRIC
        for place in range(len(node.args) - 1):
            if swapped and plain[place] and plain[place + 1]:

                def swap(n: ast.Call, p: int = place) -> None:
                    n.args[p], n.args[p + 1] = n.args[p + 1], n.args[p]

                found.append(_with(node, swap))
        if isinstance(node.func, ast.Name) and node.func.id in NEIGHBOURS:
            other = ast.Name(NEIGHBOURS[node.func.id])
            found.append(_with(node, lambda n: setattr(n, "func", other)))
        self._nodes(node, found)
        self.generic_visit(node)

    def visit_Expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):
            self._deleted(node)
            self.generic_visit(node)

    def visit_Raise(self, node: ast.Raise) -> None:
        self._deleted(node)
        self.generic_visit(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self._deleted(node)
        self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> None:
        if all(isinstance(t, ast.Attribute | ast.Subscript) for t in node.targets):
            self._deleted(node)
        self.generic_visit(node)

    def visit_Continue(self, node: ast.Continue) -> None:
        self._deleted(node)

    def visit_Break(self, node: ast.Break) -> None:
        self._deleted(node)

    # --- how it is noted --------------------------------------------------

    def _condition(self, test: ast.expr) -> None:
        """Note a condition turned round, where its own operator would not do that."""
        if not isinstance(test, ast.Compare | ast.UnaryOp):
            self._nodes(test, [ast.UnaryOp(ast.Not(), test)])

    def _deleted(self, node: ast.stmt) -> None:
        self._note(node, [("pass", "deleted")])

    def _nodes(self, node: ast.expr, others: list[ast.AST]) -> None:
        before = ast.unparse(node)
        texts = [ast.unparse(ast.fix_missing_locations(other)) for other in others]
        found = [(f"({text})", f"{before}  ->  {text}") for text in texts if text != before]
        if found:
            self._note(node, found)

    def _note(self, node: ast.expr | ast.stmt, found: list[tuple[str, str]]) -> None:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        start = self.starts[node.lineno - 1] + node.col_offset
        end = self.starts[node.end_lineno - 1] + node.end_col_offset
        self.places.append(
            [
                Change(
                    self.file,
                    ".".join(self.around),
                    node.lineno,
                    " ".join(self.lines[node.lineno - 1].split()),
                    start,
                    end,
                    instead,
                    says,
                )
                for instead, says in found
            ]
        )


def _with(node: ast.AST, change: Callable[[ast.AST], None]) -> ast.AST:
    """A copy of a node after a change of it."""
    other = copy.deepcopy(node)
    change(other)
    return other


def _word(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def all_changes(files: Iterator[tuple[str, str]]) -> list[list[Change]]:
    """The places of several files, in the order of the files."""
    return [place for file, source in files for place in changes(file, source)]
