"""A formula as a function of a programming language: one file a language, called as the format.

Each has ``render(code) -> str`` of a :class:`~symparams.views.code_writing.FormulaCode`.
"""

from pkgutil import iter_modules


def names() -> list[str]:
    """Return the languages; none of their files is loaded for it."""
    return sorted(module.name for module in iter_modules(__path__))
