"""What is given from Python: sizes, names and texts as the language has them, or an error.

A size is an integer (also one of NumPy), a Fraction, or a SymPy expression;
floats are refused, since they are not exact. A SymPy symbol stands for the
size of its name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from fractions import Fraction
from math import prod
from os import PathLike, fspath
from typing import TYPE_CHECKING, Any

from symparams.algebra import (
    POSITIVE,
    NamedValue,
    Polynomial,
    Size,
    bounded,
    substitute,
    symbol,
    symbols_of,
    text,
)
from symparams.algebra.kernels import number_of
from symparams.elaboration.definition import WrittenModel, sizes_of
from symparams.elaboration.values import Listed, Value, Word, describe, is_size
from symparams.errors import NotAdmitted, SymparamsError
from symparams.language import names_in
from symparams.records import Record

if TYPE_CHECKING:
    import sympy

#: The most elements of a list, as the language has it, and how deep lists nest.
MOST_LISTED = 10_000
DEEPEST = 20

_INDEXED = re.compile(r"(?P<name>\w+)(\[\d+\])?")


def kind_of(value: object) -> str:
    """Return what a value of Python is called in an error."""
    return "None" if value is None else f"'{type(value).__name__}'"


# --- texts and numbers -----------------------------------------------------


def text_given(value: object, what: str, hint: str = "") -> str:
    """Return a text.

    Raises:
        SymparamsError: it is none.
    """
    if not isinstance(value, str):
        raise SymparamsError(f"{what} must be a text, not {kind_of(value)}", None, hint)
    return str(value)


def texts_given(value: object, what: str) -> tuple[str, ...]:
    """Return a text, or several, as a tuple.

    Raises:
        SymparamsError: neither.
    """
    if isinstance(value, str):
        return (str(value),)
    several = elements_of(value)
    if several is None:
        raise SymparamsError(f"{what} must be a text or a list of texts, not {kind_of(value)}")
    return tuple(text_given(one, f"each of {what}") for one in several)


def elements_of(value: object) -> Iterable[Any] | None:
    """Return what a list, a set, an array or an iterator has; None of all else, also of a
    mapping.
    """
    if hasattr(value, "tolist"):  # of NumPy; without axes it is one number
        value = value.tolist()
    if isinstance(value, str | bytes | bytearray | Mapping) or not isinstance(value, Iterable):
        return None
    return value


def path_given(value: object) -> str:
    """Return a path as a text.

    Raises:
        SymparamsError: it is none.
    """
    if isinstance(value, str | PathLike):
        path = fspath(value)
        if isinstance(path, str):
            return path
    raise SymparamsError(f"a path must be a text or a pathlib.Path, not {kind_of(value)}")


def whole_given(value: object, what: str, least: int | None = None) -> int:
    """Return an integer, not too small.

    Raises:
        SymparamsError: it is no integer, or below ``least``.
    """
    if not isinstance(value, int) and hasattr(value, "tolist"):
        value = value.tolist()
    if not isinstance(value, int) or isinstance(value, bool):
        raise SymparamsError(f"{what} must be an integer, not {kind_of(value)}")
    if least is not None and value < least:
        raise SymparamsError(f"{what} must be at least {least}, not {text(bounded(value))}")
    return int(value)


def seconds_given(value: object, what: str) -> float | None:
    """Return a time in seconds, or None.

    Raises:
        SymparamsError: it is no number above 0.
    """
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float | Fraction):
        raise SymparamsError(f"{what} must be a number of seconds, not {kind_of(value)}")
    if not value > 0:  # also nan
        raise SymparamsError(f"{what} must be above 0 seconds")
    return float(min(value, 10**9))


def flag_given(value: object, what: str) -> bool:
    """Read a flag: True or False.

    Raises:
        SymparamsError: neither.
    """
    if not isinstance(value, bool):
        raise SymparamsError(f"{what} must be True or False, not {kind_of(value)}")
    return value


class GivenProbabilities:
    """Reads probabilities, and hands out answers in the symbols that these were given in."""

    def __init__(self) -> None:
        self._theirs: dict[Any, Any] = {}

    def read(self, name: str, value: object) -> Size:
        """Return a probability: an exact number, or a formula in symbols of its own.

        Raises:
            SymparamsError: a float, or something else.
        """
        if _is_of("sympy", value):
            from symparams.algebra import from_sympy, sympy_symbol

            expression: Any = value
            known = {one: symbol(one.name, integer=False) for one in expression.free_symbols}
            self._theirs |= {sympy_symbol(one.name, integer=False): one for one in known}
            return from_sympy(expression, known)
        found = None if isinstance(value, float) else number_of(value)
        if found is None:
            raise SymparamsError(
                f"a probability of '{name}' must be exact, not {kind_of(value)}",
                None,
                "as Fraction(1, 3), or a SymPy expression",
            )
        return bounded(found)

    def in_their_symbols(self, answer: Any) -> Any:
        """Return an answer, or what is in it, with the symbols that probabilities were given in."""
        if isinstance(answer, Record):
            fields = {n: self.in_their_symbols(getattr(answer, n)) for n in answer._fields}
            return answer.but(**fields)
        if isinstance(answer, Mapping):
            return {key: self.in_their_symbols(one) for key, one in answer.items()}
        if isinstance(answer, tuple):
            return tuple(map(self.in_their_symbols, answer))
        return answer.xreplace(self._theirs) if hasattr(answer, "xreplace") else answer


# --- sizes by name ---------------------------------------------------------


def by_name(*several: object, **named: object) -> dict[str, Any]:
    """Join mappings and keywords into one mapping.

    Raises:
        SymparamsError: no mapping, a name that is no text, or one given twice.
    """
    found: dict[str, Any] = {}
    for one in (*(s for s in several if s is not None), named):
        if not isinstance(one, Mapping):
            raise SymparamsError(
                f"sizes are given by name, not as {kind_of(one)}", None, 'as in h=3 or {"h": 3}'
            )
        for name, value in one.items():
            if text_given(name, "the name of a size") in found:
                raise SymparamsError(f"'{name}' is given twice")
            found[str(name)] = value
    return found


def apart(
    value: object, several: tuple[object, ...], otherwise: Any
) -> tuple[Any, tuple[Any, ...]]:
    """Return an argument that may be left out before the mappings of sizes, and those mappings."""
    if isinstance(value, Mapping):
        return otherwise, (value, *several)
    return value, several


class Given(Record):
    """Sizes and options of a model with the SymPy symbols that they were given in.

    Attributes:
        values: name → value.
        symbols: name → the SymPy symbol of that name.
    """

    values: Mapping[str, Value] = {}
    symbols: Mapping[str, sympy.Symbol] = {}

    @property
    def free(self) -> tuple[str, ...]:
        """The names in which values are given, in the order of the values."""
        sizes = [v for v in self.values.values() if isinstance(v, Polynomial)]
        return tuple(dict.fromkeys(n for v in sizes for n in sorted(s.name for s in symbols_of(v))))

    def with_more(self, definition: WrittenModel, more: Mapping[str, Any]) -> Given:
        """Return these, and more that were given later, as values of the language.

        Where a value is given in terms of another size, and that has a value,
        it takes this value.

        Raises:
            SymparamsError: something that is no value, or sizes given in terms
                of each other.
        """
        reading = _ValueReading(definition, self)
        # Numbers first: how many sizes there are may depend on them.
        for name in sorted(more, key=lambda n: not isinstance(more[n], int)):
            reading.known[name] = reading.value(more[name], name)
        values = {n: reading.known[n] for n in (*self.values, *more)}
        if any(isinstance(v, Polynomial) for v in values.values()):
            values = _settled(definition, values)
        return Given(values, reading.symbols)


class _ValueReading:
    """Reads values for one model."""

    def __init__(self, definition: WrittenModel, before: Given) -> None:
        self._definition = definition
        self._integral: dict[str, bool] | None = None
        self.known = dict(before.values)
        self.symbols = dict(before.symbols)

    def value(self, value: Any, name: str, depth: int = 0) -> Value:
        """Return a Python value as a value of the language.

        Raises:
            SymparamsError: a float, or something the language does not have.
        """
        if value is None or isinstance(value, bool | Polynomial):
            return value
        if isinstance(value, NamedValue):  # as an answer has it
            return Word(value.word)
        if isinstance(value, int):
            return bounded(int(value))
        if isinstance(value, Fraction):
            return bounded(Fraction(value))
        if isinstance(value, str):
            return Word(str(value))
        if isinstance(value, list | tuple | range):
            return self._listed(value, name, depth)
        if _is_of("sympy", value):
            return self._size(value)
        if hasattr(value, "tolist") and hasattr(value, "shape"):  # an array or a number of NumPy
            _bounded_list(prod(value.shape), name)
            return self.value(value.tolist(), name, depth + 1)
        if isinstance(value, float):
            raise SymparamsError(
                f"'{name}' cannot be {value}, which is a float; sizes are exact",
                None,
                exactly(value),
            )
        raise SymparamsError(
            f"'{name}' cannot be {kind_of(value)}", None, "pass an int or a fractions.Fraction"
        )

    def _listed(self, value: Any, name: str, depth: int) -> Value:
        if depth > DEEPEST:
            raise SymparamsError(f"the list for '{name}' nests deeper than {DEEPEST}")
        _bounded_list(len(value), name)
        return Listed(tuple(self.value(v, name, depth + 1) for v in value))

    def _size(self, expression: Any) -> Size:
        from symparams.algebra import from_sympy, size_symbols, two_of_one_name

        if self._integral is None:
            open_sizes = sizes_of(self._definition, self.known)
            self._integral = {n: (d or POSITIVE).integer for n, d in open_sizes.items()}
        try:
            symbols = size_symbols(expression, self._integral, is_name)
            size = from_sympy(expression, symbols)
        except RecursionError:
            raise SymparamsError("this expression nests too deeply") from None
        named = {s.name: s for s in symbols}
        two_of_one_name(self.symbols, named)
        self.symbols |= named
        return size if isinstance(size, Polynomial) else bounded(size)


def _bounded_list(length: int, name: str) -> None:
    if length > MOST_LISTED:
        raise SymparamsError(f"the list for '{name}' has more than {MOST_LISTED:,} elements")


def exactly(value: float) -> str:
    """Return what to write for a float."""
    if value.is_integer() and abs(value) < 1 << 53:
        return f"pass {int(value)}, an int"
    return "pass an int or a fractions.Fraction"


def is_name(name: str) -> bool:
    """Tell whether a text names a size: ``h``, or ``k[0]`` of an indexed one."""
    found = _INDEXED.fullmatch(name)
    return found is not None and found["name"].isidentifier()


def _is_of(package: str, value: object) -> bool:
    """Tell whether a value's class, or one that it is made of, comes from a package."""
    modules = (str(c.__module__) for c in type(value).__mro__)
    return any(m.partition(".")[0] == package for m in modules)


