"""The source text of a module, from a model's text."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import wrap

from symparams.algebra import (
    NamedValue,
    Number,
    Polynomial,
    Size,
    Symbol,
    symbol,
    symbols_of,
    text,
)
from symparams.elaboration import Network, Value, WrittenModel, build
from symparams.errors import SymparamsError, did_you_mean
from symparams.frameworks.exporting import helpers
from symparams.frameworks.exporting.classes import ClassMaker, ClassText, WrittenClass
from symparams.frameworks.exporting.drafts import ClassDraft
from symparams.frameworks.exporting.layout import laid_out
from symparams.frameworks.exporting.size_text import SizeWriter, identifiers, word_text
from symparams.frameworks.exporting.target import TextTarget
from symparams.frameworks.exporting.tracing import Tracer
from symparams.frameworks.written_calls import writing

#: The widest line of a docstring.
_WIDE = 84

#: The longest formula that a docstring has.
_LONGEST = 1_000


def target(name: str) -> TextTarget:
    """Return the words of a framework; nothing of it is imported.

    Raises:
        SymparamsError: there is none of that name.
    """
    if name == "torch":
        from symparams.frameworks.exporting.torch_target import TorchTarget

        return TorchTarget()
    if name == "keras":
        from symparams.frameworks.exporting.keras_target import KerasTarget

        return KerasTarget()
    known = ("torch", "keras")
    raise SymparamsError(
        f"unknown framework '{name}'", None, did_you_mean(name, known, "there are torch, keras")
    )


def export(
    definition: WrittenModel,
    to: str,
    values: Mapping[str, Value] | None = None,
    source: str = "",
) -> str:
    """Return the source text of a module of the framework ``to``.

    What the text leaves open, or gives a default, is an argument of the module.
    ``source`` is where the text came from.

    Raises:
        SymparamsError: a model that is wrong, or takes no input; a layer that the
            framework does not have or whose text says no forward.
    """
    words = target(to)
    network, _, classes = drafted(definition, to, values)
    called = identifiers(network.symbols)
    blocks = [_class(one, called, words, network, source, one is classes[-1]) for one in classes]
    body = "\n\n".join(blocks)
    functions = helpers.used(body, words.written_out)
    whole = "\n\n".join([*functions, body])
    return f"{_head(whole, words, definition.name, source)}\n\n\n{whole}"


def drafted(
    definition: WrittenModel, to: str, values: Mapping[str, Value] | None = None
) -> tuple[Network, ClassDraft, list[WrittenClass]]:
    """Return a model with symbols, the draft of its class, and all classes, its own the last.

    Raises:
        SymparamsError: as :func:`export` does.
    """
    words = target(to)
    network = _network(definition, values)
    tracer = Tracer(network, words)
    root = tracer.trace()
    if not tracer.inputs:
        raise SymparamsError(f"'{definition.name}' takes no input", definition.span)
    maker = ClassMaker(words, network.symbols, identifiers(network.symbols))
    with writing(to):
        return network, root, maker.all(root)


def _network(definition: WrittenModel, values: Mapping[str, Value] | None) -> Network:
    """Return the network with its sizes as symbols, those whose default names others too."""
    network = build(definition, values)
    free = {
        name: symbol(name)
        for name, size in network.derived.items()
        if isinstance(size, Polynomial) and name not in (values or {})
    }
    if not free:
        return network
    for names in (list(free), *([name] for name in free)):
        try:
            opened = build(definition, {**(values or {}), **{n: free[n] for n in names}})
        except SymparamsError:
            continue
        if opened.settled == network.settled:
            return opened
    return network


def _head(whole: str, words: TextTarget, name: str, source: str) -> str:
    """Return the docstring and the imports."""
    used = helpers.words(whole)
    lines = [f'"""{name}: {words.name}{" from " + source if source else ""}."""', ""]
    plain = ["import math"] if "math" in used and "math." in whole else []
    if "Fraction" in used:
        plain.append("from fractions import Fraction")
    if "isqrt" in used:
        plain.append("from math import isqrt")
    if "Any" in used:
        plain.append("from typing import Any")
    other = [line for word, line in words.imports.items() if word in used]
    return "\n".join([*lines, *plain, *([""] if plain else []), *_together(other)])


def _together(lines: list[str]) -> list[str]:
    """Return imports, those from one module in one line."""
    found: dict[str, list[str]] = {}
    for line in lines:
        module, _, names = line.partition(" import ")
        found.setdefault(module if names else line, []).append(names)
    return [f"{m} import {', '.join(sorted(n))}" if n != [""] else m for m, n in found.items()]


def _class(
    one: WrittenClass,
    called: Mapping[str, str],
    words: TextTarget,
    network: Network,
    source: str,
    top: bool,
) -> str:
    """Return the text of a class."""
    made = ClassText(one, dict(called), words)
    forward = made.forward()
    constructor = made.constructor()
    arguments, before = _of_model(network, called) if top else (_of_part(one, network), [])
    kept = [name for name in made.kept if name]
    lines = [f"class {one.name}({words.whole if top else words.base}):"]
    lines += _docstring(network, source) if top else [f'    """``{one.drafts[0].kind}``."""']
    head = ", ".join(["self", *arguments])
    lines += ["", *laid_out(f"def __init__({head}) -> None:", 4), "        super().__init__()"]
    for line in before:
        lines += laid_out(line, 8)
    for name in kept:
        lines.append(f"        self.{name} = {name}")
    for indent, line in constructor:
        lines += laid_out(line, indent)
    draft = one.drafts[0]
    kind = f": {words.tensor}" if words.tensor else ""
    takes = ", ".join(["self", *(f"{p.shown}{kind}" for p in draft.parameters)])
    several = isinstance(draft.result, tuple) and len(draft.result) > 1
    gives = f"tuple[{words.tensor}, ...]" if several else words.tensor
    told = f" -> {gives}" if words.tensor else ""
    lines += ["", *laid_out(f"def {words.forward}({takes}){told}:", 4)]
    for indent, line in forward:
        lines += laid_out(line, indent)
    return "\n".join(lines) + "\n"


def _of_part(one: WrittenClass, network: Network) -> list[str]:
    """Return the arguments of a block's class."""
    return [f"{name}: {_kind(values[0], network)}" for name, values in one.arguments.items()]


