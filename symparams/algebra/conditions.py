"""Statements about sizes as data: judged when concrete, kept while symbolic.

``where h % 32 == 0`` and "groups divides the channels" are both conditions;
they are rechecked by substitution, and facts are read off them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import product as every
from math import gcd, lcm, prod

from symparams.algebra.atoms import Atom, Number, Symbol, by_key, exact
from symparams.algebra.divisors import joined_classes
from symparams.algebra.facts import PLAIN, Domain, Facts
from symparams.algebra.polynomial import (
    Polynomial,
    Size,
    add_up,
    collect,
    of_atom,
    substitute,
    symbols_of,
    terms_of,
)
from symparams.algebra.size_functions.base import is_integral
from symparams.algebra.size_functions.rounding import Floor, ceil
from symparams.algebra.size_text import text
from symparams.errors import SymparamsError


@dataclass(frozen=True, slots=True)
class Condition:
    """A tree of tests on sizes.

    Attributes:
        op: ``zero``, ``positive``, ``nonnegative`` or ``integer`` of ``size``;
            ``not``, ``and``, ``or`` of ``parts``; ``true``, ``false``.
        says: the condition in words, where it has better ones than its formula.
    """

    op: str
    size: Size = 0
    parts: tuple[Condition, ...] = ()
    says: str = field(default="", compare=False)

    def judge(self, facts: Facts = PLAIN) -> bool | None:
        """Return True or False when that is sure, None when it is undecided.

        A few symbols with finite domains are tried through.
        """
        answer = self._judge(facts)
        return self._at_all_values(facts) if answer is None else answer

    def cases(self, facts: Facts) -> list[dict[str, Number]] | None:
        """Return every combination of values of its symbols; None where they are not few."""
        names = sorted(s.name for s in self.symbols())
        domains = [facts.domain(n) for n in names]
        if not names or not all(d.finite for d in domains):
            return None
        values = [d.values(facts.multiples.get(n, 1)) for n, d in zip(names, domains, strict=True)]
        # A slice, as len() of a range that is longer than 2^63 is an OverflowError.
        if prod(len(v[: MOST_CASES + 1]) for v in values) > MOST_CASES:
            return None
        return [dict(zip(names, point, strict=True)) for point in every(*values)]

    def _at_all_values(self, facts: Facts) -> bool | None:
        cases = self.cases(facts)
        if cases is None:
            return None
        answers = {self.at(case)._judge(PLAIN) for case in cases if facts.admits(case)}
        return answers.pop() if len(answers) == 1 else None

    def _judge(self, facts: Facts) -> bool | None:
        if facts.held:
            if self.bare() in facts.held:
                return True
            if negated(self).bare() in facts.held:
                return False
        if self.op in ("and", "or"):
            answers = [p._judge(facts) for p in self.parts]
            answer = _joined(self.op, answers)
            undecided = [p for p, a in zip(self.parts, answers, strict=True) if a is None]
            return _jointly(self.op, undecided, facts) if answer is None else answer
        if self.op == "not":
            inner = self.parts[0]._judge(facts)
            return None if inner is None else not inner
        if self.op in ("true", "false"):
            return self.op == "true"
        test = {
            "zero": facts.zero,
            "positive": facts.positive,
            "nonnegative": facts.nonnegative,
            "integer": facts.integral,
        }[self.op]
        return test(self.size)

    def bare(self) -> Condition:
        """Return the condition without its words: two that test the same are equal."""
        return replace(self, parts=tuple(p.bare() for p in self.parts), says="")

    def at(self, values: Mapping[str, Size]) -> Condition:
        """Return the condition with symbols replaced."""
        return replace(
            self,
            size=substitute(self.size, values),
            parts=tuple(p.at(values) for p in self.parts),
        )

    def may_hold(self, point: Mapping[str, Number], domains: Facts = PLAIN) -> bool:
        """Tell whether it is not broken at a point, whatever other sizes are in their ``domains``;
        what has no value there is broken.
        """
        try:
            return self.at(point).judge(domains) is not False
        except SymparamsError:
            return False

    def symbols(self) -> frozenset[Symbol]:
        """Return all symbols it speaks of."""
        own = symbols_of(self.size)
        return own.union(*(p.symbols() for p in self.parts))

    def __str__(self) -> str:
        if self.says:
            return self.says
        if self.op in ("and", "or"):
            inner = (f"({p})" if (self.op, p.op) == ("and", "or") else str(p) for p in self.parts)
            return f" {self.op} ".join(inner)
        if self.op == "not":
            return self.parts[0].denied()
        if self.op in ("true", "false"):
            return self.op
        return self.formula()

    def denied(self) -> str:
        """Return what it says that it does not hold: ``c != 64`` of ``c == 64``."""
        signs = {"zero": "!=", "positive": "<=", "nonnegative": "<"}
        if self.says or self.op not in {"not", *signs}:
            return f"not ({self})"
        return str(self.parts[0]) if self.op == "not" else self._related(signs[self.op])

    def formula(self) -> str:
        """Return a test of one size as a formula: ``H >= 3``, ``d % a == 0``."""
        if self.op == "integer":
            return _whole_text(self.size)
        return self._related({"zero": "==", "positive": ">", "nonnegative": ">="}[self.op])

    def _related(self, sign: str) -> str:
        terms = self.size.terms if isinstance(self.size, Polynomial) else {(): self.size}
        left = collect({m: c for m, c in terms.items() if c > 0})
        right = collect({m: -c for m, c in terms.items() if c < 0})
        return f"{text(left)} {sign} {text(right)}"


def fraction_of(size: Size) -> tuple[Size, Size] | None:
    """Return (n, d) where ``n % d == 0`` says that a size is an integer; None where it is no
    fraction of integers. Terms that are integers say nothing: of n/2 - 1 it is n over 2.
    """
    size = add_up(
        t for t in (collect({m: c}) for m, c in terms_of(size).items()) if not is_integral(t)
    )
    if not isinstance(size, Polynomial) or not all(atom.integer for atom in size.atoms()):
        return None
    line: dict[Atom, int] = {}
    for monomial in size.terms:
        for atom, exponent in monomial:
            line[atom] = min(line.get(atom, 0), exponent)
    number = lcm(*(c.denominator for c in size.terms.values()))
    powers = tuple(sorted(((a, -e) for a, e in line.items() if e), key=by_key))
    below = collect({powers: number})
    return None if below == 1 else (size * below, below)


def _whole_text(size: Size) -> str:
    """Return ``d % a == 0`` of d/a; anything else is said to be an integer."""
    fraction = fraction_of(size)
    if fraction is None:
        return f"{text(size)} is an integer"
    return divides_text(*map(text, fraction))


def divisibility(condition: Condition) -> Condition:
    """Return ``d % a == 0``, which is an equation with a floor, as the test that d/a is an integer;
    any other condition as it is.
    """
    if condition.op == "zero" and isinstance(condition.size, Polynomial):
        for size in (condition.size, -condition.size):
            for whole, left in _divided(size):
                if left == 0:
                    return replace(condition, op="integer", size=whole)
    return condition


def divides_text(above: str, below: str) -> str:
    """Return ``(h + 1) % (2*a) == 0``: brackets where the language needs them."""
    above = f"({above})" if " " in above or "%" in above else above
    below = f"({below})" if set(below) & set(" */^%") else below
    return f"{above} % {below} == 0"


def _joined(op: str, answers: list[bool | None]) -> bool | None:
    """Return Kleene's three-valued ``and`` or ``or`` of answers."""
    decisive = op == "or"
    if decisive in answers:
        return decisive
    return None if None in answers else not decisive


