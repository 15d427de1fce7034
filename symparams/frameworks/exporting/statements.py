"""The body of a forward: which expressions get variables, and what these are called."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from symparams.frameworks.exporting.helpers import words
from symparams.frameworks.exporting.pieces import PieceWriter, length, skeleton
from symparams.frameworks.exporting.size_text import identifier
from symparams.frameworks.exporting.target import TextTarget
from symparams.frameworks.written_calls import Optional, WrittenExpression, WrittenTensor

#: An expression of more characters gets a variable before it is used in another.
LONGEST = 56

#: What variables without a name in the text are called.
USUAL = ("x", "y", "z", "u", "w")

#: A line: its indentation, and its pieces.
Line = tuple[int, list[Any]]


def operands(node: WrittenExpression) -> Iterator[WrittenExpression]:
    """Yield the expressions directly below one."""

    def below(value: Any) -> Iterator[WrittenExpression]:
        if isinstance(value, WrittenExpression):
            yield value
        elif isinstance(value, Optional):
            yield from below(value.value)
        elif isinstance(value, tuple | list):
            for one in value:
                yield from below(one)
        elif isinstance(value, dict):
            yield from below(tuple(value.values()))
        elif isinstance(value, slice):
            yield from below((value.start, value.stop))

    yield from below(node.parts)


class ForwardWriter:
    """Writes the statements of one forward."""

    def __init__(self, target: TextTarget, taken: set[str]) -> None:
        self.target = target
        self.taken = taken
        #: What gives several tensors → those that are used, in the region at hand.
        self._parts: dict[int, list[Any]] = {}
        #: Parameters of forward → what they are called.
        self._words: dict[int, str] = {}

    def body(self, roots: list[Any], indent: int) -> list[Line]:
        """Return the lines that end with ``return``."""
        names: dict[int, str] = {}
        lines, made = self.region(roots, names, set(self.taken), indent, [None] * len(roots))
        out: list[Any] = []
        for k, pieces in enumerate(made):
            out += [", "] if k else []
            out += pieces
        return [*lines, (indent, ["return ", *out])]

    # --- a region: statements one behind the other ---

    def region(
        self,
        roots: list[Any],
        names: dict[int, str],
        busy: set[str],
        indent: int,
        finals: Sequence[str | None],
    ) -> tuple[list[Line], list[list[Any]]]:
        """Return the lines that make ``roots``, and their pieces; ``finals`` get these names."""
        outer = self._parts
        order, uses = self._order(roots, names)
        mine = self._parts
        named = self._named(order, uses, names, roots)
        last = self._last_uses(named, roots, names)
        writer = PieceWriter(names)
        lines: list[Line] = []
        for place, node in enumerate(named):
            live = {names[v] for v, end in last.items() if end > place and v in names}
            live |= {word for key, word in self._words.items() if last.get(key, -1) > place}
            blocked = live | busy
            self._parts = mine
            lines += self._statement(node, names, blocked, indent, writer)
        self._parts = outer
        found = [writer.pieces(root) for root in roots]
        told = [(name, pieces) for name, pieces in zip(finals, found, strict=True) if name]
        lines += self._assigned([n for n, _ in told], [pieces for _, pieces in told], indent)
        return lines, found

    def _statement(
        self,
        node: Any,
        names: dict[int, str],
        blocked: set[str],
        indent: int,
        writer: PieceWriter,
    ) -> list[Line]:
        if node.form == "several":
            return self._several(node, names, blocked, indent, writer)
        if node.form == "loop":
            return self._loop(node, names, blocked, indent, writer)
        if node.form == "steps":
            return self._steps(node, names, blocked, indent, writer)
        pieces = writer.pieces(node)
        name = self._free(node.hint, blocked)
        names[id(node)] = name
        return [(indent, [f"{name} = ", *pieces])]

    def _free(self, hint: str, blocked: set[str]) -> str:
        """Return a name that nothing which is still read has."""
        hint = identifier(hint)
        for name in ((hint,) if hint else ()) + USUAL:
            if name not in blocked:
                return name
        number = 2
        while f"{hint or 'x'}{number}" in blocked:
            number += 1
        return f"{hint or 'x'}{number}"

    def _several(
        self, node: Any, names: dict[int, str], blocked: set[str], indent: int, writer: PieceWriter
    ) -> list[Line]:
        pieces = writer.pieces(node.parts[0])
        found = []
        for part in self._parts.get(id(node), [None] * node.parts[1]):
            if part is None:
                found.append("_")
                continue
            name = self._free(part.hint, blocked)
            blocked = blocked | {name}
            names[id(part)] = name
            found.append(name)
        return [(indent, [f"{', '.join(found)} = ", *pieces])]

    def _loop(
        self, node: Any, names: dict[int, str], blocked: set[str], indent: int, writer: PieceWriter
    ) -> list[Line]:
        word, over, carried, firsts, bodies = node.parts
        outer = set().union(*(self._outer(body, names) for body in bodies))
        inside = {names[v] for v in outer if v in names}
        inside |= {self._words[v] for v in outer if v in self._words}
        outs = self._parts.get(id(node), [node])
        found: list[str] = []
        for out in outs:
            hint = out.hint if out is not None else ""
            found.append(self._free(hint, blocked | inside | set(found)))
        lines = self._assigned(found, [writer.pieces(first) for first in firsts], indent)
        counter = str(word.parts[0])
        lines.append((indent, [f"for {counter} in ", *writer.pieces(over), ":"]))
        inner = {**names, **{id(one): name for one, name in zip(carried, found, strict=True)}}
        told, _ = self.region(list(bodies), inner, blocked | inside | {counter}, indent + 4, found)
        for out, name in zip(outs, found, strict=True):
            if out is not None:
                names[id(out)] = name
        return [*lines, *told]

    def _assigned(self, names: list[str], values: list[list[Any]], indent: int) -> list[Line]:
        """Return the lines that give values to variables, at once where one reads another."""
        pairs = [(n, v) for n, v in zip(names, values, strict=True) if v != [n]]
        if not pairs:
            return []
        apart = all(
            name not in words(skeleton(value))
            for k, (name, _) in enumerate(pairs)
            for _, value in pairs[k + 1 :]
        )
        if apart:
            return [(indent, [f"{name} = ", *value]) for name, value in pairs]
        given: list[Any] = []
        for k, (_, value) in enumerate(pairs):
            given += [", "] * bool(k) + value
        return [(indent, [f"{', '.join(name for name, _ in pairs)} = ", *given])]

    def _steps(
        self, node: Any, names: dict[int, str], blocked: set[str], indent: int, writer: PieceWriter
    ) -> list[Line]:
        sequence, first, now, state, given, after = node.parts
        inside = {names[v] for v in self._outer(given, names) if v in names}
        inside |= {self._words[v] for v in self._outer(given, names) if v in self._words}
        taken = blocked | inside | {"step"}
        kept = self._free("outputs", taken)
        carried = self._free("state", taken | {kept})
        head = writer.pieces(sequence)
        lines: list[Line] = [
            (indent, [f"{carried} = ", *writer.pieces(first)]),
            (indent, [f"{kept} = []"]),
            (indent, _around(head, self.target.step("\0"))),
        ]
        inner = {**names, id(now): "step", id(state): carried}
        busy = taken | {kept, carried}
        told, made = self.region([given, after], inner, busy, indent + 4, [None, None])
        lines += told
        lines.append((indent + 4, [f"{kept}.append(", *made[0], ")"]))
        lines.append((indent + 4, [f"{carried} = ", *made[1]]))
        stacked = self.target.stacked(WrittenExpression("word", kept))
        name = self._free(node.hint, blocked)
        names[id(node)] = name
        return [*lines, (indent, [f"{name} = ", *writer.pieces(stacked)])]

    # --- what is looked at first ---

    def _order(self, roots: list[Any], names: dict[int, str]) -> tuple[list[Any], Counter[int]]:
        """Return expressions, what they are made of first, and how often each is used.

        What the body of a loop takes from outside counts twice, so that it is worked out once.
        """
        order: list[Any] = []
        uses: Counter[int] = Counter()
        self._parts = {}
        seen: set[int] = set()

        def visit(node: Any) -> None:
            uses[id(node)] += 1
            if id(node) in seen or id(node) in names:
                return
            seen.add(id(node))
            if node.form == "word" and isinstance(node, WrittenTensor):
                shown = str(node.parts[0])
                if not shown.startswith("self."):
                    self._words[id(node)] = shown
            if node.form in ("loop", "steps"):
                for one in self._entering(node):
                    visit(one)
                for outer in self._outer_nodes(node, names):
                    visit(outer)
                    if outer.form != "word":
                        uses[id(outer)] += 1
            else:
                for below in operands(node):
                    visit(below)
            if node.form == "part":
                several = node.parts[0]
                count = len(several.parts[2]) if several.form == "loop" else several.parts[1]
                parts = self._parts.setdefault(id(several), [None] * count)
                parts[node.parts[1]] = node
            order.append(node)

        for root in roots:
            visit(root)
        return order, uses

    def _entering(self, node: Any) -> list[Any]:
        if node.form == "loop":
            return [node.parts[1], *node.parts[3]]
        return [node.parts[0], node.parts[1]]

    def _outer_nodes(self, node: Any, names: dict[int, str]) -> list[Any]:
        """Return what the body of a loop takes from outside."""
        bodies = list(node.parts[4] if node.form == "loop" else node.parts[4:])
        changing = _changing(node, bodies)

        def changes(one: Any) -> bool:
            return id(one) in changing

        found: dict[int, Any] = {}

        def visit(one: Any) -> None:
            if id(one) in names:
                return
            if not changes(one):
                if isinstance(one, WrittenTensor):
                    found[id(one)] = one
                return
            for below in operands(one):
                visit(below)

        for body in bodies:
            visit(body)
        return list(found.values())

    def _outer(self, body: Any, names: dict[int, str]) -> set[int]:
        """Return the variables that a body reads."""
        found: set[int] = set()
        seen: set[int] = set()

        def visit(one: Any) -> None:
            if id(one) in seen:
                return
            seen.add(id(one))
            if id(one) in names or id(one) in self._words:
                found.add(id(one))
                return
            for below in operands(one):
                visit(below)

        visit(body)
        return found

    def _named(
        self, order: list[Any], uses: Counter[int], names: dict[int, str], roots: list[Any]
    ) -> list[Any]:
        """Return the expressions that get variables, in the order of the statements."""
        found: list[Any] = []
        ends = {id(root) for root in roots}
        given = set(ends)
        given |= {id(node.parts[0]) for node in order if node.form == "several"}
        given |= {id(first) for node in order if node.form == "loop" for first in node.parts[3]}
        shown: dict[int, str] = dict(names)
        for node in order:
            if node.form in ("loop", "steps", "several"):
                found.append(node)
                shown[id(node)] = "x"
                continue
            if node.form == "part":
                shown[id(node)] = "x"
                continue
            if not isinstance(node, WrittenTensor) or node.form in ("word", "carried"):
                if node.form == "carried":
                    shown[id(node)] = "x"
                continue
            long = id(node) not in given and length(PieceWriter(shown).pieces(node)) > LONGEST
            several = uses[id(node)] > 1 or (len(roots) > 1 and id(node) in ends)
            if several or long or (node.hint and id(node) not in given):
                found.append(node)
                shown[id(node)] = node.hint or "x"
        return found

    def _last_uses(
        self, named: list[Any], roots: list[Any], names: dict[int, str]
    ) -> dict[int, int]:
        """Return for each variable the last statement that reads it."""
        variables = {id(node) for node in named} | set(names) | set(self._words)
        variables |= {id(p) for parts in self._parts.values() for p in parts if p is not None}
        last: dict[int, int] = {}

        def reads(node: Any, place: int, top: bool = True) -> None:
            if not top and id(node) in variables:
                last[id(node)] = place
                return
            if node.form == "part" and not top:
                last[id(node)] = place
                return
            for below in operands(node):
                reads(below, place, False)

        for place, node in enumerate(named):
            reads(node, place)
        for root in roots:
            if id(root) in variables:
                last[id(root)] = len(named)
            else:
                reads(root, len(named))
        return last


def _carried(node: Any) -> list[Any]:
    """Return what a loop changes from pass to pass."""
    if node.form == "loop":
        return list(node.parts[2])
    return [node.parts[2], node.parts[3]] if node.form == "steps" else []


def _changing(loop: Any, bodies: list[Any]) -> set[int]:
    """Return what a pass of a loop works out anew, also inside of loops that it has itself."""
    order: list[Any] = []
    seen: set[int] = set()

    def visit(one: Any) -> None:
        if id(one) not in seen:
            seen.add(id(one))
            for below in operands(one):
                visit(below)
            order.append(one)

    for body in bodies:
        visit(body)
    found = {id(one) for one in _carried(loop)}
    while True:
        before = len(found)
        for one in order:
            below = operands(one)
            own = {id(inner) for inner in _carried(one)}
            entering = (inner for inner in below if id(inner) not in own)
            if any(id(inner) in found for inner in entering):
                found |= {id(one), *own}
        if len(found) == before:
            return found


def _around(pieces: list[Any], frame: str) -> list[Any]:
    before, after = frame.split("\0")
    return [before, *pieces, after]
