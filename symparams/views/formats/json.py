"""The sheet's data as JSON: numbers exact, formulas as text, ASCII only."""

from __future__ import annotations

from symparams.interchange import json_text
from symparams.views.sheet import Sheet


def render(sheet: Sheet) -> str:
    """Everything the page knows, as one object."""
    return json_text(dict(sheet.data))