def _settled(definition: WrittenModel, values: Mapping[str, Value]) -> dict[str, Value]:
    """Return values given in terms of others, with the values that those have.

    A name that the model does not have, but in which a size was given, is
    gone once it has a value.
    """
    done: dict[str, Value] = {}
    used: set[str] = set()

    def settle(name: str, above: tuple[str, ...]) -> Value:
        if name in above:
            first, *others = above[above.index(name) :]
            terms = (
                f"terms of '{others[-1]}', and that in terms of it" if others else "its own terms"
            )
            raise SymparamsError(f"'{first}' is given in {terms}")
        if name in done:
            return done[name]
        value = values[name]
        if isinstance(value, Polynomial) and value not in (symbol(name), symbol(name, False)):
            inner = {s.name for s in symbols_of(value)}
            used.update(inner)
            places: dict[str, Size] = {}
            for other in sorted(inner & values.keys()):
                place: Any = settle(other, (*above, name))
                if not is_size(place):
                    raise SymparamsError(
                        f"'{name}' is given in terms of '{other}', which is {describe(place)}"
                    )
                places[other] = place
            value = substitute(value, places)
        done[name] = value
        return value

    for name in values:
        settle(name, ())
    own = _own(definition)
    for name in [n for n in done if n in used and n.partition("[")[0] not in own]:
        value = done.pop(name)
        if not isinstance(value, Polynomial) and value not in POSITIVE:
            raise NotAdmitted(f"'{name}' must be a positive integer, not {text(value)}")  # type: ignore[arg-type]
    return done


def _own(definition: WrittenModel) -> set[str]:
    """Return the names of a model's parameters; of a one-line source, all that it names."""
    if definition.parameters is None:
        return names_in(definition.body)
    return {p.name for p in definition.parameters}


__all__ = [
    "Given", "apart", "by_name", "elements_of", "exactly", "flag_given", "kind_of", "path_given",
    "seconds_given", "text_given", "texts_given", "whole_given",
]  # fmt: skip
