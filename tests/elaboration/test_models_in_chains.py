"""A model inside a chain takes as many tensors as it has inputs, of their shapes."""

from __future__ import annotations

import pytest

from symparams.analysis.checks import check
from symparams.errors import Source

TWO = "model a = (input(3), input(4)) -> cat\n"


@pytest.mark.parametrize(
    "text",
    [
        TWO + "model m = (input(3), input(4)) -> a -> dense(2)\nexpect m.params == 16",
        TWO + "model m(h) = (input(3), input(4)) -> a -> dense(h)\nexpect m.params == 8*h",
        "model a = input(3) -> dense(2)\nmodel m = input(3) -> a -> a0\nmodel a0 = input(2) -> dense(1)\nexpect m.params == 11",
    ],
)
def test_what_fits(text):
    result = check([Source("net.arch", text)])
    assert result.holds, [*map(str, result.errors)]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            TWO + "model m = input(3) -> a -> dense(2)\nexpect m.params == 1",
            "net.arch:1:22: a model inside a chain gets fewer tensors than it takes\n"
            "    model a = (input(3), input(4)) -> cat\n"
            "                         ^^^^^^^^\n"
            "net.arch:2:23: 'a' is used here\n"
            "    model m = input(3) -> a -> dense(2)\n"
            "                          ^",
        ),
        (
            TWO + "model m = (input(3), input(4), input(5)) -> a\nexpect m.params == 1",
            "net.arch:2:45: model 'a' takes 2 tensors, not 3\n"
            "    model m = (input(3), input(4), input(5)) -> a\n"
            "                                                ^",
        ),
        (
            TWO + "model m = (input(3), input(5)) -> a\nexpect m.params == 1",
            "net.arch:1:22: a model inside a chain takes a vector of 4, but gets a vector of 5\n"
            "    model a = (input(3), input(4)) -> cat\n"
            "                         ^^^^^^^^\n"
            "net.arch:2:35: 'a' is used here\n"
            "    model m = (input(3), input(5)) -> a\n"
            "                                      ^",
        ),
    ],
)
def test_what_does_not_fit(text, says):
    (error,) = check([Source("net.arch", text)]).errors
    assert str(error) == says