def _jointly(op: str, parts: list[Condition], facts: Facts) -> bool | None:
    """Return an ``or`` that holds, or an ``and`` that fails, whatever its parts do one by one.

    Where ``x < y`` fails, ``x <= y`` makes them equal.
    """
    decisive = op == "or"
    if not 2 <= len(parts) <= MOST_PARTS:
        return None
    for part in parts:
        others = (negated(p) if decisive else p for p in parts if p is not part)
        if part._judge(assuming(facts, others)) is decisive:
            return decisive
    return None


#: The most undecided parts of an ``and`` or ``or`` that are judged under one another.
MOST_PARTS = 6

#: The most combinations of values that a condition is tried at.
MOST_CASES = 256

TRUE = Condition("true")
FALSE = Condition("false")


def compared(left: Size, op: str, right: Size) -> Condition:
    """Return ``left op right`` as a condition; ``op`` is one of ``== != < <= > >=``."""
    if op in ("==", "!="):
        same = Condition("zero", left - right)
        return same if op == "==" else Condition("not", parts=(same,))
    low, high = (left, right) if op[0] == "<" else (right, left)
    return Condition("positive" if len(op) == 1 else "nonnegative", high - low)


def negated(condition: Condition) -> Condition:
    """Return what holds exactly where a condition does not; ``not`` of what has no better name."""
    if condition.op == "not":
        return condition.parts[0]
    if condition.op in ("and", "or"):
        other = "or" if condition.op == "and" else "and"
        return Condition(other, parts=tuple(map(negated, condition.parts)))
    if condition.op in ("positive", "nonnegative"):
        other = "nonnegative" if condition.op == "positive" else "positive"
        return Condition(other, -condition.size)
    if condition.op in ("true", "false"):
        return FALSE if condition.op == "true" else TRUE
    return Condition("not", parts=(condition,))


