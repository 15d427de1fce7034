"""From the parser's reductions to the syntax tree.

One method for every rule and alias of the grammar, called at the reduction
with all tokens and nodes of the rule in order. Nothing here recurses and
nothing keeps state, so one builder serves all parses of all threads.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from symparams.errors import Span, SyntaxProblem
from symparams.language import tree
from symparams.language.lexer import Token
from symparams.language.refusals import (
    bare_sum_in_chain,
    check_arguments,
    check_callee,
    check_mixed,
    check_not_arrow,
    check_parameters,
    check_unit,
)

N = TypeVar("N", bound=tree.SyntaxNode)


@dataclass(frozen=True)
class Bag:
    """Several nodes on their way into the node around them."""

    kind: str
    items: tuple[Any, ...]
    span: Span


@dataclass(frozen=True)
class Head:
    """``NAME(parameters) in unit on patterns where conditions`` of a definition."""

    name: Token
    parameters: tuple[tree.Parameter, ...]
    unit: Token | None
    patterns: tuple[tree.Pattern, ...]
    where: tuple[tree.Expression, ...]
    span: Span


class SeveralStatements(tree.Statement):
    """``a, b``: the outputs of braces; nowhere else a statement."""

    items: tuple[tree.Expression, ...]
    where: tuple[tree.Expression, ...] = ()


def spanned(children: Sequence[Any]) -> Span:
    first: Span = children[0].span
    last: Span = children[-1].span
    return first.to(last)


def of(kind: type[N], children: Sequence[Any]) -> tuple[N, ...]:
    return tuple(c for c in children if isinstance(c, kind))


def bag(kind: str, children: Sequence[Any]) -> tuple[Any, ...]:
    """Return the items of all bags of a kind, in order."""
    return tuple(i for c in children if isinstance(c, Bag) and c.kind == kind for i in c.items)


def _word_or_value(node: tree.Expression) -> tuple[str, tree.Expression | None]:
    """Return (word, None) of a name, ("", value) of anything else."""
    word = tree.word_of(node)
    return (word, None) if word else ("", node)


#: What the word in front of a definition makes of it.
DEFINITIONS: dict[str, type[tree.Definition]] = {
    "MODEL": tree.ModelDefinition,
    "BLOCK": tree.BlockDefinition,
    "MEASURE": tree.MeasureDefinition,
}


class TreeBuilder:
    """The transformer embedded in the parser."""

    # --- statements ---

    def file(self, children: list[Any]) -> tree.File:
        statements = of(tree.Statement, children)
        for statement in statements:
            if isinstance(statement, SeveralStatements):
                raise SyntaxProblem(
                    "several values stand in parentheses here", statement.span, "write '(a, b)'"
                )
        return tree.File(statements=statements, span=spanned(children))

    def expression(self, children: list[Any]) -> tree.Expression:
        (found,) = of(tree.Expression, children)
        return found

    def convention(self, children: list[Any]) -> tree.Convention:
        name = children[1]
        return tree.Convention(name=name.text, name_span=name.span, span=spanned(children))

    def default(self, children: list[Any]) -> tree.Default:
        kind, options = children[1], of(tree.NamedArgument, children)
        check_arguments((), options)
        return tree.Default(
            kind=kind.text, kind_span=kind.span, options=options, span=spanned(children)
        )

    def variant(self, children: list[Any]) -> tree.Variant:
        _, name, _, base, *_ = children
        options = of(tree.NamedArgument, children)
        check_arguments((), options)
        return tree.Variant(
            name=name.text,
            name_span=name.span,
            base=base.items[0],
            base_span=base.span,
            options=options,
            span=spanned(children),
        )

    def base(self, children: list[Any]) -> Bag:
        return Bag("base", ("".join(part.text for part in children),), spanned(children))

    def import_(self, children: list[Any]) -> tree.Import:
        path = children[1]
        return tree.Import(path=path.text[1:-1], path_span=path.span, span=spanned(children))

    def symbol(self, children: list[Any]) -> tree.SymbolLine:
        _, name, _, quoted = children
        return tree.SymbolLine(
            name=name.text,
            name_span=name.span,
            notation=quoted.text[1:-1],
            notation_span=quoted.span,
            span=spanned(children),
        )

    def expect(self, children: list[Any]) -> tree.Expect:
        return tree.Expect(
            claim=children[1],
            tolerance=next(iter(bag("tolerance", children)), None),
            over=bag("over", children),
            span=spanned(children),
        )

    def tolerance(self, children: list[Any]) -> Bag:
        return Bag("tolerance", (self.number(children[1:2]),), spanned(children))

    def over(self, children: list[Any]) -> Bag:
        return Bag("over", of(tree.Expression, children), spanned(children))

    def assertion(self, children: list[Any]) -> tree.Assertion:
        relation = children[0] if isinstance(children[0], Token) else None
        (formula,) = of(tree.Expression, children)
        return tree.Assertion(
            relation="==" if relation is None else relation.text,
            formula=formula,
            tolerance=next(iter(bag("tolerance", children)), None),
            over=bag("over", children),
            span=spanned(children),
        )

    def expect_module(self, children: list[Any]) -> tree.ExpectModule:
        _, model, _, _, quoted = children
        return tree.ExpectModule(
            model=model,
            module=quoted.text[1:-1],
            module_span=quoted.span,
            span=spanned(children),
        )

    def definition(self, children: list[Any]) -> tree.Definition:
        keyword, head, _, body, *_ = children
        if isinstance(body, Bag):
            body = tree.Braces(statements=(), result=body.items, span=body.span)
        check_not_arrow(body)
        made = DEFINITIONS[keyword.type]
        unit = check_unit(head.unit, made is tree.MeasureDefinition)
        return made(
            **({"unit": unit} if unit else {}),
            name=head.name.text,
            name_span=head.name.span,
            parameters=head.parameters,
            patterns=head.patterns,
            body=body,
            where=head.where + bag("where", children),
            span=spanned(children),
        )

    def layer(self, children: list[Any]) -> tree.LayerDefinition:
        head = children[1]
        check_unit(head.unit, False)
        return tree.LayerDefinition(
            name=head.name.text,
            name_span=head.name.span,
            parameters=head.parameters,
            patterns=head.patterns,
            members=of(tree.Statement, children),
            where=head.where + bag("where", children),
            span=spanned(children),
        )

    def head(self, children: list[Any]) -> Head:
        return Head(
            name=children[0],
            parameters=bag("parameters", children),
            unit=next(iter(bag("unit", children)), None),
            patterns=bag("on", children),
            where=bag("where", children),
            span=spanned(children),
        )

    def unit(self, children: list[Any]) -> Bag:
        return Bag("unit", (children[1],), spanned(children))

    def where(self, children: list[Any]) -> Bag:
        return Bag("where", of(tree.Expression, children), spanned(children))

    def several_values(self, children: list[Any]) -> Bag:
        return Bag("values", of(tree.Expression, children), spanned(children))

    def weight(self, children: list[Any]) -> tree.WeightLine:
        keyword, name, *_ = children
        return tree.WeightLine(
            name=name.text,
            name_span=name.span,
            shape=of(tree.Expression, children),
            buffer=keyword.type == "BUFFER",
            table=keyword.type == "TABLE",
            span=spanned(children),
        )

    def output(self, children: list[Any]) -> tree.OutputLine:
        ellipsis = isinstance(children[2], Token) and children[2].type == "ELLIPSIS"
        shape = of(tree.Expression, children)
        return tree.OutputLine(shape=shape, ellipsis=ellipsis, span=spanned(children))

    def macs(self, children: list[Any]) -> tree.MacsLine:
        return tree.MacsLine(value=children[1], span=spanned(children))

    def binding(self, children: list[Any]) -> tree.Binding:
        return tree.Binding(
            targets=of(tree.Pattern, children),
            value=children[-1],
            shared=isinstance(children[0], Token),
            span=spanned(children),
        )

    def target(self, children: list[Any]) -> tree.Pattern:
        name, axes = children[0], bag("axes", children)
        return tree.Pattern(name=name.text, axes=axes, span=spanned(children))

    def bare(self, children: list[Any]) -> tree.Bare:
        value, where = children[0], bag("where", children)
        check_not_arrow(value)
        return tree.Bare(value=value, where=where, span=spanned(children))

    def several(self, children: list[Any]) -> SeveralStatements:
        items, where = of(tree.Expression, children), bag("where", children)
        return SeveralStatements(items=items, where=where, span=spanned(children))

    # --- parameters and patterns ---

    def parameters(self, children: list[Any]) -> Bag:
        found = of(tree.Parameter, children)
        check_parameters(found)
        return Bag("parameters", found, spanned(children))

    def parameter(self, children: list[Any]) -> tree.Parameter:
        name = children[0]
        domains = [c for c in children if isinstance(c, tree.SetDomain | tree.RangeDomain)]
        # An expression of its own is only the default; the extent comes in a bag.
        defaults = of(tree.Expression, children)
        return tree.Parameter(
            name=name.text,
            name_span=name.span,
            extent=bag("extent", children),
            domain=domains[0] if domains else None,
            default=defaults[0] if defaults else None,
            when=next(iter(bag("when", children)), None),
            span=spanned(children),
        )

    def when(self, children: list[Any]) -> Bag:
        return Bag("when", of(tree.Expression, children), spanned(children))

    def extent(self, children: list[Any]) -> Bag:
        return Bag("extent", of(tree.Expression, children), spanned(children))

    def set_domain(self, children: list[Any]) -> tree.SetDomain:
        return tree.SetDomain(items=of(tree.Expression, children), span=spanned(children[1:]))

    def range_domain(self, children: list[Any]) -> tree.RangeDomain:
        low, high, *step = of(tree.Expression, children)
        return tree.RangeDomain(
            low=low, high=high, step=step[0] if step else None, span=spanned(children[1:])
        )

    def on(self, children: list[Any]) -> Bag:
        return Bag("on", of(tree.Pattern, children), spanned(children))

    def pattern(self, children: list[Any]) -> tree.Pattern:
        name = children[0].text if children[0].type == "NAME" else ""
        return tree.Pattern(name=name, axes=bag("axes", children), span=spanned(children))

    def axes(self, children: list[Any]) -> Bag:
        axes = of(tree.AxisPattern, children)
        dots = [axis for axis in axes if axis.name == "..."]
        if len(dots) > 1:
            raise SyntaxProblem("'...' can stand once in a pattern", dots[1].span)
        return Bag("axes", axes, spanned(children))

    def axis(self, children: list[Any]) -> tree.AxisPattern:
        (token,) = children
        if token.type == "NUMBER":
            return tree.AxisPattern(name="", size=self.number(children), span=token.span)
        return tree.AxisPattern(name=token.text, span=token.span)

    # --- expressions ---

    def if_(self, children: list[Any]) -> tree.If:
        condition, then, otherwise = of(tree.Expression, children)
        return tree.If(condition=condition, then=then, otherwise=otherwise, span=spanned(children))

    def disjunction(self, children: list[Any]) -> tree.Junction:
        items = of(tree.Expression, children)
        return tree.Junction(op="or", items=items, span=spanned(children))

    def conjunction(self, children: list[Any]) -> tree.Junction:
        items = of(tree.Expression, children)
        return tree.Junction(op="and", items=items, span=spanned(children))

    def not_(self, children: list[Any]) -> tree.Not:
        return tree.Not(body=children[1], span=spanned(children))

    def comparison(self, children: list[Any]) -> tree.Compare:
        left, op, right = children
        return tree.Compare(left=left, op=op.text, right=right, span=spanned(children))

    def chain(self, children: list[Any]) -> tree.Chain:
        items = of(tree.Expression, children)
        for k, item in enumerate(items):
            if isinstance(item, tree.Sum):
                raise bare_sum_in_chain(items, k)
        return tree.Chain(items=items, span=spanned(children))

    def sum(self, children: list[Any]) -> tree.Sum:
        operators = children[1::2]
        check_mixed(operators)
        return tree.Sum(
            first=children[0],
            rest=tuple(
                ("-" if op.type == "MINUS" else op.text, item)
                for op, item in zip(operators, children[2::2], strict=True)
            ),
            span=spanned(children),
        )

    def product(self, children: list[Any]) -> tree.Product:
        rest = tuple(
            (op.text, item) for op, item in zip(children[1::2], children[2::2], strict=True)
        )
        return tree.Product(first=children[0], rest=rest, span=spanned(children))

    def negate(self, children: list[Any]) -> tree.Negate:
        return tree.Negate(body=children[1], span=spanned(children))

    def power(self, children: list[Any]) -> tree.Power:
        base, _, exponent = children
        return tree.Power(base=base, exponent=exponent, span=spanned(children))

    def call(self, children: list[Any]) -> tree.Call:
        function, inside = children[0], children[1:]
        args, options = of(tree.Expression, inside), of(tree.NamedArgument, inside)
        check_callee(function, inside[0])
        check_arguments(of(tree.SyntaxNode, inside), options)
        return tree.Call(function=function, args=args, options=options, span=spanned(children))

    def index(self, children: list[Any]) -> tree.Index:
        base, *inside = children
        check_callee(base, inside[0])
        indices = of(tree.Expression, inside)
        return tree.Index(base=base, indices=indices, span=spanned(children))

    def attribute(self, children: list[Any]) -> tree.Attribute:
        base, dot, name = children
        check_callee(base, dot)
        return tree.Attribute(base=base, name=name.text, span=spanned(children))

    def name(self, children: list[Any]) -> tree.Name:
        (token,) = children
        return tree.Name(id=token.text, span=token.span)

    def number(self, children: list[Any]) -> tree.Number:
        (token,) = children
        said = token.number
        return tree.Number(
            value=said.value,
            literal=token.text,
            suffix=said.suffix,
            unit=said.unit,
            step=said.step,
            span=token.span,
        )

    def flag(self, children: list[Any]) -> tree.Flag:
        (token,) = children
        value = {"YES": True, "NO": False, "NONE": None}[token.type]
        return tree.Flag(value=value, span=token.span)

    def quoted(self, children: list[Any]) -> tree.Quoted:
        (token,) = children
        return tree.Quoted(text=token.text[1:-1], span=token.span)

    def group(self, children: list[Any]) -> tree.Group:
        return tree.Group(body=children[1], span=spanned(children))

    def bundle(self, children: list[Any]) -> tree.Bundle:
        return tree.Bundle(items=of(tree.Expression, children), span=spanned(children))

    def list_(self, children: list[Any]) -> tree.List:
        return tree.List(items=of(tree.Expression, children), span=spanned(children))

    def indicator(self, children: list[Any]) -> tree.Iverson:
        of_, label = of(tree.Expression, children)
        word, value = _word_or_value(label)
        return tree.Iverson(of=of_, value=value, word=word, span=spanned(children))

    def choice_(self, children: list[Any]) -> tree.Choose:
        return tree.Choose(of=children[1], arms=of(tree.Arm, children), span=spanned(children))

    def arm(self, children: list[Any]) -> tree.Arm:
        label, _, body = children
        check_not_arrow(body)
        word, value = _word_or_value(label)
        return tree.Arm(
            body=body, label_span=label.span, value=value, word=word, span=spanned(children)
        )

    def braces(self, children: list[Any]) -> tree.Braces:
        *statements, last = of(tree.Statement, children)
        for statement in statements:
            if isinstance(statement, tree.Bare | SeveralStatements):
                raise SyntaxProblem(
                    "nothing uses this value",
                    statement.span,
                    "the last line of braces is their value; name the others",
                )
        span = spanned(children)
        if not isinstance(last, tree.Bare | SeveralStatements):
            raise SyntaxProblem(
                "braces end in a value, and these end in a statement",
                last.span,
                "write the result on a line of its own behind it",
            )
        if last.where:
            raise SyntaxProblem(
                "'where' stands behind the head or the body of a definition",
                last.where[0].span,
                "move it behind '}'",
            )
        result = last.items if isinstance(last, SeveralStatements) else (last.value,)
        return tree.Braces(statements=tuple(statements), result=result, span=span)

    def option(self, children: list[Any]) -> tree.NamedArgument:
        name, _, value = children
        return tree.NamedArgument(
            name=name.text, name_span=name.span, value=value, span=spanned(children)
        )

    def comprehension(self, children: list[Any]) -> tree.Comprehension:
        body, _, targets, _, iterable = children
        return tree.Comprehension(
            body=body, targets=targets.items, iterable=iterable, span=spanned(children)
        )

    def targets(self, children: list[Any]) -> Bag:
        names = tuple(c.text for c in children if c.type == "NAME")
        return Bag("targets", names, spanned(children))

    def range_(self, children: list[Any]) -> tree.Range:
        start, _, stop = children
        return tree.Range(start=start, stop=stop, span=spanned(children))
