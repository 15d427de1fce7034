"""What Python gives, whatever it is, ends in an answer or an error of ours.

Every public function and method is called with every argument replaced by
every value of :data:`STRANGE`, one at a time.
"""

from __future__ import annotations

import doctest
import inspect
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from decimal import Decimal
from fractions import Fraction
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sympy

import symparams
from symparams import api, builds, studies
from symparams.analysis import compiled
from symparams.answers import PublicAnswer
from symparams.errors import SymparamsError

MODEL = symparams.parse("model m(h in 1..4, i in 1..4, t = 2, k[2] = 1) = input(t, i) -> lstm(h)")
OPEN = symparams.parse("input(t, i) -> dense(h) -> dense(i)")
TWO = symparams.parse("model n(h = 4) = input(h) -> dense(h) -> dense(9)")
CLOSED = symparams.parse(
    "model m(h in 1..4 = 2, i in 1..4 = 3, l = 2) = input(i) -> dense(h) -> (linear(h) * l)"
)
CHOICE = symparams.parse("model m(k in {1, 3}, t = 2) = input(4, 4, t) -> conv(2, k)")
FIGURE, GRAPH = CLOSED.plot(bars="shares"), CLOSED.plot(graph=True)
TEMPORARY = tempfile.TemporaryDirectory()
FOLDER = Path(TEMPORARY.name)
EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "choices.arch"
LIBRARY = symparams.load("zoo:gpt2")
SPACE = MODEL.space.within("params <= 100")
FUNCTION = OPEN.compile()
LISTS = OPEN.compile(backend="python")

#: What no argument expects, and what one may. Each stands alone or in a list.
STRANGE: dict[str, Any] = {
    "None": None,
    "a flag": True,
    "zero": 0,
    "minus one": -1,
    "seven": 7,
    "half": Fraction(1, 2),
    "a fraction that is whole": Fraction(8, 4),
    "more digits than are read": 10**5000,
    "fewer than none, with digits": -(10**5000),
    "a float": 1.5,
    "a whole float": 8.0,
    "nan": float("nan"),
    "infinity": float("inf"),
    "a complex": 3j,
    "a decimal": Decimal(3),
    "no text": "",
    "a text": "x",
    "a name": "h",
    "words": "a b",
    "a sum": "h + ",
    "brackets": "(" * 300,
    "a zero byte": "\0",
    "two domains": "1..3, i=1..2",
    "bytes": b"h",
    "no list": [],
    "a list": [1, 2],
    "floats": [1.5, 2.0],
    "texts": ["params <= 9", "h <= 3"],
    "lists of two lengths": [[1], [2, 3]],
    "a deep list": (deep := [1], [deep := [deep] for _ in range(2_000)])[-1],
    "a long range": range(1, 20_000),
    "a falling range": range(5, 1, -1),
    "no mapping": {},
    "a size": {"h": 3},
    "sizes by number": {3: 3},
    "a set": {1, 2},
    "a generator of nothing": (x for x in ()),
    "an object": object(),
    "a class": int,
    "a function": len,
    "a module": sympy,
    "an array": np.array([1, 2]),
    "an array of floats": np.array([1.5, 2.0]),
    "an array of flags": np.array([True]),
    "an array of nothing": np.array([None]),
    "an array of words": np.array(["a"]),
    "an empty array": np.array([]),
    "an array without axes": np.array(3),
    "NumPy's integer": np.int64(2),
    "NumPy's float": np.float32(1.5),
    "NumPy's flag": np.bool_(True),
    "NumPy's time": np.datetime64("2020-01-01"),
    "a symbol": sympy.Symbol("w"),
    "a symbol of the model": sympy.Symbol("h"),
    "a dummy": sympy.Dummy("w"),
    "a negative symbol": sympy.Symbol("w", negative=True),
    "a symbol like an index": sympy.Symbol("k1#"),
    "a symbol without a name": sympy.Symbol(""),
    "SymPy's integer": sympy.Integer(2),
    "SymPy's fraction": sympy.Rational(1, 3),
    "SymPy's float": sympy.Float(2),
    "SymPy's infinity": sympy.oo,
    "SymPy's nan": sympy.nan,
    "SymPy's zoo": sympy.zoo,
    "SymPy's root": sympy.sqrt(2),
    "a matrix": sympy.Matrix([1]),
    "SymPy's truth": sympy.true,
    "a relation": sympy.Symbol("w") > 1,
    "a function of SymPy": sympy.Function("f")(sympy.Symbol("w")),
    "half a symbol": sympy.Symbol("w") / 2,
    "a symbol below": 1 / sympy.Symbol("w"),
    "an integral": sympy.Integral(sympy.Symbol("w")),
    "a path": Path("nowhere.arch"),
    "a path with a zero byte": Path("a\0b"),
    "a model": MODEL,
    "a polynomial without numbers": TWO,
}  # fmt: skip


