"""The zoo against the frameworks; ``python -m tests.oracle.verified`` writes the table of the docs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from symparams.cli.sources import values_of
from symparams.elaboration import zoo
from symparams.elaboration.definition import WrittenModel
from symparams.elaboration.document import understand
from symparams.elaboration.values import Value
from symparams.errors import SymparamsError
from symparams.frameworks import CONVENTIONS
from symparams.frameworks.plan import free
from symparams.frameworks.verification import Verification, verify

PAGE = Path(__file__).resolve().parents[2] / "docs" / "verify.md"
BEGIN, END = "<!-- the zoo: written by python -m tests.oracle.verified -->", "<!-- end -->"
HEAD = ("Model", *CONVENTIONS, "made as declared")

_VARIANT = re.compile(r"^expect (\w+)\(([^()]*)\)\.", re.MULTILINE)


def definition(name: str, against: str) -> WrittenModel:
    """The model of a zoo file, as a framework counts."""
    document = understand(zoo.source(name), CONVENTIONS[against], layers_only=True)
    return document.definition(name if name in document.models else next(iter(document.models)))


def at_defaults(name: str, against: str) -> Verification:
    """A model of the zoo at its defaults."""
    return verify(definition(name, against), against)


def variants(name: str) -> Iterator[dict[str, Value]]:
    """The sizes, all numbers, at which a zoo file claims something of its model."""
    own = definition(name, "torch").name
    seen: set[str] = set()
    for model, given in _VARIANT.findall(zoo.text_of(name)):
        try:
            values = values_of((" ".join(given.split()),))
            verifiable = model == own and not any(map(free, values.values()))
        except SymparamsError:
            verifiable = False
        if verifiable and given not in seen:
            seen.add(given)
            yield values


def cell(found: Verification) -> str:
    """What the table says of a comparison."""
    verdict = "green" if found.agrees else "RED"
    return (
        f"{verdict}: {found.tensors:,} weights, {found.values:,} values, {found.outputs:,} outputs"
    )


def row(name: str, found: dict[str, Verification]) -> tuple[str, ...]:
    """A line of the table."""
    one = next(iter(found.values()))
    bare = f"{one.declared} ({one.declared_values:,} values)" if one.declared else ""
    return (name, *(cell(found[against]) for against in CONVENTIONS), bare)


def written() -> dict[str, tuple[str, ...]]:
    """The lines that stand in the docs, by their model."""
    text = PAGE.read_text("utf-8")
    lines = text[text.index(BEGIN) : text.index(END)].splitlines()[4:]
    rows = [tuple(c.strip() for c in line.strip("|").split("|")) for line in lines if line]
    return {cells[0]: cells for cells in rows}


def main() -> None:
    """Build every model in every framework, and write the table."""
    lines = ["", f"| {' | '.join(HEAD)} |", f"|{' --- |' * len(HEAD)}"]
    for name in zoo.files():
        made = row(name, {against: at_defaults(name, against) for against in CONVENTIONS})
        print(" | ".join(made), flush=True)
        lines.append(f"| {' | '.join(made)} |")
    text = PAGE.read_text("utf-8")
    before, after = text[: text.index(BEGIN) + len(BEGIN)], text[text.index(END) :]
    PAGE.write_text("\n".join([before, *lines, "", after]), "utf-8")


if __name__ == "__main__":
    main()
