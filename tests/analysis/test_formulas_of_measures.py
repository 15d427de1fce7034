"""A formula of measures stands wherever a measure does, with sizes of its own."""

from __future__ import annotations

import json
from fractions import Fraction
from functools import cache
from itertools import cycle

import pytest
import sympy

import symparams
from symparams.algebra import add_up, substitute, text, to_sympy
from symparams.analysis.reports import report
from symparams.analysis.sweeps import swept
from symparams.elaboration.definition import asking, build
from symparams.elaboration.document import understand
from symparams.elaboration.zoo import files, source as zoo_source
from symparams.errors import NeedsValue, Source, SymparamsError
from tests.cli.running import run

NET = (
    "model m(h = 64, f = 4*h, V = 100, l) ="
    " tokens(8) -> embed(V, h) -> (dense(f) -> relu -> dense(h)) * l -> dense(V)"
)
POINT = {"h": 6, "V": 10, "l": 3}

# params = V*h + l*(8*h^2 + 5*h) + V*h + V: 60 + 954 + 70 at the point; macs = 8*(8*h^2*l + V*h).
VALUES = [
    ("2*macs", {}, 2 * 8 * (8 * 36 * 3 + 60)),
    ("params - embed.params", {}, 954 + 70),
    ("16*params + 2*activations", {}, 16 * 1084 + 2 * 8 * (1 + 6 + 3 * 30 + 10)),
    ("6*params*D", {"D": 10**12}, 6 * 1084 * 10**12),
    ("bytes*params", {"bytes": Fraction(1, 2)}, 542),
    ("params*f", {}, 1084 * 24),
    ("max(params, macs)", {}, 8 * (8 * 36 * 3 + 60)),
    ("(params)^2/4", {}, 542**2),
    ("dense[0].params + dense[-1].params", {}, 168 + 70),
    ("params + 2*a - 2*b", {"a": 5, "b": 3}, 1088),
    ("- -params", {}, 1084),
]


def definition():
    return understand(Source("m.arch", NET)).definition("m")


def model() -> symparams.Model:
    return symparams.parse(NET)


@pytest.mark.parametrize(("formula", "own", "value"), VALUES)
def test_every_way_to_a_number_has_the_same_one(formula, own, value):
    """The value was worked out by hand from the layers."""
    assert model().count(formula, POINT, **own) == value
    at = {**POINT, **own}
    assert (
        model()
        .at(POINT)
        .measure(formula)
        .subs({s: at[str(s)] for s in model().measure(formula).free_symbols if str(s) in at})
        == value
    )


@pytest.mark.parametrize(("formula", "own", "value"), VALUES)
def test_the_command_line_has_it_too(formula, own, value):
    given = ",".join(f"{n}={v}" for n, v in {**POINT, **own}.items())
    ended = run("count", NET, "--measure", formula, "--set", given)
    assert (ended.code, ended.out.strip()) == (0, str(value))
    asked = ("--measure", formula, "--set", given, "--format", "json")
    assert int(json.loads(run("formula", NET, *asked).out)["formula"]) == value


SUMS = ["16*params + 2*activations", "params - macs/2 + 3*b", "2*params*D - 5*trainable + 7"]


@cache
def zoo(name: str):
    document = understand(zoo_source(name))
    return [document.definition(one) for one in document.models]


@pytest.mark.parametrize(("formula", "name"), [*zip(cycle(SUMS), files())])
def test_rows_add_up_to_the_formula_of_the_totals(formula, name):
    for written in zoo(name):
        network = build(asking(written, [formula]), defaults=True)
        found = report(network, formula)
        own = dict.fromkeys(network.symbols, 11)
        rows = [row.total for row in found.rows if not row.depth]
        assert substitute(add_up(rows) - found.total, own) == 0
        flat = [row.total for row in found.rows if not row.is_group]
        assert substitute(add_up(flat) - found.total, own) == 0
        for row in found.rows:  # what stands in a line is what it comes to
            if not row.passes:
                assert substitute(row.times * row.count - row.total, own) == 0


def test_layers_have_their_share_of_each_measure():
    """An expert counts eight times in the weights, and twice in the work."""
    net = "model m(h = 4) = input(5, h) -> moe(dense(h), n = 8, top = 2)"
    network = build(understand(Source("m.arch", net)).definition("m"), defaults=True)
    (expert,) = (r for r in report(network, "params + macs").rows if r.kind == "dense")
    assert expert.total == 8 * (16 + 4) + 2 * 5 * 16
    (expert,) = (r for r in report(network, "params + trainable").rows if r.kind == "dense")
    assert (expert.times, expert.count) == (8, 40)


