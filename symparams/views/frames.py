"""The rows of a page as a data frame of pandas: integers exact, formulas as text or SymPy's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from symparams.algebra import Form, FormLeaf, Order, Plus, Polynomial, Raised, Times, to_sympy
from symparams.elaboration import text_given
from symparams.errors import SymparamsError, did_you_mean
from symparams.interchange import entries
from symparams.network import Bundled, Signal
from symparams.records import Record, shortened
from symparams.views.arranging import in_order
from symparams.views.cells import Over, Root
from symparams.views.sheet import Sheet
from symparams.views.written import shown, simpler

#: The integers of NumPy's int64.
_LEAST, _MOST = -(1 << 63), (1 << 63) - 1


def frame_of(sheet: Sheet, formulas: str = "text") -> Any:
    """Return a row for each record in the answer's rows; of an answer without rows, one row.

    A mapping in a record is a column a key, ``sizes.h``.

    Raises:
        SymparamsError: pandas is not installed, or ``formulas`` is neither text nor sympy.
    """
    ways: dict[str, Callable[[Any], Any]] = {"text": shown, "sympy": _in_sympy}
    asked = text_given(formulas, "formulas", "text or sympy")
    if asked not in ways:
        listed = "they are text or sympy"
        hint = did_you_mean(asked, ways, listed)
        raise SymparamsError(f"formulas cannot be '{shortened(asked)}'", None, hint)
    try:
        import pandas
    except ImportError:
        raise SymparamsError(
            "pandas is not installed", None, "run: pip install 'symparams[notebook]'"
        ) from None
    answer = sheet.answered()
    records = getattr(answer, "rows", None)
    way = _in_order(ways[asked], sheet.order)
    rows = [_row(record, way) for record in ([answer] if records is None else records)]
    names = list(dict.fromkeys(name for row in rows for name in row))
    names = names or [column.key for column in sheet.columns]
    columns = {name: [row.get(name) for row in rows] for name in names}
    series = {n: pandas.Series(v, dtype=_type(v)) for n, v in columns.items()}
    return pandas.DataFrame(series, columns=names)


def _in_order(way: Callable[[Any], Any], order: Order) -> Callable[[Any], Any]:
    """Return a way of writing formulas with their terms in the order of the sizes."""
    return lambda value: way(in_order(value, order) if order else value)


def _row(record: Any, way: Callable[[Any], Any], before: str = "") -> dict[str, Any]:
    """Return the cells of a record by their columns, those of records and mappings in it too.

    A shape is one cell.
    """
    found: dict[str, Any] = {}
    told = record.items() if isinstance(record, Mapping) else entries(record).items()
    for key, value in told:
        if isinstance(value, Record | Mapping) and not isinstance(value, Signal | Bundled):
            found |= _row(value, way, f"{before}{key}.")
        else:
            found[before + key] = _cell(value, way)
    return found


def _cell(value: Any, way: Callable[[Any], Any]) -> Any:
    if isinstance(value, Signal | Bundled):
        value = simpler(value)
    if isinstance(value, tuple | list):
        return tuple(_cell(one, way) for one in value)
    if isinstance(value, Record | Mapping):
        return _row(value, way)
    return way(value) if isinstance(value, Polynomial | Form) else simpler(value)


def _in_sympy(size: Any) -> Any:
    """Return a formula as SymPy's, factored as it is; one for both roots at once stays text."""
    import sympy

    match size:
        case FormLeaf():
            return to_sympy(size.size)
        case Plus():
            return sympy.Add(*map(_in_sympy, size.terms))
        case Times():
            return sympy.Mul(*map(_in_sympy, size.factors))
        case Raised():
            return _in_sympy(size.base) ** size.exponent
        case Over():
            return _in_sympy(size.above) / _in_sympy(size.below)
        case Root():
            return sympy.root(_in_sympy(size.inner), size.degree)
        case Form():
            return shown(size)
        case _:
            return to_sympy(size)


def _type(values: Iterable[Any]) -> str | None:
    """Return the type of a column in which no integer becomes a float; None leaves it to pandas."""
    kinds = {type(value) for value in values}
    if int not in kinds:
        return None if kinds in ({str}, {bool}) else "object"
    if kinds == {int} and all(_LEAST <= value <= _MOST for value in values):
        return "int64"
    return "object"
