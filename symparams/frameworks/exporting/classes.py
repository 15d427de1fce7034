"""Drafts to classes: uses of a block that differ in sizes alone share one."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from symparams.algebra import Polynomial, Size, Symbol, divide, symbol, symbols_of
from symparams.errors import SymparamsError
from symparams.frameworks.exporting.drafts import (
    ClassDraft,
    ClassUse,
    ListOfUses,
    WeightText,
    passed,
)
from symparams.frameworks.exporting.helpers import names
from symparams.frameworks.exporting.pieces import (
    ArgumentList,
    PieceWriter,
    SizeSlot,
    skeleton,
    slots,
)
from symparams.frameworks.exporting.size_text import SizeWriter
from symparams.frameworks.exporting.statements import ForwardWriter, Line
from symparams.frameworks.exporting.target import TextTarget


class WrittenClass:
    """A class of the text.

    Attributes:
        name: in CamelCase.
        drafts: its uses.
        arguments: name of each argument → its value in each use.
        constructor, forward: lines whose sizes are those of the first use.
    """

    def __init__(self, name: str, draft: ClassDraft, constructor: list[Line], forward: list[Line]):
        self.name = name
        self.drafts = [draft]
        self.lines = [(constructor, forward)]
        self.arguments: dict[str, list[Any]] = {}
        self.texts: dict[int, Any] = {}


class ClassMaker:
    """Makes the classes of a model, those that others use first."""

    def __init__(
        self, target: TextTarget, symbols: tuple[str, ...], called: dict[str, str]
    ) -> None:
        self.target = target
        self.symbols = symbols
        #: Name of a size → what Python calls it.
        self.called = called
        #: What no variable may be called.
        self.taken = {"self", "math", *target.imports, *names(target.written_out)}
        self.made: list[WrittenClass] = []
        self.of: dict[int, WrittenClass] = {}

    def all(self, root: ClassDraft) -> list[WrittenClass]:
        """Return the classes, that of the model last."""
        heights: dict[int, list[ClassDraft]] = {}
        _heights(root, heights)
        for _, drafts in sorted(heights.items()):
            fresh: dict[str, WrittenClass] = {}
            for draft in drafts:
                self._take_in(draft, fresh)
            for one in fresh.values():
                self._arguments(one, top=one.drafts[0] is root)
                self.made.append(one)
        return self.made

    def _take_in(self, draft: ClassDraft, fresh: dict[str, WrittenClass]) -> None:
        draft.settle(set(self.target.taken) | set(self.called.values()))
        constructor = [line for one in draft.initials for line in self._initial(one, draft)]
        writer = ForwardWriter(self.target, self.taken)
        forward = writer.body(_flat_results(draft.result), 8)
        parts = [draft.kind, *(p.shown for p in draft.parameters)]
        for lines in (constructor, forward):
            parts += [f"{indent}{skeleton(pieces)}" for indent, pieces in lines]
        key = "\n".join(parts)
        if key in fresh and self._alike(fresh[key], draft, constructor, forward):
            fresh[key].drafts.append(draft)
            fresh[key].lines.append((constructor, forward))
        else:
            key = key if key not in fresh else f"{key}\n{len(fresh)}"
            name = self._class_name(draft.kind, fresh)
            fresh[key] = WrittenClass(name, draft, constructor, forward)
        self.of[id(draft)] = fresh[key]

    def _alike(
        self, one: WrittenClass, draft: ClassDraft, constructor: list[Line], forward: list[Line]
    ) -> bool:
        """Tell whether sizes that differ hold no index of the class's own."""
        if one.drafts[0].bound != draft.bound:
            return False
        pairs = zip(_slots(one.lines[0]), _slots((constructor, forward)), strict=True)
        return all(
            a.value == b.value or not (_symbols(a.value) | _symbols(b.value)) & draft.bound
            for a, b in pairs
        )

    def _class_name(self, kind: str, fresh: dict[str, WrittenClass]) -> str:
        base = "".join(word[:1].upper() + word[1:] for word in kind.split("_")) or "Part"
        taken = {one.name for one in (*self.made, *fresh.values())}
        name, number = base, 2
        while name in taken or name in ("Tensor", "Fraction"):
            name, number = f"{base}{number}", number + 1
        return name

    # --- constructors ---

    def _initial(self, one: Any, draft: ClassDraft) -> list[Line]:
        writer = PieceWriter({})
        name = str(one.attribute)
        value = one.value
        if isinstance(value, WeightText):
            pieces: list[Any] = []
            for piece in self.target.weight(one.attribute, value.weight, value.frozen):
                pieces += [piece] if isinstance(piece, str) else writer.pieces(piece)
            return [(8, pieces)]
        if isinstance(value, ClassUse):
            return [(8, [f"{name} = ", *self.use(value.draft)])]
        if isinstance(value, ListOfUses):
            return [(8, [f"{name} = ", *self._list(value, draft)])]
        return [(8, [f"{name} = ", *writer.pieces(value)])]

    def _list(self, value: ListOfUses, draft: ClassDraft) -> list[Any]:
        writer = PieceWriter({})
        runs = []
        for (first, times), use, index in value.parts:
            pieces = self.use(use.draft)
            if times == 1 and index is None:
                runs.append(pieces)
                continue
            stop = first + times
            ends = [first, stop] if first else [stop]
            word = index.name if index is not None else "_"
            span: list[Any] = []
            for k, end in enumerate(ends):
                span += [", "] * bool(k) + writer.pieces(end)
            runs.append([*pieces, f" for {word} in range(", *span, ")"])
        head = self.target.module_list
        if len(runs) == 1 and " for " in str(runs[0]):
            whole = [*runs[0]]
            return [f"{head}(", *whole, ")"] if head else ["[", *whole, "]"]
        items: list[tuple[str, list[Any], Any]] = []
        for run in runs:
            many = any(isinstance(p, str) and p.startswith(" for ") for p in run)
            items.append(("*", ["(", *run, ")"], None) if many else ("", run, None))
        inner = ["[", ArgumentList(items), "]"]
        return [f"{head}(", *inner, ")"] if head else inner

    def use(self, draft: ClassDraft) -> list[Any]:
        """Return the pieces of a use of a class."""
        made = self.of[id(draft)]
        place = next(k for k, one in enumerate(made.drafts) if one is draft)
        items: list[tuple[str, list[Any], Any]] = []
        for name, values in made.arguments.items():
            items.append((f"{name}=", [SizeSlot(values[place], name)], None))
        if len(items) <= 1:
            items = [("", pieces, default) for _, pieces, default in items]
        return [made.name, "(", ArgumentList(items, in_order=True), ")"]

    # --- arguments ---

    def _arguments(self, one: WrittenClass, top: bool) -> None:
        """Say by which arguments the sizes of a class are told."""
        rows = [list(_slots(lines)) for lines in one.lines]
        bound = one.drafts[0].bound
        columns = list(zip(*rows, strict=True))
        differing: dict[tuple[Any, ...], str] = {}
        free: set[Symbol] = set()
        for column in columns:
            values = tuple(slot.value for slot in column)
            if all(value == values[0] for value in values):
                free |= _symbols(values[0]) - bound
            else:
                differing.setdefault(values, column[0].hint)
        told = {s.name: s for s in free}
        for name in (*self.symbols, *sorted(told.keys() - set(self.symbols))):
            if name in told and not top:
                size = symbol(name, told[name].integer, told[name].low)
                one.arguments[self.called.get(name, name)] = [size] * len(rows)
        texts = _bases(differing)
        names: dict[tuple[Any, ...], str] = {}
        for values, (base, _) in texts.items():
            if base == values:
                names[values] = self._argument(differing[values], one)
                one.arguments[names[values]] = list(values)
        for column in columns:
            values = tuple(slot.value for slot in column)
            if values in texts:
                base, factor = texts[values]
                size = symbol(names[base])
                one.texts[id(column[0])] = size * factor if factor != 1 else size
            else:
                one.texts[id(column[0])] = values[0]

    def _argument(self, hint: str, one: WrittenClass) -> str:
        name, number = hint or "size", 2
        while name in one.arguments or name in self.called.values():
            name, number = f"{hint or 'size'}{number}", number + 1
        return name