def _kind(value: object, network: Network) -> str:
    """Return the type of an argument."""
    if isinstance(value, Polynomial):
        names = [atom.name for atom in value.atoms() if isinstance(atom, Symbol)]
        if any(network.facts.domain(name).words for name in names):
            return "str"
        if not all(s.integer for s in symbols_of(value)):
            return "int | Fraction"
    return "bool" if isinstance(value, bool) else "int"


def _of_model(network: Network, called: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """Return the arguments of a model's class, and what works out those that name others."""
    writer = SizeWriter(lambda one: called.get(one.name, one.name))
    derived: dict[str, Size] = {}
    required, optional, before = [], [], []
    kinds = {s.name: "int" if s.integer else "int | Fraction" for s in _symbols(network)}
    others = derived_defaults(network)
    for name in network.symbols:
        words = network.facts.domain(name).words
        shown, kind = called[name], "str" if words else kinds.get(name, "int")
        default: Number | None = network.defaults.get(name)
        if name in others:
            derived[name] = others[name]
            optional.append(f"{shown}: {kind} | None = None")
            before.append(f"{shown} = {writer.text(derived[name])} if {shown} is None else {shown}")
        elif default is None:
            required.append(f"{shown}: {kind}")
        else:
            optional.append(f"{shown}: {kind} = {_number(default)}")
    return [*required, *optional], before


def _number(value: Number) -> str:
    """Return a number as Python has it exactly, one of several words as a string."""
    if isinstance(value, NamedValue):
        return word_text(value)
    return (
        str(value)
        if isinstance(value, int)
        else f"Fraction({value.numerator}, {value.denominator})"
    )


def _symbols(network: Network) -> frozenset[Symbol]:
    """Return the symbols that the count names."""
    return symbols_of(network.measure("params"))


def derived_defaults(network: Network) -> Mapping[str, Size]:
    """Return the defaults that name other sizes, of those that stand open."""
    plain = build(network.definition)
    return {n: s for n, s in plain.derived.items() if n in network.symbols}


def _docstring(network: Network, source: str) -> list[str]:
    """Return what the model's class says of itself: where it is from, and its count."""
    name = network.definition.name
    where = f", from {source}" if source else ""
    formula = text(network.measure("params"))
    if len(formula) > _LONGEST:
        return [f'    """``{name}``{where}."""']
    lines = [f'    """``{name}``{where}.', ""]
    if formula:
        lines += [
            f"    {line}" for line in wrap(f"params = {formula}", _WIDE, subsequent_indent="    ")
        ]
    return [*lines, '    """']
