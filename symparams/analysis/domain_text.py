"""Domains, formulas and values as Python gives them, in the words of the language."""

from __future__ import annotations

from itertools import islice

from symparams.algebra import Number, bounded
from symparams.algebra.kernels import number_of
from symparams.elaboration import MOST_LISTED, elements_of, exactly, kind_of, text_given
from symparams.errors import Source, SymparamsError
from symparams.language import between_commas


def formula_given(name: str, written: object) -> Source:
    """Return a formula as a source of this name.

    Raises:
        SymparamsError: it is no text.
    """
    return Source(name, text_given(written, "a formula"))


def number_given(name: str, value: object) -> Number:
    """Return a value of a size as an exact number.

    Raises:
        SymparamsError: it is none.
    """
    found = number_of(value)
    if found is None:
        if isinstance(value, float):
            told = f"'{name}' cannot be {value}, which is a float; sizes are exact"
            raise SymparamsError(told, None, exactly(value))
        raise SymparamsError(f"a value of '{name}' must be a number, not {kind_of(value)}")
    return bounded(found)


def written_domain(name: str, values: object) -> str:
    """Return a domain as ``--over`` takes it, from that text, a range, a list or a set.

    Raises:
        SymparamsError: it is no domain.
    """
    if isinstance(values, str):
        if len(between_commas(values)) > 1:
            raise SymparamsError(
                f"the domain of '{name}' is one range or one set, not '{values}'",
                None,
                "as in 64..1024:64 or {1, 2, 4}",
            )
        return values
    if isinstance(values, range) and len(values) > 1 and values.step > 0:
        return f"{values.start}..{values[-1]}:{values.step}"
    several = elements_of(values)
    if several is None:
        raise SymparamsError(
            f"the domain of '{name}' must be a text or a list of numbers, not {kind_of(values)}",
            None,
            f"as in {name}='64..1024:64' or {name}=[1, 2, 4]",
        )
    listed = list(islice(several, MOST_LISTED + 1))
    if listed and all(isinstance(value, str) and value.isidentifier() for value in listed):
        return f"{{{', '.join(listed)}}}"
    if len(listed) > MOST_LISTED:
        raise SymparamsError(f"the domain of '{name}' has more than {MOST_LISTED:,} values")
    return f"{{{', '.join(str(number_given(name, v)) for v in listed)}}}"


__all__ = ["formula_given", "number_given", "written_domain"]
