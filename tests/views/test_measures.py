"""Each measure on its way through every command: counted here by hand, once."""

from __future__ import annotations

import json
import re

import pytest

from symparams.elaboration import conventions
from symparams.layers import kinds
from symparams.network import MEASURES
from symparams.views.pages import layers
from tests.cli.running import run

MODEL = (
    "model m(h in 1..9 = 3) = input(4, 4, 8) -> freeze(conv(h, 1)) -> bn"
    " -> { table at[4, 4, h]; (id + at) } -> flatten -> keep(moe(keep(dense(h)), 4, 2)) -> precision(linear(h), 16) * h -> dense(h)"
)
#: A model all of whose layers say what they save.
SAVING = (
    "model m(h in 1..9 = 3) = input(4, 4, 8) -> freeze(conv(h, 1)) -> bn -> maxpool(2)"
    " -> flatten -> dropout(0.1) -> linear(h) * h -> dense(h)"
)

#: Measure → what the model has of it. A new measure has its row here.
BY_HAND = {
    "params": lambda h: 9 * h + 2 * h + 16 * h + 64 * h + 4 * (16 * h**2 + h) + h**3 + h**2 + h,
    "trainable": lambda h: 2 * h + 16 * h + 64 * h + 4 * (16 * h**2 + h) + h**3 + h**2 + h,
    "frozen": lambda h: 8 * h + h,
    "buffers": lambda h: 2 * h,
    "total": lambda h: 9 * h + 4 * h + 16 * h + 64 * h + 4 * (16 * h**2 + h) + h**3 + h**2 + h,
    "active": lambda h: 9 * h + 2 * h + 16 * h + 64 * h + 2 * (16 * h**2 + h) + h**3 + h**2 + h,
    "embedding": lambda h: 16 * h,
    "activations": lambda h: 128 + 16 * h + 16 * h + 4 + 2 * h + h**2 + h,
    "macs": lambda h: 128 * h + 64 * h + 2 * 16 * h**2 + h**3 + h**2,
    "backward_macs": lambda h: 2 * (64 * h + 2 * 16 * h**2 + h**3 + h**2),
    "training_macs": lambda h: 128 * h + 3 * (64 * h + 2 * 16 * h**2 + h**3 + h**2),
    "saved": lambda h: 16 * h + 16 * h + 4 * h + h * (h - 1) + h,
    "saved_masks": lambda h: 4 * h,
    "saved_integers": lambda h: 4 * h,
    "saved_once": lambda h: 2 * h,
    "kept": lambda h: 2 * h + h,
    "precision_bytes": lambda h: 2 * h**3,
    "unset_precision": lambda h: 27 * h + 64 * h + 4 * (16 * h**2 + h) + h**2 + h,
}


def model(name: str) -> str:
    return SAVING if MEASURES[name].storages else MODEL


def told(command: str, *args: str) -> dict:
    words = {word for arg in args for word in re.findall(r"\w+", arg)}
    asked = next((m for m in MEASURES if m in words and MEASURES[m].storages), "params")
    result = run(command, model(asked), *args, "--format", "json")
    assert result.code == 0, result.err
    return json.loads(result.out)


def test_every_measure_is_counted_by_hand():
    assert list(BY_HAND) == list(MEASURES), "a new measure has a row in BY_HAND"


@pytest.mark.parametrize("name", MEASURES)
def test_a_measure_in_every_command(name):
    measure, values = MEASURES[name], {h: BY_HAND[name](h) for h in range(1, 10)}
    asked = ("--measure", name)
    for h, value in values.items():
        assert told("count", *asked, "--set", f"h={h}") == {name: value}
    formula = told("formula", *asked)["formula"]
    assert told("prove", formula, *asked)["verdict"] == "equal"
    found = told("show", *asked)
    assert (found["measure"], found["unit"]) == (name, measure.unit)
    assert (found["number"], found["total"]) == (values[3], found["measures"][name])
    said = [m for m in MEASURES if model(m) == model(name) or model(name) == SAVING]
    assert [*found["measures"]] == said
    at = run("show", model(name), *asked, "--set", "h=3").out.splitlines()
    assert at[1].endswith(f"  {measure.heading}")
    assert f"{measure.whole}: {values[3]:,}" in at
    item = told("sensitivity", *asked)["rows"][0]
    assert (item["measure"], item["increase"]) == (values[3], values[4] - values[3])
    shares = told("sensitivity", *asked, "--shares")["rows"]
    assert sum(int(row["value"]) for row in shares) == values[3]
    (row,) = told("sweep", *asked)["rows"]
    extremes = row["least"], row["greatest"], row["total"]
    assert extremes == (values[1], values[9], sum(values.values()))
    budget = f"{name} <= {values[5]}"
    solved = told("solve", budget, "--for", "h")
    assert (solved["value"], solved["reached"]) == (5, values[5])
    best = told("search", "--maximize", name, "--budget", budget)
    assert (best["proved"], best["rows"][0]["h"], best["rows"][0][name]) == (True, 5, values[5])
    assert told("search", "--pareto", f"{name},min:h")["rows"]


@pytest.mark.parametrize("name", MEASURES)
def test_a_measure_in_claims_help_and_hints(name, tmp_path):
    claims = [f"expect m(h = {h}).{name} == {BY_HAND[name](h)}" for h in range(1, 10)]
    (tmp_path / "net.arch").write_text("\n".join([model(name), *claims]), "utf-8")
    assert run("check", str(tmp_path / "net.arch")).code == 0
    for command in ("count", "show", "formula", "sensitivity", "prove"):
        assert name in " ".join(run(command, "--help").out.split("--measure")[1].split())
    assert name in run("count", MODEL, "--measure", "zzz").err
    assert name in json.loads(run("layers", "dense", "--format", "json").out)["measures"]


def test_every_other_measure_leaves_the_derivation_as_it_is():
    assert told("explain")["total"] == "h^3 + 65*h^2 + 96*h"


@pytest.mark.parametrize("name", MEASURES)
def test_what_is_told_below_a_measure(name):
    parts = [m for m in MEASURES.values() if m.part_of == name]
    assert not parts or sum(BY_HAND[m.name](7) for m in parts) == BY_HAND[name](7)
    shown = run("show", model(name), "--measure", name).out.splitlines()
    below = [m for m in MEASURES.values() if name in (m.part_of, m.beside)]
    assert [m.whole for m in below] == [
        m.whole for m in MEASURES.values() if m.name != name and any(
            line.startswith(f"{m.whole}: ") for line in shown
        )
    ]  # fmt: skip


def test_what_follows_differs_only_where_another_measure_does():
    for kind in kinds().values():
        found = [layers.example(kind, c).network.measures() for c in conventions()]
        differ = {m for m in MEASURES if len({each.get(m) for each in found}) > 1}
        assert not differ or any(not MEASURES[m].follows for m in differ)
