"""Derivations as written by hand."""

import pytest

from symparams.algebra import substitute
from symparams.algebra.forms import Form, FormLeaf, Plus, Raised, Times
from symparams.algebra.polynomial import divide, product
from symparams.analysis.reports import derivation, own_sizes, report
from symparams.elaboration.definition import build
from symparams.elaboration.document import understand
from symparams.errors import Source
from symparams.views.cells import Equation, Over
from symparams.views.pages import explain
from symparams.views.rendering import render
from tests.views.nets import NETS, definition, explained, network

TABLES = {
    "numbers": """\
Parameters of network
conv1:    f·f·i·o + o = 3·3·3·32 + 32 = 896   (kernel 864 + bias 32)
relu1:    no weights
conv2:    f·f·i·o + o = 3·3·32·64 + 64 = 18,496   (kernel 18,432 + bias 64)
maxpool1: no weights
flatten1: no weights
dropout1: no weights
dense1:   i·o + o = 12,544·10 + 10 = 125,450   (kernel 125,440 + bias 10)
total:    896 + 18,496 + 125,450 = 144,842
letters: f: size of the window, i: input features or channels, o: output channels / output features\
""",
    "lstm": """\
Parameters of network
lstm1: 4·i·h + 4·h·h + 4·h = 4·(h·(i + h) + h)\
   (kernel 4·h·i + recurrent_kernel 4·h^2 + bias 4·h)
total: 4·(h·(i + h) + h) = 4·h·(i + h + 1)""",
    "repeats": """\
Parameters of network
dense1: i·o + o = h·h + h = h^2 + h   (kernel h^2 + bias h)   × 3
dense2: i·o + o = h·h + h = h^2 + h   (kernel h^2 + bias h)   × l
total:  (l + 3)·(h^2 + h) = h·(l + 3)·(h + 1)
letters: i: input features or channels, o: output features""",
    "blocks": """\
Parameters of m
f1:
  conv1:        f·f·i·o + o = 3·3·3·w + w = 28·w   (kernel 27·w + bias w)
  bn1:          i + i = w + w = 2·w   (gamma w + beta w)
  relu1:        no weights
f2:
  conv2:        f·f·i·o + o = 3·3·w·(2·w) + 2·w = 2·(9·w^2 + w)   (kernel 18·w^2 + bias 2·w)
  bn2:          i + i = 2·w + 2·w = 4·w   (gamma 2·w + beta 2·w)
  relu2:        no weights
globalavgpool1: no weights
dense1:         i·o + o = (2·w)·10 + 10 = 10·(2·w + 1)   (kernel 20·w + bias 10)
total:          28·w + 2·w + 2·(9·w^2 + w) + 4·w + 10·(2·w + 1) = 18·w^2 + 56·w + 10
letters: f: size of the window, i: input features or channels, o: output channels / output features
if H >= 5""",
    "groups": """\
Parameters of network
conv1: f·f·(i/4)·o + o = 3·3·(c/4)·c + c = 9·c^2/4 + c   (kernel 9·c^2/4 + bias c)
conv2: f·f·i·o + o = 3·3·c·(2·c + 1) + (2·c + 1) = 18·c^2 + 11·c + 1\
   (kernel (18·c^2 + 9·c) + bias (2·c + 1))
conv3: f1·f2·i·o + o = 1·3·(2·c + 1)·10 + 10 = 20·(3·c + 2)   (kernel (60·c + 30) + bias 10)
bn1:   i + i = 10 + 10 = 20   (gamma 10 + beta 10)
total: (9·c^2/4 + c) + (18·c^2 + 11·c + 1) + 20·(3·c + 2) + 20 = 81·c^2/4 + 72·c + 61
letters: f, f1, f2: size of the window, i: input features or channels, o: output channels
if c % 4 == 0""",
    "hidden letters": """\
Parameters of network
conv1: o·o·(h/i)·f + f = f·h·o^2/i + f   (kernel f·h·o^2/i + bias f)
total: f·h·o^2/i + f
if h % i == 0
if f % i == 0
if i >= o""",
}


@pytest.mark.parametrize("name", TABLES)
def test_derivation(name):
    assert render(explained(name)) == TABLES[name]


def test_gates_stand_in_front_and_are_not_multiplied_out():
    made = build(definition("lstm"), {"i": 32, "h": 64})
    assert "4·i·h + 4·h·h + 4·h = 4·32·64 + 4·64·64 + 4·64 = 24,832" in render(
        explain.page(report(made))
    )


def test_equal_layers_are_one_term_of_the_sum():
    (line,) = [x for x in render(explained("defaults")).splitlines() if x.startswith("total")]
    assert line == "total: 108 + 288 + 2·576 + 24 = 1,572"


@pytest.mark.parametrize(
    ("shape", "layer", "shown"),
    [
        ("2, 3, 5", "on [..., d] { weight w[d, k] }", "d·k = 5·7 = 35"),
        ("2, 3, 5", "on [a, ..., d] { weight w[a, d, k] }", "a·d·k = 2·5·7 = 70"),
        ("3, 3, 5", "on [a, ...] { weight w[a, k] }", "a·k = 3·7 = 21"),
        ("3, 5", "on [a, ..., d] { weight w[a, d, k] }", "a·d·k = 3·5·7 = 105"),
    ],
)
def test_the_letters_of_a_layer_of_a_file(shape, layer, shown):
    text = f"layer f(k) {layer}; model m = input({shape}) -> f(7)"
    made = build(understand(Source("<text>", text)).definition())
    (line,) = [x for x in render(explain.page(report(made))).splitlines() if x.startswith("f1")]
    assert line.split(maxsplit=1)[1] == shown


def worth(form: Form):
    """The value of a form, quotients worked out."""
    match form:
        case FormLeaf():
            return form.size
        case Plus():
            return sum((worth(t) for t in form.terms), 0)
        case Times():
            return product(worth(f) for f in form.factors)
        case Raised():
            return worth(form.base) ** form.exponent
        case Over():
            return divide(worth(form.above), worth(form.below))
        case _:
            raise TypeError(form)


@pytest.mark.parametrize("name", NETS)
def test_every_side_of_a_derivation_is_the_count(name):
    rows = {row.name: row for row in report(network(name)).rows}
    for line in explained(name).rows:
        told = line.cells[1]
        if not isinstance(told, Equation):
            continue
        *steps, result = told.sides
        if line.style == "total":
            assert {worth(side) for side in told.sides} == {worth(result)}
            continue
        row = rows[str(line.cells[0])]
        assert worth(result) == sum((s.count for s in derivation(row)), 0)
        for k, side in enumerate(steps):
            # The first side may be in letters, for which the layer's own sizes stand.
            here = worth(side)
            assert here == row.count or (k == 0 and substitute(here, own_sizes(row)) == row.count)
