"""A sheet in one of the formats, which are the files of :mod:`symparams.views.formats`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from types import ModuleType

from symparams.errors import SymparamsError, did_you_mean
from symparams.views import formats
from symparams.views.sheet import Sheet
from symparams.views.typesetting import Typesetting


class _Formats(Mapping[str, ModuleType]):
    """Format → its file, loaded when it is asked for."""

    def __getitem__(self, name: str) -> ModuleType:
        if name not in formats.names():
            raise KeyError(name)
        return import_module(f"{formats.__name__}.{name}")

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(formats.names()))

    def __len__(self) -> int:
        return len(formats.names())


#: The formats by name.
FORMATS: Mapping[str, ModuleType] = _Formats()


def render(
    sheet: Sheet,
    name: str = "table",
    color: bool = False,
    width: int | None = None,
    typesetting: Typesetting | None = None,
) -> str:
    """Return a sheet in one of :data:`FORMATS`; ``color`` and ``width`` are for terminals,
    ``typesetting`` is for papers.

    Raises:
        SymparamsError: no such format, or its page has not that much room.
    """
    if name not in FORMATS:
        listed = f"there are {', '.join(FORMATS)}"
        raise SymparamsError(f"unknown format '{name}'", None, did_you_mean(name, FORMATS, listed))
    form = FORMATS[name]
    more: dict[str, object] = {}
    if getattr(form, "TERMINAL", False):
        more = {"color": color, "width": width}
    if getattr(form, "TYPESET", False):
        more = {"typesetting": typesetting or Typesetting()}
    else:
        sheet = sheet.arranged()
    written: str = form.render(sheet, **more)
    return written
