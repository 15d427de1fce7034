"""Statements about sizes as data: judged when concrete, kept while symbolic.

``where h % 32 == 0`` and "groups divides the channels" are both conditions;
they are rechecked by substitution, and facts are read off them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import product as every
from math import lcm, prod

from symparams.algebra.atoms import Number, Symbol
from symparams.algebra.facts import PLAIN, POSITIVE, Domain, Facts
from symparams.algebra.interpolation import interpolated
from symparams.algebra.opaque import Floor, ceil, is_integral
from symparams.algebra.polynomial import Polynomial, Size, collect, of_atom, substitute, symbols_of
from symparams.algebra.text import text
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
        """True or False when that is sure, None when it is undecided.

        A few symbols with finite domains are tried through.
        """
        answer = self._judge(facts)
        return self._at_all_values(facts) if answer is None else answer

    def cases(self, facts: Facts) -> list[dict[str, Number]] | None:
        """Every combination of values of its symbols; None where they are not few."""
        names = sorted(s.name for s in self.symbols())
        domains = [facts.domains.get(n, POSITIVE) for n in names]
        if not names or not all(d.finite for d in domains):
            return None
        values = [d.values(facts.multiples.get(n, 1)) for n, d in zip(names, domains, strict=True)]
        if prod(len(v) for v in values) > MOST_CASES:
            return None
        return [dict(zip(names, point, strict=True)) for point in every(*values)]

    def _at_all_values(self, facts: Facts) -> bool | None:
        cases = self.cases(facts)
        if cases is None:
            return None
        answers = {self.at(case)._judge(PLAIN) for case in cases}
        return answers.pop() if len(answers) == 1 else None

    def _judge(self, facts: Facts) -> bool | None:
        if self.op in ("and", "or"):
            return _joined(self.op, [p._judge(facts) for p in self.parts])
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

    def at(self, values: Mapping[str, Size]) -> Condition:
        """The condition with symbols replaced."""
        return replace(
            self,
            size=substitute(self.size, values),
            parts=tuple(p.at(values) for p in self.parts),
        )

    def symbols(self) -> frozenset[Symbol]:
        """All symbols it speaks of."""
        own = symbols_of(self.size)
        return own.union(*(p.symbols() for p in self.parts))

    def __str__(self) -> str:
        if self.says:
            return self.says
        if self.op in ("and", "or"):
            return f" {self.op} ".join(map(str, self.parts))
        if self.op == "not":
            return self.parts[0].denied()
        if self.op in ("true", "false"):
            return self.op
        return self.formula()

    def denied(self) -> str:
        """What it says that it does not hold: ``c != 64`` of ``c == 64``."""
        signs = {"zero": "!=", "positive": "<=", "nonnegative": "<"}
        if self.says or self.op not in {"not", *signs}:
            return f"not ({self})"
        return str(self.parts[0]) if self.op == "not" else self._related(signs[self.op])

    def formula(self) -> str:
        """A test of one size as a formula: ``H >= 3``, ``a divides d``."""
        if self.op == "integer":
            return _divides_text(self.size)
        return self._related({"zero": "==", "positive": ">", "nonnegative": ">="}[self.op])

    def _related(self, sign: str) -> str:
        terms = self.size.terms if isinstance(self.size, Polynomial) else {(): self.size}
        left = collect({m: c for m, c in terms.items() if c > 0})
        right = collect({m: -c for m, c in terms.items() if c < 0})
        return f"{text(left)} {sign} {text(right)}"


def _divides_text(size: Size) -> str:
    """``a divides d`` for d/a; anything else is said to be an integer."""
    if (
        isinstance(size, Polynomial)
        and len(size.terms) == 1
        and all(atom.integer for atom in size.atoms())
    ):
        ((monomial, coefficient),) = size.terms.items()
        above = collect({tuple(p for p in monomial if p[1] > 0): coefficient.numerator})
        below = collect({tuple((a, -e) for a, e in monomial if e < 0): coefficient.denominator})
        if below != 1:
            return f"{text(below)} divides {text(above)}"
    return f"{text(size)} is an integer"


def _joined(op: str, answers: list[bool | None]) -> bool | None:
    """Kleene's three-valued and / or."""
    decisive = op == "or"
    if decisive in answers:
        return decisive
    return None if None in answers else not decisive


#: The most combinations of values that a condition is tried at.
MOST_CASES = 256

#: Above this, conditions are not compared with each other: it is quadratic.
MOST_COMPARED = 60

TRUE = Condition("true")
FALSE = Condition("false")


def compared(left: Size, op: str, right: Size) -> Condition:
    """``left op right`` as a condition; ``op`` is one of ``== != < <= > >=``."""
    if op in ("==", "!="):
        same = Condition("zero", left - right)
        return same if op == "==" else Condition("not", parts=(same,))
    low, high = (left, right) if op[0] == "<" else (right, left)
    return Condition("positive" if len(op) == 1 else "nonnegative", high - low)


