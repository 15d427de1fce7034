"""How wide TeX sets a formula or a text in Computer Modern: what a line is broken by.

The rules are those of The TeXbook, appendix G, and of LaTeX's ``size10.clo``; the widths are
the fonts' own (``computer_modern.txt``). Lengths are in points of TeX, floats: nothing that is
counted depends on them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

from symparams.language import (
    GLYPHS,
    Accented,
    Glyph,
    Letters,
    MathNode,
    MathRow,
    OwnCommand,
    Scripted,
)
from symparams.views.latex import is_tall, tex
from symparams.views.mathematics import (
    Digits,
    Fenced,
    HalfBracket,
    OperatorName,
    Radical,
    Sign,
    Stacked,
    Summed,
    ThinSpace,
    WideSpace,
)
from symparams.views.signs import SIGNS

_TABLE = Path(__file__).with_name("computer_modern.txt")
_UNIT = 100_000
#: Size of text → sizes of text, of indices, of indices of indices (``\\DeclareMathSizes``).
MATH_SIZES = {10: (10, 7, 5), 9: (9, 6, 5), 8: (8, 6, 5), 7: (7, 5, 5), 6: (6, 5, 5), 5: (5, 5, 5)}
#: The styles of mathematics: displayed, in text, in an index, in an index of an index.
DISPLAY, TEXT, SCRIPT, SCRIPT_SCRIPT = range(4)
#: Spaces between classes in eighteenths of a quad; of those after ``*``, none in indices.
_SPACES: Mapping[tuple[str, str], str] = {
    (left, right): space
    for left, spaces in {
        "ord": {"op": "3", "bin": "4*", "rel": "5*", "inner": "3*"},
        "op": {"ord": "3", "op": "3", "rel": "5*", "inner": "3*"},
        "bin": dict.fromkeys(("ord", "op", "open", "inner"), "4*"),
        "rel": dict.fromkeys(("ord", "op", "open", "inner"), "5*"),
        "close": {"op": "3", "bin": "4*", "rel": "5*", "inner": "3*"},
        "punct": dict.fromkeys(("ord", "op", "rel", "open", "close", "punct", "inner"), "3*"),
        "inner": {
            "ord": "3*",
            "op": "3",
            "bin": "4*",
            "rel": "5*",
            **dict.fromkeys(("open", "punct", "inner"), "3*"),
        },
    }.items()
    for right, space in spaces.items()
}
#: The Greek letters as they stand in cmmi from 11 on, and in cmr from 0 on: those of the list.
_SMALL_GREEK = [name for name in GLYPHS if name[0].islower()][:29]
_GREEK_CODES = {name: code for code, name in enumerate(_SMALL_GREEK, 11)} | {"ell": 96, "star": 63}
_CAPITAL_GREEK = {
    name: code for code, name in enumerate(name for name in GLYPHS if name[0].isupper())
}
#: Characters of a text that are set in another font: (family, code).
_ELSEWHERE = {
    "<": ("cmmi", 60),
    ">": ("cmmi", 62),
    "|": ("cmsy", 106),
    "\\": ("cmsy", 110),
    "{": ("cmsy", 102),
    "}": ("cmsy", 103),
    "×": ("cmsy", 2),
    "·": ("cmsy", 1),
    "→": ("cmsy", 33),
    "~": ("cmsy", 24),
    "±": ("cmsy", 6),
    "−": ("cmsy", 0),
    "≤": ("cmsy", 20),
    "≥": ("cmsy", 21),
}
_SIGN_CODES = {
    "plus": ("cmr", 43),
    "minus": ("cmsy", 0),
    "cdot": ("cmsy", 1),
    "times": ("cmsy", 2),
    "pm": ("cmsy", 6),
    "eq": ("cmr", 61),
    "ne": ("cmr", 61),
    "ge": ("cmsy", 21),
    "gt": ("cmmi", 62),
    "le": ("cmsy", 20),
    "lt": ("cmmi", 60),
    "mid": ("cmsy", 106),
    "nmid": ("msbm", 45),
    "in": ("cmsy", 50),
    "comma": ("cmmi", 59),
}
_MARKS = {"*": ("cmsy", 3), "-": ("cmsy", 0), "/": ("cmmi", 61), ".": ("cmmi", 58)} | {
    mark: ("cmr", ord(mark)) for mark in ",+()"
}
_FAMILIES = {
    "rm": "cmr",
    "text": "cmr",
    "bf": "cmbx",
    "sf": "cmss",
    "tt": "cmtt",
    "cal": "cmsy",
    "bb": "msbm",
}
#: Heights of growing brackets at ten points, and their codes in cmex10: round, floor.
_GROWN = ((12.0, 0, 4), (18.0, 16, 106), (24.0, 18, 22), (30.0, 32, 36))
#: The space that TeX leaves beside a fraction, and behind an index.
_NULL_DELIMITER, _SCRIPT_SPACE = 1.2, 0.5
#: Fence → the font and the codes of its brackets where they do not grow.
_BRACKET_CODES = {
    "round": ("cmr", (40, 41)),
    "square": ("cmr", (91, 93)),
    "floor": ("cmsy", (98, 99)),
    "set": ("cmsy", (102, 103)),
}


class Box(NamedTuple):
    """What a node takes: its width, and its height and depth about the base line."""

    width: float
    height: float = 0.0
    depth: float = 0.0


@dataclass(frozen=True, slots=True)
class _Metrics:
    """The table: font → widths with their italic corrections, and other lists by their names."""

    widths: Mapping[str, Sequence[tuple[float, float] | None]]
    numbers: Mapping[str, Sequence[float]]
    kerns: Mapping[str, float]


@cache
def _metrics() -> _Metrics:
    widths: dict[str, list[tuple[float, float] | None]] = {}
    numbers: dict[str, list[float]] = {}
    kerns: dict[str, float] = {}
    for line in _TABLE.read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        name, *cells = line.split(" ")
        if name == "kern":
            kerns = {cell[:2]: int(cell[2:]) / _UNIT for cell in cells}
        elif "." in name:
            numbers[name] = [0.0 if c == "-" else int(c) / _UNIT for c in cells]
        else:
            widths[name] = [_cell(cell) for cell in cells]
    return _Metrics(widths, numbers, kerns)


def _cell(cell: str) -> tuple[float, float] | None:
    if cell == "-":
        return None
    width, _, italic = cell.partition("+")
    return int(width) / _UNIT, int(italic or 0) / _UNIT


@cache
def _character(family: str, code: int, size: float) -> tuple[float, float]:
    """Return (width, italic correction) of a character; a font of the next smaller design size
    stands for one that there is not, as it is wider.
    """
    widths = _metrics().widths
    designs = [design for design in range(5, 11) if f"{family}{design}" in widths]
    design = max((d for d in designs if d <= size), default=designs[0])
    found = widths[f"{family}{design}"]
    width, italic = (found[code] if code < len(found) else None) or (1.0, 0.0)
    return width * size, italic * size


def _parameters(name: str, size: float) -> Sequence[float]:
    """Return parameters of a font, by its family and what they are, in parts of its size."""
    family, _, what = name.partition(".")
    numbers = _metrics().numbers
    designs = [design for design in range(5, 11) if f"{family}{design}.{what}" in numbers]
    design = max((d for d in designs if d <= size), default=designs[0])
    return numbers[f"{family}{design}.{what}"]


def _tallness(family: str, code: int, size: float) -> tuple[float, float]:
    heights, depths = _parameters(f"{family}.height", size), _parameters(f"{family}.depth", size)
    return heights[code] * size, depths[code] * size


def text_width(text: str, size: float = 10, family: str = "cmr") -> float:
    """Return the width of words in points; ``size`` is that of the font."""
    total, before = 0.0, ""
    space = 0.525 if family == "cmtt" else _parameters("cmr.space", size)[0]
    for character in text:
        if character == "_":
            total += 0.36 * size
        elif character == " ":
            total += space * size
        elif character in _ELSEWHERE:
            other, code = _ELSEWHERE[character]
            total += _character(other, code, size)[0]
        elif character == "…":
            total += 1.2 * size
        else:
            code = ord(character) if character.isascii() else ord("m")
            width, italic = _character(family, code, size)
            total += width + (0 if family == "cmr" else italic)
            total += _metrics().kerns.get(before + character, 0.0) * size
        before = character
    return total


class Measurer:
    """Measures nodes in a document whose text has one of :data:`MATH_SIZES`."""

    def __init__(self, size: int = 10) -> None:
        self.sizes = MATH_SIZES[size]

    def width(self, node: MathNode, style: int = DISPLAY) -> float:
        """Return how wide a formula is, in points."""
        return self.box(node, style).width

    def size(self, style: int) -> int:
        """Return the size of the font in a style."""
        return self.sizes[max(style - 1, 0)]

    def space(self, mu: float, style: int) -> float:
        """Return a space of so many eighteenths of a quad."""
        size = self.size(style)
        return mu / 18 * _parameters("cmsy.quad", size)[0] * size

    def box(self, node: MathNode, style: int) -> Box:
        """Return what a node takes in a style."""
        match node:
            case MathRow():
                return self._row(node.items, style)
            case Digits():
                return self._digits(node, style)
            case Letters():
                return self._letters(node, style)
            case Glyph() | Sign():
                return self._glyph(*self._code(node), style)
            case ThinSpace():
                return Box(self.space(3, style))
            case WideSpace():
                return Box(self.space(18, style))
            case Scripted():
                return self._scripted(node, style)
            case Accented():
                inner = self.box(node.base, style)
                return Box(inner.width, inner.height + 0.25 * self.size(style), inner.depth)
            case Stacked():
                return self._stacked(node, style)
            case Radical():
                inner = self.box(node.inner, style)
                grown = 1.0 if inner.height + inner.depth > self.size(style) else 0.8334
                width = inner.width + grown * self.size(style)
                return Box(width, inner.height + 0.25 * self.size(style), inner.depth)
            case Fenced():
                return self._fenced(node, style)
            case OperatorName():
                return self._operator(node, style)
            case Summed():
                return self._summed(node, style)
            case HalfBracket():
                return self._bracket(node, style)
            case OwnCommand():
                return self.box(node.instead, style)
        raise TypeError(type(node).__name__)  # pragma: no cover - there are no more nodes

    def _code(self, node: MathNode) -> tuple[str, int]:
        if isinstance(node, Sign):
            return _SIGN_CODES[node.name]
        assert isinstance(node, Glyph)
        if node.name in _CAPITAL_GREEK:
            return "cmr", _CAPITAL_GREEK[node.name]
        if node.name in _GREEK_CODES:
            return "cmmi", _GREEK_CODES[node.name]
        return (
            ("cmsy", {"prime": 48, "ast": 3}.get(node.name, 1))
            if node.name != "hbar"
            else (
                "cmmi",
                ord("h"),
            )
        )

    def _glyph(self, family: str, code: int, style: int) -> Box:
        size = self.size(style)
        width, italic = _character(family, code, size)
        if family in ("cmr", "cmmi", "cmsy"):
            return Box(width + italic, *_tallness(family, code, size))
        return Box(width + italic, 0.7 * size, 0.2 * size)

    def _digits(self, node: Digits, style: int) -> Box:
        size, shown = self.size(style), f"{node.number:,}"
        digit, comma = _character("cmr", 48, size)[0], _character("cmmi", 59, size)[0]
        commas = shown.count(",")
        width = (len(shown) - commas) * digit + commas * comma
        return Box(width, 0.645 * size, 0.2 * size if commas else 0)

    def _letters(self, node: Letters, style: int) -> Box:
        size = self.size(style)
        if node.font == "it" and len(node.text) == 1:
            return self._glyph("cmmi", ord(node.text), style)
        if node.font == "rm" and node.text in _MARKS:
            return self._glyph(*_MARKS[node.text], style)
        shown = node.text
        if node.font == "text" and not shown.isascii():
            return Box(max(self._escaped(shown, size), 0.0), 0.75 * size, 0.25 * size)
        width = text_width(shown, size, _FAMILIES.get(node.font, "cmti"))
        return Box(width, 0.75 * size, 0.25 * size)

    def _escaped(self, text: str, size: int) -> float:
        from symparams.views.latex import shown_in_tex

        return text_width(shown_in_tex(text), size)

    def _operator(self, node: OperatorName, style: int) -> Box:
        name = tex(node).removeprefix(r"\operatorname{").strip("\\}").replace(r"\_", "_")
        size = self.size(style)
        return Box(text_width(name, size), 0.75 * size, 0.25 * size)

    def _summed(self, node: Summed, style: int) -> Box:
        first = self.box(node.first, max(SCRIPT, style))
        last = self.box(node.last, max(SCRIPT, style))
        size = self.size(style)
        if style == DISPLAY:
            width = max(1.4445 * size, first.width, last.width)
            return Box(width, 0.95 * size + last.height + 3, 0.45 * size + first.height + 5)
        width = 1.0556 * size + max(first.width, last.width) + _SCRIPT_SPACE
        return Box(width, 1.1 * size, 0.6 * size)

    def _bracket(self, node: HalfBracket, style: int) -> Box:
        size = self.size(style)
        round_ = node.fence == "round"
        if not node.size:
            family, (opening, _) = _BRACKET_CODES[node.fence]
            return self._glyph(family, opening, style)
        height, code, floor = _GROWN[node.size - 1]
        width = _character("cmex", code if round_ else floor, size)[0]
        return Box(width, height / 2 + 0.25 * size, height / 2)

    def bracket_size(self, inner: MathNode, style: int) -> int:
        """Return which size of brackets, 0 to 4, goes around a node."""
        if not is_tall(inner):
            return 0
        height = self._grown_to(self.box(inner, style), style)
        if height <= self.size(style):
            return 0
        sizes = [grown * self.size(style) / 10 for grown, *_ in _GROWN]
        return next((k for k, grown in enumerate(sizes, 1) if height <= grown), len(sizes))

    def _grown_to(self, inner: Box, style: int) -> float:
        """Return how high the brackets around a box are at least."""
        axis = 0.25 * self.size(style)
        around = max(inner.height - axis, inner.depth + axis)
        return max(2 * around * 0.901, 2 * around - 5)

    # --- what has parts ---

    def _row(self, items: Sequence[MathNode], style: int) -> Box:
        parts = [
            (kind, box) for item in self._flat(items) for kind, box in self._atoms(item, style)
        ]
        total, before = 0.0, ""
        for kind, box in parts:
            total += box.width
            if not kind:
                continue  # a space: what stands around it does not see it
            if kind == "bin" and before in ("", "bin", "rel", "open", "punct", "op"):
                kind = "ord"
            space = _SPACES.get((before, kind), "0")
            if not (space.endswith("*") and style >= SCRIPT):
                total += self.space(float(space.rstrip("*")), style)
            before = kind
        heights = [box.height for _, box in parts]
        depths = [box.depth for _, box in parts]
        return Box(total, max(heights, default=0.0), max(depths, default=0.0))

    def _flat(self, items: Sequence[MathNode]) -> list[MathNode]:
        found: list[MathNode] = []
        for item in items:
            found += self._flat(item.items) if isinstance(item, MathRow) else [item]
        return found

    def _atoms(self, node: MathNode, style: int) -> list[tuple[str, Box]]:
        """Return the atoms of a node with their classes; of brackets that do not grow, three."""
        if isinstance(node, Fenced) and not is_tall(node.inner):
            left, right = self._sides(node, style, 0.0)
            inner = self.box(node.inner, style)
            first, last = ("open", left), ("close", right)
            return [first, ("inside", inner), last]
        return [(self._class(node), self.box(node, style))]

    def _class(self, node: MathNode) -> str:
        match node:
            case Sign():
                return SIGNS[node.name][0]
            case ThinSpace() | WideSpace():
                return ""
            case Stacked() | Fenced():
                return "inner"
            case OperatorName() | Summed():
                return "op"
            case HalfBracket():
                return "open" if node.opens else "close"
            case Scripted():
                # Brackets that do not grow end in a closing one, which takes the exponent.
                own = self._class(node.base)
                return "ord" if isinstance(node.base, Fenced) and own == "inner" else own or "ord"
        return "ord"

    def _sides(self, node: Fenced, style: int, height: float) -> tuple[Box, Box]:
        size = self.size(style)
        round_ = node.fence == "round"
        if height <= size:
            family, codes = _BRACKET_CODES[node.fence]
            return self._glyph(family, codes[0], style), self._glyph(family, codes[1], style)
        scale = size / 10
        for grown, code, floor in _GROWN:
            if height <= grown * scale:
                width = _character("cmex", code if round_ else floor, size)[0]
                break
        else:
            width, grown = 0.875 * size, height / scale
        box = Box(width, grown * scale / 2 + 0.25 * size, grown * scale / 2 - 0.25 * size)
        return box, box

    def _fenced(self, node: Fenced, style: int) -> Box:
        inner = self.box(node.inner, style)
        height = self._grown_to(inner, style) if is_tall(node.inner) else 0.0
        left, right = self._sides(node, style, height)
        return Box(
            left.width + inner.width + right.width,
            max(inner.height, left.height),
            max(inner.depth, left.depth),
        )

    def _scripted(self, node: Scripted, style: int) -> Box:
        base = self.box(node.base, style)
        above = below = Box(0.0)
        if node.above is not None:
            above = self.box(node.above, min(max(style + 1, SCRIPT), SCRIPT_SCRIPT))
        if node.below is not None:
            below = self.box(node.below, min(max(style + 1, SCRIPT), SCRIPT_SCRIPT))
        size = self.size(style)
        up, down = max(0.413 * size, base.height - 0.386 * size), max(0.15 * size, base.depth)
        return Box(
            base.width + max(above.width, below.width) + _SCRIPT_SPACE,
            max(base.height, up + above.height if node.above is not None else 0.0),
            max(base.depth, down + below.depth + 0.1 * size if node.below is not None else 0.0),
        )

    def _stacked(self, node: Stacked, style: int) -> Box:
        inside = min(style + 1, SCRIPT_SCRIPT)
        above, below = self.box(node.above, inside), self.box(node.below, inside)
        size = self.size(style)
        displayed = style == DISPLAY
        rule = _parameters("cmex.rule", size)[0] * size * (3.5 if displayed else 1.5)
        num1, num2, denom1, denom2 = _parameters("cmsy.fraction", size)
        up = max((num1 if displayed else num2) * size, 0.25 * size + rule + above.depth)
        down = max((denom1 if displayed else denom2) * size, rule + below.height - 0.25 * size)
        width = max(above.width, below.width) + 2 * _NULL_DELIMITER
        return Box(width, up + above.height, down + below.depth)