def either(one: Condition, other: Condition) -> Condition:
    """Return ``one or other``; ``N == s or N > s`` as ``N >= s``."""
    if one.op == "zero" and other.op == "positive" and other.size in (one.size, -one.size):
        return Condition("nonnegative", other.size)
    return Condition("or", parts=(one, other))


def plainer(condition: Condition) -> Condition:
    """Return ``floor(H/16) >= 2`` as ``H >= 32``: the same condition, easier to read and to use."""
    size = condition.size
    if condition.op != "nonnegative" or not isinstance(size, Polynomial):
        return condition
    lone = [(m, c) for m, c in size.terms.items() if m]
    while len(lone) == 1 and lone[0][1] == 1 and len(lone[0][0]) == 1:
        ((atom, exponent),) = lone[0][0]
        if not isinstance(atom, Floor) or exponent != 1:
            break
        # For an integer k, floor(x) >= k exactly when x >= k.
        limit = -size.terms.get((), 0)
        size = atom.argument - ceil(limit)
        if not isinstance(size, Polynomial):
            break
        lone = [(m, c) for m, c in size.terms.items() if m]
    if isinstance(size, Polynomial):
        size = size * lcm(*(c.denominator for c in size.terms.values()))
    return replace(condition, size=size)


def never_met(
    conditions: Sequence[Condition], domains: Mapping[str, Domain]
) -> tuple[Condition, list[Condition]] | None:
    """Return (condition, others) that no sizes in their domains meet together; None: not shown."""
    for condition in conditions:
        if condition.judge(facts_from((), domains)) is False:
            return condition, []
    before = [(c, conditions[:place]) for place, c in enumerate(conditions)]
    both = [(c, [other for other in conditions if other is not c]) for c in conditions]
    for condition, others in (*before, *both):
        if others and condition.judge(facts_from(others, domains)) is False:
            return condition, _needed(condition, list(others), domains)
    return None


def _needed(
    condition: Condition, others: list[Condition], domains: Mapping[str, Domain]
) -> list[Condition]:
    """Return those of the others without which it is not shown that the condition fails."""
    for other in list(others):
        fewer = [c for c in others if c is not other]
        if condition.judge(facts_from(fewer, domains)) is False:
            others = fewer
    return others


def facts_from(conditions: Iterable[Condition], domains: Mapping[str, Domain]) -> Facts:
    """Return what the algebra can use of conditions and domains; the rest is only rechecked."""
    facts = Facts(dict(domains))
    multiples: dict[str, int] = {}
    residues: dict[str, tuple[int, int]] = {}
    for name, domain in domains.items():
        if not domain.choices and isinstance(domain.low, int) and domain.step > 1:
            left = domain.low % domain.step
            if left:
                residues[name] = (domain.step, left)
            else:
                multiples[name] = domain.step
    return assuming(replace(facts, multiples=multiples, residues=residues), conditions)


def assuming(facts: Facts, conditions: Iterable[Condition]) -> Facts:
    """Return the facts with what can be used of more conditions."""
    found = _Assumed(facts)
    for condition in conditions:
        found.read(condition)
    return found.facts()


