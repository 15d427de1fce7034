"""Nodes of a file in the modules that they were exported from: containers of a flat list.

Operations are in the order in which they run, so a run of them in one module takes nothing from
outside that comes behind it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from symparams.frameworks.importing.graph import (
    SourceCall,
    SourceLayer,
    SourceModule,
    SourceOperation,
    SourceRead,
    SourceTensor,
)
from symparams.records import Record


class ScopedOperation(Record):
    """An operation, with the paths of the modules around it and the classes of some."""

    operation: SourceOperation
    scopes: tuple[str, ...]
    titles: Mapping[str, str] = {}


def in_containers(
    operations: Sequence[ScopedOperation],
    title: str,
    takes: tuple[SourceTensor, ...],
    makes: tuple[SourceTensor, ...],
    weights: tuple[str, ...],
) -> SourceModule:
    """Return all operations as a container, those of one module as one inside it."""
    count = max(
        (t.number for o in operations for t in (*o.operation.takes, *o.operation.makes)),
        default=0,
    )
    numbers = [max([count, *(t.number for t in (*takes, *makes))])]
    made = _grouped(operations, 0, frozenset(t.number for t in makes), numbers)
    return SourceModule("", title, takes, makes, tuple(made), weights)


def _grouped(
    operations: Sequence[ScopedOperation], depth: int, leaving: frozenset[int], numbers: list[int]
) -> list[SourceOperation]:
    """Return operations with runs in one module as calls; ``leaving`` is read behind them."""
    runs: list[tuple[str | None, list[ScopedOperation]]] = []
    for one in operations:
        scope = one.scopes[depth] if depth < len(one.scopes) else None
        if runs and scope is not None and runs[-1][0] == scope:
            runs[-1][1].append(one)
        else:
            runs.append((scope, [one]))
    needed = [leaving]
    for _, run in reversed(runs):
        read = {t.number for o in run for t in o.operation.takes}
        needed.append(needed[-1] | read)
    needed.reverse()
    found: list[SourceOperation] = []
    for (scope, run), behind in zip(runs, needed[1:], strict=True):
        if scope is None or len(run) == 1:  # a module that is one layer is no container
            found += [o.operation for o in run]
        else:
            found.append(_call(scope, run, depth, behind, numbers))
    return found


def _call(
    scope: str,
    run: Sequence[ScopedOperation],
    depth: int,
    behind: frozenset[int],
    numbers: list[int],
) -> SourceCall:
    """Return a run as a call; what comes in and goes out has other numbers inside."""
    made = {t.number: t for o in run for t in o.operation.makes}
    given = {t.number: t for o in run for t in o.operation.takes if t.number not in made}
    leaving = {n: t for n, t in made.items() if n in behind}
    inside: dict[int, SourceTensor] = {}
    for number, tensor in (given | leaving).items():
        numbers[0] += 1
        inside[number] = tensor.but(number=numbers[0])

    def within(tensors: Sequence[SourceTensor]) -> tuple[SourceTensor, ...]:
        return tuple(inside.get(t.number, t) for t in tensors)

    own = [
        o.but(
            operation=o.operation.but(
                takes=within(o.operation.takes), makes=within(o.operation.makes)
            )
        )
        for o in run
    ]
    makes = within(list(leaving.values()))
    operations = _grouped(own, depth + 1, frozenset(t.number for t in makes), numbers)
    module = SourceModule(
        scope,
        next((o.titles[scope] for o in run if scope in o.titles), _title(scope)),
        within(list(given.values())),
        makes,
        tuple(operations),
        tuple(dict.fromkeys(_owned(operations))),
    )
    return SourceCall(tuple(given.values()), tuple(leaving.values()), module)


def _owned(operations: Sequence[SourceOperation]) -> Iterator[str]:
    """Yield the names of the weights of operations."""
    for operation in operations:
        if isinstance(operation, SourceLayer):
            yield from operation.weights.values()
        elif isinstance(operation, SourceRead):
            yield operation.weight
        elif isinstance(operation, SourceCall):
            yield from operation.module.weights


def _title(scope: str) -> str:
    """Return the last name of a path that is no number."""
    return next((p for p in reversed(scope.split(".")) if not p.isdigit()), "part")


__all__ = ["ScopedOperation", "in_containers"]
