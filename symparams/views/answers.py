"""The page of each answer that Python is handed, as notebooks show it.

What :mod:`symparams.answers` asks of whoever makes pages is what this module has.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from symparams.interchange import json_value
from symparams.views.rendering import render
from symparams.views.sheet import Sheet


def _page(file: str) -> Callable[..., Sheet]:
    """Return what makes the page of a file; the file is loaded at its first use."""

    def made(found: Any, **context: Any) -> Sheet:
        sheet: Sheet = import_module(f"symparams.views.pages.{file}").page(found, **context)
        return sheet

    return made


def _report(found: Any, definition: Any, values: Any, measure: str) -> Sheet:
    """Return what ``show`` prints of the measure, with the numbers at the defaults."""
    from symparams.analysis import shown
    from symparams.views.pages import show

    again, at_defaults = shown(definition, values, measure)
    return show.page(again, at_defaults=at_defaults)


def _search(page: str) -> Callable[..., Sheet]:
    def made(found: Any, space: Any, several: bool = False) -> Sheet:
        from symparams.views.pages import search

        sheet: Sheet = getattr(search, "front" if several else page)(space, found)
        return sheet

    return made


#: Class of an answer → what makes its page of the house's record and the context.
PAGES: Mapping[str, Callable[..., Sheet]] = {
    "Best": _search("best"),
    "Checked": _page("check"),
    "Counted": _search("counted"),
    "ImportedModule": _page("imported"),
    "Inferred": _page("infer"),
    "LeadingTerm": _page("leading"),
    "ModelDiff": _page("diff"),
    "ModuleCheck": _page("verify_module"),
    "PartCrossover": _page("crossover"),
    "PartShares": _page("shares"),
    "Proof": _page("prove"),
    "Report": _report,
    "Samples": _search("samples"),
    "Sensitivities": _page("sensitivity"),
    "SizeTable": _page("sizes"),
    "Solved": _page("solve"),
    "Swept": _page("sweep"),
    "TradeOff": _page("trade"),
    "Verification": _page("verify"),
}

#: Class of an answer that is a formula → the attribute that has it, as SymPy's.
FORMULAS: Mapping[str, str] = {"LeadingTerm": "term", "Report": "total"}


def sheet(answer: Any) -> Sheet:
    """Return the page of an answer."""
    own = vars(answer)
    made = PAGES[type(answer).__name__]
    return made(own.get("_house", answer), **own.get("_context", {}))


def html(page: Sheet) -> str | None:
    """Return a page as HTML; of a picture none, as notebooks would show it instead."""
    return None if page.picture is not None else render(page, "html")


def picture(page: Sheet) -> str | None:
    """Return the picture of a page as SVG."""
    return None if page.picture is None else page.picture()


def latex(answer: Any) -> str | None:
    """Return the formula that an answer is, between dollars."""
    from symparams.views.cells import closed
    from symparams.views.latex import tex
    from symparams.views.typesetting import Typesetting

    name = FORMULAS.get(type(answer).__name__)
    if name is None:
        return None
    formula = closed(getattr(vars(answer).get("_house", answer), name))
    return f"${tex(Typesetting().setter(sheet(answer)).formula(formula))}$"


def data(page: Sheet) -> dict[str, Any]:
    """Return the answer for programs, as JSON has it."""
    written: dict[str, Any] = json_value(page.answered(), page.simpler)
    return written


def frame(page: Sheet, formulas: str) -> Any:
    """Return the rows of a page as a data frame of pandas."""
    from symparams.views.frames import frame_of

    return frame_of(page, formulas)
