r"""Names and phrases in the notation that matplotlib draws: ``$d_{\text{model}}$``."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from symparams.algebra import Polynomial, symbols_of
from symparams.language import Accented, Letters, MathNode, MathRow, OwnCommand, Scripted
from symparams.views.cells import Cell, Phrase
from symparams.views.latex import tex
from symparams.views.typeset_names import Naming
from symparams.views.written import clean, shown


def drawn_text(cell: Cell, naming: Naming | None = None) -> str:
    """Return a cell as matplotlib draws it; what is no name of a size is taken as it stands."""
    if isinstance(cell, Phrase):
        return "".join(drawn_text(piece, naming) for piece in cell.pieces)
    if isinstance(cell, Polynomial) and len(symbols_of(cell)) == 1:
        (symbol,) = symbols_of(cell)
        if shown(cell) == symbol.name:
            return drawn_name(symbol.name, naming)
    return plain_text(shown(cell))


def plain_text(words: str) -> str:
    r"""Return words in which no sign begins a formula.

    >>> plain_text("a $x$")
    'a \\$x\\$'
    """
    return clean(words).replace("$", r"\$")


def drawn_name(name: str, naming: Naming | None = None) -> str:
    r"""Return a name as formulas have it, or as it stands where matplotlib cannot set that.

    >>> drawn_name("d_model"), drawn_name("h"), drawn_name("lambda_k"), drawn_name("größe")
    ('$d_{\\text{model}}$', '$h$', '$\\lambda_{k}$', 'größe')
    """
    node = _without_commands((naming or Naming())(name))
    if not all(c.isascii() and (c.isalnum() or c in " ,()+-/=.") for c in _letters(node)):
        return plain_text(name)  # other alphabets are in its fonts for text
    written = f"${tex(node)}$"
    return written if _is_set(written) else plain_text(name)


def _letters(node: MathNode) -> Iterator[str]:
    """Yield the letters that stand in a notation as text does."""
    match node:
        case Letters():
            yield from node.text
        case MathRow():
            for item in node.items:
                yield from _letters(item)
        case Accented():
            yield from _letters(node.base)
        case Scripted():
            for part in (node.base, node.below, node.above):
                if part is not None:
                    yield from _letters(part)


def _without_commands(node: MathNode) -> MathNode:
    """Return a notation with what stands for the commands of an author's document."""
    match node:
        case OwnCommand():
            return node.instead
        case MathRow():
            return MathRow(tuple(map(_without_commands, node.items)))
        case Accented():
            return Accented(node.accent, _without_commands(node.base))
        case Scripted():
            below = None if node.below is None else _without_commands(node.below)
            above = None if node.above is None else _without_commands(node.above)
            return Scripted(_without_commands(node.base), below, above)
    return node


@cache
def _is_set(written: str) -> bool:
    """Tell whether matplotlib's reader of formulas takes one."""
    from matplotlib.mathtext import MathTextParser

    try:
        MathTextParser("agg").parse(written)
    except ValueError:
        return False
    return True
