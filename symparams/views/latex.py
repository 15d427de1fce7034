r"""Mathematics and text as LaTeX, without SymPy: ``4\,h\,(h + i + 1)``.

The formulas need amsmath; the symbols of :data:`~symparams.language.FONTS` ``bb`` and ``nmid``
need amssymb.
"""

from __future__ import annotations

import re
import unicodedata

from symparams.algebra import Form, Number, Size
from symparams.language import (
    ACCENTS,
    FONTS,
    Accented,
    Glyph,
    Letters,
    MathNode,
    MathRow,
    OwnCommand,
    Scripted,
)
from symparams.views.cells import Cell, Phrase, Stated
from symparams.views.mathematics import (
    Digits,
    Fenced,
    HalfBracket,
    MathSetter,
    OperatorName,
    Radical,
    Sign,
    Stacked,
    Summed,
    ThinSpace,
    WideSpace,
)
from symparams.views.signs import SIGNS
from symparams.views.typeset_names import GREEK, Naming, latin
from symparams.views.written import clean

#: Characters that TeX reads as commands, or that OT1 fonts lack. A quote is a command of babel.
_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "_": r"\_",
    "%": r"\%",
    "~": r"$\sim$",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': "''",
    "*": "{*}",  # behind a line's end it would be a command
    "[": "{[}",
    "]": "{]}",
    "×": r"$\times$",
    "·": r"$\cdot$",
    "±": r"$\pm$",
    "−": "$-$",
    "≤": r"$\le$",
    "≥": r"$\ge$",
    "≠": r"$\ne$",
    "…": r"\ldots{}",
    "–": "--",
    "—": "---",
    "→": r"$\to$",
    "\u00a0": "~",
}
_TEXT_ACCENTS = {
    "hat": "^",
    "bar": "=",
    "tilde": "~",
    "dot": ".",
    "ddot": '"',
    "acute": "'",
    "grave": "`",
    "check": "v",
    "breve": "u",
    "mathring": "r",
}
_MARKS = {ACCENTS[name]: sign for name, sign in _TEXT_ACCENTS.items()}
#: Fence → (left, right).
_FENCES = {
    "round": ("(", ")"),
    "floor": (r"\lfloor ", r" \rfloor"),
    "set": (r"\{", r"\}"),
    "square": ("[", "]"),
}
#: How TeX calls brackets of a size.
BRACKETS = ("", r"\big", r"\Big", r"\bigg", r"\Bigg")
_COMMAND = re.compile(r"\\[A-Za-z]+$")


def escape(text: str) -> str:
    r"""Return text as LaTeX text, in ASCII: ``kv\_heads``; other alphabets are transliterated."""
    return "".join(map(_escaped, unicodedata.normalize("NFC", clean(text))))


def _escaped(character: str) -> str:
    if character in _SPECIAL:
        return _SPECIAL[character]
    if character.isascii():
        return character
    if character in GREEK:
        return rf"$\{GREEK[character]}$"
    base, *marks = list(unicodedata.normalize("NFD", character))
    if len(marks) == 1 and marks[0] in _MARKS and base.isascii():
        return rf"\{_MARKS[marks[0]]}{{{base}}}"
    if base in GREEK:
        return rf"$\{GREEK[base]}$"
    return latin(character)


def shown_in_tex(text: str) -> str:
    """Return the characters that a reader sees of a text in TeX."""
    return "".join(
        character
        if character.isascii() or character in _SPECIAL or character in GREEK
        else latin(character)
        for character in unicodedata.normalize("NFC", clean(text))
    )


# --- mathematics -----------------------------------------------------------


