"""Parts of a model as a formula names them: ``model.attention[0].macs``, taken apart."""

from __future__ import annotations

from symparams.errors import SymparamsError
from symparams.language import tree


def use_of(base: tree.Expression) -> tuple[tree.Expression, str]:
    """Return (``NAME``, ``[k]``) of the tree of ``NAME[k]``; no place of a bare ``NAME``.

    Raises:
        SymparamsError: ``k`` is no number.
    """
    if not isinstance(base, tree.Index):
        return base, ""
    (index,) = base.indices if len(base.indices) == 1 else (None,)
    sign = ""
    if isinstance(index, tree.Negate):
        sign, index = "-", index.body
    if not isinstance(index, tree.Number) or not isinstance(index.value, int):
        raise SymparamsError("which use of a part must be a number", base.span)
    return base.base, f"[{sign}{index.value}]"


def part_of(base: tree.Expression) -> tuple[tree.Expression, tuple[str, ...], str]:
    """Return (``model``, (``NAME``, ``NAME``, …), ``[k]``) of the tree of ``model.NAME.NAME[k]``.

    Raises:
        SymparamsError: ``k`` is no number.
    """
    node, place = use_of(base)
    names: list[str] = []
    while isinstance(node, tree.Attribute):
        names.insert(0, node.name)
        node = node.base
    return node, tuple(names), place
