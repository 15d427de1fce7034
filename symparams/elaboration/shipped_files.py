"""Where the shipped files of the language are: blocks, conventions, the zoo."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

LIBRARY = Path(__file__).resolve().parent.parent / "library"
#: The layouts of matrices.
LAYOUTS = LIBRARY / "layouts.arch"
_MEASURES = re.compile(r"^measure\s+(\w+)", re.MULTILINE)


@cache
def layout_names() -> tuple[str, ...]:
    """Return the names of the shipped layouts, which are read when one is used."""
    return tuple(_MEASURES.findall(LAYOUTS.read_text("utf-8")))


def conventions() -> dict[str, Path]:
    """Give the shipped conventions: name → file."""
    return {p.stem: p for p in sorted((LIBRARY / "conventions").glob("*.arch"))}


def library_table(name: str) -> str:
    """Return the text of a table that ships with the library."""
    return (LIBRARY / name).read_text("utf-8")
