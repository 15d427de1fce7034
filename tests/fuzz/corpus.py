"""Texts to start from: the library, the zoo, the documents, and the tables of the tests."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

from symparams.errors import Source, SymparamsError
from symparams.language import parse

TREE = Path(__file__).resolve().parents[2]
#: Longer texts take most of the time and reach little that shorter ones do not.
LONGEST = 1_500
_FENCE = re.compile(r"^```arch[^\n]*\n(.*?)^```", re.M | re.S)
_ARCH = re.compile(r"\binput\(|\btokens\(|->|\bexpect\b|\bblock \w|\bmodel \w|\blayer \w")
_STATEMENT = re.compile(r"\n(?=[^\s)\]}#])")


@cache
def corpus() -> tuple[str, ...]:
    """All texts, once each, in an order that is always the same."""
    found: dict[str, None] = {}
    for path in sorted((TREE / "symparams" / "library").rglob("*.arch")):
        _add(found, path.read_text("utf-8"))
    for path in sorted((TREE / "docs").rglob("*.arch")):
        _add(found, path.read_text("utf-8"))
    for path in [TREE / "README.md", *sorted((TREE / "docs").rglob("*.md"))]:
        for block in _FENCE.findall(path.read_text("utf-8")):
            _add(found, block)
    for path in sorted((TREE / "tests").rglob("*.py")):
        if path.relative_to(TREE).parts[1] in {"fuzz", "mutation"}:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            value = node.value if isinstance(node, ast.Constant) else None
            if isinstance(value, str) and _ARCH.search(value):
                _add(found, value)
    # What is no text of the language, as an error's words, is a start now and then.
    return tuple(text for k, text in enumerate(found) if _parses(text) or k % 10 == 0)


def _parses(text: str) -> bool:
    try:
        parse(Source("net.arch", text))
    except SymparamsError:
        return False
    return True


def _add(found: dict[str, None], text: str) -> None:
    """Add a text; of a long one its statements, so that each stays short."""
    text = text.strip()
    if len(text) <= LONGEST:
        found[text] = None
        return
    for piece in _STATEMENT.split(text):
        if 3 < len(piece) <= LONGEST and not piece.startswith("#"):
            found[piece.strip()] = None
