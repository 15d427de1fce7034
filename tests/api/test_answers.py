"""What the API says it returns, it returns: asked of every public member of every answer.

A walk goes through the attributes, properties and methods of models, and of all that they
answer with, however deep. What stands behind an answer (:data:`BEHIND`) it does not enter.
"""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import sympy
from sympy.core.function import AppliedUndef

import symparams
from symparams.errors import SymparamsError
from symparams.records import Record

ROOT = Path(__file__).resolve().parents[2]

#: Texts of models: open sizes, numbers only, floors, series, shares, fractions, bundles.
MODELS = {
    "open": "input(t, i) -> lstm(h) -> dense(i)",
    "numbers": "input(8, 8, 3) -> conv(4, 3) -> bn -> flatten -> dense(10)",
    "floors": "input(H, W, 3) -> maxpool(2) -> flatten -> dense(10)",
    "a series": "model m(h = 8, n = 4) = input(h) -> [dense(h + k) for k in 1..n] -> dense(h)",
    "domains": "model m(h in 8..64 step 8 = 16, f = 4*h, a = 2) where h % a == 0 = input(9, h) -> attention(a) -> dense(f) -> dense(h)",
    "fractions": "model m(alpha in {1/4, 1/2, 1} = 1) = input(3) -> dense(make_divisible(32*alpha, 8))",
    "shared": "model m(v = 9, h = 4) = { shared E = embed(v, h); tokens(5) -> E -> dense(h) -> E.T }",
    "a bundle": "input(6, h) -> (dense(h) | dense(2*h)) -> split(3)",
    "a weight": "model m(s, h) = { weight scale[h]; input(s, h) * scale -> precision(dense(h), 8) }",
    "two parts": "input(h) -> dense(h) -> dense(9)",
    "two roots": "input(3, i) -> lstm(h) -> dense(c)",
    "a scalar": "default bn(counter = yes)\nmodel m(h) = input(h) -> bn -> linear(3)",
    "a default line": "default gru(bias_vectors = 2)\nmodel m(h) = input(5, h) -> gru(h)",
    "many sizes": f"model m({', '.join(f'size_{k}' for k in range(60))}) = input(3) -> dense({' + '.join(f'size_{k}' for k in range(60))})",
    "no sizes": "model m = input(3) -> relu",
}


#: Rooms and files whose objects stand behind an answer, for the package's own use.
BEHIND = (
    "algebra.facts", "elaboration", "language", "layers", "network", "search.space",
    "analysis.operating_point", "analysis.questions",
)  # fmt: skip
#: What of them Python is handed, with the formulas in it.
HANDED = {"Bundled", "Limit", "Pass", "Signal", "Weight"}
LONGEST = 200

