"""Exact symbolic algebra of neural-network sizes.

>>> import symparams
>>> model = symparams.parse("input(i) -> dense(h) -> dense(o)")
>>> model.params
h*i + h*o + h + o
>>> model.at(i=784, h=128, o=10).params
101770

Importing this loads neither SymPy nor NumPy; the first formula does.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from symparams.answers import shown_by
from symparams.errors import SymparamsError

if TYPE_CHECKING:
    from symparams.api import Model, check, infer, parse, sizes
    from symparams.loading import Library, load

__version__ = "0.1.0"

__all__ = [
    "Library",
    "Model",
    "SymparamsError",
    "__version__",
    "check",
    "infer",
    "load",
    "parse",
    "sizes",
]


shown_by(lambda: import_module("symparams.views.answers"))


def load_ipython_extension(shell: Any) -> None:
    """Register ``%symparams`` and ``%%symparams``, as ``%load_ext symparams`` asks for."""
    import_module("symparams.notebooks").load(shell)


def __getattr__(name: str) -> Any:
    """Return the public names, loaded at the first use."""
    if name in ("Model", "check", "infer", "parse", "sizes"):
        return getattr(import_module("symparams.api"), name)
    if name in ("Library", "load"):
        return getattr(import_module("symparams.loading"), name)
    raise AttributeError(f"module 'symparams' has no attribute '{name}'")


def __dir__() -> list[str]:
    return __all__
