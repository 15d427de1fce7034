"""Cells as plain text, for people; and strangers' text made harmless."""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction
from typing import Any

from symparams.algebra import (
    Condition,
    Domain,
    Form,
    FormLeaf,
    Number,
    Plus,
    Polynomial,
    Raised,
    Size,
    Times,
    divides_text,
    is_sum,
    join_terms,
    terms_of,
    text,
    text_of,
)
from symparams.network import Bundled, Signal
from symparams.views.cells import (
    Cell,
    Copies,
    Equation,
    Over,
    Phrase,
    PlusMinus,
    Relation,
    Root,
    Stated,
    SumOver,
)

_NUMBER = re.compile(r"(?<![\w.])\d{4,}(?!\w)")
#: Control, format, surrogate, private and unassigned characters, line and paragraph ends.
_UNSEEN = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))


def clean(words: str) -> str:
    r"""Return text in which no character is a command: ``\x1b`` is written out, a newline is a
    space.

    >>> clean("a\x1b[31mb\tc")
    'a\\x1b[31mb c'
    """
    if words.isprintable():
        return words
    return "".join(_seen(c) for c in words)


def _seen(c: str) -> str:
    if c in "\t\n\r":
        return " "
    if unicodedata.category(c) not in _UNSEEN:
        return c
    code = ord(c)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def width(words: str) -> int:
    """Return how many places a terminal needs for a text."""
    if words.isascii():
        return len(words)
    return sum(
        0 if unicodedata.combining(c) else 1 + (unicodedata.east_asian_width(c) in "WF")
        for c in words
    )


def digits(number: Number) -> str:
    """Return a number with separators: ``138,357,544``, ``4,097/2``."""
    if isinstance(number, Fraction):
        return f"{number.numerator:,}/{number.denominator:,}"
    return f"{number:,}"


def shown(cell: Cell) -> str:
    """Return a cell on one line.

    A number has separators; a formula is in the language's notation and reads
    back; an equation is written as by hand, with dots and separators.
    """
    return clean(_shown(cell))


def as_form(size: Size | Form) -> Form:
    """Return a size as a form: a sum of its terms."""
    return size if isinstance(size, Form) else FormLeaf(size)


def _shown(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case str():
            return cell
        case int() | Fraction():
            return digits(cell)
        case Polynomial():
            return text(cell)
        case Over() | PlusMinus() | Root():
            return quotient_text(cell)
        case Form():
            return text_of(cell)
        case Signal() | Bundled() | Condition():
            return str(cell)
        case Equation():
            return " = ".join(map(dotted, cell.sides))
        case Copies():
            times = as_form(cell.times)
            return f"× ({text_of(times)})" if is_sum(times) else f"× {text_of(times)}"
        case Relation():
            left, right = text_of(as_form(cell.left)), text_of(as_form(cell.right))
            if cell.sign == "divides":
                return divides_text(right, left)
            return f"{left} {cell.sign} {right}"
        case Stated():
            return cell.words
        case Phrase():
            return "".join(map(_shown, cell.pieces))


def simpler(value: Any) -> Any:
    """Return what a value is in JSON: a shape is the list of its axes, a formula its text."""
    match value:
        case Signal():
            return value.axes
        case Bundled():
            return value.items
        case Polynomial() | Form() | Equation() | Phrase():
            return shown(value)
        case Condition() | Domain():
            return str(value)
    return value


def quotient_text(form: Form) -> str:
    """Return a quotient or roots in the language's notation, as far as that has one.

    >>> from symparams.algebra import symbol
    >>> quotient_text(Over(FormLeaf(3), Plus((FormLeaf(symbol("h")), FormLeaf(1)))))
    '3/(h + 1)'
    """
    match form:
        case Over():
            above, below = quotient_text(form.above), quotient_text(form.below)
            if is_sum(form.above) or isinstance(form.above, PlusMinus):
                above = f"({above})"
            simple = not is_sum(form.below) and "*" not in below and "/" not in below
            return f"{above}/{below}" if simple else f"{above}/({below})"
        case PlusMinus():
            times, under = text_of(form.times), text_of(form.under)
            factor = "" if times == "1" else f"({times})*" if is_sum(form.times) else f"{times}*"
            plain = "" if form.plain == FormLeaf(0) else f"{text_of(form.plain)} "
            return f"{plain}± {factor}sqrt({under})"
        case Root():
            return f"({text_of(form.inner)})^(1/{form.degree})"
        case _:
            return text_of(form)


def dotted(form: Form) -> str:
    """Return a form as written by hand: ``4·32·64 + 4,096``.

    >>> dotted(Times((FormLeaf(3), FormLeaf(3), FormLeaf(4096))))
    '3·3·4,096'
    """
    match form:
        case FormLeaf():
            written = text(form.size, form.order).replace("*", "·")
            return _NUMBER.sub(lambda found: f"{int(found[0]):,}", written)
        case Plus():
            return join_terms(f"({dotted(t)})" if is_sum(t) else dotted(t) for t in form.terms)
        case Raised():
            return f"({dotted(form.base)})^{form.exponent}"
        case Times():
            return "·".join(_factor(f, k) for k, f in enumerate(form.factors))
        case Root():
            inner = dotted(form.inner)
            return f"sqrt({inner})" if form.degree == 2 else f"({inner})^(1/{form.degree})"
        case SumOver():
            ends = f"{text(form.first)}..{text(form.last)}"
            return f"sum({dotted(form.inner)} for {form.index.name} in {ends})"
        case Over():
            below = _factor(form.below, 1)
            several = "·" in below and not below.startswith("(")
            return f"{_factor(form.above)}/{f'({below})' if several else below}"
        case _:
            raise TypeError(type(form).__name__)  # pragma: no cover - there are no more forms


def _factor(form: Form, place: int = 0) -> str:
    """Return a factor of a product, in brackets where it would be misread."""
    written = dotted(form)
    misread = (
        is_sum(form)
        or isinstance(form, Times | Over)
        or (isinstance(form, FormLeaf) and _divides(form.size))
        or (place and written.startswith("-"))
    )
    return f"({written})" if misread else written


def _divides(size: Size) -> bool:
    """Tell whether something of a term stands below a line."""
    return any(c.denominator != 1 or any(e < 0 for _, e in m) for m, c in terms_of(size).items())
