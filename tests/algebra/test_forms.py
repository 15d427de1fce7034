"""Forms: the same size written differently, and never another size."""

from __future__ import annotations

import time
from fractions import Fraction

import pytest
from hypothesis import assume, given, strategies as st

from symparams.algebra import Polynomial, floor, maximum, ordered, power, symbol, terms_of, text
from symparams.algebra.atoms import by_key
from symparams.algebra.border import from_sympy, to_sympy
from symparams.algebra.forms import FormLeaf, Times, text_of, value
from symparams.algebra.unexpanded import form_to_sympy
from symparams.algebra.writing import (
    by_degree,
    collected,
    common_factor,
    expanded,
    factored,
    grouped,
    nested,
    short,
    take_out,
)
from tests.algebra.divisions import divisions_over_sums
from tests.algebra.expressions import built, formulas, laurent, polynomials, read_back

L, V, a, b, d, f, h, i, n, o, s = (symbol(x) for x in ("L", "V", *"abdfhinos"))

FORMS = {
    "expanded": expanded,
    "factored": factored,
    "nested": nested,
    "short": short,
    "by_degree": by_degree,
    "collected": lambda size: collected(size, ("h", "d")),
}

LSTM = 4 * (h * (h + i) + h)
GRU_TWO_BIASES = 3 * (h * (h + i) + 2 * h)
GPT2 = V * h + s * h + L * (12 * h**2 + 13 * h) + 2 * h

WRITTEN = [
    (LSTM, "by_degree", "4*(h*(h + i) + h)"),
    (LSTM, "expanded", "4*h^2 + 4*h*i + 4*h"),
    (LSTM, "factored", "4*h*(h + i + 1)"),
    (LSTM, "nested", "4*h*(h + i + 1)"),
    (LSTM, "short", "4*h*(h + i + 1)"),
    (GRU_TWO_BIASES, "by_degree", "3*(h*(h + i) + 2*h)"),
    (GRU_TWO_BIASES, "short", "3*h*(h + i + 2)"),
    (GPT2, "expanded", "12*L*h^2 + 13*L*h + V*h + h*s + 2*h"),
    (GPT2, "nested", "h*(L*(12*h + 13) + V + s + 2)"),
    (GPT2, "factored", "h*(12*L*h + 13*L + V + s + 2)"),
    (GPT2, "short", "h*(L*(12*h + 13) + V + s + 2)"),
    ((i + 1) * o, "by_degree", "i*o + o"),
    ((i + 1) * o, "short", "i*o + o"),
    ((f * f * i + 1) * o, "short", "f^2*i*o + o"),
    ((h + 1) ** 3, "factored", "(h + 1)^3"),
    (2 * (h + 1) ** 2 * (i - 3), "factored", "2*(i - 3)*(h + 1)^2"),
    (h**2 - i**2, "factored", "(h - i)*(h + i)"),
    (i - h, "factored", "-1*(h - i)"),
    (h / 2 + i / 3, "factored", "h/2 + i/3"),
    (d * b / a + d, "factored", "d*(1 + b/a)"),
    (h**2 / 2 + h / 2, "factored", "h/2*(h + 1)"),
    (h**2 / 2 + h / 2, "short", "h/2*(h + 1)"),
    ((h + 1) * (h / a + 3), "factored", "(h + 1)*(3 + h/a)"),
    ((h + 1) * (h / 2 + 3) * b, "factored", "b*(h + 1)*(h/2 + 3)"),
    (h * (h + 1) ** 2 / 4 + h, "short", "h^3/4 + h^2/2 + 5*h/4"),
    (L * h**2 * 2 + L * h**2 * d / a * 2 + V * h, "short", "h*(2*L*h*(1 + d/a) + V)"),
    (power(2, n) * h + power(2, n), "factored", "2^n*(h + 1)"),
    (floor(h / 2) * i + floor(h / 2), "nested", "floor(h/2)*(i + 1)"),
    (h, "short", "h"),
    (7, "short", "7"),
    (0, "expanded", "0"),
    (Fraction(1, 2), "short", "1/2"),
]


@pytest.mark.parametrize(
    ("size", "form", "shown"), WRITTEN, ids=[f"{f}-{t}" for _, f, t in WRITTEN]
)
def test_written(size, form, shown):
    made = FORMS[form](size)
    assert text_of(made) == shown
    assert value(made) == size
    assert read_back(shown) == size


SIZES = (polynomials() | laurent() | formulas()).map(built).filter(lambda size: size is not None)


@given(SIZES)
def test_every_form_is_worth_its_size(size):
    for make in FORMS.values():
        assert value(make(size)) == size


@given(SIZES)
def test_text_reads_back_as_the_same_size(size):
    assert read_back(text(size)) == size
    for make in FORMS.values():
        assert read_back(text_of(make(size))) == size


@given(SIZES)
def test_no_form_is_shorter_than_short(size):
    def length(form):
        return len(text_of(form).replace(" ", ""))

    assert length(short(size)) <= min(length(expanded(size)), length(nested(size)))


@given(SIZES)
def test_what_is_taken_out_leaves_whole_coefficients(size):
    assume(isinstance(size, Polynomial))
    outside, inside = take_out(size)
    assert outside * inside == size
    if isinstance(inside, Polynomial) and len(size.terms) > 1:
        assert all(isinstance(c, int) for c in inside.terms.values())
        lowest = [min(dict(m).get(x, 0) for m in inside.terms) for x in inside.atoms()]
        assert not any(lowest)


