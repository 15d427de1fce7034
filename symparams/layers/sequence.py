"""Weightless cores of sequence models: attention and state-space scans."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from symparams.algebra import Size, add_up, divided, floor_divided, larger, product
from symparams.errors import SymparamsError
from symparams.layers.base import Core, Requirement, Saved, Shape
from symparams.layers.options import a_flag, a_number, a_size, a_tensor, a_word


class Attend(Core, kind="attend"):
    """Scaled dot-product attention (Vaswani et al. 2017, arXiv:1706.03762).

    ``q (…, s, d), k (…, t, d'), v (…, t, e') -> (…, s, e)``, where d' and e'
    are d and e with kv_heads heads instead of heads. Costs d + e MACs for each
    pair of a query and a key that it sees: s·t of them, unless ``causal``,
    ``window`` or ``blocks`` leaves the others out. A ``bias`` broadcasts onto the
    scores ``(…, heads, s, t)``; or it is a table ``(rows, heads)``, of which
    each score takes the row of its relative position.

    Causal: the s queries are the last s of the t positions, as behind a cache
    (FlashAttention-2's alignment, Dao 2023, arXiv:2307.08691), and see the keys
    up to their own. With a window of w each sees the last w of these; a window
    that is not causal reaches floor(w/2) to either side (Longformer, Beltagy et
    al. 2020, arXiv:2004.05150). With blocks of b the positions are cut into runs
    of b, the last as long as what is left, and each sees its own run (Image
    Transformer, Parmar et al. 2018, arXiv:1802.05751; attention_chunk_size of
    transformers' Llama 4).

    ``flash``, ``dropout`` and ``viewed`` change only what is kept for the backward
    pass. torch's ``nn.MultiheadAttention`` has time in front of the batch, so that
    its values are views, and where it returns the weights its keys too.
    """

    example = "input(t, i) -> (id, id, id) -> attend(heads = 2)"
    inputs = ("q", "k", "v")
    least_rank = 2
    needs = "sequences (…, time, features)"
    computes = True

    heads: Size = a_size("", "heads of the queries", 1)
    kv_heads: Size | None = a_size(
        "", "heads of keys and values; as many as heads if not said", None
    )
    bias: Any = a_tensor("added to the scores, as relative positions are")
    causal: bool = a_flag("leave out the keys behind a query's own position", False)
    window: Size | None = a_size(
        "", "keys that a query sees, the last ones or those around it; none: all", None
    )

    blocks: Size | None = a_size(
        "", "keys of a block; a query sees those of its own, none: all", None
    )
    flash: bool = a_flag("a fused kernel computes it, which keeps no scores", False)
    dropout: Size = a_number("share of the weights that is dropped", 0)
    viewed: str = a_word(
        ("none", "values", "both"), "of keys and values, what lies as its heads read it", "none"
    )

    def _kv(self) -> Size:
        return self.heads if self.kv_heads is None else self.kv_heads

    def _width(self, v: Shape) -> Size:
        if self.kv_heads is None:
            return v[-1]
        return divided(v[-1] * self.heads, self._kv())

    def admit(self, *shapes: Shape) -> None:
        if len({len(s) for s in shapes}) != 1:
            raise SymparamsError("'attend' needs q, k and v of as many axes each")
        if self.window is not None and self.blocks is not None:
            raise SymparamsError("'attend' takes a window or blocks, not both")
        if self.bias is not None:
            scores = self.scores(*shapes)
            if len(self.bias.axes) > len(scores):
                raise SymparamsError(self._misfit(scores))

    def outputs(self, *shapes: Shape) -> tuple[Shape, ...]:
        q, _, v = shapes
        return ((*q[:-1], self._width(v)),)

    def demands(self, *shapes: Shape) -> Iterator[Requirement]:
        q, k, v = shapes
        heads, kv = self.heads, self._kv()
        if heads != 1:
            yield Requirement(
                "integer", divided(q[-1], heads), f"{heads} heads must divide the queries' {q[-1]}"
            )
        if kv != 1:
            yield Requirement(
                "integer", divided(v[-1], kv), f"{kv} heads must divide the values' {v[-1]}"
            )
        if self.kv_heads is not None:
            yield Requirement(
                "integer", divided(heads, kv), f"kv_heads = {kv} must divide heads = {heads}"
            )
        yield Requirement(
            "zero",
            q[-1] * kv - k[-1] * heads,
            f"queries of {q[-1]} in {heads} heads do not fit keys of {k[-1]} in {kv}",
        )
        yield Requirement("zero", k[-2] - v[-2], f"{k[-2]} keys for {v[-2]} values")
        if self.causal:
            says = f"causal attention of {q[-2]} queries needs as many keys or more, not {k[-2]}"
            yield Requirement("nonnegative", k[-2] - q[-2], says)
        elif self.window is not None or self.blocks is not None:
            # Which key stands in the middle of a query's window is said nowhere otherwise.
            what = "blocks" if self.window is None else "windows"
            says = f"{q[-2]} queries in {what} over {k[-2]} keys"
            yield Requirement("zero", k[-2] - q[-2], says)
        for other in (k, v):
            for a, b in zip(q[:-2], other[:-2], strict=True):
                yield Requirement("zero", a - b, f"attention over axes of {a} and {b}")
        if self.bias is not None:
            scores, own = self.scores(q, k, v), tuple(self.bias.axes)
            if not is_table(own, scores):
                for a, b in zip(reversed(own), reversed(scores), strict=False):
                    if a != 1:
                        yield Requirement("zero", a - b, self._misfit(scores))

    def scores(self, *shapes: Shape) -> Shape:
        """Return the shape of the scores: a score for each head, query and key."""
        q, k, _ = shapes
        return (*q[:-2], self.heads, q[-2], k[-2])

    def _misfit(self, scores: Shape) -> str:
        shown = scores[1:] if scores[0] == 1 else scores
        return f"a bias of {self.bias} does not fit scores of {self.bias.but(axes=shown)}"

    def costs(self, *shapes: Shape) -> Size:
        q, k, v = shapes
        return product(q[:-2]) * self._pairs(q[-2], k[-2]) * (q[-1] + self._width(v))

    def backward(self, needs: tuple[bool, ...], learns: bool, *shapes: Shape) -> Size:
        # The scores require a gradient where one of queries, keys and bias does.
        query, key, value, *bias = needs
        q, k, v = shapes
        pairs = product(q[:-2]) * self._pairs(q[-2], k[-2])
        weights = query or key or any(bias)
        return pairs * (q[-1] * (query + key) + self._width(v) * (weights + value))

    def saves(self, needs: tuple[bool, ...], learns: bool, *shapes: Shape) -> Saved | None:
        q, k, v = shapes
        rows = product(q[:-2]) * self.heads * q[-2]
        if self.flash:
            if self.bias is not None and is_table(tuple(self.bias.axes), self.scores(*shapes)):
                return None  # fused kernels that add what is trained are the device's own
            mask = 0 if self.bias is None else product(self.bias.axes)
            # With a row's logarithm of the sum of its exponentials.
            return Saved(inputs=(0, 1, 2), result=True, values=rows + mask)
        # Copies of queries, keys and values, those of fewer heads repeated; the softmax.
        front, keys = product(k[:-2]), k[-2]
        shown: tuple[int, ...] = {"none": (), "values": (2,), "both": (1, 2)}[self.viewed]
        widths = {1: q[-1], 2: self._width(v)}
        copied = add_up(width for place, width in widths.items() if place not in shown)
        dropped = 0 if self.dropout == 0 else rows * keys  # the weights that are left, and a mask
        values = product(q) + front * keys * copied + rows * keys + dropped
        return Saved(inputs=shown, values=values, masks=dropped)

    def _pairs(self, queries: Size, keys: Size) -> Size:
        """Return how many pairs of a query and a key that it sees there are."""
        every, window = queries * keys, self.window
        if self.blocks is not None:
            return self._within(keys) - (self._within(keys - queries) if self.causal else 0)
        if not self.causal:
            if window is None:
                return every
            # The corners of the square beyond the band, above and below, are triangles.
            return every - 2 * _triangle(larger(queries - floor_divided(window, 2) - 1, 0))
        every -= _triangle(queries - 1)
        if window is None:
            return every
        # Query after query, one key more is left behind the window; where there are more such
        # keys than queries, the triangle is cut off at its top.
        behind = keys - window
        return every - _triangle(larger(behind, 0)) + _triangle(larger(behind - queries, 0))

    def _within(self, positions: Size) -> Size:
        """Return the pairs within blocks of the first positions, causal or not."""
        block = self.blocks
        assert block is not None
        whole = floor_divided(positions, block)
        rest = positions - whole * block
        if self.causal:
            return whole * _triangle(block) + _triangle(rest)
        return whole * block**2 + rest**2


def _triangle(side: Size) -> Size:
    """Return 1 + 2 + … + side."""
    return divided(side * (side + 1), 2)


def is_table(bias: Shape, scores: Shape) -> bool:
    """Tell whether a bias is a table ``(rows, heads)``: it has that shape, and not the scores'."""
    heads, fits = scores[-3], zip(reversed(bias), reversed(scores), strict=False)
    broadcasts = len(bias) <= len(scores) and all(a in (1, b) for a, b in fits)
    return not broadcasts and len(bias) == 2 and bias[-1] == heads


class Scan(Core, kind="scan"):
    """Selective state-space scan (Gu & Dao 2023, arXiv:2312.00752).

    ``x (t, d), dt (t, d), A (d, n), B (t, n), C (t, n), D (d) -> (t, d)``. A
    step multiplies three times for each of the d·n states (decay, input,
    read-out) and once for each d (the skip D).
    """

    example = "{ x = input(t, d); scan(x, x, zeros(d, n), zeros(t, n), zeros(t, n), zeros(d)) }"
    inputs = ("x", "dt", "A", "B", "C", "D")
    computes = True

    def admit(self, *shapes: Shape) -> None:
        ranks = tuple(len(s) for s in shapes)
        if ranks != (2, 2, 2, 2, 2, 1):
            raise SymparamsError(
                "'scan' needs x (t, d), dt (t, d), A (d, n), B (t, n), C (t, n), D (d)"
            )

    def outputs(self, *shapes: Shape) -> tuple[Shape, ...]:
        return (shapes[0],)

    def demands(self, *shapes: Shape) -> Iterator[Requirement]:
        x, dt, a, b, c, d = shapes
        for size, other in (
            (x[0], dt[0]),
            (x[1], dt[1]),
            (x[1], a[0]),
            (x[0], b[0]),
            (a[1], b[1]),
            (x[0], c[0]),
            (a[1], c[1]),
            (x[1], d[0]),
        ):
            yield Requirement("zero", size - other, f"a scan over {size} and {other}")

    def state(self, *shapes: Shape) -> Size:
        return product(shapes[2])

    def costs(self, *shapes: Shape) -> Size:
        (steps, width), states = shapes[0], shapes[2][1]
        return steps * width * (3 * states + 1)

    def backward(self, needs: tuple[bool, ...], learns: bool, *shapes: Shape) -> Size:
        (steps, width), states = shapes[0], shapes[2][1]
        x, dt, a, b, c, d = needs
        decay, entering = dt or a, x or dt
        state = decay or entering or b
        # Of the decay's product the first step has a given state; the others' have the last one.
        each = steps * (decay + entering + b + state + c) + (steps - 1) * state
        return width * (states * each + steps * (x + d))