#: Method → arguments that some of the models take; an error of ours is an answer, too.
ASKED: dict[str, list[Callable[[Any], Any]]] = {
    "Model": [
        lambda m: m.at(dict.fromkeys(m.symbols, 8)),
        lambda m: m.at({n: 2 * sympy.Symbol("w") for n in list(m.symbols)[:1]}),
        lambda m: m.subs(m.params, dict.fromkeys(list(m.symbols)[:1], 8)),
        lambda m: m.count(dict.fromkeys(m.symbols, 8)),
        lambda m: m.measure("macs"),
        lambda m: m.compile(backend="python"),
        lambda m: m.prove("h^2"),
        lambda m: m.prove(str(m.params).replace("**", "^")),
        lambda m: m.sensitivity(list(m.symbols)[-1]),
        lambda m: m.sensitivities(),
        lambda m: m.sensitivities("macs", dict.fromkeys(m.symbols, 8)),
        lambda m: m.hessian(),
        lambda m: m.trade(*list(m.symbols)[:2]),
        lambda m: m.trade("h", "i", dict.fromkeys(m.symbols, 8)),
        lambda m: m.leading(*m.symbols),
        lambda m: m.leading(*m.symbols, dict.fromkeys(m.symbols, 8)),
        lambda m: m.crossover("lstm", "dense"),
        lambda m: m.crossover("lstm", "dense", "i", dict.fromkeys(m.symbols, 8)),
        lambda m: m.crossover("attention", "dense[0]"),
        lambda m: m.crossover("dense[0]", "dense[1]"),
        lambda m: m.shares(),
        lambda m: m.shares(dict.fromkeys(m.symbols, 8)),
        lambda m: m.solve("params <= 1000", "h", {n: 4 for n in m.symbols if n != "h"}),
        lambda m: m.solve("params == 999", "h", {n: 4 for n in m.symbols if n != "h"}),
        lambda m: m.solve("params <= B", "h"),
        lambda m: m.solve("params <= B", list(m.symbols)[-1], "1..9"),
        lambda m: m.search("params", ["params <= 1000"], dict.fromkeys(m.symbols, "8..16:8")),
        lambda m: m.space.over({n: "8..16:8" for n in m.symbols if m.name == "network"}),
        lambda m: m.report(),
        lambda m: m.report("macs"),
    ],
    "Compiled": [lambda f: f(dict.fromkeys(f.names, 8)), lambda f: f.allowed(dict.fromkeys(f.names, 8))],
    "ModelSpace": [
        lambda s: s.within("params <= 1000"),
        lambda s: s.ask("params"),
        lambda s: s.counted(),
        lambda s: s.sample(2),
        lambda s: s.samples(2),
        lambda s: s.best("params", top=2),
        lambda s: s.front(["params", "min:macs"]),
    ],
    "Sensitivities": [lambda s: s.elasticity(s.items[0].symbol)],
}  # fmt: skip


def is_ours(value: object) -> bool:
    return str(type(value).__module__).startswith("symparams.")


def behind(value: object) -> bool:
    """Whether something stands behind the answers."""
    module = str(type(value).__module__).removeprefix("symparams.")
    inside = f"{module}.".startswith(tuple(f"{m}." for m in BEHIND))
    return is_ours(value) and inside and type(value).__name__ not in HANDED


def members(value: Any) -> Iterator[tuple[str, Any]]:
    """The public attributes and properties of an object of ours, and what its methods answer."""
    for name in dir(value):
        if name.startswith("_") or (isinstance(value, Record) and hasattr(Record, name)):
            continue
        with suppress(SymparamsError):  # as a measure without a closed form
            member = getattr(value, name)
            if not inspect.isroutine(member):
                yield name, member
    for ask in ASKED.get(type(value).__name__, ()):
        with suppress(SymparamsError, TypeError, IndexError):  # there is no such size, or part
            yield "()", ask(value)


