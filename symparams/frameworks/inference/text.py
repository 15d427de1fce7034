"""A text of the language with exactly the tensors that were inferred; it claims no data flow."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from symparams.algebra import Size, Symbol, named, short, symbols_of, text, text_of
from symparams.frameworks.inference.answer import Inferred
from symparams.frameworks.inference.fitted import FittedTensors
from symparams.frameworks.inference.patterns import INDEX
from symparams.frameworks.inference.tensors import BUFFER, FROZEN, SizePoint
from symparams.language import between_commas
from symparams.records import Record

#: The name of the model.
MODEL = "inferred"
#: The widest line that is not broken.
WIDEST = 100


class TensorGroup(Record):
    """Tensors of one repeated module: one layer of the text."""

    prefix: str
    count: Size
    frozen: bool
    index: Symbol | None
    first: int
    rows: tuple[FittedTensors, ...]

    @property
    def sizes(self) -> list[str]:
        """The sizes in the shapes, by name."""
        found = {s.name for row in self.rows for axis in row.axes for s in symbols_of(axis)}
        return sorted(found, key=lambda n: (n.lower(), n))


def text_of_inferred(found: Inferred) -> str:
    """Return the text of what was inferred, with expectations at some points that were built."""
    groups = _groups(found.rows)
    names = _names(groups)
    layers = [_layer(group, name) for group, name in zip(groups, names, strict=True)]
    chain = [_call(group, name) for group, name in zip(groups, names, strict=True)]
    conditions = [*filter(None, between_commas(found.given)), *found.conditions, *found.ranges]
    where = f" where {', '.join(c.strip() for c in conditions)}" if conditions else ""
    base = found.points[0]
    parameters = ", ".join(_with_default(e, base) for e in between_commas(found.parameters))
    head = (
        f"# The tensors of {found.builder} ({found.framework}), inferred:\n"
        f"# fitted at {len(found.points)} points, held at {len(found.held)} others; not a proof.\n"
        "# Names and shapes are the module's; no data flow is claimed.\n"
    )
    body = "\n    -> ".join(["input(1)", *chain])
    expectations = "\n".join(_expectations(found))
    return (
        f"{head}\n" + "\n\n".join(layers) + f"\n\nmodel {MODEL}({parameters}){where} =\n    {body}"
        f"\n\n{expectations}\n"
    )


def _groups(rows: Sequence[FittedTensors]) -> list[TensorGroup]:
    """Put the tensors of one repeated module together, in the order of the module."""

    def key(row: FittedTensors) -> tuple[object, ...]:
        prefix = row.pattern.rpartition(INDEX)[0]
        return prefix, row.count, row.role == FROZEN, row.index, row.first, row.part

    order = {k: n for n, k in reversed(list(enumerate(map(key, rows))))}
    ordered = sorted(rows, key=lambda row: order[key(row)])
    return [
        TensorGroup(prefix, count, frozen, index, first, tuple(members))  # type: ignore[arg-type]
        for (prefix, count, frozen, index, first, _), members in groupby(ordered, key)
    ]


def _word(pattern: str) -> str:
    """Return letters and digits of a pattern as a name of the language."""
    words = re.sub(r"\W+", "_", pattern.replace(INDEX, "k")).strip("_")
    return words if words and not words[0].isdigit() else f"w_{words}".rstrip("_")


def _names(groups: Sequence[TensorGroup]) -> list[str]:
    names: list[str] = []
    for group in groups:
        word = _word(group.prefix.replace(INDEX, "")) if group.prefix else "module"
        names.append(f"{word}_tensors")
        for number in range(2, len(names) + 1):
            if names[-1] in names[:-1]:
                names[-1] = f"{word}_tensors_{number}"
    return names


def _layer(group: TensorGroup, name: str) -> str:
    lines = []
    used: set[str] = set()
    for row in group.rows:
        word = _word(row.pattern[len(group.prefix) :].lstrip(f"{INDEX}.") or row.pattern)
        while word in used:
            word += "_"
        used.add(word)
        kind = "buffer" if row.role == BUFFER else "weight"
        axes = ", ".join(map(text, row.axes)) or "1"
        lines.append(f"    {kind} {word}[{axes}]")
    lines.append("    output [n_in]")
    listed_sizes = f"({', '.join(group.sizes)})" if group.sizes else ""
    return f"layer {name}{listed_sizes} on [n_in] {{\n" + "\n".join(lines) + "\n}"


def _call(group: TensorGroup, name: str) -> str:
    call = f"{name}({', '.join(group.sizes)})" if group.sizes else name
    if group.index is not None:
        k = named(group.index.name)
        last = text(group.count + (group.first - 1))
        call = f"[{call} for {k} in {group.first}..{last}]"
    elif group.count != 1:
        times = text_of(short(group.count))
        call = f"{call} * {times}" if times.isidentifier() else f"{call} * ({times})"
    return f"freeze({call})" if group.frozen else call


def _with_default(entry: str, base: SizePoint) -> str:
    """Return a parameter with the value of the first point where none is written."""
    name = re.match(r"\s*(\w+)", entry)
    assert name is not None
    return entry.strip() if "=" in entry else f"{entry.strip()} = {base[name[1]]}"


def _expectations(found: Inferred) -> Iterator[str]:
    for point, counts in found.counts:
        sizes = ", ".join(f"{n} = {v}" for n, v in point.items())
        params = counts["trainable"] + counts["frozen"]
        yield f"expect {MODEL}({sizes}).params == {params:_}"
        if counts["frozen"]:
            yield f"expect {MODEL}({sizes}).trainable == {counts['trainable']:_}"
        if counts["buffer"]:
            yield f"expect {MODEL}({sizes}).buffers == {counts['buffer']:_}"


__all__ = ["MODEL", "text_of_inferred"]
