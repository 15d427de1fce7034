"""Formulas that are long, deep, or made of shared parts: fast, or refused in words."""

import time
from fractions import Fraction

import pytest

from symparams.algebra import substitute, symbol, text
from symparams.algebra.facts import Facts
from symparams.algebra.forms import Plus, Raised, Times, text_of, value
from symparams.algebra.long_division import common_monomial
from symparams.algebra.polynomial import Polynomial, add_up
from symparams.algebra.size_functions.base import rebuild
from symparams.algebra.size_functions.catalogue import FUNCTIONS
from symparams.algebra.size_functions.rounding import floor
from symparams.algebra.writing import DEEPEST_FORM, MOST_NESTED_TERMS, expanded, nested, short
from symparams.errors import NeedsValue, SymparamsError
from tests.cli.running import run

a, b, c, h, n = map(symbol, "abchn")


def quick(limit: float = 5.0):
    """A clock: the reader gives up after some seconds."""
    begun = time.monotonic()
    return lambda: time.monotonic() - begun < limit


# --- forms ---


def depth(form):
    parts = {Plus: "terms", Times: "factors"}.get(type(form))
    if parts:
        return 1 + max(map(depth, getattr(form, parts)))
    return 1 + depth(form.base) if isinstance(form, Raised) else 0


def test_a_nested_form_is_not_nested_without_end():
    size = add_up((k + 1) * h**k for k in range(400))
    form = nested(size)
    assert value(form) == size
    assert 2 * DEEPEST_FORM - 2 <= depth(form) <= 2 * DEEPEST_FORM + 2
    assert text_of(nested(2 * h**3 + 3 * h**2 + 5 * h + 7)) == "h*(h*(2*h + 3) + 5) + 7"


def test_a_formula_of_high_degree_is_printed_and_reads_back():
    result = run("formula", "input(8) -> dense(sum(h^k for k in 1..200))")
    assert (result.code, result.err) == (0, "")
    formula = result.out.splitlines()[0]
    assert run("prove", "input(8) -> dense(sum(h^k for k in 1..200))", formula).code == 0


def test_a_long_sum_is_written_as_it_is():
    in_time = quick()
    size = add_up(symbol(f"k{j}") * h for j in range(MOST_NESTED_TERMS + 1))
    assert short(size) == expanded(size)
    assert in_time()


def test_a_thousand_symbols_are_nested_in_time():
    in_time = quick(8)
    size = add_up(symbol(f"k{j}") * symbol(f"k{j + 1}") + symbol(f"k{j}") for j in range(900))
    assert value(short(size)) == size
    assert in_time()


def test_large_coefficients_are_not_factored():
    in_time = quick()
    size = 36**1000 * n - 35**1000
    assert value(short(size)) == size
    assert in_time()


@pytest.mark.parametrize(
    ("size", "common"),
    [
        (h * n + h**2, "h"),
        (h * n + 1, ""),
        (h / n + h**2 / n**3, "h/n^3"),
        (h / n + 1, "1/n"),
        (a**2 * b * c**3 + a * c**2 + a**4 * c**5, "a*c^2"),
    ],
)
def test_what_divides_all_terms(size, common):
    found = common_monomial(size.terms)
    assert (text(Polynomial({found: 1})) if found else "") == common


# --- powers ---


@pytest.mark.parametrize("base", [h + 1, 2 * h - 3, h / 2 + n, h**2 - 1 / h, h - h * n])
@pytest.mark.parametrize("exponent", [1, 2, 3, 7, 12])
def test_a_power_of_two_terms_is_the_repeated_product(base, exponent):
    wanted = 1
    for _ in range(exponent):
        wanted = wanted * base
    assert base**exponent == wanted


def test_the_largest_power_of_a_sum_is_quick():
    in_time = quick()
    size = (h + 1) ** 1000
    assert len(size.terms) == 1001
    assert substitute(size, {"h": 1}) == 2**1000
    assert in_time()
    with pytest.raises(SymparamsError, match="an exponent above"):
        (h**2 + 1) ** 1000
    with pytest.raises(SymparamsError, match=r"this product has .* terms, more than 500,000"):
        (a + b + c + h) ** 100


def test_fractions_are_added_exactly():
    parts = [Fraction(1, k) for k in range(1, 60)]
    assert add_up(parts) == sum(parts)
    assert add_up([Fraction(1, 2), Fraction(1, 2), h]) == h + 1
    assert add_up([Fraction(1, 2), Fraction(-1, 2)]) == 0


# --- cases ---


