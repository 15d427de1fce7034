"""The table of layers."""

import pytest

from symparams.algebra import substitute
from symparams.analysis.reports import report
from symparams.analysis.summary import shown
from symparams.elaboration.definition import build
from symparams.elaboration.document import understand
from symparams.errors import Source
from symparams.views.pages import show
from symparams.views.rendering import render
from tests.views.nets import NETS, definition, network, shown_sheet

TABLES = {
    "numbers": """\
Model: network
Layer     Output Shape  Param #
-------------------------------
input1    32x32x3             0
conv1     30x30x32          896
relu1     30x30x32            0
conv2     28x28x64       18,496
maxpool1  14x14x64            0
flatten1  12544               0
dropout1  12544               0
dense1    10            125,450
-------------------------------
Total params: 144,842
Trainable params: 144,842
Non-trainable params: 0""",
    "lstm": """\
Model: network
Layer   Output Shape  Formula
---------------------------------------
input1  t x i         0
lstm1   t x h         4*(h*(i + h) + h)
---------------------------------------
Total params: 4*h*(i + h + 1)
symbols: t, i, h""",
    "repeats": """\
Model: network
Layer   Output Shape  Copies  Formula
-----------------------------------------
input1  h                     0
dense1  h             × 3     3*(h^2 + h)
dense2  h             × l     l*(h^2 + h)
-----------------------------------------
Total params: h*(l + 3)*(h + 1)
symbols: h, l""",
    "blocks": """\
Model: m
Layer           Output Shape             Formula
------------------------------------------------------
input1          H x H x 3                0
f1              (H - 2) x (H - 2) x w    30*w
  conv1         (H - 2) x (H - 2) x w    28*w
  bn1           (H - 2) x (H - 2) x w    2*w
  relu1         (H - 2) x (H - 2) x w    0
f2              (H - 4) x (H - 4) x 2*w  6*(3*w^2 + w)
  conv2         (H - 4) x (H - 4) x 2*w  2*(9*w^2 + w)
  bn2           (H - 4) x (H - 4) x 2*w  4*w
  relu2         (H - 4) x (H - 4) x 2*w  0
globalavgpool1  2*w                      0
dense1          10                       10*(2*w + 1)
------------------------------------------------------
Total params: 18*w^2 + 56*w + 10
Buffers: 6*w
symbols: H, w in 16..64 step 16 = 32
if H >= 5""",
    "convention": """\
Model: m
Layer           Output Shape  Formula         Param #
-----------------------------------------------------
input1          20x32                               0
bidirectional1  20 x 2*h      6*(h^2 + 34*h)   37,632
  gru1          20 x h        3*(h^2 + 34*h)   18,816
  gru2          20 x h        3*(h^2 + 34*h)   18,816
lstm1           20 x h        4*(3*h^2 + h)    49,408
dense1          20x10         10*(h + 1)          650
-----------------------------------------------------
Total params: 18*h^2 + 218*h + 10
  at h = 64: 87,690
symbols: h = 64
gru1, gru2: bias_vectors = 2 (convention keras, keras.arch:4): 3*h*(h + 34)\
 instead of 3*h*(h + 33) each""",
    "defaults": """\
Model: v
Layer   Output Shape  Copies  Param #
-------------------------------------
input1  8x8x3                       0
conv1   6x6x4                     108
conv2   4x4x8                     288
conv3   4x4x8         × 2       1,152
conv4   4x4x3                      24
-------------------------------------
Total params: 1,572
Trainable params: 1,572
Non-trainable params: 0
conv1, conv2, conv3, conv4: bias = no (default, <text>:2): 1,572 instead of 1,603 together""",
    "assumed": """\
Model: m
Layer    Output Shape  Copies  Formula
-----------------------------------------
input1   t x h                 0
linear1  t x h/a       × l     h^2*l/a
linear2  t x h         × l     h^2*l/a
bn1      t x h                 2*h
dense1   t x 10                10*(h + 1)
-----------------------------------------
Total params: 2*h^2*l/a + 12*h + 10
Buffers: 2*h
symbols: l, t, h = 64, a = 4
if h % a == 0""",
    "settled": """\
Model: m
Layer   Output Shape  Formula    Param #
----------------------------------------
input1  32 x 32 x w                    0
conv1   30 x 30 x w   9*w^2 + w      584
----------------------------------------
Total params: 9*w^2 + w
  at w = 8: 584
symbols: w = 8
for s = 1""",
    "huge": """\
Model: network
Layer   Output Shape                                                   Param #
------------------------------------------------------------------------------
input1  100000000000000000000                                                0
dense1  1000000000000000       100,000,000,000,000,000,001,000,000,000,000,000
------------------------------------------------------------------------------
Total params: 100,000,000,000,000,000,001,000,000,000,000,000
Trainable params: 100,000,000,000,000,000,001,000,000,000,000,000
Non-trainable params: 0""",
}


