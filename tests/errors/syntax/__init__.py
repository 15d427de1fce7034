"""Malformed sources and the exact text of their errors.

``FILES`` are read as files, under headings that say what is wrong;
``EXPRESSIONS`` as one expression. The texts are what a user sees, caret and all.
"""

from tests.errors.syntax import foreign, statements, structure, values
from tests.errors.syntax.foreign import EXPRESSIONS

FILES = structure.FILES | values.FILES | statements.FILES | foreign.FILES

__all__ = ["EXPRESSIONS", "FILES"]
