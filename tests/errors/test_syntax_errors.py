"""Malformed texts: the message, its place and its hint, to the letter."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings, strategies as st

from symparams.errors import Source, SyntaxProblem
from symparams.language import parse, parse_expression
from tests.errors.syntax import EXPRESSIONS, FILES
from tests.language.examples import PAGES

CASES = [case for cases in FILES.values() for case in cases]
PIECES = [re.findall(r"\s+|\w+|[^\w\s]", page) for page in PAGES.values()]
#: Names of terminals, and of lark's own, have no place in an error.
INTERNAL = re.compile(r"\$END|ANON|\b(LPAR|RPAR|LSQB|RSQB|SEP|NAME|TARGET|EQUAL|SET_OPEN)\b")


@pytest.mark.parametrize(("source", "text"), CASES, ids=[repr(s)[:40] for s, _ in CASES])
def test_file(source: str, text: str) -> None:
    """What a file with this text answers."""
    with pytest.raises(SyntaxProblem) as caught:
        parse(Source("net.arch", source))
    assert str(caught.value) == text


@pytest.mark.parametrize(("source", "text"), EXPRESSIONS, ids=[repr(s) for s, _ in EXPRESSIONS])
def test_expression(source: str, text: str) -> None:
    """What a formula with this text answers."""
    with pytest.raises(SyntaxProblem) as caught:
        parse_expression(Source("<formula>", source))
    assert str(caught.value) == text


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_any_damage_is_a_syntax_problem(data: st.DataObject) -> None:
    """Losing, doubling and exchanging pieces of a good text never ends in a traceback."""
    pieces = list(data.draw(st.sampled_from(PIECES)))
    for _ in range(data.draw(st.integers(1, 3))):
        k, j = (data.draw(st.integers(0, len(pieces) - 1)) for _ in "kj")
        match data.draw(st.sampled_from(["lose", "double", "exchange"])):
            case "lose":
                del pieces[k]
            case "double":
                pieces.insert(j, pieces[k])
            case _:
                pieces[k], pieces[j] = pieces[j], pieces[k]
    assert INTERNAL.search(answer("".join(pieces))) is None


def answer(source: str) -> str:
    """The error of a text, or nothing where it is well formed."""
    try:
        parse(Source("net.arch", source))
    except SyntaxProblem as problem:
        return problem.message + problem.hint
    return ""