def builder(h: int) -> object:
    """A module of torch, where there is torch."""
    from torch import nn

    return nn.Linear(h, h)


#: Function → good calls: (positional, keyword) arguments; each argument of each is replaced.
CALLS: dict[str, tuple[Callable[..., Any], list[tuple[tuple[Any, ...], dict[str, Any]]]]] = {
    "parse": (symparams.parse, [(("input(3)", "keras"), {}), ((), {"text": "input(3)"})]),
    "load": (symparams.load, [(("zoo:gpt2", "keras"), {}), ((), {"path": "zoo:gpt2"})]),
    "check": (symparams.check, [((EXAMPLE, "keras", False), {}), (([EXAMPLE],), {"modules": False})]),
    "sizes": (
        symparams.sizes,
        [(("zoo:gpt2", LIBRARY["gpt2"]), {"measure": "params", "convention": "keras", "values": {"l": [1, 2]}})],
    ),
    "infer": (symparams.infer, [((builder, "h"), {"over": "h in 1..4"})]),
    "Library.__getitem__": (LIBRARY.__getitem__, [(("gpt2",), {})]),
    "Library.__contains__": (LIBRARY.__contains__, [(("gpt2",), {})]),
    "Library.get": (LIBRARY.get, [(("gpt2",), {})]),
    "Library.keys": (LIBRARY.keys, [((), {})]),
    "Library.values": (LIBRARY.values, [((), {})]),
    "Library.items": (LIBRARY.items, [((), {})]),
    "Model.measure": (MODEL.measure, [(("params",), {})]),
    "Model.at": (MODEL.at, [(({"h": 3},), {"i": 2}), ((), {"k": [1, 2]})]),
    "Model.subs": (OPEN.subs, [((OPEN.params, {"h": 3}), {"i": 2})]),
    "Model.count": (
        MODEL.count,
        [(("params", {"h": 3}), {"i": 2}), (({"h": 3, "i": 1},), {}), ((), {"h": 2, "i": 1, "measure": "macs"})],
    ),
    "Model.expected": (
        CHOICE.expected,
        [(("params", {"k": [Fraction(1, 4), Fraction(3, 4)]}), {}), ((), {"k": {1: 0, 3: 1}})],
    ),
    "Model.compile": (MODEL.compile, [(("params", "python"), {"checked": True})]),
    "Model.sensitivity": (MODEL.sensitivity, [(("h", "params"), {})]),
    "Model.sensitivities": (MODEL.sensitivities, [(("params", {"h": 3}), {"i": 2})]),
    "Model.hessian": (MODEL.hessian, [(("params",), {})]),
    "Model.trade": (MODEL.trade, [(("h", "i", "params", {"h": 3}), {"i": 2})]),
    "Model.leading": (MODEL.leading, [(("h", "i"), {"measure": "macs", "t": 2})]),
    "Model.diff": (MODEL.diff, [((TWO, "params"), {})]),
    "Model.crossover": (TWO.crossover, [(("dense[0]", "dense[1]", "h", "params", {}), {"h": 3})]),
    "Model.shares": (MODEL.shares, [(("params", {"h": 3}), {"i": 2})]),
    "Model.prove": (OPEN.prove, [(("x*i + x + x*i + i", "params", {"x": "h"}), {})]),
    "Model.verify": (MODEL.verify, [(("torch", {"h": 2}), {"convention": "pytorch", "i": 2})]),
    "Model.to_torch": (MODEL.to_torch, [(({"h": 2},), {"convention": "pytorch", "i": 2})]),
    "Model.to_keras": (MODEL.to_keras, [(({"h": 2},), {"convention": "keras", "i": 2})]),
    "Model.solve": (MODEL.solve, [(("params <= 99", "h", "1..3", {"i": 2}), {"t": 3})]),
    "Model.search": (
        MODEL.search,
        [
            (("params", ["params <= 99"], {"h": "1..3"}, "", 2, 9.0), {}),
            ((), {"minimize": "params", "budgets": "params >= 9", "over": {"h": [1, 2]}}),
        ],
    ),
    "Model.sizes": (MODEL.sizes, [(("params", {"h": [1, 2]}), {"i": 2}), ((), {"measure": "params", "h": 3, "i": 1})]),
    "Model.sweep": (
        MODEL.sweep,
        [(({"h": "1..3"}, ["params <= 99"], ["params"], "numpy", None), {}), ((), {"budgets": "params <= 99"})],
    ),
    "Model.plot": (
        CLOSED.plot,
        [
            (({"h": "1..4"},), {"measure": "params", "share": True, "depth": 1, "points": 3, "logarithmic": False}),
            ((), {"bars": "shares", "measure": "macs"}),
            ((), {"tornado": True, "over": {"h": [1, 2]}, "factor": 2}),
            ((), {"iso": {"params": [16]}, "axes": ("h", "i"), "points": 3}),
            ((), {"pareto": ("params", "min:macs"), "budgets": ["params <= 99"], "time_limit": 9.0}),
            ((), {"graph": True, "depth": 1}),
        ],
    ),
    "Figure.save": (FIGURE.save, [((FOLDER / "figure.tex", 3.4), {}), ((), {"path": FOLDER / "figure.tex", "width": "246pt"})]),
    "GraphFigure.save": (GRAPH.save, [((FOLDER / "graph.dot",), {}), ((), {"path": FOLDER / "graph.dot", "width": None})]),
    "Model.report": (MODEL.report, [(("macs",), {})]),
    "Compiled.__call__": (FUNCTION, [(({"h": 3, "i": 2},), {"t": 1}), ((), {"h": [1], "i": 2, "t": 1})]),
    "Compiled.allowed": (FUNCTION.allowed, [(({"h": 3, "i": 2},), {"t": 1}), ((), {"h": [1], "i": 2, "t": 1})]),
    "Compiled of lists": (LISTS, [(({"h": 3, "i": 2},), {"t": 1}), ((), {"h": [1], "i": 2, "t": 1})]),
    "Compiled.allowed of lists": (LISTS.allowed, [(({"h": 3, "i": [2, 3]},), {"t": 1})]),
    "ModelSpace.over": (MODEL.at(t=1).space.over, [(({"h": "1..3"},), {"i": [1, 2]})]),
    "ModelSpace.within": (SPACE.within, [(("params <= 9", "h <= 2"), {})]),
    "ModelSpace.measuring": (SPACE.measuring, [(("macs, x = 2*params",), {})]),
    "ModelSpace.ask": (SPACE.ask, [(("params",), {})]),
    "ModelSpace.__contains__": (SPACE.__contains__, [(({"h": 1, "i": 1},), {})]),
    "ModelSpace.counted": (SPACE.counted, [((), {})]),
    "ModelSpace.sample": (SPACE.sample, [((2, 0), {})]),
    "ModelSpace.samples": (SPACE.samples, [((2, 0), {})]),
    "ModelSpace.best": (SPACE.best, [(("params", True, 2, 9.0), {})]),
    "ModelSpace.front": (SPACE.front, [((["params", "min:macs"], 9.0), {})]),
    "PublicAnswer.to_pandas": (MODEL.report().to_pandas, [(("sympy",), {}), ((), {})]),
    "Sensitivities.elasticity": (OPEN.sensitivities().elasticity, [(("h",), {})]),
}  # fmt: skip

