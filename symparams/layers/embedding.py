"""Embeddings: a vector for each of V integers."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from symparams.algebra import Size, floor_divided, product
from symparams.layers.base import Layer, Requirement, Saved, Shape, Weight
from symparams.layers.options import a_flag, a_number, a_row, a_size, a_word


class Embedding(Layer, kind="embed"):
    """A row of a table for each integer: ``tokens (s) -> (s, d)``.

    A look-up multiplies nothing, so it costs no MACs. Keras ``Embedding``,
    torch ``nn.Embedding``.
    """

    example = "tokens(s) -> embed(V, d)"
    takes_tokens = True
    needs = "integers, as tokens(…) gives them"

    vocabulary: Size = a_size("V", "how many integers there are", place=0)
    width: Size = a_size("d", "values of each vector", place=1)

    def weights(self, shape: Shape) -> Iterator[Weight]:
        yield Weight("table", (self.vocabulary, self.width), table=True)

    def output(self, shape: Shape) -> Shape:
        return (*shape, self.width)

    def saves(self, needs: tuple[bool, ...], learns: bool, *shapes: Shape) -> Saved | None:
        return Saved(inputs=(0,))

    def keeps_kernel(self, needs: tuple[bool, ...]) -> bool:
        return False


class EmbeddingBag(Embedding, kind="embedding_bag"):
    """The mean, sum or maximum of the rows of n integers: ``tokens (…, n) -> (…, d)``.

    torch ``nn.EmbeddingBag``.
    """

    example = "tokens(n) -> embedding_bag(V, d)"

    mode: str = a_word(("mean", "sum", "max"), "what is made of the rows", "mean")

    def output(self, shape: Shape) -> Shape:
        return (*shape[:-1], self.width)

    def saves(self, needs: tuple[bool, ...], learns: bool, *shapes: Shape) -> Saved:
        # Where each bag begins, its length, and the places of maxima, of which there is one where
        # there are none; the bag of each token, which a sum does without.
        (shape,) = shapes
        bags = product(shape[:-1])
        maxima = self.width if self.mode == "max" else 1
        each = 0 if self.mode == "sum" else product(shape)
        return Saved(inputs=(0,), integers=bags * (2 + maxima) + each)


class AdaptiveSoftmax(Layer, kind="adaptive_softmax"):
    """Adaptive softmax (Grave et al. 2016, arXiv:1609.04309): ``(…, i) -> (…, n)``.

    The integers below the first of ``cutoffs`` have a row each in the head,
    the others are in clusters, of which the k-th (from 1) projects to
    ``i // divide^k`` values. Costs what the probabilities of all n integers
    cost. torch ``nn.AdaptiveLogSoftmaxWithLoss``.
    """

    example = "input(t, i) -> adaptive_softmax(V, cutoffs = c)"

    classes: Size = a_size("V", "how many integers there are", place=0)
    cutoffs: Any = a_row("c", "where each cluster begins")
    divide: Size = a_number("how much narrower each cluster is than the one before", 4, low=1)
    head_bias: bool = a_flag("add a bias in the head", False)

    def _ends(self) -> tuple[Size, ...]:
        first = self.cutoffs if isinstance(self.cutoffs, tuple) else (self.cutoffs,)
        return (*first, self.classes)

    def weights(self, shape: Shape) -> Iterator[Weight]:
        *places, width = shape
        uses = product(places)
        ends = self._ends()
        head = ends[0] + (len(ends) - 1)
        yield Weight("head_kernel", (width, head), uses=uses)
        if self.head_bias:
            yield Weight("head_bias", (head,))
        for k, (before, end) in enumerate(pairwise(ends)):
            narrow = floor_divided(width, product((self.divide,) * (k + 1)))
            yield Weight(f"tail{k}_projection_kernel", (width, narrow), uses=uses)
            yield Weight(f"tail{k}_kernel", (narrow, end - before), uses=uses, behind=True)

    def output(self, shape: Shape) -> Shape:
        return (*shape[:-1], self.classes)

    def saves(self, needs: tuple[bool, ...], learns: bool, *shapes: Shape) -> Saved:
        # The logarithms of the head's and of each cluster's probabilities, and what is projected.
        *places, width = shapes[0]
        ends = self._ends()
        rows = ends[0] + (len(ends) - 1)
        for k, (before, end) in enumerate(pairwise(ends)):
            rows = rows + (end - before)
            if learns:
                rows = rows + floor_divided(width, product((self.divide,) * (k + 1)))
        return Saved(inputs=(0,) if learns else (), values=product(places) * rows)

    def requires(self, shape: Shape) -> Iterator[Requirement]:
        for before, end in pairwise(self._ends()):
            yield Requirement("positive", end - before, f"cutoffs must rise: {before}, {end}")