def plainer(condition: Condition) -> Condition:
    """``floor(H/16) >= 2`` as ``H >= 32``: the same condition, easier to read and to use."""
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


def without_implied(conditions: Iterable[Condition], facts: Facts) -> list[Condition]:
    """The conditions that the others, and what is known, do not imply."""
    kept = list(conditions)
    if len(kept) > MOST_COMPARED:
        return kept
    for condition in list(kept):
        others = [c for c in kept if c is not condition]
        read = facts_from(others, facts.domains)
        known = replace(facts, least=(*facts.least, *read.least))
        if condition.op == "nonnegative" and condition.judge(known) is True:
            kept = others
    return kept


def indicator(condition: Condition, facts: Facts) -> Size | None:
    """1 where a condition holds and 0 where it does not, as a polynomial in its symbols.

    Exact on finite domains, by Lagrange's interpolation; None where the
    domains are not finite or not small.
    """
    cases = condition.cases(facts)
    if cases is None:
        return None
    answers = [condition.at(case)._judge(PLAIN) for case in cases]
    if None in answers:
        return None
    symbols = sorted(condition.symbols(), key=lambda s: s.name)
    values = [sorted({case[s.name] for case in cases}) for s in symbols]
    # Where most cases hold, the others are counted: half the work.
    turned = 2 * answers.count(True) > len(answers)
    chosen = [case for case, answer in zip(cases, answers, strict=True) if answer is not turned]
    found = interpolated(
        symbols, values, {tuple(case[s.name] for s in symbols): 1 for case in chosen}
    )
    return 1 - found if turned else found


def facts_from(conditions: Iterable[Condition], domains: Mapping[str, Domain]) -> Facts:
    """What the algebra can use of conditions and domains; the rest is only rechecked."""
    multiples: dict[str, int] = {}
    divides: set[tuple[str, str]] = set()
    least: list[Polynomial] = []
    equals: dict[str, Size] = {}
    todo = list(conditions)
    while todo:
        condition = todo.pop(0)
        if condition.op == "and":
            todo[:0] = condition.parts
        elif condition.op == "positive" and isinstance(condition.size, Polynomial):
            if is_integral(condition.size):
                smaller = condition.size - 1
                least += [smaller] if isinstance(smaller, Polynomial) else []
        elif condition.op == "nonnegative" and isinstance(condition.size, Polynomial):
            least.append(condition.size)
        elif condition.op == "zero":
            _divisibility(condition.size, multiples, divides)
            _divisibility(-condition.size, multiples, divides)
            solved = _solved(condition.size)
            if solved is not None and solved[0] not in equals:
                with suppress(SymparamsError):  # a sum below a fraction line
                    equals[solved[0]] = substitute(solved[1], equals)
    for name, domain in domains.items():
        if not domain.choices and isinstance(domain.low, int) and domain.low % domain.step == 0:
            multiples[name] = lcm(multiples.get(name, 1), domain.step)
    return Facts(
        dict(domains),
        {n: m for n, m in multiples.items() if m > 1},
        frozenset(divides),
        tuple(least),
        equals,
    )


def _solved(size: Size) -> tuple[str, Size] | None:
    """(name, size) where ``size == 0`` says that the symbol equals the other."""
    if not isinstance(size, Polynomial):
        return None
    for symbol in sorted(size.symbols(), key=lambda s: s.key, reverse=True):
        coefficient = size.terms.get(((symbol, 1),), 0)
        if coefficient in (1, -1):
            other = of_atom(symbol) - size * coefficient
            if symbol not in symbols_of(other):
                return symbol.name, other
    return None


def _divisibility(size: Size, multiples: dict[str, int], divides: set[tuple[str, str]]) -> None:
    """Read ``x - m*floor(x/m) == 0``, which is what ``x % m == 0`` becomes."""
    if not isinstance(size, Polynomial):
        return
    for atom in size.atoms():
        if not isinstance(atom, Floor):
            continue
        with_it = {m: c for m, c in size.terms.items() if atom in dict(m)}
        ((monomial, coefficient),) = list(with_it.items())[:1]
        modulus = collect({tuple(p for p in monomial if p[0] is not atom): -coefficient})
        dividend = atom.argument * modulus
        if size != dividend - of_atom(atom) * modulus or not isinstance(dividend, Polynomial):
            continue
        name = _lone_symbol(dividend)
        if name is None:
            continue
        if isinstance(modulus, int):
            multiples[name] = lcm(multiples.get(name, 1), modulus)
        elif isinstance(modulus, Polynomial):
            divisor = _lone_symbol(modulus)
            if divisor is not None:
                divides.add((divisor, name))


def _lone_symbol(size: Polynomial) -> str | None:
    """The name of a size that is a symbol and nothing else."""
    found = list(size.symbols())
    return found[0].name if len(found) == 1 and size == of_atom(found[0]) else None
