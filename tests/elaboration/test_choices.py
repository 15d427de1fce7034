"""Words, ``choice``, elements by a size, ``when``: all cases are in the formula."""

from fractions import Fraction
from itertools import product

import pytest
import sympy
from hypothesis import given, settings, strategies as st

import symparams
from symparams.elaboration import Configurations
from symparams.errors import Source, SymparamsError
from tests.cli.running import run

CELL = """
default conv(bias = no, pad = same)
block edge(op, c) on [h, w, d] = choice op {
    none: zeros(h, w, d)
    skip: id
    narrow: conv(c, 1) -> bn
    wide: conv(c, 3) -> bn
}
model cell(o[2] in {none, skip, narrow, wide} = wide, c = 4) = {
    x = input(8, 8, c)
    y = x -> edge(o[0], c)
    (x -> edge(o[1], c)) + (y -> edge(o[1], c))
}
"""
WORDS = ("none", "skip", "narrow", "wide")
PARAMS = {"none": 0, "skip": 0, "narrow": 16 + 8, "wide": 144 + 8}


@pytest.mark.parametrize("ops", list(product(WORDS, WORDS)))
def test_every_cell(ops):
    model = symparams.parse(CELL)
    wanted = PARAMS[ops[0]] + 2 * PARAMS[ops[1]]
    assert model.count(o=list(ops)) == wanted
    assert model.count({"o[0]": ops[0], "o[1]": ops[1]}) == wanted
    # The formula of all cases, not of the one at the default.
    assert model.network.settled == {}
    compiled = model.compile(backend="python")
    assert compiled({"o[0]": WORDS.index(ops[0]) + 1, "o[1]": WORDS.index(ops[1]) + 1}) == wanted


def test_macs_too():
    model = symparams.parse(CELL)
    for ops in product(WORDS, WORDS):
        found = model.count("macs", o=list(ops))
        assert found == 64 * sum(
            k * {"narrow": 16, "wide": 144}.get(op, 0) for k, op in ((1, ops[0]), (2, ops[1]))
        )


@pytest.mark.parametrize(
    ("source", "formula"),
    [
        ("choice op { a: linear(4); b: dense(4) } -> linear(1)", "-4*[op = a] + 40"),
        ("[linear(4), dense(4)][op] -> linear(1)", "-4*[op = a] + 40"),
        ("(if op == b then dense(4) else linear(4))", "-4*[op = a] + 36"),
        ("(if b == op then dense(4) else linear(4))", "-4*[op = a] + 36"),
        ("(if op != b then dense(4) else linear(4))", "4*[op = a] + 32"),
        ("choice op { a: linear(4); b: linear(6) } -> linear(1)", "-2*(9*[op = a] - 27)"),
        ("linear(choice op { a: 4; b: 5 })", "-8*([op = a] - 5)"),
        ("linear(4*[op = a] + 5*[op = b])", "-8*([op = a] - 5)"),
        ("linear(8) * (1 + [op = a])", "64*([op = a] + 1)"),
        ("choice op { a: linear(4) -> linear(3)\n b: id }", None),
    ],
)
def test_formulas(source, formula):
    found = run("formula", f"model m(op in {{a, b}} = a) = input(8) -> {source}")
    assert found.code == 0, found.err
    if formula is not None:
        wanted = symparams.parse(f"model m(op in {{a, b}} = a) = input(8) -> {source}")
        text = found.out.splitlines()[0]
        assert (
            run("prove", f"model m(op in {{a, b}} = a) = input(8) -> {source}", f"({text})").code
            == 0
        )
        assert (
            run("prove", f"model m(op in {{a, b}} = a) = input(8) -> {source}", f"({formula})").code
            == 0
        )
        assert wanted.count(op="a") != wanted.count(op="b")


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("choice op { a: id; c: relu }", "'op' is never 'c'"),
        ("choice op { a: id }", "this choice has no branch for b"),
        ("choice op { a: id; a: relu; b: relu }", "'a' has two branches"),
        ("choice op { a: id; 3: relu }", "a word is needed here: a, b"),
        ("choice h { 3: id; 4: relu }", "'h' has no few values to choose from"),
        ("dense(op)", "'units' of 'dense' must be a size, not a word"),
        ("dense(op + 1)", "cannot add a size and a word"),
        ("(if op == d then id else relu)", "'op' is never 'd'"),
        ("(if op < a then id else relu)", "words are compared by == and !=, not by <"),
        ("[id, relu, id][op]", "3 values by a word that is one of 2"),
        (
            "choice op { a: reshape(2, 4); b: id }",
            "'a' gives a sequence of 2x4, and 'b' a vector of 8",
        ),
    ],
)
def test_errors(source, message):
    with pytest.raises(SymparamsError) as found:
        symparams.parse(f"model m(op in {{a, b}}, h) = input(8) -> {source}").params  # noqa: B018
    assert found.value.message == message


