"""The symbols of a model by attribute."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from symparams.errors import UnknownName, did_you_mean
from symparams.records import shortened

if TYPE_CHECKING:
    import sympy


class NoSymbol(UnknownName, AttributeError):
    """A model has no open size of a name."""


class Symbols:
    """The symbols of a model as attributes: ``model.s.h``."""

    def __init__(self, symbols: Mapping[str, sympy.Symbol]) -> None:
        self.__dict__.update(symbols)

    def __getattr__(self, name: str) -> sympy.Symbol:
        known = self.__dict__
        listed = f"there are {', '.join(known)}" if known else "there is none"
        raise NoSymbol(f"there is no open size '{name}'", None, did_you_mean(name, known, listed))

    def __repr__(self) -> str:
        return shortened(f"<symbols {', '.join(self.__dict__)}>")