def walked(value: Any, member: str, above: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """``Row.count`` and a value, of everything in an answer; of a list, what is in it."""
    if isinstance(value, Mapping) and not isinstance(value, symparams.Library):
        value = tuple(value.values())
    if isinstance(value, tuple | list | frozenset):
        for one in value:
            yield from walked(one, member, above)
        return
    yield member, value
    kind = type(value).__name__
    if is_ours(value) and not behind(value):
        if kind in ("Model", "ModelSpace") and above.count(kind) == 2:
            return  # what is made of a model is a model again
        for name, found in members(value):
            yield from walked(found, f"{kind}.{name}", (*above, kind))


@cache
def everything() -> list[tuple[str, str, Any]]:
    """(a model, a member, a value) of all members of all answers to all models."""
    return [
        (name, member, value)
        for name, text in MODELS.items()
        for member, value in walked(symparams.parse(text), "parse()")
    ] + [("library", m, v) for m, v in walked(symparams.load("zoo:gpt2"), "load()")]


def documented(column: int) -> set[str]:
    """What docs/python.md lists of each record: ``Row.count`` and others."""
    page = (ROOT / "docs/python.md").read_text("utf-8")
    rows = [line.split("|")[1:-1] for line in page.splitlines() if line.startswith("| `")]
    return {
        f"{record}.{name}"
        for row in rows
        for record in re.findall(r"`(\w+)`", row[0])
        for name in re.findall(r"`(\w+)`", row[column])
    }


def is_number(value: object) -> bool:
    return type(value) in (int, Fraction)


# --- what the docs say ------------------------------------------------------------


def test_members_are_what_the_docs_say():
    """A member that is a formula in one model is one in all, and the docs name it; so of numbers."""
    found = [(m, v) for _, m, v in everything() if not m.endswith("()") and "Symbols." not in m]
    formulas = {member for member, value in found if isinstance(value, sympy.Expr)}
    numbers = {member for member, value in found if is_number(value)}
    assert formulas == documented(1)
    assert numbers == documented(2)
    assert not formulas & numbers


def test_there_are_only_values_of_python_of_sympy_and_answers():
    plain = (str, bool, type(None), sympy.Basic, sympy.MatrixBase)
    strange = {
        f"{member} of {name}: {type(value)}"
        for name, member, value in everything()
        if not is_number(value)
        and not isinstance(value, plain)
        and (not is_ours(value) or type(value).__module__.startswith("symparams.algebra.poly"))
    }
    assert not strange


def test_formulas_are_in_the_symbols_of_the_model():
    """What is handed out meets the symbols that Python has of the model, and no others."""
    for name, text in MODELS.items():
        model = symparams.parse(text)
        own = {*model.symbols.values(), *model.report().total.free_symbols}
        for row in model.rows:
            indices = {p.index for p in row.passes} | ({row.leads.index} if row.leads else set())
            shapes = [flow.axes for flow in (row.source, row.output) if hasattr(flow, "axes")]
            shapes += [weight.shape for weight in row.weights]
            for formula in (row.count, *(axis for axes in shapes for axis in axes)):
                assert formula.free_symbols <= own | indices, (name, row.name)


@pytest.mark.parametrize("name", MODELS)
def test_formulas_are_sympys(name):
    """SymPy takes what it is handed, and says of it what it says of params."""
    model = symparams.parse(MODELS[name])
    report, proof = model.report(), model.prove("1")
    assert report.total == model.compile(backend="python").formula == model.params
    assert proof.left == model.at(model.defaults).params == proof.verdict.difference + 1
    counted = [row.total for row in report.rows if not row.is_group]
    assert sympy.expand(sum(counted)) == sympy.expand(model.params)
    for formula in (report.total, *(row.count for row in report.rows)):
        assert formula + 1 == 1 + formula
        assert sympy.expand(sympy.simplify(formula)) == formula or formula.has(sympy.floor)
        assert "^" in sympy.latex(formula) or "**" not in str(formula)
        sizes = sorted(formula.free_symbols, key=str)
        point = [sympy.Rational(16)] * len(sizes)
        called = sympy.lambdify(sizes, formula, "sympy") if not formula.has(AppliedUndef) else None
        value = formula.subs(dict(zip(sizes, point, strict=True)))
        assert called is None or called(*point) == pytest.approx(value)  # thirds are floats
    for item in model.sensitivities().items:
        if item.derivative is not None:
            assert item.derivative == sympy.diff(model.params, model.symbols[item.symbol])


def test_roots_are_sympys():
    model = symparams.parse(MODELS["two roots"])
    found = model.solve("params <= B", "h", c=9, i=2)
    assert found.root == found.closed == model.solve("params <= B", "h", c=9, i=2).closed
    assert isinstance(found.root, sympy.Expr)
    found = model.crossover("lstm", "dense")
    for name, threshold in found.along.items():
        for root in threshold.roots:
            assert sympy.simplify(found.difference.subs(model.symbols[name], root)) == 0
    assert {n: len(t.roots) for n, t in found.along.items()} == {"i": 1, "h": 2, "c": 1}


# --- one line ---------------------------------------------------------------------


def test_reprs_are_one_line():
    for name, member, value in everything():
        if is_ours(value):
            written = repr(value)
            assert "\n" not in written, (name, member)
            assert len(written) <= LONGEST, (name, member, written)
            assert " object at 0x" not in written or behind(value), (name, member, written)


def test_what_a_repr_says():
    model = symparams.parse(MODELS["open"])
    assert repr(model.s) == "<symbols t, i, h>"
    assert repr(model.network) == "<network of network: t, i, h>"
    assert repr(model.sensitivities().items[0]) == (
        "Sensitivity(symbol='h', step=1, derivative=8*h + 5*i + 4, reason='', "
        "difference=8*h + 5*i + 8, at=None)"
    )
    assert repr(model.space.over(h="1..8").within("params <= 9")) == (
        "<space of network: h in 1..8 within params <= 9>"
    )


# --- without SymPy ----------------------------------------------------------------

COUNTING = f"""
import sys, symparams
model = symparams.parse({MODELS["open"]!r})
model.count(t=1, i=2, h=3), model.at(t=1, i=2, h=3).count("macs"), repr(model), model.conditions
model.compile(backend="python")(t=1, i=2, h=3), model.compile(backend="python")
symparams.load("zoo:gpt2")["gpt2"].count(), repr(symparams.load("zoo:gpt2"))
assert not {{"sympy", "numpy"}} & set(sys.modules)
model.params
assert "sympy" in sys.modules
"""


def test_counting_loads_no_sympy():
    subprocess.run([sys.executable, "-c", COUNTING], check=True, timeout=60)


# --- sizes by name ----------------------------------------------------------------


def test_sympys_own_symbol_is_another():
    """What the remark at Model says, and the three ways round it."""
    model = symparams.parse(MODELS["two parts"])
    assert model.params.subs("h", 3) == model.params
    wanted = model.count(h=3)
    assert model.at(h=3).params == wanted
    assert model.subs(model.params, h=3) == wanted
    assert model.params.subs(model.s.h, 3) == wanted
    assert model.s.h is model.symbols["h"]


@pytest.mark.parametrize("name", MODELS)
def test_subs_is_as_at(name):
    model = symparams.parse(MODELS[name])
    point = {n: Fraction(1, 2) if n == "alpha" else 16 for n in model.symbols if n != "a"}
    part = dict(list(point.items())[:1])
    for given in ({}, part, point):
        assert sympy.expand(model.subs(model.params, given)) == model.at(given).params
        macs = model.subs(model.measure("macs"), given)
        assert sympy.expand(macs) == model.at(given).measure("macs")


def test_subs_takes_formulas_and_matrices():
    model = symparams.parse(MODELS["two parts"])
    w = sympy.Symbol("w", positive=True, integer=True)
    assert model.subs(model.params, h=2 * w) == 4 * w**2 + 20 * w + 9
    assert model.subs(model.hessian(), h=2) == sympy.Matrix([[2]])
    assert model.subs(model.s.h + w, {"h": w + 1}) == 2 * w + 1
    with pytest.raises(SymparamsError, match="'h' must be a positive integer, not 0"):
        model.subs(model.params, h=0)


@pytest.mark.parametrize(
    ("call", "kind", "says"),
    [
        (lambda: symparams.parse("zoo:gpt2"), SymparamsError, "'zoo:gpt2' is no text of a model, but the name of one\n    symparams.load(\"zoo:gpt2\")[\"gpt2\"]"),
        (lambda: symparams.load("zoo:gpt2")["gtp2"], KeyError, "there is no model 'gtp2'\n    did you mean 'gpt2'?"),
        (lambda: symparams.parse("input(heads)").s.haeds, AttributeError, "there is no open size 'haeds'\n    did you mean 'heads'?"),
        (lambda: symparams.parse("input(3)").s.h, AttributeError, "there is no open size 'h'\n    there is none"),
        (lambda: symparams.parse("input(h)").subs("h", h=3), SymparamsError, "a formula must be a SymPy expression, not 'str'\n    sizes are given to the model itself by at(h=…)"),
    ],
)  # fmt: skip
def test_names_that_are_slips(call, kind, says):
    with pytest.raises(kind) as caught:
        call()
    assert isinstance(caught.value, SymparamsError)
    assert str(caught.value) == says
