"""How much is decided: a change that gives up where an answer was found goes red here.

The problems are random and seeded; every answer that is given is checked. A floor
is what was decided when it was written; more may be.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from random import Random

import pytest

import symparams
from symparams.errors import SymparamsError

#: Terms in h by kind: (text, the same as a function).
Term = tuple[str, Callable[[int], int]]


def power_term(draw: Random) -> Term:
    factor, power = draw.randint(1, 9), draw.randint(1, 3)
    return f"{factor}*h^{power}", lambda h: factor * h**power


def falling_term(draw: Random) -> Term:
    factor, power = draw.randint(1, 40), draw.randint(0, 2)
    return f"(-{factor})*h^{power}", lambda h: -factor * h**power


def floor_term(draw: Random) -> Term:
    factor, add, by = draw.randint(1, 9), draw.randint(0, 7), draw.randint(2, 6)
    return f"{factor}*((h + {add})//{by})", lambda h: factor * ((h + add) // by)


def rest_term(draw: Random) -> Term:
    by = draw.randint(2, 6)
    return f"(h % {by})", lambda h: h % by


def floor_times_term(draw: Random) -> Term:
    by = draw.randint(2, 5)
    return f"h*(h//{by})", lambda h: h * (h // by)


def most_term(draw: Random) -> Term:
    factor, add, least = draw.randint(1, 5), draw.randint(-3, 3), draw.randint(1, 60)
    return f"{factor}*max(h + {add}, {least})", lambda h: factor * max(h + add, least)


def least_term(draw: Random) -> Term:
    factor, most = draw.randint(1, 9), draw.randint(1, 60)
    return f"{factor}*min(h, {most})*h", lambda h: factor * min(h, most) * h


KINDS = {
    "polynomials": [power_term, power_term, falling_term],
    "floors": [floor_term, floor_term, power_term],
    "floors times sizes": [floor_times_term, floor_term, power_term],
    "remainders": [rest_term, power_term, floor_term],
    "minima and maxima": [most_term, least_term, power_term],
    "all kinds": [power_term, falling_term, floor_term, rest_term, most_term, least_term],
}

SIGNS: dict[str, Callable[[int, int], bool]] = {
    "<=": lambda a, b: a <= b,
    "<": lambda a, b: a < b,
    ">=": lambda a, b: a >= b,
    ">": lambda a, b: a > b,
    "==": lambda a, b: a == b,
}

#: How far a size is tried: what is over no budget here turns beyond.
FAR = 3_000

#: Of 60 budgets for a size without an end, how many are decided.
SOLVED = {
    "polynomials": 60,
    "floors": 60,
    "floors times sizes": 60,
    "remainders": 39,
    "minima and maxima": 60,
    "all kinds": 42,
}


def asked(draw: Random, kind: str) -> tuple[str, str, int, Callable[[int], int]]:
    """(formula, sign, bound, function) of a random budget."""
    terms = [draw.choice(KINDS[kind])(draw) for _ in range(draw.randint(1, 3))]
    function = lambda h: sum(f(h) for _, f in terms)  # noqa: E731
    near = function(draw.randint(1, 90)) + draw.choice([0, 0, 1, -1, 7])
    return " + ".join(t for t, _ in terms), draw.choice(sorted(SIGNS)), near, function


def checked(budget: tuple[str, str, int, Callable[[int], int]]) -> bool:
    """Whether a budget is decided; what is said of it is compared with trying."""
    written, sign, bound, function = budget
    good = [h for h in range(1, FAR) if SIGNS[sign](function(h), bound)]
    model = symparams.parse("input(h) -> linear(1)")
    try:
        found = model.solve(f"{written} {sign} {bound}", "h")
    except SymparamsError as error:
        told = error.message
        if "undecided" in told:
            return False
        if told.startswith("there is no largest"):
            assert good[-1] == FAR - 1, told
        elif told.startswith("no 'h' meets"):
            assert not good, told
            extreme = (min if sign[0] == "<" else max)(map(function, range(1, FAR)))
            assert f"comes to is {extreme:,}," in told
        else:
            assert "does not depend" in told, told
        return True
    if sign == "==":
        assert found.value in good if good else found.value is None
        for near, better in ((found.below, max), (found.above, min)):
            side = [
                v
                for v in map(function, range(1, FAR))
                if (v < bound) == (better is max) and v != bound
            ]
            if found.value is None and near is not None:
                assert near.reached == better(side)
        return True
    best = good[-1] if sign[0] == "<" else good[0]
    assert (found.value, found.reached) == (best, function(best))
    return True


@pytest.mark.parametrize("kind", KINDS)
def test_solve(kind):
    draw = Random(f"solve {kind}")
    decided = sum(checked(asked(draw, kind)) for _ in range(60))
    assert decided >= SOLVED[kind]


# --- proofs ------------------------------------------------------------------

#: Shapes with the same in other words, and with what is nearly the same.
PAIRS = [
    ("a*(h + {c})", "a*h + {c}*a", "a*h + {c}*h"),
    ("(a + {c})^2 - a^2", "2*{c}*a + {c}^2", "2*{c}*a + {c}^2 - a % 2"),
    ("h//{d} + (h + {e})//{d}", "(h + {e})//{d} + h//{d}", "(2*h + {e} + 1)//{d}"),
    ("ceil(h/{d})", "(h + {e})//{d}", "h//{d} + 1"),
    ("{d}*(h//{d}) + h % {d}", "h", "h + 1 - 1//h"),
    ("max(a, h) + min(a, h)", "a + h", "2*a"),
    ("max(a + {c}, {c})", "a + {c}", "a + {c} + 1//a"),
    ("min(a, a + h)", "a", "a + h"),
    ("2^(a + {c})", "2^{c}*2^a", "2^{c}*a^2"),
    ("(h^2 - 1)*(h^2 + 1)", "h^4 - 1", "h^4 - h"),
    ("sum(k*h for k in 1..a)", "h*a*(a + 1)/2", "h*a^2/2 + h"),
    ("(a*h)//a + {c}", "h + {c}", "h + {c} + h//{d}"),
    ("round_up(h, {d})", "{d}*((h + {e})//{d})", "{d}*(h//{d}) + {d}"),
    ("a*(h//{d}) + a", "a*((h + {d})//{d})", "a*((h + {e})//{d})"),
    ("(h//{d})//{c}", "h//({c}*{d})", "h//({c}*{d} + 1)"),
]

#: Of 150 proofs of what is equal, and of what is not, how many are decided.
PROVED = {"equal": 140, "different": 150}


@pytest.mark.parametrize("wanted", PROVED)
def test_prove(wanted):
    draw = Random(f"prove {wanted}")
    found: Counter[bool | None] = Counter()
    for _ in range(10):
        for one, same, other in PAIRS:
            d = draw.randint(2, 7)
            numbers = {"c": draw.randint(2, 9), "d": d, "e": d - 1}
            model = symparams.parse(f"input(a, h) -> linear({one.format(**numbers)})")
            formula = (same if wanted == "equal" else other).format(**numbers)
            found[model.prove(f"h*({formula})").verdict.equal] += 1
    assert found[wanted != "equal"] == 0
    assert found[wanted == "equal"] >= PROVED[wanted]


# --- crossovers --------------------------------------------------------------

#: Of 60 crossovers, of how many the order is known everywhere.
CROSSED = 38


def sign(number: int) -> int:
    return (number > 0) - (number < 0)


def test_crossover():
    draw = Random("crossover")
    known = 0
    for _ in range(60):
        terms = [
            draw.choice([power_term, floor_term, floor_times_term, most_term])(draw)
            for _ in range(2)
        ]
        others = [draw.choice([power_term, floor_term])(draw) for _ in range(2)]
        left, right = (" + ".join(t for t, _ in part) for part in (terms, others))
        text = f"model m(h = 5) = input(1) -> (linear({left}) | linear({right}))"
        model = symparams.parse(text)
        found = model.crossover("linear[0]", "linear[1]")
        one = lambda h, of: sum(f(h) for _, f in of)  # noqa: E731
        signs = [sign(one(h, terms) - one(h, others)) for h in range(1, FAR)]
        spans = [s for along in found.along.values() for s in along.spans or ()]
        known += found.always is not None or bool(spans)
        assert found.always is None or set(signs) == {found.always}
        for span in spans:
            last = FAR - 1 if span.last is None else min(int(span.last), FAR - 1)
            assert set(signs[int(span.first) - 1 : last]) <= {span.sign}
    assert known >= CROSSED


# --- searches ------------------------------------------------------------------


def test_search():
    """Without a time limit, all are proved; so are the bounds."""
    draw = Random("search")
    for _ in range(40):
        goal, _, _, function = asked(draw, draw.choice(sorted(KINDS)))
        most = draw.randint(1, 4_000)
        model = symparams.parse("model m(h in 1..60, l in 1..9) = input(h) -> linear(l)")
        admitted = [(h, l) for h in range(1, 61) for l in range(1, 10) if h * l * l <= most]  # noqa: E741
        best = max(Fraction(function(h) * l) for h, l in admitted)  # noqa: E741
        found = model.search(f"({goal})*l", f"params*l <= {most}")
        assert found.proved
        assert found.best.goals == (best,) == (found.bound,)
        assert model.space.within(f"params*l <= {most}").count == len(admitted)
