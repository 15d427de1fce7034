"""The sizes of a text as the arguments of somebody's builder, by name."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import Any

from symparams.algebra import Number, Polynomial, Size, substitute, symbol, symbols_of
from symparams.elaboration import (
    Evaluator,
    Listed,
    Network,
    Scope,
    Shipped,
    Value,
    Word,
    WrittenModel,
    build,
    describe,
)
from symparams.errors import NeedsValue, SymparamsError, did_you_mean, listed, nearest
from symparams.network import Run
from symparams.records import Record


class BuilderArguments(Record):
    """What a builder is called with, and what stays with the text.

    Attributes:
        varied: the sizes that the builder takes, ``n[0]`` of an indexed one among them.
        silent: sizes that it does not take, and that no weight depends on.
        fixed: other arguments, at the values of the text: flags, lists, words.
        given: what the text is given.
        network: the text with ``varied`` and ``silent`` as symbols.
        defaults: the defaults of both, as far as they have any.
    """

    varied: tuple[str, ...]
    silent: tuple[str, ...]
    fixed: Mapping[str, Value]
    given: Mapping[str, Value]
    network: Network
    defaults: Mapping[str, Number]

    def called(self, point: Mapping[str, Number]) -> dict[str, Any]:
        """Return the arguments at a point."""
        found = {n: _in_python(self._settled(v, point), n) for n, v in self.fixed.items()}
        for name in self.varied:
            value = point[name]
            plain: int | float = int(value) if value.denominator == 1 else float(value)
            base, bracket, _ = name.partition("[")
            if bracket:
                found.setdefault(base, []).append(plain)
            else:
                found[base] = plain
        return found

    def values(self, point: Mapping[str, Number]) -> dict[str, Value]:
        """Return what the text is given at a point."""
        settled = {n: self._settled(v, point) for n, v in self.given.items()}
        return {**settled, **{n: point[n] for n in (*self.varied, *self.silent)}}

    def _settled(self, value: Value, point: Mapping[str, Number]) -> Value:
        """Return a value that is given in terms of other sizes as a number."""
        if not isinstance(value, Polynomial):
            return value
        return substitute(value, {**self.defaults, **point})


def arguments_of_builder(
    builder: Callable[..., Any],
    name: str,
    definition: WrittenModel,
    given: Mapping[str, Value],
) -> BuilderArguments:
    """Return which sizes of a text a builder takes, by their names.

    One without arguments is as a module: the text stays at its defaults.

    Raises:
        SymparamsError: it needs an argument that the text does not have, or does not
            take a size that weights of the text depend on.
    """
    takes, required, anything = _signature(builder)
    base = build(definition, given)
    if not takes and not required and not anything:
        return BuilderArguments((), (), {}, given, base, base.defaults)
    names = [p.name for p in definition.parameters or ()] or list(base.symbols)
    _check_required(name, required, names, takes)
    by_name = {n: [s for s in base.symbols if s.partition("[")[0] == n] for n in names}
    needed = _depended_on(base)
    varied: list[str] = []
    silent: list[str] = []
    fixed: dict[str, Value] = {}
    refused: list[str] = []
    for size in names:
        takes_it = size in takes or (anything and size in needed and size not in base.derived)
        if size in given:
            if size in takes or (anything and size in needed):
                fixed[size] = given[size]
        elif size in base.derived:
            varied += [size] if takes_it else []
        elif by_name[size]:
            if takes_it:
                varied += by_name[size]
            elif size in needed:
                refused.append(size)
            else:
                silent += by_name[size]
        elif size in takes:
            found, known = _default(definition, size)
            if known:
                fixed[size] = found
            elif size in required:
                raise SymparamsError(f"'{name}' needs '{size}', which is no size of the text")
    if refused:
        _refuse(name, refused, takes)
    symbols = {n: symbol(n) for n in varied if n in base.derived}
    network = build(definition, {**given, **symbols}) if symbols else base
    defaults = dict(base.defaults)
    for size in symbols:
        value = substitute(base.derived[size], base.defaults)
        if isinstance(value, int | Fraction):
            defaults[size] = value
    return BuilderArguments(tuple(varied), tuple(silent), fixed, given, network, defaults)


def _signature(builder: Callable[..., Any]) -> tuple[list[str], list[str], bool]:
    """Return the arguments by name, those without a default, and whether any other is taken."""
    try:
        parameters = inspect.signature(builder).parameters.values()
    except (TypeError, ValueError):
        return [], [], True
    takes = [p for p in parameters if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)]
    positional = [
        p.name for p in parameters if p.kind is p.POSITIONAL_ONLY and p.default is p.empty
    ]
    required = [p.name for p in takes if p.default is p.empty]
    anything = any(p.kind is p.VAR_KEYWORD for p in parameters)
    return [p.name for p in takes], [*positional, *required], anything


def _check_required(name: str, required: Iterable[str], sizes: list[str], takes: list[str]) -> None:
    missing = [r for r in required if r not in sizes]
    if not missing:
        return
    has = f"it has {', '.join(sizes)}" if sizes else "it has no sizes"
    left = [s for s in sizes if s not in takes]
    raise SymparamsError(
        f"'{name}' needs {listed(missing)}, which the text does not have",
        None,
        did_you_mean(missing[0], left, has) if nearest(missing[0], left) else has,
    )


def _refuse(name: str, sizes: list[str], takes: list[str]) -> None:
    has = f"it takes {', '.join(takes)}" if takes else "it takes no arguments by name"
    near = did_you_mean(sizes[0], takes, has) if nearest(sizes[0], takes) else has
    raise SymparamsError(
        f"'{name}' takes no argument {listed(sizes)}, which weights of the text depend on",
        None,
        f"{near}; or give it its value, as in --set {sizes[0]}=…",
    )


def _depended_on(network: Network) -> set[str]:
    """Return the parameters that tensors depend on."""
    found: set[str] = set()
    for measure in ("params", "buffers"):
        try:
            size: Size = network.measure(measure)
        except NeedsValue:
            return {n.partition("[")[0] for n in (*network.symbols, *network.derived)}
        found |= {s.name.partition("[")[0] for s in symbols_of(size)}
    return found


def _default(definition: WrittenModel, name: str) -> tuple[Value, bool]:
    """Return the default of a parameter that is no size, and whether Python has such a value."""
    parameter = next(p for p in definition.parameters or () if p.name == name)
    if parameter.default is None:
        return None, False
    value = Evaluator(Run(), Shipped()).value(parameter.default, Scope(definition.scope))
    try:
        _in_python(value, name)
    except SymparamsError:
        return None, False
    return value, True


def _in_python(value: Value, name: str) -> Any:
    """Return a value of the language as one that a builder is called with.

    Raises:
        SymparamsError: Python has no such value, as of a block.
    """
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, Fraction):
        return int(value) if value.denominator == 1 else float(value)
    if isinstance(value, Word):
        return value.id
    if isinstance(value, Listed):
        return [_in_python(v, name) for v in value.items]
    raise SymparamsError(f"'{name}' cannot be given to a builder: it is {describe(value)}")


__all__ = ["BuilderArguments", "arguments_of_builder"]