@pytest.mark.parametrize(
    ("measure", "part", "at"),
    [
        ("params", "dense[0]", "dense[0].params"),
        ("16*params + 2*macs", "block", "16*block.params + 2*block.macs"),
        ("params - embed.params + h", "dense", "dense.params - embed.params + h"),
    ],
)
def test_a_formula_of_a_part(measure, part, at):
    network = build(
        understand(
            Source(
                "m.arch",
                "block block(h) = dense(h) -> dense(h)\n"
                "model m(h, V) = tokens(9) -> embed(V, h) -> block(h)",
            )
        ).definition()
    )
    assert network.measure(measure, part) == network.measure(at)
    assert network.measure(measure, part) != network.measure(measure)


@pytest.mark.parametrize(
    ("measure", "of_a", "of_b"),
    [
        ("macs", "4*h + h*macs", "7*macs*macs"),
        ("2*macs", "2*macs", "2*macs"),
        ("macs + params", "macs + 5*h + (h + 1)*macs", "macs + 7*macs*(macs + 1)"),
        ("macs + a.macs", "macs + 4*h + h*macs", "macs + 4*h + h*macs"),
        ("tall + 3", "tall + 3", "tall + 3"),
        ("cost(2)", "2*(5*h + (h + 1)*macs)", "2*7*macs*(macs + 1)"),
    ],
)
def test_a_size_hides_a_measure_of_a_part_too(measure, of_a, of_b):
    """As it does of the whole: ``2*macs`` is twice the size, while ``macs`` alone is the measure."""
    model = symparams.parse(
        "measure tall = macs\n"
        "measure cost(n = 1) = n*params\n"
        "block a(n, k) = dense(n) -> dense(k)\n"
        "block b(n) = dense(n)\n"
        "model m(h, macs, tall = 2) = input(4) -> a(h, macs) -> b(7*macs)"
    )
    found = model.crossover("a", "b", measure=measure)
    names = {n: model.symbols[n] for n in ("h", "macs", "tall")}
    for formula, wanted in zip(found.formulas, (of_a, of_b), strict=True):
        assert formula.expand() == eval(wanted, {}, names).expand()


@pytest.mark.parametrize(
    ("measure", "plain"),
    [("2*flops", "4*macs"), ("cost(y = 2) + macs", "2*(macs + params) + macs"), ("cost", "macs")],
)
def test_a_crossover_asks_written_measures_of_the_parts(measure, plain):
    model = symparams.parse(
        "measure cost(y = 0) = y*params + macs*max(1, y)\n"
        "model m(h) = input(4) -> dense(h) -> linear(9)"
    )
    found, wanted = (model.crossover("dense", "linear", measure=m) for m in (measure, plain))
    assert found.formulas == wanted.formulas
    assert found.always == wanted.always


def test_sizes_of_a_formula_are_sizes_of_the_answer():
    network = build(asking(definition(), ["6*params*D"]))
    assert network.symbols == ("h", "V", "l", "D")
    assert text(network.measure("6*params*D")) == "48*D*h^2*l + 12*D*V*h + 30*D*h*l + 6*D*V"
    derivative = model().sensitivity("D", "6*params*D")
    assert derivative == 6 * model().params
    with pytest.raises(NeedsValue, match="6\\*params\\*D depends on 'D'"):
        model().count("6*params*D", POINT)


@pytest.mark.parametrize(
    ("formula", "column", "says", "hint"),
    [
        ("2*dense", 3, "a size is needed here, not the layer kind 'dense'", "as in dense.params"),
        ("dense*2", 1, "a size is needed here, not the layer kind 'dense'", "as in dense.params"),
        ("2*(dense)", 3, "a size is needed here, not the layer kind 'dense'", "as in dense.params"),
        (
            "dense -> 2",
            1,
            "a size is needed here, not the layer kind 'dense'",
            "as in dense.params",
        ),
        ("dense^2", 1, "a size is needed here, not the layer kind 'dense'", "as in dense.params"),
        ("2*conv", 3, "a size is needed here, not the layer kind 'conv'", ""),
        ("2*max", 3, "a size is needed here, not the size function 'max'", ""),
        ("2*dense(3)", 1, "a size is needed here, not a net", ""),
    ],
)
def test_a_part_by_its_name_alone_is_no_size(formula, column, says, hint):
    model = symparams.parse("input(4) -> dense(h)")
    for ask in (model.measure, lambda formula: model.solve(f"{formula} <= 9", "h")):
        with pytest.raises(SymparamsError) as caught:
            ask(formula)
        error = caught.value
        assert (error.span.column, error.message, error.hint) == (column, says, hint)


