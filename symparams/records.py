"""Immutable records, cheap to define.

A frozen dataclass takes half a millisecond to define, one of these a fiftieth
of that; a command that counts defines a hundred before it can begin.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any, ClassVar, Self, dataclass_transform

#: The most characters of a ``repr``, and of one field in it: one line, whatever there is.
LONGEST_REPR = 200
LONGEST_FIELD = 40
#: So many elements of a list, or of a mapping, are shown in it.
MOST_SHOWN = 3


def shortened(written: str, longest: int = LONGEST_REPR) -> str:
    """Put a text on one line, and leave out its end where it is long.

    >>> shortened("a line, \n and another", 12)
    'a line, and…'
    """
    line = " ".join(written.split())
    return line if len(line) <= longest else f"{line[: longest - 1]}…"


def _shown(value: object) -> str:
    """Write a field of a ``repr``: of a record only its name, as a tree of them has no end."""
    if isinstance(value, Record):
        return f"{type(value).__name__}(…)"
    if isinstance(value, tuple | list):
        return f"({_some(map(_shown, value), len(value))})"
    if isinstance(value, Mapping):
        return f"{{{_some((f'{n}: {_shown(v)}' for n, v in value.items()), len(value))}}}"
    return shortened(repr(value), LONGEST_FIELD)


def _some(shown: Iterable[str], several: int) -> str:
    """Join the first of several, and say how many there are."""
    more = [f"… {several} in all"] if several > MOST_SHOWN else []
    return ", ".join([*islice(shown, MOST_SHOWN), *more])


@dataclass_transform(frozen_default=True)
class Record:
    """Something immutable that says what its annotations name.

    A class's annotations are its fields, in order; those with a value have it
    as their default. Fields named ``span`` or ``…_span`` do not take part in
    comparison, nor do those in ``apart``.
    """

    _fields: ClassVar[tuple[str, ...]] = ()
    #: The fields that are not compared, beside the spans.
    apart: ClassVar[tuple[str, ...]] = ()
    #: The fields that take part in comparison.
    said: ClassVar[tuple[str, ...]] = ()
    _defaults: ClassVar[dict[str, Any]] = {}

    def __init_subclass__(cls) -> None:
        own = [
            name
            for name, kind in cls.__annotations__.items()
            if not name.startswith("_") and not str(kind).startswith("ClassVar")
        ]
        cls._fields = (*cls._fields, *own)
        cls.said = tuple(n for n in cls._fields if not n.endswith("span") and n not in cls.apart)
        cls._defaults = {**cls._defaults, **{n: vars(cls)[n] for n in own if n in vars(cls)}}

    def __init__(self, *given: Any, **values: Any) -> None:
        own = self.__dict__
        if len(given) > len(self._fields):
            raise TypeError(f"{type(self).__name__} has {len(self._fields)} fields")
        own.update(zip(self._fields, given, strict=False))
        for name in self._fields[len(given) :]:
            if name in values:
                own[name] = values.pop(name)
            elif name in self._defaults:
                own[name] = self._defaults[name]
            else:
                raise TypeError(f"{type(self).__name__} needs {name}")
        if values:
            raise TypeError(f"{type(self).__name__} has no {', '.join(values)}")

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a record is immutable: {name}")

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return all(getattr(self, n) == getattr(other, n) for n in self.said)

    def __hash__(self) -> int:
        return hash((type(self), *(getattr(self, n) for n in self.said)))

    def __repr__(self) -> str:
        said = ", ".join(f"{n}={_shown(getattr(self, n))}" for n in self.said)
        return shortened(f"{type(self).__name__}({said})")

    @classmethod
    def like(cls, source: object, /, **values: Any) -> Self:
        """Make one of what ``source`` calls like its fields; ``values`` go before that."""
        said = {n: getattr(source, n) for n in cls._fields if hasattr(source, n)}
        return cls(**{**said, **values})

    def but(self, **values: Any) -> Self:
        """Return the same with some fields changed."""
        return type(self)(**{**{n: getattr(self, n) for n in self._fields}, **values})
