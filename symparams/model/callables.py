"""What can be called: layer kinds, blocks, size functions, inputs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from symparams.algebra import FUNCTIONS, Size, add_up, text
from symparams.algebra.conditions import Condition
from symparams.errors import Span, SymparamsError, Unsupported, did_you_mean
from symparams.language import tree
from symparams.layers import kinds
from symparams.layers.base import REQUIRED, Layer, Option
from symparams.model.nets import BlockNet, JoinNet, LayerNet, Net
from symparams.model.network import Applied, InputNode
from symparams.model.run import Run
from symparams.model.scope import DefaultLine, Scope
from symparams.model.signals import Signal
from symparams.model.values import Listed, Tensor, Value, Word, describe, is_size

if TYPE_CHECKING:
    from symparams.model.evaluate import Evaluator


class Target(Protocol):
    """Something callable; ``noun`` is what errors call it."""

    noun: str

    def call(self, evaluator: Evaluator, node: tree.Call, scope: Scope) -> Value:
        """The value of a call."""


def bind(
    node: tree.Call, names: Sequence[str], places: int, what: str, noun: str = "option"
) -> dict[str, tree.Expression]:
    """Arguments by name; ``names`` in order, of which ``places`` may be positional.

    Raises:
        SymparamsError: too many, unknown, or given twice.
    """
    given: dict[str, tree.Expression] = {}
    if len(node.args) > places:
        extra = node.args[places]
        allowed = "takes none" if not places else f"takes {places}"
        later = [n for n in names[places:] if n not in {o.name for o in node.options}]
        hint = f"name it: {', '.join(f'{n} = …' for n in later[:4])}" if later else ""
        raise SymparamsError(
            f"{what} {allowed} argument{'s' * (places != 1)} without a name", extra.span, hint
        )
    for name, expression in zip(names, node.args, strict=False):
        given[name] = expression
    for option in node.options:
        if option.name not in names:
            known = ", ".join(names)
            raise SymparamsError(
                f"{what} has no {noun} '{option.name}'",
                option.name_span,
                did_you_mean(option.name, names, f"it has {known}" if known else "it has none"),
            )
        if option.name in given:
            raise SymparamsError(f"{what} is given '{option.name}' twice", option.name_span)
        given[option.name] = option.value
    return given


# --- layer kinds -----------------------------------------------------------


@dataclass(frozen=True)
class KindTarget:
    """A built-in layer kind."""

    layer: type[Layer]
    noun: ClassVar[str] = "layer kind"

    def call(self, evaluator: Evaluator, node: tree.Call, scope: Scope) -> Value:
        kind, options = self.layer.kind, self.layer.options
        placed = [n for n, o in options.items() if o.place is not None]
        placed.sort(key=lambda n: options[n].place or 0)
        names = placed + [n for n in options if n not in placed]
        given = bind(node, names, len(placed), f"'{kind}'")
        values: dict[str, Any] = {}
        applied: list[Applied] = []
        for name, option in options.items():
            if name in given:
                values[name] = option_value(evaluator, given[name], scope, option, name, kind)
                continue
            line = scope.default(kind, name)
            if line is not None:
                values[name] = _default_value(evaluator, line, option, name, kind)
                shown = line.value.span.text
                applied.append(Applied(name, shown, line.span, line.origin))
            elif option.default is REQUIRED:
                raise SymparamsError(f"'{kind}' needs '{name}' ({option.says})", node.span)
        return LayerNet(node.span, self.layer(**values), tuple(applied))


def _default_value(
    evaluator: Evaluator, line: DefaultLine, option: Option, name: str, kind: str
) -> Any:
    return option_value(evaluator, line.value, line.scope, option, name, kind)


def option_value(
    evaluator: Evaluator,
    node: tree.Expression,
    scope: Scope,
    option: Option,
    name: str,
    kind: str,
) -> Any:
    """The value of an option, checked against its declaration.

    Raises:
        SymparamsError: the wrong kind of value, or one out of its range.
    """
    what = f"'{name}' of '{kind}'"
    words = option.words
    if isinstance(node, tree.Name) and node.id in words and not scope.binds(node.id):
        return node.id
    if (
        isinstance(node, tree.Name)
        and words
        and not scope.binds(node.id)
        and node.id not in evaluator.built_in
    ):
        # A free name may be a size, but not when it is a word with a slip in it.
        meant = did_you_mean(node.id, words)
        if option.type == "word" or scope.free is None or meant:
            hint = meant or f"it may be {', '.join(words)}{' or a size' * (option.type != 'word')}"
            raise SymparamsError(f"{what} cannot be '{node.id}'", node.span, hint)
    value = evaluator.value(node, scope)
    if isinstance(value, Word) and value.id in words:
        return value.id
    if option.type == "word":
        if value is None and "none" in words:
            return "none"
        raise SymparamsError(
            f"{what} must be one of {', '.join(words)}, not {describe(value)}", node.span
        )
    if option.type == "flag":
        if not isinstance(value, bool):
            raise SymparamsError(f"{what} must be yes or no, not {describe(value)}", node.span)
        return value
    if option.type == "net":
        return evaluator.as_net(value, node, scope)
    if option.type == "sizes" and isinstance(value, Listed):
        return tuple(
            _checked(evaluator, item, node.span, option, f"each of {what}") for item in value.items
        )
    if option.type == "count":
        size = evaluator.as_size(value, node.span, "a number")
        value = evaluator.run.number(size, node.span, what)
    return _checked(evaluator, value, node.span, option, what)


def _checked(evaluator: Evaluator, value: Value, span: Span, option: Option, what: str) -> Size:
    """A size of an option, an integer not below the least."""
    if not is_size(value):
        raise SymparamsError(f"{what} must be a size, not {describe(value)}", span)
    size: Any = value
    if option.type != "number":
        shown = f", not {text(size)}"
        evaluator.run.require(
            Condition("integer", size, says=f"{what} must be an integer{shown}"), span
        )
    evaluator.run.require(
        Condition(
            "positive" if option.low == 1 else "nonnegative",
            size if option.low == 1 else size - option.low,
            says=f"{what} must be at least {option.low}, not {text(size)}",
        ),
        span,
    )
    return size  # type: ignore[no-any-return]


# --- inputs and size functions ---------------------------------------------


@dataclass(frozen=True)
class InputTarget:
    """``input(h, w, c)`` and ``tokens(s)``."""

    tokens: bool
    noun: ClassVar[str] = "input"

    def call(self, evaluator: Evaluator, node: tree.Call, scope: Scope) -> Value:
        name = "tokens" if self.tokens else "input"
        if node.options:
            raise SymparamsError(
                f"'{name}' has no option '{node.options[0].name}'", node.options[0].name_span
            )
        if not node.args:
            raise SymparamsError(
                f"'{name}' needs its sizes",
                node.span,
                "as in tokens(128)" if self.tokens else "as in input(224, 224, 3)",
            )
        option = Option("size", "", "")
        axes = tuple(
            _checked(
                evaluator,
                evaluator.as_size(evaluator.value(a, scope), a.span),
                a.span,
                option,
                f"an axis of '{name}'",
            )
            for a in node.args
        )
        axes = tuple(evaluator.run.facts.reduce(a) for a in axes)
        return Tensor(InputNode(Signal(axes, self.tokens), node.span, name))


@dataclass(frozen=True)
class SizeTarget:
    """``ceil``, ``min``, ``round_up``, … on sizes."""

    name: str
    function: Callable[..., Size]
    noun: ClassVar[str] = "size function"

    _counts: ClassVar[Mapping[str, int]] = {
        "ceil": 1,
        "floor": 1,
        "round": 1,
        "round_up": 2,
        "make_divisible": 2,
    }

    def call(self, evaluator: Evaluator, node: tree.Call, scope: Scope) -> Value:
        if node.options:
            raise SymparamsError(
                f"'{self.name}' has no option '{node.options[0].name}'", node.options[0].name_span
            )
        sizes = [
            evaluator.as_size(value, span, f"a size for '{self.name}'")
            for value, span in spread(evaluator, node, scope)
        ]
        wanted = self._counts.get(self.name)
        if (wanted is not None and len(sizes) != wanted) or not sizes:
            number = "at least one size" if wanted is None else f"{wanted} sizes"
            number = "one size" if wanted == 1 else number
            raise SymparamsError(f"'{self.name}' takes {number}, not {len(sizes)}", node.span)
        return self.function(*sizes)


def spread(evaluator: Evaluator, node: tree.Call, scope: Scope) -> list[tuple[Value, Span]]:
    """Positional arguments as values, comprehensions taken apart."""
    found: list[tuple[Value, Span]] = []
    for arg in node.args:
        if isinstance(arg, tree.Comprehension):
            found += [(v, arg.span) for v in evaluator.passes(arg, scope)]
        else:
            found.append((evaluator.value(arg, scope), arg.span))
    return found


# --- nets of nets ----------------------------------------------------------


@dataclass(frozen=True)
class ResidualTarget:
    """``residual(f)`` is ``id + f`` (He et al. 2015, arXiv:1512.03385)."""

    noun: ClassVar[str] = "block"

    def call(self, evaluator: Evaluator, node: tree.Call, scope: Scope) -> Value:
        given = bind(node, ("f",), 1, "'residual'")
        if "f" not in given:
            raise SymparamsError("'residual' needs the net it goes around", node.span)
        inner = evaluator.net(given["f"], scope)
        identity = LayerNet(node.span, kinds()["id"]())
        return JoinNet(node.span, "+", (identity, inner), (node.span, inner.span))


@dataclass(frozen=True)
class ParallelTarget:
    """``sum(net for c in list)`` and ``cat(…)``: nets side by side on one input."""

    op: str
    noun: ClassVar[str] = "function"

    def call(self, evaluator: Evaluator, node: tree.Call, scope: Scope) -> Value:
        name = "sum" if self.op == "+" else "cat"
        args = node.args
        options = {o.name: o.value for o in node.options}
        if self.op == "|" and len(args) > 1:
            options["axis"], args = args[-1], args[:-1]
        if set(options) - ({"axis"} if self.op == "|" else set()):
            option = node.options[0]
            raise SymparamsError(f"'{name}' has no option '{option.name}'", option.name_span)
        if "axis" in options and evaluator.integer(options["axis"], scope, "an axis") != -1:
            raise Unsupported(
                "concatenation on another axis than the last is not in this version",
                options["axis"].span,
            )
        if len(args) != 1 or not isinstance(args[0], tree.Comprehension | tree.Range):
            raise SymparamsError(
                f"'{name}' goes over a list",
                node.span,
                f"as in {name}(conv(c, 3) for c in [8, 16])",
            )
        body = args[0].body if isinstance(args[0], tree.Comprehension) else args[0]
        values = (
            evaluator.passes(args[0], scope)
            if isinstance(args[0], tree.Comprehension)
            else evaluator.items(args[0], scope)
        )
        if all(is_size(v) for v in values) and self.op == "+":
            return add_up(values)  # type: ignore[arg-type]  # all are sizes
        if not values:
            raise SymparamsError(f"'{name}' over nothing", node.span)
        nets = tuple(evaluator.as_net(v, body, scope) for v in values)
        return JoinNet(node.span, self.op, nets, (node.span,) * len(nets))


# --- blocks ----------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class BlockTarget:
    """A block of the user's own, with the names around its definition."""

    written: tree.Block
    scope: Scope
    noun: ClassVar[str] = "block"

    def call(self, evaluator: Evaluator, node: tree.Call, scope: Scope) -> Value:
        names = [p.name for p in self.written.parameters]
        given = bind(node, names, len(names), f"block '{self.written.name}'", "parameter")
        values = {n: evaluator.value(e, scope) for n, e in given.items()}
        inner = self.scope.inner()
        for parameter in self.written.parameters:
            if parameter.name in values:
                inner.names[parameter.name] = values[parameter.name]
            elif parameter.default is not None:
                inner.names[parameter.name] = evaluator.value(parameter.default, inner)
            else:
                raise SymparamsError(
                    f"block '{self.written.name}' needs '{parameter.name}'", node.span
                )

        def body(signal: Signal, run: Run) -> Net:
            # The evaluator of the call is that of the run: one run, one evaluator.
            deeper = inner.inner(
                matched(self.written.patterns, signal, run, node.span, self.written.name)
            )
            for condition in self.written.where:
                run.require(evaluator.truth(condition, deeper), condition.span)
            return evaluator.net(self.written.body, deeper)

        return BlockNet(node.span, self.written.name, body)