@pytest.mark.parametrize(
    ("domain", "message"),
    [
        ("op in {a, 3}", "a domain is made of numbers, or of words"),
        ("op in {a, b} = c", "'op' is never 'c'"),
        ("op in {a, b} when op == a", "whether 'op' exists depends on itself"),
        ("h in {1/2, 0}", "a domain with fractions begins above 0"),
        ("h in 0..1 step 0.5", "a domain with fractions begins above 0"),
        ("h in -1..3", "a size must not be below 0, as -1 is"),
        ("h in {1, 2} when z > 3, z", "whether 'h' exists depends on 'z', which has no few values"),
        (
            "d in {2, 3}, k in {1, 3} when d > 2",
            "'k' exists only when d > 2, and params asks for it",
        ),
    ],
)
def test_wrong_domains(domain, message):
    body = "input(8, 8, 2) -> conv(2, k)" if " k " in domain else "input(8)"
    with pytest.raises(SymparamsError) as found:
        symparams.parse(f"model m({domain}) = {body}").params  # noqa: B018
    assert found.value.message.startswith(message)


def test_what_is_set_is_a_word():
    model = symparams.parse(CELL)
    with pytest.raises(SymparamsError, match="'o' is never 'wyde'"):
        model.count(o="wyde")
    with pytest.raises(SymparamsError, match=r"'o' must be in \{none, skip, narrow, wide\}, not 2"):
        model.count(o=2)


def test_words_go_in_and_come_out():
    np = pytest.importorskip("numpy")
    model = symparams.parse(CELL)
    compiled = model.compile()
    assert compiled(compiled.defaults) == model.count()
    many = compiled({"o[0]": np.array(["none", "wide"]), "o[1]": ["skip", "narrow"]})
    assert many.tolist() == [0, 152 + 2 * 24]
    with pytest.raises(SymparamsError, match="'o\\[0\\]' is never 'wyde'"):
        compiled({"o[0]": "wyde"})


def test_domains_with_zero_and_fractions():
    model = symparams.parse(
        "model m(d in 0..2, w in 0.5..1.5 step 0.25 = 1) = input(8) -> linear(8)*d -> linear(8*w)"
        " -> (if d == 0 then dense(3) else linear(3))"
    )
    for d, w in product(range(3), (Fraction(k, 4) for k in range(2, 7))):
        assert model.count(d=d, w=w) == 64 * d + 64 * w + 24 * w + 3 * (d == 0)
        at = {model.s.d: d, model.s.w: sympy.Rational(w)}
        assert model.params.subs(at) == model.count(d=d, w=w)


# --- when --------------------------------------------------------------------

DEPTHS = st.lists(st.integers(1, 4), min_size=1, max_size=3, unique=True)


@settings(max_examples=40, deadline=None)
@given(st.lists(DEPTHS, min_size=1, max_size=2), st.integers(1, 3))
def test_distinct_configurations(depths, kernels):
    """A stage has d layers of up to 4; the kernels of absent ones make no difference."""
    values = ", ".join(str(2 * k + 1) for k in range(kernels))
    parameters = [f"d{j} in {{{', '.join(map(str, own))}}}" for j, own in enumerate(depths)]
    parameters += [f"k{j}[i < 4] in {{{values}}} when i < d{j}" for j in range(len(depths))]
    chain = " -> ".join(
        f"(if d{j} > {i} then conv(2, k{j}[{i}], pad = same, bias = no) else id)"
        for j in range(len(depths))
        for i in range(4)
    )
    model = symparams.parse(f"model m({', '.join(parameters)}) = input(8, 8, 2) -> {chain}")
    network = model.network
    found = Configurations({n: network.facts.domain(n) for n in network.symbols}, network.when)
    seen = set()
    for point in product(*depths):
        for own in product(*(product(range(kernels), repeat=d) for d in point)):
            seen.add((point, own))
    raw = 1
    for own in depths:
        raw *= len(own) * kernels**4
    assert (found.raw, found.distinct) == (raw, len(seen))
    assert network.measure("params") is not None


