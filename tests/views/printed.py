"""Reads what a view printed: a parser of its formulas and readers of every format.

Nothing here is shared with the code that prints; numbers are fractions.
"""

from __future__ import annotations

import csv
import html
import io
import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from tests.views.printed_typeset import mathml_lines, mathml_tables, typst_lines, typst_tables

Exact = int | Fraction
Point = Mapping[str, Exact]


# --- formulas --------------------------------------------------------------


@dataclass(frozen=True)
class Number:
    value: int


@dataclass(frozen=True)
class Name:
    name: str


@dataclass(frozen=True)
class Bracket:
    inner: Tree


@dataclass(frozen=True)
class Several:
    """Operands with the sign before each: ``+ -`` of a sum, ``* /`` of a product."""

    signs: str
    parts: tuple[Tree, ...]


@dataclass(frozen=True)
class Power:
    base: Tree
    exponent: Tree


@dataclass(frozen=True)
class Call:
    name: str
    arguments: tuple[Tree, ...]


@dataclass(frozen=True)
class Sum:
    inner: Tree
    index: str
    first: Tree
    last: Tree


@dataclass(frozen=True)
class Indicator:
    """``[op = conv]``: 1 where a size is a value, or a word; 0 elsewhere."""

    size: Tree
    wanted: Tree


Tree = Number | Name | Bracket | Several | Power | Call | Sum | Indicator

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d{1,3}(?:,\d{3})+(?!\d)|\d+)|(?P<name>[^\W\d]\w*(?:\[\d+\])?)"
    r"|(?P<sign>\.\.|[-+*/^(),·=]|\[|\]))"
)


@cache
def parsed(text: str) -> Tree:
    """The tree of a printed formula."""
    tokens = []
    place = 0
    while place < len(text.rstrip()):
        found = _TOKEN.match(text, place)
        assert found, f"{text!r} at {place}"
        tokens.append(found.group().strip().replace("·", "*"))
        place = found.end()
    reader = _Reader(tokens)
    tree = reader.sum()
    assert not reader.tokens, f"{text!r}: {reader.tokens}"
    return tree


class _Reader:
    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens

    def next_is(self, *words: str) -> bool:
        return bool(self.tokens) and self.tokens[0] in words

    def take(self, *words: str) -> str:
        assert not words or self.next_is(*words), f"{words} before {self.tokens}"
        return self.tokens.pop(0)

    def sum(self) -> Tree:
        signs = [self.take("-")] if self.next_is("-") else ["+"]
        parts = [self.product()]
        while self.next_is("+", "-"):
            signs.append(self.take())
            parts.append(self.product())
        return Several("".join(signs), tuple(parts)) if signs != ["+"] else parts[0]

    def product(self) -> Tree:
        signs, parts = ["*"], [self.power()]
        while self.next_is("*", "/"):
            signs.append(self.take())
            parts.append(self.power())
        return Several("".join(signs), tuple(parts)) if len(parts) > 1 else parts[0]

    def power(self) -> Tree:
        base = self.atom()
        if not self.next_is("^"):
            return base
        self.take("^")
        return Power(base, self.power())

    def atom(self) -> Tree:
        word = self.take()
        if word == "(":
            inner = self.sum()
            if self.next_is("="):  # brackets of any kind are these, where a format was read
                self.take("=")
                inner = Indicator(inner, self.sum())
            self.take(")")
            return inner if isinstance(inner, Indicator) else Bracket(inner)
        if word == "[":
            size = self.sum()
            self.take("=")
            wanted = self.sum()
            self.take("]")
            return Indicator(size, wanted)
        if word[0].isdigit():
            return Number(int(word.replace(",", "")))
        assert word[0].isalpha() or word[0] == "_", f"{word} before {self.tokens}"
        if not self.next_is("("):
            return Name(word)
        self.take("(")
        arguments = [self.sum()]
        if self.next_is("for"):
            self.take("for")
            index = self.take()
            self.take("in")
            first = self.sum()
            self.take("..")
            last = self.sum()
            self.take(")")
            return Sum(arguments[0], index, first, last)
        while self.next_is(","):
            self.take(",")
            arguments.append(self.sum())
        self.take(")")
        return Call(word, tuple(arguments))


