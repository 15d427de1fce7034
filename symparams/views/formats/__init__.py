"""How a sheet is written: one file a format, called as the file.

Each has ``render(sheet) -> str``. One for terminals says ``TERMINAL = True``,
and its ``render`` takes ``color`` and ``width`` too. One for papers says ``TYPESET = True``,
and its ``render`` takes a :class:`~symparams.views.typesetting.Typesetting`.
"""

from pkgutil import iter_modules

#: The order in which formats are offered, the default first; any other comes behind.
ORDER = ("table", "json", "latex", "typst", "mathml", "markdown", "csv", "html")


def names() -> list[str]:
    """Return all formats; none of their files is loaded for it."""
    found = {module.name for module in iter_modules(__path__)}
    return [name for name in ORDER if name in found] + sorted(found - set(ORDER))
