"""Nets behind each other and beside each other: chains, runs of equal nets, sums, residuals."""

from __future__ import annotations

from collections.abc import Sequence

from symparams.frameworks.importing.nets import (
    IDENTITY,
    TextAround,
    TextChain,
    TextJoin,
    TextName,
    TextNet,
    TextTimes,
    TextWord,
)

#: The longest part of a chain that is looked for several times in a row.
LONGEST_PERIOD = 8


def chained(*nets: TextNet) -> TextNet:
    """Return nets behind each other, chains among them taken apart."""
    items: list[TextNet] = []
    for net in nets:
        items += net.items if isinstance(net, TextChain) else [net]
    items = [i for i in items if i != TextWord("id")]
    return items[0] if len(items) == 1 else TextChain(tuple(items))


def joined(op: str, parts: tuple[TextNet, ...], tensors: bool = False) -> TextNet:
    """Return a sum, or ``residual(f)`` where one part is the input itself."""
    items: list[TextNet] = []
    for part in parts:
        same = isinstance(part, TextJoin) and part.op == op and op in "+|*"
        items += part.items if same and isinstance(part, TextJoin) else [part]
    if op == "+" and IDENTITY in items and not tensors:
        rest = list(items)
        rest.remove(IDENTITY)
        if len(rest) == 1 and not isinstance(rest[0], TextName) and rest[0] != IDENTITY:
            return TextAround("residual", (rest[0],))
    if op == "*" and IDENTITY in items:
        items.sort(key=lambda i: i != IDENTITY)
    return TextJoin(op, tuple(items))


def with_runs(net: TextNet) -> TextNet:
    """Return a net in which what stands several times in a row stands once, ``* n``."""
    if net.parts:
        net = net.with_parts(tuple(map(with_runs, net.parts)))
    if not isinstance(net, TextChain):
        return net
    items: list[TextNet] = []
    left = list(net.items)
    while left:
        period, times = _period(left)
        if times > 1:
            body = chained(*left[:period])
            items.append(TextTimes(body, times))
        else:
            items += left[:period]
        left = left[period * times :]
    return chained(*items) if items else net


def _period(items: Sequence[TextNet]) -> tuple[int, int]:
    """Return how many items at the front are one after another, and how often: (1, 1) of none."""
    best = (1, 1)
    for period in range(1, min(LONGEST_PERIOD, len(items) // 2) + 1):
        times = 1
        while items[times * period : (times + 1) * period] == items[:period]:
            times += 1
        if times > 1 and period * times > best[0] * best[1]:
            if all(isinstance(i, TextName) for i in items[:period]):
                continue
            best = (period, times)
    return best


__all__ = ["chained", "joined", "with_runs"]
