"""``on [h, w, c]``: the axes of what comes in, by name."""

from __future__ import annotations

from typing import Any

from symparams.elaboration.values import Tensor, Value
from symparams.errors import Span, SymparamsError
from symparams.language import tree
from symparams.network import Bundled, Flow, Place, ReferenceNode, Run, Signal


def shown(pattern: tree.Pattern) -> str:
    """Return a pattern as it is written."""
    axes = ", ".join(a.name if a.size is None else str(a.size.value) for a in pattern.axes)
    return f"{pattern.name}[{axes}]"


def axis_names(
    pattern: tree.Pattern, signal: Signal, run: Run, names: dict[str, Value] | None = None
) -> dict[str, Value] | None:
    """Return the axis names of a pattern with their sizes; None where the shape does not fit.

    A name that ``names`` has already must be the same size.
    """
    axes, sizes = list(pattern.axes), list(signal.axes)
    dots = [k for k, a in enumerate(axes) if a.name == "..."]
    if dots:
        after = len(axes) - dots[0] - 1
        if len(sizes) < len(axes) - 1:
            return None
        sizes = [*sizes[: dots[0]], *(sizes[len(sizes) - after :] if after else [])]
        axes.pop(dots[0])
    elif len(sizes) != len(axes):
        return None
    found: dict[str, Value] = dict(names or {})
    for axis, size in zip(axes, sizes, strict=True):
        known: Any = axis.size.value if axis.size is not None else found.get(axis.name)
        if known is not None:
            if run.facts.zero(size - known) is not True:
                return None
        elif axis.name != "_":
            found[axis.name] = size
    return found


def places(pattern: tree.Pattern, rank: int) -> dict[str, int]:
    """Return the place of each named axis, from 0."""
    found: dict[str, int] = {}
    dots = next((k for k, a in enumerate(pattern.axes) if a.name == "..."), None)
    for k, axis in enumerate(pattern.axes):
        if axis.name not in ("", "_", "..."):
            behind = dots is not None and k > dots
            found.setdefault(axis.name, k - len(pattern.axes) + rank if behind else k)
    return found


def matched(
    patterns: tuple[tree.Pattern, ...], flow: Flow, run: Run, span: Span, name: str, entry: Place
) -> tuple[dict[str, Value], dict[str, int]]:
    """Return (names, places of axes) that ``on`` gives for an input, which is read at ``entry``.

    Raises:
        SymparamsError: another rank, another size, a name for two sizes.
    """
    if not patterns:
        return {}, {}
    items = flow.items if isinstance(flow, Bundled) and len(patterns) > 1 else (flow,)
    wanted = ", ".join(map(shown, patterns))
    if len(items) != len(patterns):
        raise SymparamsError(
            f"'{name}' takes {wanted}, but gets {flow.described()}",
            span,
            notes=[("its inputs are named here", patterns[0].span)],
        )
    names: dict[str, Value] = {}
    axes: dict[str, int] = {}
    tensors: dict[str, Value] = {}
    for k, (pattern, item) in enumerate(zip(patterns, items, strict=True)):
        found = axis_names(pattern, item, run, names) if isinstance(item, Signal) else None
        if found is None or (isinstance(item, Signal) and item.tokens and not pattern.name):
            raise SymparamsError(
                f"'{name}' takes {wanted}, but gets {flow.described()}",
                span,
                notes=[("its axes are named here", pattern.span)],
            )
        assert isinstance(item, Signal)
        names = found
        axes.update(places(pattern, len(item.axes)))
        if pattern.name:
            part = (k,) if len(items) > 1 else ()
            tensors[pattern.name] = Tensor(ReferenceNode(item, pattern.span, entry, part))
    return {**names, **tensors}, axes
