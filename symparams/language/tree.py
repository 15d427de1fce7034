"""The syntax tree: what was written, typed and immutable, with its place.

Every node is a frozen dataclass whose ``span`` does not take part in
comparison, so two texts are equal as trees when they say the same.
Parentheses are kept (:class:`Group`): the language gives them a meaning
beside ``->``, and the text of a tree is the text that was read.
"""

from __future__ import annotations

from fractions import Fraction
from typing import dataclass_transform

from symparams.errors import Span
from symparams.records import Record


@dataclass_transform(kw_only_default=True, frozen_default=True)
class SyntaxNode(Record):
    """Base of all nodes; ``span`` is where it stands."""

    span: Span

    def children(self) -> list[SyntaxNode]:
        """Return the nodes directly below, in the order of the text."""
        found: list[SyntaxNode] = []
        for name in self.said:
            _gather(getattr(self, name), found)
        return found


def _gather(value: object, found: list[SyntaxNode]) -> None:
    if isinstance(value, SyntaxNode):
        found.append(value)
    elif isinstance(value, tuple):
        for item in value:
            _gather(item, found)


class Expression(SyntaxNode):
    """Something with a value: size, net, tensor, bundle, word, flag or list."""


class Statement(SyntaxNode):
    """A line of a file or of braces."""


# --- expressions -----------------------------------------------------------


class Number(Expression):
    """``1_000``, ``0.25``, ``1e-5``, ``25.6M``, ``3.8 GMACs``.

    ``value`` is exact and includes the suffix; ``literal`` is the text as
    written; ``suffix`` is ``K M B G T`` or ``""``; ``unit`` is what the text says
    that it counts, ``MACs``, ``FLOPs``, ``params`` or ``""``; ``step`` is what one
    step of its last digit is worth, which decides ``~=``.
    """

    apart = ("step",)

    value: int | Fraction
    literal: str
    suffix: str = ""
    unit: str = ""
    step: int | Fraction = 1


class Name(Expression):
    id: str


class Flag(Expression):
    """``yes`` (True), ``no`` (False), ``none`` (None)."""

    value: bool | None


class Quoted(Expression):
    """``"abc,cd->abd"``: an equation, as an argument."""

    text: str


class Group(Expression):
    """``(a)``: parentheses around one expression."""

    body: Expression


class Bundle(Expression):
    """``(a, b)``: several values kept apart; ``(a,)`` has one."""

    items: tuple[Expression, ...]


class List(Expression):
    """``[3, 4, 6, 3]``."""

    items: tuple[Expression, ...]


def word_of(node: Expression) -> str:
    """Return the name of a word, ``conv3`` or ``none``; "" of anything else."""
    if isinstance(node, Flag):
        return {True: "yes", False: "no", None: "none"}[node.value]
    return node.id if isinstance(node, Name) else ""


class Iverson(Expression):
    """``[op = 3]``: 1 where ``op`` is 3, and 0 elsewhere; of a word, ``word`` has its name."""

    of: Expression
    value: Expression | None = None
    word: str = ""


class Arm(SyntaxNode):
    """``conv3: conv(c, 3)`` of a choice: by a word, or by the ``value`` of a size."""

    body: Expression
    label_span: Span
    value: Expression | None = None
    word: str = ""


class Choose(Expression):
    """``choice op { conv3: conv(c, 3); skip: id }``."""

    of: Expression
    arms: tuple[Arm, ...]


class Comprehension(Expression):
    """``body for c, s, n in rows``, inside ``[…]`` or as an argument of a call."""

    body: Expression
    targets: tuple[str, ...]
    iterable: Expression


class Range(Expression):
    """``1..n``, both ends included."""

    start: Expression
    stop: Expression


class NamedArgument(SyntaxNode):
    """``stride = 2`` in a call or a ``default`` line; ``name_span`` is that of the name."""

    name: str
    value: Expression
    name_span: Span


class Call(Expression):
    """``conv(64, 3, stride = 2)``."""

    function: Expression
    args: tuple[Expression, ...]
    options: tuple[NamedArgument, ...] = ()


class Index(Expression):
    """``depths[0]``; several indices for an indexed symbol of several axes."""

    base: Expression
    indices: tuple[Expression, ...]


class Attribute(Expression):
    """``resnet.params``, ``E.T``."""

    base: Expression
    name: str


class Negate(Expression):
    body: Expression


class Power(Expression):
    """``a ^ k``, right-associative."""

    base: Expression
    exponent: Expression


class Product(Expression):
    """``a * b / c``: ``first``, then (operator, operand) with operators ``* / // %``."""

    first: Expression
    rest: tuple[tuple[str, Expression], ...]


class Sum(Expression):
    """``a + b - c`` or ``a | b``: operators ``+ - |``; ``|`` never beside ``+ -``."""

    first: Expression
    rest: tuple[tuple[str, Expression], ...]


class Chain(Expression):
    """``a -> b -> c``, at least two items, none of them a bare :class:`Sum`."""

    items: tuple[Expression, ...]


class Compare(Expression):
    """``left op right`` with ``== != < <= > >= ~=``."""

    left: Expression
    op: str
    right: Expression


class Not(Expression):
    body: Expression


class Junction(Expression):
    """``a and b and c`` or ``a or b``: ``op`` is ``and`` or ``or``."""

    op: str
    items: tuple[Expression, ...]