def _bases(differing: dict[tuple[Any, ...], str]) -> dict[tuple[Any, ...], tuple[Any, Any]]:
    """Return of what argument each column of sizes is a multiple, and how many times."""
    found: dict[tuple[Any, ...], tuple[Any, Any]] = {}
    for values in differing:
        best: tuple[Any, Any] = (values, 1)
        for base in differing:
            factor = _factor(values, base)
            if factor is not None and factor > best[1]:
                best = (base, factor)
        found[values] = best
    return found


def _factor(values: tuple[Any, ...], base: tuple[Any, ...]) -> int | None:
    """Return the integer that every size of ``base`` is multiplied by."""
    factors = set()
    for value, one in zip(values, base, strict=True):
        if isinstance(value, bool) or isinstance(one, bool) or one == 0:
            return None
        try:
            factors.add(divide(value, one))
        except SymparamsError:  # by a sum of symbols
            return None
    factor = factors.pop()
    return factor if not factors and isinstance(factor, int) and factor > 1 else None


def _symbols(value: Any) -> frozenset[Symbol]:
    return symbols_of(value) if isinstance(value, Polynomial) else frozenset()


def _slots(lines: tuple[list[Line], list[Line]]) -> list[SizeSlot]:
    return [slot for part in lines for _, pieces in part for slot in slots(pieces)]


