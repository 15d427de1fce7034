"""The size functions by name."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

import symparams.algebra.size_functions as folder
from symparams.algebra.size_functions.base import DECLARED, SizeFunction

for _module in iter_modules(folder.__path__):
    import_module(f"{folder.__name__}.{_module.name}")

#: The functions on sizes that the language knows, by name; every file of this folder is asked.
FUNCTIONS: dict[str, SizeFunction] = {
    name: function for name, function in sorted(DECLARED.items()) if name.isidentifier()
}
