"""Nets, blocks and models of a drawn source, and the text of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from tests.properties.whole.sizes import Exact, Var, number, operand, said


@dataclass(frozen=True)
class Kind:
    """A layer: its kind, its sizes in order, its options by name (sizes, words or flags)."""

    name: str
    args: tuple[Any, ...] = ()
    options: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True)
class Links:
    """``a -> b -> c``; of no parts, ``id``."""

    parts: tuple[Any, ...]


@dataclass(frozen=True)
class RepeatOf:
    """``net * times``; written the other way round where ``first`` says so."""

    net: Any
    times: Any
    first: bool = False


@dataclass(frozen=True)
class Each:
    """``[net for index in items]``; two targets take a row apart."""

    net: Any
    targets: tuple[str, ...]
    items: Any


@dataclass(frozen=True)
class Beside:
    """``(a + b)``, ``-``, ``*`` or ``|``: nets on the same input."""

    op: str
    nets: tuple[Any, ...]


@dataclass(frozen=True)
class BesideEach:
    """``sum(net for index in items)``, or ``cat(…)``."""

    name: str
    net: Any
    index: str
    items: Any


@dataclass(frozen=True)
class ChoiceOf:
    """``(if condition then first else second)``, of nets."""

    condition: Any
    first: Any
    second: Any


@dataclass(frozen=True)
class UseOf:
    """A use of a block by name, with a size for some of its parameters."""

    name: str
    args: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True)
class SharedUse:
    """A use of a shared net."""

    name: str


@dataclass(frozen=True)
class Wrapping:
    """``residual(net)``, ``freeze(net)``, ``train(net)``, ``keep(net)``, ``bidirectional(net)`` or
    ``precision(net)``, whose ``merge`` is its bits.
    """

    name: str
    net: Any
    merge: str = ""


@dataclass(frozen=True)
class Experts:
    """``moe(net, n, top)``."""

    net: Any
    n: Any
    top: Any


@dataclass(frozen=True)
class Half:
    """``split(parts)[place]``."""

    parts: int
    place: int


@dataclass(frozen=True)
class Scaling:
    """``{ weight name[sizes]; (id op name) }``; ``word`` is weight, table or buffer."""

    name: str
    sizes: tuple[Any, ...]
    word: str
    op: str


@dataclass(frozen=True)
class Twins:
    """A bundle in a repeat: what comes in goes through both nets apart, ``times`` times.

    The axis is ``d`` in the first and ``e`` in the second; the ends are concatenated.
    """

    name: str
    first: Any
    second: Any
    times: Any


@dataclass(frozen=True)
class Sharing:
    """``{ shared name = net; …; block …; net }``: names for what is used inside."""

    shared: tuple[tuple[str, Any], ...]
    blocks: tuple[DrawnBlock, ...]
    net: Any


@dataclass(frozen=True)
class DrawnBlock:
    """``block name(parameters) on [axes] where … = net``.

    ``parameters`` are names with a default or None; ``axes`` are names, ``_``
    and ``...``.
    """

    name: str
    parameters: tuple[tuple[str, Any], ...]
    axes: tuple[str, ...]
    where: tuple[Any, ...]
    net: Any


@dataclass(frozen=True)
class DrawnSize:
    """A parameter of a model: its domain (low, high, step, or choices), its default.

    A default is a number, a size of names before it, or a list.
    """

    name: str
    choices: tuple[Exact, ...] = ()
    steps: tuple[int, int, int] | None = None
    default: Any = None


@dataclass(frozen=True)
class Whole:
    """A source: top-level blocks and a model."""

    blocks: tuple[DrawnBlock, ...]
    symbols: tuple[DrawnSize, ...]
    where: tuple[Any, ...]
    input: tuple[Any, ...]
    body: Sharing
    tokens: bool = False


# --- text ------------------------------------------------------------------


def net_text(net: Any) -> str:
    """A net as text that can stand anywhere."""
    match net:
        case Kind(name, args, options):
            listed = [said(a) for a in args]
            listed += [f"{n} = {v if isinstance(v, str) else said(v)}" for n, v in options]
            return f"{name}({', '.join(listed)})" if listed else name
        case Links(()):
            return "id"
        case Links((one,)):
            return net_text(one)
        case Links(parts):
            return f"({' -> '.join(map(net_text, parts))})"
        case RepeatOf(inner, times, first):
            left, right = net_text(inner), operand(times)
            return f"({right} * {left})" if first else f"({left} * {right})"
        case Each(inner, targets, items):
            names = targets[0] if len(targets) == 1 else f"({', '.join(targets)})"
            return f"[{net_text(inner)} for {names} in {said(items)}]"
        case Beside(op, nets):
            return f"({f' {op} '.join(map(net_text, nets))})"
        case BesideEach(name, inner, index, items):
            return f"{name}({net_text(inner)} for {index} in {said(items)})"
        case ChoiceOf(condition, one, other):
            return f"(if {said(condition)} then {net_text(one)} else {net_text(other)})"
        case UseOf(name, args):
            return f"{name}({', '.join(f'{n} = {said(a)}' for n, a in args)})" if args else name
        case SharedUse(name):
            return name
        case Wrapping(name, inner, merge):
            more = f", {'bits' if name == 'precision' else 'merge'} = {merge}" if merge else ""
            return f"{name}({net_text(inner)}{more})"
        case Experts(inner, n, top):
            return f"moe({net_text(inner)}, {said(n)}, {said(top)})"
        case Half(parts, place):
            return f"split({parts})[{place}]"
        case Scaling(name, sizes, word, op):
            return f"{{ {word} {name}[{', '.join(map(said, sizes))}]; (id {op} {name}) }}"
        case Twins(name, one, other, times):
            both = f"(x -> {net_text(one)}), (y -> {net_text(other)})"
            head = f"block {name} on (x[..., d], y[..., e]) = {both}"
            return f"{{ {head}; (id, id) -> ({name} * {operand(times)}) -> cat }}"
        case Sharing():
            return _braces(net, net_text(net.net))
    raise TypeError(type(net).__name__)


def _braces(sharing: Sharing, result: str) -> str:
    """Braces around a result; what nothing names is left out."""
    lines: list[str] = []
    for block in reversed(sharing.blocks):
        if named(block.name, result, *lines):
            lines.insert(0, _block_text(block))
    for name, net in reversed(sharing.shared):
        if named(name, result, *lines):
            lines.insert(0, f"shared {name} = {net_text(net)}")
    return f"{{ {'; '.join([*lines, result])} }}" if lines else result


def named(name: str, *texts: str) -> bool:
    """Whether a name stands in a text; the names of blocks and shared nets are used once."""
    return any(re.search(rf"\b{name}\b", text) for text in texts)


def _block_text(block: DrawnBlock) -> str:
    listed = [n if d is None else f"{n} = {said(d)}" for n, d in block.parameters]
    parameters = f"({', '.join(listed)})" if listed else ""
    axes = f" on [{', '.join(block.axes)}]" if block.axes else ""
    where = f" where {', '.join(map(said, block.where))}" if block.where else ""
    return f"block {block.name}{parameters}{axes}{where} = {net_text(block.net)}"


def _symbol_text(symbol: DrawnSize) -> str:
    text = symbol.name
    if symbol.choices:
        text += f" in {{{', '.join(map(number, symbol.choices))}}}"
    elif symbol.steps is not None:
        low, high, step = symbol.steps
        text += f" in {low}..{high}" + (f" step {step}" if step != 1 else "")
    return text + ("" if symbol.default is None else f" = {said(symbol.default)}")


def source_text(whole: Whole) -> str:
    """A source, a statement a line."""
    kind = "tokens" if whole.tokens else "input"
    links = whole.body.net.parts if isinstance(whole.body.net, Links) else (whole.body.net,)
    link = " -> ".join(map(net_text, links)) or "id"
    result = f"{kind}({', '.join(map(said, whole.input))}) -> {link}"
    where = f" where {', '.join(map(said, whole.where))}" if whole.where else ""
    head = f"model m({', '.join(map(_symbol_text, whole.symbols))})" if whole.symbols else "model m"
    lines = [f"{head}{where} = {_braces(whole.body, result)}"]
    for block in reversed(whole.blocks):
        if named(block.name, *lines):
            lines.insert(0, _block_text(block))
    return "\n".join(lines)


# --- walking ---------------------------------------------------------------


def parts_of(part: Any) -> Iterator[Any]:
    """A part and all parts below it."""
    yield part
    if is_dataclass(part):
        for field in fields(part):
            yield from parts_of(getattr(part, field.name))
    elif isinstance(part, tuple | list):
        for item in part:
            yield from parts_of(item)


def names_of(part: Any) -> set[str]:
    """Every name of a size that is read in a part."""
    return {p.name for p in parts_of(part) if isinstance(p, Var)}


def kinds_of(parts: Iterable[Any]) -> set[str]:
    """The layer kinds in some parts."""
    return {p.name for p in parts if isinstance(p, Kind)}
