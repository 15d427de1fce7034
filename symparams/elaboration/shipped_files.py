"""Where the shipped files of the language are: blocks, conventions, the zoo."""

from __future__ import annotations

from pathlib import Path

LIBRARY = Path(__file__).resolve().parent.parent / "library"


def conventions() -> dict[str, Path]:
    """Give the shipped conventions: name → file."""
    return {p.stem: p for p in sorted((LIBRARY / "conventions").glob("*.arch"))}
