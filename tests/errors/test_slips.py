"""No hint is better than a wrong one: what is near a name, and what is not."""

from __future__ import annotations

import pytest

from symparams.elaboration.suggestions import layer_meant
from symparams.elaboration.vocabulary import built_in, library_files
from symparams.errors import did_you_mean, listed, nearest, set_to
from symparams.layers import kinds

NAMES = [*built_in(), *library_files()]

#: A word that is no slip of any name, though its letters are like those of the second.
ASTRAY = [
    ("unfold", "fold"),
    ("len", "flatten"),
    ("sin", "min"),
    ("sin", "sinusoidal_positions"),
    ("cos", "cat"),
    ("mod", "moe"),
    ("sub", "sum"),
    ("mul", "min"),
    ("pow", "pad"),
    ("int", "input"),
    ("pos", "post_norm"),
    ("argmax", "max"),
    ("unfreeze", "freeze"),
    ("downsample", "upsample"),
    ("maxunpool", "maxpool"),
    ("minpool", "maxpool"),
    ("globalminpool", "globalmaxpool"),
    ("detrain", "train"),
    ("untrain", "train"),
    ("cupy", "numpy"),
    ("rescaling", "scan"),
    ("masking", "min"),
    ("adaptivemaxpool", "adaptive_softmax"),
]

SLIPS = [
    ("lsmt", ["lstm"]),
    ("dens", ["dense"]),
    ("denes", ["dense"]),
    ("attentoin", ["attention"]),
    ("relux", ["relu", "relu6"]),
    ("rleu", ["relu"]),
    ("gur", ["gru"]),
    ("grru", ["gru"]),
    ("avg", ["avgpool"]),
    ("batchnrom", ["batchnorm"]),
    ("convtranspose", ["conv_transpose"]),
    ("LSMT", ["lstm"]),
    ("encoderlayer", ["encoder_layer"]),
    ("residul", ["residual"]),
]


@pytest.mark.parametrize(("word", "other"), ASTRAY)
def test_an_astray_name_is_not_said(word, other):
    assert other not in nearest(word, [*NAMES, "numpy"])
    assert f"'{other}'" not in layer_meant(word, NAMES).partition("(")[0]


@pytest.mark.parametrize(("word", "meant"), SLIPS)
def test_a_slip_leads_to_what_was_meant(word, meant):
    assert nearest(word, NAMES) == meant


@pytest.mark.parametrize("name", sorted(kinds()))
def test_a_name_is_found_with_two_letters_exchanged(name):
    if len(name) < 4 or name[1] == name[2]:
        return
    assert name in nearest(name[0] + name[2] + name[1] + name[3:], NAMES)


def test_nothing_near_says_the_rest():
    assert did_you_mean("frobnicate", NAMES, "there is none") == "there is none"


@pytest.mark.parametrize(
    ("names", "told"),
    [
        ("", ""),
        ("a", "'a'"),
        ("ab", "'a' and 'b'"),
        ("abcd", "'a' and 'b' and 'c' and 'd'"),
        ("abcde", "'a', 'b', 'c' and 2 more"),
    ],
)
def test_names_are_listed_up_to_a_bound(names, told):
    assert listed(names) == told


def test_values_are_asked_for_up_to_a_bound():
    assert set_to(["a", "b"]) == "--set a=64 --set b=64"
    assert set_to("abcde", "…") == "--set a=… --set b=… --set c=… …"
