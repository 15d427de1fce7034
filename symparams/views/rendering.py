"""A sheet in one of the formats, which are the files of :mod:`symparams.views.formats`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from pkgutil import iter_modules

from symparams.errors import SymparamsError, did_you_mean
from symparams.views import formats
from symparams.views.sheet import Sheet


class _Formats(Mapping[str, Callable[..., str]]):
    """Format → its ``render``; every file of their folder is one, loaded when asked for."""

    def __init__(self) -> None:
        self._names = tuple(sorted(module.name for module in iter_modules(formats.__path__)))

    def __getitem__(self, name: str) -> Callable[..., str]:
        if name not in self._names:
            raise KeyError(name)
        found: Callable[..., str] = import_module(f"{formats.__name__}.{name}").render
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


#: Format → function from a sheet to text.
FORMATS: Mapping[str, Callable[..., str]] = _Formats()
#: The formats for terminals, which take ``color`` and ``width``.
TERMINAL = ("table",)


def render(sheet: Sheet, name: str = "table", color: bool = False, width: int | None = None) -> str:
    """A sheet in one of :data:`FORMATS`; ``color`` and ``width`` are for terminals.

    Raises:
        SymparamsError: no such format.
    """
    if name not in FORMATS:
        listed = f"there are {', '.join(FORMATS)}"
        raise SymparamsError(f"unknown format '{name}'", None, did_you_mean(name, FORMATS, listed))
    if name in TERMINAL:
        return FORMATS[name](sheet, color=color, width=width)
    return FORMATS[name](sheet)
