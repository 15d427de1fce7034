"""Sizes and forms as LaTeX, against exact strings."""

from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

from symparams.algebra import (
    Size,
    ceil,
    floor,
    make_divisible,
    maximum,
    minimum,
    power,
    product,
    symbol,
)
from symparams.algebra.forms import FormLeaf, Plus, Raised, Times, text_of
from symparams.algebra.writing import by_degree, expanded, nested
from symparams.errors import SymparamsError
from symparams.network.shapes import Signal
from symparams.views.cells import Copies, Equation, Over, Relation, phrase
from symparams.views.latex import escape, latex_formula, latex_math, latex_name, latex_text
from symparams.views.written import dotted, shown

h, i, n, H = (symbol(name) for name in ("h", "i", "n", "H"))
lstm = 4 * (h * (h + i) + h)

FORMULAS = [
    (0, "0"),
    (138_357_544, "138{,}357{,}544"),
    (-1234, "-1{,}234"),
    (Fraction(1, 2), r"\frac{1}{2}"),
    (Fraction(-4097, 2), r"-\frac{4{,}097}{2}"),
    (lstm, r"4\,h^{2} + 4\,h\,i + 4\,h"),
    (nested(lstm), r"4\,h\,(h + i + 1)"),
    (by_degree(lstm), r"4\,\left(h\,(h + i) + h\right)"),
    (by_degree(h * h * n / i), r"\frac{h^{2}\,n}{i}"),
    (1 / h, r"\frac{1}{h}"),
    (1000 * h - 2000, r"1{,}000\,h - 2{,}000"),
    (2 - h, r"-h + 2"),
    (power(2, n), "2^{n}"),
    (3 * power(2, n) ** 2, r"3 \cdot 2^{2\,n}"),
    (h * power(2, n + 1), r"2 \cdot 2^{n}\,h"),
    (power(h, n), "h^{n}"),
    (floor((H + 1) / 2), r"\left\lfloor \frac{H + 1}{2} \right\rfloor"),
    (floor(H / 2) ** 2, r"\left\lfloor \frac{H}{2} \right\rfloor^{2}"),
    (floor(h / i), r"\left\lfloor \frac{h}{i} \right\rfloor"),
    (minimum(h, i), r"\min(h, i)"),
    (maximum(floor(H / 2), i), r"\max\left(\left\lfloor \frac{H}{2} \right\rfloor, i\right)"),
    (make_divisible(h, 8), r"\operatorname{make\_divisible}(h, 8)"),
    (Times((FormLeaf(3), FormLeaf(3), FormLeaf(32))), r"3 \cdot 3 \cdot 32"),
    (Times((FormLeaf(-1), Plus((FormLeaf(h), FormLeaf(i))))), "-(h + i)"),
    (Times((FormLeaf(h), FormLeaf(-2 * i))), r"h\,(-2\,i)"),
    (Raised(Plus((FormLeaf(h), FormLeaf(i))), 2), "(h + i)^{2}"),
    (Plus((FormLeaf(h), Plus((FormLeaf(i), FormLeaf(1))))), "h + (i + 1)"),
]


@pytest.mark.parametrize(("formula", "latex"), FORMULAS)
def test_formula(formula, latex):
    assert latex_formula(formula) == latex


@pytest.mark.parametrize(
    ("name", "latex"),
    [
        ("h", "h"),
        ("alpha", r"\alpha"),
        ("Gamma", r"\Gamma"),
        ("λ", r"\lambda"),
        ("d_model", r"d_{\text{model}}"),
        ("kv_heads", r"\mathrm{kv}_{\text{heads}}"),
        ("h_1", "h_{1}"),
        ("lambda_k", r"\lambda_{k}"),
        ("h_θ", r"h_{\theta}"),
        ("hprime", "h'"),
        ("xhat_2", r"\hat{x}_{2}"),
        ("x__2", "x^{2}"),
        ("a_1_2", "a_{1,2}"),
        ("layernorm", r"\mathrm{layernorm}"),
        ("модель", r"\text{model'}"),
        ("模", r"\text{U+6A21}"),
        ("_x", r"\text{\_x}"),
        ("Alpha", r"\mathrm{A}"),
        ("hbar", r"\hbar"),
        ("k[3]", "k_{3}"),
        ("k[i, j]", "k_{i,j}"),
        ("kv[0]", r"\mathrm{kv}_{0}"),
        ("f1", "f_{1}"),
        ("alpha2", r"\alpha_{2}"),
        ("conv2", r"\mathrm{conv}_{2}"),
        ("ä", r"\ddot{a}"),
        ("a$b", r"\text{a\$b}"),
    ],
)
def test_name(name, latex):
    assert latex_name(name) == latex


