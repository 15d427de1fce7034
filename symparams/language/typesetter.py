"""From a syntax tree and the words it was read from to pieces of text.

The tree says how the words belong together; the words, taken one by one, say
what is written, where comments stand and where lines ended.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from symparams.language import tree
from symparams.language.comments import SourceWord
from symparams.language.line_breaking import (
    Align,
    Bracket,
    Fill,
    Hard,
    LineEnd,
    Nest,
    Piece,
    PieceGroup,
    PieceRow,
    Start,
    Text,
)
from symparams.language.looks import looks_like_size
from symparams.language.word_stream import NOTHING, SPACE, WordStream, remarks
from symparams.language.words import CLAIMING, OPENING


class Typesetter:
    """Sets one text in pieces; a method for every kind of node."""

    def __init__(self, words: Sequence[SourceWord]) -> None:
        self.words = WordStream(words)
        #: Products that are not written tightly, and those that surely are.
        self.loose: set[int] = set()
        self.tight: set[int] = set()
        #: Index of the first word of the statement that is being set.
        self.first = 0

    def file(self, node: tree.File | None) -> Piece:
        """Return a whole text; without a tree one of comments alone."""
        parts: list[Piece] = []
        for statement in node.statements if node is not None else ():
            semicolon = bool(parts) and self.words.goes_on()
            parts += [Text(";")] if semicolon else []
            parts += [*self.words.above(), self.statement(statement)]
        return PieceRow(*parts, *remarks(self.words.take_comments()))

    # --- statements ---

    def statement(self, node: tree.SyntaxNode) -> Piece:
        self.first = self.words.k
        return PieceGroup(self.set(node))

    def set(self, node: tree.SyntaxNode) -> Piece:
        method: Callable[[Any], Piece] = getattr(self, "set_" + type(node).__name__.lower())
        return method(node)

    def set_convention(self, node: tree.Convention) -> Piece:
        return self.words.spaced(2)

    set_import = set_convention

    def set_symbolline(self, node: tree.SymbolLine) -> Piece:
        return self.words.spaced(4)

    def set_default(self, node: tree.Default) -> Piece:
        return PieceRow(self.words.spaced(2), self.bracket(node.options))

    def set_variant(self, node: tree.Variant) -> Piece:
        head = [self.words.spaced(3), SPACE, self.words.take()]
        if "." in node.base:
            head += [self.words.take(), self.words.take()]
        if node.options:
            head.append(self.bracket(node.options))
        elif self.words.skip("("):
            self.words.skip(")")
        return PieceRow(*head)

    def set_expect(self, node: tree.Expect) -> Piece:
        word = self.words.take()
        claim = [self.set(node.claim)]
        if node.tolerance is not None:
            claim += [self.words.line(), self.words.take(), SPACE, self.set(node.tolerance)]
            claim.append(self.words.take())
        if node.over:
            line, conditions = self.conditions(node.over)
            claim += [line, conditions]
        return PieceGroup(PieceRow(word, SPACE, Nest(PieceRow(*claim))))

    def set_expectmodule(self, node: tree.ExpectModule) -> Piece:
        word = self.words.take()
        claim = PieceRow(self.set(node.model), SPACE, self.words.spaced(3))
        return PieceRow(word, SPACE, Nest(claim))

    def set_macsline(self, node: tree.MacsLine) -> Piece:
        self.loosen(node.value)
        return PieceRow(self.words.take(), SPACE, Nest(self.set(node.value)))

    def set_weightline(self, node: tree.WeightLine) -> Piece:
        return PieceRow(self.words.spaced(2), self.bracket(node.shape))

    def set_outputline(self, node: tree.OutputLine) -> Piece:
        return PieceRow(self.words.take(), SPACE, self.bracket(node.shape, dots=node.ellipsis))

    def set_binding(self, node: tree.Binding) -> Piece:
        parts: list[Piece] = [self.words.take(), SPACE] if node.shared else []
        for k, target in enumerate(node.targets):
            parts += [self.words.take(), SPACE] if k else []
            parts.append(self.set(target))
        parts += [SPACE, self.words.take()]
        return PieceRow(*parts, Nest(PieceRow(self.words.space(), self.set(node.value))))

    def set_bare(self, node: tree.Bare) -> Piece:
        self.loosen(node.value)
        value = self.set(node.value)
        if not node.where:
            return value
        # 'model where …' on one line would open a definition.
        name = node.value.id if isinstance(node.value, tree.Name) else ""
        return PieceGroup(
            PieceRow(value, self.where(node.where, forced=name in OPENING | CLAIMING))
        )

    def set_blockdefinition(self, node: tree.Definition) -> Piece:
        where = [c for c in node.where if c.span.start < node.body.span.start]
        head = PieceRow(self.head(node, where), SPACE, self.words.take())
        self.loosen(node.body)
        body: Piece
        if isinstance(node.body, tree.Braces) and self.words.next().text == "{":
            body = PieceRow(
                self.words.space(), self.braces(node.body.statements, node.body.result, home=True)
            )
        else:
            line = self.words.line()
            # A body on a line of its own stays there.
            line = Hard() if isinstance(line, LineEnd) and line.kept else line
            body = Nest(Start(line, PieceGroup(self.body(node.body))))
        return PieceGroup(PieceRow(head, body, self.where(node.where[len(where) :])))

    set_modeldefinition = set_measuredefinition = set_blockdefinition

    def body(self, node: tree.Expression) -> Piece:
        """Return the body of a definition; the operands of a sum stand in one column."""
        return self.sum(node, deeper=True) if isinstance(node, tree.Sum) else self.set(node)

    def set_layerdefinition(self, node: tree.LayerDefinition) -> Piece:
        where = [c for c in node.where if c.span.start < node.members[0].span.start]
        head = PieceRow(self.head(node, where), SPACE)
        braces = self.braces(node.members, (), home=True)
        return PieceGroup(PieceRow(head, braces, self.where(node.where[len(where) :])))

    def head(
        self, node: tree.Definition | tree.LayerDefinition, where: Sequence[tree.Expression]
    ) -> Piece:
        first = self.words.spaced(2)
        if node.parameters:
            first = PieceRow(first, self.bracket(node.parameters))
        elif self.words.skip("("):
            self.words.skip(")")
        rest: list[tuple[Piece, Piece]] = []
        if isinstance(node, tree.MeasureDefinition) and node.unit:
            line, within = self.words.line(), self.words.take()
            rest.append((line, PieceRow(within, SPACE, self.words.take())))
        if node.patterns:
            line, on = self.words.line(), self.words.take()
            rest.append((line, PieceRow(on, SPACE, self.patterns(node.patterns))))
        if where:
            rest.append(self.conditions(where))
        return PieceGroup(Nest(Fill(first, rest, alone=False)))

    def patterns(self, patterns: Sequence[tree.Pattern]) -> Piece:
        if len(patterns) > 1:
            return self.bracket(patterns)
        grouped = self.words.skip("(")
        pattern = self.set(patterns[0])
        if grouped:
            self.words.skip(",")
            self.words.skip(")")
        return pattern

    def where(self, conditions: Sequence[tree.Expression], forced: bool = False) -> Piece:
        if not conditions:
            return NOTHING
        line, where = self.conditions(conditions)
        return Nest(PieceRow(Hard() if forced and isinstance(line, LineEnd) else line, where))

    def conditions(self, conditions: Sequence[tree.Expression]) -> tuple[Piece, Piece]:
        """Return a place where a line may end, and ``where`` with its conditions."""
        line, where = self.words.line(), self.words.take()
        return line, PieceRow(where, SPACE, Align(self.commas(conditions)))

    # --- brackets ---

    def commas(self, nodes: Sequence[tree.SyntaxNode]) -> Piece:
        """Return nodes with commas between them."""
        return self.filled(nodes, [])

    def filled(self, nodes: Sequence[tree.SyntaxNode], first: list[Piece]) -> Piece:
        items, places = first, []
        for node in nodes:
            if items:
                items[-1] = PieceRow(items[-1], self.words.take())
                places.append(self.words.line())
            items.append(Align(self.set(node)))
        if not items:
            return NOTHING
        return Fill(items[0], list(zip(places, items[1:], strict=True)), list_like=True)

    def bracket(
        self,
        nodes: Sequence[tree.SyntaxNode],
        dots: bool = False,
        comma: bool = False,
        deeper: bool = False,
    ) -> Piece:
        """Return brackets around nodes.

        Args:
            nodes: what stands inside.
            dots: whether ``...`` stands in front of them.
            comma: whether the last comma stays, because a bundle has one item.
            deeper: whether the only node is a sum.
        """
        opening = self.words.take()
        lead = self.words.line("") if nodes or dots else NOTHING
        if len(nodes) == 1 and not dots and not comma:
            body = self.set(nodes[0])
        else:
            body = self.filled(nodes, [self.words.take()] if dots else [])
        if comma:
            body = PieceRow(body, self.words.take())
        else:
            self.words.skip(",")
        comments = self.words.take_comments()
        tail: Piece = LineEnd("")
        if comments:
            body, tail = PieceRow(body, *remarks(comments, blanks=False)), Hard()
        return Bracket(opening, lead, body, tail, self.words.take(), deeper=deeper)

    def set_braces(self, node: tree.Braces) -> Piece:
        if self.words.next().text != "{":
            # The values of a definition may stand without braces.
            return self.commas(node.result)
        return self.braces(node.statements, node.result)

    def braces(
        self,
        statements: Sequence[tree.Statement | tree.Arm],
        result: Sequence[tree.Expression],
        home: bool = False,
    ) -> Piece:
        """Return braces: on one line if they were, otherwise a statement a line."""
        opening = self.words.take()
        inline = True
        #: Of each statement: whether it needs a ``;`` in front, what is above it, itself.
        entries: list[tuple[bool, list[Piece], Piece]] = []
        groups: list[tree.Statement | tree.Arm | Sequence[tree.Expression]] = [*statements]
        for group in [*groups, result] if result else groups:
            inline = inline and self.words.on_line()
            goes_on = bool(entries) and self.words.goes_on()
            above = self.words.above(first=not entries)
            entries.append((goes_on, above, self.values(group)))
        inline = inline and self.words.on_line()
        parts: list[Piece] = []
        for goes_on, above, piece in entries:
            if inline:
                parts.append(LineEnd("; " if parts else " ", broken=";" if goes_on else ""))
            else:
                parts += [Text(";"), *above] if goes_on else above
            parts.append(piece)
        parts += remarks(self.words.take_comments())
        lead, *body = parts
        tail: Piece = LineEnd() if inline else Hard()
        return Bracket(
            opening, lead, PieceRow(*body), tail, self.words.take(), hangs=False, home=home
        )

    def values(self, node: tree.Statement | tree.Arm | Sequence[tree.Expression]) -> Piece:
        """Return a statement in braces, or their values."""
        self.first = self.words.k
        if isinstance(node, tree.Arm):
            return self.set(node)
        if isinstance(node, tree.SyntaxNode):
            return self.statement(node)
        for value in node:
            self.loosen(value)
        return self.commas(node) if len(node) > 1 else self.set(node[0])

    # --- parameters and patterns ---

    def set_parameter(self, node: tree.Parameter) -> Piece:
        parts = [self.words.take()]
        if node.extent:
            parts.append(self.bracket(node.extent))
        if node.domain is not None:
            parts += [SPACE, self.words.take(), SPACE, self.set(node.domain)]
        if node.when is not None:
            parts += [SPACE, self.words.take(), SPACE, Align(self.set(node.when))]
        if node.default is not None:
            parts += [SPACE, self.words.take(), self.words.space(), Align(self.set(node.default))]
        return PieceRow(*parts)

    def set_setdomain(self, node: tree.SetDomain) -> Piece:
        return self.bracket(node.items)

    def set_rangedomain(self, node: tree.RangeDomain) -> Piece:
        parts: list[Piece] = [self.bound(node.low), self.words.take(), self.bound(node.high)]
        if node.step is not None:
            parts += [SPACE, self.words.take(), SPACE, self.set(node.step)]
        return PieceRow(*parts)

    def set_pattern(self, node: tree.Pattern) -> Piece:
        name = self.words.take() if node.name else NOTHING
        return PieceRow(name, self.bracket(node.axes)) if node.axes else name

    def set_axispattern(self, node: tree.AxisPattern) -> Piece:
        return self.words.take()

    # --- expressions ---

    set_number = set_name = set_flag = set_quoted = set_axispattern

    def set_group(self, node: tree.Group) -> Piece:
        return self.bracket([node.body], deeper=isinstance(node.body, tree.Sum))

    def set_bundle(self, node: tree.Bundle) -> Piece:
        return self.bracket(node.items, comma=len(node.items) == 1)

    def set_list(self, node: tree.List) -> Piece:
        return self.bracket(node.items)

    def set_iverson(self, node: tree.Iverson) -> Piece:
        opening, subject = self.words.take(), self.set(node.of)
        equal, value = self.words.take(), self.label(node)
        return PieceRow(opening, subject, SPACE, equal, SPACE, value, self.words.take())

    def label(self, node: tree.Iverson | tree.Arm) -> Piece:
        """Return the word, or the value, that a choice is told by."""
        return self.words.take() if node.value is None else self.set(node.value)

    def set_choose(self, node: tree.Choose) -> Piece:
        word, subject = self.words.take(), self.set(node.of)
        return PieceRow(word, SPACE, subject, SPACE, self.braces(node.arms, ()))

    def set_arm(self, node: tree.Arm) -> Piece:
        label, colon = self.label(node), self.words.take()
        self.loosen(node.body)
        return PieceRow(label, colon, self.words.space(), Align(self.set(node.body)))

    def set_comprehension(self, node: tree.Comprehension) -> Piece:
        self.loosen(node.body)
        body = Align(self.set(node.body))
        line, word = self.words.line(), self.words.take()
        parts = [body, line, word, SPACE, self.targets(len(node.targets)), SPACE, self.words.take()]
        return PieceGroup(PieceRow(*parts, SPACE, Align(self.set(node.iterable))))

    def targets(self, count: int) -> Piece:
        """Return ``c`` or ``(c, s)``."""
        grouped = self.words.skip("(")
        parts: list[Piece] = [self.words.take()]
        for _ in range(count - 1):
            parts += [self.words.take(), SPACE, self.words.take()]
        if grouped:
            self.words.skip(",")
            self.words.skip(")")
        return PieceRow(*parts) if count == 1 else PieceRow(Text("("), *parts, Text(")"))

    def set_range(self, node: tree.Range) -> Piece:
        return PieceRow(self.bound(node.start), self.words.take(), self.bound(node.stop))

    def bound(self, node: tree.Expression) -> Piece:
        """Return an end of a range, as ``n-1`` in ``0..n-1``."""
        if isinstance(node, tree.Sum) and looks_like_size(node):
            return self.sum(node, tight=True)
        return self.set(node)

    def set_namedargument(self, node: tree.NamedArgument) -> Piece:
        name, equal = self.words.take(), self.words.take()
        return PieceRow(name, SPACE, equal, self.words.space(), Align(self.set(node.value)))

    def set_call(self, node: tree.Call) -> Piece:
        return PieceRow(self.set(node.function), self.bracket((*node.args, *node.options)))

    def set_index(self, node: tree.Index) -> Piece:
        return PieceRow(self.set(node.base), self.bracket(node.indices))

    def set_attribute(self, node: tree.Attribute) -> Piece:
        return PieceRow(self.set(node.base), self.words.take(), self.words.take())

    def set_negate(self, node: tree.Negate) -> Piece:
        minus = self.words.take()
        # '--' is not in the language.
        space = SPACE if self.words.next().text == "-" else NOTHING
        return PieceRow(minus, space, self.set(node.body))

    def set_power(self, node: tree.Power) -> Piece:
        return PieceRow(self.set(node.base), self.words.take(), self.set(node.exponent))

    def set_not(self, node: tree.Not) -> Piece:
        return PieceRow(self.words.take(), SPACE, self.set(node.body))

    def set_product(self, node: tree.Product) -> Piece:
        tight = self.is_tight(node)
        rest: list[tuple[Piece, Piece]] = []
        first = self.set(node.first)
        for _, operand in node.rest:
            place, operator = self.words.operator("" if tight else " ")
            space = NOTHING if tight else SPACE
            rest.append((place, PieceRow(operator, space, self.set(operand))))
        return Fill(first, rest, keeps=False, alone=False)

    def set_sum(self, node: tree.Sum) -> Piece:
        return self.sum(node)

    def sum(self, node: tree.Sum, deeper: bool = False, tight: bool = False) -> Piece:
        at_start = self.words.k == self.first
        for operand in (node.first, *(operand for _, operand in node.rest)):
            if node.rest[0][0] == "|":
                self.loosen(operand)
            else:
                self.tight.add(id(operand))
        rest: list[tuple[Piece, Piece]] = []
        first = self.set(node.first)
        for k, (op, operand) in enumerate(node.rest):
            place, operator = self.words.operator("" if tight else " ")
            # 'expect - a' on one line would be a claim about -a.
            named = isinstance(node.first, tree.Name) and node.first.id in CLAIMING
            if at_start and named and k == 0 and op == "-" and isinstance(place, LineEnd):
                place = Hard()
            rest.append((place, PieceRow(operator, NOTHING if tight else SPACE, self.set(operand))))
        return Fill(first, rest, deeper=deeper)

    def set_chain(self, node: tree.Chain) -> Piece:
        for item in node.items:
            self.loosen(item)
        first, *others = node.items
        return self.operated(first, others)

    def set_junction(self, node: tree.Junction) -> Piece:
        first, *others = node.items
        return self.operated(first, others)

    def operated(self, first: tree.Expression, others: Sequence[tree.Expression]) -> Piece:
        """Return expressions with an operator in front of each but the first."""
        begin = self.set(first)
        rest: list[tuple[Piece, Piece]] = []
        for other in others:
            place, operator = self.words.operator()
            rest.append((place, PieceRow(operator, SPACE, self.set(other))))
        return Fill(begin, rest)

    def set_compare(self, node: tree.Compare) -> Piece:
        self.tight.update((id(node.left), id(node.right)))
        left = self.set(node.left)
        place, operator = self.words.operator()
        right = PieceRow(operator, SPACE, self.set(node.right))
        return Fill(left, [(place, right)], keeps=False, alone=False)

    def set_if(self, node: tree.If) -> Piece:
        """Return ``if … then …`` and each ``else if … then …`` on a line, or all on one."""
        parts: list[Piece] = []
        last: tree.Expression = node
        while isinstance(last, tree.If):
            word, condition = self.words.take(), Align(self.set(last.condition))
            line, then = self.words.line(), self.words.take()
            value = PieceRow(then, SPACE, Align(self.set(last.then)))
            parts.append(PieceGroup(PieceRow(word, SPACE, condition, Nest(PieceRow(line, value)))))
            parts += [self.words.line(), self.words.take(), SPACE]
            last = last.otherwise
        return PieceGroup(PieceRow(*parts, Align(self.set(last))))

    # --- how products are written ---

    def loosen(self, node: tree.Expression) -> None:
        """Mark that a net stands here: ``f * n`` in it is a repeat."""
        while isinstance(node, tree.Group):
            node = node.body
        self.loose.add(id(node))

    def is_tight(self, node: tree.Product) -> bool:
        """Tell whether ``2*h``, as sizes are written, and not ``f * 2``, as nets are."""
        operators = {op for op, _ in node.rest}
        operands = [node.first, *(operand for _, operand in node.rest)]
        if not operators <= {"*", "/"} or not all(looks_like_size(operand) for operand in operands):
            return False
        if id(node) in self.tight or "/" in operators or isinstance(node.first, tree.Number):
            return True
        return id(node) not in self.loose and not isinstance(operands[-1], tree.Number)
