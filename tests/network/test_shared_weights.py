"""A shared net has one set of weights: which shapes, at which sizes, and where there is none.

The counts beside each source are written out by hand.
"""

from __future__ import annotations

from contextlib import suppress

import pytest

import symparams
from symparams.errors import NeedsValue, SymparamsError
from symparams.network import sharing

#: Source → sizes → parameters; None: the weights of two uses differ there.
COUNTED = [
    (  # in one branch its input has m values, in the other one; never both
        "model m(m in {2, 6}) = { shared S = dense(1); "
        "input(m) -> (if m % 3 == 0 then S else (linear(1) -> S)) }",
        {(("m", 2),): 2 + 2, (("m", 6),): 7},
    ),
    (
        "model m(m in 2..4) = { shared S = linear(m); "
        "input(m) -> linear(1) -> (if not (m % 2 == 0) then S else (linear(m) -> S)) }",
        {(("m", 2),): 2 + 2 + 4, (("m", 3),): 3 + 3, (("m", 4),): 4 + 4 + 16},
    ),
    (  # beside a use outside, the branch has to agree with it
        "model m(m in 1..3) = { shared S = dense(2); "
        "input(2) -> S -> (if m == 2 then S else (linear(m) -> S)) }",
        {(("m", 1),): None, (("m", 2),): 6, (("m", 3),): None},
    ),
    (  # a repeat inside whose first pass is another where h is not m
        "model m(h in 1..3, m in 1..3) = { shared S = (dense(m) * 2); "
        "tokens(1) -> embed(m, h) -> (S * m) }",
        {
            (("h", h), ("m", m)): m * h + h * m + m + m * m + m if m == 1 or h == m else None
            for h in (1, 2, 3)
            for m in (1, 2, 3)
        },
    ),
    (  # from pass to pass: of one pass, nothing differs
        "model m(n in 1..3) = { shared S = dense(2); input(3) -> [(linear(k) -> S) for k in 1..n] }",
        {(("n", 1),): 3 + 4, (("n", 2),): None, (("n", 3),): None},
    ),
    (  # two uses of like weights, in a branch each, and one of others that stands beside one of them
        "model m(m in 2..6) = { shared S = dense(m); input(m) -> (id | id) -> "
        "(if not (m % 3 == 0) then freeze(S) else S) -> (S * (m % 3)) }",
        {(("m", m),): 2 * m * m + m if m % 3 == 0 else None for m in (2, 3, 4, 5, 6)},
    ),
    (  # a vector of one value is added to any
        "model m(h in 1..3, n in 1..3) = { shared S = linear(h); "
        "input(h) -> (if h % 2 == 0 then linear(n) else id) -> residual(S) }",
        {
            (("h", h), ("n", n)): h * h if h != 2 else None if n == 3 else 2 * n + n * 2
            for h in (1, 2, 3)
            for n in (1, 2, 3)
        },
    ),
]


@pytest.mark.parametrize(("source", "counts"), COUNTED, ids=range(len(COUNTED)))
def test_formula_count_and_space_agree(source, counts):
    model = symparams.parse(source)
    fits = {point: n for point, n in counts.items() if n is not None}
    for point, wanted in counts.items():
        if wanted is None:
            with pytest.raises(SymparamsError, match=r"weights would differ|and 2 differ"):
                model.count(dict(point))
        else:
            assert model.count(dict(point)) == wanted
            assert model.at(dict(point)).params == wanted
    assert model.space.count == len(fits)
    best = model.search("params").best
    assert model.count(best.sizes) == max(fits.values())
    with suppress(NeedsValue):  # a formula may say less, never more
        formula = model.params
        assert [formula.subs({model.symbols[n]: v for n, v in p}) for p in fits] == [*fits.values()]


def test_a_formula_over_cases_is_exact():
    """(m + 1) at 6, 4 at 2: 3 less where m is 2."""
    assert str(symparams.parse(COUNTED[0][0]).params) == "7 - 3*KroneckerDelta(2, m)"


def test_a_use_like_the_one_before_is_compared_with_no_other(monkeypatch):
    """A thousand uses took a second: each was compared with all others."""
    compared: list[object] = []
    alike = sharing._same_weights
    monkeypatch.setattr(
        sharing, "_same_weights", lambda *given: compared.append(given) or alike(*given)
    )
    chain = " -> ".join(["S"] * 50)
    model = symparams.parse(f"model m = {{ shared S = dense(4); input(4) -> {chain} }}")
    assert model.params == 20
    assert len(compared) < 200