@pytest.mark.parametrize("name", TABLES)
def test_table(name):
    assert render(shown_sheet(name)) == TABLES[name]


def test_collapsed_blocks_are_one_line():
    assert (
        render(shown_sheet("blocks", expand=False))
        == """\
Model: m
Layer           Output Shape             Formula
------------------------------------------------------
input1          H x H x 3                0
f1              (H - 2) x (H - 2) x w    30*w
f2              (H - 4) x (H - 4) x 2*w  6*(3*w^2 + w)
globalavgpool1  2*w                      0
dense1          10                       10*(2*w + 1)
------------------------------------------------------
Total params: 18*w^2 + 56*w + 10
Buffers: 6*w
symbols: H, w in 16..64 step 16 = 32
if H >= 5"""
    )


def test_values_that_were_set_stand_in_the_title():
    table = render(shown_sheet("lstm", h=64))
    assert table.startswith("Model: network(h = 64)\n")
    assert "256*(i + 65)" in table


def test_another_measure():
    by_hand = 30 * 30 * 32 * 27 + 28 * 28 * 64 * 288 + 12544 * 10
    table = render(shown_sheet("numbers", measure="macs"))
    assert table.splitlines()[-1] == f"Total MACs: {by_hand:,}"


def test_a_convention_stands_beside_every_layer_it_changed():
    sheet = shown_sheet("convention", h=64)
    assert [d["layer"] for d in sheet.data["differences"]] == ["gru1", "gru2"]
    assert "18,816 instead of 18,624 each" in render(sheet)


def test_many_like_layers_are_not_all_named():
    text = "default dense(bias = no)\nmodel m = input(2)" + " -> dense(2) -> relu" * 7
    sheet = show.page(report(build(understand(Source("<text>", text)).definition())))
    assert render(sheet).splitlines()[-1] == (
        "dense1, dense2, …, dense7 (7 layers): bias = no (default, <text>:1): 4 instead of 6 each"
    )


@pytest.mark.parametrize("name", NETS)
def test_the_rows_add_up_to_the_total(name):
    found, at_defaults = shown(definition(name))
    data = shown_sheet(name).data
    if at_defaults is None:
        layers = [row for row in found.rows if not row.is_group]
        assert network(name).facts.reduce(sum((r.total for r in layers), 0)) == found.total
    else:
        assert sum(row["number"] for row in data["rows"] if not row["group"]) == data["number"]


@pytest.mark.parametrize(("measure", "total"), [("params", 20), ("macs", 16)])
def test_where_no_formula_is_the_numbers_at_the_defaults(measure, total):
    text = "model m(h = 4, k = 4) = input(h) -> (id + dense(k))"
    found, at_defaults = shown(understand(Source("<text>", text)).definition(), {}, measure)
    assert found.total == at_defaults.measure(measure) == total
    assert found.notes == (
        "at the defaults: cannot add a vector of h and a vector of k: "
        "h and k are not known to be equal",
    )


def test_numbers_where_the_defaults_make_other_rows():
    # The first pass differs from the others; at n = 1 there are no others.
    text = "model m(h = 4, n = 1) = input(3) -> (dense(h) -> relu) * n"
    found, at_defaults = shown(understand(Source("<text>", text)).definition())
    assert at_defaults is not None
    assert len(report(at_defaults).rows) < len(found.rows)
    data = show.page(found, at_defaults).data
    assert [row["number"] for row in data["rows"]] == [
        substitute(row.total, {"h": 4, "n": 1}) for row in found.rows
    ]
    assert data["number"] == 16
