"""From sizes and conditions to instructions.

Every size is a quotient of two integer results: fractions are cleared with the
least common denominator, powers below a fraction line with their product.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial, reduce
from math import lcm

from symparams.algebra.atoms import Atom, Symbol
from symparams.algebra.conditions import Condition
from symparams.algebra.facts import PLAIN
from symparams.algebra.kernels.horner import Horner
from symparams.algebra.kernels.program import Program, ProgramBuilder, Quotient, Widths
from symparams.algebra.polynomial import Polynomial, Size, symbols_of, terms_of
from symparams.algebra.size_functions.base import AppliedFunction
from symparams.errors import SymparamsError


def program_of(
    sizes: Iterable[Size],
    names: Iterable[str],
    shapes: Mapping[str, tuple[int, ...]] | None = None,
    conditions: Iterable[Condition] = (),
    whole: Sequence[bool] = (),
) -> Program:
    """Return the program that works out sizes, for inputs of these shapes.

    Behind the sizes stand the conditions: 1 where one holds, 0 where it does not.

    Args:
        sizes: what to work out.
        names: the inputs.
        shapes: of the inputs, as they will broadcast; of one length if none are given.
        conditions: what to judge.
        whole: for each size, whether the caller knows that it is an integer
            wherever its value matters.

    Raises:
        SymparamsError: a symbol that is no input.
    """
    names, sizes, conditions = tuple(names), tuple(sizes), tuple(conditions)
    found = set().union(*map(symbols_of, sizes), *(c.symbols() for c in conditions))
    for name in sorted(s.name for s in found):
        if name not in names:
            raise SymparamsError(f"'{name}' is not among {', '.join(names) or 'no names'}")
    fractions = frozenset(s.name for s in found if not s.integer)
    builder = ProgramBuilder(names, Widths(names, shapes or {}), fractions)
    translator = Translator(builder)
    results = []
    for k, size in enumerate(sizes):
        integral = whole[k] if whole else PLAIN.integral(size) is True
        results.append(builder.quotient(*translator.pair(size), integral))
    results += [Quotient(translator.test(condition)) for condition in conditions]
    return builder.program(results)


class Translator:
    """Puts sizes into a builder.

    Args:
        builder: takes the instructions.
        terms_apart: leave sums as they are, and do not look for their shortest form:
            that takes longer than a formula of few points, and fifty times a translation.
    """

    def __init__(self, builder: ProgramBuilder, terms_apart: bool = False) -> None:
        self.builder = builder
        self._terms_apart = terms_apart
        self._atoms: dict[Atom, tuple[int, int]] = {}
        self._pairs: dict[Size, tuple[int, int]] = {}

    def pair(self, size: Size) -> tuple[int, int]:
        """Return the places of a numerator and a denominator."""
        if not isinstance(size, Polynomial):
            constant = self.builder.constant
            return constant(size.numerator), constant(size.denominator)
        if size not in self._pairs:
            self._pairs[size] = self._polynomial(size)
        return self._pairs[size]

    def _polynomial(self, size: Polynomial) -> tuple[int, int]:
        builder = self.builder
        atoms = sorted(size.atoms(), key=lambda a: a.key)
        scale = lcm(*(c.denominator for c in size.terms.values()))
        pairs = [self._atom(atom) for atom in atoms]
        # A sum over the cases of choices has few products, and many variables to put in order.
        apart = self._terms_apart or any(atom.chooses for atom in atoms)
        plain = apart and all(builder.is_constant(d, 1) for _, d in pairs)
        if plain and all(exponent > 0 for monomial in size.terms for _, exponent in monomial):
            return self._sum(size, scale), builder.constant(scale)
        # An atom is n/d with a denominator of its own: x^e is n^e/d^e.
        lows, highs = [0] * len(atoms), [0] * len(atoms)
        for monomial in size.terms:
            powers = dict(monomial)
            for k, atom in enumerate(atoms):
                exponent = powers.get(atom, 0)
                lows[k], highs[k] = min(lows[k], exponent), max(highs[k], exponent)
        fractional = [not builder.is_constant(d, 1) for _, d in pairs]
        variables = [n for n, _ in pairs] + [
            d for (_, d), needed in zip(pairs, fractional, strict=True) if needed
        ]
        terms: dict[tuple[int, ...], int] = {}
        for monomial, coefficient in size.terms.items():
            powers = dict(monomial)
            above = [powers.get(a, 0) - low for a, low in zip(atoms, lows, strict=True)]
            # Over the common n^-low * d^high, x^e leaves n^(e - low) * d^(high - e).
            below = [highs[k] - powers.get(a, 0) for k, a in enumerate(atoms) if fractional[k]]
            terms[(*above, *below)] = int(coefficient * scale)
        common = [builder.constant(scale)]
        for (above_place, below_place), low, high in zip(pairs, lows, highs, strict=True):
            if low:
                common.append(builder.raised(above_place, -low))
            if high and not builder.is_constant(below_place, 1):
                common.append(builder.raised(below_place, high))
        return Horner(builder, variables).place(terms), builder.joined("multiply", common)

    def _sum(self, size: Polynomial, scale: int) -> int:
        """Return the place of a size times a number, term by term; its atoms are integers."""
        do, found = self.builder.do, []
        for monomial, coefficient in size.terms.items():
            place = None
            for atom, exponent in monomial:
                factor = self.builder.raised(self._atom(atom)[0], exponent)
                place = factor if place is None else do("multiply", place, factor)
            number = self.builder.constant(int(coefficient * scale))
            found.append(number if place is None else do("multiply", place, number))
        return reduce(partial(do, "add"), found)

    # --- atoms ---

    def _atom(self, atom: Atom) -> tuple[int, int]:
        if atom not in self._atoms:
            if isinstance(atom, Symbol):
                found = (self.builder.name(atom.name), self.builder.constant(1))
            else:
                assert isinstance(atom, AppliedFunction)
                pairs = [self.pair(argument) for argument in atom.arguments]
                found = atom.function.compiled(self.builder, atom, pairs)
            self._atoms[atom] = found
        return self._atoms[atom]

    # --- conditions ---

    def test(self, condition: Condition) -> int:
        """Return the place of 1 where a condition holds, and of 0 where it does not."""
        builder = self.builder
        one = builder.constant(1)
        if condition.op in ("true", "false"):
            return builder.constant(int(condition.op == "true"))
        if condition.op in ("and", "or", "not"):
            parts = [self.test(part) for part in condition.parts]
            if condition.op == "not":
                return builder.do("less", parts[0], one)
            return builder.joined("least" if condition.op == "and" else "most", parts)
        above, below = self.pair(condition.size)
        if condition.op == "integer":
            back = builder.do("multiply", builder.do("floor", above, below), below)
            return builder.do("equal", above, back)
        if _may_divide_by_zero(condition.size):
            return self._signed(condition.op, above, below)
        zero = builder.constant(0)
        if condition.op == "zero":
            return builder.do("equal", above, zero)
        if builder.code[below][0] != "constant":
            above = builder.do("multiply", above, below)
        if condition.op == "positive":
            return builder.do("less", zero, above)
        return builder.do("less", builder.constant(-1), above)

    def _signed(self, op: str, above: int, below: int) -> int:
        """Return the place of a test of a quotient that is an error where it divides by 0.

        A quotient is at least 0 where its floor is.
        """
        do, least = self.builder.do, self.builder.constant(-1)
        if op == "nonnegative":
            return do("less", least, do("floor", above, below))
        below_it = do("less", least, do("floor", do("multiply", above, least), below))
        if op == "positive":
            return do("less", below_it, self.builder.constant(1))
        return do("least", below_it, self._signed("nonnegative", above, below))


def _may_divide_by_zero(size: Size) -> bool:
    """Tell whether something other than a symbol that starts above 0 stands below a fraction
    line.
    """
    return any(
        (exponent < 0 and not _above_zero(atom))
        or (isinstance(atom, AppliedFunction) and any(map(_may_divide_by_zero, atom.arguments)))
        for monomial in terms_of(size)
        for atom, exponent in monomial
    )


def _above_zero(atom: Atom) -> bool:
    return isinstance(atom, Symbol) and (not atom.integer or (atom.low or 0) > 0)