def value(tree: Tree, point: Point) -> Exact:
    """What a formula is worth at a point."""
    match tree:
        case Number():
            return tree.value
        case Name():
            return point[tree.name] if tree.name in point else point[_indexed(tree.name)]
        case Bracket():
            return value(tree.inner, point)
        case Several(signs, (first, *rest)):
            total = -value(first, point) if signs[0] == "-" else value(first, point)
            for sign, part in zip(signs[1:], rest, strict=True):
                here = value(part, point)
                if sign == "*":
                    total *= here
                elif sign == "/":
                    total = Fraction(total) / here
                else:
                    total = total + here if sign == "+" else total - here
            return total
        case Power():
            exponent = value(tree.exponent, point)
            assert exponent == int(exponent)
            return Fraction(value(tree.base, point)) ** int(exponent)
        case Call():
            return _CALLS[tree.name](*(value(a, point) for a in tree.arguments))
        case Indicator(size, Name(word)) if word not in point:
            return int(str(value(size, point)) == word)
        case Indicator():
            return int(value(tree.size, point) == value(tree.wanted, point))
        case Sum():
            ends = value(tree.first, point), value(tree.last, point)
            return sum(value(tree.inner, {**point, tree.index: k}) for k in whole(*ends))
    raise TypeError(tree)


def _indexed(name: str) -> str:
    """``e[0]``, of the LaTeX of ``e_{0}``."""
    return re.sub(r"\d+$", lambda found: f"[{found[0]}]", name)


def _make_divisible(a: Exact, b: Exact) -> Exact:
    """The multiple of b nearest to a, not below nine tenths of it (Sandler et al. 2018)."""
    found = max(b, b * math.floor((a + Fraction(b, 2)) / Fraction(b)))
    return found + b if found < a * Fraction(9, 10) else found


_CALLS = {
    "floor": math.floor,
    "ceil": math.ceil,
    "max": max,
    "min": min,
    "make_divisible": _make_divisible,
}


def whole(first: Exact, last: Exact) -> range:
    """The integers of a range."""
    assert first == int(first)
    assert last == int(last)
    return range(int(first), int(last) + 1)


def worth(text: str, point: Point) -> Exact:
    """What a printed formula or number is worth."""
    return value(parsed(text), point)


# --- letters ---------------------------------------------------------------


def letters(general: Tree, own: Tree, point: Point) -> dict[str, Exact]:
    """Letter → what stands in its place, of a derivation's first two sides."""
    found: dict[str, Exact] = {}
    _match(general, own, point, found)
    return found


def _match(general: Tree, own: Tree, point: Point, found: dict[str, Exact]) -> None:
    match general, own:
        case Name(name), _:
            here = value(own, point)
            assert found.setdefault(name, here) == here, f"{name} is {found[name]} and {here}"
        case Bracket(), Bracket():
            _match(general.inner, own.inner, point, found)
        case Several(), Several():
            assert general.signs == own.signs, f"{general} against {own}"
            for one, other in zip(general.parts, own.parts, strict=True):
                _match(one, other, point, found)
        case Power(), Power():
            _match(general.base, own.base, point, found)
            _match(general.exponent, own.exponent, point, found)
        case Indicator(), Indicator():
            _match(general.size, own.size, point, found)
            if isinstance(general.wanted, Number):
                assert general.wanted == own.wanted
        case Call(), Call():
            for one, other in zip(general.arguments, own.arguments, strict=True):
                _match(one, other, point, found)
        case _:
            assert general == own


# --- formats ---------------------------------------------------------------


#: The formats for papers: names lose their ``_``, tables have a row with the total.
TYPESET = ("latex", "mathml", "typst")


def aliases(name: str, point: Point) -> Point:
    """A point, with the names as a format shows them."""
    if name not in (*TYPESET, "html"):  # where names are mathematics
        return point
    shown = {symbol.replace("_", ""): size for symbol, size in point.items()}
    # The Greek name of the zoo, where a format has its letter.
    return {**point, **shown, **({"α": point["alpha"]} if "alpha" in point else {})}


@dataclass(frozen=True)
class Shown:
    """A row of ``show``: as text, what the format has; None what it has not."""

    name: str
    times: str
    formula: str
    number: str


@dataclass(frozen=True)
class Told:
    """A line of ``explain``."""

    name: str
    sides: tuple[str, ...]
    shares: str
    times: str


def sides_of(derivation: str) -> tuple[str, ...]:
    """The sides of an equation; of words, none."""
    if not derivation or re.fullmatch(r"no (weights|parameters).*|weights of .*", derivation):
        return ()
    return tuple(re.split(r" = (?!\w+[\])])", derivation))  # ``[op = conv]`` has one side