class _Assumed:
    """Facts that grow by conditions."""

    def __init__(self, facts: Facts) -> None:
        self.before = facts
        self.multiples = dict(facts.multiples)
        self.residues = dict(facts.residues)
        self.divides = set(facts.divides)
        self.least = dict.fromkeys(facts.least)
        self.equals = dict(facts.equals)
        self.nonzero = dict.fromkeys(facts.nonzero)
        self.whole_terms = set(facts.whole_terms)
        self.held = set(facts.held)

    def facts(self) -> Facts:
        return Facts(
            self.before.domains,
            self.multiples,
            frozenset(self.divides),
            tuple(self.least),
            self.equals,
            tuple(self.nonzero),
            frozenset(self.whole_terms),
            self.residues,
            frozenset(self.held),
        )

    def read(self, condition: Condition) -> None:
        """Take in what a condition says, and itself."""
        self.held.add(condition.bare())
        size = condition.size
        if condition.op == "and":
            for part in condition.parts:
                self.read(part)
        elif condition.op == "not":
            opposite = negated(condition.parts[0])
            if opposite.op != "not":
                self.read(opposite)
            elif isinstance(opposite.parts[0].size, Polynomial) and opposite.parts[0].op == "zero":
                self.nonzero[opposite.parts[0].size] = None
        elif not isinstance(size, Polynomial):
            return
        elif condition.op == "positive":
            if is_integral(size):
                smaller = size - 1
                if isinstance(smaller, Polynomial):
                    self.least[smaller] = None
            else:
                self.least[size] = self.nonzero[size] = None
        elif condition.op == "nonnegative":
            self.least[size] = None
        elif condition.op == "integer":
            self._whole(size)
        elif condition.op == "zero":
            self._zero(size)

    def _zero(self, size: Polynomial) -> None:
        for one in (size, -size):
            for whole, _ in _divided(one):
                self._whole(whole)
        with suppress(SymparamsError):  # a sum below a fraction line
            settled = substitute(size, self.equals)
            found = solved(settled)
            if found is not None and found[0] not in self.equals:
                name, same = found
                self.equals = {n: substitute(z, {name: same}) for n, z in self.equals.items()}
                self.equals[name] = same

    def _whole(self, size: Size) -> None:
        """Take in that a size is an integer."""
        terms = {
            m: c for m, c in terms_of(size).items() if not m or not is_integral(collect({m: c}))
        }
        constant = Fraction(terms.pop((), 0))
        if len(terms) != 1:
            return
        ((monomial, coefficient),) = terms.items()
        atom, exponent = monomial[0]
        if len(monomial) == 1 and exponent == 1 and isinstance(atom, Symbol) and atom.integer:
            # u*s/v + constant is whole: s leaves -constant*v/u when divided by v.
            modulus = coefficient.denominator
            left = -constant * modulus
            if left.denominator != 1:
                return
            residue = left.numerator * pow(coefficient.numerator, -1, modulus) % modulus
            self._class(atom.name, modulus, residue)
        elif not constant:
            self.whole_terms.add((monomial, coefficient))
            above = [a for a, e in monomial if e == 1 and isinstance(a, Symbol)]
            below = [a for a, e in monomial if e == -1 and isinstance(a, Symbol)]
            if len(monomial) == 2 and len(above) == len(below) == 1 and coefficient == 1:
                self.divides.add((below[0].name, above[0].name))

    def _class(self, name: str, modulus: int, residue: int) -> None:
        before = joined_classes((self.multiples.get(name, 1), 0), self.residues.get(name, (1, 0)))
        joined = None if before is None else joined_classes(before, (modulus, residue))
        if joined is None or joined[0] == 1:
            return  # no integer is in both: whoever judges one by the other finds that
        divisor = gcd(*joined)
        if divisor > 1:
            self.multiples[name] = divisor
        if joined[1]:
            self.residues[name] = joined


def solved(size: Size) -> tuple[str, Size] | None:
    """Return (name, size) where ``size == 0`` says that the symbol equals the other."""
    if not isinstance(size, Polynomial):
        return None
    for symbol in sorted(size.symbols(), key=lambda s: s.key, reverse=True):
        coefficient = size.terms.get(((symbol, 1),), 0)
        if coefficient in (1, -1):
            other = of_atom(symbol) - size * coefficient
            if symbol not in symbols_of(other):
                return symbol.name, other
    return None


def _divided(size: Polynomial) -> Iterator[tuple[Size, Size]]:
    """Yield (x, 0) of the x that are integers where ``m*(x - floor(x))`` comes to 0, as
    ``n % m == 0`` says, and (x - r/m, r) where ``n % m == r`` does.
    """
    for atom in size.atoms():
        if not isinstance(atom, Floor):
            continue
        with_it = {m: c for m, c in size.terms.items() if atom in dict(m)}
        ((monomial, coefficient),) = list(with_it.items())[:1]
        modulus = collect({tuple(p for p in monomial if p[0] is not atom): -coefficient})
        left = size - (atom.argument * modulus - of_atom(atom) * modulus)
        if left == 0:
            yield atom.argument, 0
        elif not isinstance(left, Polynomial) and not isinstance(modulus, Polynomial):
            # n % m == r: x less its floor is r/m.
            yield atom.argument + exact(Fraction(left) / modulus), -left
