"""What a size function declares, and the atom that it leaves where its arguments are no numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar, NamedTuple, Protocol, TypeAlias

from symparams.algebra.atoms import Atom, Monomial, Number, Order, Symbol, exact, interned, power_of
from symparams.algebra.polynomial import (
    Opaque,
    Polynomial,
    Size,
    add_up,
    by_choice,
    of_atom,
    substitute,
)
from symparams.algebra.size_text import exactly

if TYPE_CHECKING:
    from symparams.algebra.kernels.program import ProgramBuilder


class Knowledge(Protocol):
    """What a floor asks about its argument; see :class:`symparams.algebra.facts.Facts`."""

    def whole(self, monomial: Monomial, coefficient: Number) -> bool:
        """Tell whether ``coefficient * monomial`` is an integer for all allowed sizes."""

    def residue(self, of: Symbol) -> tuple[int, int]:
        """Return (modulus, residue) of a symbol; (1, 0) where nothing is known."""

    def at_least(self, size: Size) -> Number | None:
        """Return a lower bound of a size; None where none was found."""


def plain(monomial: Monomial) -> bool:
    """Tell whether a product of atoms is an integer by itself."""
    return all(atom.integer and exponent > 0 for atom, exponent in monomial)


def is_integral(size: Size, known: Knowledge | None = None) -> bool:
    """Tell whether every term is an integer for all allowed sizes (False: not shown)."""
    if not isinstance(size, Polynomial):
        return size.denominator == 1
    return all(
        (isinstance(c, int) and plain(m)) or (known is not None and known.whole(m, c))
        for m, c in size.terms.items()
    )


class HasEnds(Protocol):
    """The least and the largest value of a size; None where that is not known."""

    @property
    def low(self) -> Number | None:
        """The least."""

    @property
    def high(self) -> Number | None:
        """The largest."""


class Interval(NamedTuple):
    """Ends that are known."""

    low: Number
    high: Number


#: A question about a size; False is "not shown".
Judge: TypeAlias = Callable[[Size], bool]
#: (above, below): the places of a numerator and a denominator in a program.
Pair: TypeAlias = tuple[int, int]
Pairs: TypeAlias = Sequence[Pair]

#: Every declared function by name; complete after :mod:`.catalogue` is imported.
DECLARED: dict[str, SizeFunction] = {}


class SizeFunction:
    """A function of sizes: all that is known of it; formulas, engines and pages ask here.

    A subclass with a ``name`` is a function of the language. It says its
    ``signature``, what it ``says`` to a reader, and its ``value``; the rest has
    defaults that are sound for every function, and may be told better.
    """

    #: What it is called in the language.
    name: ClassVar[str]
    #: How it is called, and what it gives, as the catalogue shows it.
    signature: ClassVar[str]
    says: ClassVar[str]
    #: How many arguments it takes; None: one or more.
    takes: ClassVar[int | None] = None
    #: 1 where it never falls as one argument rises, whatever the others are; -1 where it never
    #: rises; None where neither is known.
    way: ClassVar[int | None] = None
    #: Whether it comes to one of its arguments where their order is known.
    picks: ClassVar[bool] = False
    #: How it grows where it is :meth:`near` nothing.
    growth: ClassVar[str] = "like no one power"
    #: Its operator in LaTeX; by default its name.
    latex: ClassVar[str] = ""
    #: SymPy's class for it; by default an undefined function of its name.
    sympy: ClassVar[str] = ""
    #: Whether it may be taken of two arguments at a time, in any order, as a sum may.
    folds: ClassVar[bool] = False
    #: Of what folds, NumPy's function of two arrays; by default the elements are worked out one by
    #: one in Python. Only where :meth:`high` and :meth:`low` bound all that it goes through.
    array: ClassVar[str] = ""
    #: CP-SAT's constraint ``add_…`` for it; by default it is left to branch and bound.
    cp_sat: ClassVar[str] = ""
    #: Of what folds, backend of Ibis → its function of two integers; others refuse the sweep.
    sql: ClassVar[Mapping[str, str]] = {}

    def __init_subclass__(cls, name: str = "") -> None:
        if name:
            cls.name = name
            DECLARED[name] = object.__new__(cls)

    def __new__(cls) -> SizeFunction:
        return DECLARED[cls.name]  # one of each, also after pickling

    def __reduce__(self) -> tuple[object, ...]:
        return (type(self), ())

    def __call__(self, *sizes: Size, known: Knowledge | None = None) -> Size:
        """Return the function of numbers; or, of other sizes, a formula as simple as ``known``
        makes it.

        Raises:
            SymparamsError: the function has no value there.
        """
        for size in sizes:  # not any(…): numbers are put in often
            if isinstance(size, Polynomial):
                return self._by_choice(sizes, known)
        return exact(self.value(*sizes))  # type: ignore[arg-type]  # all are numbers

    def _by_choice(self, sizes: tuple[Size, ...], known: Knowledge | None) -> Size:
        """Return the function of sizes that are not all numbers, case by case where indicators are
        in them.
        """

        def here(case: Sequence[Size]) -> Size:
            return self(*case, known=known)

        cases = by_choice(sizes, here)
        return self.formula(sizes, known) if cases is None else cases

    def value(self, *numbers: Number) -> Number:
        """Return the function of exact numbers.

        Raises:
            SymparamsError: the function has no value there.
        """
        raise TypeError(self.name)  # pragma: no cover - every function has its own

    def formula(self, sizes: tuple[Size, ...], known: Knowledge | None) -> Size:
        """Return the function of sizes that are not all numbers."""
        del known  # only a function with rules of its own asks
        ordered = sorted(sizes, key=str) if self.folds else sizes
        return of_atom(AppliedFunction(self, tuple(ordered)))

    # --- what is known of its values ---

    def integral(self, sizes: Sequence[Size], whole: Judge) -> bool:
        """Tell whether it is an integer, by which of its arguments are (False: not shown).

        By default an integer of integers, which a function that is none has to deny.
        """
        return all(map(whole, sizes))

    def never_negative(self, sizes: Sequence[Size], holds: Judge) -> bool:
        """Tell whether it is at least 0, by which of its arguments are (False: not shown)."""
        del sizes, holds
        return False

    def ways(self, sizes: Sequence[Size]) -> Sequence[int | None]:
        """Return ``way``, for each argument."""
        return [self.way] * len(sizes)

    def low(self, of: Sequence[HasEnds], integer: bool) -> Number | None:
        """Return the least value where each argument lies between its ends; None: not known.

        Args:
            of: the ends.
            integer: whether all values are integers.
        """
        return self._corner(of, rising=True)

    def high(self, of: Sequence[HasEnds], integer: bool) -> Number | None:
        """Return the largest value; as :meth:`low`."""
        return self._corner(of, rising=False)

    def _corner(self, of: Sequence[HasEnds], rising: bool) -> Number | None:
        corner: list[Number] = []
        for ends in of:
            end = ends.low if (self.way == 1) is rising else ends.high
            if end is None or (self.way is None and ends.low != ends.high):
                return None
            corner.append(end)
        return exact(self.value(*corner))

    def near(self, sizes: Sequence[Size], moves: Judge, rises: Judge) -> Size | None:
        """Return what it differs from by no more than a number, as some sizes grow; None: not
        known.

        Args:
            sizes: the arguments.
            moves: whether a size has one of those that grow.
            rises: whether a size ends above every number.
        """
        del sizes, moves, rises
        return None

    # --- how it is worked out in bulk ---

    def compiled(self, builder: ProgramBuilder, atom: AppliedFunction, of: Pairs) -> Pair:
        """Return (above, below): the places of its value in a program.

        Args:
            builder: takes the instructions.
            atom: the function with its arguments.
            of: the places of the arguments.
        """
        return builder.call(self, of, atom.integer)


class AppliedFunction(Opaque):
    """A size function of sizes, closed until its arguments are numbers."""

    __slots__ = ("arguments", "function")

    function: SizeFunction
    arguments: tuple[Size, ...]

    def __new__(cls, function: SizeFunction, arguments: tuple[Size, ...]) -> AppliedFunction:
        def build() -> AppliedFunction:
            atom = object.__new__(cls)
            atom.function, atom.arguments = function, arguments
            atom.settle(f"{function.name}({', '.join(map(exactly, arguments))})", arguments)
            atom.integer = function.integral(arguments, is_integral)
            return atom

        return interned(cls, (function.name, arguments), build)

    def __reduce__(self) -> tuple[object, ...]:
        return (AppliedFunction, (self.function, self.arguments))

    def at(self, values: Mapping[str, Size]) -> Size:
        return self.function(*(substitute(a, values) for a in self.arguments))

    def written(self, order: Order) -> str:
        return f"{self.function.name}({', '.join(exactly(a, order) for a in self.arguments)})"


def never_below_zero(atom: Atom) -> bool:
    """Tell whether an atom is at least 0 by what its symbols say of themselves (False: not
    shown).
    """

    def holds(size: Size) -> bool:
        if not isinstance(size, Polynomial):
            return size >= 0
        return all(c > 0 and all(map(never_below_zero, dict(m))) for m, c in size.terms.items())

    if isinstance(atom, Symbol):
        return not atom.integer or (atom.low is not None and atom.low >= 0)
    assert isinstance(atom, AppliedFunction)
    return atom.function.never_negative(atom.arguments, holds)


def rebuild(size: Size, known: Knowledge, done: dict[Atom, Size] | None = None) -> Size:
    """Return ``size`` with every function taken again, now with what is known.

    ``done`` has what became of atoms so far.
    """
    done = {} if done is None else done
    if not isinstance(size, Polynomial):
        return size
    if all(isinstance(atom, Symbol) for atom in size.atoms()):
        return size
    parts: list[Size] = []
    for monomial, coefficient in size.terms.items():
        term: Size = coefficient
        for atom, exponent in monomial:
            if atom not in done:
                done[atom] = _rebuilt(atom, known, done)
            value = done[atom]
            term = term * (
                value**exponent if isinstance(value, Polynomial) else power_of(value, exponent)
            )
        parts.append(term)
    return add_up(parts)


def _rebuilt(atom: Atom, known: Knowledge, done: dict[Atom, Size]) -> Size:
    if not isinstance(atom, AppliedFunction):
        return of_atom(atom)
    return atom.function(*(rebuild(a, known, done) for a in atom.arguments), known=known)