def cells(name: str, printed: str) -> Iterator[list[str]]:
    """The cells of the rows of a table, the head first."""
    if name == "markdown":
        for line in printed.splitlines():
            if line.startswith("| ") and not line.startswith("| ---"):
                found = re.split(r" \| ", line[2:-2])
                yield [_unmarked(cell) for cell in found]
    elif name == "html":
        for line in re.findall(r"<tr>(.*?)</tr>", printed):
            yield [_untagged(c) for c in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", line)]
    elif name == "mathml":
        yield from mathml_tables(printed)
    elif name == "typst":
        yield from typst_tables(printed)
    elif name == "latex":
        again = False  # the head stands twice where a table goes over pages
        for line in printed.splitlines():
            again = (again or line == r"\endfirsthead") and line != r"\endhead"
            if " & " in line and line.endswith(r"\\") and not again:
                yield [_untexed(cell).strip() for cell in re.split(" & ?", line[:-2])]
    else:
        yield from _ruled(printed)


def _ruled(printed: str) -> Iterator[list[str]]:
    """A table for terminals: cells begin under their headings, numbers end there."""
    lines = printed.splitlines()
    start = next((k for k, line in enumerate(lines) if line.startswith("---")), 0)
    assert start, "no table as terminals have it: a new format has its reader here"
    heads = re.split(r"\s{2,}", lines[start - 1])
    places = [lines[start - 1].index(head) for head in heads]
    right = heads[-1] not in ("Formula", "Copies", "Output Shape", "Difference")
    end = next(k for k in range(start + 1, len(lines)) if lines[k].startswith("---"))
    yield heads
    for line in lines[start + 1 : end]:
        edges = places[:-1] if right else places
        found = [line[a:b].strip() for a, b in zip(edges, [*edges[1:], None], strict=True)]
        if right:
            before, _, number = ("  " + found[-1]).rpartition("  ")
            if not re.fullmatch(r"-?[\d,/]*", number):
                before, number = found[-1], ""
            found[-1:] = [before.strip(), number.strip()]
        yield found


def shown_rows(name: str, printed: str) -> list[Shown]:
    """The rows of ``show`` in a format."""
    if name in ("json", "csv"):
        if name == "json":
            rows = json.loads(printed)["rows"]
        else:
            rows = _records(printed)
        return [
            Shown(r["name"], *(_text(r[key]) for key in ("times", "total", "number"))) for r in rows
        ]
    heads, *rows = cells(name, printed)
    if name in TYPESET:
        *rows, total = rows
        assert total[0] == "Total"
    found = []
    for row in rows:
        by = dict(zip(heads, row, strict=True))
        times = by.get("Copies", "").removeprefix("×").strip() or "1"
        last = "" if heads[-1] in ("Formula", "Copies") else by[heads[-1]]
        found.append(Shown(by["Layer"].strip(), times, by.get("Formula", ""), last))
    return found


#: A line of a derivation in Markdown.
_ITEM = re.compile(
    r" *- \*\*(.*?)\*\*:? ?(`[^`]*`|no weights|no parameters, only buffers|weights of [^(×]*)?"
    r" ?(\([^`]*`.*?\))? ?(× .*)?"
)


def told_lines(name: str, printed: str) -> list[Told]:
    """The lines of ``explain`` in a format."""
    if name in ("json", "csv"):
        if name == "json":
            rows = json.loads(printed)["rows"]
        else:
            rows = _records(printed)
        return [Told(r["name"], sides_of(r["derivation"]), "", _text(r["times"])) for r in rows]
    lines = []
    if name == "html":
        for row in re.findall(r"<tr>(.*?)</tr>", printed):
            found = [_untagged(c) for c in re.findall(r"<td[^>]*>(.*?)</td>", row)]
            lines.append(_told(*found))
    elif name == "latex":
        for line in printed.splitlines():
            if re.match(r"  .*& ", line):
                front, head, *rest = line.removesuffix(r" \\").split("&")
                told = rest[1].split(r"\quad ") if rest else []
                times = [_untexed(front.replace(r"\times{}\,", ""))] if front.strip() else []
                parts = [*map(_untexed, told), *(f"×{t}" for t in times)]
                lines.append(_told(_untexed(head), *parts))
    elif name in ("mathml", "typst"):
        for times, head, told in (mathml_lines if name == "mathml" else typst_lines)(printed):
            lines.append(_told(head, *told, *([f"×{times}"] if times else [])))
    elif name == "markdown":
        for line in printed.splitlines():
            found = _ITEM.fullmatch(line)
            if found:
                parts = (_unmarked(part or "") for part in found.groups())
                lines.append(_told(*parts))
    else:
        for line in printed.splitlines()[1:]:
            head, _, rest = line.partition(":")
            lines.append(_told(head.strip(), *(p.strip() for p in rest.split("   "))))
            if head == "total":
                break
    return lines


def _told(name: str, *parts: str) -> Told:
    derivation = shares = ""
    times = "1"
    for part in parts:
        if part.startswith("×"):
            times = part.removeprefix("×").strip()
        elif re.match(r"\([a-z_]\w* [\d(\w-]", part) and part.endswith(")"):
            shares = part
        elif part:
            derivation = part
    return Told(name, sides_of(derivation), shares, times)


def shares_of(shares: str) -> Iterator[str]:
    """The sizes of ``(kernel 18,432 + bias 64)``."""
    depth, start, text = 0, 0, shares[1:-1]
    parts = []
    for k, c in enumerate(text):
        depth += (c == "(") - (c == ")")
        if not depth and text[k : k + 3] == " + ":
            parts.append(text[start:k])
            start = k + 3
    for part in [*parts, text[start:]]:
        yield part.partition(" ")[2]


def _records(printed: str) -> list[dict[str, str]]:
    """The rows of a CSV; a quote keeps a cell that begins with a sign from being run."""
    rows = csv.DictReader(io.StringIO(printed))
    return [{key: cell.removeprefix("'") for key, cell in row.items()} for row in rows]


def _text(cell: object) -> str:
    return "" if cell is None else str(cell)


def _unmarked(cell: str) -> str:
    words = cell.replace("&emsp;", "").replace("&nbsp;", "").replace("**", "").replace("`", "")
    return html.unescape(re.sub(r"\\([^\sa-zA-Z0-9])", r"\1", words)).strip()


def _untagged(cell: str) -> str:
    """A cell of HTML in plain text, its formulas in the notation of the other formats."""
    words = html.unescape(re.sub(r"<[^>]*>", "", cell))
    return re.sub(r"\\\((.*?)\\\)(?!\\)", lambda found: _untexed(found[1]), words).strip()


# --- LaTeX -----------------------------------------------------------------

_WORDS = {
    r"\left(": "(",
    r"\right)": ")",
    r"\left\lfloor ": "floor(",
    r" \right\rfloor": ")",
    r"\lfloor ": "floor(",
    r" \rfloor": ")",
    r"{,}": ",",
    r"\,": "·",
    r"\quad": "",
    r"\operatorname": r"\mathrm",
    r" \cdot ": "·",
    r"\times": "×",
    r"\_": "_",
    r"\max": "max",
    r"\min": "min",
    r"\$": "",
    "$": "",
}


def _untexed(cell: str) -> str:
    """A cell of LaTeX in the notation of the other formats."""
    cell = re.sub(r"\\hspace\*?\{\d+pt\}", "", cell)
    for tex, plainly in _WORDS.items():
        cell = cell.replace(tex, plainly)
    found = _braced(cell)
    return re.sub(r"\\([a-z]+)", r"\1", found).strip()


def _braced(tex: str) -> str:
    out = ""
    while tex:
        if tex.startswith(r"\frac{"):
            above, tex = _group(tex[5:])
            below, tex = _group(tex)
            out += f"(({_braced(above)})/({_braced(below)}))"
        elif tex.startswith(r"\sum_{"):
            start, tex = _group(tex[5:])
            last, tex = _group(tex[1:])
            index, _, first = start.partition(" = ")
            body, equals, tex = tex.partition(" = ")
            out += f"sum({_braced(body.strip())} for {_braced(index)} in {_braced(first)}"
            out += f"..{_braced(last)}){equals}"
        elif re.match(r"\\(text|mathrm|textbf)\{", tex):
            inner, tex = _group(tex[tex.index("{") :])
            out += _braced(inner)
        elif tex.startswith("^{"):
            inner, tex = _group(tex[1:])
            out += f"^({_braced(inner)})"
        elif tex.startswith("_{"):
            inner, tex = _group(tex[1:])
            out += _braced(inner)
        else:
            out, tex = out + tex[0], tex[1:]
    return out


def _group(tex: str) -> tuple[str, str]:
    """(what stands in the first braces, what follows)."""
    depth = 0
    for k, c in enumerate(tex):
        depth += (c == "{") - (c == "}")
        if not depth:
            return tex[1:k], tex[k + 1 :]
    raise ValueError(tex)
