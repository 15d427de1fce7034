"""Options read from a call: for each type, what it accepts and how it refuses the rest.

The types are declared in :mod:`symparams.layers`; a class here reads the type
it names, and those below it that have no class of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from symparams.algebra import Condition, Size, text
from symparams.elaboration.braces import as_tensor
from symparams.elaboration.reader import Reader
from symparams.elaboration.scope import Scope
from symparams.elaboration.shipped_files import layout_names
from symparams.elaboration.suggestions import as_list
from symparams.elaboration.values import (
    Layout,
    Listed,
    Several,
    Template,
    Tensor,
    Value,
    Word,
    describe,
    is_size,
)
from symparams.errors import Span, SymparamsError, UnknownName, did_you_mean
from symparams.language import tree
from symparams.layers import Option
from symparams.network import Bundled
from symparams.records import Record

#: Type → the class that reads it, filled as the classes are defined.
READERS: dict[str, type[OptionReader]] = {}
#: What an expression is that has to be looked up.
_OPEN: Any = object()


def option_value(
    evaluator: Reader, node: tree.Expression, scope: Scope, option: Option, name: str, kind: str
) -> Any:
    """Return the value of an option, checked against its declaration.

    Raises:
        SymparamsError: the wrong kind of value, or one out of its range.
    """
    known = next(name for name in option.types() if name in READERS)
    return READERS[known](evaluator, option, f"'{name}' of '{kind}'").read(node, scope)


class OptionReader(Record):
    """How an option of some type is read; ``what`` is what errors call it."""

    #: Whether a name that is bound nowhere may be meant: it is a size.
    takes_symbols: ClassVar[bool] = False

    evaluator: Reader
    option: Option
    what: str

    def __init_subclass__(cls, reads: str = "") -> None:
        super().__init_subclass__()
        READERS[reads] = cls

    def read(self, node: tree.Expression, scope: Scope) -> Any:
        """Return the value that an expression gives the option.

        Raises:
            SymparamsError: the option cannot have it.
        """
        words = self.option.words
        found = self.written(node, scope)
        if found is not _OPEN:
            return found
        if words and isinstance(node, tree.Name) and not scope.binds(node.id):
            self._refuse_slip(node, scope)
        value = self.evaluator.value(node, scope)
        if isinstance(value, Word) and value.id in words:
            return value.id
        if value is None and "none" in words:
            return "none"
        return self.accepted(value, node, scope)

    def written(self, node: tree.Expression, scope: Scope) -> Any:
        """Return what the text says by itself, where nothing in it is looked up as a value."""
        if isinstance(node, tree.Name) and node.id in self.option.words:
            return _OPEN if scope.binds(node.id) else node.id
        return _OPEN

    def accepted(self, value: Value, node: tree.Expression, scope: Scope) -> Any:
        """Return the option's value, of the value of an expression.

        Raises:
            SymparamsError: it is no value of this type.
        """
        raise TypeError(self.option.type)  # pragma: no cover - every reader has its own

    def refuse(self, wanted: str, value: Value, node: tree.Expression, hint: str = "") -> Any:
        """Refuse a value of another kind.

        Raises:
            SymparamsError: always.
        """
        raise SymparamsError(
            f"{self.what} must be {wanted}, not {describe(value)}", node.span, hint
        )

    def _refuse_slip(self, node: tree.Name, scope: Scope) -> None:
        """Refuse a free name that no size is meant by, such as a word with a slip in it."""
        if node.id in self.evaluator.built_in:
            return
        words, beside = self.option.words, self.option.beside
        meant = did_you_mean(node.id, words)
        if not self.takes_symbols or scope.free is None or meant:
            other = f" or {beside}" if beside else ""
            hint = meant or f"it may be {', '.join(words)}{other}"
            raise SymparamsError(f"{self.what} cannot be '{node.id}'", node.span, hint)


class SizeReader(OptionReader, reads="size"):
    takes_symbols = True

    def accepted(self, value: Value, node: tree.Expression, scope: Scope) -> Any:
        # What is none unless something is said may be said to be none: blocks pass it on.
        if value is None and self.option.default is None:
            return None
        return self.checked(value, node.span, self.what)

    def checked(self, value: Value, span: Span, what: str) -> Size:
        """Return a size in the range of the option."""
        option = self.option
        return checked(self.evaluator, value, span, what, option.low, option.high, option.whole)


class RowReader(SizeReader, reads="row"):
    def accepted(self, value: Value, node: tree.Expression, scope: Scope) -> Any:
        if isinstance(value, Several):
            self.refuse("a list", value, node, as_list(node))
        if isinstance(value, Listed):
            each = f"each of {self.what}"
            return tuple(self.checked(item, node.span, each) for item in value.items)
        return super().accepted(value, node, scope)


class CountReader(SizeReader, reads="count"):
    def accepted(self, value: Value, node: tree.Expression, scope: Scope) -> Any:
        size = self.evaluator.as_size(value, node.span, "a number")
        number = self.evaluator.run.number(size, node.span, self.what)
        return super().accepted(number, node, scope)


class StateReader(SizeReader, reads="state"):
    def accepted(self, value: Value, node: tree.Expression, scope: Scope) -> Any:
        return value if isinstance(value, Tensor) else super().accepted(value, node, scope)


class PrecisionReader(SizeReader, reads="precision"):
    def written(self, node: tree.Expression, scope: Scope) -> Any:
        if isinstance(node, tree.Name) and not scope.binds(node.id):
            known = layout_names()
            if node.id not in known and (meant := did_you_mean(node.id, known)):
                raise UnknownName(f"{self.what} cannot be '{node.id}'", node.span, meant)
        return super().written(node, scope)

    def accepted(self, value: Value, node: tree.Expression, scope: Scope) -> Any:
        if isinstance(value, Template) and value.target.noun == "layout":
            call = tree.Call(function=node, args=(), span=node.span)
            value = value.target.call(self.evaluator, call, scope)
        if isinstance(value, Layout):
            return value
        if not is_size(value):
            return self.refuse("a number of bits or a layout", value, node)
        return super().accepted(value, node, scope)


class WordReader(OptionReader, reads="word"):
    def accepted(self, value: Value, node: tree.Expression, scope: Scope) -> Any:
        return self.refuse(f"one of {', '.join(self.option.words)}", value, node)


class FlagReader(OptionReader, reads="flag"):
    def accepted(self, value: Value, node: tree.Expression, scope: Scope) -> Any:
        return value if isinstance(value, bool) else self.refuse("yes or no", value, node)


class AxisReader(OptionReader, reads="axis"):
    def written(self, node: tree.Expression, scope: Scope) -> Any:
        found = super().written(node, scope)
        named = scope.axis(node.id) if isinstance(node, tree.Name) else None
        return named if found is _OPEN and named is not None else found

    def accepted(self, value: Value, node: tree.Expression, scope: Scope) -> Any:
        size = self.evaluator.as_size(value, node.span, "an axis")
        number = self.evaluator.run.number(size, node.span, self.what)
        if not isinstance(number, int):
            raise SymparamsError(f"{self.what} must be an integer, not {text(number)}", node.span)
        return number


class AxesReader(AxisReader, reads="axes"):
    def written(self, node: tree.Expression, scope: Scope) -> Any:
        if isinstance(node, tree.List):
            one = AxisReader(self.evaluator, self.option.but(words=()), self.what)
            return tuple(one.read(item, scope) for item in node.items)
        return super().written(node, scope)

    def accepted(self, value: Value, node: tree.Expression, scope: Scope) -> Any:
        if isinstance(value, Several):
            self.refuse("a list", value, node, as_list(node))
        if isinstance(value, Listed):
            return tuple(super(AxesReader, self).accepted(v, node, scope) for v in value.items)
        return super().accepted(value, node, scope)


class EquationReader(OptionReader, reads="equation"):
    def written(self, node: tree.Expression, scope: Scope) -> Any:
        return node.text if isinstance(node, tree.Quoted) else super().written(node, scope)

    def accepted(self, value: Value, node: tree.Expression, scope: Scope) -> Any:
        if value is None and self.option.takes_none:
            return None
        return self.refuse("an equation in quotes", value, node, 'as in "bc,cd->bd"')


class TensorReader(OptionReader, reads="tensor"):
    def accepted(self, value: Value, node: tree.Expression, scope: Scope) -> Any:
        tensor = as_tensor(value, node.span)
        if tensor is None and value is not None:
            self.refuse("a tensor", value, node)
        if tensor is not None and (isinstance(tensor.signal, Bundled) or tensor.signal.tokens):
            given = tensor.signal.described()
            raise SymparamsError(f"{self.what} must be a tensor of numbers, not {given}", node.span)
        return tensor


class NetReader(OptionReader, reads="net"):
    def accepted(self, value: Value, node: tree.Expression, scope: Scope) -> Any:
        return self.evaluator.as_net(value, node, scope)


def sizes_without_names(
    evaluator: Reader, nodes: Sequence[tree.Expression], scope: Scope, option: Option, kind: str
) -> tuple[Size, ...]:
    """Return the value of a variadic option; a list counts as its items."""
    found: list[Size] = []
    one = SizeReader(evaluator, option, f"each size of '{kind}'")
    for node in nodes:
        value = evaluator.value(node, scope)
        if isinstance(value, Several):
            one.refuse("a size", value, node, as_list(node))
        items = value.items if isinstance(value, Listed) else (value,)
        found += [one.checked(item, node.span, one.what) for item in items]
    return tuple(found)


def checked(
    evaluator: Reader,
    value: Value,
    span: Span,
    what: str,
    low: int = 1,
    high: int | None = None,
    whole: bool = True,
) -> Size:
    """Return a value that must be a size, an integer where it is ``whole``, from ``low`` to
    ``high``.
    """
    if not is_size(value):
        hint = "what goes in stands in front: x -> …" if isinstance(value, Tensor) else ""
        raise SymparamsError(f"{what} must be a size, not {describe(value)}", span, hint)
    size: Any = value
    tests = [("integer", size, "an integer")] if whole else []
    # A size that is at least 1 is asked for as positive: that is how its condition is printed.
    least = ("positive", size) if low == 1 else ("nonnegative", size - low)
    tests.append((*least, f"at least {low}"))
    if high is not None:
        tests.append(("nonnegative", high - size, f"at most {high}"))
    for test, tested, wanted in tests:
        says = f"{what} must be {wanted}, not {text(size)}"
        evaluator.run.require(Condition(test, tested, says=says), span)
    return size  # type: ignore[no-any-return]
