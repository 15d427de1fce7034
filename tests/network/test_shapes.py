"""Shapes in words."""

import pytest

from symparams.algebra import symbol
from symparams.network.shapes import Bundled, Signal, axes_of, shape_text

h, x, batch = symbol("h"), symbol("x"), symbol("batch")


@pytest.mark.parametrize(
    ("axes", "told", "described"),
    [
        ((), "scalar", "a scalar"),
        ((8,), "8", "a vector of 8"),
        ((224, 224, 64), "224x224x64", "an image of 224x224x64"),
        ((10, h), "10 x h", "a sequence of 10 x h"),
        ((x, x, 3), "x × x × 3", "an image of x × x × 3"),
        ((h + 1, 8), "(h + 1) x 8", "a sequence of (h + 1) x 8"),
        ((2 * h, 8), "2*h x 8", "a sequence of 2*h x 8"),
        ((x, h + 1), "x × (h + 1)", "a sequence of x × (h + 1)"),
        ((1, 2, 3, batch), "1 x 2 x 3 x batch", "an array of 1 x 2 x 3 x batch"),
    ],
)
def test_a_shape_in_words(axes, told, described):
    assert shape_text(axes) == told
    assert str(Signal(axes)) == told
    assert Signal(axes).described() == described


def test_what_is_integers():
    assert str(Signal((10, h), True)) == Signal((10, h), True).described() == "tokens(10, h)"


def test_axes_of_a_bundle():
    inner = Bundled((Signal((2, 3)), Signal(())))
    assert axes_of(Bundled((inner, Signal((h,))))) == (2, 3, h)
