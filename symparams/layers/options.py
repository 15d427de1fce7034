"""The arguments of layer kinds: each type of option is one class here.

A class says what is true of all options of the type; the function below it is
how a kind declares one. What an option may be in the text is read elsewhere
(``elaboration/option_types.py``), by one class a type, found by its name.
"""

from __future__ import annotations

from functools import cache
from typing import Any, ClassVar

from symparams.records import Record

#: Marks an option that must be given.
REQUIRED: Any = object()


class Option(Record):
    """One argument of a layer kind.

    Attributes:
        short: the letter it has in a general formula (i, h, o, f, g).
        place: its position in a call, or None where it must be named.
        words: what a ``word`` may be, or what may stand beside another value.
        low, high: the least and the largest value of a size; None: no bound.

    Class attributes of a type:

    * ``type``: its name.
    * ``beside``: what may be given in place of one of its ``words``, as errors and pages say it.
    * ``whole``: whether its sizes must be integers.
    * ``spatial``: whether a list has one size for each spatial axis.
    * ``variadic``: whether it takes all that a call gives without a name.
    """

    type: ClassVar[str]
    beside: ClassVar[str] = ""
    whole: ClassVar[bool] = True
    spatial: ClassVar[bool] = False
    variadic: ClassVar[bool] = False

    short: str
    says: str
    default: Any = REQUIRED
    place: int | None = None
    words: tuple[str, ...] = ()
    low: int = 1
    high: int | None = None

    @property
    def takes_none(self) -> bool:
        """Whether a call may say ``none``."""
        return "none" in self.words

    @classmethod
    @cache  # it is asked for every option of every call
    def types(cls) -> tuple[str, ...]:
        """Return the names of its type and of those that it is a case of, its own first."""
        return tuple(vars(c)["type"] for c in cls.__mro__ if "type" in vars(c))


class SizeOption(Option):
    type = "size"
    beside = "a size"


def a_size(
    short: str, says: str, default: Any = REQUIRED, place: int | None = None, low: int = 1
) -> Any:
    """Return an option that is a size."""
    return SizeOption(short, says, default, place, low=low)


class RowOption(SizeOption):
    type = "row"


def a_row(
    short: str, says: str, default: Any = REQUIRED, place: int | None = None, low: int = 1
) -> Any:
    """Return an option that is a size, or a list of any number of sizes."""
    return RowOption(short, says, default, place, low=low)


class SizesOption(RowOption):
    type = "sizes"
    spatial = True


def sizes(
    short: str,
    says: str,
    default: Any = REQUIRED,
    place: int | None = None,
    low: int = 1,
    words: tuple[str, ...] = (),
) -> Any:
    """Return an option that is a size, or a list with a size for each spatial axis."""
    return SizesOption(short, says, default, place, words, low)


class ManyOption(SizeOption):
    type = "many"
    variadic = True


def some_sizes(says: str, default: Any = REQUIRED, low: int = 1) -> Any:
    """Return all the sizes that a call gives without a name, as a tuple; a list counts as its
    items.
    """
    return ManyOption("", says, default, place=0, low=low)


class NumberOption(SizeOption):
    type = "number"
    whole = False


def a_number(says: str, default: Any, place: int | None = None, low: int = 0) -> Any:
    """Return an option that is a number and need not be whole, like a dropout rate."""
    return NumberOption("", says, default, place, low=low)


class CountOption(SizeOption):
    type = "count"


def a_count(says: str, default: Any, low: int = 0, high: int | None = None) -> Any:
    """Return an option that changes which weights there are, so a number known at once."""
    return CountOption("", says, default, low=low, high=high)


class StateOption(SizeOption):
    type = "state"


def a_state(says: str, place: int) -> Any:
    """Return an option that is the size of a state, or a tensor: the first one."""
    return StateOption("", says, place=place)


class PrecisionOption(SizeOption):
    type = "precision"
    whole = False


def a_precision(says: str, place: int) -> Any:
    """Return an option that is a number of bits, or a layout of matrices."""
    return PrecisionOption("", says, place=place)


class WordOption(Option):
    type = "word"


def a_word(words: tuple[str, ...], says: str, default: Any = REQUIRED) -> Any:
    """Return an option that is one of some words."""
    return WordOption("", says, default, words=words)


class FlagOption(Option):
    type = "flag"


def a_flag(says: str, default: bool) -> Any:
    """Return an option that is yes or no."""
    return FlagOption("", says, default)


class AxisOption(Option):
    type = "axis"


def an_axis(says: str, default: Any, place: int | None = None) -> Any:
    """Return an option that is an axis: a number from 0, -1 for the last, or a name ``on`` gave."""
    return AxisOption("", says, default, place)


class AxesOption(AxisOption):
    type = "axes"
    beside = "axes"


def some_axes(says: str, default: Any, words: tuple[str, ...] = ()) -> Any:
    """Return an option that is an axis or a list of axes, or a word for some of them."""
    return AxesOption("", says, default, words=words)


class EquationOption(Option):
    type = "equation"

    @property
    def takes_none(self) -> bool:
        return self.default is None


def an_equation(says: str, default: Any = REQUIRED, place: int | None = None) -> Any:
    """Return an option that is quoted text with a letter for each axis, ``"bc,cd->bd"``."""
    return EquationOption("", says, default, place)


class TensorOption(Option):
    type = "tensor"


def a_tensor(says: str) -> Any:
    """Return an option that is a tensor, or none."""
    return TensorOption("", says, None)


class NetOption(Option):
    type = "net"


def a_net(says: str, place: int) -> Any:
    """Return an option that is a net."""
    return NetOption("", says, place=place)
