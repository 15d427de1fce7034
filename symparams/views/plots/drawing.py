"""Pictures drawn by matplotlib: SVG, PDF and PNG, without a display.

The same picture gives the same bytes: no date, no random names, no settings of the reader's.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from symparams.algebra import Number
from symparams.errors import SymparamsError
from symparams.views.plots.names import drawn_text, plain_text
from symparams.views.plots.picture import (
    Area,
    Bars,
    Curve,
    Picture,
    PictureAxis,
    Plotted,
    Stack,
    Star,
    set_apart,
)
from symparams.views.rendering import render
from symparams.views.typeset_names import Naming
from symparams.views.typesetting import Typesetting
from symparams.views.written import clean

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: Suffix → what matplotlib calls the format, and what would differ from run to run.
KINDS: Mapping[str, tuple[str, Mapping[str, None]]] = {
    ".svg": ("svg", {"Date": None, "Creator": None}),
    ".pdf": ("pdf", {"CreationDate": None, "Creator": None, "Producer": None}),
    ".png": ("png", {"Software": None}),
}
#: One column of most papers, in inches, and how high a figure is for its width.
COLUMN = 3.4
RATIO = 0.72
#: Points a letter; of ticks and of labels in the figure.
FONT, SMALL = 8.0, 7.0
_SETTINGS: Mapping[str, Any] = {
    "font.family": ["DejaVu Sans"],
    "font.size": FONT,
    "mathtext.fontset": "dejavusans",
    "mathtext.default": "it",
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.labelsize": FONT,
    "xtick.labelsize": SMALL,
    "ytick.labelsize": SMALL,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.major.size": 2.5,
    "ytick.major.size": 2.5,
    "lines.linewidth": 1.4,
    "lines.markersize": 3,
    "svg.hashsalt": "symparams",
    "svg.fonttype": "path",
    "pdf.fonttype": 42,
    "figure.dpi": 72,
}
_EDGE = "#333333"


def drawn(plotted: Plotted, suffix: str, width: float = COLUMN) -> bytes:
    """Return a figure as a file.

    SVG and PDF say which table they were drawn from, by :func:`digest`.

    Args:
        plotted: what is drawn.
        suffix: one of :data:`KINDS`.
        width: in inches.

    Raises:
        SymparamsError: matplotlib is not installed, or its font lacks a character.
    """
    kind, dateless = KINDS[suffix]
    picture = plotted.picture
    metadata: dict[str, Any] = dict(dateless)
    title = clean(picture.title)
    if kind == "svg":
        metadata |= {"Title": title, "Identifier": digest(plotted)}
    elif kind == "pdf":
        metadata |= {"Title": title, "Subject": digest(plotted)}
    out = io.BytesIO()
    with _settings():
        naming = Typesetting().setter(plotted.sheet).naming
        figure = _figure(picture, width, naming)
        figure.savefig(out, format=kind, dpi=300, metadata=metadata)
    return out.getvalue()


def digest(plotted: Plotted) -> str:
    """Return what the table of a figure is known by: the SHA-256 of what ``--format json``
    prints.
    """
    return f"sha256:{sha256((render(plotted.sheet, 'json') + chr(10)).encode()).hexdigest()}"


@contextmanager
def _settings() -> Iterator[None]:
    """Draw with our settings alone; what the font lacks is an error."""
    try:
        import matplotlib
    except ImportError:
        raise SymparamsError(
            "a figure needs matplotlib, which is not installed",
            None,
            "pip install 'symparams[plot]'; --format pgf and the tables need nothing",
        ) from None
    with matplotlib.rc_context(), warnings.catch_warnings():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_SETTINGS)
        warnings.filterwarnings("error", message="Glyph", category=UserWarning)
        try:
            yield
        except UserWarning as lacking:
            raise SymparamsError(
                f"the font has no sign for a character: {lacking}",
                None,
                "--format pgf leaves the fonts to your document",
            ) from None


def _figure(picture: Picture, width: float, naming: Naming) -> Figure:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, width * _ratio(picture)), layout="constrained")
    FigureCanvasAgg(figure)  # measures words; the file has the backend of its format
    figure.get_layout_engine().set(w_pad=0.05, h_pad=0.03)
    axes = figure.add_subplot()
    _axis(axes, "x", picture.x, naming)
    if picture.y is not None:
        _axis(axes, "y", picture.y, naming)
    for mark in picture.marks:
        match mark:
            case Stack():
                _stack(axes, mark, picture)
            case Curve():
                _curve(axes, mark)
            case Bars():
                _bars(axes, mark, naming)
    _Labels(figure, axes, picture, naming).write()
    return figure


def _ratio(picture: Picture) -> float:
    for mark in picture.marks:
        if isinstance(mark, Bars):  # as high as its bars need
            return min(1.6, 0.16 + 0.075 * len(mark.bars))
    return RATIO


def _axis(axes: Axes, side: str, axis: PictureAxis, naming: Naming) -> None:
    from matplotlib.ticker import NullLocator

    set_scale = axes.set_xscale if side == "x" else axes.set_yscale
    set_limits = axes.set_xlim if side == "x" else axes.set_ylim
    set_ticks = axes.set_xticks if side == "x" else axes.set_yticks
    set_label = axes.set_xlabel if side == "x" else axes.set_ylabel
    if axis.logarithmic:
        set_scale("log")
    set_limits(float(axis.low), float(axis.high))
    set_ticks([float(t) for t, _ in axis.ticks], [plain_text(words) for _, words in axis.ticks])
    (axes.xaxis if side == "x" else axes.yaxis).set_minor_locator(NullLocator())
    set_label(drawn_text(axis.label, naming))


# --- marks ------------------------------------------------------------------


def _stack(axes: Axes, stack: Stack, picture: Picture) -> None:
    places = [float(x) for x in stack.places]
    floor: list[Number] = [0] * len(places)
    middles: list[float] = []
    assert picture.y is not None
    for area in stack.areas:
        roof = [a + b for a, b in zip(floor, area.heights, strict=True)]
        axes.fill_between(
            places,
            [float(v) for v in floor],
            [float(v) for v in roof],
            color=area.color,
            linewidth=0,
        )
        middles.append((picture.y.fraction(floor[-1]) + picture.y.fraction(roof[-1])) / 2)
        floor = roof
    _named_at_the_right(axes, stack.areas, middles)


def _named_at_the_right(axes: Axes, areas: tuple[Area, ...], middles: list[float]) -> None:
    """Write the name of each band beside its end, with a line to it."""
    height = axes.figure.get_size_inches()[1] * 72 * 0.8
    heights = set_apart(middles, (SMALL + 2) / height)
    for area, middle, at in zip(areas, middles, heights, strict=True):
        axes.annotate(
            plain_text(area.name),
            (1, middle),
            (1.07, at),
            xycoords="axes fraction",
            textcoords="axes fraction",
            va="center",
            fontsize=SMALL,
            arrowprops={
                "arrowstyle": "-",
                "color": area.color,
                "linewidth": 1.2,
                "shrinkA": 0,
                "shrinkB": 0,
                "relpos": (0, 0.5),
            },
        )


def _curve(axes: Axes, curve: Curve) -> None:
    if not curve.points:
        return
    xs, ys = ([float(v) for v in side] for side in zip(*curve.points, strict=True))
    axes.plot(
        xs,
        ys,
        color=curve.color,
        linestyle="-" if curve.line else "none",
        marker="o" if curve.dots else "",
        drawstyle=f"steps-{curve.steps}" if curve.steps else "default",
    )


def _bars(axes: Axes, bars: Bars, naming: Naming) -> None:
    rows = range(len(bars.bars))
    axes.set_ylim(len(bars.bars) - 0.4, -0.6)
    names = [drawn_text(bar.name, naming) for bar in bars.bars]
    axes.set_yticks(list(rows), names, fontsize=FONT)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    for row, bar in zip(rows, bars.bars, strict=True):
        for end, color in bar.pieces:
            axes.barh(row, float(end - bars.base), 0.62, left=float(bars.base), color=color)
        for value, words, side in zip(bars.ends(bar), (bar.low, bar.high), (-1, 1), strict=True):
            if words:
                axes.annotate(
                    plain_text(words),
                    (float(value), row),
                    (3 * side, 0),
                    textcoords="offset points",
                    ha="left" if side > 0 else "right",
                    va="center",
                    fontsize=SMALL,
                )
    axes.axvline(float(bars.base), color=_EDGE, linewidth=0.8)


#: Where the name of a point may stand, the best first: points to the right and up, and how the
#: words are aligned there.
_ASIDE = (
    (5, 5, "left", "bottom"),
    (5, -5, "left", "top"),
    (-5, 5, "right", "bottom"),
    (-5, -5, "right", "top"),
    (7, 0, "left", "center"),
    (-7, 0, "right", "center"),
    (0, 7, "center", "bottom"),
    (0, -7, "center", "top"),
    (14, 14, "left", "bottom"),
    (-14, -14, "right", "top"),
    (-14, 14, "right", "bottom"),
    (14, -14, "left", "top"),
)
#: How many places of a curve are asked whether its name may stand there.
_TRIED = 24


class _Labels:
    """Writes what points and curves are where nothing else stands, and marks the points."""

    def __init__(self, figure: Figure, axes: Axes, picture: Picture, naming: Naming) -> None:
        self.axes, self.naming = axes, naming
        self.stars = [mark for mark in picture.marks if isinstance(mark, Star)]
        self.curves = [mark for mark in picture.marks if isinstance(mark, Curve) and mark.points]
        if not self.stars and not self.curves:
            return
        for star in self.stars:
            self._mark(star)
        figure.draw_without_rendering()
        self.renderer = figure.canvas.get_renderer()
        self.inside = axes.get_window_extent(self.renderer)
        self.taken: list[Any] = []
        self.points = [self._pixels(star.point) for star in self.stars]
        for curve in self.curves:
            self.points += self._along(curve)

    def write(self) -> None:
        """Write every name that there is room for, those of curves first."""
        for curve in self.curves:
            if curve.label:
                at = [curve.points[k] for k in self._tried(len(curve.points))]
                self._write(plain_text(curve.label), at)
        for star in self.stars:
            lines = (drawn_text(line, self.naming) for line in star.label)
            self._write("\n".join(lines), [star.point])

    def _mark(self, star: Star) -> None:
        x, y = map(float, star.point)
        marker, size = ("o", 4) if star.dot else ("*", 8)
        self.axes.plot(
            x,
            y,
            marker,
            color=star.color,
            markersize=size,
            markeredgecolor="black",
            markeredgewidth=0.5,
            zorder=5,
            clip_on=False,
        )

    def _pixels(self, point: tuple[Number, Number]) -> tuple[float, float]:
        x, y = self.axes.transData.transform(tuple(map(float, point)))
        return float(x), float(y)

    def _along(self, curve: Curve) -> Iterator[tuple[float, float]]:
        """Yield the points of a curve, and of its line points close to each other."""
        pixels = [self._pixels(point) for point in curve.points]
        yield from pixels
        if not curve.line:
            return
        for (x, y), (further, higher) in pairwise(pixels):
            steps = int(max(abs(further - x), abs(higher - y)) // 2) + 1
            for k in range(1, steps):
                yield x + (further - x) * k / steps, y + (higher - y) * k / steps

    @staticmethod
    def _tried(many: int) -> list[int]:
        """Return some places of a curve, from its middle outwards."""
        places = sorted({(many - 1) * k // _TRIED for k in range(_TRIED + 1)})
        return sorted(places, key=lambda k: abs(2 * k - many + 1))

    def _write(self, words: str, at: list[tuple[Number, Number]]) -> None:
        """Write a name where it hides least, and no other name; where there is no room, not."""
        from matplotlib.patheffects import withStroke

        note = self.axes.annotate(
            words,
            (0, 0),
            (0, 0),
            textcoords="offset points",
            fontsize=SMALL,
            color="black",
            zorder=6,
            path_effects=[withStroke(linewidth=2, foreground="white")],
        )
        best: tuple[Any, ...] | None = None
        for point in at:
            note.xy = tuple(map(float, point))
            for right, up, across, along in _ASIDE:
                note.set(position=(right, up), ha=across, va=along)
                box = note.get_window_extent(self.renderer)
                if not self._fits(box):
                    continue
                hidden = sum(box.contains(*pixel) for pixel in self.points)
                if best is None or hidden < best[0]:
                    best = hidden, note.xy, (right, up), across, along, box
                if not hidden:
                    break
            if best is not None and not best[0]:
                break
        if best is None:
            note.remove()
            return
        _, note.xy, position, across, along, box = best
        note.set(position=position, ha=across, va=along)
        self.taken.append(box)

    def _fits(self, box: Any) -> bool:
        inside = self.inside
        within = inside.x0 <= box.x0 and box.x1 <= inside.x1 and inside.y0 <= box.y0
        return within and box.y1 <= inside.y1 + 4 and not any(box.overlaps(t) for t in self.taken)
