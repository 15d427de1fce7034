"""What must hold in every pass of a repeat: ``for all k in 0..n - 1: …``.

A condition that is monotone in the index is a condition at one end; one over
a few passes is a condition for each. What is left is an :class:`Every`: it is
carried with the formula and judged pass by pass once its ends are numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import floor

from symparams.algebra.atoms import Symbol
from symparams.algebra.conditions import Condition
from symparams.algebra.facts import Domain, Facts
from symparams.algebra.polynomial import Polynomial, Size, of_atom, substitute, symbols_of
from symparams.algebra.size_text import text

#: The most passes that are judged one by one.
MOST_JUDGED = 10_000
#: Up to so many passes, a condition is written out for each of them.
MOST_WRITTEN = 8

_NO_INDEX = Symbol("#")


@dataclass(frozen=True, slots=True)
class Every(Condition):
    """``parts[0]`` for every integer ``index`` from ``first`` to ``last``.

    Where there is no such integer it holds.
    """

    index: Symbol = _NO_INDEX
    first: Size = 0
    last: Size = 0

    def _judge(self, facts: Facts) -> bool | None:
        inner = self.parts[0]
        some = facts.positive(self.last - self.first + 1)
        if some is False:
            return True
        if isinstance(self.first, int) and not isinstance(self.last, Polynomial):
            return self._pass_by_pass(range(self.first, floor(self.last) + 1), facts)
        answer = inner._judge(between(facts, self.index, self.first, self.last))
        if answer is True or (answer is False and some is True):
            return answer
        ends = (inner.at({self.index.name: end})._judge(facts) for end in (self.first, self.last))
        return False if some is True and False in ends else None

    def _pass_by_pass(self, passes: range, facts: Facts) -> bool | None:
        if passes[MOST_JUDGED:]:  # len() of a longer range than 2^63 is an OverflowError
            within = between(facts, self.index, passes[0], passes[-1])
            return self.parts[0]._judge(within)
        undecided = False
        for k in passes:
            answer = self.parts[0].at({self.index.name: k})._judge(facts)
            if answer is False:
                return False
            undecided = undecided or answer is None
        return None if undecided else True

    def at(self, values: dict[str, Size]) -> Every:  # type: ignore[override]  # it is one again
        """Return the condition with symbols replaced."""
        return replace(
            self,
            parts=(self.parts[0].at(values),),
            first=substitute(self.first, values),
            last=substitute(self.last, values),
        )

    def symbols(self) -> frozenset[Symbol]:
        """Return all symbols it speaks of; the index is none of them."""
        inner = self.parts[0].symbols() - {self.index}
        return inner | symbols_of(self.first) | symbols_of(self.last)

    def __str__(self) -> str:
        name = self.index.name.partition("#")[0]
        while any(s.name == name for s in self.symbols()):
            name += "'"
        inner = self.parts[0].at({self.index.name: of_atom(Symbol(name))})
        told = str(inner) if inner.parts else inner.formula()
        return f"for all {name} in {text(self.first)}..{text(self.last)}: {told}"


def between(facts: Facts, index: Symbol, first: Size, last: Size) -> Facts:
    """Return the facts with an index that runs from ``first`` to ``last``."""
    own = of_atom(index)
    low, most = facts.at_least(first), facts.at_least(-last)
    least = [size for size in (own - first, last - own) if isinstance(size, Polynomial)]
    if low is None:
        return replace(facts, least=(*facts.least, *least))
    high = None if most is None else max(floor(-most), floor(low))
    domain = Domain(low=floor(low), high=high)
    return replace(
        facts,
        domains={**facts.domains, index.name: domain},
        least=(*facts.least, *least),
    )


def for_all(
    condition: Condition, index: Symbol, first: Size, last: Size, facts: Facts
) -> Iterator[Condition]:
    """Yield what a condition comes to that must hold for an index from ``first`` to ``last``.

    The conditions together imply it, and are implied by it where there is a pass.
    """
    if index not in condition.symbols():
        yield condition
        return
    if condition.op == "and":
        for part in condition.parts:
            yield from for_all(part, index, first, last, facts)
        return
    end = _decisive(condition, index, first, last, facts)
    if end is not None:
        yield replace(condition.at({index.name: end}), says="")
        return
    if isinstance(first, int) and isinstance(last, int) and last - first < MOST_WRITTEN:
        for k in range(first, last + 1):
            yield replace(condition.at({index.name: k}), says="")
        return
    yield Every("every", parts=(replace(condition, says=""),), index=index, first=first, last=last)


def _decisive(
    condition: Condition, index: Symbol, first: Size, last: Size, facts: Facts
) -> Size | None:
    """Return the pass that is hardest on a condition which is monotone in the index, if it is
    one.
    """
    if condition.op not in ("nonnegative", "positive"):
        return None
    size, own = condition.size, of_atom(index)
    rise = substitute(size, {index.name: own + 1}) - size
    # Of neighbours k and k + 1 both are passes, so k ends one before the last.
    within = between(facts, index, first, last)
    if within.nonnegative(rise) is True:
        return first
    return last if within.nonnegative(-rise) is True else None


__all__ = ["Every", "between", "for_all"]
