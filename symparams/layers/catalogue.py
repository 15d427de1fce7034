"""The layer kinds by name."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

import symparams.layers
from symparams.layers.base import KINDS, Layer


@cache
def kinds() -> dict[str, type[Layer]]:
    """Return all kinds by name; every file of this folder is asked."""
    for module in iter_modules(symparams.layers.__path__):
        import_module(f"symparams.layers.{module.name}")
    return dict(sorted(KINDS.items()))
