"""Activation functions that learn."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from symparams.layers.base import Layer, Saved, Shape, Weight, positions
from symparams.layers.options import some_axes


class PReLU(Layer, kind="prelu"):
    """max(x, 0) + alpha * min(x, 0) (He et al. 2015, arXiv:1502.01852): ``(…, i) -> (…, i)``.

    ``share`` says along which axes values have one slope: ``places`` (all but
    the channels, as in the paper), ``all``, ``none``, or a list of axes. Keras
    ``PReLU`` (``shared_axes``), torch ``nn.PReLU`` (``num_parameters``).
    """

    example = "input(x, y, i) -> prelu"
    computes = False

    share: Any = some_axes(
        "the axes along which values have one slope", "places", words=("places", "all", "none")
    )

    def weights(self, shape: Shape) -> Iterator[Weight]:
        if isinstance(self.share, str):
            last = len(shape) - 1
            shared = {"places": range(last), "all": range(len(shape)), "none": range(0)}[self.share]
        else:
            shared = positions(self.share, shape, self.kind)  # type: ignore[assignment]
        own = tuple(size for k, size in enumerate(shape) if k not in shared)
        yield Weight("alpha", own or (1,))

    def saves(self, needs: tuple[bool, ...], learns: bool, *shapes: Shape) -> Saved:
        return Saved(inputs=(0,))
