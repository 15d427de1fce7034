"""``peak``: what lives at once, in which order, and where; and what it refuses to say."""

from __future__ import annotations

from itertools import pairwise

import pytest

import symparams
from symparams.algebra import Size, substitute
from symparams.analysis.checks import check
from symparams.elaboration.definition import build
from symparams.elaboration.document import understand
from symparams.errors import NeedsValue, Source
from symparams.network import peaks
from tests.cli.running import run

ELMAN = "block elman on (x[d], s[h]) = (x | s) -> dense(h) -> tanh\n"

FORMULAS = [
    # a layer's input and output
    ("input(i)", "i"),
    ("input(i) -> dense(o)", "i + o"),
    ("input(i) -> dense(o) -> dense(o)", "max(i + o, 2*o)"),
    ("input(i) -> relu", "2*i"),
    ("input(i) -> reshape(1, i) -> flatten", "2*i"),
    ("input(i) -> id", "i"),
    ("input(i) -> dropout(0.5)", "i"),
    ("input(i) -> keep(dense(o))", "i + o"),
    ("input(i) -> freeze(dense(o))", "i + o"),
    ("tokens(s) -> embed(V, d)", "s + s*d"),
    # sums, products and concatenations read all of their parts
    ("input(i) -> (id + id)", "2*i"),
    ("input(i) -> residual(dense(i))", "3*i"),
    ("input(i) -> residual(dense(4*i) -> relu -> dense(i))", "9*i"),
    ("input(i) -> (dense(2*i) | dense(3*i) | id)", "12*i"),
    ("input(i) -> (dense(2*i) + dense(2*i) + dense(2*i))", "8*i"),
    # … but products, which are taken two at a time
    ("input(i) -> (dense(2*i) * dense(2*i) * dense(2*i))", "7*i"),
    ("input(i) -> (dense(2*i), dense(3*i)) -> cat", "10*i"),
    ("input(4*i) -> split(2)[0] -> dense(i)", "8*i"),
    ("input(i) -> sum(dense(i) for k in [1])", "2*i"),
    # names: from where they are made to their last reader
    ("{ x = input(i); y = x -> dense(8*i); z = y -> dense(i); (z + x) }", "10*i"),
    ("{ x = input(i); y = x -> dense(8*i); z = y -> dense(i); (z -> dense(i)) }", "9*i"),
    ("{ x = input(i); a, b = x -> (dense(i), dense(i)); a -> (id + (b -> dense(5*i) -> dense(i))) }", "7*i"),
    ("{ memory = input(m); x = input(i); (x -> dense(9*i) -> dense(m)) + memory }", "max(3*m, 2*m + 9*i, m + 10*i)"),
    # what leaves lives to the end
    ("input(i) -> (dense(i), dense(8*i) -> dense(i))", "10*i"),
    ("input(i) -> (train_only(dense(100*i)), dense(8*i))", "9*i"),
    ("{ x = input(i); y = x -> dense(3*i); (y, y -> dense(i)) }", "4*i"),
    # weights are not counted, zeros are
    ("{ weight w[i]; input(i) -> (id + w) }", "2*i"),
    ("{ table w[9*i, i]; input(i) -> (id + (w -> mean)) }", "3*i"),
    ("input(s, d) -> learned_positions", "2*s*d"),
    ("input(s, d) -> sinusoidal_positions", "3*s*d"),
    ("input(s, d) -> rotary", "s*d"),
    # shared nets run at each use
    ("{ shared f = dense(i); input(i) -> f -> f * 3 }", "2*i"),
    ("{ shared E = embed(V, d); tokens(s) -> E -> E.T }", "s*d + s*V"),
    # repeats
    ("input(i) -> dense(i) * n", "2*i"),
    ("input(i) -> residual(dense(i)) * n", "3*i"),
    ("input(i) -> (id + dense(i) * n)", "3*i"),
    ("input(i) -> (id + (dense(i) * (n + 1)))", "3*i"),
    ("input(i) -> dense(o) * n", "max(i + o, 2*o*min(n - 1, 1))"),
    ("input(n, n, c) -> (id | conv(k, 3, pad = same)) * l", "2*n^2*(c + k*l)"),
    ("model m(i, n) = input(i) -> [dense(k*8) for k in 1..n]", "max(i + 8, 16*n - 8)"),
    ("model m(i, n) = input(i) -> [dense((n - k + 1)*8) for k in 1..n]", "max(i + 8*n, 16*n - 8)"),
    ("input(i) -> (dense(2*i) -> dense(i)) * n * m", "3*i"),
    ("input(i) -> tile(h) * 300", "i*h^300 + i*h^299"),
    ("input(i) -> (tile(h) -> tile(g)) * 99", "i*h^99*g^99 + i*h^99*g^98"),
    ("input(i // 2) -> tile(h) * 300", "floor(i/2)*(h^300 + h^299)"),
    ("input(i) -> tile(max(g, h)) * 99", "i*max(g, h)^98*(max(g, h) + 1)"),
    # a state and one of the steps, beside the whole sequences
    (ELMAN + "model m(t, i, h) where t >= 2 = input(t, i) -> recur(elman, h)", "t*(i + h) + 2*i + 2*h"),
    ("input(t, i) -> lstm(h)", "t*(i + h)"),
    ("input(t, i) -> bidirectional(gru(h))", "max(4*h*t, 2*h*t + i*t)"),
    # experts at work all at once, the scores beside them
    ("input(s, d) -> moe(linear(f), n, top)", "max(d*s + f*s*top + n*s, f*s*top + f*s + n*s)"),
    ("input(s, d) -> moe(linear(f) -> relu, n, top)", "max(2*f*s*top + n*s, d*s + f*s*top + n*s)"),
    # attention: its scores are no tensor of their own
    ("input(s, d) -> attention(a) where d % a == 0", "4*s*d"),
    ("{ x = input(s, d); attend(x, x, x) }", "2*s*d"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "formula"), FORMULAS)
