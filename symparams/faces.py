"""The face of a room: the names that others may take from it, each loaded at its first use.

Floor 0 of the house: every other room may import this one, it imports none.
A room lists its names once, in the stub beside its ``__init__.py``, as type
checkers read it; ``__init__.py`` says ``__getattr__, __dir__ = face(__name__, __file__)``.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

_IMPORT = re.compile(r"^from (\S+) import (?:\(([^)]*)\)|(.*))$", re.MULTILINE)


def places(stub: str) -> dict[str, tuple[str, str]]:
    """Map each name to where it is defined: the module, and what it is called there.

    >>> places("from p.room.a import Size as Size, sum_of as total")
    {'Size': ('p.room.a', 'Size'), 'total': ('p.room.a', 'sum_of')}
    """
    found = {}
    for module, listed, one in _IMPORT.findall(stub):
        for entry in filter(None, (e.strip() for e in (listed or one).split(","))):
            name, _, shown = entry.partition(" as ")
            found[shown or name] = (module, name)
    return found


def face(room: str, file: str) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """Return ``__getattr__`` and ``__dir__`` of a package, from the stub beside its file."""
    with open(file.removesuffix("c") + "i", encoding="utf-8") as stub:
        names = places(stub.read())

    def load(name: str) -> Any:
        if name not in names:
            raise AttributeError(f"module '{room}' has no attribute '{name}'")
        module, defined = names[name]
        if module == room:  # a module of the room as a whole
            return import_module(f"{room}.{defined}")
        value = getattr(import_module(module), defined)
        setattr(sys.modules[room], name, value)
        return value

    return load, lambda: sorted(names)