def _flat_results(result: Any) -> list[Any]:
    return passed(result)


def _heights(draft: ClassDraft, heights: dict[int, list[ClassDraft]]) -> int:
    """Sort drafts by how deep the classes are nested that they use."""
    height = 0
    for one in draft.initials:
        if isinstance(one.value, ClassUse):
            height = max(height, 1 + _heights(one.value.draft, heights))
        elif isinstance(one.value, ListOfUses):
            for _, use, _ in one.value.parts:
                height = max(height, 1 + _heights(use.draft, heights))
    heights.setdefault(height, []).append(draft)
    return height


class ClassText:
    """The text of a class."""

    def __init__(self, one: WrittenClass, called: dict[str, str], target: TextTarget) -> None:
        self.one = one
        self.called = called
        #: What no variable may be called.
        self.taken = {"self", "math", *target.imports, *names(target.written_out)}
        self.target = target
        self.bound = one.drafts[0].bound
        #: Sizes that forward reads.
        self.kept: dict[str, None] = {}

    def constructor(self) -> list[tuple[int, str]]:
        return [(n, self._text(pieces, False)) for n, pieces in self.one.lines[0][0]]

    def forward(self) -> list[tuple[int, str]]:
        return [(n, self._text(pieces, True)) for n, pieces in self.one.lines[0][1]]

    def _text(self, pieces: list[Any], forward: bool) -> str:
        found = ""
        for piece in pieces:
            if isinstance(piece, str):
                found += piece
            elif isinstance(piece, ArgumentList):
                found += self._arguments(piece, forward)
            else:
                found += self._size(self.one.texts.get(id(piece), piece.value), forward)
        return found

    def _arguments(self, given: ArgumentList, forward: bool) -> str:
        items = []
        leading = given.in_order
        for word, pieces, default in given.items:
            if default is not None and pieces == [f'"{default[0]}"']:
                continue
            if default is not None and len(pieces) == 1 and isinstance(pieces[0], SizeSlot):
                value = self.one.texts.get(id(pieces[0]), pieces[0].value)
                if value == default[0] and isinstance(value, bool) == isinstance(default[0], bool):
                    continue
            told = self._text(pieces, forward)
            leading = leading and word in ("", f"{told}=")
            items.append(told if leading else word + told)
        return ", ".join(items)

    def _size(self, size: Size | bool, forward: bool) -> str:
        if isinstance(size, bool | Fraction):
            return str(size)

        def name(one: Symbol) -> str:
            shown = self.called.get(one.name, one.name)
            if not forward or one in self.bound:
                return shown
            self.kept[shown] = None
            return f"self.{shown}"

        return SizeWriter(name).text(size)
