"""Functions that a text contains word by word: those it uses, and what these use."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from symparams.frameworks.exporting.size_text import WRITTEN_OUT

_WORD = re.compile(r"[A-Za-z_]\w*")


@cache
def _functions(names: tuple[str, ...]) -> dict[str, str]:
    """Return the functions and classes at the top of files of this room, by name, as written."""
    found = dict(WRITTEN_OUT)
    for name in names:
        text = files("symparams.frameworks").joinpath(name).read_text("utf-8")
        lines = text.splitlines()
        for node in ast.parse(text).body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
                found[node.name] = "\n".join(lines[first - 1 : node.end_lineno]) + "\n"
    return found


def words(text: str) -> set[str]:
    """Return the names in a text of Python."""
    return set(_WORD.findall(text))


def used(text: str, names: Sequence[str]) -> list[str]:
    """Return the functions of files ``names`` that a text needs, what they use themselves first."""
    known = _functions(tuple(names))
    found: dict[str, str] = {}

    def take(name: str) -> None:
        if name in found:
            return
        for other in sorted(words(known[name]) & known.keys() - {name}):
            take(other)
        found[name] = known[name]

    for name in known:
        if re.search(rf"(?<![\w.\"]){name}\(", text):
            take(name)
    return list(found.values())


def names(of: Sequence[str]) -> set[str]:
    """Return the names of the functions of files."""
    return set(_functions(tuple(of)))