@given(st.lists(st.tuples(polynomials(leaves=3), polynomials(leaves=3)), max_size=5))
def test_groups_add_up(pairs):
    sizes = [(built(x), built(y)) for x, y in pairs]
    form = grouped((x, by_degree(y)) for x, y in sizes)
    assert value(form) == sum((x * y for x, y in sizes), 0)
    assert read_back(text_of(form)) == value(form)


def test_equal_groups_are_counted_together():
    layer = by_degree(LSTM)
    assert text_of(grouped([(1, layer), (2, layer)])) == "12*(h*(h + i) + h)"
    assert text_of(grouped([(1, layer), (n, layer)])) == "4*(n + 1)*(h*(h + i) + h)"
    assert text_of(grouped([(n - 1, layer)])) == "4*(n - 1)*(h*(h + i) + h)"
    assert text_of(grouped([(3, FormLeaf(0))])) == "0"
    assert text_of(grouped([])) == "0"


@given(SIZES)
def test_forms_in_sympy_are_worth_the_same(size):
    for make in FORMS.values():
        assert from_sympy(form_to_sympy(make(size)).doit()) == from_sympy(to_sympy(size))


def test_sympy_keeps_the_grouping():
    assert str(form_to_sympy(by_degree(LSTM))) == "4*(h*(h + i) + h)"
    assert str(form_to_sympy(nested(GPT2))) == "h*(L*(12*h + 13) + V + s + 2)"
    assert str(form_to_sympy(factored((h + 1) ** 2 * i))) == "i*(h + 1)**2"
    assert str(form_to_sympy(Times((expanded(n - 1), by_degree(LSTM))))) == (
        "(n - 1)*(4*(h*(h + i) + h))"
    )


FAR = {
    "high powers": h**997 + i**500 + 1,
    "gaps": h**700 + 3 * h**350 * i**200 + i**301 + 5,
    "many symbols": sum((symbol(f"x{k}") * symbol(f"x{k + 1}") for k in range(30)), 1),
    "many terms": (h + i + o + 1) ** 8,
    "functions": maximum(h, i) ** 2 * floor(h / 3) - power(2, n) * maximum(h, i),
}


@pytest.mark.parametrize("size", FAR.values(), ids=FAR.keys())
def test_no_reader_waits_for_a_form(size):
    start = time.process_time()
    for make in FORMS.values():
        assert value(make(size)) == size
    assert time.process_time() - start < 10


@pytest.mark.parametrize(
    ("size", "shown"),
    [
        (h * (a + b + L) - n * (d + V) - 1, "h*(L + a + b) - n*(V + d) - 1"),
        (h * (a + b + L) - n * (d + V) - d * V, "h*(L + a + b) - V*(d + n) - d*n"),
        (h * (a + b) - L - d, "h*(a + b) - L - d"),
    ],
)
def test_what_is_taken_away_keeps_its_sign(size, shown):
    form = nested(size)
    assert text_of(form) == shown
    assert value(form) == size


# --- the order of a model --------------------------------------------------

ORDERS = [("i", "h"), ("h", "i", "d", "n", "a", "b"), ("b", "a", "x", "y", "n", "h")]


@given(SIZES, st.sampled_from(ORDERS))
def test_another_order_is_the_same_size(size, order):
    for make in FORMS.values():
        form = make(size).arranged(order)
        assert value(form) == size
        assert read_back(text_of(form)) == size


@given(SIZES, st.sampled_from(ORDERS))
def test_terms_fall_in_degree_and_do_not_begin_with_a_minus_that_can_stand_later(size, order):
    terms = ordered(size, order)
    degrees = [sum(e for _, e in m) for m, _ in terms]
    assert degrees == sorted(degrees, reverse=True)
    assert {tuple(sorted(m, key=by_key)): c for m, c in terms} == dict(ordered(size))
    if terms[0][1] < 0:
        assert all(c < 0 for (_, c), d in zip(terms, degrees, strict=True) if d == degrees[0])


@pytest.mark.parametrize(
    ("size", "order", "shown"),
    [
        (h + i, ("i", "h"), "i + h"),
        (h + i, (), "h + i"),
        (h * h + h * i + i * i, ("i", "h"), "i^2 + h*i + h^2"),
        (h - i, ("i", "h"), "h - i"),
        (-h - i, ("i", "h"), "-i - h"),
        (d + h / a + V / a, ("h", "d", "V", "a"), "d + h/a + V/a"),
        (floor((h + 2 * i) / 3) * h + n, ("i", "h", "n"), "h*floor((2*i + h)/3) + n"),
        (maximum(h, 2 * i - n) + n, ("n", "i", "h"), "n + max(2*i - n, h)"),
        (power(2, h * i + i), ("i", "h"), "2^(h*i)*2^i"),
        (symbol("k#3", low=0) * h + i, ("i", "h"), "h*k + i"),
    ],
)
def test_what_is_shown_has_the_order_of_the_model(size, order, shown):
    assert text(size, order) == shown


@given(SIZES)
def test_a_common_factor_puts_no_line_below_a_term_that_has_none(size):
    assume(isinstance(size, Polynomial) and len(size.terms) > 1)
    outside, inside = common_factor(size)
    assert outside * inside == size
    ((powers, content),) = terms_of(outside).items()
    below = {a for a, e in powers if e < 0}
    assert all(below <= {a for a, e in m if e < 0} for m in size.terms)
    assert all(c.denominator % content.denominator == 0 for c in size.terms.values())


@given(SIZES)
def test_no_form_divides_a_sum_of_which_some_terms_are_no_fractions(size):
    for name, make in FORMS.items():
        assert not list(divisions_over_sums(make(size))), name
