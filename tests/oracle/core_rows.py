"""Cores of the language: the call of a framework that moves the same values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from .written import entrance

Axes = tuple[int, ...]
Function = Callable[..., Any]


@dataclass(frozen=True)
class Row:
    """A core on tensors without batch, channels last.

    Attributes:
        net: the core in the language.
        shapes: its inputs.
        torch: the same of ``torch`` and the tensors: one, or several.
        keras: the same of ``keras`` and the tensors.
    """

    net: str
    shapes: tuple[Axes, ...]
    torch: Function
    keras: Function

    @property
    def text(self) -> str:
        """The core on its inputs."""
        if len(self.shapes) == 1:
            return f"{entrance('input', self.shapes[0])} -> {self.net}"
        names = [f"x{k}" for k in range(len(self.shapes))]
        lines = [
            f"{name} = {entrance('input', shape)}"
            for name, shape in zip(names, self.shapes, strict=True)
        ]
        return "{ " + "; ".join([*lines, f"({', '.join(names)}) -> {self.net}"]) + " }"

    def __str__(self) -> str:
        return f"{self.net} on {' and '.join(map(str, self.shapes))}"


def shapes_of(found: Any) -> list[Axes]:
    """The shapes of what a framework gave."""
    several = found if isinstance(found, list | tuple) else [found]
    return [tuple(one.shape) for one in several]


# --- batch and channels as torch has them ------------------------------------


def in_front(x: Any) -> Any:
    """A batch of one, channels first."""
    return x.movedim(-1, 0)[None]


def behind(x: Any) -> Any:
    """The one of a batch, channels last."""
    return x[0].movedim(0, -1)


def torch_image(name: str, *args: Any) -> Function:
    """A function of ``torch.nn.functional`` over an image."""
    return lambda t, x: behind(getattr(t.nn.functional, name)(in_front(x), *args))


def torch_upsample(*factors: int) -> Function:
    return lambda t, x: behind(t.nn.Upsample(scale_factor=factors)(in_front(x)))


def torch_patches(t: Any, x: Any) -> Any:
    """Windows that do not overlap, each a column."""
    return t.nn.functional.unfold(in_front(x), 2, stride=2)[0].T


def torch_attend(heads: int, kv_heads: int | None = None, **options: Any) -> Function:
    """Heads apart and in front, attended, together again."""

    def attended(t: Any, *tensors: Any) -> Any:
        many = (heads, kv_heads or heads, kv_heads or heads)
        apart = [
            x.unflatten(-1, (n, -1)).movedim(-2, 0)[None]
            for n, x in zip(many, tensors, strict=True)
        ]
        grouped = {"enable_gqa": True} if kv_heads else {}
        bias = {k: t.zeros(axes, device=tensors[0].device) for k, axes in options.items()}
        found = t.nn.functional.scaled_dot_product_attention(*apart, **grouped, **bias)
        return found[0].movedim(0, -2).flatten(-2)

    return attended


def keras_layer(name: str, *args: Any) -> Function:
    """A layer of Keras on a batch of one."""
    return lambda k, x: getattr(k.layers, name)(*args)(x[None])[0]


def keras_patches(k: Any, x: Any) -> Any:
    found = k.ops.image.extract_patches(x[None], size=2, strides=2)
    return k.ops.reshape(found, (-1, found.shape[-1]))


def keras_attend(heads: int, kv_heads: int | None = None, **options: Any) -> Function:
    def attended(k: Any, *tensors: Any) -> Any:
        many = (heads, kv_heads or heads, kv_heads or heads)
        apart = [
            k.ops.reshape(x, (1, x.shape[0], n, -1)) for n, x in zip(many, tensors, strict=True)
        ]
        bias = {n: k.ops.zeros((*(1,) * (4 - len(a)), *a)) for n, a in options.items()}
        found = k.ops.dot_product_attention(*apart, **bias)
        return k.ops.reshape(found, (found.shape[1], -1))

    return attended


# --- the table ---------------------------------------------------------------

SEQUENCE, IMAGE, VIDEO = (6, 8), (4, 6, 3), (2, 4, 6, 3)

ROWS: dict[str, tuple[Row, ...]] = {
    "attend": (
        Row("attend", (SEQUENCE,) * 3, torch_attend(1), keras_attend(1)),
        Row("attend(heads = 4)", ((6, 8), (5, 8), (5, 8)), torch_attend(4), keras_attend(4)),
        Row(
            "attend(heads = 2)",  # values of another width
            ((6, 8), (5, 8), (5, 12)),
            torch_attend(2),
            keras_attend(2),
        ),
        Row(
            "attend(heads = 4, kv_heads = 2)",
            ((6, 8), (5, 4), (5, 4)),
            torch_attend(4, 2),
            keras_attend(4, 2),
        ),
        Row(
            "attend(heads = 2, bias = zeros(6, 5))",
            ((6, 8), (5, 8), (5, 8)),
            torch_attend(2, attn_mask=(6, 5)),
            keras_attend(2, bias=(6, 5)),
        ),
        Row(
            "attend(heads = 2, bias = zeros(2, 6, 5))",
            ((6, 8), (5, 8), (5, 8)),
            torch_attend(2, attn_mask=(2, 6, 5)),
            keras_attend(2, bias=(2, 6, 5)),
        ),
        Row(
            "attend(heads = 2, bias = zeros(1, 6, 5))",
            ((6, 8), (5, 8), (5, 8)),
            torch_attend(2, attn_mask=(1, 6, 5)),
            keras_attend(2, bias=(1, 6, 5)),
        ),
        Row(
            "attend(heads = 2, bias = zeros(1, 5))",
            ((6, 8), (5, 8), (5, 8)),
            torch_attend(2, attn_mask=(1, 5)),
            keras_attend(2, bias=(1, 5)),
        ),
    ),
    "cat": (
        Row(
            "cat",
            (SEQUENCE, (6, 5), (6, 1)),
            lambda t, *x: t.cat(x, -1),
            lambda k, *x: k.ops.concatenate(x, -1),
        ),
        Row(
            "cat(axis = 0)",
            (SEQUENCE, (1, 8)),
            lambda t, *x: t.cat(x, 0),
            lambda k, *x: k.ops.concatenate(x, 0),
        ),
    ),
    "crop": (
        Row("crop(2)", (SEQUENCE,), lambda _, x: x[2:-2], keras_layer("Cropping1D", 2)),
        Row(
            "crop([1, 2])",
            (IMAGE,),
            lambda _, x: x[1:-1, 2:-2],
            keras_layer("Cropping2D", (1, 2)),
        ),
        Row(
            "crop([0, 1, 2])",
            (VIDEO,),
            lambda _, x: x[:, 1:-1, 2:-2],
            keras_layer("Cropping3D", (0, 1, 2)),
        ),
    ),
    "einsum": (
        Row(
            'einsum("std,d->st")',
            ((6, 5, 3), (3,)),
            lambda t, x, y: t.einsum("std,d->st", x, y),
            lambda k, x, y: k.ops.einsum("std,d->st", x, y),
        ),
        Row(
            'einsum("...sd,...td->...st")',
            ((2, 6, 3), (2, 5, 3)),
            lambda t, x, y: t.einsum("...sd,...td->...st", x, y),
            lambda k, x, y: k.ops.einsum("...sd,...td->...st", x, y),
        ),
        Row(
            'einsum("abc->cb")',
            (IMAGE,),
            lambda t, x: t.einsum("abc->cb", x),
            lambda k, x: k.ops.einsum("abc->cb", x),
        ),
    ),
    "globalmaxpool": (
        Row(
            "globalmaxpool",
            (IMAGE,),
            lambda t, x: t.amax(x, (0, 1)),
            keras_layer("GlobalMaxPooling2D"),
        ),
        Row(
            "globalmaxpool",
            (VIDEO,),
            lambda t, x: t.amax(x, (0, 1, 2)),
            keras_layer("GlobalMaxPooling3D"),
        ),
    ),
    "mean": (
        Row("mean", (IMAGE,), lambda t, x: t.mean(x, 0), lambda k, x: k.ops.mean(x, 0)),
        Row("mean(-1)", (IMAGE,), lambda t, x: t.mean(x, -1), lambda k, x: k.ops.mean(x, -1)),
    ),
    "pad": (
        Row("pad(2)", (SEQUENCE,), torch_image("pad", (2, 2)), keras_layer("ZeroPadding1D", 2)),
        Row(
            "pad([1, 2])",
            (IMAGE,),
            torch_image("pad", (2, 2, 1, 1)),
            keras_layer("ZeroPadding2D", (1, 2)),
        ),
        Row(
            "pad(1)",
            (VIDEO,),
            torch_image("pad", (1,) * 6),
            keras_layer("ZeroPadding3D", 1),
        ),
    ),
    "patches": (Row("patches(2)", (IMAGE,), torch_patches, keras_patches),),
    "permute": (
        Row(
            "permute(2, 0, 1)",
            (IMAGE,),
            lambda t, x: t.permute(x, (2, 0, 1)),
            lambda k, x: k.ops.transpose(x, (2, 0, 1)),
        ),
        Row("permute(1, 0)", (SEQUENCE,), lambda _, x: x.T, lambda k, x: k.ops.transpose(x)),
    ),
    "reshape": (
        Row(
            "reshape(3, 4, 4)",
            (SEQUENCE,),
            lambda t, x: t.reshape(x, (3, 4, 4)),
            lambda k, x: k.ops.reshape(x, (3, 4, 4)),
        ),
        Row(
            "reshape(72)", (IMAGE,), lambda t, x: t.flatten(x), lambda k, x: k.ops.reshape(x, (72,))
        ),
    ),
    "space_to_depth": (
        Row(
            "space_to_depth(2)",
            (IMAGE,),
            torch_image("pixel_unshuffle", 2),
            lambda k, x: k.ops.space_to_depth(x[None], 2, data_format="channels_last")[0],
        ),
    ),
    "split": (
        Row(
            "split(2)",
            (SEQUENCE,),
            lambda t, x: t.split(x, 4, -1),
            lambda k, x: k.ops.split(x, 2, -1),
        ),
        Row(
            "split(1, 2, 3, axis = 0)",
            (SEQUENCE,),
            lambda t, x: t.split(x, [1, 2, 3], 0),
            lambda k, x: k.ops.split(x, [1, 3], 0),
        ),
    ),
    "take": (
        Row("take(-1)", (IMAGE,), lambda t, x: t.select(x, 0, -1), lambda k, x: x[-1]),
        Row(
            "take(2, axis = 1)",
            (IMAGE,),
            lambda t, x: t.select(x, 1, 2),
            lambda k, x: k.ops.take(x, 2, 1),
        ),
    ),
    "tile": (
        Row("tile(3)", (IMAGE,), lambda t, x: t.tile(x, (3,)), lambda k, x: k.ops.tile(x, 3)),
        Row(
            "tile(2, axis = 0)",
            (IMAGE,),
            lambda t, x: t.tile(x, (2, 1, 1)),
            lambda k, x: k.ops.repeat(x, 2, 0),
        ),
    ),
    "upsample": (
        Row("upsample(3)", (SEQUENCE,), torch_upsample(3), keras_layer("UpSampling1D", 3)),
        Row(
            "upsample([2, 3])", (IMAGE,), torch_upsample(2, 3), keras_layer("UpSampling2D", (2, 3))
        ),
        Row(
            "upsample([1, 2, 3])",
            (VIDEO,),
            torch_upsample(1, 2, 3),
            keras_layer("UpSampling3D", (1, 2, 3)),
        ),
    ),
}


class Printed(NamedTuple):
    """What a paper, or a framework's guide, says of one example.

    ``output`` is the first one, ``weights`` are shapes, in order, and ``frozen`` how many of their values are not trained;
    ``macs`` None where the paper does not count them.
    """

    source: str
    text: str
    weights: tuple[tuple[int, ...], ...]
    output: tuple[int, ...]
    macs: int | None = None
    frozen: int = 0
    kept: int = 0


#: Kinds that no framework has.
PRINTED = {
    # x, Δ: (L, D); A: (D, N); B, C: (L, N); the skip D: (D); y: (L, D).
    "scan": Printed(
        "a selective scan: algorithm 2 of Gu & Dao 2023 (arXiv:2312.00752)",
        Row("scan", ((7, 5), (7, 5), (5, 3), (7, 3), (7, 3), (5,)), tuple, tuple).text,
        weights=(),
        output=(7, 5),
    ),
}

#: The 32 paths of a block of ResNeXt-50: 256 channels to 4, 4 to 4 in a window of 3, and back.
PATH = "conv(4, 1, bias = no) -> conv(4, 3, pad = same, bias = no)"
INTO, WITHIN, BACK = (1, 1, 256, 4), (3, 3, 4, 4), (1, 1, 4, 256)
#: Of an image of 14 by 14: 32 * (256*4 + 3*3*4*4 + 4*256) values, about 70k as printed.
RESNEXT_MACS = 14 * 14 * 70_144

#: Combinators, each on one example.
COMBINED = {
    "cat": Printed(
        "Xie et al. 2016 (arXiv:1611.05431), figure 3b and equation 4: paths concatenated early",
        f"input(14, 14, 256) -> cat({PATH} for p in 1..32) -> conv(256, 1, bias = no)",
        weights=(INTO, WITHIN) * 32 + ((1, 1, 128, 256),),
        output=(14, 14, 256),
        macs=RESNEXT_MACS,
    ),
    "freeze": Printed(
        "a frozen Dense(3) has no trainable weights: Keras' guide on transfer learning",
        "input(4) -> freeze(dense(3))",
        weights=((4, 3), (3,)),
        output=(3,),
        frozen=15,
    ),
    "fuse": Printed(
        "one convolution with a bias of a convolution and a batch norm: fuse_conv_bn_eval, torch.nn",
        "input(8, 8, 3) -> fuse(conv(16, 3, bias = no) -> bn -> relu)",
        weights=((3, 3, 3, 16), (16,)),
        output=(6, 6, 16),
        macs=6 * 6 * 3 * 3 * 3 * 16,
    ),
    "keep": Printed(
        "keys (batch, heads, positions, head_dim) of every layer: transformers' guide on caches",
        "input(7, 5) -> keep(linear(6))",
        weights=((5, 6),),
        output=(7, 6),
        macs=7 * 5 * 6,
        kept=7 * 6,
    ),
    "precision": Printed(
        "8 bits a weight change neither shapes nor products: LLM.int8(), Dettmers et al. 2022, fig. 2",
        "input(7, 5) -> precision(dense(6), 8)",
        weights=((5, 6), (6,)),
        output=(7, 6),
        macs=7 * 5 * 6,
    ),
    # The router's matrix is d by n, without noise; only the experts of the top k are computed.
    "moe": Printed(
        "y = sum of G(x)_i E_i(x), G(x) = softmax(x W_g): Shazeer et al. 2017, equations 1 and 2",
        "input(5, 6) -> moe(linear(7) -> linear(6), 4, 2)",
        weights=((6, 4), *((6, 7),) * 4, *((7, 6),) * 4),
        output=(5, 6),
        macs=5 * (6 * 4 + 2 * (6 * 7 + 7 * 6)),
    ),
    "recur": Printed(
        "MinimalRNNCell(32) on 5 features, kernel and recurrent_kernel: keras.layers.RNN",
        "block minimal(u) on (x[d], s[h]) = (x -> linear(u)) + (s -> linear(u))\n"
        "model m = input(6, 5) -> recur(minimal(32), 32)",
        weights=((5, 32), (32, 32)),
        output=(6, 32),
        macs=6 * (5 * 32 + 32 * 32),
        kept=32,
    ),
    "residual": Printed(
        "y = F(x) + x has neither further weights nor products: He et al. 2015, equation 1",
        "input(64) -> residual(linear(64) -> relu -> linear(64))",
        weights=((64, 64), (64, 64)),
        output=(64,),
        macs=2 * 64 * 64,
    ),
    "sum": Printed(
        "Xie et al. 2016 (arXiv:1611.05431), figure 3a and equation 4: the sum of 32 paths",
        f"input(14, 14, 256) -> sum({PATH} -> conv(256, 1, bias = no) for p in 1..32)",
        weights=(INTO, WITHIN, BACK) * 32,
        output=(14, 14, 256),
        macs=RESNEXT_MACS,
    ),
    "train": Printed(
        "what is set trainable inside of a frozen model learns: Keras' guide on transfer learning",
        "input(4) -> freeze(dense(3) -> train(dense(2)))",
        weights=((4, 3), (3,), (3, 2), (2,)),
        output=(2,),
        frozen=15,
    ),
    "train_only": Printed(
        "auxiliary classifiers are discarded at inference: Szegedy et al. 2014, section 5",
        "input(8) -> (linear(5), train_only(linear(3)))",
        weights=((8, 5), (8, 3)),
        output=(5,),
        macs=8 * 5,
    ),
}
