"""Builders of tensors by hand, for inferences that need no framework."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from symparams.frameworks import Inferred
from symparams.frameworks.inference.inferring import Inference
from symparams.frameworks.inference.sampling import PointSource
from symparams.frameworks.inference.space import size_space
from symparams.frameworks.inference.tensors import BuildRefusal, BuiltModule, BuiltTensor, SizePoint

Shapes = dict[str, tuple[int, ...]]


class HandBuilder:
    """A builder of named shapes: what a framework's module would be read as."""

    framework = "by hand"

    def __init__(self, shapes: Callable[..., Shapes]) -> None:
        self.shapes = shapes

    def __call__(self, point: SizePoint) -> BuiltModule | BuildRefusal:
        try:
            made = self.shapes(**point)
        except ValueError as error:
            return BuildRefusal(f"ValueError: {error}")
        tensors = (
            BuiltTensor(name, shape, "buffer" if name.endswith("stat") else "trainable")
            for name, shape in made.items()
        )
        return BuiltModule(tuple(tensors))


def inferred(shapes: Callable[..., Shapes], sizes: str, over: Sequence[str] = ()) -> Inferred:
    """What is inferred of shapes by name."""
    space, build = size_space(sizes, over), HandBuilder(shapes)
    source = PointSource(space, build, lambda tried: None)
    return Inference("toy", space, source, build).answer()  # type: ignore[arg-type]


def transformer(h: int, l: int, a: int, kv: int, f: int) -> Shapes:  # noqa: E741
    """A decoder whose heads have to divide."""
    if h % a or a % kv:
        raise ValueError("heads do not divide")
    found: Shapes = {"embed.weight": (101, h)}
    for k in range(l):
        found |= {
            f"layers.{k}.q.weight": (h, h),
            f"layers.{k}.k.weight": (h * kv // a, h),
            f"layers.{k}.up.weight": (f, h),
            f"layers.{k}.norm.stat": (h,),
        }
    return found
