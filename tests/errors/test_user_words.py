"""No message of a wrong source speaks the engine's language."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import symparams
from symparams.analysis.checks import check
from symparams.analysis.counts import count
from symparams.analysis.reports import report
from symparams.elaboration.definition import build
from symparams.elaboration.document import understand
from symparams.errors import Source, SymparamsError
from tests.errors.syntax import FILES
from tests.errors.test_elaboration_errors import CASES

#: Sources that are right, in which the fuzz makes things wrong.
RIGHT = [
    "model m(n) = input(8) -> [(if k % 3 == 2 then dense(8) else linear(8)) for k in 1..n]",
    "block g(h) on [d] where d > 2 = linear(max(d, h)) -> relu -> dense(d)\n"
    "model m(n = 3, h) = input(4) -> g(h) * n -> (if not h != 64 then id else dense(4))",
    "model m(n) = input(8) -> [linear(10 + j) -> dense(8) for j in 0..n]",
    "model m(n, c in {3, 5}) = input(9, 9, c) -> (conv(c, 3, pad = same) -> bn) * n -> flatten",
    "block cell on (x[d], s[h]) = (x -> dense(h)) + s\nmodel m = input(5, 8) -> recur(cell, 4)",
    "model m(l, h) = { shared A = linear(h); input(h) -> linear(h) -> A * (l // 2) }",
    "layer kan(o) on [..., i] where o > 1 {\n    weight w[i, o]\n    output [..., o]\n"
    "    macs i * o\n}\nmodel m(h) = input(3) -> kan(h) -> kan(4)",
    "block f(c, act = relu) on [s, d] = attention(c) -> (act | id) -> dense(d)\n"
    "model m(a = 2, n) = input(7, 8*a) -> f(a) * n -> split(2) -> cat(id[j] for j in 0..1)",
    "model m(n) = input(2) -> (id | linear(1)) * n -> dense(sum(j*j for j in 1..n))",
    "model m(w = [3, 4], n) = input(8) -> [dense(c * k) for c in w] -> dense(n % 7 + floor(n/2))",
]
WORDS = [
    "id",
    "relu",
    "dense",
    "linear",
    "conv",
    "attention",
    "n",
    "k",
    "j",
    "h",
    "c",
    "d",
    "m",
    "f",
    "g",
    "A",
    "0",
    "1",
    "2",
    "-1",
    "1/2",
    "7",
    "yes",
    "none",
    "[3,",
    "4]",
    "(3,",
    "4)",
    "[",
    "]",
    "(",
    ")",
    "{",
    "}",
    "->",
    "+",
    "-",
    "|",
    "*",
    "/",
    "//",
    "%",
    "^",
    "==",
    "!=",
    "<",
    "<=",
    ">",
    "not",
    "and",
    "or",
    "if",
    "then",
    "else",
    "for",
    "in",
    "1..n",
    "where",
    ",",
    ";",
    "=",
    "shared",
    "weight",
    "block",
    "model",
    "layer",
    "split(2)",
    "take(9)",
    "min",
    "max",
    "sum",
    "cat",
    "floor",
]
ENGINE = re.compile(r"not \(not|#|<function|<symparams|object at 0x|Traceback|KeyError|None\b")


def classes() -> set[str]:
    """Names of the engine's classes that are no words of the language: of two capitals or more."""
    room = Path(symparams.__file__).parent
    found = (re.findall(r"^class (\w+)", f.read_text("utf-8"), re.M) for f in room.rglob("*.py"))
    return {name for names in found for name in names if len(re.findall("[A-Z]", name)) > 1}


NAMES = re.compile(r"\b(" + "|".join(sorted(classes())) + r")\b")


def said(source: str) -> Iterator[str]:
    """Everything that is said of a source, without the lines of it that are quoted."""
    text = Source("net.arch", source)
    errors: list[SymparamsError] = list(check([text]).errors)
    try:
        definition = understand(text).definition()
        found = report(build(definition))
        yield from (*found.conditions, *found.notes)
        count(definition)
    except SymparamsError as error:
        errors.append(error)
    for error in errors:
        yield from (error.message, error.hint, *(note for note, _ in error.notes))


def wrong(source: str) -> None:
    for sentence in said(source):
        left = sentence
        for quoted in re.findall(r"'#'|'None'", left):
            left = left.replace(quoted, "") if quoted[1:-1] in source else left
        assert ENGINE.search(left) is None, (source, sentence)
        name = NAMES.search(left)
        assert name is None or name[0] in source, (source, sentence)


TABLES = [s for s, _ in CASES] + [s for cases in FILES.values() for s, _ in cases]


@pytest.mark.parametrize("tenth", range(10))
def test_the_tables_speak_of_the_text(tenth):
    assert len(TABLES) > 500
    for source in TABLES[tenth::10]:
        wrong(source)


@pytest.mark.parametrize("seed", range(40))
def test_what_goes_wrong_is_told_of_the_text(seed):
    """Tokens lost, doubled, exchanged, or others put in their place."""
    chance = random.Random(seed)
    for _ in range(12):
        pieces = re.findall(r"\s+|\w+|->|==|!=|\.\.\.?|//|[^\w\s]", chance.choice(RIGHT))
        for _ in range(chance.randint(1, 3)):
            k, j = chance.randrange(len(pieces)), chance.randrange(len(pieces))
            way = chance.randrange(4)
            if way == 0:
                pieces[k] = chance.choice(WORDS)
            elif way == 1:
                pieces[k] = ""
            elif way == 2:
                pieces[k], pieces[j] = pieces[j], pieces[k]
            else:
                pieces.insert(j, pieces[k])
        wrong("".join(pieces))


@pytest.mark.parametrize("source", RIGHT)
def test_what_is_right_is_told_of_the_text(source):
    wrong(source)
