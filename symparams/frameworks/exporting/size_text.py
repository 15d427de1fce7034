"""Sizes as Python has them: ``2 * h * kv // a``."""

from __future__ import annotations

import keyword
from collections.abc import Callable, Iterable
from fractions import Fraction
from math import lcm

from symparams.algebra import (
    AppliedFunction,
    Atom,
    Exponential,
    Floor,
    Indicator,
    NamedValue,
    Polynomial,
    Size,
    Symbol,
    named,
    ordered,
)
from symparams.frameworks.base import NotBuilt

#: Functions of sizes → how Python calls them.
CALLED = {"min": "min", "max": "max", "gcd": "math.gcd", "lcm": "math.lcm"}

#: Function → its text, where Python has none.
WRITTEN_OUT = {
    "make_divisible": '''\
def make_divisible(size: Fraction, divisor: int) -> int:
    """Return a multiple of ``divisor``, never below 90 % of the size (torchvision)."""
    half = Fraction(divisor, 2)
    rounded = max(divisor, math.floor((size + half) / divisor) * divisor)
    return rounded + divisor if 10 * rounded < 9 * size else rounded
''',
}


class SizeWriter:
    """Writes sizes; ``name`` is what a symbol is called."""

    def __init__(self, name: Callable[[Symbol], str]) -> None:
        self.name = name

    def text(self, size: Size) -> str:
        """Return a size as an integer expression of Python.

        Raises:
            NotBuilt: Python has no such function.
        """
        if isinstance(size, Polynomial) and len(size.terms) == 1:
            ((monomial, coefficient),) = size.terms.items()
            if coefficient == 1 and len(monomial) == 1 and monomial[0][1] == 1:
                text = self._atom(monomial[0][0])
                return text[1:-1] if text.startswith("(") else text
        above, below = self._pair(size)
        if below:
            return self._quotient(size)
        return f"int({above})" if _of_fractions(size) else above

    def factor(self, size: Size) -> str:
        """Return the text of a size, in brackets where it is a sum or a product."""
        text = self.text(size)
        return text if text.replace("_", "").replace(".", "").isalnum() else f"({text})"

    def exact(self, size: Size) -> str:
        """Return a size as a fraction of Python, where it may be none."""
        above, below = self._pair(size)
        return f"Fraction({above}, {below})" if below else above

    def _quotient(self, size: Size) -> str:
        above, below = self._pair(size)
        if not below:
            return f"math.floor({above})"
        if " + " in above or " - " in above:
            above = f"({above})"
        return f"{above} // {below if below.isalnum() else f'({below})'}"

    def _pair(self, size: Size) -> tuple[str, str]:
        """Return a numerator and a denominator, "" for 1."""
        if isinstance(size, int):
            return str(size), ""
        if isinstance(size, Fraction):
            return str(size.numerator), str(size.denominator)
        assert isinstance(size, Polynomial)
        scale = lcm(*(c.denominator for c in size.terms.values()))
        lows: dict[Atom, int] = {}
        for monomial in size.terms:
            for atom, exponent in monomial:
                lows[atom] = min(lows.get(atom, 0), exponent)
        below = [str(scale)] if scale != 1 else []
        below += [self._power(atom, -low) for atom, low in lows.items() if low < 0]
        above = ""
        terms = ordered(size)
        for monomial, coefficient in sorted(terms, key=lambda term: term[1] < 0):
            powers = dict(monomial)
            for atom, low in lows.items():
                powers[atom] = powers.get(atom, 0) - min(low, 0)
            number = int(coefficient * scale)
            body = [str(abs(number))] if abs(number) != 1 else []
            body += [self._power(atom, power) for atom, power in powers.items() if power]
            alone = len(monomial) == 1 and isinstance(monomial[0][0], Floor)
            if alone and len(body) == 1 and body[0].startswith("("):
                body = [body[0][1:-1]]
            term = " * ".join(body) or "1"
            if not above:
                above = f"-{term}" if number < 0 else term
            else:
                above += f" - {term}" if number < 0 else f" + {term}"
        return above, " * ".join(below)

    def _power(self, atom: Atom, exponent: int) -> str:
        text = self._atom(atom)
        if exponent != 1 and not text.isidentifier() and not text.startswith("self."):
            text = f"({text})"
        if exponent == 1:
            return text
        simple = text.replace(".", "").replace("_", "").isalnum()
        return f"{text}**{exponent}" if simple else f"{text} ** {exponent}"

    def _atom(self, atom: Atom) -> str:
        if isinstance(atom, Symbol):
            return self.name(atom)
        if isinstance(atom, Floor):
            text = self._quotient(atom.argument)
            return text if text.startswith("math.floor(") else f"({text})"
        if isinstance(atom, Exponential):
            base, exponent = map(self.factor, atom.arguments)
            simple = base.isalnum() and exponent.isalnum()
            return f"({base}**{exponent})" if simple else f"({base} ** {exponent})"
        if isinstance(atom, Indicator):
            value = atom.value
            shown = word_text(value) if isinstance(value, NamedValue) else self.exact(value)
            return f"({self.exact(atom.subject)} == {shown})"
        if isinstance(atom, AppliedFunction):
            name = atom.function.name
            if name in WRITTEN_OUT:
                return f"{name}({', '.join(map(self.exact, atom.arguments))})"
            if name in CALLED:
                return f"{CALLED[name]}({', '.join(map(self.text, atom.arguments))})"
        raise NotBuilt(f"not exported: Python has no {atom.key}")


def _of_fractions(size: Size) -> bool:
    """Tell whether a size is a product of something that may be a fraction."""
    return isinstance(size, Polynomial) and any(
        isinstance(atom, Symbol) and not atom.integer for m in size.terms for atom, _ in m
    )


def word_text(value: NamedValue) -> str:
    """Return one of several words as Python has it, a string."""
    return f'"{value.word}"'


def identifier(name: str) -> str:
    """Return a name that no word of Python is."""
    return f"{name}_" if keyword.iskeyword(name) else name


def identifiers(names: Iterable[str]) -> dict[str, str]:
    """Return what each name of a text is called in Python, each another."""
    found: dict[str, str] = {}
    for name in names:
        called = "".join(c if c.isalnum() or c == "_" else "_" for c in named(name))
        if keyword.iskeyword(called) or called in ("self", "math", "torch", "nn", "F", "super"):
            called += "_"
        while called in found.values():
            called += "_"
        found[name] = called
    return found