def test_formulas(source: str, formula: str) -> None:
    found = symparams.parse(source).prove(formula, "peak").verdict
    assert found.equal is True, found


def formula_of(text: str) -> Size | None:
    """The formula of the peak; None where a value decides."""
    network = build(understand(Source("net.arch", text)).definition())
    try:
        return network.measure("peak")
    except NeedsValue:
        return None


STEP = "block step on (x[a], y[b]) = "

#: (what stands before a net, the net, what stands behind it): it is repeated between them.
REPEATED = [
    # what is read in every pass, and what is read behind the repeat
    ("{ m = input(9); input(4) -> ", "residual(((m -> dense(4)) + dense(4)))", " }"),
    ("{ m = input(9); x = input(4); y = x -> ", "residual(dense(4))", "; (y -> dense(9)) + m }"),
    ("{ x = input(4); y = x -> ", "dense(4)", "; x + y }"),
    (
        "{ m = input(9); input(4) -> ",
        "residual(((dense(40) -> relu -> dense(4)) + (m -> dense(4))))",
        " }",
    ),
    # shapes that grow, and those that differ in the first pass
    ("input(4) -> ", "(id | dense(4))", ""),
    ("input(9) -> ", "dense(4)", ""),
    # tensors that a pass hands on: a skip, registers that shift
    (f"{STEP}(x -> dense(a), y)\ninput(4) -> (id, id) -> ", "step", " -> cat"),
    (f"{STEP}(y -> dense(a), x)\ninput(4) -> (id, id) -> ", "step", " -> cat"),
    (f"{STEP}(x -> dense(a), (y + x))\ninput(4) -> (id, id) -> ", "step", " -> cat"),
    (
        "block step on (x[a], y[b], z[c]) = (x -> dense(a), x, y)\ninput(4) -> (id, id, id) -> ",
        "step",
        " -> cat",
    ),
    (
        "block step on (x[a], y[b], z[c]) = (x -> dense(a), x, y)\n"
        "block first on (x[a], y[b], z[c]) = x\ninput(4) -> (id, id, id) -> ",
        "step",
        " -> first",
    ),
    (
        "block step on (x[a], y[b], z[c]) = ((x + z) -> dense(a), x, y)\n"
        "block first on (x[a], y[b], z[c]) = x\ninput(4) -> (id, id, id) -> ",
        "step",
        " -> first",
    ),
    # what is left behind by each pass, and read by none
    (
        f"{STEP}(y -> dense(a), y -> dense(40) -> relu -> dense(b))\n"
        "block second on (x[a], y[b]) = y\ninput(4) -> (id, id) -> ",
        "step",
        " -> second",
    ),
    (f"{STEP}(y, x)\ninput(4) -> (dense(4), dense(4)) -> ", "step", " -> cat -> dense(9)"),
]


