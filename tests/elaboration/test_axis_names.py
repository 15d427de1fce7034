"""``y[h, w, c] = …`` names the axes of what stands behind it, if it has these."""

from __future__ import annotations

import pytest

from symparams.analysis.checks import check
from symparams.errors import Source


@pytest.mark.parametrize(
    ("text", "params"),
    [
        ("model m = { y[a, c] = input(3, 4) -> dense(2); y -> dense(a + c) }", 10 + 3 * 5),
        ("model m = { y[..., c] = input(3, 4) -> dense(2); y -> dense(c) }", 10 + 6),
        ("model m = { y[a, ...] = input(3, 4) -> dense(2); y -> dense(a) }", 10 + 9),
        (
            "model m = { y[..., c] = input(2, 3, 5); y -> take(0, axis = c) -> flatten -> dense(1) }",
            7,
        ),
        (
            "model m = { y[a, ..., c] = input(2, 3, 5); y -> mean(axis = c) -> flatten -> dense(1) }",
            7,
        ),
        ("model m = { y[c], z[d] = (input(3), input(4)); (y, z) -> cat -> dense(c * d) }", 8 * 12),
    ],
)
def test_the_names_are_the_sizes(text, params):
    result = check([Source("net.arch", f"{text}\nexpect m.params == {params}")])
    assert result.holds, [*map(str, result.errors), *result.judgements]


@pytest.mark.parametrize(
    ("text", "says", "under"),
    [
        (
            "model m = { x = input(3, 4); y[h, w, c] = x -> dense(2); y -> dense(c) }",
            "net.arch:1:30: 'y' has not these axes: it is a sequence of 3x2",
            "y[h, w, c]",
        ),
        (
            "model m = { y[4, c] = input(3, 4) -> dense(2); y -> dense(c) }",
            "net.arch:1:13: 'y' has not these axes: it is a sequence of 3x2",
            "y[4, c]",
        ),
        (
            "model m = { y[..., a, b, c] = input(3, 4) -> dense(2); y -> dense(c) }",
            "net.arch:1:13: 'y' has not these axes: it is a sequence of 3x2",
            "y[..., a, b, c]",
        ),
        (
            "model m = { x = input(3, 4); y[a, b, c], z[c] = (x, x); y -> dense(c) }",
            "net.arch:1:30: 'y' has not these axes: it is a sequence of 3x4",
            "y[a, b, c]",
        ),
    ],
)
def test_axes_that_are_not_there(text, says, under):
    (error,) = check([Source("net.arch", text)]).errors
    column = text.index(under)
    assert str(error) == f"{says}\n    {text}\n    {' ' * column}{'^' * len(under)}"
