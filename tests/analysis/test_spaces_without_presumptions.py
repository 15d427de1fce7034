"""A space has every configuration that a count answers for, whatever a formula presumes.

Beside each source stand the counts of its configurations one by one, with numbers for all sizes.
"""

from itertools import product

import pytest

import symparams
from symparams.analysis.checks import check
from symparams.errors import Source, SymparamsError

#: Sources, the values of their sizes, and what is measured.
SPACES = [
    (
        "input(5, 8) -> [dense(k) for k in 3..n] -> permute(1, 0) -> crop(1)",
        {"n": range(1, 7)},
        "params",
    ),
    ("input(8) -> linear(1 + sum(k for k in a..3))", {"a": range(1, 7)}, "params"),
    (
        "input(8) -> linear(1 + sum(k^2 for k in a..b))",
        {"a": range(1, 5), "b": range(1, 5)},
        "params",
    ),
    ("input(8) -> [linear(n - k) for k in 1..n-1] -> linear(2)", {"n": range(1, 4)}, "params"),
    ("input(8) -> [linear(sum(j for j in k..3) + 2) for k in 1..n]", {"n": range(1, 8)}, "params"),
    ("input(8) -> (groupnorm(4) -> linear(h)) * n", {"h": range(1, 5), "n": range(1, 3)}, "params"),
    (
        "input(2) -> (split(2) -> cat -> linear(h)) * n",
        {"h": range(1, 3), "n": range(1, 3)},
        "params",
    ),
    (
        "input(s, 8) -> (crop(2) -> pad(2) -> linear(8)) * (n - 1)",
        {"s": range(1, 7), "n": range(1, 3)},
        "params",
    ),
    ("input(3, 8) -> attention(n) * (3 - n)", {"n": range(1, 4)}, "params"),
    (
        "input(d) -> dense(h) * n",
        {"d": range(2, 4), "h": range(2, 4), "n": range(1, 4)},
        "dense1.params",
    ),
    ("input(8) -> dense(8)*(n - 1) -> dense(3)", {"n": range(1, 4)}, "dense1.params"),
    (
        "{ shared A = linear(h); input(h) -> linear(h) -> A * (n - 1) }",
        {"h": range(1, 4), "n": range(1, 4)},
        "params",
    ),
    ("{ shared S = linear(2); input(m) -> S * m }", {"m": range(1, 5)}, "params"),
    ("input(8) -> [linear((k - 6)^2) -> dense(8) for k in 1..n]", {"n": range(1, 10)}, "params"),
]


def one_by_one(source, values, measure):
    """The measure at each configuration that a count answers for."""
    found = []
    for point in product(*values.values()):
        try:
            found.append(
                symparams.parse(source).count(measure, **dict(zip(values, point, strict=True)))
            )
        except SymparamsError:
            continue
    return found


@pytest.mark.parametrize(("source", "values", "measure"), SPACES, ids=[s for s, _, _ in SPACES])
def test_a_search_has_what_counts_have(source, values, measure):
    counted = one_by_one(source, values, measure)
    model = symparams.parse(source)
    over = {name: list(numbers) for name, numbers in values.items()}
    assert model.space.over(**over).count == len(counted)
    for minimize, end in ((True, min(counted)), (False, max(counted))):
        goal = {"minimize" if minimize else "maximize": measure}
        best = model.search(over={n: written(v) for n, v in values.items()}, **goal)
        assert (best.proved, best.best.goals) == (True, (end,))


def written(values):
    return f"{values.start}..{values.stop - 1}"


def test_macs_of_a_layer_are_whole():
    layer = "layer L(o) on [i] { weight w[i, o]; output [o]; macs o/2 - 1 }\n"
    model = symparams.parse(layer + "model m(n) = input(3) -> L(n)")
    assert model.conditions == ("n % 2 == 0",)
    with pytest.raises(SymparamsError, match="'macs' must be an integer, not 1/2"):
        model.count(n=3)


def test_a_proof_speaks_where_its_conditions_hold_and_a_claim_everywhere():
    source = "model q(n in 1..4) = input(8) -> dense(5)*(n-1)"
    proof = symparams.parse(source).prove("30*n - 15")
    assert proof.verdict.equal is True
    assert [c.formula() for c in proof.network.open_conditions] == ["n >= 2"]
    (claim,) = check([Source("q.arch", source + "\nexpect q.params == 30*n - 15")]).judgements
    assert (claim.holds, claim.point) == (False, {"n": 1})
