"""One question, one answer: solve, crossover and trying agree; all read the same formulas."""

from __future__ import annotations

from itertools import groupby

import pytest

from symparams.algebra import substitute
from symparams.analysis.crossovers import crossover
from symparams.analysis.operating_point import studied
from symparams.analysis.proofs import prove
from symparams.analysis.questions import ask
from symparams.analysis.solutions import solve
from symparams.elaboration.document import understand
from symparams.errors import Source, SymparamsError

#: Sources with one open size h, and two parts of them.
PAIRS = [
    ("input(4) -> (linear(2^h) + linear(2^h)) -> dense(9)", "linear[0]", "dense"),
    ("input(1) -> dense(h^3, bias = no) -> dense(8000/h^3*1, bias = no)", "dense[0]", "dense[1]"),
    ("input(1) -> dense(h^3) -> dense(700)", "dense[0]", "dense[1]"),
    ("input(7) -> dense(h) -> dense(90)", "dense[0]", "dense[1]"),
    ("input(7) -> dense(max(h, 12)) -> dense(5 + h)", "dense[0]", "dense[1]"),
    ("input(60) -> dense(h // 3 + 1) -> dense(h)", "dense[0]", "dense[1]"),
    ("model m(h) where h % 4 == 0 = input(9) -> dense(h) -> dense(31)", "dense[0]", "dense[1]"),
    ("model m(h in 3..40) = input(h) -> dense(20) -> dense(h)", "dense[0]", "dense[1]"),
    ("model m(h in {2, 3, 5, 8, 13}) = input(h) -> dense(6) -> dense(h^2)", "dense[0]", "dense[1]"),
    ("input(3) -> dense(200 - h) -> dense(5)", "dense[0]", "dense[1]"),
]
#: The largest size that is tried.
MOST = 200


def tried(definition, network, one, other):
    """(h, sign of the difference) by counting, at every size that the model admits."""
    left, right = network.measure(f"{one}.params"), network.measure(f"{other}.params")
    for h in range(1, MOST + 1):
        if network.allows({"h": h}):
            a, b = (substitute(s, {"h": h}) for s in (left, right))
            yield h, (a > b) - (a < b)


def answered(definition, budget):
    """(the value that is solved for, or the error)."""
    try:
        return solve(definition, budget, "h").value, ""
    except SymparamsError as error:
        return None, error.message


@pytest.mark.parametrize(("source", "one", "other"), PAIRS, ids=[s for s, _, _ in PAIRS])
def test_both_say_what_trying_says(source, one, other):
    definition = understand(Source("net.arch", source)).definition()
    subject = studied(definition)
    signs = list(tried(definition, subject.network, one, other))
    runs = [(sign, [h for h, _ in group]) for sign, group in groupby(signs, lambda p: p[1])]
    found = crossover(subject, one, other)
    if found.always is not None:
        assert [sign for sign, _ in runs] == [found.always]
    else:
        (threshold,) = found.thresholds
        assert threshold.spans is not None, threshold.reason
        seen = [(s.sign, s.first) for s in threshold.spans if s.first <= MOST]
        assert seen == [(sign, values[0]) for sign, values in runs]
    for written, meets in (("<=", (-1, 0)), (">=", (0, 1)), ("==", (0,))):
        fits = [h for h, sign in signs if sign in meets]
        budget = Source("<budget>", f"{one}.params {written} {other}.params")
        value, told = answered(definition, budget)
        if fits and fits[-1] == signs[-1][0] and written == "<=" and told:
            assert "there is no largest" in told
        elif fits:
            assert (value, told) == (fits[-1 if written == "<=" else 0], "")
        elif written == "==":
            assert value is None
            assert not told or f"no 'h' gives {one}.params" in told
        else:
            assert f"no 'h' meets {one}.params" in told


@pytest.mark.parametrize(
    ("formula", "equal"),
    [
        ("dense[0].params + 9*(h + 1)", True),
        ("params", True),
        ("m.params", True),
        ("dense[0].macs + h + dense[1].params", True),
        ("dense[0].params + 9*h", False),
    ],
)
def test_a_printed_formula_may_name_parts_as_a_budget_does(formula, equal):
    definition = understand(Source("n", "model m(i, h) = input(i) -> dense(h) -> dense(9)"))
    model = definition.definition()
    assert prove(model, Source("<formula>", formula)).verdict.equal is equal
    (question,) = ask(model, {}, {"i": 3, "h": 5}, [], [Source("<size>", formula)]).questions
    total = 5 * 4 + 9 * 6
    assert (question.sizes[0] == total) is equal
