"""Embeddings: a vector for each of V integers."""

from __future__ import annotations

from collections.abc import Iterator

from symparams.algebra import Size
from symparams.layers.base import Layer, Shape, Weight, a_size


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
        yield Weight("table", (self.vocabulary, self.width))

    def output(self, shape: Shape) -> Shape:
        return (*shape, self.width)
