"""A program run on NumPy arrays: in 64 bits where that is proved safe, else exact objects.

Inputs broadcast. What depends on few of them is worked out once, on its own
small shape; the rest in chunks that fit a cache, so that memory does not grow
with the number of configurations.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import partial
from math import prod
from typing import Any, TypeAlias

from symparams.algebra.atoms import Number, exact
from symparams.algebra.kernels.bounds import Bound, bounds_of, fits, int64_of
from symparams.algebra.kernels.numbers import EXACT
from symparams.algebra.kernels.program import FunctionCall, Program, Quotient
from symparams.errors import SymparamsError

#: Elements that are worked on at a time.
CHUNK = 1 << 17
#: The most elements of a result that is kept for all chunks.
KEPT = 1 << 18

Array: TypeAlias = Any  # numpy.ndarray; NumPy is loaded at the first use
Block: TypeAlias = tuple[slice, ...]


def numpy() -> Any:
    """Return NumPy.

    Raises:
        SymparamsError: it is not installed.
    """
    try:
        import numpy as module
    except ImportError:
        raise SymparamsError(
            "NumPy is not installed", None, "run: pip install 'symparams[numpy]'"
        ) from None
    return module


def number_of(value: Any) -> Number | None:
    """Return an exact number as an int or a Fraction; None of a flag, a float and what is no
    number.

    An integer of NumPy or SymPy is one.
    """
    if isinstance(value, int | Fraction):
        if isinstance(value, bool):
            return None
        return value if type(value) is int else exact(Fraction(value))
    if hasattr(value, "tolist"):
        return number_of(value.tolist())
    if not hasattr(value, "__index__"):
        return None
    try:
        return int(value.__index__())
    except TypeError:  # a class, whose numbers are integers
        return None


def as_array(name: str, value: Any, integer: bool = False) -> Array:
    """Return an array of integers, or of objects that are exact numbers.

    Raises:
        SymparamsError: floats, flags, or something else that is no size;
            fractions where integers are wanted.
    """
    np = numpy()
    if type(value) is int:
        return np.array(value, np.int64 if fits((value, value)) else object)
    if not isinstance(value, np.ndarray | list | tuple | range):
        value = _single(value)
    try:
        found = np.asarray(value)
        if found.dtype.kind == "f" and not isinstance(value, np.ndarray):
            found = np.asarray(value, dtype=object)  # integers that no 64 bits hold
    except (ValueError, OverflowError):
        raise SymparamsError(f"'{name}' must be an array, not lists of different lengths") from None
    if found.dtype.kind in "iu":
        return found
    if not found.size:
        return found.astype(np.int64)
    if found.dtype.kind == "O":
        exactly = [number_of(one) for one in found.flat]
        wrong = next((k for k, one in enumerate(exactly) if one is None), None)
        if wrong is None:
            return _exact_array(name, found.shape, exactly, integer)
        one = found.flat[wrong]
    else:
        one = found.flat[0]
    if isinstance(one, float) or found.dtype.kind == "f":
        raise SymparamsError(
            f"'{name}' has floats; sizes are exact", None, "pass integers, as in a.astype(int)"
        )
    kind = found.dtype.name if found.dtype.kind != "O" else type(one).__name__
    raise SymparamsError(f"'{name}' must hold integers, not {kind}")


def _single(value: Any) -> Array:
    """Return one value as an array without axes."""
    found = numpy().empty((), dtype=object)
    found[()] = value
    return found


def _exact_array(name: str, shape: tuple[int, ...], values: list[Any], integer: bool) -> Array:
    np = numpy()
    if all(type(v) is int for v in values):
        dtype = np.int64 if fits((min(values), max(values))) else object
        return np.array(values, dtype).reshape(shape)
    if integer:
        raise SymparamsError(f"'{name}' must hold integers, not fractions")
    return np.array(values, dtype=object).reshape(shape)


def shape_of(inputs: Mapping[str, Array]) -> tuple[int, ...]:
    """Return the shape to which arrays broadcast.

    Raises:
        SymparamsError: they do not.
    """
    try:
        shape: tuple[int, ...] = numpy().broadcast_shapes(*(a.shape for a in inputs.values()))
    except ValueError:
        shapes = ", ".join(f"{n}: {a.shape}" for n, a in inputs.items())
        raise SymparamsError(f"these arrays do not broadcast: {shapes}") from None
    return shape


def bound_of(array: Array) -> Bound:
    """Return least and largest of an array of integers; None where one is no integer."""
    if not array.size:
        return None
    if array.dtype.kind == "O":
        if not all(type(v) is int for v in array.flat):
            return None
        return min(array.flat), max(array.flat)
    return int(array.min()), int(array.max())


def blocks(shape: tuple[int, ...], size: int) -> Iterator[Block]:
    """Yield a shape cut into boxes of about ``size`` elements, in C order.

    >>> [tuple((s.start, s.stop) for s in b) for b in blocks((2, 3), 2)]
    [((0, 1), (0, 2)), ((0, 1), (2, 3)), ((1, 2), (0, 2)), ((1, 2), (2, 3))]
    """
    if 0 in shape:
        return
    split, behind = _split(shape, size)
    whole = tuple(slice(0, n) for n in shape[split:])
    if not split:
        yield whole
        return
    step = max(1, size // behind)
    *ahead, divided = shape[:split]
    for number in range(prod(ahead)):
        place: list[slice] = []
        for length in reversed(ahead):
            number, k = divmod(number, length)
            place.append(slice(k, k + 1))
        for start in range(0, divided, step):
            yield (*reversed(place), slice(start, min(start + step, divided)), *whole)


def how_many_blocks(shape: tuple[int, ...], size: int) -> int:
    """Return the number of :func:`blocks`."""
    split, behind = _split(shape, size)
    if not split or 0 in shape:
        return int(0 not in shape)
    *ahead, divided = shape[:split]
    return prod(ahead) * -(-divided // max(1, size // behind))


def _split(shape: tuple[int, ...], size: int) -> tuple[int, int]:
    """Return (how many axes stand before those that fit a block whole, how many elements these
    have).
    """
    split, behind = len(shape), 1
    while split and behind * shape[split - 1] <= size:
        split -= 1
        behind *= shape[split]
    return split, behind


class Grid:
    """A program on certain inputs.

    Args:
        program: what to work out.
        inputs: an array for every name that the program uses, as :func:`as_array` makes them.
    """

    def __init__(self, program: Program, inputs: Mapping[str, Array]) -> None:
        np = numpy()
        self.program = program
        self.shape = shape_of(inputs)
        depth = len(self.shape)
        self._inputs = [
            a.reshape((1,) * (depth - a.ndim) + a.shape)
            for a in (inputs.get(n, np.zeros((), np.int64)) for n in program.names)
        ]
        self._single = prod(self.shape) <= CHUNK
        self._shapes = self._shapes_of()
        # Large inputs are bounded chunk by chunk, while they are at hand.
        whole = [bound_of(a) if a.size <= KEPT else None for a in self._inputs]
        self.bounds = bounds_of(program, whole)
        self._whole = int64_of(program, self.bounds)
        self._kept: dict[int, Any] = {}
        try:
            self._keep()
        except ZeroDivisionError:
            raise SymparamsError("division by zero") from None
        self._wanted = self._reachable()
        self.safe = all(self._whole[k] for k in self._wanted)
        self._pool = _BufferPool(program, self._wanted, self._kept)
        self._types: dict[tuple[Bound, ...], list[bool]] = {}

    # --- what is worked out once ---

    def _shapes_of(self) -> list[tuple[int, ...]]:
        np, found = numpy(), {0: ()}
        for uses in self.program.uses:
            if uses not in found:
                parts = [a.shape for k, a in enumerate(self._inputs) if uses >> k & 1]
                found[uses] = np.broadcast_shapes(*parts)
        return [found[uses] for uses in self.program.uses]

    def _keep(self) -> None:
        """Work out what does not grow with the grid."""
        total = prod(self.shape)
        for place, (op, left, right) in enumerate(self.program.code):
            size = prod(self._shapes[place])
            if op == "constant":
                self._kept[place] = left
            elif op == "name":
                array = self._inputs[self.program.names.index(left)]
                small = array.size <= KEPT  # a large one is turned chunk by chunk
                self._kept[place] = self._typed(array, self._whole[place]) if small else array
            elif left not in self._kept or right not in self._kept:
                continue
            elif not self.program.uses[place] or (
                not self._single and size <= KEPT and size * 4 <= total
            ):
                one, other = self._kept[left], self._kept[right]
                self._kept[place] = self._done(op, one, other, self._whole[place])

    def _reachable(self) -> list[int]:
        """Return the places that chunks have to work out, in order."""
        todo = [p for q in self.program.results for p in (q.above, q.below, q.place, q.back)]
        seen: set[int] = set()
        while todo:
            place = todo.pop()
            if place is None or place in seen or place in self._kept:
                continue
            seen.add(place)
            todo += self.program.code[place][1:]
        return sorted(seen)

    def _typed(self, value: Any, int64: bool) -> Any:
        """Return an operand for an operation in 64 bits, or on objects."""
        np = numpy()
        if isinstance(value, tuple):
            return _single(value)  # one row of arguments, not an array of numbers
        if isinstance(value, np.ndarray):
            wanted = np.int64 if int64 else object
            return value if value.dtype == wanted else value.astype(wanted)
        return value

    def _done(
        self, op: str | FunctionCall, left: Any, right: Any, int64: bool, out: Any = None
    ) -> Any:
        np = numpy()
        if not isinstance(left, np.ndarray) and not isinstance(right, np.ndarray):
            return EXACT[op](left, right)
        int64 = int64 and _in_bulk(op)
        left, right = self._typed(left, int64), self._typed(right, int64)
        if not int64:
            return np.frompyfunc(EXACT[op], 2, 1)(left, right)
        if isinstance(op, FunctionCall):
            return getattr(np, op.array)(left, right, out=out)
        return _INT64[op](np, left, right, out)

    # --- chunks ---

    def chunks(self) -> Iterator[tuple[Block, list[Array]]]:
        """Yield (where, each result there), chunk by chunk; a result may be narrower than its
        place.

        The arrays are written over by the next chunk.

        Raises:
            SymparamsError: a division by zero, or a value that a function does not take.
        """
        for block in blocks(self.shape, CHUNK):
            try:
                yield block, self._chunk(block)
            except ZeroDivisionError:
                raise SymparamsError("division by zero") from None

    def _chunk(self, block: Block) -> list[Array]:
        types = self._whole if self.safe else self._types_at(block)
        kept, code = self._kept, self.program.code
        here: dict[int, Any] = {}

        def at(place: int) -> Any:
            found = here.get(place)
            if found is None:
                found = here[place] = cut(kept[place], block)
            return found

        for place in self._wanted:
            op, left, right = code[place]
            one, other = at(left), at(right)
            in_bulk = types[place] and _in_bulk(op)
            out = self._pool.buffer(place, one, other) if in_bulk else None
            here[place] = self._done(op, one, other, types[place], out)
        return [self._value(q, at) for q in self.program.results]

    def _types_at(self, block: Block) -> list[bool]:
        """Return what is safe in 64 bits on a chunk."""
        key = tuple(bound_of(cut(a, block)) for a in self._inputs)
        if key not in self._types:
            if len(self._types) > 1_000:
                self._types.clear()
            self._types[key] = int64_of(self.program, bounds_of(self.program, key))
        return self._types[key]

    def _value(self, q: Quotient, at: Any) -> Array:
        np = numpy()
        found, below = np.asarray(at(q.above)), None
        if q.below is not None:
            if q.back is None or np.all(np.asarray(at(q.back)) == found):
                found = np.asarray(at(q.whole))
            else:
                below = self._typed(at(q.below), False)
        if below is None and found.dtype != object:
            return found
        made = np.frompyfunc(_divided, 2, 1)(found.astype(object), 1 if below is None else below)
        return np.asarray(made, dtype=object)


def on_arrays(op: str | FunctionCall) -> Callable[[Any, Any], Any]:
    """Return an operation on two arrays of integers; one that :func:`_in_bulk` allows."""
    np = numpy()
    if isinstance(op, FunctionCall):
        function: Callable[[Any, Any], Any] = getattr(np, op.array)
        return function
    return partial(_INT64[op], np, out=None)


def _in_bulk(op: str | FunctionCall) -> bool:
    """Tell whether an operation may be done on arrays of 64-bit integers."""
    return isinstance(op, str) or op.array != ""


def _divided(above: Any, below: Any) -> Any:
    """Return a quotient as an int where it is one."""
    return exact(Fraction(above) / below) if below != 1 else exact(above)


def cut(array: Any, block: Block) -> Any:
    """Return the part of an array that broadcasts into a block; numbers stay."""
    if not getattr(array, "ndim", 0):
        return array
    own = block[len(block) - array.ndim :]
    pairs = zip(array.shape, own, strict=True)
    return array[tuple(slice(None) if length == 1 else here for length, here in pairs)]


class _BufferPool:
    """Buffers for the operations of a chunk; one is used again once nothing needs it."""

    def __init__(self, program: Program, wanted: Sequence[int], kept: Mapping[int, Any]) -> None:
        last = {place: place for place in wanted}
        for place in wanted:
            for operand in program.code[place][1:]:
                last[operand] = place
        for q in program.results:
            for result in (q.above, q.below, q.place, q.back):
                if result is not None:
                    last[result] = len(program.code)
        self._numbers: dict[int, int] = {}
        free: list[int] = []
        for place in wanted:
            done = [
                operand
                for operand in dict.fromkeys(program.code[place][1:])
                if last[operand] == place and operand in self._numbers
            ]
            # An operation may write over what it reads, where the shapes agree.
            alike = [o for o in done if program.uses[o] == program.uses[place]]
            free += [self._numbers[o] for o in alike]
            self._numbers[place] = free.pop() if free else len(set(self._numbers.values()))
            free += [self._numbers[o] for o in done if o not in alike]
        self._flat: dict[int, Array] = {}
        self._views: dict[tuple[int, tuple[int, ...]], Array] = {}

    def buffer(self, place: int, left: Any, right: Any) -> Array:
        """Return where to write the result of an operation on two operands."""
        np = numpy()
        one, other = np.shape(left), np.shape(right)
        shape = one if one == other else np.broadcast_shapes(one, other)
        number = self._numbers[place]
        view = self._views.get((number, shape))
        if view is None:
            size = prod(shape)
            flat = self._flat.get(number)
            if flat is None or flat.size < size:
                flat = self._flat[number] = np.empty(size, np.int64)
                self._views = {k: v for k, v in self._views.items() if k[0] != number}
            view = self._views[number, shape] = flat[:size].reshape(shape)
        return view


def _test(name: str) -> Any:
    """Return NumPy's comparison, as 0 and 1."""

    def compared(np: Any, a: Any, b: Any, out: Any) -> Array:
        found = getattr(np, name)(a, b, out=out)
        return found.astype(np.int64) if out is None else found

    return compared


_INT64: Mapping[str, Any] = {
    "add": lambda np, a, b, out: np.add(a, b, out=out),
    "multiply": lambda np, a, b, out: np.multiply(a, b, out=out),
    "floor": lambda np, a, b, out: np.floor_divide(a, b, out=out),
    "least": lambda np, a, b, out: np.minimum(a, b, out=out),
    "most": lambda np, a, b, out: np.maximum(a, b, out=out),
    "less": _test("less"),
    "equal": _test("equal"),
    "power": lambda np, a, b, out: np.power(a, b, out=out),
    "positive": lambda np, a, b, out: np.positive(a, out=out),
}