@pytest.mark.parametrize("condition", ["h == 5", "h != 5", "h % 2 == 0", "h < 150"])
def test_an_if_over_200_values_is_a_formula(condition):
    in_time = quick(20)
    listed = ", ".join(map(str, range(1, 201)))
    source = f"model m(h in {{{listed}}}) = input(1) -> linear(if {condition} then 2 else 3)"
    result = run("formula", source)
    assert (result.code, result.err) == (0, "")
    for at in (4, 5, 6, 149, 200):
        wanted = 2 if holds(condition, at) else 3
        assert run("count", source, "--set", f"h={at}").out == f"{wanted}\n"
    assert in_time()


def holds(condition, at):
    tests = {"%": at % 2 == 0, "==": at == 5, "!=": at != 5, "<": at < 150}
    return next(answer for sign, answer in tests.items() if f" {sign} " in condition)


# --- functions of functions ---


def climbing(levels, start):
    """Each level uses the one before twice: (3*x + 1)//2."""
    size = start
    for _ in range(levels):
        size = floor((3 * size + 1) * Fraction(1, 2))
    return size


def test_floors_of_floors_are_refused_before_they_grow_without_end():
    in_time = quick()
    with pytest.raises(NeedsValue, match="a formula in 'n' would have more than 20,000 characters"):
        climbing(30, n)
    assert in_time()
    with pytest.raises(NeedsValue, match="has functions in functions, more than 50 deep"):
        nested_extremes(60)


def nested_extremes(levels):
    size = n
    for k in range(levels):
        size = FUNCTIONS["max"](size, h - k) * h - n
    return size


def test_shared_parts_are_substituted_once():
    in_time = quick()
    size = climbing(10, n)
    assert substitute(size, {"n": 7}) == climbing(10, 7)
    assert substitute(size, {"n": h}) == climbing(10, h)
    assert {s.name for s in size.symbols()} == {"n"}
    assert in_time()


def test_shared_parts_are_rebuilt_once():
    size = climbing(9, n)
    again = rebuild(size, Facts(multiples={"n": 2}))
    assert substitute(again, {"n": 8}) == substitute(size, {"n": 8})


@pytest.mark.parametrize("command", ["formula", "show", "explain", "sensitivity"])
@pytest.mark.parametrize("output", ["table", "latex", "json"])
def test_the_deepest_functions_are_shown(command, output):
    size = "n"
    for k in range(24):
        size = f"max(({size})//3, h + {k}) + h*h"
    args = [command, f"input(3) -> dense({size})", "--format", output]
    result = run(*args, *(["--set", "n=7,h=5"] if command == "sensitivity" else []))
    assert (result.code, result.err) == (0, "")


def test_an_extreme_of_many_is_quick():
    in_time = quick(8)
    names = ", ".join(f"a{k}" for k in range(400))
    result = run("formula", f"input(8) -> dense(max({names}))")
    assert result.code == 0
    assert in_time()


# --- sources of the issue ---

CHAIN = "".join(f"block b{k}(x) = b{k + 1}({{0}})\n" for k in range(1, 40))


@pytest.mark.parametrize(
    ("twice", "told"),
    [
        ("(x, x)", "a bundle of more than 100,000 values"),
        ("[x, x]", "a list of more than 100,000 values"),
    ],
)
def test_an_argument_doubled_along_a_chain_is_stopped(tmp_path, twice, told):
    in_time = quick()
    text = CHAIN.replace("{0}", twice) + "block b40(x) = dense(4)\nmodel m = input(3) -> b1(5)\n"
    (tmp_path / "chain.arch").write_text(text)
    result = run("count", "chain.arch", cwd=tmp_path)
    assert result.code == 2
    assert told in result.err
    assert in_time()


def test_a_bundle_doubled_along_a_chain_is_stopped():
    result = run("count", f"block t = (id, id); model m = input(3) -> {' -> '.join(['t'] * 40)}")
    assert result.code == 2
    assert "a bundle of more than 10,000 tensors" in result.err


LARGE = {
    "a power of a number": ("prove", "input(8) -> (id | linear(h)) * n", "36^1000", 1),
    "a power of a sum": ("formula", "input(8) -> dense((h+1)^1000)", "", 0),
    "a thousand sizes": ("formula", "model m(k[1000]) = input(8) -> [dense(n) for n in k]", "", 0),
    "their page": ("show", "model m(k[1000]) = input(8) -> [dense(n) for n in k]", "", 0),
    "many terms": ("formula", "input(8) -> dense((a + b + c + d + e)^16)", "", 0),
}


@pytest.mark.parametrize("name", LARGE)
def test_large_formulas_are_told_in_time(name):
    in_time = quick(10)
    *args, code = LARGE[name]
    result = run(*filter(None, args))
    assert (result.code, result.err) == (code, "")
    assert in_time()
