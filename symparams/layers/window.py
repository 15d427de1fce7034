"""How a window moves over axes: the one place for kernel, stride, padding, dilation.

Sources: Dumoulin & Visin 2016 (arXiv:1603.07285); TensorFlow's ``SAME`` is
``ceil(n/stride)``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from symparams.algebra import Size, ceil_divided, floor_divided
from symparams.layers.base import Requirement, Shape, along

#: What ``pad`` may say beside a number.
PADDINGS = ("valid", "same", "causal")


@dataclass(frozen=True)
class Window:
    """A window over the spatial axes of an input, one entry an axis."""

    kernel: tuple[Size, ...]
    stride: tuple[Size, ...]
    dilation: tuple[Size, ...]
    pad: tuple[Size, ...] | str

    @classmethod
    def over(cls, axes: int, kernel: Any, stride: Any, pad: Any, dilation: Any = 1) -> Window:
        """Return the window of options as a call gives them."""
        return cls(
            along(kernel, axes),
            along(stride, axes),
            along(dilation, axes),
            pad if isinstance(pad, str) else along(pad, axes),
        )

    def output(self, spatial: Shape) -> Shape:
        """Return the spatial axes behind the window."""
        return tuple(self._axis(n, k) for k, n in enumerate(spatial))

    def _axis(self, n: Size, axis: int) -> Size:
        if self.pad in ("same", "causal"):
            return ceil_divided(n, self.stride[axis])
        return floor_divided(self._room(n, axis), self.stride[axis]) + 1

    def _room(self, n: Size, axis: int) -> Size:
        """Return how far the window can move: 0 where it fits exactly."""
        pad = 0 if isinstance(self.pad, str) else self.pad[axis]
        return n + 2 * pad - self.dilation[axis] * (self.kernel[axis] - 1) - 1

    def padded_apart(self, spatial: Shape) -> Shape | None:
        """Return the axes of the tensor that a framework pads by itself before the window.

        These are the input's where it pads both sides alike. PyTorch's ``same`` pads one side of
        an even window apart. None: it is not known.
        """
        if self.pad == "causal":
            steps = zip(spatial, self.dilation, self.kernel, strict=True)
            return tuple(n + d * (f - 1) for n, d, f in steps)
        if self.pad != "same":
            return spatial
        found: list[Size] = []
        for n, d, f, s in zip(spatial, self.dilation, self.kernel, self.stride, strict=True):
            room = d * (f - 1)
            if not isinstance(room, int) or (room % 2 and s != 1):
                return None
            found.append(n + room % 2)
        return tuple(found)

    def requires(self, spatial: Shape) -> Iterator[Requirement]:
        """Yield the window fits, and its options are as many as the axes."""
        if self.pad not in ("same", "causal"):
            for axis, n in enumerate(spatial):
                yield Requirement(
                    "nonnegative",
                    self._room(n, axis),
                    f"a kernel of {self.kernel[axis]} must fit into an axis of {n}",
                )
