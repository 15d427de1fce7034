"""Text to tree to text: nothing is lost, and the canonical text stays as it is."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

from symparams.errors import Source
from symparams.language import parse, parse_expression, tree
from tests.language import strategies
from tests.language.examples import CANONICAL, PAGES
from tests.language.tree_text import unparse


def text(source: str) -> Source:
    return Source("<test>", source)


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES.keys())
def test_pages(page: str) -> None:
    """Whole files, with comments and line breaks, mean the same after printing."""
    read = parse(text(page))
    written = unparse(read)
    again = parse(text(written))
    assert again == read
    assert unparse(again) == written


@pytest.mark.parametrize("source", CANONICAL)
def test_canonical_lines(source: str) -> None:
    """These are printed as they stand."""
    assert unparse(parse(text(source))) == source


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("input( 8 )→dense(4,bias=no)", "input(8) -> dense(4, bias = no)"),
        ("a−b", "a - b"),
        ("a**b", "a ^ b"),
        ("\ufeffa\u00a0->\u00a0b", "a -> b"),
        ("f(a, b,)", "f(a, b)"),
        ("[e for (a, b,) in xs]", "[e for a, b in xs]"),
        ("on=3", "on = 3"),
        ("a;b", "a\nb"),
        ("a # said\n# more\n\n;\nb # end", "a\nb"),
        ("block f on (x[t])=id", "block f on x[t] =\n    id"),
        ("model m(h) where h > 2 = f where h < 9", "model m(h) =\n    f\n    where h > 2, h < 9"),
        ("model m = a, b", "model m = { a, b }"),
        ("x = {a}", "x = { a }"),
        ("a\r\nb\r\n", "a\nb"),
    ],
)
def test_other_ways_to_write(written: str, printed: str) -> None:
    """Synonyms and free layout end in one text."""
    assert unparse(parse(text(written))) == printed


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(strategies.files())
def test_random_files(made: tree.File) -> None:
    """parse(unparse(t)) == t, and printing is stable."""
    written = unparse(made)
    again = parse(text(written))
    assert again == made
    assert unparse(again) == written


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(strategies.expressions())
def test_random_expressions(made: tree.Expression) -> None:
    """The same for one expression."""
    assert parse_expression(text(unparse(made))) == made


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(strategies.expressions())
def test_spans_hold_their_node(made: tree.Expression) -> None:
    """The text at the span of any part is the text of that part."""
    waiting: list[tree.SyntaxNode] = [parse_expression(text(unparse(made)))]
    while waiting:
        node = waiting.pop()
        waiting.extend(node.children())
        whole = isinstance(node, tree.Expression)
        if whole and not isinstance(node, tree.Comprehension | tree.Range | tree.Quoted):
            assert parse_expression(text(node.span.text)) == node


@pytest.mark.parametrize(
    ("made", "printed"),
    [
        (("Sum", ("x", "|", "y", "+", "z")), "(x | y) + z"),
        (("Product", ("x + y", "*", "z")), "(x + y) * z"),
        (("Chain", ("x + y", "z")), "(x + y) -> z"),
    ],
)
def test_trees_made_by_hand(made: tuple[str, tuple[str, ...]], printed: str) -> None:
    """A tree no text gives is printed with the parentheses it lacks."""
    kind, parts = made
    if kind == "Chain":
        items = tuple(parse_expression(text(p)) for p in parts)
        node: tree.SyntaxNode = strategies.make(tree.Chain, items=items)
    else:
        first, *rest = parts
        pairs = tuple(
            (op, parse_expression(text(p))) for op, p in zip(rest[::2], rest[1::2], strict=True)
        )
        node = strategies.make(getattr(tree, kind), first=parse_expression(text(first)), rest=pairs)
    assert unparse(node) == printed
