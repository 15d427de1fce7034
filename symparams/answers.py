"""What the answers of the Python side have in common: a page in a notebook, plain data, a frame.

Floor 0 of the house: the rooms that make answers may import this one. It knows no page: the
package says once, by :func:`shown_by`, what makes them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

_T = TypeVar("_T")


class AnswerPages(Protocol):
    """What makes the page of an answer, and writes a page in one way or another."""

    def sheet(self, answer: Any) -> Any:
        """Return the page of an answer."""

    def html(self, page: Any) -> str | None:
        """Return the page in HTML; None where it is a picture."""

    def latex(self, answer: Any) -> str | None:
        """Return the formula that an answer is; None where it is none."""

    def picture(self, page: Any) -> str | None:
        """Return the picture of a page as SVG; None where it has none."""

    def data(self, page: Any) -> dict[str, Any]:
        """Return what the page knows, as JSON has it."""

    def frame(self, page: Any, formulas: str) -> Any:
        """Return the rows of the page as a data frame of pandas."""


#: Gives what makes the pages, loaded at its first use; the package says it when it is imported.
_makers: list[Callable[[], AnswerPages]] = []


def shown_by(maker: Callable[[], AnswerPages]) -> None:
    """Say what gives the pages of all answers."""
    _makers[:] = [maker]


def _pages() -> AnswerPages:
    (maker,) = _makers
    return maker()


class PublicAnswer:
    """An answer that Python is handed.

    Notebooks show it as the page that the command prints.
    """

    def _sheet(self) -> Any:
        return _pages().sheet(self)

    def _repr_html_(self) -> str | None:
        return _pages().html(self._sheet())

    def _repr_svg_(self) -> str | None:
        return _pages().picture(self._sheet())

    def _repr_latex_(self) -> str | None:
        return _pages().latex(self)

    def to_dict(self) -> dict[str, Any]:
        """Return the answer in plain data, as ``--format json`` prints it.

        A formula is text, and so is a fraction; an integer beyond ±(2^53 - 1) is text, too.
        """
        return _pages().data(self._sheet())

    def to_pandas(self, formulas: str = "text") -> Any:
        """Return the rows of the answer as a ``pandas.DataFrame``; one row, where it has none.

        Integers are exact: a column whose integers do not all fit into 64 bits holds Python's
        own. A shape is a tuple.

        Args:
            formulas: ``text``, in the notation of the language, or ``sympy``.

        Raises:
            SymparamsError: pandas is not installed, or ``formulas`` is neither.
        """
        return _pages().frame(self._sheet(), formulas)


def answered(found: _T, **context: Any) -> _T:
    """Return an answer as Python is handed it, with SymPy's formulas in it.

    It remembers the record of the house, which its page is made of, and the ``context``: what
    the page needs besides.
    """
    handed: _T = found.in_sympy() if hasattr(found, "in_sympy") else found
    own = vars(handed)
    own["_context"] = context
    if handed is not found:
        own["_house"] = found
    return handed
