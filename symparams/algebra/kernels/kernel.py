"""A size as a function of numbers or arrays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import prod
from typing import Any

from symparams.algebra.atoms import Number
from symparams.algebra.kernels import numbers
from symparams.algebra.kernels.arrays import Grid, as_array, number_of, numpy
from symparams.algebra.kernels.program import Program
from symparams.algebra.kernels.translate import program_of
from symparams.algebra.polynomial import Size, symbols_of
from symparams.errors import SymparamsError, did_you_mean

BACKENDS = ("numpy", "python")


class Kernel:
    """A size as a function of numbers or arrays, given by name.

    Made by :func:`compile`. ``kernel(h=64, l=arrays)`` gives, with the backend

    - ``numpy``: an array of the shape to which the values broadcast, of 64-bit
      integers where they are proved to hold every value on the way and the
      result, else of Python ints (and Fractions where a value is no integer);
      a plain number where no value is an array;
    - ``python``: a number; a list where some value is a list, tuple or range,
      which then all have one length.

    Attributes:
        names: the names it takes, all of them.
        size: the formula.
    """

    def __init__(self, size: Size, names: Iterable[str], backend: str) -> None:
        self.size = size
        self.names = tuple(names)
        self.backend = backend
        self._plain = program_of([size], self.names)
        self._integers = {s.name for s in symbols_of(size) if s.integer}
        self._programs: dict[tuple[tuple[int, ...], ...], Program] = {}

    def __call__(self, **values: Any) -> Any:
        """Return the value at each point.

        Raises:
            SymparamsError: a name too many or too few, a float, arrays that do
                not broadcast, a division by zero.
        """
        return self.at(self.inputs(values))

    def inputs(self, values: Mapping[str, Any], loose: bool = False) -> dict[str, Any]:
        """Return values as :meth:`at` takes them: exact numbers and lists of them, or arrays.

        With ``loose``, fractions stand where integers are wanted.

        Raises:
            SymparamsError: as a call, but for a division by zero.
        """
        checked_names(self.names, values)
        integers = frozenset[str]() if loose else self._integers
        if self.backend == "python":
            return {n: _exact(n, values[n], n in integers) for n in self.names}
        return {n: as_array(n, values[n], n in integers) for n in self.names}

    def at(self, inputs: Mapping[str, Any]) -> Any:
        """Return the value at each point of what :meth:`inputs` made.

        Raises:
            SymparamsError: arrays that do not broadcast, a division by zero.
        """
        if self.backend == "python":
            several, rows = rows_of(inputs)
            found = [numbers.run(self._plain, row)[0] for row in rows]
            return found if several else found[0]
        shapes = {name: array.shape for name, array in inputs.items()}
        if not any(shapes.values()):
            point = {name: array.item() for name, array in inputs.items()}
            return numbers.run(self._plain, point)[0]
        key = tuple(shapes.values())
        if key not in self._programs:
            self._programs[key] = program_of([self.size], self.names, shapes)
        return gathered(Grid(self._programs[key], inputs))

    def __repr__(self) -> str:
        return f"<kernel of {', '.join(self.names)}: {self.size}>"


def compile(size: Size, names: Iterable[str], backend: str = "numpy") -> Kernel:
    """Return a size as a function of the sizes of these names.

    Raises:
        SymparamsError: no such backend, NumPy is missing, or a symbol that is
            not among the names.

    >>> from symparams.algebra import symbol
    >>> h = symbol("h")
    >>> compile(h * h + 3 * h, ["h"], "python")(h=[2, 10**10])
    [10, 100000000030000000000]
    """
    if backend not in BACKENDS:
        raise SymparamsError(
            f"unknown backend '{backend}'",
            None,
            did_you_mean(backend, BACKENDS, f"there are {' and '.join(BACKENDS)}"),
        )
    if backend == "numpy":
        numpy()
    return Kernel(size, names, backend)


def checked_names(names: Sequence[str], values: Mapping[str, Any]) -> None:
    """Require a value for every name, and for no other.

    Raises:
        SymparamsError: a name too many or too few.
    """
    for name in values:
        if name not in names:
            known = f"it has {', '.join(names)}" if names else "it has no sizes"
            raise SymparamsError(f"no size '{name}'", None, did_you_mean(name, names, known))
    for name in names:
        if name not in values:
            raise SymparamsError(f"'{name}' has no value", None, f"pass {name}=…")


def rows_of(inputs: Mapping[str, Any]) -> tuple[bool, Iterator[dict[str, Number]]]:
    """Tell whether some inputs are lists, and the points that they make.

    Raises:
        SymparamsError: lists of different lengths.
    """
    lists = {n: v for n, v in inputs.items() if isinstance(v, list)}
    if not lists:
        return False, iter([dict(inputs)])
    if len({len(v) for v in lists.values()}) > 1:
        raise SymparamsError(
            "these lists differ in length: " + ", ".join(f"{n}: {len(v)}" for n, v in lists.items())
        )
    rows = zip(*lists.values(), strict=True)
    return True, ({**inputs, **dict(zip(lists, row, strict=True))} for row in rows)


def _exact(name: str, value: Any, integer: bool) -> Any:
    """Return a value of the backend ``python``: an exact number, or a list of them."""
    if isinstance(value, list | tuple | range):
        return [as_number(name, one, integer) for one in value]
    return as_number(name, value, integer)


def as_number(name: str, value: Any, integer: bool = False) -> Number:
    """Return a value as an exact number, an integer if one is wanted.

    Raises:
        SymparamsError: it is none.
    """
    found = number_of(value)
    if found is None:
        if isinstance(value, float):
            raise SymparamsError(
                f"'{name}' is {value}, a float; sizes are exact",
                None,
                "pass an int or a fractions.Fraction",
            )
        raise SymparamsError(f"'{name}' must be an integer, not {type(value).__name__}")
    if integer and found.denominator != 1:
        raise SymparamsError(f"'{name}' must be an integer, not {found}")
    return found


def gathered(grid: Grid) -> Any:
    """Return the first result of a grid as one array."""
    np = numpy()
    whole = np.empty(grid.shape, np.int64)
    if not prod(grid.shape):
        return whole
    for block, (part,) in grid.chunks():
        if part.dtype == object and whole.dtype != object:
            whole = whole.astype(object)
        whole[block] = part
    return whole