# --- expectations ------------------------------------------------------------

PROBABILITIES = st.lists(st.integers(0, 4), min_size=4, max_size=4).filter(any)


@settings(max_examples=25, deadline=None)
@given(PROBABILITIES, PROBABILITIES)
def test_an_expectation_is_that_of_all_cases(one, other):
    model = symparams.parse(CELL)
    p, q = ([Fraction(n, sum(many)) for n in many] for many in (one, other))
    found = model.expected(o=[p, q])
    counts = {ops: PARAMS[ops[0]] + 2 * PARAMS[ops[1]] for ops in product(WORDS, WORDS)}
    wanted = sum(p[WORDS.index(a)] * q[WORDS.index(b)] * n for (a, b), n in counts.items())
    assert found.value == sympy.Rational(wanted)
    rest = sum(2 * q[k] * PARAMS[w] for k, w in enumerate(WORDS))
    assert found.gradient["o[0]"] == tuple(sympy.Rational(PARAMS[w] + rest) for w in WORDS)
    rest = sum(p[k] * PARAMS[w] for k, w in enumerate(WORDS))
    assert found.gradient["o[1]"] == tuple(sympy.Rational(2 * PARAMS[w] + rest) for w in WORDS)


def test_an_expectation_of_what_is_multiplied():
    model = symparams.parse(
        "model m(a in {1, 3}, b in {0, 2, 5}) = input(4, 4, 2) -> conv(2, a, pad = same) * b"
    )
    p, q = [Fraction(1, 3), Fraction(2, 3)], [Fraction(1, 2), Fraction(1, 4), Fraction(1, 4)]
    wanted = sum(
        x * y * model.count(a=a, b=b)
        for (a, x), (b, y) in product(zip((1, 3), p, strict=True), zip((0, 2, 5), q, strict=True))
    )
    found = model.expected(a=p, b=q)
    assert found.value == sympy.Rational(wanted)
    x, y = sympy.symbols("x y")
    symbolic = model.expected(a=[x, 1 - x], b=[y, 0, 1 - y]).value
    assert symbolic.subs({x: sympy.Rational(1, 3), y: sympy.Rational(1, 2)}) == sympy.Rational(
        sum(
            u * v * model.count(a=a, b=b)
            for (a, u), (b, v) in product(
                zip((1, 3), p, strict=True),
                zip((0, 5), (Fraction(1, 2), Fraction(1, 2)), strict=True),
            )
        )
    )


@pytest.mark.parametrize(
    ("given_", "message"),
    [
        ({"o": [0.25] * 4}, "a probability of 'o[0]' must be exact"),
        ({"o": [Fraction(1, 2)] * 4}, "the probabilities of 'o[0]' add up to 2, not to 1"),
        ({"o": [2, -1, 0, 0]}, "a probability of 'o[0]' is below 0"),
        ({"o": [1, 0]}, "'o[0]' has 4 values, and so many probabilities"),
        ({"o": {"wyde": 1}}, "'o[0]' is never wyde"),
        ({"q": [1]}, "no open size 'q'"),
        ({"c": [1]}, "'c' has no few values to draw from"),
    ],
)
def test_wrong_probabilities(given_, message):
    with pytest.raises(SymparamsError) as found:
        symparams.parse(CELL).expected(**given_)
    assert found.value.message.startswith(message)


def test_what_is_drawn_cannot_keep_to_a_condition():
    model = symparams.parse("model m(a in 1..3, b in 1..3) where a <= b = input(a) -> linear(b)")
    with pytest.raises(SymparamsError, match="what is drawn independently cannot keep to"):
        model.expected(a=[1, 0, 0], b=[1, 0, 0])


# --- printing and reading ----------------------------------------------------


def test_fmt_keeps_choices():
    text = (
        "model m(op in {a, b} = a, d in 1..3, k[i < 3] in {1, 3} when i < d = 3) =\n"
        "    input(8)\n"
        "    -> choice op {\n"
        "        a: dense(8)  # wide\n"
        "        b: id\n"
        "    }\n"
        "    -> linear(8 + 2*[op = a])\n"
    )
    from symparams.language import format_text

    assert format_text(Source("<text>", text)) == text
    assert format_text(Source("<text>", text.replace("a: ", "a :"))) == text
