"""Several measures side by side, in every command that has a table of them."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import cycle

import pytest

from symparams import parse
from symparams.analysis.columns import column_report, measure_columns
from symparams.elaboration.document import understand
from symparams.elaboration.zoo import files, source as zoo_source
from symparams.errors import Source, SymparamsError
from tests.cli.running import run

NET = "input(5, 4) -> moe(dense(4), n = 8, top = 2) -> conv(2, 3)"
#: params: router 32, experts 8*20, conv 3*4*2 + 2; macs: 5*(32 + 2*16), conv 3 positions.
COLUMNS = "params, work = 2*macs, more = params + b*activations"

READ = [
    ("params", [("params", "params")]),
    ("params,macs", [("params", "params"), ("macs", "macs")]),
    (" a = max(params, macs) , b=2*a ", [("a", "max(params, macs)"), ("b", "2*a")]),
    ("16 * params", [("16 * params", "16 * params")]),
    ("if params == 3 then 1 else 2", [("if params == 3 then 1 else 2",) * 2]),
]


@pytest.mark.parametrize(("written", "columns"), READ)
def test_columns_are_read(written, columns):
    assert [(c.name, c.formula) for c in measure_columns(written)] == columns


REFUSED = [
    (
        "params,,macs",
        "--measure params,,macs: a measure is missing\n    as in params, work = 2*macs",
    ),
    ("params,", "--measure params,: a measure is missing\n    as in params, work = 2*macs"),
    ("x =", "--measure x =: a measure is missing\n    as in params, work = 2*macs"),
    (
        "x = params, x = macs",
        "--measure x = params, x = macs: two columns are called 'x'\n    name one of them: other = macs",
    ),
]


@pytest.mark.parametrize(("written", "told"), REFUSED)
@pytest.mark.parametrize("command", ["count", "show", "sweep", "search", "zoo"])
def test_columns_are_refused(command, written, told):
    over = ("--over", "h=1..3") if command in ("sweep", "search") else ()
    text = ("input(h) -> dense(2)",) if command != "zoo" else ()
    ended = run(command, *text, "--measure", written, *over)
    assert (ended.code, ended.out, ended.err) == (2, "", f"{told}\n")
    with pytest.raises(SymparamsError):
        measure_columns(written)


@pytest.mark.parametrize("command", ["formula", "sensitivity", "prove"])
def test_a_command_without_columns_has_one_measure(command):
    text = ("input(i) -> dense(h)", *(["i*h + h"] if command == "prove" else []))
    ended = run(command, *text, "--measure", "params, macs")
    assert (ended.code, ended.out, ended.err) == (
        2,
        "",
        "--measure params, macs: this command has one measure\n"
        "    count, search, show, sizes, sweep and zoo take several\n",
    )
    ended = run(command, *text, "--measure", "work = 2*macs")
    assert "2*h*i" in ended.out or "2*i*h" in ended.out


def test_counts_are_lines():
    ended = run("count", NET, "--measure", COLUMNS, "--set", "b=3")
    assert ended.out == "params  218\nwork    784\nmore    536\n"
    ended = run("count", NET, "--measure", COLUMNS, "--set", "b=3", "--format", "json")
    assert json.loads(ended.out) == {"params": 218, "work": 784, "more": 536}


def test_a_table_of_layers():
    ended = run("show", NET, "--measure", "params, work = 2*macs, twice = 2*params - conv.params")
    assert ended.out == (
        "Model: network\n"
        "Layer         Output Shape  params  work  twice\n"
        "-----------------------------------------------\n"
        "input1        5x4                0     0      0\n"
        "moe1          5x4              192   640    384\n"
        "  linear1     5x8               32   320     64\n"
        "  dense1      5x4              160   320    320\n"
        "conv1         3x2               26   144     52\n"
        "-conv.params                                -26\n"
        "-----------------------------------------------\n"
        "Total                          218   784    410\n"
    )


#: Models whose formulas are not those at the defaults, and why ``show`` has the numbers there.
AT_DEFAULTS = [
    (
        "model m(n = 1, h = 4) = input(3) -> [linear(k) for k in 2..n] -> linear(h)",
        "the formulas hold if n >= 2, and not at n = 1, h = 4",
    ),
    (
        "model m(h = 4, k = 4) = input(h) -> (id + dense(k))",
        "cannot add a vector of h and a vector of k: h and k are not known to be equal",
    ),
]


@pytest.mark.parametrize(("text", "why"), AT_DEFAULTS)
def test_columns_are_at_the_defaults_where_show_is(text, why):
    columns = json.loads(run("show", text, "--measure", "params, macs", "--format", "json").out)
    for name, place in (("params", 0), ("macs", 1)):
        alone = json.loads(run("show", text, "--measure", name, "--format", "json").out)
        assert alone["total"] == alone["number"] == columns["columns"][place]["total"]
        assert alone["total"] == columns["columns"][place]["number"]
        for row, own in zip(columns["rows"], alone["rows"], strict=True):
            assert (row["name"], row["output"]) == (own["name"], own["output"])
            assert row[name] == own["total"] == own["number"]
        assert alone["notes"] == columns["notes"] == [f"at the defaults: {why}"]


def test_columns_are_refused_where_show_is():
    text = "model m(h = 6, k = 4) where h % k == 0 = input(3) -> dense(h)"
    one, several = (run("show", text, "--measure", m) for m in ("macs", "params, macs"))
    assert (one.code, one.out, one.err) == (several.code, several.out, several.err)
    assert "the assumption 'h % k == 0' does not hold" in several.err


MEASURES = ["params, macs", "memory = 16*params + 2*activations, buffers", "flops, x = params - 7"]


@pytest.mark.parametrize(("measure", "name"), [*zip(cycle(MEASURES), files())])
def test_columns_add_up(measure, name):
    """Each column to its total, and each total is the count."""
    document = understand(zoo_source(name))
    for model in document.models:
        ended = run("show", f"zoo:{name}:{model}", "--measure", measure, "--format", "json")
        if ended.code and "value" in ended.err:
            continue  # a size without a default that decides the structure
        found = json.loads(ended.out)
        for column in found["columns"]:
            if isinstance(column["number"], int):
                counted = run("count", f"zoo:{name}:{model}", "--measure", column["formula"])
                assert counted.out.strip() == str(column["number"])
        report = column_report(document.definition(model), measure_columns(measure))
        for place, one in enumerate(report.reports):
            rows = [row.totals[place] for row in report.rows if not row.first.depth]
            assert sum((r for r in rows if r is not None), 0) == one.total


def test_a_sweep_has_a_line_each():
    text = "input(h) -> dense(h)"
    ended = run("sweep", text, "--over", "h=1..3", "--measure", "params, work = 2*macs")
    assert "params       2        12\n" in ended.out
    assert "work         2        18\n" in ended.out


def test_the_zoo_with_other_measures():
    ended = run("zoo", "vgg16", "--measure", "macs, mem = 4*params", "--format", "csv")
    head, row, *_ = ended.out.splitlines()
    assert head.startswith("source,macs,mem,")
    assert row.startswith("zoo:vgg16,15470264320,553430176,")


SEARCH = ("search", "input(6, h) -> dense(h) * l", "--over", "h=1..9,l=1..5")
FOUND = {
    ("--maximize", "params", "--top", "3"): 3,
    ("--minimize", "macs"): 1,
    ("--pareto", "params,min:l"): 5,
    ("--sample", "20", "--seed", "3"): 20,
}


@pytest.mark.parametrize("wanted", FOUND)
def test_a_search_has_columns(wanted):
    """One is a ratio of sums, which no formula of the engine can say: it is counted."""
    columns = "params, work = 2*macs, each = macs/(params + h)"
    ended = run(*SEARCH, *wanted, "--measure", columns, "--format", "json")
    rows = json.loads(ended.out)["rows"]
    assert len(rows) == FOUND[wanted]
    for row in rows:
        h, n = row["h"], row["l"]
        params, macs = (h * h + h) * n, 6 * h * h * n
        assert row["params"] == params
        assert row["work"] == 2 * macs
        assert Fraction(row["each"]) == Fraction(macs, params + h)
    head, *lines = run(*SEARCH, *wanted, "--measure", columns, "--format", "csv").out.splitlines()
    names = head.split(",")
    assert len(set(names)) == len(names)
    for line, row in zip(lines, rows, strict=False):
        cells = dict(zip(names, line.split(","), strict=True))
        assert (cells["work"], cells["params"]) == (str(row["work"]), str(row["params"]))


REFUSED_COLUMNS = [
    ("h", "'h' is a size of the model and would be a column twice\n"
          "    give the measure another name: other = h"),
    ("l = macs", "'l' is a size of the model and would be a column twice\n"
                 "    give the measure another name: other = macs"),
    ("params = macs", "--measure params = macs: two columns are called 'params'\n"
                      "    give it another name: other = macs"),
    ("D*macs", "<measure>:1:1: 'D' is neither a measure nor a size of the model\n    D*macs\n    ^ "
               "it has sizes h, l; measures params, trainable, frozen, "),
]  # fmt: skip


@pytest.mark.parametrize(("written", "told"), REFUSED_COLUMNS)
def test_columns_of_a_search_are_refused(written, told):
    ended = run(*SEARCH, "--maximize", "params", "--measure", written)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith(told)
    ended = run(*SEARCH, "--count", "--measure", "macs")
    assert (ended.code, ended.out, ended.err) == (
        2,
        "",
        "--measure is a column of what is found, and --count alone finds nothing\n"
        "    give --maximize, --minimize, --pareto or --sample, too\n",
    )


def test_columns_where_the_structure_is_decided():
    """The passes of the repeat differ, so there is a network for each number of them."""
    text = "model m(n, h) = input(h) -> [dense(h + k) for k in 1..n] -> linear(n)"
    ended = run(
        "search", text, "--over", "n=1..3,h=2..5", "--maximize", "params", "--top", "12",
        "--measure", "w = 2*macs + n, D*params", "--set", "D=7", "--format", "json",
    )  # fmt: skip
    rows = json.loads(ended.out)["rows"]
    assert len(rows) == 12
    for row in rows:
        at = ("--set", f"n={row['n']}", "--set", f"h={row['h']}", "--set", "D=7")
        counted = run("count", text, "--measure", "2*macs + n, D*params", *at, "--format", "json")
        assert list(json.loads(counted.out).values()) == [row["w"], row["D*params"]]


#: Columns that a table has beside its measures.
OWN_COLUMNS = [
    (("show", "input(8) -> dense(4)"), ["name", "kind", "depth", "group", "output"]),
    (("zoo", "gpt2"), ["source", "paper", "says"]),
]


@pytest.mark.parametrize(("command", "names"), OWN_COLUMNS)
def test_a_name_of_the_table_is_no_name_of_a_measure(command, names):
    for name in names:
        ended = run(*command, "--measure", f"params, {name} = macs", "--format", "csv")
        assert (ended.code, ended.out, ended.err) == (
            2,
            "",
            f"--measure params, {name} = macs: the table has a column '{name}' already\n"
            "    give the measure another name: other = macs\n",
        )


def test_a_ratio_without_a_value_is_empty():
    """At n = 1 nothing has weights, so that macs/params has no value there."""
    ended = run(
        "search", "input(t, 8) -> relu * n -> dense(h) * (n - 1)", "--over", "n=1..3,t=2..3,h=2..3",
        "--budget", "params <= 80", "--maximize", "n", "--top", "12",
        "--measure", "macs/params", "--format", "json",
    )  # fmt: skip
    rows = json.loads(ended.out)["rows"]
    assert {row["n"] for row in rows if row["macs/params"] is None} == {1}
    assert {row["n"] for row in rows if row["macs/params"] is not None} == {2, 3}


def test_columns_in_python():
    model = parse("input(6, h) -> dense(h) * l")
    domains = {"h": "1..9", "l": "1..5"}
    found = model.search("params", "params <= 100", domains, measures="macs, work = 2*macs")
    assert found.best.measures == {"macs": 480, "work": 960}
    space = model.space.over(domains).measuring("macs").within("params <= 100").measuring("x = 2")
    (choice,) = space.samples(1).choices
    assert dict(choice.measures).keys() == {"macs", "x"}
    assert choice.measures["x"] == 2
    assert model.search("params", "params <= 100", domains).best.measures == {}


def test_what_formulas_add_for_no_layer_stands_behind_the_layers():
    asked = "params, a = macs + 7*dense[0].params + 5, b = 2*params"
    report = column_report(
        understand(Source("<text>", "input(8) -> dense(4) -> dense(3)")).definition(),
        measure_columns(asked),
    )
    assert [row.first.name for row in report.rows] == [
        "input1", "dense1", "dense2", "7*dense[0].params", "5",
    ]  # fmt: skip