def matched(
    patterns: tuple[tree.Pattern, ...], signal: Signal, run: Run, span: Span, name: str
) -> dict[str, Value]:
    """The axis names of ``on [h, w, c]`` with their sizes.

    Raises:
        SymparamsError: another rank, another size, a name for two sizes.
    """
    if not patterns:
        return {}
    if len(patterns) > 1:
        raise Unsupported("a block of several inputs is not in this version", patterns[1].span)
    (pattern,) = patterns
    if pattern.name:
        raise Unsupported("an input by name is not in this version", pattern.span, "use on […]")
    axes, sizes = list(pattern.axes), list(signal.axes)
    shown = "[" + ", ".join(a.name if a.size is None else str(a.size.value) for a in axes) + "]"
    dots = [k for k, a in enumerate(axes) if a.name == "..."]
    wrong = SymparamsError(
        f"block '{name}' takes {shown}, but gets {signal.described()}",
        span,
        notes=[("its axes are named here", pattern.span)],
    )
    if dots:
        after = len(axes) - dots[0] - 1
        if len(sizes) < len(axes) - 1:
            raise wrong
        sizes = [*sizes[: dots[0]], *(sizes[len(sizes) - after :] if after else [])]
        axes.pop(dots[0])
    elif len(sizes) != len(axes):
        raise wrong
    names: dict[str, Value] = {}
    for axis, size in zip(axes, sizes, strict=True):
        if axis.size is not None:
            if run.facts.zero(size - axis.size.value) is not True:
                raise wrong
        elif axis.name in names:
            other: Any = names[axis.name]
            if run.facts.zero(size - other) is not True:
                raise wrong
        elif axis.name != "_":
            names[axis.name] = size
    return names


@cache
def built_in() -> dict[str, Any]:
    """Every built-in name that can be called."""
    table: dict[str, Any] = {n: KindTarget(k) for n, k in kinds().items()}
    table.update({n: SizeTarget(n, f) for n, f in FUNCTIONS.items()})
    table["input"] = InputTarget(tokens=False)
    table["tokens"] = InputTarget(tokens=True)
    table["residual"] = ResidualTarget()
    table["sum"] = ParallelTarget("+")
    table["cat"] = ParallelTarget("|")
    return table


@cache
def words_known() -> frozenset[str]:
    """Every word that some option may be."""
    return frozenset(w for k in kinds().values() for o in k.options.values() for w in o.words)
