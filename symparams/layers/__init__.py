"""The layer kinds, one file a family; a class with a kind is all a new one needs."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from symparams.layers.base import KINDS, Layer


@cache
def kinds() -> dict[str, type[Layer]]:
    """All kinds by name; every file of this folder is asked."""
    for module in iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")
    return dict(sorted(KINDS.items()))
