"""What readers of the frameworks have in common: tables of rules, calls, and what an index does."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from symparams.frameworks.importing.graph import (
    SourceAxes,
    SourceFunction,
    SourceLayer,
    SourceOperation,
    SourceTensor,
)

_Name = TypeVar("_Name", bound=Hashable)
_Rule = TypeVar("_Rule")


def registering(table: dict[_Name, _Rule], names: Sequence[_Name]) -> Callable[[_Rule], _Rule]:
    """Return a decorator that puts a rule into a table under each of some names."""

    def registered(rule: _Rule) -> _Rule:
        table.update(dict.fromkeys(names, rule))
        return rule

    return registered


class OperationCall(ABC):
    """An operation of a source on its tensors, as what reads it sees it.

    Attributes:
        path: where it stands.
        described: what the source calls it.
    """

    path: str
    described: str

    @abstractmethod
    def append(self, operation: SourceOperation) -> None:
        """Append an operation to the container."""

    @abstractmethod
    def entering(self) -> Sequence[SourceTensor]:
        """Return what a function takes where nothing is said."""

    @abstractmethod
    def fed(self) -> Sequence[SourceTensor]:
        """Return what a layer takes where nothing is said."""

    @abstractmethod
    def leaving(self) -> Sequence[SourceTensor]:
        """Return what it makes where nothing is said."""

    def emit(
        self,
        name: str,
        /,
        takes: Sequence[SourceTensor] | None = None,
        makes: Sequence[SourceTensor] | None = None,
        **options: Any,
    ) -> SourceTensor:
        """Append a function; return the first of what it makes."""
        given = tuple(self.entering() if takes is None else takes)
        made = tuple(self.leaving() if makes is None else makes)
        self.append(SourceFunction(given, made, name, options, self.path))
        return made[0]

    def layer(
        self,
        kind: str,
        options: Mapping[str, Any],
        weights: Mapping[str, str],
        takes: Sequence[SourceTensor] | None = None,
        makes: Sequence[SourceTensor] | None = None,
        channels: int = -1,
    ) -> SourceTensor:
        """Append a layer; return the first of what it makes."""
        given = tuple(self.fed() if takes is None else takes)
        made = tuple(self.leaving() if makes is None else makes)
        self.append(
            SourceLayer(given, made, kind, options, weights, channels, self.path, self.described)
        )
        return made[0]


def index_steps(
    key: Sequence[Any], axes: Sequence[int]
) -> Iterator[tuple[str, SourceAxes, dict[str, int]]]:
    """Yield the functions that an index is, one behind the other: each with the axes of what it
    makes, and its options.

    ``key`` has integers, slices, None and at most one ellipsis.
    """
    items = list(key)
    given = sum(1 for item in items if item is not None and item is not ...)
    if ... not in items:
        items.append(...)
    at = items.index(...)
    items[at : at + 1] = [slice(None)] * (len(axes) - given)
    axis, left = 0, list(axes)
    for item in items:
        if item is None:
            left.insert(axis, 1)
            yield "reshape", tuple(left), {}
            axis += 1
        elif isinstance(item, slice):
            start, stop, step = item.indices(left[axis])
            length = len(range(start, stop, step))
            if length != left[axis]:
                left[axis] = length
                options = {"axis": axis, "start": start, "stop": stop, "step": step}
                yield "slice", tuple(left), options
            axis += 1
        else:
            size = left.pop(axis)
            place = item if item >= 0 or item == -1 else size + item
            yield "take", tuple(left), {"axis": axis, "position": place}
