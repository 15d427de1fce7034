r"""Names and phrases in the notation that matplotlib draws: ``$d_{\mathrm{model}}$``."""

from __future__ import annotations

from symparams.algebra import Polynomial, symbols_of
from symparams.views.cells import Cell, Phrase
from symparams.views.written import clean, shown

#: Greek letters that matplotlib draws by name, as SymPy takes them.
GREEK = frozenset(
    [
        "alpha",
        "beta",
        "gamma",
        "delta",
        "epsilon",
        "zeta",
        "eta",
        "theta",
        "iota",
        "kappa",
        "lambda",
        "mu",
        "nu",
        "xi",
        "pi",
        "rho",
        "sigma",
        "tau",
        "upsilon",
        "phi",
        "chi",
        "psi",
        "omega",
        "Gamma",
        "Delta",
        "Theta",
        "Lambda",
        "Xi",
        "Pi",
        "Sigma",
        "Upsilon",
        "Phi",
        "Psi",
        "Omega",
    ]
)


def drawn_text(cell: Cell) -> str:
    """Return a cell as matplotlib draws it; what is no name of a size is taken as it stands."""
    if isinstance(cell, Phrase):
        return "".join(map(drawn_text, cell.pieces))
    if isinstance(cell, Polynomial) and len(symbols_of(cell)) == 1:
        (symbol,) = symbols_of(cell)
        if shown(cell) == symbol.name:
            return drawn_name(symbol.name)
    return plain_text(shown(cell))


def plain_text(words: str) -> str:
    r"""Return words in which no sign begins a formula.

    >>> plain_text("a $x$")
    'a \\$x\\$'
    """
    return clean(words).replace("$", r"\$")


def drawn_name(name: str) -> str:
    r"""Return a name by SymPy's conventions: what is behind ``_`` or a number is an index.

    >>> drawn_name("d_model"), drawn_name("h"), drawn_name("lambda_k"), drawn_name("kv")
    ('$d_{\\mathrm{model}}$', '$h$', '$\\lambda_{k}$', '$\\mathrm{kv}$')
    """
    from sympy.printing.conventions import split_super_sub

    if not all(part.isalnum() and part.isascii() for part in name.split("_")):
        return plain_text(name)  # another alphabet, which no formula has, or an element: k[0]
    base, above, below = split_super_sub(name)
    written = _piece(base)
    if below:
        written += f"_{{{','.join(map(_piece, below))}}}"
    if above:
        written += f"^{{{','.join(map(_piece, above))}}}"
    return f"${written}$"


def _piece(word: str) -> str:
    if word in GREEK:
        return rf"\{word}"
    if len(word) == 1 or word.isdigit():
        return word
    return rf"\mathrm{{{word}}}"
