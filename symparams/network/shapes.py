"""Shapes as they travel through a network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from symparams.algebra import Size, SizeRecord
from symparams.errors import SymparamsError

if TYPE_CHECKING:
    from symparams.network.storages import Storage

#: The most tensors of a bundle: what doubles a bundle again and again is stopped here.
MOST_BUNDLED = 10_000


class Signal(SizeRecord):
    """What travels between layers: axes without batch, channels last.

    ``tokens`` marks integers, which only an embedding takes. ``grad`` says whether the
    tensor requires a gradient; None in a network that was not built for the backward pass.
    ``storage`` is the memory that it lies in, where that is followed, and ``order`` the axes
    as they follow each other there, the outermost first; () where that is their own order.
    """

    apart = ("storage", "order")

    axes: tuple[Size, ...]
    tokens: bool = False
    grad: bool | None = None
    storage: Storage | None = None
    order: tuple[int, ...] = ()

    def described(self) -> str:
        """Return the shape in words: ``a vector of 8``, ``a sequence of 10 x h``."""
        if self.tokens:
            return str(self)
        names = {1: "a vector of", 2: "a sequence of", 3: "an image of"}
        if not self.axes:
            return "a scalar"
        return f"{names.get(len(self.axes), 'an array of')} {shape_text(self.axes)}"

    def __str__(self) -> str:
        if self.tokens:
            return f"tokens({', '.join(map(str, self.axes))})"
        return shape_text(self.axes)


class Bundled(SizeRecord):
    """Several signals side by side: what ``(a, b)`` and ``split(2)`` give."""

    items: tuple[Flow, ...]

    def __init__(self, *given: Any, **values: Any) -> None:
        super().__init__(*given, **values)
        held = sum(i.held if isinstance(i, Bundled) else 1 for i in self.items)
        if held > MOST_BUNDLED:
            raise SymparamsError(f"a bundle of more than {MOST_BUNDLED:,} tensors")
        self.__dict__["_held"] = held

    @property
    def held(self) -> int:
        """How many tensors there are, those of bundles inside counted too."""
        found: int = self.__dict__["_held"]
        return found

    def described(self) -> str:
        """Return the shapes in words."""
        return f"a bundle of {len(self.items)}: {', '.join(map(str, self.items))}"

    def __str__(self) -> str:
        return f"({', '.join(map(str, self.items))})"


#: What stands behind a part of a network.
Flow: TypeAlias = Signal | Bundled


def signals_of(flow: Flow) -> tuple[Signal, ...]:
    """Return the tensors of a flow, of a bundle those of its parts one after the other."""
    if isinstance(flow, Bundled):
        return tuple(signal for item in flow.items for signal in signals_of(item))
    return (flow,)


def requiring(flow: Flow) -> Flow:
    """Return a flow whose tensors require gradients."""
    if isinstance(flow, Bundled):
        return Bundled(tuple(map(requiring, flow.items)))
    return flow.but(grad=True)


def axes_of(flow: Flow) -> tuple[Size, ...]:
    """Return all axes, of a bundle those of its parts one after the other."""
    if isinstance(flow, Bundled):
        return tuple(axis for item in flow.items for axis in axes_of(item))
    return flow.axes


def shape_text(axes: tuple[Size, ...]) -> str:
    """Return ``224x224x64``; formulas in parentheses where they need them; ``1`` of no axes."""
    shown = [str(a) for a in axes]
    wide = " × " if "x" in shown else " x "
    if all(s.isalnum() for s in shown):
        # 2xh is readable, axb is not: letters keep a space around.
        joint = "x" if all(s.isdigit() for s in shown) else wide
        return joint.join(shown) or "scalar"
    return wide.join(s if " " not in s else f"({s})" for s in shown)
