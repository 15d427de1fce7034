"""The published architectures that ship with symparams."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from symparams.elaboration.shipped_files import LIBRARY
from symparams.errors import Source, SymparamsError, did_you_mean
from symparams.language import read

#: What a SOURCE begins with that is of the zoo.
PREFIX = "zoo:"

_PAPER = re.compile(r"\(([^()]*(?:19|20)\d\d[^()]*)\)")


def files() -> dict[str, Path]:
    """Map each name to its file, in the order of the alphabet."""
    return {p.stem: p for p in sorted((LIBRARY / "zoo").glob("*.arch"))}


def source(name: str) -> Source:
    """Return the text of an architecture, under the name ``zoo:NAME``.

    Raises:
        SymparamsError: there is none of that name; the nearest are named.
    """
    known = files()
    model, _, variant = name.partition(".")
    if variant and model in known:
        raise SymparamsError(
            f"'{PREFIX}{name}' is one model, and all of a file are read here",
            None,
            f'it is "{name}" of {PREFIX}{model}',
        )
    if name not in known:
        raise SymparamsError(
            f"the zoo has no '{name}'", None, did_you_mean(name, known, "symparams zoo lists it")
        )
    found = read(known[name])
    return Source(f"{PREFIX}{name}", found.text, found.path)


def text_of(name: str) -> str:
    """Return the text of an architecture.

    Raises:
        SymparamsError: there is none of that name.
    """
    return source(name).text


@dataclass(frozen=True)
class ZooEntry:
    """One architecture: its first comment in one line, and the paper it names."""

    name: str
    says: str
    paper: str


def entry(name: str) -> ZooEntry:
    """Return what the first comment of an architecture says.

    Raises:
        SymparamsError: there is none of that name.
    """
    lines: list[str] = []
    for line in text_of(name).splitlines():
        if not line.startswith("#"):
            break
        lines.append(line.lstrip("# ").rstrip())
    says = " ".join(lines)
    papers = _PAPER.findall(says)
    return ZooEntry(name, says, papers[0] if papers else "")