def test_solve_search_and_sweep_with_a_size_of_the_budget():
    given = {"l": 2}
    budget = "16*params + b*activations <= 10M"
    found = model().at(given).solve(budget, "b")
    params, kept = (model().count(m, given) for m in ("params", "activations"))
    assert found.value == (10_000_000 - 16 * params) // kept
    assert model().solve(budget, "h", "", given, b=8).value == 189
    best = model().at(given).search("b*params", budget, {"b": "1..8", "h": "1..100"})
    assert best.best.sizes == {"h": 100, "b": 8}
    found = swept(definition(), ["b=1..2"], [], ["b*params", "params"], given)
    ranges = [(r.least, r.greatest) for r in found.tally.ranges]
    assert ranges == [(params, 2 * params), (params, params)]


ERRORS = [
    (
        ("count", NET, "--measure", "2*parms"),
        "<measure>:1:3: 'parms' is neither a measure nor a size of the model\n"
        "    2*parms\n"
        "      ^^^^^ did you mean 'params'?\n",
    ),
    (
        ("show", NET, "--measure", "params^2"),
        "<measure>:1:1: a table adds up over the layers, and this formula does not\n"
        "    params^2\n"
        "    ^^^^^^^^ write a sum of measures, each times a size, as in 16*params + 2*activations\n",
    ),
    (
        ("formula", NET, "--measure", "16*params +"),
        "<measure>:1:12: a value is missing after '+'\n    16*params +\n               ^\n",
    ),
    (
        ("formula", NET, "--measure", "2*dense.parms"),
        "<measure>:1:9: unknown measure 'parms'\n"
        "    2*dense.parms\n"
        "            ^^^^^ did you mean 'params'?\n",
    ),
    (
        ("count", NET, "--set", "l=2,D=3"),
        "'m' has no size 'D'\n    it has V, f, h, l\n",
    ),
    (
        ("count", NET, "--set", "l=2,D=0", "--measure", "6*params*D"),
        "'D' must be a positive integer, not 0\n",
    ),
    (
        ("count", NET, "--set", "l=2,D=same", "--measure", "6*params*D"),
        "'D' must be a size, not a word\n",
    ),
    (
        ("count", "input(3) -> dense(4)", "--measure", "params/0"),
        "<measure>:1:8: division by zero\n    params/0\n           ^\n",
    ),
    (
        ("show", NET, "--measure", "params/macs"),
        "<measure>:1:1: a table adds up over the layers, and this formula does not\n"
        "    params/macs\n"
        "    ^^^^^^^^^^^ write a sum of measures, each times a size, as in 16*params + 2*activations\n",
    ),
    (
        ("sensitivity", NET, "--measure", "params*macs", "--shares"),
        "<measure>:1:1: a table adds up over the layers, and this formula does not\n"
        "    params*macs\n"
        "    ^^^^^^^^^^^ write a sum of measures, each times a size, as in 16*params + 2*activations\n",
    ),
]


@pytest.mark.parametrize(("arguments", "told"), ERRORS)
def test_errors(arguments, told):
    ended = run(*arguments)
    assert (ended.code, ended.out, ended.err) == (2, "", told)


#: Commands that take a measure; where in their JSON the whole of it stands.
COMMANDS = [
    (("formula",), lambda found: found["formula"]),
    (("show",), lambda found: found["total"]),
    (("sensitivity",), lambda found: found["formula"]),
    (("sensitivity", "--second"), lambda found: found["formula"]),
    (("sensitivity", "--leading", "h"), lambda found: found["formula"]),
    (("sensitivity", "--trade", "h:V"), lambda found: found["formula"]),
    (("sensitivity", "--shares"), lambda found: found["formula"]),
    (("prove", "1 + 0*h*V*l"), lambda found: found["measured"]),
]


@pytest.mark.parametrize(
    "measure", ["16*params + 2*activations", "6*params*D", "dense[0].macs*D + V"]
)
@pytest.mark.parametrize(
    ("command", "whole"), COMMANDS, ids=lambda x: " ".join(x) if isinstance(x, tuple) else ""
)
def test_every_command_speaks_of_the_same_formula(command, whole, measure):
    name, *options = command
    ended = run(name, NET, *options, "--measure", measure, "--format", "json")
    assert ended.code == (1 if name == "prove" else 0), ended.err
    network = build(asking(definition(), [measure]))
    assert parsed_formula(whole(json.loads(ended.out))) == to_sympy(network.measure(measure))


