"""Random syntax trees: everything the grammar can give, and nothing else.

A tree from here has parentheses (``Group``) wherever its text needs them, so
``parse(unparse(tree)) == tree`` must hold without exception.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from symparams.errors import Source, Span
from symparams.language import tree
from symparams.language.words import CONTEXTUAL, RESERVED
from tests.language.tree_text import unparse

NOWHERE = Span(Source("<random>", ""), 0, 0)

# How tightly a node binds, loosest first; what is not listed is an atom.
WHOLE, OR, AND, NOT, COMPARED, CHAINED, ADDED, TIMES, SIGNED, RAISED, ATOM = range(11)
LEVELS = {
    tree.If: WHOLE,
    tree.Not: NOT,
    tree.Compare: COMPARED,
    tree.Chain: CHAINED,
    tree.Sum: ADDED,
    tree.Product: TIMES,
    tree.Negate: SIGNED,
    tree.Power: RAISED,
}


def level(node: tree.Expression) -> int:
    if isinstance(node, tree.Junction):
        return OR if node.op == "or" else AND
    return LEVELS.get(type(node), ATOM)


def make(kind: type[tree.SyntaxNode], /, **parts: Any) -> Any:
    """A node that stands nowhere."""
    spans = {
        f: NOWHERE
        for f in (
            *("name_span", "kind_span", "path_span", "module_span", "base_span"),
            "notation_span",
        )
        if f in kind._fields
    }
    if issubclass(kind, tree.Definition):
        spans["name_span"] = NOWHERE
    return kind(**parts, **spans, span=NOWHERE)


def group(node: tree.Expression) -> Any:
    return make(tree.Group, body=node)


def fit(node: tree.Expression, needed: int) -> tree.Expression:
    """``node``, grouped if it binds looser than needed."""
    return node if level(node) >= needed else group(node)


# --- words and numbers -------------------------------------------------------

_LETTERS = "abcdefgxyzABCEKMTαβλ_"
WORDS = st.one_of(
    st.text(_LETTERS + "0123456789", min_size=1, max_size=6),
    st.sampled_from(sorted(CONTEXTUAL)),
).filter(str.isidentifier)
NAMES = WORDS.filter(lambda word: word not in RESERVED)
#: Names of options and of parts may be any word at all.
LABELS = st.one_of(WORDS, st.sampled_from(sorted(RESERVED)))


#: What a variant is called, and what stands behind its model; "" of no variant.
VARIANTS = st.sampled_from(["", "", ("of", ""), ("7B", ".of"), ("1.3b", ".3.1_405B"), ("18", "")])


@st.composite
def numbers(draw: st.DrawFn) -> Any:
    whole = draw(st.from_regex(r"[0-9]{1,4}(_[0-9]{3})?", fullmatch=True))
    decimals = draw(st.from_regex(r"(\.[0-9]{1,5})?", fullmatch=True))
    exponent = draw(st.from_regex(r"([eE][+-]?[0-9]{1,2})?", fullmatch=True))
    suffix = draw(st.sampled_from(["", "", "K", "M", "B", "T", "GB", "KiB"]))
    behind, unit = draw(
        st.sampled_from([("", ""), ("", ""), (" MACs", "MACs"), (" params", "params")])
    )
    factor = {"": 1, "K": 10**3, "M": 10**6, "B": 10**9, "T": 10**12, "GB": 10**9, "KiB": 1024}[
        suffix
    ]
    digits = (whole + decimals + exponent).replace("_", "")
    value: int | Fraction = Fraction(Decimal(digits)) * factor
    if value.denominator == 1:
        value = int(value)
    return make(
        tree.Number,
        value=value,
        literal=whole + decimals + exponent + suffix + behind,
        suffix=suffix,
        unit=unit,
    )


LEAVES = st.one_of(
    NAMES.map(lambda word: make(tree.Name, id=word)),
    numbers(),
    st.sampled_from([True, False, None]).map(lambda value: make(tree.Flag, value=value)),
)

#: An equation, which stands nowhere but in a call.
QUOTED = st.text("abc,->. ", max_size=8).map(lambda text: make(tree.Quoted, text=text))


# --- expressions -------------------------------------------------------------


def _callee(node: tree.Expression) -> tree.Expression:
    return group(node) if isinstance(node, tree.Number | tree.Flag) else fit(node, ATOM)


def _argument(node: tree.Expression) -> tree.Expression:
    compares = isinstance(node, tree.Compare) and node.op == "=="
    return group(node) if compares else node


def _network(node: tree.Expression) -> tree.Expression:
    """``a > b`` is refused as a network, where it is a misspelt chain."""
    return group(node) if isinstance(node, tree.Compare) and node.op == ">" else node


def _first(node: tree.Expression) -> tree.Expression:
    """``node`` as a line of its own, where a keyword in front would be read as one."""
    node = _network(node)
    return node if unparse(make(tree.Bare, value=node)) == unparse(node) else group(node)


def _behind_in(node: tree.Expression, needed: int = WHOLE) -> tree.Expression:
    """``node`` where a brace would open a domain."""
    node = fit(node, needed)
    return group(node) if unparse(node).startswith("{") else node


def _options(inner: st.SearchStrategy[tree.Expression]) -> st.SearchStrategy[Any]:
    value = st.one_of(inner, QUOTED)
    one = st.builds(lambda n, v: make(tree.NamedArgument, name=n, value=v), LABELS, value)
    return st.lists(one, max_size=3, unique_by=lambda o: o.name).map(tuple)


def _operands(
    inner: st.SearchStrategy[tree.Expression], operators: str, needed: int
) -> st.SearchStrategy[Any]:
    one = st.tuples(st.sampled_from(operators.split()), inner.map(lambda e: fit(e, needed)))
    return st.lists(one, min_size=1, max_size=3).map(tuple)


def _comprehensions(inner: st.SearchStrategy[tree.Expression]) -> st.SearchStrategy[Any]:
    ranges = st.builds(
        lambda a, b: make(tree.Range, start=_behind_in(a, ADDED), stop=fit(b, ADDED)), inner, inner
    )
    return st.builds(
        lambda body, targets, iterable: make(
            tree.Comprehension, body=body, targets=tuple(targets), iterable=iterable
        ),
        inner,
        st.lists(NAMES, min_size=1, max_size=3),
        st.one_of(inner.map(_behind_in), ranges),
    )


def _extend(inner: st.SearchStrategy[tree.Expression]) -> st.SearchStrategy[tree.Expression]:
    def several(least: int, needed: int = WHOLE, most: int = 3) -> st.SearchStrategy[Any]:
        fitted = inner.map(lambda e: fit(e, needed))
        return st.lists(fitted, min_size=least, max_size=most).map(tuple)

    comprehension = _comprehensions(inner)
    arguments = st.one_of(inner.map(_argument), comprehension, QUOTED)
    return st.one_of(
        inner.map(group),
        several(1).map(lambda items: make(tree.Bundle, items=items)),
        several(0).map(lambda items: make(tree.List, items=items)),
        comprehension.map(lambda c: make(tree.List, items=(c,))),
        st.builds(
            lambda f, args, options: make(
                tree.Call, function=_callee(f), args=tuple(args), options=options
            ),
            inner,
            st.lists(arguments, max_size=3),
            _options(inner),
        ),
        st.builds(lambda b, i: make(tree.Index, base=_callee(b), indices=i), inner, several(1)),
        st.builds(lambda b, n: make(tree.Attribute, base=_callee(b), name=n), inner, LABELS),
        inner.map(lambda e: make(tree.Negate, body=fit(e, SIGNED))),
        st.builds(
            lambda a, b: make(tree.Power, base=fit(a, ATOM), exponent=fit(b, SIGNED)),
            inner,
            inner,
        ),
        st.builds(
            lambda a, rest: make(tree.Product, first=fit(a, SIGNED), rest=rest),
            inner,
            _operands(inner, "* / // %", SIGNED),
        ),
        st.builds(
            lambda a, rest: make(tree.Sum, first=fit(a, TIMES), rest=rest),
            inner,
            st.one_of(_operands(inner, "+ -", TIMES), _operands(inner, "|", TIMES)),
        ),
        several(2, TIMES).map(lambda items: make(tree.Chain, items=items)),
        st.builds(
            lambda a, op, b: make(tree.Compare, left=fit(a, CHAINED), op=op, right=fit(b, CHAINED)),
            inner,
            st.sampled_from(["==", "!=", "<", "<=", ">", ">=", "~="]),
            inner,
        ),
        inner.map(lambda e: make(tree.Not, body=fit(e, NOT))),
        several(2, AND).map(lambda items: make(tree.Junction, op="or", items=items)),
        several(2, NOT).map(lambda items: make(tree.Junction, op="and", items=items)),
        st.builds(
            lambda c, a, b: make(tree.If, condition=fit(c, OR), then=a, otherwise=b),
            inner,
            inner,
            inner,
        ),
        st.builds(
            _braces, st.lists(_statements(inner, bare=False), max_size=2), several(1, most=2)
        ),
    )


def _braces(statements: list[Any], result: tuple[tree.Expression, ...]) -> Any:
    first, *others = result
    result = (_first(first), *others)
    return make(tree.Braces, statements=tuple(statements), result=result)


# --- statements --------------------------------------------------------------

AXES = st.one_of(
    NAMES.map(lambda word: make(tree.AxisPattern, name=word)),
    numbers().map(lambda number: make(tree.AxisPattern, name="", size=number)),
    st.just(make(tree.AxisPattern, name="...")),
)


def _dots(axes: list[tree.AxisPattern]) -> int:
    return sum(axis.name == "..." for axis in axes)


def _patterns(names: st.SearchStrategy[str], least: int) -> st.SearchStrategy[Any]:
    axes = st.lists(AXES, min_size=least, max_size=3).filter(lambda a: _dots(a) < 2)
    return st.builds(lambda n, a: make(tree.Pattern, name=n, axes=tuple(a)), names, axes)


def _parameters(inner: st.SearchStrategy[tree.Expression]) -> st.SearchStrategy[Any]:
    added = inner.map(lambda e: fit(e, ADDED))
    domains = st.one_of(
        st.none(),
        st.lists(inner, min_size=1, max_size=3).map(
            lambda items: make(tree.SetDomain, items=tuple(items))
        ),
        st.builds(
            lambda a, b, s: make(tree.RangeDomain, low=a, high=b, step=s),
            inner.map(lambda e: _behind_in(e, ADDED)),
            added,
            st.one_of(st.none(), added),
        ),
    )
    one = st.builds(
        lambda n, e, d, v: make(tree.Parameter, name=n, extent=tuple(e), domain=d, default=v),
        NAMES,
        st.lists(inner, max_size=2),
        domains,
        st.one_of(st.none(), inner),
    )
    return st.lists(one, max_size=2, unique_by=lambda p: p.name).map(tuple)


def _statements(
    inner: st.SearchStrategy[tree.Expression], bare: bool = True
) -> st.SearchStrategy[Any]:
    shape = st.lists(inner, max_size=3).map(tuple)
    where = st.lists(inner.map(lambda e: fit(e, OR)), max_size=2).map(tuple)
    on = st.lists(_patterns(st.one_of(st.just(""), NAMES), 1), max_size=2).map(tuple)
    weight = st.builds(
        lambda n, s, w: make(tree.WeightLine, name=n, shape=s, buffer=w == 1, table=w == 2),
        NAMES,
        shape,
        st.integers(0, 2),
    )
    binding = st.builds(
        lambda t, v, s: make(tree.Binding, targets=tuple(t), value=v, shared=s),
        st.lists(_patterns(NAMES, 0), min_size=1, max_size=2),
        inner,
        st.booleans(),
    )
    member = st.one_of(
        weight,
        binding,
        st.builds(lambda s, e: make(tree.OutputLine, shape=s, ellipsis=e), shape, st.booleans()),
        inner.map(lambda e: make(tree.MacsLine, value=e)),
    )
    quoted = st.text(st.characters(codec="utf-8", exclude_characters='"\n'), max_size=8)
    found = [
        weight,
        binding,
        NAMES.map(lambda n: make(tree.Convention, name=n)),
        quoted.map(lambda path: make(tree.Import, path=path)),
        st.builds(lambda n, t: make(tree.SymbolLine, name=n, notation=t), NAMES, quoted),
        st.builds(
            lambda n, o, v: (
                make(tree.Variant, name=v[0], base=n + v[1], options=o)
                if v
                else make(tree.Default, kind=n, options=o)
            ),
            NAMES,
            _options(inner),
            VARIANTS,
        ),
        st.builds(
            lambda e, t, o: make(tree.Expect, claim=e, tolerance=t, over=o),
            inner,
            st.one_of(st.none(), numbers()),
            st.lists(inner, max_size=2).map(tuple),
        ),
        st.builds(
            lambda n, m: make(tree.ExpectModule, model=make(tree.Name, id=n), module=m),
            NAMES,
            quoted,
        ),
        st.builds(
            lambda kind, n, p, o, b, w: make(
                kind, name=n, parameters=p, patterns=o, body=_network(b), where=w
            ),
            st.sampled_from([tree.ModelDefinition, tree.BlockDefinition, tree.MeasureDefinition]),
            NAMES,
            _parameters(inner),
            on,
            inner,
            where,
        ),
        st.builds(
            lambda n, p, o, m, w: make(
                tree.LayerDefinition, name=n, parameters=p, patterns=o, members=tuple(m), where=w
            ),
            NAMES,
            _parameters(inner),
            on,
            st.lists(member, min_size=1, max_size=3),
            where,
        ),
    ]
    if bare:
        found.append(
            st.builds(lambda e, w: make(tree.Bare, value=_first(e), where=w), inner, where)
        )
    return st.one_of(found)


def expressions(leaves: int = 12) -> st.SearchStrategy[tree.Expression]:
    """Random expressions of about so many leaves."""
    return st.recursive(LEAVES, _extend, max_leaves=leaves)


def files(leaves: int = 6) -> st.SearchStrategy[tree.File]:
    """Random files of a few statements."""
    return st.lists(_statements(expressions(leaves)), min_size=1, max_size=4).map(
        lambda statements: make(tree.File, statements=tuple(statements))
    )
