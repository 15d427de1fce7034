"""Weightless cores of sequence models: attention and state-space scans."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from symparams.algebra import Size, divided, product
from symparams.errors import SymparamsError
from symparams.layers.base import Core, Requirement, Shape
from symparams.layers.options import a_size, a_tensor


class Attend(Core, kind="attend"):
    """Scaled dot-product attention (Vaswani et al. 2017, arXiv:1706.03762).

    ``q (…, s, d), k (…, t, d'), v (…, t, e') -> (…, s, e)``, where d' and e'
    are d and e with kv_heads heads instead of heads. Costs s·t·(d + e) MACs:
    full attention, also where a mask is causal. A ``bias`` broadcasts onto the
    scores ``(…, heads, s, t)``; or it is a table ``(rows, heads)``, of which
    each score takes the row of its relative position.
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

    def _kv(self) -> Size:
        return self.heads if self.kv_heads is None else self.kv_heads

    def _width(self, v: Shape) -> Size:
        if self.kv_heads is None:
            return v[-1]
        return divided(v[-1] * self.heads, self._kv())

    def admit(self, *shapes: Shape) -> None:
        if len({len(s) for s in shapes}) != 1:
            raise SymparamsError("'attend' needs q, k and v of as many axes each")
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
        """The shape of the scores: a score for each head, query and key."""
        q, k, _ = shapes
        return (*q[:-2], self.heads, q[-2], k[-2])

    def _misfit(self, scores: Shape) -> str:
        shown = scores[1:] if scores[0] == 1 else scores
        return f"a bias of {self.bias} does not fit scores of {self.bias.but(axes=shown)}"

    def costs(self, *shapes: Shape) -> Size:
        q, k, v = shapes
        return product(q[:-1]) * k[-2] * (q[-1] + self._width(v))


def is_table(bias: Shape, scores: Shape) -> bool:
    """Whether a bias is a table ``(rows, heads)``: it has that shape, and not the scores'."""
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

    def costs(self, *shapes: Shape) -> Size:
        (steps, width), states = shapes[0], shapes[2][1]
        return steps * width * (3 * states + 1)