@pytest.mark.parametrize(("before", "net", "behind"), REPEATED)
@pytest.mark.parametrize("n", range(1, 8))
def test_a_repeat_is_its_passes_written_out(before: str, net: str, behind: str, n: int) -> None:
    passes = " -> ".join([net] * n)
    expected = symparams.parse(f"{before}{passes}{behind}").count("peak")
    assert symparams.parse(f"{before}{net} * {n}{behind}").count("peak") == expected
    formula = formula_of(f"{before}{net} * n{behind}")
    # What is handed on from pass to pass may need a value; all else has a formula.
    assert formula is not None or net == "step"
    assert formula is None or substitute(formula, {"n": n}) == expected


CELL = "block cell on (x[d], s[h]) = (x | s) -> dense(h) -> tanh\n"
LOOPS = [
    "input({t}, 3) -> recur(cell, 5)",
    "{{ h = input(5); y = input({t}, 3) -> recur(cell, h); y -> mean(0) -> (id + h) }}",
    "input({t}, 3) -> residual(linear(3)) -> recur(cell, 5) -> recur(cell, 9)",
]


@pytest.mark.parametrize("n", range(1, 6))
@pytest.mark.parametrize("source", LOOPS)
def test_a_loop_says_the_same_of_numbers_and_symbols(source: str, n: int) -> None:
    formula = formula_of(CELL + source.format(t="t"))
    assert formula is not None
    count = symparams.parse(CELL + source.format(t=n)).count("peak")
    assert substitute(formula, {"t": n}) == count


@pytest.mark.parametrize("h", [1, 2])
def test_a_series_that_may_have_no_pass_leaves_what_entered_it(h: int) -> None:
    source = "model m(h in 1..2) = input(6) -> ([linear(k) for k in 1..h] | dense(4))"
    formula = formula_of(source)
    assert formula is not None
    assert substitute(formula, {"h": h}) == symparams.parse(source).count("peak", h=h) == 10 + h


REFUSED = [
    # without a pass, what leaves the repeat is what entered it, which is counted once
    (
        "model m(i, n in 1..3) = input(i) -> (id + dense(i) * (n - 1))",
        "peak where a repeat of n - 1 has no pass is another",
        ("n",),
    ),
    (
        f"{STEP}(x -> tanh, y -> tanh)\nmodel m(n) = input(4) -> (id, id) -> step * (n - 1) -> cat",
        "peak where a repeat of n - 1 has no pass is another",
        ("n",),
    ),
    (
        "model m(h in {2, 4}) = input(h) -> (if h == 2 then dense(h) -> dense(h) else linear(h))",
        "what lives at once differs between the branches of an 'if'",
        ("h",),
    ),
    (
        "model m(i, w) = input(i) -> (if w > 3 then relu -> relu else (relu | relu) -> split(2)[0])",
        "what lives at once differs between the branches of an 'if'",
        ("w",),
    ),
    (
        f"{STEP}(y, x -> dense(a))\nmodel m(n) = input(4) -> (id, id) -> step * n -> cat",
        "peak of a repeat of n whose passes hand tensors on",
        ("n",),
    ),
    (
        "model m(n) = input(4) -> [dense(k*(n + 1 - k)) for k in 1..n]",
        "peak of this repeat has no closed form: in a pass live",
        ("n",),
    ),
    (  # (h/n)^k, which rises or falls: no two are compared quickly
        "model m(h, n) where h % n == 0 = input(h // n) -> tile(h/n) * 800",
        "peak is the largest of formulas too long to compare",
        ("h", "n"),
    ),
]


@pytest.mark.parametrize(("source", "message", "names"), REFUSED)
def test_what_only_a_value_decides(source: str, message: str, names: tuple[str, ...]) -> None:
    network = build(understand(Source("net.arch", source)).definition())
    with pytest.raises(NeedsValue) as caught:
        network.measure("peak")
    assert caught.value.message.startswith(message)
    assert caught.value.symbols == names


