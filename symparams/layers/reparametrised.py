"""Kinds around a net that keep its kernels in another way: norms apart, adapters beside."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from symparams.algebra import Size, add_up, divided, floor_divided, larger, product, smaller
from symparams.errors import SymparamsError
from symparams.layers.base import NOTHING, Layer, Rewriter, Saved, Shape, Weight, is_kernel
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


class _Remade(Rewriter):
    """A kind whose kernels are made of others in each forward pass, once for all examples."""

    def saved(
        self, layer: Layer, needs: tuple[bool, ...], learns: bool, shape: Shape
    ) -> Saved | None:
        saved, keeps = layer.saves(needs, learns, shape), layer.keeps_kernel(needs)
        if saved is None or keeps is None:
            return None
        once = saved.once
        for kernel in filter(is_kernel, layer.weights(shape)):
            if keeps:
                once = once + self._made(kernel, layer, shape, learns)
            if learns:
                once = once + self._making(kernel, layer, shape)
        return saved.but(once=once)

    def _made(self, kernel: Weight, layer: Layer, shape: Shape, learns: bool) -> Size:
        """Return how many values a kernel is, where it is kept: those of its making apart."""
        return kernel.count

    def _making(self, kernel: Weight, layer: Layer, shape: Shape) -> Size:
        """Return how many values the making of a kernel keeps for its backward pass."""
        raise TypeError(self.kind)  # pragma: no cover - every kind has its own


class WeightNorm(_Remade, kind="weightnorm"):
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

    def _making(self, kernel: Weight, layer: Layer, shape: Shape) -> Size:
        if self.each == "all":
            return 2  # the norm, and what g is of it
        lengths = next(self.around(kernel, layer, shape)).count
        turned = layer.kind == "conv_transpose"
        outer = self.each == "dim0" or self.each == ("input" if turned else "output")
        if outer or len(kernel.shape) == 2:  # PyTorch's first axis or its last
            return lengths
        # Written out, with a copy of the kernel that has this axis in front of the first one;
        # where one of both is 1 that is a view.
        swapped = 1 not in (lengths, _sides(kernel, layer, shape)[0 if turned else 1])
        return kernel.count * swapped + 2 * lengths


class SpectralNorm(_Remade, kind="spectralnorm"):
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

    def _making(self, kernel: Weight, layer: Layer, shape: Shape) -> Size:
        # Copies of both vectors, and the largest stretch.
        rows = self._rows(kernel, layer, shape)
        return rows + divided(kernel.count, rows) + 1


class Orthogonal(_Remade, kind="orthogonal"):
    """Kernels that stay orthogonal matrices (Lezcano-Casado 2019, arXiv:1909.09501).

    A kernel is kept as the logarithm of what it has turned since its start;
    ``base = yes`` keeps the start too. torch
    ``nn.utils.parametrizations.orthogonal``, which takes the last two axes of
    its own order as the matrix: input and output of a dense layer, input and
    window of a convolution over one axis, the last two of the window of others.
    ``map`` decides what is saved: torch takes the exponential of a square
    matrix, and reflections otherwise (``by_shape``).
    """

    example = "input(i) -> orthogonal(dense(o))"

    net: Any = a_net("the net whose kernels are orthogonal", place=0)
    map: str = a_word(
        ("by_shape", "exp", "cayley", "householder"), "how the matrix is made", "by_shape"
    )
    base: bool = a_flag("keep the matrix that it started with", False)

    def _matrix(
        self, kernel: Weight, layer: Layer, shape: Shape
    ) -> tuple[tuple[Size, Size], tuple[Size, ...]]:
        """Return both sides of the matrices that a kernel is, and how many of them."""
        window = kernel.shape[:-2]
        inward, outward = _sides(kernel, layer, shape)
        if not window:
            return (inward, outward), ()
        if len(window) > 1:
            return (window[-2], window[-1]), (*window[:-2], inward, outward)
        if layer.kind == "conv_transpose":
            return (outward, window[0]), (inward,)
        return (inward, window[0]), (outward,)

    def around(self, kernel: Weight, layer: Layer, shape: Shape) -> Iterator[Weight]:
        yield kernel
        if self.base:
            matrix, others = self._matrix(kernel, layer, shape)
            side = larger(*matrix)
            yield Weight("base", (*others, side, side), buffer=True)

    def _ways(self, matrix: tuple[Size, Size]) -> dict[str, Size]:
        """Map each way to make a matrix to 1 where it is taken, and to 0 where it is not."""
        if self.map != "by_shape":
            return {self.map: 1}
        square = floor_divided(smaller(*matrix), larger(*matrix))
        return {"exp": square, "householder": 1 - square}

    def _made(self, kernel: Weight, layer: Layer, shape: Shape, learns: bool) -> Size:
        if self.base:
            return kernel.count  # the product with it
        matrix, others = self._matrix(kernel, layer, shape)
        large = larger(*matrix)
        # A view of a square one; what the equations of Cayley gave is kept with them.
        whole = {"exp": large**2, "cayley": 0 if learns else large**2}
        ways = self._ways(matrix).items()
        each = add_up(taken * whole.get(way, product(matrix)) for way, taken in ways)
        return product(others) * each

    def _making(self, kernel: Weight, layer: Layer, shape: Shape) -> Size:
        matrix, others = self._matrix(kernel, layer, shape)
        large, small = larger(*matrix), smaller(*matrix)
        kept = {
            "exp": large**2,
            "cayley": 3 * large**2,  # both sides of the equations, and what they give
            # What is below the diagonal, its reflections, the lengths and one more than them.
            "householder": 2 * product(matrix) + 2 * small,
        }
        return product(others) * add_up(n * kept[way] for way, n in self._ways(matrix).items())


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

    def saved(
        self, layer: Layer, needs: tuple[bool, ...], learns: bool, shape: Shape
    ) -> Saved | None:
        if layer.kind not in ("dense", "linear", "conv", "embed"):
            return None
        if getattr(layer, "groups", 1) != 1:
            return None  # which of both kernels is in groups is not said
        first = layer.saves(needs, True, shape)
        beside = layer.saves(needs, False, shape) if needs[0] else NOTHING
        if first is None or beside is None:
            return None
        # What the first thin kernel makes is kept for the second.
        between = product(layer.output(shape)[:-1]) * self.rank
        return first.but(values=first.values + beside.values + between)

    def beside(self, weight: Weight) -> Weight:
        if self.bias and weight.name.endswith("bias"):
            return weight
        return weight.but(trained=False)
