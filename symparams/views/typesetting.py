"""What a reader asks of a typeset page: its width, its caption, a document around it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from symparams.errors import SymparamsError, did_you_mean
from symparams.language import MathNode
from symparams.views.mathematics import MathSetter
from symparams.views.sheet import Sheet
from symparams.views.typeset_names import Naming

#: The text of LaTeX's ``article`` at ten points, in points.
ARTICLE_WIDTH = 345.0
#: The narrowest and the widest that is set, in points.
NARROWEST, WIDEST = 100.0, 5000.0
#: Unit → points of TeX.
_UNITS = {"pt": 1.0, "in": 72.27, "cm": 72.27 / 2.54, "mm": 7.227 / 2.54, "pc": 12.0}
_LENGTH = re.compile(r"(\d{1,5}(?:\.\d{1,6})?)\s*([a-z]+)")


@dataclass(frozen=True)
class Typesetting:
    r"""How a page is typeset.

    Attributes:
        width: the width of a line, in points of TeX.
        standalone: with a document around it, which compiles by itself.
        bare: a formula alone, on one line, for running text.
        free: also the layers without weights.
        span: a table across both columns of a page, on one page.
        caption, label: of a table, and the label of an equation; None takes the page's own.
        notations: name → how it is typeset, before what the file says.
    """

    width: float = ARTICLE_WIDTH
    standalone: bool = False
    bare: bool = False
    free: bool = False
    span: bool = False
    caption: str | None = None
    label: str | None = None
    notations: Mapping[str, MathNode] = field(default_factory=dict)

    def setter(self, sheet: Sheet) -> MathSetter:
        """Return what typesets the cells of a sheet, each name in its notation.

        Raises:
            SymparamsError: a notation for a name that the sheet's model does not have.
        """
        for name in self.notations:
            if sheet.notations and name not in sheet.notations:
                listed = f"there are {', '.join(sheet.notations)}"
                raise SymparamsError(
                    f"--symbol {name}: no size is called '{name}'",
                    None,
                    did_you_mean(name, sheet.notations, listed),
                )
        return MathSetter(Naming({**sheet.notations, **self.notations}), sheet.order)


def length(written: str, option: str = "--width") -> float:
    """Return a length in points of TeX.

    Raises:
        SymparamsError: it is no length, or none that text is set in.

    >>> length("246pt")
    246.0
    """
    found = _LENGTH.fullmatch(written.strip())
    if found is None or found[2] not in _UNITS:
        units = ", ".join(_UNITS)
        raise SymparamsError(
            f"{option} {written}: a length is a number and a unit ({units})",
            None,
            f"as in {option} 246pt",
        )
    points = float(found[1]) * _UNITS[found[2]]
    if not NARROWEST <= points <= WIDEST:
        raise SymparamsError(
            f"{option} {written}: a line is {NARROWEST:.0f}pt to {WIDEST:.0f}pt wide"
        )
    return points


def slug(title: str) -> str:
    """Return a title as the key of a label: ``gpt2-params``."""
    words = re.findall(r"[a-z0-9]+", title.lower())
    return "-".join(words)[:60].strip("-") or "model"