#: What is called with nothing, or only to change a record: ``but`` is of :mod:`symparams.records`,
#: and ``notated`` takes notations that the package read.
NO_ARGUMENTS = {"but", "in_sympy", "notated", "text", "to_dict"}


def replaced(
    positional: tuple[Any, ...], named: dict[str, Any], value: Any
) -> Iterator[tuple[tuple[Any, ...], dict[str, Any]]]:
    """A call with one argument, or one value inside of a mapping or list, changed."""
    for k, one in enumerate(positional):
        yield (*positional[:k], value, *positional[k + 1 :]), named
        if isinstance(one, dict):
            for name in one:
                yield (*positional[:k], {**one, name: value}, *positional[k + 1 :]), named
        if isinstance(one, list):
            yield (*positional[:k], [*one, value], *positional[k + 1 :]), named
    for name, one in named.items():
        yield positional, {**named, name: value}
        if isinstance(one, list):
            yield positional, {**named, name: [*one, value]}
        if isinstance(one, dict):
            for inner in one:
                yield positional, {**named, name: {**one, inner: value}}


def ended(call: Callable[..., Any], args: tuple[Any, ...], named: dict[str, Any]) -> str:
    """What a call ends with: "" of an answer, the text of an error of ours, or another error."""
    try:
        call(*args, **named)
    except SymparamsError as error:
        return str(error) or "an error without a text"
    except Exception as error:
        return f"NOT OURS: {error!r}"
    return ""


