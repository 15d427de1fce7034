"""Formulas in cells by degree, then as the model declares its sizes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from symparams.algebra import Form, FormLeaf, Order, Polynomial
from symparams.views.cells import Copies, Equation, Phrase, Relation, Stated


def in_order(cell: Any, order: Order) -> Any:
    """Return a cell with the terms of its formulas in the order of the sizes; any other value as
    it is.

    >>> from symparams.algebra import symbol, text_of
    >>> text_of(in_order(symbol("a") + symbol("b"), ("b", "a")))
    'b + a'
    """
    match cell:
        case Polynomial():
            return FormLeaf(cell, order)
        case Form():
            return cell.arranged(order)
        case Equation():
            return Equation(tuple(in_order(side, order) for side in cell.sides))
        case Copies():
            return Copies(in_order(cell.times, order))
        case Relation():
            return replace(cell, left=in_order(cell.left, order), right=in_order(cell.right, order))
        case Stated():
            return Stated(cell.words, in_order(cell.maths, order))
        case Phrase():
            return Phrase(tuple(in_order(piece, order) for piece in cell.pieces))
    return cell


__all__ = ["in_order"]
