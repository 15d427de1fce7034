"""A model over many sizes from Python: what the commands answer, in the same words."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest

import symparams
from symparams.errors import SymparamsError
from tests.cli.running import run

ROOT = Path(__file__).parents[2]
SMALL = "model m(h in 1..9 = 4, l = 2) = input(3) -> dense(h) -> (dense(h) -> relu) * l"


@pytest.fixture(scope="module")
def gpt2():
    return symparams.load("zoo:gpt2")["gpt2"]


def told(*args: str) -> dict:
    """What a command prints for programs."""
    done = run(*args, "--format", "json", cwd=ROOT)
    assert done.code == 0, done.err
    return json.loads(done.out)


# --- tables and sweeps -------------------------------------------------------


def test_sizes_of_a_model_are_those_of_the_command(gpt2):
    found = gpt2.sizes("params, work = 2*macs", l=[6, 12])
    said = told("sizes", "zoo:gpt2", "--measure", "params, work = 2*macs", "--set", "l=6,12")
    assert found.to_dict() == said
    assert found.rows[0].counts["params"] == gpt2.variants["small"].count(l=6)
    assert list(found.to_pandas()["params"]) == [row["params"] for row in said["rows"]]


def test_sizes_of_several_models(gpt2):
    narrow = symparams.parse(SMALL)
    found = symparams.sizes("zoo:bert", narrow.at(h=2), narrow.at(h=3), gpt2, measure="params")
    names = [row.name for row in found.rows]
    variants = symparams.load("zoo:bert")["bert"].variants
    assert names == [*(f"bert.{name}" for name in variants), "m", "m", "gpt2"]
    assert [row.counts["params"] for row in found.rows][-3:] == [
        narrow.count(h=2),
        narrow.count(h=3),
        gpt2.count(),
    ]
    assert symparams.sizes("zoo:bert").to_dict() == told("sizes", "zoo:bert")


def test_sizes_are_over_what_a_model_is_given(gpt2):
    (row, *_) = gpt2.at(s=64).sizes("params").rows
    assert row.counts["params"] == gpt2.variants["small"].count(s=64)
    several = symparams.sizes(symparams.parse(SMALL), values={"h": range(1, 4), "l": 5})
    assert [row.sizes["h"] for row in several.rows] == [1, 2, 3]


def test_a_sweep_is_that_of_the_command():
    model = symparams.parse(SMALL)
    found = model.sweep({"l": [1, 2]}, "params <= 60", ["params", "macs"])
    asked = ("--over", "l={1, 2}", "--budget", "params <= 60")
    said = told("sweep", SMALL, *asked, "--measure", "params", "--measure", "macs")
    assert found.to_dict() == said
    fits = [model.count(h=h, l=l) for h in range(1, 10) for l in (1, 2)]  # noqa: E741
    assert found.tally.feasible == sum(p <= 60 for p in fits)


def test_a_sweep_writes_what_fits(tmp_path):
    file = tmp_path / "rows.json"
    symparams.parse(SMALL).sweep(budgets="params <= 60", out=file)
    rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    assert [row["h"] for row in rows] == [1, 2, 3, 4]


def test_check_is_that_of_the_command(tmp_path):
    found = symparams.check(ROOT / "docs" / "examples")
    assert found.holds
    assert found.to_dict()["rows"] == told("check", str(ROOT / "docs" / "examples"))["rows"]
    wrong = tmp_path / "wrong.arch"
    wrong.write_text("model m(h) = input(h) -> dense(2)\nexpect m.params == 2*h\n", "utf-8")
    broken = tmp_path / "broken.arch"
    broken.write_text("model m = input(3) -> dens(2)\n", "utf-8")
    found = symparams.check([wrong, str(broken)])
    assert not found.holds
    assert [judgement.holds for judgement in found.judgements] == [False]
    assert [error.message for error in found.errors] == ["unknown layer kind 'dens'"]


# --- figures -----------------------------------------------------------------

FIGURES = [
    ({"over": {"h": "1..9"}}, ["--over", "h=1..9"]),
    ({"over": {"h": range(1, 10)}, "share": True}, ["--over", "h=1..9", "--share"]),
    ({"bars": "sensitivity"}, ["--bars", "sensitivity"]),
    ({"bars": "shares", "measure": "macs"}, ["--bars", "shares", "--measure", "macs"]),
    ({"tornado": True, "factor": Fraction(2)}, ["--tornado", "--factor", "2"]),
    (
        {"iso": {"params": ["60", 100]}, "axes": ("h", "l"), "over": {"l": "1..9"}},
        ["--iso", "params=60,100", "--axes", "h,l", "--over", "l=1..9"],
    ),
    (
        {"pareto": ("params", "min:macs"), "over": {"l": [1, 2]}, "budgets": "params <= 60"},
        ["--pareto", "params,min:macs", "--over", "l={1, 2}", "--budget", "params <= 60"],
    ),
    ({"graph": True, "depth": 1}, ["--graph", "--depth", "1"]),
]


@pytest.mark.parametrize(("asked", "args"), FIGURES, ids=[" ".join(args) for _, args in FIGURES])
def test_a_figure_is_that_of_the_command(asked, args, tmp_path):
    figure = symparams.parse(SMALL).plot(**asked)
    assert figure.data == figure.to_dict() == told("plot", SMALL, *args)
    suffix, text = (".dot", "dot") if "graph" in asked else (".tex", "pgf")
    file = tmp_path / f"figure{suffix}"
    figure.save(file)
    assert file.read_text("utf-8") == run("plot", SMALL, *args, "--format", text).out
    assert str(figure) + "\n" == run("plot", SMALL, *args, "--format", "table").out


def test_a_notebook_shows_the_picture_or_else_the_table(monkeypatch, tmp_path):
    pytest.importorskip("matplotlib")
    figure = symparams.parse(SMALL).plot(bars="shares")
    assert figure._repr_svg_().startswith("<?xml")
    assert figure._repr_html_() is None
    figure.save(tmp_path / "figure.png", width="246pt")
    assert (tmp_path / "figure.png").read_bytes().startswith(b"\x89PNG")
    monkeypatch.setattr("symparams.figures.find_spec", lambda name: None)
    assert figure._repr_svg_() is None
    assert "<table" in figure._repr_html_()


REFUSED = [
    ({}, "nothing is asked to be drawn\n    give over={'h': '64..4096'}, bars='sensitivity', "),
    ({"tornado": True, "graph": True}, "tornado and graph are different figures\n"),
    ({"tornado": True, "points": 9}, "points goes with over or iso"),
    ({"bars": "share"}, "no bars 'share'\n    did you mean 'shares'?"),
    ({"over": {"h": "1..9"}, "budgets": "params <= 3"}, "budgets goes with pareto"),
    ({"iso": {"params": 60}}, "iso needs two sizes\n    as in axes=('h', 'l')"),
    ({"iso": {"params": 60.0}, "axes": ("h", "l")}, "iso must be an integer, not "),
    ({"pareto": ("params",)}, "a figure of a front has two goals"),
    ({"pareto": ("params", "macs"), "measure": "macs"}, "measure does not go with pareto, "),
    ({"over": 3}, "sizes are given by name, not as 'int'"),
]


@pytest.mark.parametrize(("asked", "message"), REFUSED, ids=[str(a) for a, _ in REFUSED])
def test_what_no_figure_is_drawn_of(asked, message):
    with pytest.raises(SymparamsError) as raised:
        symparams.parse(SMALL).plot(**asked)
    assert str(raised.value).startswith(message)


def test_too_much_for_a_figure():
    model = symparams.parse(SMALL)
    with pytest.raises(SymparamsError, match="within the factor 'l' has more than 9,223"):
        model.plot(tornado=True, factor=10**30)
    with pytest.raises(SymparamsError, match="within the factor 'l' has more than 9,223"):
        model.at(l=10**30).plot(tornado=True)
    with pytest.raises(SymparamsError, match="at most 100 curves are drawn, not 101"):
        model.plot(iso={"params": range(101)}, axes=("h", "l"), over={"l": "1..3"})
    for option in ("factor", "logarithmic"):
        with pytest.raises(SymparamsError, match=f"{option} must be "):
            model.plot(tornado=True, **{option: [1, 2]})


def test_where_no_figure_is_written():
    figure = symparams.parse(SMALL).plot(tornado=True)
    for path, width, message in [
        ("figure.jpg", None, "out figure.jpg: nothing is drawn to such a file"),
        ("figure.svg", "wide", "width wide: no length"),
        ("figure.svg", 0.1, "width 0.1: a figure is 1.5 to 20 inches wide"),
        ("figure.svg", [3], "width must be a length, not 'list'"),
        (3, None, "a path must be a text or a pathlib.Path, not 'int'"),
    ]:
        with pytest.raises(SymparamsError) as raised:
            figure.save(path, width)
        assert str(raised.value).startswith(message)


def test_tables_without_a_model():
    for call, message in [
        (lambda: symparams.sizes(), "nothing stands in the table"),
        (lambda: symparams.sizes(3), "a source must be a text, not 'int'"),
        (lambda: symparams.sizes("-"), "'-' is of the command line"),
        (lambda: symparams.check(3), "paths must be a path or a list of them, not 'int'"),
    ]:
        with pytest.raises(SymparamsError) as raised:
            call()
        assert str(raised.value).startswith(message)
