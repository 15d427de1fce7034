"""Kinds around a net that keep its kernels in another way: norms apart, adapters beside."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from symparams.algebra import Size, divided, larger, product
from symparams.errors import SymparamsError
from symparams.layers.base import Layer, Rewriter, Saved, Shape, Weight
from symparams.layers.options import a_count, a_flag, a_net, a_size, a_word


def _sides(kernel: Weight, layer: Layer, shape: Shape) -> tuple[Size, Size]:
    """Return (inputs, outputs) of a kernel as a framework keeps it: of a group, where there are
    any.

    A transposed convolution keeps (i, o/g, …), any other one (o, i/g, …).
    """
    inward, outward = (1, 1, *kernel.shape)[-2:]
    if layer.kind == "conv_transpose":
        groups: Size = layer.groups  # type: ignore[attr-defined]
        return shape[-1], divided(outward, groups)
    return inward, outward


class WeightNorm(Rewriter, kind="weightnorm"):
    """Weight normalisation (Salimans & Kingma 2016, arXiv:1602.07868): length and direction apart.

    Beside every kernel a length g for each output. torch
    ``nn.utils.parametrizations.weight_norm``; its ``dim=0`` is the input of a
    transposed convolution, the row of an embedding, and the output of others
    (``each = dim0``), its ``dim=None`` one length for all (``each = all``).
    """

    example = "input(i) -> weightnorm(dense(o))"

    net: Any = a_net("the net whose kernels are normalised", place=0)
    each: str = a_word(("output", "input", "dim0", "all"), "what has a length of its own", "output")

    def around(self, kernel: Weight, layer: Layer, shape: Shape) -> Iterator[Weight]:
        inward, outward = _sides(kernel, layer, shape)
        turned = layer.kind == "conv_transpose" or kernel.name == "table"
        if self.each == "all":
            yield Weight("g", ())
        elif self.each == "input" or (self.each == "dim0" and turned):
            yield Weight("g", (inward,))
        else:
            yield Weight("g", (outward,))
        yield kernel


class SpectralNorm(Rewriter, kind="spectralnorm"):
    """Spectral normalisation (Miyato et al. 2018, arXiv:1802.05957): the largest stretch is 1.

    The power iteration keeps the left vector u of every kernel as a matrix;
    the right vector v follows from it, and is kept too with ``vectors = 2``.
    ``each`` says what has a row of the matrix: the outputs, the inputs, the
    multiplier's kernels of a channel; with ``dim0`` what torch takes (the rows
    of an embedding, the outputs of others), with ``last_axis`` what Keras takes
    (the inputs of a transposed convolution, the multiplier's kernels of a
    depthwise one, the outputs of others). Keras ``SpectralNormalization``, torch
    ``nn.utils.parametrizations.spectral_norm``.
    """

    example = "input(i) -> spectralnorm(dense(o))"

    net: Any = a_net("the net whose kernels are normalised", place=0)
    vectors: int = a_count("vectors kept for a kernel: 1 (u), or 2 (u and v)", 1, low=1, high=2)
    each: str = a_word(
        ("output", "input", "multiplier", "dim0", "last_axis"),
        "what has a row of the kernel's matrix",
        "output",
    )

    def _rows(self, kernel: Weight, layer: Layer, shape: Shape) -> Size:
        each = self.each
        multiplied = "multiplier" in layer.options and kernel.name != "pointwise_kernel"
        if each == "last_axis":
            turned = layer.kind == "conv_transpose"
            each = "input" if turned else "multiplier" if multiplied else "output"
        elif each == "dim0":
            each = "input" if kernel.name == "table" else "output"
        if each == "multiplier":
            if "multiplier" not in layer.options:
                raise SymparamsError(f"'{self.kind}': '{layer.kind}' has no multiplier")
            return layer.multiplier  # type: ignore[attr-defined,no-any-return]
        inward, outward = _sides(kernel, layer, shape)
        return inward if each == "input" else outward

    def around(self, kernel: Weight, layer: Layer, shape: Shape) -> Iterator[Weight]:
        rows = self._rows(kernel, layer, shape)
        yield kernel
        yield Weight("u", (rows,), buffer=True)
        if self.vectors == 2:
            yield Weight("v", (divided(kernel.count, rows),), buffer=True)


class Orthogonal(Rewriter, kind="orthogonal"):
    """Kernels that stay orthogonal matrices (Lezcano-Casado 2019, arXiv:1909.09501).

    A kernel is kept as the logarithm of what it has turned since its start;
    ``base = yes`` keeps the start too. torch
    ``nn.utils.parametrizations.orthogonal``, which takes the last two axes of
    its own order as the matrix: input and output of a dense layer, input and
    window of a convolution over one axis, the last two of the window of others.
    """

    example = "input(i) -> orthogonal(dense(o))"

    net: Any = a_net("the net whose kernels are orthogonal", place=0)
    base: bool = a_flag("keep the matrix that it started with", False)

    def around(self, kernel: Weight, layer: Layer, shape: Shape) -> Iterator[Weight]:
        yield kernel
        if not self.base:
            return
        window = kernel.shape[:-2]
        inward, outward = _sides(kernel, layer, shape)
        others: tuple[Size, ...] = (*window[:-2], inward, outward)
        if not window:
            matrix, others = (inward, outward), ()
        elif len(window) == 1:
            if layer.kind == "conv_transpose":
                matrix, others = (outward, window[0]), (inward,)
            else:
                matrix, others = (inward, window[0]), (outward,)
        else:
            matrix = (window[-2], window[-1])
        side = larger(*matrix)
        yield Weight("base", (*others, side, side), buffer=True)


class LowRank(Rewriter, kind="lora"):
    """Low-rank adaptation (Hu et al. 2021, arXiv:2106.09685): kernels stay, thin ones learn.

    Beside every kernel of shape ``(…, i, o)`` two that are trained, ``(…, i,
    r)`` and ``(r, o)``; all other weights of the net stay too, but its biases
    learn with ``bias = yes``. Keras' ``enable_lora`` and ``lora_rank``, PEFT's
    ``LoraConfig``.
    """

    example = "input(i) -> lora(dense(o), r)"

    net: Any = a_net("the net that is adapted", place=0)
    rank: Size = a_size("r", "rank of what is added", place=1)
    bias: bool = a_flag("the net's biases learn", False)

    def around(self, kernel: Weight, layer: Layer, shape: Shape) -> Iterator[Weight]:
        yield kernel.but(trained=False)
        *before, out = kernel.shape
        # It stands in the kernel's place, but is kept as what is around says.
        shape_a = (*before, self.rank)
        yield kernel.but(name="lora_a", shape=shape_a, trained=True, bytes=None, precision=None)
        # A table is looked up, but what was found is multiplied at every position.
        uses = product(shape) if kernel.name == "table" else kernel.uses
        yield Weight("lora_b", (self.rank, out), uses, trained=True, behind=True)

    def saved(self, layer: Layer, shape: Shape) -> Saved | None:
        if layer.kind not in ("dense", "linear"):
            return None
        # The input is kept for the first thin kernel, the thin result for the second.
        return Saved(inputs=(0,), values=product(shape[:-1]) * self.rank)

    def beside(self, weight: Weight) -> Weight:
        if self.bias and weight.name.endswith("bias"):
            return weight
        return weight.but(trained=False)
