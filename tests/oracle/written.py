"""Calls of the language from the keyword arguments of a framework."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def call(kind: str, *args: Any, **options: Any) -> str:
    """``conv(8, [3, 2], stride = 2)``; an option that is None is left to the convention."""
    given = [in_text(a) for a in args]
    given += [f"{k} = {in_text(v)}" for k, v in options.items() if v is not None]
    return f"{kind}({', '.join(given)})" if given else kind


def in_text(value: Any) -> str:
    """A value as the language writes it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(in_text, value))}]"
    return str(value)


def quoted(equation: str) -> str:
    """An equation as the language writes it."""
    return f'"{equation}"'


def entrance(name: str, axes: Iterable[int | None]) -> str:
    """``input(t0, 8)``; an axis of any size is a symbol."""
    return call(name, *(f"t{k}" if a is None else a for k, a in enumerate(axes)))


def each(value: Any, axes: int) -> list[int]:
    """A size for each axis, from one for all or a list."""
    return list(value) if isinstance(value, list | tuple) else [value] * axes


def product(axes: Iterable[int]) -> int:
    """The product of some axes."""
    result = 1
    for axis in axes:
        result *= axis
    return result


class Options:
    """Keyword arguments, taken one by one; none may be left unread.

    Args:
        given: the keyword arguments.
        silent: names that change neither weights nor shapes.
    """

    def __init__(self, given: Mapping[str, Any], silent: Iterable[str] = ()) -> None:
        self.left = {k: v for k, v in given.items() if k not in silent}

    def __call__(self, name: str, otherwise: Any = None) -> Any:
        """An argument, or ``otherwise`` where it was not given."""
        return self.left.pop(name, otherwise)

    def done(self, model: str) -> None:
        """Refuse arguments that nobody read."""
        if self.left:
            raise KeyError(f"no translation of {model}({', '.join(self.left)})")
