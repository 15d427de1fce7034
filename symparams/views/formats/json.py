"""The answer as JSON: numbers exact, formulas as text, ASCII only."""

from __future__ import annotations

from symparams.interchange import json_text
from symparams.views.sheet import Sheet


def render(sheet: Sheet) -> str:
    """Return everything the page knows, as one object."""
    return json_text(sheet.answered(), simpler=sheet.simpler)