@pytest.mark.parametrize("n", range(1, 7))
def test_a_rise_and_a_fall_have_a_count(n: int) -> None:
    model = symparams.parse("model m(n) = input(4) -> [dense(k*(n + 1 - k)) for k in 1..n]")
    widths = [4, *(k * (n + 1 - k) for k in range(1, n + 1))]
    assert model.count("peak", n=n) == max(map(sum, pairwise(widths)))


# --- parts, places, commands -------------------------------------------------

NET = """
block head(c) = dense(8*c) -> relu -> dense(c)
model m(i = 4) = { x = input(i); body = x -> residual(dense(2*i)  -> relu -> dense(i)); (body -> head(3), x -> tanh) }
"""


def test_parts_live_beside_what_is_around_them() -> None:
    model = symparams.parse(NET)
    # x lives to its last reader, the tanh behind the head.
    values = {"peak": 4 + 24 + 24, "head.peak": 52, "tanh.peak": 3 + 4 + 4, "x.peak": 4}
    values |= {"body.peak": 20, "relu.peak": 52}
    assert {name: model.count(name) for name in values} == values
    assert model.prove("max(x.peak, body.peak, head.peak, tanh.peak)", "peak").verdict.equal is True


def test_where_it_is() -> None:
    network = build(understand(Source("net.arch", NET)).definition())
    told = [
        (str(one.values), one.moment.called(), one.moment.span.text)
        for one in peaks(network.root, network.facts)
        if one.moment.span is not None
    ]
    assert told == [
        ("5*i", "'relu'", "relu"),
        ("2*i + 24", "'dense'", "dense(8*c)"),
        ("i + 48", "'relu'", "relu"),
    ]


ERRORS = [
    (
        ("show", "input(8) -> dense(4) -> relu -> dense(9)", "--measure", "peak"),
        "<text>:1:33: rows do not add up to peak, which is 13 at 'dense'\n"
        "    input(8) -> dense(4) -> relu -> dense(9)\n"
        "                                    ^^^^^^^^ the commands count, formula, solve, sweep and "
        "search take it\n",
    ),
    (
        ("show", "input(i) -> dense(o) -> relu", "--measure", "peak"),
        "<text>:1:13: rows do not add up to peak, which is the largest of several: i + o at 'dense'\n"
        "    input(i) -> dense(o) -> relu\n"
        "                ^^^^^^^^ the commands count, formula, solve, sweep and search take it\n"
        "<text>:1:25: 2*o at 'relu'\n"
        "    input(i) -> dense(o) -> relu\n"
        "                            ^^^^\n",
    ),
    (
        ("show", "input(8) -> residual(dense(8))", "--measure", "peak"),
        "<text>:1:13: rows do not add up to peak, which is 24 at '+'\n"
        "    input(8) -> residual(dense(8))\n"
        "                ^^^^^^^^^^^^^^^^^^ the commands count, formula, solve, sweep and search take it"
        "\n",
    ),
    (
        ("count", "input(8) -> dense(4)", "--measure", "dense[0].peak"),
        "peak is told of all uses of a part together\n    write dense.peak\n",
    ),
    (
        ("count", "input(8) -> dense(4)", "--measure", "conv.peak"),
        "nothing in it is called 'conv'\n    there are dense, input\n",
    ),
    (
        ("count", "input(8) -> dense(4)", "--measure", "peek"),
        "unknown measure 'peek'\n    did you mean 'peak'?\n",
    ),
    (
        ("count", "measure peak = 2*macs\ninput(8) -> dense(4)"),
        "<text>:1:9: 'peak' is a measure already\n"
        "    measure peak = 2*macs\n"
        "            ^^^^ choose another name\n",
    ),
]


@pytest.mark.parametrize(("args", "text"), ERRORS)
def test_errors(args: tuple[str, ...], text: str) -> None:
    result = run(*args)
    assert (result.code, result.err) == (2, text)


