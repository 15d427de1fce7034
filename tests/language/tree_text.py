"""Drawn syntax trees as text: ``parse(unparse(t)) == t``. The product keeps the text it has read.

The text of a node is put together from the finished texts of those below it,
deepest first, so no depth of tree is too deep. Parentheses appear where the
tree has a :class:`~symparams.language.tree.Group`, and where a tree made by
hand would otherwise be read as another one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, Final

from symparams.language import tree
from symparams.language.words import INFIX, opens_statement

# How tightly a text binds, loosest first.
WHOLE, OR, AND, NOT, COMPARED, CHAINED, ADDED, TIMES, SIGNED, RAISED, ATOM = range(11)

#: The finished text of a node and how tightly it binds.
Piece = tuple[str, int]

#: Statements with an empty line around them.
_APART: Final = (tree.Definition, tree.LayerDefinition)

_FIRST_WORDS: Final = re.compile(r"(\w+)\s*(\S?)")


def unparse(node: tree.SyntaxNode) -> str:
    """The canonical text of a tree, or of any part of one.

    >>> from symparams.errors import Source
    >>> from symparams.language import parse
    >>> unparse(parse(Source("<text>", "input( 8 )→dense(4,bias=no)")))
    'input(8) -> dense(4, bias = no)'
    """
    order: list[tree.SyntaxNode] = []
    waiting = [node]
    while waiting:
        found = waiting.pop()
        order.append(found)
        waiting.extend(found.children())
    writer = _Writer()
    for found in reversed(order):
        writer.write(found)
    return writer.pieces[id(node)][0]


def _indent(text: str) -> str:
    return text.replace("\n", "\n    ")


def _needs_shield(text: str) -> bool:
    """Whether an expression, first in a statement, would begin like another statement."""
    match = _FIRST_WORDS.match(text)
    if match is None or match[1] in INFIX:
        return False
    following = {"(": "LPAR", "[": "LSQB", "{": "LBRACE", "-": "MINUS", '"': "STRING"}
    after = following.get(match[2], "NAME" if re.match(r"\w", match[2]) else "")
    if text[match.end(1) :].lstrip().startswith("->"):
        after = "ARROW"
    return opens_statement(match[1], after)


def _separator(text: str) -> str:
    """What parts a statement from the one before: ``;`` too where it would go on with it."""
    word = _FIRST_WORDS.match(text)
    goes_on = text.startswith("-") or (word is not None and word[1] in INFIX)
    return ";\n" if goes_on else "\n"


def _braced(texts: Iterable[str]) -> str:
    """Statements in braces, one a line."""
    inside = ""
    for text in texts:
        inside += (_separator(text) if inside else "") + text
    return "{\n    " + _indent(inside) + "\n}"


class _Writer:
    def __init__(self) -> None:
        self.pieces: dict[int, Piece] = {}

    def write(self, node: tree.SyntaxNode) -> None:
        kind = type(node).__name__.lower()
        method: Callable[[Any], Piece | str] = getattr(self, "write_" + kind)
        written = method(node)
        self.pieces[id(node)] = (written, ATOM) if isinstance(written, str) else written

    def text(self, node: tree.SyntaxNode, level: int = WHOLE) -> str:
        """The text of a finished node, in parentheses if it binds looser than ``level``."""
        text, own = self.pieces[id(node)]
        return text if own >= level else f"({text})"

    def comma(self, nodes: Iterable[tree.SyntaxNode], level: int = WHOLE) -> str:
        return ", ".join(self.text(n, level) for n in nodes)

    # --- expressions ---

    def write_number(self, node: tree.Number) -> str:
        return node.literal

    def write_name(self, node: tree.Name) -> str:
        return node.id

    def write_flag(self, node: tree.Flag) -> str:
        return {True: "yes", False: "no", None: "none"}[node.value]

    def write_quoted(self, node: tree.Quoted) -> str:
        return f'"{node.text}"'

    def write_group(self, node: tree.Group) -> str:
        return f"({self.text(node.body)})"

    def write_bundle(self, node: tree.Bundle) -> str:
        return f"({self.comma(node.items)}{',' if len(node.items) == 1 else ''})"

    def write_list(self, node: tree.List) -> str:
        return f"[{self.comma(node.items)}]"

    def write_comprehension(self, node: tree.Comprehension) -> str:
        targets = ", ".join(node.targets)
        return f"{self.text(node.body)} for {targets} in {self.behind_in(node.iterable)}"

    def behind_in(self, node: tree.Expression, level: int = WHOLE) -> str:
        """A brace behind ``in`` opens a domain, so an expression must not begin with one."""
        text = self.text(node, level)
        return f"({text})" if text.startswith("{") else text

    def write_range(self, node: tree.Range) -> str:
        return f"{self.behind_in(node.start, ADDED)}..{self.text(node.stop, ADDED)}"

    def write_namedargument(self, node: tree.NamedArgument) -> str:
        return f"{node.name} = {self.text(node.value)}"

    def write_call(self, node: tree.Call) -> str:
        inside = [self.argument(a) for a in node.args] + [self.text(o) for o in node.options]
        return f"{self.callee(node.function)}({', '.join(inside)})"

    def argument(self, node: tree.Expression) -> str:
        """``a == b`` stands in parentheses, or it would be taken for a misspelt ``a = b``."""
        if isinstance(node, tree.Compare) and node.op == "==" and isinstance(node.left, tree.Name):
            return f"({self.text(node)})"
        return self.text(node)

    def callee(self, node: tree.Expression) -> str:
        text = self.text(node, ATOM)
        return f"({text})" if isinstance(node, tree.Number | tree.Flag) else text

    def write_index(self, node: tree.Index) -> str:
        return f"{self.callee(node.base)}[{self.comma(node.indices)}]"

    def write_attribute(self, node: tree.Attribute) -> str:
        return f"{self.callee(node.base)}.{node.name}"

    def write_negate(self, node: tree.Negate) -> Piece:
        body = self.text(node.body, SIGNED)
        return f"- {body}" if body.startswith("-") else f"-{body}", SIGNED

    def write_power(self, node: tree.Power) -> Piece:
        return f"{self.text(node.base, ATOM)} ^ {self.text(node.exponent, SIGNED)}", RAISED

    def write_product(self, node: tree.Product) -> Piece:
        text = self.text(node.first, SIGNED)
        for op, item in node.rest:
            text += f" {op} {self.text(item, SIGNED)}"
        return text, TIMES

    def write_sum(self, node: tree.Sum) -> Piece:
        text = self.text(node.first, TIMES)
        last = ""
        for op, item in node.rest:
            if last and (last == "|") != (op == "|"):
                text = f"({text})"
            text += f" {op} {self.text(item, TIMES)}"
            last = op
        return text, ADDED

    def write_chain(self, node: tree.Chain) -> Piece:
        # A sum beside an arrow stands in parentheses.
        return " -> ".join(self.text(item, TIMES) for item in node.items), CHAINED

    def write_compare(self, node: tree.Compare) -> Piece:
        left, right = self.text(node.left, CHAINED), self.text(node.right, CHAINED)
        return f"{left} {node.op} {right}", COMPARED

    def write_not(self, node: tree.Not) -> Piece:
        return f"not {self.text(node.body, NOT)}", NOT

    def write_junction(self, node: tree.Junction) -> Piece:
        own, level = (OR, AND) if node.op == "or" else (AND, NOT)
        return f" {node.op} ".join(self.text(item, level) for item in node.items), own

    def write_if(self, node: tree.If) -> Piece:
        condition = self.text(node.condition, OR)
        return f"if {condition} then {self.text(node.then)} else {self.text(node.otherwise)}", WHOLE

    def write_braces(self, node: tree.Braces) -> str:
        first, *others = (self.text(item) for item in node.result)
        result = ", ".join([self.shielded(first), *others])
        if node.statements or "\n" in result:
            return _braced([*(self.text(s) for s in node.statements), result])
        return f"{{ {result} }}"

    def shielded(self, text: str) -> str:
        return f"({text})" if _needs_shield(text) else text

    # --- parameters and patterns ---

    def write_setdomain(self, node: tree.SetDomain) -> str:
        return f"{{{self.comma(node.items)}}}"

    def write_rangedomain(self, node: tree.RangeDomain) -> str:
        text = f"{self.behind_in(node.low, ADDED)}..{self.text(node.high, ADDED)}"
        return text if node.step is None else f"{text} step {self.text(node.step, ADDED)}"

    def write_parameter(self, node: tree.Parameter) -> str:
        text = node.name
        if node.extent:
            text += f"[{self.comma(node.extent)}]"
        if node.domain is not None:
            text += f" in {self.text(node.domain)}"
        if node.default is not None:
            text += f" = {self.text(node.default)}"
        return text

    def write_axispattern(self, node: tree.AxisPattern) -> str:
        return node.name if node.size is None else self.text(node.size)

    def write_pattern(self, node: tree.Pattern) -> str:
        return f"{node.name}[{self.comma(node.axes)}]" if node.axes else node.name

    # --- statements ---

    def write_convention(self, node: tree.Convention) -> str:
        return f"convention {node.name}"

    def write_default(self, node: tree.Default) -> str:
        return f"default {node.kind}({self.comma(node.options)})"

    def write_import(self, node: tree.Import) -> str:
        return f'import "{node.path}"'

    def write_symbolline(self, node: tree.SymbolLine) -> str:
        return f'symbol {node.name} as "{node.notation}"'

    def head(self, node: tree.Definition | tree.LayerDefinition) -> str:
        text = node.name
        if node.parameters:
            text += f"({self.comma(node.parameters)})"
        if len(node.patterns) == 1:
            text += f" on {self.text(node.patterns[0])}"
        elif node.patterns:
            text += f" on ({self.comma(node.patterns)})"
        return text

    def where(self, conditions: tuple[tree.Expression, ...]) -> str:
        return f"where {self.comma(conditions, OR)}" if conditions else ""

    def definition(self, keyword: str, node: tree.Definition) -> str:
        body = self.text(node.body)
        text = f"{keyword} {self.head(node)} ="
        text += f" {body}" if body.startswith("{") else f"\n    {_indent(body)}"
        return text + (f"\n    {self.where(node.where)}" if node.where else "")

    def write_blockdefinition(self, node: tree.BlockDefinition) -> str:
        return self.definition("block", node)

    def write_modeldefinition(self, node: tree.ModelDefinition) -> str:
        return self.definition("model", node)

    def write_measuredefinition(self, node: tree.MeasureDefinition) -> str:
        return self.definition("measure", node)

    def write_layerdefinition(self, node: tree.LayerDefinition) -> str:
        where = f" {self.where(node.where)}" if node.where else ""
        return f"layer {self.head(node)}{where} {_braced(self.text(m) for m in node.members)}"

    def write_weightline(self, node: tree.WeightLine) -> str:
        return f"{'buffer' if node.buffer else 'table' if node.table else 'weight'} {node.name}[{self.comma(node.shape)}]"

    def write_outputline(self, node: tree.OutputLine) -> str:
        inside = ["..."] if node.ellipsis else []
        return f"output [{', '.join([*inside, *(self.text(s) for s in node.shape)])}]"

    def write_macsline(self, node: tree.MacsLine) -> str:
        return f"macs {self.text(node.value)}"

    def write_expect(self, node: tree.Expect) -> str:
        within = "" if node.tolerance is None else f" within {self.text(node.tolerance)}%"
        over = f" for {self.comma(node.over)}" if node.over else ""
        return f"expect {self.text(node.claim)}{within}{over}"

    def write_variant(self, node: tree.Variant) -> str:
        options = f"({self.comma(node.options)})" if node.options else ""
        return f"variant {node.name} of {node.base}{options}"

    def write_expectmodule(self, node: tree.ExpectModule) -> str:
        return f'expect {self.text(node.model)} == module "{node.module}"'

    def write_binding(self, node: tree.Binding) -> str:
        shared = "shared " if node.shared else ""
        return f"{shared}{self.comma(node.targets)} = {self.text(node.value)}"

    def write_bare(self, node: tree.Bare) -> str:
        text = self.shielded(self.text(node.value))
        return f"{text}\n    {self.where(node.where)}" if node.where else text

    def write_file(self, node: tree.File) -> str:
        out = ""
        before: tree.Statement | None = None
        for statement in node.statements:
            text = self.text(statement)
            if before is not None:
                apart = isinstance(before, _APART) or isinstance(statement, _APART)
                out += _separator(text) + ("\n" if apart else "")
            out += text
            before = statement
        return out
