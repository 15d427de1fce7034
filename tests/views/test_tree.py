"""``show --tree``, ``--shares`` and ``--unit``: what they print adds up, in every format."""

from __future__ import annotations

import json
import re
from fractions import Fraction

import pytest

from symparams.analysis.columns import column_report, measure_columns
from symparams.errors import SymparamsError
from symparams.views.byte_units import BYTES_IN
from symparams.views.pages import show_columns
from symparams.views.rendering import FORMATS, render
from symparams.views.sheet import Line, Sheet
from tests.cli.running import run
from tests.views.nets import definition

TREE = """\
Model: m
Layer              Output Shape  params         %
-------------------------------------------------
m                                87,690       100
├─ input1          20x32              0         0
├─ bidirectional1  20 x 2*h      37,632  ~42.9148
│  ├─ gru1         20 x h        18,816  ~21.4574
│  └─ gru2         20 x h        18,816  ~21.4574
├─ lstm1           20 x h        49,408  ~56.3439
└─ dense1          20x10            650   ~0.7412
at h = 64"""


def page(name: str, measures: str = "params", **options: object) -> Sheet:
    found = column_report(definition(name), measure_columns(measures))
    return show_columns.page(found, **options)  # type: ignore[arg-type]


def test_a_tree():
    assert render(page("convention", tree=True, shares=True)) == TREE


def test_branches_lead_to_the_layers_of_a_block():
    from symparams.views.formats.table import _branches

    depths = (0, 1, 2, 3, 2, 1, 1, 2, 3)
    assert _branches([Line(("a",), depth) for depth in depths]) == [
        "",
        "├─ ",
        "│  ├─ ",
        "│  │  └─ ",
        "│  └─ ",
        "├─ ",
        "└─ ",
        "   └─ ",
        "      └─ ",
    ]


@pytest.mark.parametrize("name", ["numbers", "convention", "settled", "defaults", "powers"])
def test_shares_sum_to_one_and_groups_to_what_is_in_them(name):
    data = page(name, "params, macs", tree=True, shares=True).data
    rows = [row for row in data["rows"] if not row["group"]]
    for measure in ("params", "macs"):
        assert sum(Fraction(row["shares"][measure]) for row in rows) == 1


@pytest.mark.parametrize("form", [f for f in FORMATS if f not in ("json", "csv")])
def test_every_format_prints_what_the_table_does(form):
    sheet = page("convention", "params, macs", tree=True, shares=True)
    plain = render(sheet)
    printed = re.sub(r"\{,\}|(?<=\d)\\(?=\.)", lambda m: m[0].strip("{}\\"), render(sheet, form))
    numbers = re.findall(r"\d[\d,.]{3,}", plain)
    assert len(numbers) > 12
    left = re.findall(r"\d[\d,.]{3,}", printed)
    assert [n for n in numbers if numbers.count(n) > left.count(n)] == []


def test_without_numbers_there_are_formulas_and_a_word_on_shares():
    sheet = page("lstm", tree=True, shares=True)
    assert [c.heading for c in sheet.columns] == ["Layer", "Output Shape", "params"]
    assert render(sheet).splitlines()[-1] == (
        "shares are of numbers: --set gives sizes, and sensitivity --shares has formulas"
    )
    assert {row["shares"]["params"] for row in sheet.data["rows"]} == {None}


def test_nothing_has_no_shares():
    data = page("tokens", "buffers", shares=True).data
    assert {row["shares"]["buffers"] for row in data["rows"]} == {None}


@pytest.mark.parametrize(
    ("unit", "total"),
    [("kB", "579.368"), ("MB", "~0.5794"), ("KiB", "~565.7891"), ("MiB", "~0.5525")],
)
def test_bytes_in_a_unit(unit, total):
    """144,842 params of 4 bytes are 579,368 bytes: the table rounds, the JSON does not."""
    sheet = page("numbers", "params, weight_bytes(32)", unit=unit)
    assert [c.heading for c in sheet.columns][-1] == f"weight_bytes(32) ({unit})"
    assert sheet.rows[-1].cells[-1] == total
    exact = Fraction(579_368, BYTES_IN[unit])
    assert abs(Fraction(str(total).lstrip("~")) - exact) <= Fraction(1, 20_000)
    assert ("~" in str(total)) == (exact * 10_000 % 1 != 0)
    assert [column["number"] for column in sheet.data["columns"]] == [144_842, 579_368]
    assert sheet.data["columns"][1]["unit"] == "bytes"
    assert sum(row["weight_bytes(32)"] for row in sheet.data["rows"]) == 579_368


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (
            ("--unit", "MB"),
            '--unit MB: no column counts bytes\n    as in --measure "params, weight_bytes(32)"',
        ),
        (("--unit", "Mb"), "no unit of bytes 'Mb'\n    did you mean 'MB'?"),
        (
            ("--unit", "acre"),
            "no unit of bytes 'acre'\n    there are kB, MB, GB, TB, KiB, MiB, GiB, TiB",
        ),
    ],
)
def test_refused(options, says):
    with pytest.raises(SymparamsError) as caught:
        page("numbers", unit=options[1])
    assert str(caught.value) == says
    told = run("show", "input(3)", *options)
    assert (told.code, told.err.rstrip("\n")) == (2, says)


def test_the_command_line():
    told = run(
        "show", "zoo:vgg16", "--tree", "--measure", "params, weight_bytes(16)", "--format", "json"
    )
    data = json.loads(told.out)
    assert data["columns"][0]["number"] == 138_357_544
    assert data["columns"][1]["number"] == 276_715_088
    shares = [Fraction(row["shares"]["params"]) for row in data["rows"] if not row["group"]]
    assert sum(shares) == 1
    told = run("show", "zoo:vgg16", "--shares", "--collapse")
    assert "shares" not in told.out
    assert "~74.2746" in told.out