class If(Expression):
    condition: Expression
    then: Expression
    otherwise: Expression


class Braces(Expression):
    """``{ statements; result }``; ``result`` has several items for ``a, b``."""

    statements: tuple[Statement, ...]
    result: tuple[Expression, ...]


# --- parameters and patterns ----------------------------------------------


class SetDomain(SyntaxNode):
    """``{3, 5, 7}``."""

    items: tuple[Expression, ...]


class RangeDomain(SyntaxNode):
    """``64..1024 step 64``; ``step`` is ``None`` where none is written."""

    low: Expression
    high: Expression
    step: Expression | None = None


class Parameter(SyntaxNode):
    """``c``, ``s = 1``, ``h in 64..1024 step 64``, ``k[6] in {3, 5, 7} = 3``.

    ``extent`` holds the sizes in the brackets of an indexed parameter, ``when`` the condition under
    which it exists.
    """

    name: str
    name_span: Span
    extent: tuple[Expression, ...] = ()
    domain: SetDomain | RangeDomain | None = None
    default: Expression | None = None
    when: Expression | None = None


class AxisPattern(SyntaxNode):
    """One axis of a pattern: a name, a number, ``_``, or ``...`` (``name == "..."``)."""

    name: str
    size: Number | None = None


class Pattern(SyntaxNode):
    """``x[h, w, c]`` or ``[..., c]``: a tensor's name (or ``""``) and its axes."""

    name: str
    axes: tuple[AxisPattern, ...]


# --- statements ------------------------------------------------------------


class Convention(Statement):
    """``convention pytorch``."""

    name: str
    name_span: Span


class Default(Statement):
    """``default conv(pad = same, bias = no)``."""

    kind: str
    options: tuple[NamedArgument, ...]
    kind_span: Span


class Variant(Statement):
    """``variant medium of gpt2(l = 24, h = 1024)``: a model with other defaults.

    ``base`` is a model, or a variant of one: ``gpt2.medium``.
    """

    name: str
    base: str
    options: tuple[NamedArgument, ...] = ()
    name_span: Span
    base_span: Span


class Import(Statement):
    """``import "blocks.arch"``."""

    path: str
    path_span: Span


class SymbolLine(Statement):
    r"""``symbol h as "d_{\mathrm{model}}"``: how a size is typeset."""

    name: str
    notation: str
    name_span: Span
    notation_span: Span


class Definition(Statement):
    """``block NAME(parameters) on patterns = body where conditions``; also models and measures.

    ``where`` may be written behind the head or behind the body; the tree
    does not tell which.
    """

    name: str
    parameters: tuple[Parameter, ...]
    body: Expression
    patterns: tuple[Pattern, ...] = ()
    where: tuple[Expression, ...] = ()
    name_span: Span


class BlockDefinition(Definition):
    """A template: every use has weights of its own."""


class ModelDefinition(Definition):
    """A network with inputs of its own."""


class MeasureDefinition(Definition):
    """A formula of measures under a name of its own; ``unit`` is what it counts in, or ""."""

    unit: str = ""


class WeightLine(Statement):
    """``weight scale[d]``; ``table places[s, d]``, ``buffer knots[i, grid]`` say so."""

    name: str
    shape: tuple[Expression, ...]
    buffer: bool = False
    table: bool = False
    name_span: Span


class OutputLine(Statement):
    """``output [..., o]``: ``ellipsis`` says whether ``...`` stands first."""

    shape: tuple[Expression, ...]
    ellipsis: bool = False


class MacsLine(Statement):
    """``macs i * o``."""

    value: Expression


class LayerDefinition(Statement):
    """``layer NAME(parameters) on patterns { weight …; output …; macs … }``."""

    name: str
    parameters: tuple[Parameter, ...]
    patterns: tuple[Pattern, ...]
    members: tuple[Statement, ...]
    where: tuple[Expression, ...] = ()
    name_span: Span


class Expect(Statement):
    """``expect m.params ~= 12*l*h^2 within 5% for l >= 24, h >= 2048``.

    ``tolerance`` is the number before the percent sign; ``over`` are the
    conditions of the sizes that the claim is about.
    """

    claim: Expression
    tolerance: Number | None = None
    over: tuple[Expression, ...] = ()


class Assertion(SyntaxNode):
    """``~= 12*l*h^2 within 5% for l >= 24``: what is said of a measure that is named elsewhere.

    ``relation`` is ``==`` where none is written.
    """

    relation: str
    formula: Expression
    tolerance: Number | None = None
    over: tuple[Expression, ...] = ()


class ExpectModule(Statement):
    """``expect resnet == module "models.resnet:build"``."""

    model: Expression
    module: str
    module_span: Span


class Binding(Statement):
    """``x = …``, ``a, b = …``, ``y[h, w, c] = …``, ``shared E = …``.

    Each target is a :class:`Pattern` whose ``axes`` may be empty.
    """

    targets: tuple[Pattern, ...]
    value: Expression
    shared: bool = False


class Bare(Statement):
    """A bare expression: the network of a one-line source, with its ``where``."""

    value: Expression
    where: tuple[Expression, ...] = ()


class File(SyntaxNode):
    """A whole source."""

    statements: tuple[Statement, ...]
