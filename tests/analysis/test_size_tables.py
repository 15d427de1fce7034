"""``symparams sizes``: every number is that of ``count``, in every format."""

from __future__ import annotations

import csv
import io
import json
import os
import re

import pytest

import symparams
from symparams.views.rendering import FORMATS
from tests.cli.running import run
from tests.views.printed_typeset import typst_tables

MEASURES = "params, macs, kv_cache, work = 2*macs"
NET = """\
model net(h = 4, l = 2, f = 3*h, act = relu) = input(h) -> dense(f) -> act -> dense(h) * l
variant base of net
variant large of net(h = 8, l = 6)
variant smooth of net.large(act = gelu, f = 9)
"""


def told(*args: str) -> dict:
    ended = run("sizes", *args, "--format", "json")
    assert ended.code == 0, ended.err
    return json.loads(ended.out)


def counted(source: str, *more: str) -> list[int]:
    out = run("count", source, "--measure", MEASURES, "--format", "json", *more).out
    return [int(number) for number in json.loads(out).values()]


@pytest.mark.parametrize("name", ["gpt2", "t5", "qwen2", "efficientnet"])
def test_the_numbers_are_those_of_count(name):
    rows = told(f"zoo:{name}", "--measure", MEASURES)["rows"]
    assert len(rows) > 3
    for row in rows:
        assert row["model"].startswith(f"{name}.")
        numbers = [int(row[key]) for key in ("params", "macs", "kv_cache", "work")]
        assert numbers == counted(f"zoo:{row['model']}")


def test_the_numbers_are_those_of_count_in_every_format():
    values = ("--set", "h=16,24", "--set", "l=3")
    rows = told(NET_FILE, *values, "--measure", MEASURES)["rows"]
    assert [(r["h"], r["params"]) for r in rows[:2]] == [
        (16, counted(f"{NET_FILE}:net.base", "--set", "h=16,l=3")[0]),
        (24, counted(f"{NET_FILE}:net.base", "--set", "h=24,l=3")[0]),
    ]
    wanted = [[str(r[key]) for key in ("params", "macs", "kv_cache", "work")] for r in rows]
    assert len(wanted) == 6
    for format in FORMATS:
        if format == "json":
            continue
        out = run("sizes", NET_FILE, *values, "--measure", MEASURES, "--format", format).out
        assert read(out, format) == wanted, format


NET_FILE = "net.arch"


@pytest.fixture(autouse=True)
def in_a_folder(tmp_path, monkeypatch):
    (tmp_path / NET_FILE).write_text(NET)
    monkeypatch.chdir(tmp_path)


def read(out: str, format: str) -> list[list[str]]:
    """The last four cells of each row of a table."""
    if format == "csv":
        return [line[-4:] for line in csv.reader(io.StringIO(out))][1:]
    if format in ("html", "mathml"):
        rows = re.findall(r"<tr>(.*?)</tr>", out)[1:]
        cells = [re.sub(r"<[^>]*>", " ", row).split() for row in rows]
    elif format == "typst":
        cells = [row for row in typst_tables(out) if row[0].startswith("net.")]
    else:
        kept = [line for line in out.splitlines() if re.search(r"net\.", line)]
        cells = [re.sub(r"[|$&\\{}]", " ", line).replace(" , ", ",").split() for line in kept]
    return [[cell.replace(",", "") for cell in row[-4:]] for row in cells]


def test_the_sizes_are_those_in_which_models_differ():
    found = told(NET_FILE)
    assert found["sizes"] == ["h", "l", "f", "act"]
    assert found["rows"][-1] == {
        "model": "net.smooth",
        "h": 8,
        "l": 6,
        "f": 9,
        "act": "gelu",
        "params": 8 * 9 + 9 + 8 * 9 + 8 + 5 * 72,
    }
    # What follows from others is no column of its own.
    assert told("net.arch:net.base", "net.arch:net.large")["sizes"] == ["h", "l"]
    assert told("zoo:gpt2")["sizes"] == ["l", "h", "a"]
    assert told("zoo:gpt2.small")["sizes"] == []


def test_a_model_with_variants_stands_for_all():
    names = [row["model"] for row in told(NET_FILE)["rows"]]
    assert names == ["net.base", "net.large", "net.smooth"]  # the base is the model itself
    with open(NET_FILE, "a") as file:
        file.write("model other(h = 3) = input(h) -> dense(h)\nvariant wide of other(h = 5)\n")
    names = [row["model"] for row in told(f"{NET_FILE}:other", f"{NET_FILE}:net.large")["rows"]]
    assert names == ["other", "other.wide", "net.large"]


def test_two_sources_with_models_of_one_name():
    with open("old.arch", "w") as file:
        file.write("model net(h = 5) = input(h) -> dense(h)\n")
    rows = told("old.arch", NET_FILE, f"{NET_FILE}:net.base")["rows"]
    assert [row["model"] for row in rows] == [
        *("net", "net.arch:net.base", "net.large", "net.smooth", "net.arch:net.base"),
    ]


def test_a_configuration_has_no_variants_of_the_zoo():
    config = os.path.join(symparams.__path__[0], "..", "docs", "examples", "llama_3_2_1b.json")
    assert told(f"hf:{config}")["rows"] == [{"model": "llama", "params": 1_235_814_400}]


def test_a_table():
    out = run("sizes", NET_FILE, "--measure", "params,macs").out
    assert (
        out
        == """\
Sizes
Model       h  l   f   act  params  macs
----------------------------------------
net.base    4  2  12  relu     132   112
net.large   8  6  24  relu     776   704
net.smooth  8  6   9  gelu     521   464
"""
    )


def test_a_size_without_a_value():
    ended = run("sizes", "input(i) -> dense(h)", "--set", "i=3,4")
    assert ended.code == 0
    assert ended.out.splitlines()[3:] == [
        "network  3",
        "network  4",
        "network: params depends on 'h': 4*h",
        "network: params depends on 'h': 5*h",
    ]
    rows = told("input(i) -> dense(h)", "--set", "i=3,h=4,5")["rows"]
    assert [(row["h"], row["params"]) for row in rows] == [(4, 16), (5, 20)]


WRONG = [
    (["zoo:gpt2", "--set", "x=3"], "'gpt2.small' has no size 'x'"),
    (["zoo:gpt2", "--set", "h=3,h=4"], "--set gives 'h' twice"),
    (["zoo:gpt2", "--set", "h=3", "--set", "h=4"], "--set gives 'h' twice"),
    (["zoo:gpt2", "--set", "3,4"], "--set 3: write name=value"),
    (["zoo:gpt2", "--measure", "parms"], "unknown measure 'parms'"),
    (["zoo:gpt2", "--measure", "h = params"], "the table has a column 'h' already"),
    (["zoo:gpt2", "--measure", "model = params"], "the table has a column 'model' already"),
    (["zoo:gpt", "zoo:gpt2"], "the zoo has no 'gpt'"),
    (["zoo:gpt2", "--set", "s=" + ",".join(map(str, range(1, 300)))], "a table of 1,196 rows"),
]


@pytest.mark.parametrize(("args", "error"), WRONG)
def test_what_is_wrong(args, error):
    ended = run("sizes", *args)
    assert ended.code == 2
    assert error in ended.err
