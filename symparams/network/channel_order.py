"""Inputs that look as torch writes them, channels first; here channels stand last."""

from __future__ import annotations

from symparams.algebra import Size
from symparams.network.nodes import InputNode, LeafNode, Node, parts_below
from symparams.network.shapes import Signal

#: Kinds that slide a window over all axes but the last.
WINDOWS = frozenset({"avgpool", "conv", "conv_transpose", "depthwise", "maxpool", "separable"})
#: How many channels an image, or a volume, comes with.
CHANNELS = (1, 3, 4)
#: An image whose sides are equal is at least so large; one whose sides differ is larger.
LEAST_EQUAL, LEAST_SIDE = 16, 32
#: A signal has at most so many channels, and at least so many values in time.
MOST_IN_SIGNAL, LEAST_LONG = 4, 256


def channels_first(root: Node) -> tuple[str, ...]:
    """Return a remark on each input whose first axis looks like its channels, where a window
    slides.

    Neither a picture of 3 by 224 points with 224 channels nor a sequence of one
    step is wrong; both are more often a slip.
    """
    inputs: dict[Signal, None] = {}
    windows: set[Signal] = set()
    for node in parts_below(root):
        if isinstance(node, InputNode) and isinstance(node.output, Signal):
            inputs[node.output] = None
        elif isinstance(node, LeafNode) and isinstance(node.source, Signal):
            windows |= {node.source} if node.layer.kind in WINDOWS else set()
    return tuple(_remark(i.axes) for i in inputs if i in windows and looks_so(i.axes))


def looks_so(axes: tuple[Size, ...]) -> bool:
    """Tell whether the first of these axes looks like channels.

    >>> looks_so((3, 224, 224)), looks_so((3, 480, 640)), looks_so((1, 16_000))
    (True, True, True)
    >>> looks_so((224, 224, 3)), looks_so((3, 8, 16)), looks_so((8, 8, 64)), looks_so((3, 3, 3))
    (False, False, False, False)
    """
    if len(axes) < 2:
        return False
    first, *others = axes
    if not isinstance(first, int):
        return False
    if len(axes) == 2:
        last = others[0]
        return first <= MOST_IN_SIGNAL and isinstance(last, int) and last >= LEAST_LONG
    height, width = others[-2:]
    if first not in CHANNELS or len(axes) > 4:
        return False
    if height == width:
        return not isinstance(width, int) or width >= LEAST_EQUAL
    sides = [height, width]
    return len(axes) == 3 and all(isinstance(s, int) and s >= LEAST_SIDE for s in sides)


def _remark(axes: tuple[Size, ...]) -> str:
    written = ", ".join(map(str, axes))
    return f"input({written}) looks like channels first: here they stand last, {_turned(axes)}"


def stand_last(kind: str, axes: tuple[Size, ...]) -> str:
    """Return a hint where a window does not fit into axes that look like channels first."""
    if kind not in WINDOWS or not looks_so(axes):
        return ""
    return f"channels stand last: {_turned(axes)}"


def _turned(axes: tuple[Size, ...]) -> str:
    return f"input({', '.join(map(str, (*axes[1:], axes[0])))})"