@pytest.mark.parametrize("name", CALLS)
def test_only_our_errors(name):
    call, good = CALLS[name]
    for positional, named in good:
        for what, value in STRANGE.items():
            for args, kwargs in replaced(positional, named, value):
                start = time.process_time()
                told = ended(call, args, kwargs)
                assert "NOT OURS" not in told, f"{what}: {told}"
                assert "without a text" not in told, what
                assert time.process_time() - start < 10, what


@pytest.mark.parametrize("name", CALLS)
def test_the_good_calls_are_good(name):
    call, good = CALLS[name]
    for args, kwargs in good:
        told = ended(call, args, kwargs)
        assert not told or "not installed" in told or "No module named 'torch'" in told


def answers() -> dict[str, type]:
    """The classes of all answers, and of the records in them, by name."""
    found: dict[str, type] = {"Library": symparams.Library, "Model": symparams.Model}
    todo: list[Any] = [MODEL.rows, MODEL.space]
    for call, good in CALLS.values():
        for args, kwargs in good:
            with suppress(SymparamsError):
                todo.append(call(*args, **kwargs))
    while todo:
        value = todo.pop()
        if isinstance(value, dict):
            todo += value.values()
        elif isinstance(value, list | tuple):
            todo += value
        elif is_answer(type(value)) and type(value).__name__ not in found:
            found[type(value).__name__] = type(value)
            todo += [v for n, v in getattr(value, "__dict__", {}).items() if n[0] != "_"]
    return found


#: What stands behind the answers: its methods take what other parts of the package made.
INSIDE = (
    "algebra", "layers", "language", "errors", "network", "elaboration", "search", "views",
    "analysis.questions", "analysis.operating_point",
)  # fmt: skip


def is_answer(kind: type) -> bool:
    """Whether a class is one of ours that is made to be used."""
    room, _, module = kind.__module__.partition(".")
    return room == "symparams" and not f"{module}.".startswith(tuple(f"{m}." for m in INSIDE))


def test_every_method_is_in_the_table():
    """Whoever adds a function or a method adds its calls to :data:`CALLS`."""
    public = [n for n in symparams.__all__ if n not in ("__version__", "SymparamsError")]
    wanted = {n for n in public if inspect.isfunction(getattr(symparams, n))}
    for name, kind in answers().items():
        for method in dir(kind):
            own = inspect.getattr_static(kind, method)
            shown = not method.startswith("_") or method in (
                "__call__",
                "__contains__",
                "__getitem__",
            )
            if shown and inspect.isfunction(own) and method not in NO_ARGUMENTS:
                wanted.add(
                    own.__qualname__ if own is PublicAnswer.to_pandas else f"{name}.{method}"
                )
    assert wanted <= CALLS.keys()
    assert {
        "PublicAnswer.to_pandas",
        "Model.at",
        "Compiled.__call__",
        "ModelSpace.sample",
        "Library.get",
    } <= wanted


@pytest.mark.parametrize(
    "module", [api, builds, studies, compiled, import_module("symparams.analysis.model_space")]
)
def test_examples_in_docstrings(module):
    assert doctest.testmod(module, extraglobs={"symparams": symparams}).failed == 0
