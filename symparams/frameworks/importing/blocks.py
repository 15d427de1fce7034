"""Equal containers as blocks: their numbers as arguments, as axes of what comes in, or as they are.

Two containers are one block where they differ in numbers alone. A number that is the same at
every use stays; one that follows from an axis, or from an argument, is a formula; any other is an
argument. Recordings at several sizes are further uses, so a formula holds at all of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from math import prod
from typing import Any

from symparams.frameworks.importing.folding import OPAQUE, FoldedModule, folded
from symparams.frameworks.importing.graph import SourceGraph
from symparams.frameworks.importing.language_steps import (
    AXES,
    LanguageModule,
    LanguageStep,
    WordValue,
)
from symparams.frameworks.importing.lowering_layers import PLACED
from symparams.frameworks.importing.nets import (
    TextLayer,
    TextNet,
    TextUse,
    TextWeight,
    hole_names,
    holes,
    refilled,
    skeleton,
)

#: What an argument is called, by the option that it is of.
ARGUMENTS: Mapping[str, str] = {
    "units": "f",
    "filters": "c",
    "kernel": "k",
    "heads": "a",
    "kv_heads": "kv",
    "vocabulary": "V",
    "width": "h",
    "axes": "n",
    "times": "l",
    "reshape": "n",
    "window": "k",
    "split": "p",
    "output": "o",
}
#: Pieces of a class's name below this are one word with short ones beside them.
SHORT = 3
#: Where several numbers are one argument, the first of these names it.
TELLING = ("heads", "kv_heads", "filters", "units", "width", "kernel", "window", "stride", "groups")
#: Options that are 1 unless something is said.
ONE_BY_DEFAULT = ("stride", "groups", "dilation")
#: Options that follow from an axis even where they are the same at every use.
WIDTHS = ("units", "filters", "axes", "output", "reshape", "groups")
#: The largest numerator and denominator of a share of an axis or an argument.
LARGEST_SHARE = 16


class BlockUses:
    """The uses of one block, and what is an argument of it."""

    def __init__(self, key: str, title: str, net: TextNet, folded_one: FoldedModule) -> None:
        self.key = key
        self.title = title
        self.skeleton = net
        self.folded = folded_one
        self.why = ""
        self.paths: list[str] = []
        #: Of an opaque one: how many values the weights of all uses have.
        self.owned_values = 0
        #: Of each use: its numbers, and the axes of its inputs.
        self.numbers: list[tuple[int, ...]] = []
        self.inputs: list[tuple[tuple[int, ...], ...]] = []
        self.net: TextNet = net
        self.parameters: list[str] = []
        self.defaults: dict[str, int] = {}
        self.values: list[tuple[int, ...]] = []
        self.name = ""

    @property
    def ranks(self) -> tuple[int, ...]:
        """How many axes each input has."""
        return tuple(map(len, self.inputs[0]))


class BlockFinder:
    """All blocks of a source, recorded at one or several points."""

    def __init__(self, graphs: Sequence[SourceGraph], known: Callable[[str], bool]) -> None:
        self._known = known
        self._roles = {n: w.role for g in graphs for n, w in g.weights.items()}
        self.blocks: dict[str, BlockUses] = {}
        self._uses: dict[int, TextUse] = {}

    def role(self, name: str) -> str:
        """Return the role of a weight."""
        return self._roles[name]

    def found(
        self, roots: Sequence[LanguageModule], sizes: Iterable[str] = ()
    ) -> list[FoldedModule]:
        """Return each root as a net, no tensor called as a size; its blocks are known then."""
        by_height: dict[int, list[LanguageModule]] = {}
        for root in roots:
            self._heights(root, by_height)
        for height in sorted(by_height):
            self._level(by_height[height])
        known = [*(b.name for b in self.blocks.values()), *sizes]
        return [folded(r, self._use, self.role, known, root=True) for r in roots]

    def _heights(self, module: LanguageModule, found: dict[int, list[LanguageModule]]) -> int:
        height = -1
        for step in module.steps:
            if step.module is not None:
                inner = self._heights(step.module, found)
                found.setdefault(inner, []).append(step.module)
                height = max(height, inner)
        return height + 1

    def _use(self, step: LanguageStep) -> TextUse:
        assert step.module is not None
        return self._uses[id(step.module)]

    def _level(self, modules: Sequence[LanguageModule]) -> None:
        groups: dict[tuple[Any, ...], BlockUses] = {}
        members: list[tuple[LanguageModule, BlockUses, int]] = []
        for module in modules:
            if module.opaque:
                made = self._opaque(module)
            else:
                made = folded(module, self._use, self.role)
            bare = skeleton(made.net)
            ranks = tuple(len(module.axes[n]) for n in module.takes)
            mark = (module.opaque and module.title, str(plain_net(bare)), ranks)
            block = groups.get(mark)
            if block is None:
                key = f"{OPAQUE if module.opaque else ''}{len(self.blocks)}"
                block = BlockUses(key, module.title, bare, made)
                block.why = module.opaque
                block.name = self._name(module)
                groups[mark] = self.blocks[key] = block
            block.paths.append(module.path)
            block.owned_values += sum(w.values for w in module.owned if w.role != "buffer")
            block.numbers.append(holes(made.net))
            block.inputs.append(tuple(tuple(module.axes[n]) for n in module.takes))
            members.append((module, block, len(block.numbers) - 1))
        for block in groups.values():
            self._parametrise(block, self._placed)
        for module, block, place in members:
            self._uses[id(module)] = TextUse(block.key, block.values[place])

    def _placed(self, word: str) -> tuple[str, ...]:
        if word in self.blocks:
            return tuple(self.blocks[word].parameters)
        return PLACED.get(word, ())

    def _opaque(self, module: LanguageModule) -> FoldedModule:
        used: set[str] = set()
        lines = []
        for weight in module.owned:
            name = weight.name.removeprefix(f"{module.path}.") if module.path else weight.name
            word = re.sub(r"\W+", "_", name).strip("_")
            while word in used:
                word += "_"
            used.add(word)
            kind = "buffer" if weight.role == "buffer" else "weight"
            lines.append(TextWeight(kind, word, weight.axes or (1,)))
        output = module.axes[module.makes[0]]
        return FoldedModule(TextLayer(tuple(lines), output), (), False)

    def _name(self, module: LanguageModule) -> str:
        word = snake_case(module.title) or "part"
        if module.opaque and not module.path:
            word = f"{word}_function"
        if self._known(word):
            word = f"{word}_block"
        taken = {b.name for b in self.blocks.values()}
        name, count = word, 1
        while name in taken or self._known(name):
            count += 1
            name = f"{word}_{count}" if word[-1].isdigit() else f"{word}{count}"
        return name

    # --- arguments -------------------------------------------------------------

    def _parametrise(self, block: BlockUses, placed: Callable[[str], tuple[str, ...]]) -> None:
        """Say what each number of a block is: itself, a formula of an axis, or an argument."""
        names = hole_names(refilled_like(block.skeleton), placed)
        columns = list(zip(*block.numbers, strict=True))
        known: list[tuple[str, tuple[int, ...]]] = []
        axes = list(AXES.get(block.ranks[0], ())) if block.inputs[0] else []
        for place, axis in reversed(list(enumerate(axes))):
            known.append((axis, tuple(i[0][place] for i in block.inputs)))
        parameters: list[tuple[str, tuple[int, ...]]] = []
        formulas: list[WordValue] = []
        for name, column in zip(names, columns, strict=True):
            same = [n for n, c in zip(names, columns, strict=True) if c == column]
            telling = min(same, key=lambda n: TELLING.index(n) if n in TELLING else len(TELLING))
            formulas.append(self._formula(name, column, known, parameters, telling))
        order = sorted(parameters, key=lambda p: _by_default(p[0]))
        block.parameters = [n for n, _ in order]
        for name, values in order:
            if _by_default(name) and 1 in values:
                block.defaults[name] = 1
        block.values = (
            list(zip(*(v for _, v in order), strict=True)) if order else [()] * len(block.numbers)
        )
        fills = iter(formulas)
        block.net = refilled(refilled_like(block.skeleton), lambda _: next(fills))

    def _formula(
        self,
        name: str,
        column: tuple[int, ...],
        axes: Sequence[tuple[str, tuple[int, ...]]],
        parameters: list[tuple[str, tuple[int, ...]]],
        telling: str,
    ) -> WordValue:
        varied = len(set(column)) > 1
        if not varied and (name not in WIDTHS or column[0] < 4):
            return column[0]
        exact = [n for n, values in (*axes, *parameters) if values == column]
        if exact:
            return exact[0]
        if not varied:
            return column[0]
        for other, values in (*axes, *parameters):
            share = _share(column, values)
            if share is not None:
                return _times(share, other)
        if name == "reshape" and len(axes) > 2:
            # How many windows there are, of how many places.
            places = tuple(map(prod, zip(*(v for _, v in axes[1:]), strict=True)))
            shares = {Fraction(c, p) for c, p in zip(column, places, strict=True)}
            if len(shares) == 1 and (part := shares.pop()).numerator == 1:
                return _times(part, "*".join(n for n, _ in reversed(axes[1:])))
        new = self._argument(telling, [n for n, _ in (*axes, *parameters)])
        parameters.append((new, column))
        return new

    def _argument(self, name: str, taken: Sequence[str]) -> str:
        word = ARGUMENTS.get(name, name)
        found, count = word, 1
        while found in taken or self._known(found):
            count += 1
            found = f"{word}{count}"
        return found


def snake_case(title: str) -> str:
    """Return the name of a class as a block has it.

    >>> snake_case("ConvNeXtBlock"), snake_case("ViTBlock"), snake_case("MBConv")
    ('conv_next_block', 'vit_block', 'mb_conv')
    """
    pieces = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+|\d+", re.sub(r"\W+", "_", title))
    words: list[str] = []
    for piece in pieces:
        if words and max(len(words[-1]), len(piece)) < SHORT:  # Ne, Xt; Vi, T
            words[-1] += piece
        else:
            words.append(piece)
    return "_".join(words).lower().lstrip("0123456789_")


def refilled_like(net: TextNet) -> TextNet:
    """Return a skeleton with numbers in its holes, so that they are found again."""

    def put(value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(map(put, value))
        return 0 if value == "#" else value

    fields = {
        n: put(getattr(net, n))
        for n in ("values", "options", "axes", "output", "times")
        if hasattr(net, n)
    }
    net = net.but(**fields) if fields else net
    if net.parts:
        net = net.with_parts(tuple(map(refilled_like, net.parts)))
    return net


def plain_net(net: TextNet) -> Any:
    """Return a net as nested tuples."""
    own = tuple(
        getattr(net, n)
        for n in net._fields
        if not isinstance(getattr(net, n), TextNet)
        and not (
            isinstance(getattr(net, n), tuple)
            and any(isinstance(x, TextNet) for x in getattr(net, n))
        )
    )
    return (type(net).__name__, own, tuple(map(plain_net, net.parts)))


def _by_default(name: str) -> bool:
    return name.rstrip("0123456789") in ONE_BY_DEFAULT


def _share(column: Sequence[int], values: Sequence[int]) -> Fraction | None:
    """Return what part of others some numbers are, where it is one simple fraction."""
    if 0 in values or len(set(values)) < 2:
        return None
    shares = {Fraction(c, v) for c, v in zip(column, values, strict=True)}
    if len(shares) != 1:
        return None
    (share,) = shares
    simple = max(share.numerator, share.denominator) <= LARGEST_SHARE
    return share if simple and share > 0 else None


def _times(share: Fraction, name: str) -> str:
    text = name if share.numerator == 1 else f"{share.numerator}*{name}"
    return text if share.denominator == 1 else f"{text}/{share.denominator}"


def used_blocks(finder: BlockFinder, net: TextNet) -> Iterator[BlockUses]:
    """Yield the blocks that a net uses, those first that others use."""
    from symparams.frameworks.importing.nets import each

    seen: set[str] = set()

    def visit(one: TextNet) -> Iterator[BlockUses]:
        for inner in each(one):
            if isinstance(inner, TextUse) and inner.key not in seen:
                seen.add(inner.key)
                block = finder.blocks[inner.key]
                yield from visit(block.net)
                yield block

    yield from visit(net)


__all__ = ["BlockFinder", "BlockUses", "plain_net", "used_blocks"]