def test_commands() -> None:
    text = "model m(h in 1..9 = 3) = input(8) -> dense(h) -> relu"
    assert run("count", text, "--measure", "peak, 4*peak").out == "peak    11\n4*peak  44\n"
    assert run("formula", text, "--measure", "peak").out == "max(2*h, h + 8)\n"
    assert "largest h: 8\n" in run("solve", text, "peak <= 16", "--for", "h").out
    best = run("search", text, "--maximize", "params", "--budget", "peak <= 12").out
    assert best.splitlines()[3].split() == ["4", "36", "12", "0"]
    assert "peak         9        18" in run("sweep", text, "--measure", "peak").out
    assert run("show", text, "--measure", "params + peak").code == 0
    (claims,) = ["expect m.peak == max(2*h, h + 8)\nexpect m(h = 9).peak == 18"]
    result = check([Source("m.arch", f"{text}\n{claims}\nexpect m.dense.peak == 11")])
    assert [judgement.holds for judgement in result.judgements] == [True, True, True]


def test_an_open_branch_that_runs_alike_has_a_formula() -> None:
    source = "model m(i, w) = input(i) -> (if w > 3 then relu else tanh)"
    assert str(formula_of(source)) == "2*i"


def test_where_two_sizes_are_equal_another_branch_may_run() -> None:
    """A branch that counts the same where sizes are equal stands for both, but not in its peak."""
    source = "model m(s, n) where s <= n = input(s, 2) -> learned_positions(n)"
    assert formula_of(source) is None
    assert symparams.parse(source).count("peak", s=3, n=3) == 3 * 2 * 2
    assert (
        symparams.parse(source).count("peak", s=3, n=5) == 3 * 3 * 2
    )  # the rows that are added, too


def test_too_many_formulas_are_refused():
    """Each is compared with all others: of 300 sizes that took minutes."""
    text = "model m(k[300]) = input(8) -> [[dense(n) for k in 0..n] for n in k]"
    with pytest.raises(NeedsValue, match="peak is the largest of more than 16 formulas"):
        symparams.parse(text).measure("peak")


def test_experts_that_may_have_no_pass_are_refused():
    """Without a pass the experts hand on what comes in, and make no tensors of their own."""
    text = "model m(h) = input(h) -> moe((split(2)[0] * (h - 1)), 2, 2)"
    model = symparams.parse(text)
    assert model.count("peak", h=1) == 4
    with pytest.raises(NeedsValue, match="a repeat of h - 1 among experts has no pass is another"):
        model.measure("peak")
    assert symparams.parse(text.replace("m(h)", "m(h in 2..9)")).count("peak", h=2) == 8


def test_what_enters_a_repeat_without_a_pass_has_its_readers():
    """At m = 3 the input waits for the second branch, which reads it without a pass."""
    text = "model m(m, h) = input(h) -> ((tanh -> linear(1)) - ((relu * (m % 3)) -> dense(1)))"
    model = symparams.parse(text)
    for m, h in [(3, 2), (4, 2), (5, 1), (3, 1), (6, 7)]:
        assert model.count("peak", m=m, h=h) == 2 * h + 1
    assert str(model.measure("peak")) == "2*h + 1"


@pytest.mark.parametrize(
    ("body", "largest"),
    [("dense(2*k) -> relu", 2 * 2400), ("dense((k - 700)^2 + 1) -> relu", 2 * (699**2 + 1))],
)
def test_a_list_of_many_passes_has_the_peak_of_its_formula(body: str, largest: int) -> None:
    """More than are walked one by one."""
    model = symparams.parse(f"model m(n) where n >= 1200 = input(4) -> [{body} for k in 1..n]")
    numbers = symparams.parse(f"input(4) -> [{body} for k in 1..1200]")
    assert numbers.count("peak") == model.count("peak", n=1200) == largest


def test_where_a_model_with_defaults_has_it_is_told_there() -> None:
    text = "model m(h = 3, n = 4) = input(h) -> dense(n) -> relu"
    assert run("show", text, "--measure", "peak").err.startswith(
        "<text>:1:49: rows do not add up to peak, which is 8 at 'relu'\n"
    )


def test_formulas_too_long_to_compare_are_undecided():
    """Two thousand moments of up to a thousand sizes each: twenty seconds' work."""
    text = "model m(k[1000]) = input(2) -> [(dense(n) | id) for n in k]"
    found = understand(Source("m", text)).definition("m")
    with pytest.raises(NeedsValue, match="peak is the largest of formulas too long to compare"):
        build(found).measure("peak")
