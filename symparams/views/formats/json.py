"""The sheet's data as JSON: integers exact, formulas as text, ASCII only."""

from __future__ import annotations

import json

from symparams.views.sheet import Sheet


def render(sheet: Sheet) -> str:
    """Everything the page knows, as one object."""
    return json.dumps(dict(sheet.data), indent=2)
