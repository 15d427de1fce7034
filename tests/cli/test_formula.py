"""``symparams formula`` and the options of all commands that print formulas."""

from __future__ import annotations

import json

import pytest

from tests.cli.running import run

LSTM = "input(t, i) -> lstm(h)"
MODEL = "model m(h = 512, f = round_up(8*h/3, 64)) = input(h) -> swiglu(f)"


@pytest.mark.parametrize(
    ("command", "shown"),
    [
        (["formula", LSTM], "4*n*(m + n + 1)"),
        (["show", LSTM], "4*n*(m + n + 1)"),
        (["explain", LSTM], "4·n·(m + n + 1)"),
        (["count", LSTM, "--set", "n=20,m=10"], "2480"),
        (["solve", LSTM, "params <= 10K", "--for", "n", "--set", "m=10"], "largest n:     44"),
        (["sensitivity", LSTM], "n       4*m + 8*n + 4"),
        (["prove", LSTM, "4*n*(m + n + 1)"], "equal"),
        (["sweep", LSTM, "--over", "n=1..4", "--set", "m=1,t=1"], "Sweep of network over n"),
    ],
)
def test_every_command_that_prints_a_formula_renames(command, shown):
    result = run(*command, "--rename", "n=h,m=i")
    assert result.err == ""
    assert shown in result.out


def test_an_unknown_size_is_refused_with_the_nearest_name():
    result = run("formula", "zoo:gpt2", "--rename", "d=hh")
    assert result.err == "'gpt2' has no size 'hh' to rename\n    did you mean 'h'?\n"
    assert result.code == 2


@pytest.mark.parametrize("command", ["formula", "show", "explain"])
def test_a_derived_size_is_kept_or_written_out(command):
    kept, inline = run(command, MODEL).out, run(command, MODEL, "--inline").out
    assert "with f = round_up(8*h/3, 64)" in kept
    assert "floor(" not in kept
    assert "floor((h + 23)/24)" in inline
    assert "with f" not in inline


@pytest.mark.parametrize("command", ["formula", "show", "explain"])
def test_what_is_kept_by_name_changes_no_number(command):
    kept = json.loads(run(command, MODEL, "--format", "json").out)
    inline = json.loads(run(command, MODEL, "--inline", "--format", "json").out)
    assert [d["name"] for d in kept.pop("derived")] == ["f"]
    assert inline.pop("derived") == []
    assert kept.pop("with_names", None) == ("3*f*h" if command == "formula" else None)
    inline.pop("with_names", None)
    assert kept == inline


def test_the_table_has_the_numbers_of_what_is_written_out():
    lines = run("show", MODEL).out.splitlines()
    numbers = [line.split()[-1] for line in lines[3:] if "linear" in line]
    assert numbers == ["720,896"] * 3  # 512*1408, each of swiglu's three
    assert "  at h = 512: 2,162,688" in lines


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--over", "h>=2"], "--over needs --approx: it bounds the error of an approximation"),
        (["--form", "collected"], "--form collected needs the sizes to collect by"),
        (["--by", "h"], "--by is of the collected form, not of short"),
        (["--approx", "--form", "grouped"], "--approx is not of the form grouped"),
    ],
)
def test_options_that_make_no_sense_together(options, message):
    result = run("formula", LSTM, *options)
    assert result.err.splitlines()[0] == message
    assert result.code == 2


def test_an_approximation_over_a_domain():
    over = ["--over", "h>=64", "--over", "i=1..8"]
    data = json.loads(run("formula", LSTM, "--approx", *over, "--format", "json").out)
    (row,) = data["rows"]
    # 4*(h*i + h^2 + h) by 4*(h*i + h^2): 1/(h + i + 1) is most at h = 64, i = 1
    assert (row["formula"], row["error"]) == ("4*h*(i + h)", None)
    assert row["domain"]["bound"] == "2/125"  # 1/66 = 1.52 %, in steps of 0.1 %