def tex(node: MathNode) -> str:
    """Return a node for math mode."""
    match node:
        case MathRow():
            return _row(node)
        case Digits():
            return f"{node.number:,}".replace(",", "{,}")
        case Letters():
            return _letters(node)
        case Glyph():
            return rf"\{node.name}"
        case Sign():
            return SIGNS[node.name][1]
        case ThinSpace():
            return r"\,"
        case WideSpace():
            return r"\quad "
        case Scripted():
            return _scripted(node)
        case Accented():
            return rf"\{node.accent}{{{tex(node.base)}}}"
        case Stacked():
            return rf"\frac{{{tex(node.above)}}}{{{tex(node.below)}}}"
        case Radical():
            index = "" if node.degree == 2 else f"[{node.degree}]"
            return rf"\sqrt{index}{{{tex(node.inner)}}}"
        case Fenced():
            left, right = _FENCES[node.fence]
            if is_tall(node.inner):
                left, right = rf"\left{left}", rf"\right{right.lstrip()}"
                if node.fence == "floor":
                    right = f" {right}"
            return f"{left}{tex(node.inner)}{right}"
        case OperatorName():
            return node.latex or rf"\operatorname{{{escape(node.name)}}}"
        case Summed():
            return rf"\sum_{{{tex(node.first)}}}^{{{tex(node.last)}}} "
        case HalfBracket():
            size = BRACKETS[node.size]
            side = ("l" if node.opens else "r") if size else ""
            return f"{size}{side}{_FENCES[node.fence][0 if node.opens else 1].strip()} ".rstrip(
                "" if node.fence == "floor" else " "
            )
        case OwnCommand():
            return node.command
    raise TypeError(type(node).__name__)  # pragma: no cover - there are no more nodes


def _letters(node: Letters) -> str:
    if node.font == "text":
        return rf"\text{{{escape(node.text)}}}"
    if node.font == "rm" and not any(c.isalpha() for c in node.text):
        return node.text
    if node.font == "it" and len(node.text) == 1:
        return node.text
    return rf"\{FONTS[node.font]}{{{node.text}}}"


def _scripted(node: Scripted) -> str:
    base = tex(node.base)
    if isinstance(node.base, Scripted | OwnCommand):
        base = f"{{{base}}}"
    below = "" if node.below is None else f"_{{{tex(node.below)}}}"
    if node.above is None:
        return base + below
    primes = node.above.items if isinstance(node.above, MathRow) else (node.above,)
    if all(part == Glyph("prime") for part in primes):
        return f"{base}{below}{chr(39) * len(primes)}"
    return f"{base}{below}^{{{tex(node.above)}}}"


def _row(node: MathRow) -> str:
    out = ""
    operand = False  # what stands before is no operator: a sign behind it is one of two operands
    for item in node.items:
        shown = tex(item)
        if isinstance(item, Sign):
            kind = SIGNS[item.name][0]
            if kind == "punct":
                shown = f"{shown} "
            elif kind == "rel" or operand:
                shown = f" {shown} "
            elif len(shown) > 1:
                shown = f"{shown} "
            operand = False
        else:
            operand = not isinstance(item, WideSpace) and not (
                isinstance(item, HalfBracket) and item.opens
            )
            if _COMMAND.search(out) and shown[:1].isalpha():
                shown = f" {shown}"
        out += shown
    return out


def is_tall(node: MathNode) -> bool:
    """Tell whether brackets around a node must grow."""
    match node:
        case Fenced() | Stacked() | Radical() | Summed():
            return True
        case MathRow():
            return any(map(is_tall, node.items))
        case Scripted():
            parts = (node.base, node.above, node.below)
            return any(part is not None and is_tall(part) for part in parts)
    return False


# --- sizes and cells -------------------------------------------------------


def latex_name(name: str) -> str:
    r"""Return a name in a formula: ``h``, ``\alpha``, ``k_{3}``, ``\mathrm{kv}_{\text{heads}}``."""
    return tex(Naming()(name))


def latex_number(number: Number) -> str:
    r"""Return a number: ``138{,}357{,}544``, ``\frac{1}{2}``."""
    return latex_formula(number)


def latex_formula(formula: Form | Size) -> str:
    r"""Return a size, or a form of one, for math mode.

    >>> from symparams.algebra import FormLeaf, Times
    >>> latex_formula(Times((FormLeaf(3), FormLeaf(3), FormLeaf(32))))
    '3 \\cdot 3 \\cdot 32'
    """
    return tex(MathSetter().formula(formula))


def latex_math(cell: Cell, setter: MathSetter | None = None) -> str | None:
    """Return a cell for math mode, or None where it is words."""
    found = (setter or MathSetter()).cell(cell)
    return None if found is None else tex(found)


def latex_text(cell: Cell, setter: MathSetter | None = None) -> str:
    """Return a cell for text mode."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return escape(cell)
    if isinstance(cell, Stated):
        return latex_text(cell.maths, setter)
    if isinstance(cell, Phrase):
        return "".join(latex_text(piece, setter) for piece in cell.pieces)
    return f"${latex_math(cell, setter)}$"
