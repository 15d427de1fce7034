"""Rounding left out: a half for its floor, a size for its multiple of 64."""

from __future__ import annotations

from collections.abc import Iterator

from symparams.algebra import Atom, Floor, Size, add_up, divide, of_atom, product, terms_of
from symparams.analysis.causes.hypotheses import CauseQuestion, Hypothesis
from symparams.elaboration import Network


def left_out(asked: CauseQuestion) -> Iterator[Hypothesis]:
    """Yield counts with what is rounded in place of what it is rounded to."""
    yield Hypothesis("what is rounded as it is, without floor", size=_unrounded)


def _unrounded(count: Size, network: Network) -> Size:
    terms = terms_of(count).items()
    return add_up(
        coefficient * product(_raised(atom, exponent, network) for atom, exponent in monomial)
        for monomial, coefficient in terms
    )


def _raised(atom: Atom, exponent: int, network: Network) -> Size:
    size = _unrounded(atom.argument, network) if isinstance(atom, Floor) else of_atom(atom)
    several = product([size] * abs(exponent))
    return several if exponent > 0 else divide(1, several)