#: A formula on the model, on an address, and with a size of its own.
FORMULAS = ["16*params + 2*activations", "4*dense.params + dense[0].macs", "b*activations + params"]


@pytest.mark.parametrize("measure", FORMULAS)
def test_a_budget_a_goal_and_a_column_are_read_alike(measure):
    """Against the counts at every point of a small space."""
    given = {"l": 2, "b": 3}
    space = [(h, v) for h in range(1, 9) for v in (10, 20, 30)]
    asked = given if "b*" in measure else {"l": 2}
    counts = {(h, v): model().count(measure, h=h, V=v, **asked) for h, v in space}
    limit = sorted(counts.values())[len(counts) // 2]
    within = {p for p, c in counts.items() if c <= limit}
    setting = ",".join(f"{n}={v}" for n, v in asked.items())
    over = ("--over", "h=1..8,V={10, 20, 30}", "--set", setting, "--format", "json")
    budget = ("--budget", f"{measure} <= {limit}")
    found = json.loads(run("search", NET, *over, *budget, "--count").out)
    assert found["feasible"] == len(within)
    found = json.loads(run("search", NET, *over, *budget, "--maximize", measure).out)
    assert found["rows"][0][measure] == limit
    found = json.loads(run("sweep", NET, *over, *budget, "--measure", measure).out)
    assert (found["rows"][0]["greatest"], found["feasible"]) == (limit, len(within))
    goals = ("--pareto", f"V, min:{measure}", "--measure", f"again = {measure}")
    rows = json.loads(run("search", NET, *over, *goals).out)["rows"]
    assert {(r["h"], r["V"]) for r in rows} == {(1, 10), (1, 20), (1, 30)}
    assert [r["again"] for r in rows] == [counts[r["h"], r["V"]] for r in rows]
    assert [r[measure] for r in rows] == [r["again"] for r in rows]
    found = json.loads(
        run("solve", NET, f"{measure} <= {limit}", "--for", "h", "--set", f"{setting},V=20",
            "--format", "json").out
    )  # fmt: skip
    reached = model().count(measure, h=found["value"], V=20, **asked)
    assert reached <= limit < model().count(measure, h=found["value"] + 1, V=20, **asked)


def test_a_formula_may_come_to_a_fraction():
    for measure, value in (
        ("params/3", "79076/3"),
        ("params/4", "19769"),
        ("-params/8", "-19769/2"),
    ):
        ended = run("count", NET, "--set", "l=2", "--measure", measure)
        assert (ended.code, ended.out) == (0, f"{value}\n")
        assert model().count(measure, l=2) == Fraction(value)
    ended = run("count", NET, "--set", "l=2", "--measure", "x = params/3", "--format", "json")
    assert json.loads(ended.out) == {"x": "79076/3"}


def parsed_formula(written: str):
    """A formula of the language as SymPy has it."""
    names = {n: sympy.Symbol(n, positive=True, integer=True) for n in ("h", "V", "l", "D")}
    return sympy.expand(sympy.parse_expr(written.replace("^", "**"), local_dict=names))


@pytest.mark.parametrize(
    ("measure", "told"),
    [
        ("flops", "2*flops*(macs + h)"),
        ("macs", "flops*(macs + h)"),
        ("m.flops", "2*flops*(macs + h)"),
        ("linear.flops", "2*flops*(macs + h)"),
        ("(flops)", "flops"),
        ("(macs)", "macs"),
        ("2*flops", "2*flops"),
        ("2*macs", "2*macs"),
        ("2*m.flops", "4*flops*(macs + h)"),
    ],
)
def test_a_name_by_itself_is_the_measure_and_in_a_formula_the_size(measure: str, told: str):
    text = "model m(flops, macs, h) = input(h) -> linear(flops) -> linear(macs)"
    assert run("formula", text, "--measure", measure).out == f"{told}\n"


def test_rows_of_a_measure_that_a_size_is_called_as():
    text = "model m(flops, h) = input(h) -> linear(flops)"
    shown = run("show", text, "--measure", "flops", "--set", "flops=3,h=4").out
    assert "Total flops (FLOPs): 24" in shown
