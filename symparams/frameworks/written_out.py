"""Positions of queries and keys, for arrays of any framework; texts of modules contain these."""

from __future__ import annotations

from math import isqrt
from typing import Any


def relative_rows(q: Any, k: Any, rows: int) -> Any:
    """Return the row of a table of biases for each query (a column) and key (a row).

    By the relative position in two dimensions where there is a row for each of a
    square window's (Liu et al. 2021, arXiv:2103.14030); else by the distance, as far
    as the table goes (Shaw et al. 2018, arXiv:1803.02155).
    """
    queries, keys = len(q), k.shape[1]
    side = isqrt(queries)
    if queries == keys == side * side and rows == (2 * side - 1) ** 2:
        down, across = q // side - k // side, q % side - k % side
        return (down + side - 1) * (2 * side - 1) + across + side - 1
    return (k - q + rows // 2).clip(0, rows - 1)


def unseen_keys(
    q: Any,
    k: Any,
    causal: bool,
    window: int | None,
    blocks: int | None,
) -> Any:
    """Return which keys (a row) are hidden from each query (a column); None of none.

    The queries are the last of the positions (Dao 2023, arXiv:2307.08691).
    """
    own = q + k.shape[1] - len(q)
    back = own - k
    hidden = [back < 0] if causal else []
    if window is not None:
        hidden.append(back >= window if causal else abs(back) > window // 2)
    if blocks is not None:
        hidden.append(own // blocks != k // blocks)
    if not hidden:
        return None
    made, *others = hidden
    for other in others:
        made = made | other
    return made
