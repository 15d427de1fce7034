"""Layers without weights against NumPy: the shape that leaves, and what both refuse."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import numpy as np
import pytest

from symparams.api import parse
from symparams.errors import SymparamsError
from symparams.layers.sequence import is_table

Array = np.ndarray
ONES = np.ones(5)


def blocks(x: Array, n: int) -> Array:
    """Blocks of n x n values as channels."""
    h, w, c = x.shape
    cut = x.reshape(h // n, n, w // n, n, c).transpose(0, 2, 1, 3, 4)
    return cut.reshape(h // n, w // n, n * n * c)


def spread(x: Array, *amounts: int) -> Array:
    """Zeros on both sides of the spatial axes."""
    return np.pad(x, [*((a, a) for a in amounts), (0, 0)])


# Shape, piece of text, the same in NumPy.
PIECES: list[tuple[tuple[int, ...], str, Callable[[Array], Array]]] = [
    ((5, 8), "take", lambda x: x[0]),
    ((5, 8), "take(0)", lambda x: x[0]),
    ((5, 8), "take(4)", lambda x: x[4]),
    ((5, 8), "take(-5)", lambda x: x[-5]),
    ((5, 8), "take(2, axis = 1)", lambda x: x[:, 2]),
    ((5, 8), "take(7, axis = -1)", lambda x: x[:, 7]),
    ((2, 5, 8), "take(3, axis = 1)", lambda x: x[:, 3]),
    ((5, 8), "mean", lambda x: x.mean(0)),
    ((5, 8), "mean(1)", lambda x: x.mean(1)),
    ((2, 5, 8), "mean(1)", lambda x: x.mean(1)),
    ((2, 5, 8), "mean(-1)", lambda x: x.mean(-1)),
    ((5, 8), "tile(3)", lambda x: np.tile(x, (1, 3))),
    ((5, 8), "tile(3, axis = 0)", lambda x: np.tile(x, (3, 1))),
    ((2, 5, 8), "tile(3, axis = 1)", lambda x: np.tile(x, (1, 3, 1))),
    ((5, 8), "permute(1, 0)", lambda x: x.transpose(1, 0)),
    ((2, 5, 8), "permute(1, 2, 0)", lambda x: x.transpose(1, 2, 0)),
    ((6, 8), "reshape(3, 2, 8)", lambda x: x.reshape(3, 2, 8)),
    ((6, 8), "reshape(48)", lambda x: x.reshape(48)),
    ((6, 8), "split(2)[0]", lambda x: np.split(x, 2, -1)[0]),
    ((6, 8), "split(4)[3]", lambda x: np.split(x, 4, -1)[3]),
    ((6, 8), "split(3, axis = 0)[1]", lambda x: np.split(x, 3, 0)[1]),
    ((6, 8), "split(3, 5)[1]", lambda x: np.split(x, [3], -1)[1]),
    ((6, 8), "split(1, 2, 5)[1]", lambda x: np.split(x, [1, 3], -1)[1]),
    ((6, 8), "split(1, 5, axis = 0)[0]", lambda x: np.split(x, [1], 0)[0]),
    ((6, 8), "(id, id) -> cat", lambda x: np.concatenate([x, x], -1)),
    ((6, 8), "(id, id, id) -> cat(axis = 0)", lambda x: np.concatenate([x, x, x], 0)),
    ((6, 8), "split(3, 5) -> cat", lambda x: x),
    ((4, 6, 3), "pad(1)", lambda x: spread(x, 1, 1)),
    ((4, 6, 3), "pad([1, 2])", lambda x: spread(x, 1, 2)),
    ((4, 6, 3), "pad(0)", lambda x: x),
    ((4, 3), "pad(2)", lambda x: spread(x, 2)),
    ((4, 6, 3), "crop(1)", lambda x: x[1:-1, 1:-1]),
    ((5, 6, 3), "crop([2, 1])", lambda x: x[2:-2, 1:-1]),
    ((4, 6, 3), "upsample(2)", lambda x: x.repeat(2, 0).repeat(2, 1)),
    ((4, 6, 3), "upsample([3, 1])", lambda x: x.repeat(3, 0)),
    ((4, 6, 3), "space_to_depth(2)", lambda x: blocks(x, 2)),
    ((9, 6, 2), "space_to_depth(3)", lambda x: blocks(x, 3)),
    ((4, 6, 3), "patches(2)", lambda x: blocks(x, 2).reshape(6, 12)),
    ((2, 4, 5), 'einsum_dense("...bc,c->...b")', lambda x: np.einsum("...bc,c->...b", x, ONES)),
    ((2, 4, 5), 'einsum_dense("...bc,c->bc")', lambda x: (x * ONES).sum(0)),
    ((4, 6, 3), "flatten", lambda x: x.reshape(-1)),
    ((4, 6, 3), "globalavgpool", lambda x: x.mean((0, 1))),
    ((4, 6, 3), "globalmaxpool", lambda x: x.max((0, 1))),
]  # fmt: skip


def text(shape: tuple[int, ...], piece: str) -> str:
    return f"input({', '.join(map(str, shape))}) -> {piece}"


def output(source: str) -> tuple[int, ...]:
    found = parse(source).network.root.output
    return tuple(int(a) for a in found.axes)


@pytest.mark.parametrize(
    ("shape", "piece", "numpy"), PIECES, ids=[f"{p} {s}" for s, p, _ in PIECES]
)
def test_the_shape_is_numpys(shape, piece, numpy):
    assert output(text(shape, piece)) == numpy(np.zeros(shape)).shape


# What NumPy refuses: shape, piece, NumPy's way, our words.
REFUSED: list[tuple[tuple[int, ...], str, Callable[[Array], object], str]] = [
    ((5, 8), "take(5)", lambda x: x[5], "'take(5)' from an axis of 5"),
    ((5, 8), "take(-6)", lambda x: x[-6], "'take(-6)' from an axis of 5"),
    ((5, 8), "take(8, axis = 1)", lambda x: x[:, 8], "'take(8)' from an axis of 8"),
    ((5, 8), "take(0, axis = 2)", lambda x: np.take(x, 0, 2), "axis"),
    ((5, 8), "mean(2)", lambda x: x.mean(2), "axis"),
    ((5, 8), "mean(-3)", lambda x: x.mean(-3), "axis"),
    ((5, 8), "permute(0, 0)", lambda x: x.transpose(0, 0), "'permute(0, 0)' must name each of the 2 axes once, from 0"),
    ((5, 8), "permute(0)", lambda x: x.transpose((0,)), "'permute(0)' must name each of the 2 axes once, from 0"),
    ((5, 8), "permute(1, 2)", lambda x: x.transpose(1, 2), "'permute(1, 2)' must name each of the 2 axes once, from 0"),
    ((6, 8), "reshape(7, 7)", lambda x: x.reshape(7, 7), "a reshape of 48 values into 49"),
    ((6, 8), "split(3)[0]", lambda x: np.split(x, 3, -1), "3 must divide the axis of 8 that is split"),
    ((6, 8), "split(4, axis = 0)[0]", lambda x: np.split(x, 4, 0), "4 must divide the axis of 6 that is split"),
    ((6, 8), "(id, split(2)[0]) -> cat(axis = 0)", lambda x: np.concatenate([x, x[:, :4]], 0), "cannot concatenate: 8 and 4 differ"),
    ((6, 8), "(id, take(0)) -> cat", lambda x: np.concatenate([x, x[0]], -1), "'cat' needs tensors of as many axes each"),
    ((6, 8), "(id, id) -> cat(axis = 2)", lambda x: np.concatenate([x, x], 2), "axis"),
    ((5, 6, 3), "space_to_depth(2)", lambda x: blocks(x, 2), "2 must divide the axis of 5"),
    ((6, 5, 3), "patches(2)", lambda x: blocks(x, 2), "2 must divide the axis of 5"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("shape", "piece", "numpy", "says"), REFUSED, ids=[f"{p} {s}" for s, p, _, _ in REFUSED]
)
def test_both_refuse(shape, piece, numpy, says):
    with pytest.raises((ValueError, IndexError)):
        numpy(np.zeros(shape))
    with pytest.raises(SymparamsError) as error:
        parse(text(shape, piece))
    assert says in str(error.value).splitlines()[0]


# What leaves nothing: NumPy gives an empty array, and a network has no such shape.
@pytest.mark.parametrize(
    ("shape", "piece", "says"),
    [
        ((4, 6, 3), "crop(2)", "cropping leaves an axis of 0"),
        ((5, 6, 3), "crop(3)", "cropping leaves an axis of -1"),
        ((6, 8), "split(3, 6)[0]", "the parts 9 must make up the axis of 8 that is split"),
        ((6, 8), "split(3, 4)[0]", "the parts 7 must make up the axis of 8 that is split"),
        ((4, 6, 3), "pad([1, 2, 3])", "'pad' has 3 sizes for 2 spatial axes"),
        ((4, 6, 3), "crop([1, 1, 1])", "'crop' has 3 sizes for 2 spatial axes"),
        ((8,), "pad(1)", "'pad' needs a sequence (time, channels)"),
        ((4, 6, 3), "split(20000)[0]", "'split' into more than 10,000 parts"),
    ],
)
def test_what_leaves_nothing_is_refused(shape, piece, says):
    with pytest.raises(SymparamsError) as error:
        parse(text(shape, piece))
    assert says in str(error.value).splitlines()[0]


# --- windows ---------------------------------------------------------------


def positions(n: int, kernel: int, stride: int, pad: int, dilation: int) -> int:
    """How often a window fits, by going along the axis."""
    padded = np.pad(np.arange(1, n + 1), pad)
    reach = (kernel - 1) * dilation
    return len([s for s in range(0, len(padded), stride) if s + reach < len(padded)])


@pytest.mark.parametrize(
    ("n", "kernel", "stride", "pad", "dilation"),
    [
        c
        for c in product((4, 5, 9), (1, 2, 3, 4), (1, 2, 3), (0, 1), (1, 2))
        if positions(*c) and c[3] <= c[1] // 2
    ],
)
def test_windows_are_counted_along_the_axis(n, kernel, stride, pad, dilation):
    options = f"{kernel}, stride = {stride}, pad = {pad}"
    count = positions(n, kernel, stride, pad, dilation)
    conv = f"input({n}, 2) -> conv(3, {options}, dilation = {dilation})"
    assert output(conv) == (count, 3)
    assert parse(conv).count("macs") == count * kernel * 2 * 3
    if dilation == 1:
        assert output(f"input({n}, {n}, 2) -> maxpool({options})") == (count, count, 2)
        assert output(f"input({n}, {n}, 2) -> avgpool({options})") == (count, count, 2)


@pytest.mark.parametrize(("n", "stride"), list(product((4, 5, 7, 8), (1, 2, 3))))
def test_same_leaves_a_place_for_every_stride(n, stride):
    starts = len(range(0, n, stride))
    for pad in ("same", "causal"):
        assert output(f"input({n}, 2) -> conv(3, 3, stride = {stride}, pad = {pad})") == (starts, 3)


@pytest.mark.parametrize(
    ("n", "kernel", "dilation"), [(2, 3, 1), (4, 3, 2), (1, 2, 1), (6, 4, 2), (3, 4, 1)]
)
def test_a_window_that_fits_nowhere_is_refused(n, kernel, dilation):
    assert positions(n, kernel, 1, 0, dilation) == 0
    with pytest.raises(SymparamsError, match=f"a kernel of {kernel} must fit into an axis of {n}"):
        parse(f"input({n}, 2) -> conv(3, {kernel}, dilation = {dilation})")


@pytest.mark.parametrize(
    ("size", "kernel", "stride"), [((4, 4), 2, 1), ((4, 6), 2, 2), ((5, 7), 3, 2), ((3, 4), 1, 1)]
)
def test_folded_windows_are_as_many_as_fit(size, kernel, stride):
    windows = positions(size[0], kernel, stride, 0, 1) * positions(size[1], kernel, stride, 0, 1)
    piece = f"fold([{size[0]}, {size[1]}], {kernel}, stride = {stride})"
    assert output(f"input({windows}, {kernel * kernel * 3}) -> {piece}") == (*size, 3)
    with pytest.raises(
        SymparamsError, match=f"{windows + 1} windows, where the image has {windows}"
    ):
        parse(f"input({windows + 1}, {kernel * kernel * 3}) -> {piece}")
    if kernel > 1:
        with pytest.raises(SymparamsError, match=f"a window of {kernel**2} must divide the values"):
            parse(f"input({windows}, {kernel * kernel * 3 + 1}) -> {piece}")


@pytest.mark.parametrize("option", ["kernel", "stride", "pad", "dilation"])
def test_fold_has_a_size_an_axis(option):
    sizes = {"kernel": "2", option: "[2, 2, 2]"}
    listed = ", ".join(f"{name} = {value}" for name, value in sizes.items())
    with pytest.raises(SymparamsError, match=f"'fold' has 3 sizes in '{option}' for 2 axes"):
        parse(f"input(9, 12) -> fold([4, 4], {listed})")


def spread_out(n: int, kernel: int, stride: int) -> int:
    """How long a sequence becomes where each value writes a kernel, every ``stride`` places."""
    apart = np.zeros((n - 1) * stride + 1)
    apart[::stride] = 1
    return len(np.convolve(apart, np.ones(kernel)))


@pytest.mark.parametrize(
    ("n", "kernel", "stride"), list(product((1, 4, 5), (1, 2, 3, 4), (1, 2, 3)))
)
def test_a_convolution_backwards_writes_a_kernel_for_each_value(n, kernel, stride):
    if kernel < stride:
        return  # frameworks disagree about the places that nothing writes
    length = spread_out(n, kernel, stride)
    piece = f"conv_transpose(3, {kernel}, stride = {stride})"
    assert output(f"input({n}, 2) -> {piece}") == (length, 3)
    for cut in range(min(2, (length - 1) // 2 + 1)):
        if length - 2 * cut > 0:
            source = f"input({n}, 2) -> conv_transpose(3, {kernel}, stride = {stride}, pad = {cut})"
            assert output(source) == (length - 2 * cut, 3)
    same = f"input({n}, 2) -> conv_transpose(3, {kernel}, stride = {stride}, pad = same)"
    assert output(same) == (n * stride, 3)


# Layers whose window must fit, and what is said of an axis of 2 that it does not fit into.
FITTING = {
    "conv(3, 3)": "a kernel of 3 must fit into an axis of 2",
    "depthwise(3)": "a kernel of 3 must fit into an axis of 2",
    "separable(3, 3)": "a kernel of 3 must fit into an axis of 2",
    "maxpool(3)": "a kernel of 3 must fit into an axis of 2",
    "avgpool(3)": "a kernel of 3 must fit into an axis of 2",
    "crop(1)": "cropping leaves an axis of 0",
    "conv_transpose(3, 1, pad = 1)": "an axis of 0 is left",
}


@pytest.mark.parametrize("piece", FITTING)
@pytest.mark.parametrize("axes", [1, 2, 3])
def test_every_axis_must_fit(piece, axes):
    assert len(output(f"input({'9, ' * axes}4) -> {piece}")) == axes + 1
    for short in range(axes):
        shape = ", ".join("2" if k == short else "9" for k in range(axes))
        with pytest.raises(SymparamsError) as error:
            parse(f"input({shape}, 4) -> {piece}")
        assert str(error.value).splitlines()[0].endswith(f": {FITTING[piece]}")


def reached(n: int, kernel: int, stride: int, dilation: int) -> int:
    """How long an axis must be for the windows that n values are spread over."""
    return 1 + max(i * stride + j * dilation for i in range(n) for j in range(kernel))


@pytest.mark.parametrize(
    ("n", "kernel", "stride", "dilation"), list(product((1, 2, 5), (1, 3), (1, 2, 3), (1, 2)))
)
def test_a_transposed_window_goes_along_the_output(n, kernel, stride, dilation):
    options = f"stride = {stride}, dilation = {dilation}"
    whole = reached(n, kernel, stride, dilation)
    start = f"input({n}, 2) -> conv_transpose(3, {kernel}, {options}"
    assert output(f"{start})") == output(f"{start}, pad = valid)") == (whole, 3)
    assert output(f"{start}, pad = same)") == (n * stride, 3)
    for pad in range(4):
        for added in range(max(stride, dilation)):
            text = f"{start}, pad = {pad}, output_pad = {added})"
            if whole - 2 * pad + added > 0:
                assert output(text) == (whole - 2 * pad + added, 3)
                # values that are taken away are worked out all the same
                assert parse(text).count("macs") == n * kernel * 2 * 3
                continue
            with pytest.raises(SymparamsError, match=r"an axis of -?[0-9]+ is left"):
                parse(text)
    for added in (max(stride, dilation), max(stride, dilation) + 1):
        with pytest.raises(SymparamsError, match="must be less than the stride or the dilation"):
            parse(f"{start}, output_pad = {added})")


@pytest.mark.parametrize(
    ("piece", "option"),
    [
        ("conv(3, 1", "pad"),
        ("depthwise(1", "pad"),
        ("maxpool(1", "pad"),
        ("conv_transpose(3, 1", "pad"),
        ("conv_transpose(3, 1", "output_pad"),
        ("conv_lstm(3, 1", "pad"),
    ],
)
def test_nothing_is_padded_by_less_than_0(piece, option):
    shape = "9, 9, 4" if piece.startswith("conv_lstm") else "9, 4"
    assert output(f"input({shape}) -> {piece}, {option} = 0)")[0] == 9
    told = f"'{option}' of '{piece.partition('(')[0]}' must be at least 0, not -1"
    assert refused(f"input({shape}) -> {piece}, {option} = -1)").endswith(told)


# --- no axes ---------------------------------------------------------------

#: What takes any tensor, one without an axis too; all else needs a vector.
ANY = {
    *("id", "dropout", "relu", "relu6", "leaky_relu", "elu", "selu", "gelu", "silu", "mish"),
    *("hard_sigmoid", "hard_swish", "sigmoid", "tanh", "softmax", "log_softmax", "softplus"),
    *("softsign", "abs", "exp", "log", "sqrt"),
}


@pytest.mark.parametrize("kind", sorted(ANY))
def test_what_takes_a_tensor_without_axes(kind):
    assert output(f"input(3) -> mean(0) -> {kind}") == ()
    assert output(f"input(3) -> {kind}") == (3,)
    assert output(f"input(5, 3) -> {kind}") == (5, 3)


def test_a_tensor_without_axes_made_flat():
    assert output("input(3) -> mean(0) -> flatten") == np.zeros(()).reshape(-1).shape
    assert "gets a scalar" in refused("input(3) -> mean(0) -> dense(2)")
    assert "gets a scalar" in refused("input(3) -> mean(0) -> layernorm")


def refused(source: str) -> str:
    with pytest.raises(SymparamsError) as error:
        parse(source)
    return str(error.value).splitlines()[0]


# --- a bias on scores ------------------------------------------------------


@pytest.mark.parametrize(
    "scores", [(3, 5, 7), (3, 7, 7), (7, 5, 7), (1, 5, 7), (2, 3, 5, 7), (1, 3, 5, 5)]
)
def test_a_table_is_what_numpy_does_not_broadcast(scores):
    heads = scores[-3]
    for rank in (0, 1, 2, 3, 4):
        for bias in product((1, 3, 5, 7), repeat=rank):
            try:
                broadcasts = np.broadcast_shapes(bias, scores) == scores
            except ValueError:
                broadcasts = False
            table = not broadcasts and rank == 2 and bias[1] == heads
            assert is_table(bias, scores) is table
