"""Zeros around an image and the window behind them, as one layer with ``pad``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from symparams.frameworks.importing.graph import (
    SourceAxes,
    SourceFunction,
    SourceLayer,
    SourceOperation,
    SourceTensor,
)

#: Kinds with a window that moves over space.
WINDOWED = frozenset({"conv", "depthwise", "separable", "maxpool", "avgpool"})


def each(value: Any, count: int) -> tuple[Any, ...]:
    """Return an option for each axis of space."""
    return tuple(value) if isinstance(value, tuple | list) else (value,) * count


def pad_of(axes: SourceAxes, options: Mapping[str, Any], pairs: Sequence[tuple[int, int]]) -> Any:
    """Return the ``pad`` that counts as amounts on both sides do, or None.

    A number where both sides are alike; ``same`` where as many are added as make
    ``ceil(n/stride)`` windows.
    """
    count = len(axes)
    if all(before == behind for before, behind in pairs):
        numbers = tuple(before for before, _ in pairs)
        return numbers[0] if len(set(numbers)) == 1 else numbers
    kernel = each(options.get("kernel", options.get("window")), count)
    stride, dilation = each(options["stride"], count), each(options.get("dilation", 1), count)
    for n, f, s, d, pair in zip(axes, kernel, stride, dilation, pairs, strict=True):
        windows = (n + sum(pair) - d * (f - 1) - 1) // s + 1
        needed = max(0, (windows - 1) * s + d * (f - 1) + 1 - n)
        # Values that no window reaches change nothing.
        if windows != -(-n // s) or sum(pair) < needed:
            return None
    return "same"


def with_pads(
    operations: Sequence[SourceOperation], makes: Sequence[SourceTensor]
) -> tuple[SourceOperation, ...]:
    """Return operations with zeros put into the one window that they are added for."""
    uses = Counter(t.number for o in operations for t in o.takes)
    uses.update(t.number for t in makes)
    pads = {
        o.makes[0].number: o
        for o in operations
        if isinstance(o, SourceFunction) and o.name == "pad" and uses[o.makes[0].number] == 1
    }
    gone: set[int] = set()
    found: list[SourceOperation] = []
    for operation in operations:
        pad = pads.get(operation.takes[0].number) if operation.takes else None
        if (
            pad is not None
            and isinstance(operation, SourceLayer)
            and operation.kind in WINDOWED
            and operation.options["pad"] in (0, "valid")
        ):
            count = len(pad.takes[0].axes)
            channels = operation.channels % count
            places = [k for k in range(1, count) if k != channels]
            amounts = pad.options["amounts"]
            axes = tuple(pad.takes[0].axes[k] for k in places)
            amount = pad_of(axes, operation.options, [amounts[k] for k in places])
            if amount is not None and not any(map(any, (amounts[0], amounts[channels]))):
                gone.add(pad.makes[0].number)
                options = {**operation.options, "pad": amount}
                operation = operation.but(takes=pad.takes, options=options)
        found.append(operation)
    return tuple(o for o in found if not (o.makes and o.makes[0].number in gone))


__all__ = ["pad_of", "with_pads"]
