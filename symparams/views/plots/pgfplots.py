r"""Pictures as pgfplots source, for those who set them in the fonts of their own document.

It needs ``\usepackage{pgfplots}`` and nothing else. The numbers are those of the table; what is
no integer has nine digits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from symparams.algebra import Number
from symparams.views.cells import Phrase
from symparams.views.latex import latex_text
from symparams.views.mathematics import MathSetter
from symparams.views.plots.picture import (
    GREY,
    PALETTE,
    Bars,
    Curve,
    Picture,
    PictureAxis,
    Plotted,
    Stack,
    Star,
    set_apart,
)
from symparams.views.typesetting import Typesetting
from symparams.views.written import shown

#: The height of a line of ``\footnotesize`` as part of the height of the axes.
_LINE = 0.075
#: The width of a letter of ``\\scriptsize`` as part of a column.
_LETTER = 0.018
_NAMES = {color: f"symparams{chr(ord('A') + k)}" for k, color in enumerate((*PALETTE, GREY))}
_HEAD = r"""% Made by symparams. In the preamble: \usepackage{pgfplots} \pgfplotsset{compat=1.16}"""


def pgf(plotted: Plotted) -> str:
    """Return a figure as a ``tikzpicture``, as wide as the column."""
    picture, setter = plotted.picture, Typesetting().setter(plotted.sheet)
    lines = [_HEAD, r"\begin{tikzpicture}"]
    lines += [rf"\definecolor{{{n}}}{{HTML}}{{{c[1:]}}}" for c, n in _used(picture)]
    lines += [r"\begin{axis}[", *(f"  {option}," for option in _options(picture, setter)), "]"]
    for mark in picture.marks:
        match mark:
            case Stack():
                lines += _stack(mark, picture)
            case Curve():
                lines += _curve(mark, picture)
            case Bars():
                lines += _bars(mark)
            case Star():
                lines += _star(mark, picture, setter)
    return "\n".join([*lines, r"\end{axis}", r"\end{tikzpicture}"])


def _used(picture: Picture) -> Iterator[tuple[str, str]]:
    """Yield the colours of a picture, and what they are called in it."""
    found: set[str] = set()
    for mark in picture.marks:
        match mark:
            case Stack():
                found |= {area.color for area in mark.areas}
            case Curve() | Star():
                found.add(mark.color)
            case Bars():
                found |= {color for bar in mark.bars for _, color in bar.pieces}
    return ((color, name) for color, name in _NAMES.items() if color in found)


def _options(picture: Picture, setter: MathSetter) -> Iterator[str]:
    bars = next((mark for mark in picture.marks if isinstance(mark, Bars)), None)
    height = 0.5 if bars is None else min(1.6, 0.06 + 0.07 * len(bars.bars))
    yield rf"scale only axis, width={_width(picture):.3f}\columnwidth"
    yield rf"height={height:.2f}\columnwidth"
    yield "axis lines=left, axis line style={-}, clip=false"
    yield r"label style={font=\footnotesize}, tick label style={font=\scriptsize}"
    yield "tick align=outside, scaled ticks=false"
    yield from _axis("x", picture.x, setter)
    if picture.y is not None:
        yield from _axis("y", picture.y, setter)
    if bars is not None:
        rows = range(1, len(bars.bars) + 1)
        yield f"ymin=0.3, ymax={len(bars.bars)}.7, y dir=reverse"
        yield f"ytick={{{','.join(map(str, rows))}}}, ytick style={{draw=none}}"
        yield f"yticklabels={{{','.join(_braced(bar.name, setter) for bar in bars.bars)}}}"
        yield "y axis line style={draw=none}"


def _width(picture: Picture) -> float:
    """Return the part of the column that the axes may have beside what stands left and right."""
    left, right = 0.19, 0.04
    for mark in picture.marks:
        if isinstance(mark, Stack):
            right = 0.1 + _LETTER * max(len(area.name) for area in mark.areas)
        if isinstance(mark, Bars):
            left = 0.06 + _LETTER * max(len(shown(bar.name)) for bar in mark.bars)
            written = max(len(w) for bar in mark.bars for w in (bar.low, bar.high))
            right = max(0.06, _LETTER * written - 0.12)
    return max(0.3, 1 - left - right)


def _axis(side: str, axis: PictureAxis, setter: MathSetter) -> Iterator[str]:
    yield f"{side}label={_braced(axis.label, setter)}"
    if axis.logarithmic:
        yield f"{side}mode=log"
    yield f"{side}min={_number(axis.low)}, {side}max={_number(axis.high)}"
    places = ",".join(_number(place) for place, _ in axis.ticks)
    words = ",".join(f"{{{_words(written)}}}" for _, written in axis.ticks)
    yield f"{side}tick={{{places}}}, {side}ticklabels={{{words}}}"
    yield f"minor {side} tick num=0" if not axis.logarithmic else f"{side}minorticks=false"


def _braced(cell: Phrase, setter: MathSetter) -> str:
    return f"{{{latex_text(cell, setter)}}}"


def _words(written: str) -> str:
    return latex_text(written.replace("−", "-"))


def _number(number: Number) -> str:
    """Write a number out; what has no end is cut at nine digits."""
    exact = Fraction(number)
    return str(exact.numerator) if exact.denominator == 1 else f"{float(exact):.9g}"


def _points(points: Iterable[tuple[Number, Number]]) -> str:
    return " ".join(f"({_number(x)},{_number(y)})" for x, y in points)


# --- marks ------------------------------------------------------------------


def _stack(stack: Stack, picture: Picture) -> Iterator[str]:
    assert picture.y is not None
    floor: list[Number] = [0] * len(stack.places)
    middles: list[float] = []
    for area in stack.areas:
        roof = [a + b for a, b in zip(floor, area.heights, strict=True)]
        there = list(zip(stack.places, roof, strict=True))
        back = list(zip(stack.places, floor, strict=True))[::-1]
        color = _NAMES[area.color]
        yield rf"\addplot[draw=none, fill={color}] coordinates {{{_points([*there, *back])}}};"
        middles.append((picture.y.fraction(floor[-1]) + picture.y.fraction(roof[-1])) / 2)
        floor = roof
    right = picture.x.fraction(stack.places[-1])
    for area, middle, at in zip(stack.areas, middles, set_apart(middles, _LINE), strict=True):
        yield (
            rf"\draw[{_NAMES[area.color]}, thick] (rel axis cs:{right:.4f},{middle:.4f}) -- "
            rf"(rel axis cs:{right + 0.06:.4f},{at:.4f}) "
            rf"node[right, black, font=\scriptsize, inner sep=1pt] {{{latex_text(area.name)}}};"
        )


def _curve(curve: Curve, picture: Picture) -> Iterator[str]:
    if not curve.points:
        return
    style = [_NAMES[curve.color]]
    style.append("thick" if curve.line else "only marks")
    style.append("mark=*, mark size=1pt" if curve.dots else "mark=none")
    if curve.steps:
        style.append("const plot mark right" if curve.steps == "pre" else "const plot")
    yield rf"\addplot[{', '.join(style)}] coordinates {{{_points(curve.points)}}};"
    if curve.label:
        x, y = curve.points[len(curve.points) // 2]
        yield (
            rf"\node[{_side(picture, x)}, inner sep=2pt, font=\scriptsize] at "
            rf"(axis cs:{_number(x)},{_number(y)}) {{{_words(curve.label)}}};"
        )


def _bars(bars: Bars) -> Iterator[str]:
    base = _number(bars.base)
    for row, bar in enumerate(bars.bars, 1):
        for end, color in bar.pieces:
            yield (
                rf"\fill[{_NAMES[color]}] (axis cs:{base},{row}.3) rectangle "
                rf"(axis cs:{_number(end)},{row - 1}.7);"
            )
        for value, words, side in zip(
            bars.ends(bar), (bar.low, bar.high), ("left", "right"), strict=True
        ):
            if words:
                yield (
                    rf"\node[{side}, font=\scriptsize, inner sep=2pt] at "
                    rf"(axis cs:{_number(value)},{row}) {{{_words(words)}}};"
                )
    yield rf"\draw (axis cs:{base},0.3) -- (axis cs:{base},{len(bars.bars)}.7);"


def _star(star: Star, picture: Picture, setter: MathSetter) -> Iterator[str]:
    x, y = star.point
    shape = "*, mark size=1.5pt" if star.dot else "star, mark size=3pt, thick"
    yield rf"\addplot[{_NAMES[star.color]}, mark={shape}] coordinates {{{_points([star.point])}}};"
    words = r"\\".join(latex_text(line, setter) for line in star.label)
    side = _side(picture, x)
    yield (
        rf"\node[{side}, align=left, font=\scriptsize, inner sep=2pt] at "
        rf"(axis cs:{_number(x)},{_number(y)}) {{{words}}};"
    )


def _side(picture: Picture, x: Number) -> str:
    """Return the side of a curve on which words at a place stand clear of it."""
    ends = [(m.points[0], m.points[-1]) for m in picture.marks if isinstance(m, Curve) and m.line]
    rises = any((b[1] > a[1]) == (b[0] > a[0]) for a, b in ends)
    along = picture.x.fraction(x)
    if rises and along < 0.1:
        return "right"
    if rises:
        return "below right" if along < 0.7 else "above left"
    return "above right" if along < 0.7 else "below left"