@pytest.mark.parametrize(
    ("cell", "latex"),
    [
        (Signal((224, 224, 64)), r"224 \times 224 \times 64"),
        (Signal((H - 2, 2 * h)), r"(H - 2) \times 2\,h"),
        (Signal((h,), tokens=True), r"\mathrm{tokens}(h)"),
        (Signal(()), r"\mathrm{scalar}"),
        (Copies(3), r"\times 3"),
        (Copies(n - 1), r"\times (n - 1)"),
        (Relation(H, ">=", 3), r"H \ge 3"),
        (Relation(h, "==", i), "h = i"),
        (Relation(4, "divides", h), r"4 \mid h"),
        (Equation((Times((FormLeaf(3), FormLeaf(h))), FormLeaf(3 * h))), r"3 \cdot h = 3\,h"),
        (
            Equation((Times((Over(FormLeaf(32), FormLeaf(4)), FormLeaf(h))), FormLeaf(8 * h))),
            r"\frac{32}{4} \cdot h = 8\,h",
        ),
        ("words", None),
        (None, None),
    ],
)
def test_cell(cell, latex):
    assert latex_math(cell) == latex


def test_text_mode():
    assert latex_text(phrase("if ", Relation(H, ">=", 3))) == r"if $H \ge 3$"
    assert escape("a_b < 50% → [λ] × 2…") == (
        r"a\_b \textless{} 50\% $\to$ {[}$\lambda${]} $\times$ 2\ldots{}"
    )


@pytest.mark.parametrize(
    ("form", "text"),
    [
        (Times((FormLeaf(3), FormLeaf(4096), FormLeaf(h))), "3·4,096·h"),
        (Times((Over(FormLeaf(32), FormLeaf(4)), FormLeaf(64))), "(32/4)·64"),
        (Times((Times((FormLeaf(2), FormLeaf(h))), FormLeaf(h))), "(2·h)·h"),
        (Times((FormLeaf(h / i), FormLeaf(h))), "(h/i)·h"),
        (Times((FormLeaf(h), FormLeaf(-2))), "h·(-2)"),
        (Over(Times((FormLeaf(h), FormLeaf(i))), FormLeaf(4)), "(h·i)/4"),
        (Raised(Plus((FormLeaf(h), FormLeaf(i))), 2), "(h + i)^2"),
        (FormLeaf(symbol("x1000") * 1000), "1,000·x1000"),
        (FormLeaf(1000 * ceil(H / 2048)), "1,000·floor((H + 2,047)/2,048)"),
    ],
)
def test_written_by_hand(form, text):
    assert dotted(form) == text


# --- whatever the size -----------------------------------------------------

atoms = st.sampled_from(
    [
        h,
        i,
        n,
        symbol("kv_heads"),
        symbol("beta"),
        symbol("k[3]"),
        floor((H + 1) / 2),
        power(2, n),
        minimum(h, i),
        make_divisible(h, 8),
    ]
)
numbers = st.one_of(st.integers(-(10**30), 10**30), st.fractions(max_denominator=1000))


@st.composite
def sizes(draw: st.DrawFn) -> Size:
    terms = draw(
        st.lists(
            st.tuples(numbers, st.lists(st.tuples(atoms, st.integers(-2, 3)), max_size=3)),
            max_size=5,
        )
    )
    total: Size = 0
    for number, powers in terms:
        factors = [
            number
            if not isinstance(number, Fraction) or number.denominator != 1
            else number.numerator
        ]
        total = total + product([*factors, *(a**e for a, e in powers)])
    return total


@given(sizes())
def test_any_size_has_a_text_and_balanced_latex(size):
    for form in (expanded(size), nested(size), by_degree(size)):
        latex = latex_formula(form)
        assert latex.count("{") == latex.count("}")
        assert latex.count("(") == latex.count(")")
        assert latex.count(r"\left") == latex.count(r"\right")
        assert dotted(form)
        assert shown(form) == text_of(form)
    assert shown(size)
    assert latex_text(size).startswith("$")


@given(st.text(max_size=40))
def test_any_text_can_be_shown(words):
    assert shown(words).isprintable() or any(c.isspace() for c in words)
    assert escape(words) is not None
    assert latex_name(words or "x")


def test_a_size_too_long_is_an_error_not_a_crash():
    with pytest.raises(SymparamsError, match="more than 4,300 digits"):
        power(10, 4400)
