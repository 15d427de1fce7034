"""No text takes long, takes much memory, or ends in a traceback."""

from __future__ import annotations

import time

import pytest

from symparams.errors import Source, SyntaxProblem
from symparams.language import parse, parse_expression, tree
from tests.language.tree_text import unparse

MEGA = 1 << 20


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("(" * 100_000 + "x" + ")" * 100_000, "the text has more than 100,000 words"),
        ("(" * 201 + "x" + ")" * 201, "brackets are nested more than 200 deep"),
        ("[{(" * 100 + "x" + ")}]" * 100, "brackets are nested more than 200 deep"),
        ("a " * 500_000, "the text has more than 100,000 words"),
        (";" * 1_000_000, "the text has more than 100,000 words"),
        ("#\n" * 500_000 + "a", "the text has more than 100,000 words"),
        ("×" * 1_000_000, "the text has more than 100,000 words"),
        (" " * MEGA + "a", "the text is larger than 1 MiB"),
        ("9" * 100_000, "a number has at most 4,300 digits"),
        ("9" * 4301, "a number has at most 4,300 digits"),
        ("1e999999999", "a number has at most 4,300 digits"),
        ("1e-4301", "a number has at most 4,300 digits"),
        ("- " * 20_000 + "x", "this is nested more than 200 deep"),
        ("not " * 20_000 + "x", "this is nested more than 200 deep"),
        ("^".join("9" * 10_000), "this is nested more than 200 deep"),
        ("f" + "(x)" * 15_000, "this is nested more than 200 deep"),
        ("f" + ".x" * 15_000, "this is nested more than 200 deep"),
        ("if a then b else " * 5_000 + "c", "this is nested more than 200 deep"),
        ("if a then " * 5_000 + "c" + " else d" * 5_000, "this is nested more than 200 deep"),
        (")" * 100_000, "')' closes nothing"),
        ("f(x) -> " * 10_000 + "->", "two '->' in a row"),
        ("f(" + "g(x), " * 15_000 + "->)", "a value is missing between ',' and '->'"),
        ("{" * 150 + "a, " * 20_000, "'{' was never closed"),
    ],
)
def test_refused_at_once(source: str, message: str) -> None:
    """Every limit has an error of its own, soon: a bound on a hang, since machines are shared."""
    before = time.process_time()
    with pytest.raises(SyntaxProblem) as caught:
        parse(Source("<test>", source))
    assert time.process_time() - before < 10
    assert caught.value.message == message


@pytest.mark.parametrize(
    "source",
    [
        "9^9^9^9",
        "x" + " " * (MEGA - 2),
        "x" + "\n" * (MEGA - 2) + "y",
        "x" + "\n " * (MEGA // 2 - 2) + "\ny",
        "x\n" + "# a line of comment\n" * 8_000 + "y",
        "x #" + "#" * (MEGA - 4),
        "a" * MEGA,
        " -> ".join("a" * 40_000),
        "\n".join("a, b, c[h] = f" for _ in range(5_000)),
        "(" * 190 + "x" + ")" * 190,
        "[" + "9, " * 40_000 + "]",
    ],
)
def test_read_at_once(source: str) -> None:
    """What is large and within the limits is read soon: a bound on a hang, since machines are shared."""
    before = time.process_time()
    parse(Source("<test>", source))
    assert time.process_time() - before < 10


def test_deep_trees_print() -> None:
    """Printing takes any depth: it does not recurse."""
    node = parse_expression(Source("<test>", "x"))
    for _ in range(5_000):
        node = tree.Negate(body=node, span=node.span)
    assert unparse(node) == "- " * 4_999 + "-x"
