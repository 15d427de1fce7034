"""The catalogue, made from declarations."""

import re

import pytest

from symparams.elaboration.shipped_files import layout_names
from symparams.elaboration.vocabulary import built_in, library_files
from symparams.errors import SymparamsError
from symparams.layers import kinds
from symparams.views.pages import layers
from symparams.views.rendering import render

GRU = """\
gru(units, bias = yes, bias_vectors = 1, last = no)
Gated recurrent unit (Cho et al. 2014, arXiv:1406.1078): (time, i) -> (time, h).
Keras GRU, torch nn.GRU.
Options
  units             h                  units
  bias = yes                           add bias vectors
  bias_vectors = 1                     bias vectors a gate: 1, or 2 (input and state apart)
  last = no                            give the last state instead of the sequence
Weights
  kernel            i x 3*h
  recurrent_kernel  h x 3*h
  bias              3*h
In input(t, i) -> gru(h)
  params            3*(h*(i + h) + h)  = 3*h*(i + h + 1)
  macs              3*h*t*(i + h)
  output            t x h"""


def test_one_kind():
    told = render(layers.kind("gru"))
    head, _, conventions = told.partition("\nConventions\n")
    narrow = "\n".join(" ".join(line.split()) for line in head.splitlines())
    assert narrow == "\n".join(" ".join(line.split()) for line in GRU.splitlines())
    lines = [" ".join(line.split()) for line in conventions.splitlines()]
    assert lines == [
        "keras params 3*(h*(i + h) + 2*h) bias_vectors = 2 (convention keras, keras.arch:4)",
        "pytorch params 3*(h*(i + h) + 2*h) bias_vectors = 2 (convention pytorch, pytorch.arch:6)",
    ]


@pytest.mark.parametrize("name", built_in())
def test_every_name_has_its_page(name):
    sheet = layers.kind(name)
    first = next((kind.kind for kind in kinds().values() if name in kind.also), name)
    assert sheet.title.split("(")[0] == first
    assert render(sheet)


def test_the_catalogue_names_everything_once():
    rows = layers.catalogue().data["rows"]
    others = {name for kind in kinds().values() for name in kind.also}
    names = built_in().keys() - others | library_files().keys() | {*layout_names()}
    assert sorted(row["name"] for row in rows) == sorted(names)
    assert all(row["says"] for row in rows)


def test_general_formulas_come_from_the_examples():
    formulas = {row["name"]: row.get("params") for row in layers.catalogue().data["rows"]}
    assert formulas["conv"] == "f^2*i*o + o"
    assert formulas["embed"] == "V*d"
    assert formulas["bidirectional"] == "6*(h*(i + h) + h)"
    assert formulas["relu"] == "0"


def test_signatures():
    assert layers.signature(kinds()["conv"]) == (
        "conv(filters, kernel, stride = 1, pad = valid, dilation = 1, groups = 1, bias = yes)"
    )
    assert layers.signature(kinds()["conv"], brief=True) == "conv(filters, kernel, …)"
    assert layers.signature(kinds()["recurrent"], brief=True) == "recurrent(units, gates = g, …)"
    assert layers.signature(kinds()["relu"]) == "relu"


def test_every_option_says_what_it_is():
    """What is written of it in short is a letter, and what it says is words."""
    for kind in kinds().values():
        for name, option in kind.options.items():
            assert re.fullmatch(r"\w?", option.short), (kind.kind, name)
            assert re.search(r"\w{3}", option.says), (kind.kind, name)


def test_buffers_are_told_apart_and_their_convention_named():
    data = layers.kind("bn").data
    assert {w["name"]: w["buffer"] for w in data["weights"]} == {
        "gamma": False,
        "beta": False,
        "moving_mean": True,
        "moving_variance": True,
    }
    assert data["conventions"] == [
        {"convention": "pytorch", "measure": "buffers", "formula": "2*i + 1"}
    ]


def test_an_unknown_kind_is_refused():
    with pytest.raises(SymparamsError) as found:
        layers.kind("lsmt")
    assert str(found.value) == "unknown layer kind 'lsmt'\n    did you mean 'lstm'?"


def test_another_name_of_a_kind():
    assert render(layers.kind("batchnorm")) == render(layers.kind("bn"))
