"""Closed forms of a builder: points are built, formulas fitted, and put to points kept out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import islice, pairwise, permutations

from symparams.algebra import Number, Size, symbols_of
from symparams.errors import SymparamsError, did_you_mean
from symparams.frameworks.inference.answer import Inferred, summed
from symparams.frameworks.inference.builders import (
    ModuleBuilder,
    builder_named,
    check_arguments,
    fed_only,
)
from symparams.frameworks.inference.fitted import FittedTensors, UnfittedTensors, whole_at
from symparams.frameworks.inference.fitting import LARGEST_COST
from symparams.frameworks.inference.foretelling import PatternChecker
from symparams.frameworks.inference.inputs import fed_input, sizes_of_input
from symparams.frameworks.inference.patterns import INDEX, families
from symparams.frameworks.inference.repeats import FitContext, fit_family
from symparams.frameworks.inference.sampling import PointSource
from symparams.frameworks.inference.space import SizeSpace, size_space
from symparams.frameworks.inference.tensors import BuiltModule, SizePoint
from symparams.frameworks.inference.text import text_of_inferred

#: Joint points of the first fit, and those that are held out.
JOINT_POINTS, HELD_OUT = 4, 8
#: How often points are added that tell rival forms apart, and points that a fit has failed at.
MOST_ROUNDS, MOST_CORRECTIONS = 8, 5
#: How often points are added in gaps for what no form is found of.
MOST_FILLED = 3
#: How often families are fitted over, as long as formulas are found that others may need.
MOST_PASSES = 6
#: How complicated a form may be at first: what is six times another width waits for that.
FIRST_COSTS = (9, 14)
#: The most pairs of sizes that are made equal, and how many times its base one may become.
MOST_MEETINGS, FARTHEST_MEETING = 30, 4
#: How many points at the end of a range, and how many that move a size beside a rare tensor.
EDGE_POINTS, RARE_POINTS = 4, 2
#: The most points between others, in search of where tensors appear.
MOST_BETWEEN = 40
#: The most pairs of sizes that a point is searched among at which two forms differ.
MOST_PAIRS = 400


#: What is inferred: values of weights, or multiply-accumulates of a forward pass.
INFERRED = ("params", "macs")


def _untold(done: int) -> None:
    """Tell nobody."""


def infer(
    builder: Callable[..., object] | str,
    sizes: str,
    over: Sequence[str] = (),
    tell: Callable[[int], object] = _untold,
    measure: str = "params",
    inputs: Sequence[str] = (),
) -> Inferred:
    """Return the exact closed form of what a builder builds, as far as a few points tell it.

    Args:
        builder: a function that returns a module of torch or Keras, or its name
            ``pkg.module:builder``.
        sizes: its arguments that vary, as ``h, l = 2, a``.
        over: their domains and conditions on them.
        tell: called with how many points were tried.
        measure: ``params``, or ``macs`` of a forward pass, as torch's counter counts them.
        inputs: what the module is fed for its MACs, without the batch, in its own order of axes:
            ``3, s, s``, or ``tokens:t`` of integers. Their sizes vary with those of the builder.

    Raises:
        SymparamsError: there is no such builder, it raises at every point, it returns
            no module, or its shapes are not known.
    """
    if isinstance(builder, str):
        name = builder
        builder = builder_named(builder)
    else:
        name = getattr(builder, "__qualname__", type(builder).__name__)
    space = size_space(sizes, over)
    _check_inputs(measure, inputs, space.names)
    beside = fed_only(builder, inputs)
    check_arguments(builder, name, [n for n in space.names if n not in beside])
    build = ModuleBuilder(builder, name, [n for n in space.names if space.fractional(n)], inputs)
    source = PointSource(space, build, tell)
    return Inference(name, space, source, build, measure, tuple(inputs)).answer()


def _check_inputs(measure: str, inputs: Sequence[str], names: Sequence[str]) -> None:
    """Check that inputs are said where MACs are asked for, and there alone.

    Raises:
        SymparamsError: they are not, or one has a size that is not named.
    """
    if measure not in INFERRED:
        listed = f"there are {', '.join(INFERRED)}"
        raise SymparamsError(
            f"'{measure}' is not inferred", None, did_you_mean(measure, INFERRED, listed)
        )
    if measure == "macs" and not inputs:
        raise SymparamsError(
            "MACs are of what a module is fed", None, 'as in --input "3, s, s" or --input tokens:t'
        )
    if inputs and measure != "macs":
        raise SymparamsError("weights ask for no input", None, "--input goes with --measure macs")
    for written in inputs:
        for name in sizes_of_input(written):
            if name not in names:
                listed = f"--sizes has {', '.join(names)}"
                raise SymparamsError(
                    f"the input '{written}' has a size '{name}' that --sizes does not name",
                    None,
                    did_you_mean(name, names, listed),
                )
        fed_input(written, dict.fromkeys(names, 1))  # refuses what is no input


class Inference:
    """One inference: ``build`` is called at points that it chooses."""

    def __init__(
        self,
        name: str,
        space: SizeSpace,
        source: PointSource,
        build: ModuleBuilder,
        measure: str = "params",
        inputs: tuple[str, ...] = (),
    ) -> None:
        self.name = name
        self.measure = measure
        self.inputs = inputs
        self.space = space
        self.source = source
        self.build = build
        self.points: list[SizePoint] = []
        self.star: dict[str, list[int]] = {}
        self.wide: frozenset[int] = frozenset()
        self.moved: tuple[str, ...] = ()

    def answer(self) -> Inferred:
        self._first_points()
        for number in range(MOST_CORRECTIONS):
            found, _ = self._fit_with_rivals()
            held, wrong = self._held_out(found)
            if number < MOST_FILLED and any(isinstance(f, UnfittedTensors) for f in found):
                wrong += self._in_gaps()  # where a form changes there may be too few points
            least = self._least_wrong(found)
            if not wrong and not least:
                break
            self.points += wrong
            self.wide |= set(range(len(self.points), len(self.points) + len(least)))
            self.points += least
        else:
            found, _context = self._fit_with_rivals()
            checker = PatternChecker(found)
            held = [p for p in held for m in self._built([p]) if checker.foretells(m, p)]
        return self._answer(found, held)

    def _first_points(self) -> None:
        source = self.source
        base = self._richest(source.base())
        star, wide = source.star(base)
        source.learn()
        values = {n: [base[n], *(p[n] for p in ps)] for n, ps in star.items()}
        for name in [n for n, ps in star.items() if not ps]:
            values[name] += self._in_pairs(base, name)
        self.values = {n: sorted(set(vs)) for n, vs in values.items()}
        self.points = [base]
        for name, points in star.items():
            self.star[name] = list(range(len(self.points), len(self.points) + len(points)))
            self.points += points
        far = [p for p in wide if p not in self.points]
        self.wide = frozenset(range(len(self.points), len(self.points) + len(far)))
        self.points += far
        several = sum(len(vs) > 1 for vs in self.values.values())
        self._add([*self._pairs, *self._meetings(base)])
        if several > 1:
            self._add(source.joint(self.values, JOINT_POINTS + several))
        self._add(source.confirmed(self.values))
        self._add(self._at_thresholds(base))
        self._add(self._beside_rare_tensors())
        self.moved = tuple(n for n in self.space.names if len({p[n] for p in self.points}) > 1)

    def _add(self, points: Iterable[SizePoint]) -> None:
        for point in points:
            if point not in self.points:
                self.points.append(point)

    def _richest(self, base: SizePoint) -> SizePoint:
        """Return the point, of the base and those where two sizes meet, with most patterns.

        With as many dense layers as layers, no tensor of an expert is there to be fitted.
        """
        points = [base, *self._meetings(base)]
        patterns = [{re.sub(r"\d+", INDEX, t.name) for t in m.tensors} for m in self._built(points)]
        most = max(map(len, patterns))
        return points[next(n for n, found in enumerate(patterns) if len(found) == most)]

    def _meetings(self, base: SizePoint) -> list[SizePoint]:
        """Return points at which two sizes are equal, or in the other order than at the base."""
        found: list[SizePoint] = []
        for x, y in islice(permutations(self.space.names, 2), MOST_MEETINGS):
            point = {**base, x: base[y]}
            # As many layers as there are words takes minutes to build.
            near = base[x] != base[y] <= FARTHEST_MEETING * base[x]
            if near and self.space.admits(point) and self.source.at(point) is not None:
                found.append(point)
        return found

    def _at_thresholds(self, base: SizePoint) -> list[SizePoint]:
        """Return points between two values of a size where tensors appear, down to the last step.

        A layer that is there from 5 on is seen at 1 and at 9: both ``l > 1`` and ``l > 8`` fit.
        """
        found: list[SizePoint] = []
        for name in self.space.names:
            along = [p for p in self.points if p == {**base, name: p[name]}]
            along.sort(key=lambda p: p[name])
            gaps = list(pairwise(along))
            while gaps and len(found) < MOST_BETWEEN:
                low, high = gaps.pop()
                middle = {**base, name: (low[name] + high[name]) // 2}
                if middle[name] == low[name] or not self.space.admits(middle):
                    continue
                if _patterns(*self._built([low])) == _patterns(*self._built([high])):
                    continue
                if self.source.at(middle) is not None:
                    found.append(middle)
                    gaps += [(low, middle), (middle, high)]
        return found

    def _beside_rare_tensors(self) -> list[SizePoint]:
        """Return points that move a size where a tensor is there that stood at one value of it.

        Its shape would have a number in the place of that size.
        """
        there: dict[tuple[str, str], list[int]] = {}
        for n, module in enumerate(self._built(self.points)):
            for key in _patterns(module):
                there.setdefault(key, []).append(n)
        found: list[SizePoint] = []
        for numbers in dict.fromkeys(map(tuple, there.values())):
            points = [self.points[n] for n in numbers]
            for name in self.space.names:
                if len(points) == len(self.points) or len({p[name] for p in points}) > 1:
                    continue
                moved = ({**points[0], name: v} for v in self.values[name])
                new = (p for p in moved if p not in points and self.source.promising(p))
                found += islice((p for p in new if self.source.at(p) is not None), RARE_POINTS)
        return found

    _pairs: Sequence[SizePoint] = ()
    _earlier: tuple[Size, ...] = ()

    def _in_pairs(self, base: SizePoint, name: str) -> list[Number]:
        """Move a size together with another, where it does not build alone; its values then."""
        found: list[SizePoint] = []
        for factor in (2, 3):
            for other in self.space.names:
                if other == name:
                    continue
                for moved in (base[other] * factor, base[other] // factor):
                    point = {**base, name: base[name] * factor, other: moved}
                    if moved and self.space.admits(point) and self.source.at(point) is not None:
                        found.append(point)
        self._pairs = [*self._pairs, *found]
        return [p[name] for p in found]

    # --- the fit ---

    def _built(self, points: Sequence[SizePoint]) -> list[BuiltModule]:
        built = [self.source.at(p) for p in points]
        return [b for b in built if b is not None]

    def _fit(self) -> tuple[list[FittedTensors | UnfittedTensors], FitContext]:
        sizes = {n: self.space.symbol(n) for n in self.moved}
        context = FitContext(self.points, self.star, sizes, self.wide, self._earlier)
        grouped = families(self._built(self.points))
        found: list[list[FittedTensors | UnfittedTensors]] = [[] for _ in grouped]
        for number in range(MOST_PASSES):
            before = len(context.earlier)
            patient = number < len(FIRST_COSTS)
            context.most_cost = FIRST_COSTS[number] if patient else LARGEST_COST
            for n, family in enumerate(grouped):
                if not found[n] or any(isinstance(f, UnfittedTensors) for f in found[n]):
                    found[n] = fit_family(family, context)
            failed = any(isinstance(f, UnfittedTensors) for fs in found for f in fs)
            if not failed or (len(context.earlier) == before and not patient):
                break
        self._earlier = tuple(context.earlier)
        return [f for fs in found for f in fs], context

    def _fit_with_rivals(self) -> tuple[list[FittedTensors | UnfittedTensors], FitContext]:
        """Fit, and add points that tell apart the forms that fit as well."""
        settled: set[tuple[Size, Size]] = set()
        for _ in range(MOST_ROUNDS):
            found, context = self._fit()
            added = False
            for size, rivals in list(context.rivals.items()):
                for rival in rivals[:4]:
                    if (size, rival) in settled:
                        continue
                    settled.add((size, rival))
                    point = self._apart(size, rival)
                    if point is not None:
                        self.points.append(point)
                        added = True
                        break
            if not added:
                return found, context
        return self._fit()

    def _apart(self, one: Size, other: Size) -> SizePoint | None:
        """Return a point that builds at which two formulas differ, or None."""
        tried = 0
        for point in self._near(sorted({s.name for z in (one, other) for s in symbols_of(z)})):
            if self.source.tried(point) or not self.source.promising(point):
                continue
            if whole_at(one, point) == whole_at(other, point):
                continue
            if self.source.at(point) is not None:
                return point
            tried += 1
            if tried == 4:
                return None
        return None

    def _near(self, names: Sequence[str]) -> Iterator[SizePoint]:
        base = self.points[0]
        known = [n for n in names if n in base]
        for name in known:
            for value in self.source.around(base, name):
                yield {**base, name: value}
        if len(known) > 1:
            ranges = {n: self.source.around(base, n) for n in known}
            for _ in range(MOST_PAIRS):
                yield {**base, **{n: self.source.random.choice(ranges[n]) for n in known}}

    # --- the points kept out ---

    def _held_out(
        self, found: Sequence[FittedTensors | UnfittedTensors]
    ) -> tuple[list[SizePoint], list[SizePoint]]:
        """Return the points kept out at which the formulas hold, and those at which they do not."""
        base = self.points[0]
        spread = {n: self.source.around(base, n) or [base[n]] for n in self.space.names}
        spread.update({n: [base[n]] for n in self.space.names if n not in self.moved})
        points = self.source.joint(spread, HELD_OUT // 2)
        points += self.source.joint(self.values, HELD_OUT - len(points))
        checker = PatternChecker(found)
        for name, _, end in dict.fromkeys(self._edges(checker, ())):
            points += self.source.joint({**spread, name: [end]}, EDGE_POINTS)
        points += [p for p in self._in_gaps() if p not in points]
        held: list[SizePoint] = []
        wrong: list[SizePoint] = []
        for point in points:
            (module,) = self._built([point])
            (held if checker.foretells(module, point) else wrong).append(point)
        return held, wrong

    def _in_gaps(self) -> list[SizePoint]:
        """Return a point a size in the widest gap between its values where it alone has moved."""
        base = self.points[0]
        found: list[SizePoint] = []
        for name in self.moved:
            along = sorted(p[name] for p in self.points if p == {**base, name: p[name]})
            gaps = [(Fraction(high) / low, low, high) for low, high in pairwise(along) if low]
            for _, low, high in sorted(gaps, reverse=True):
                values = self.source.inside(name, low, high)
                point = {**base, name: values[len(values) // 2]} if values else base
                if self.source.tried(point) or not self.source.promising(point):
                    continue
                if self.source.at(point) is not None:
                    found.append(point)
                    break
        return found

    def _least_wrong(self, found: Sequence[FittedTensors | UnfittedTensors]) -> list[SizePoint]:
        """Return the points at which a size has one of its least values, and formulas fail.

        ``max(1, int(h/4))`` is ``floor(h/4)`` from 4 on, ``h if h < 5 else 2*h`` is ``2*h`` from 5.
        """
        checker = PatternChecker(found)
        wrong: list[SizePoint] = []
        for name in self.moved:
            for value in self.source.least(name):
                point = {**self.points[0], name: value}
                if self.source.tried(point) or not self.source.promising(point):
                    continue
                wrong += [point for m in self._built([point]) if not checker.foretells(m, point)]
        return wrong

    def _answer(
        self,
        found: Sequence[FittedTensors | UnfittedTensors],
        held: Sequence[SizePoint],
    ) -> Inferred:
        self.source.learn()
        fitted = tuple(f for f in found if isinstance(f, FittedTensors))
        unfitted = tuple(f for f in found if isinstance(f, UnfittedTensors))
        (base,) = self._built(self.points[:1])
        explained = self.source.learnt
        left = [
            (p, message) for p, message in self.source.refused if all(c.holds(p) for c in explained)
        ]
        answer = Inferred(
            self.name,
            self.build.framework,
            self.space.names,
            self.space.parameters,
            fitted,
            unfitted,
            summed(fitted, unfitted, self.measure),
            tuple(self.points),
            tuple(held),
            tuple(self._ranges(PatternChecker(found), held)),
            tuple(c.text for c in explained),
            self.space.conditions,
            tuple(n for n in self.space.names if n not in self.moved),
            tuple(left),
            base.tied,
            tuple(
                (p, {r: m.total(r) for r in ("trainable", "frozen", "buffer")})
                for p in (self.points[0], *held[:3])
                for m in self._built([p])
            ),
            self.measure,
            self.inputs,
        )
        written = answer.complete and self.measure == "params"
        return answer.but(text=text_of_inferred(answer)) if written else answer

    def _ranges(self, checker: PatternChecker, held: Sequence[SizePoint]) -> Iterator[str]:
        """Yield what must hold of sizes, as the formulas fail at the widest points of them."""
        for name, sign, end in dict.fromkeys(self._edges(checker, held)):
            yield f"{name} {sign} {end}"

    def _edges(
        self, checker: PatternChecker, held: Sequence[SizePoint]
    ) -> Iterator[tuple[str, str, Number]]:
        """Yield the sizes that have a range, with ``<=`` or ``>=`` and its end."""
        right = [p for n, p in enumerate(self.points) if n not in self.wide] + list(held)
        wrong: list[SizePoint] = []
        for point in (self.points[n] for n in sorted(self.wide)):
            holds = all(checker.foretells(m, point) for m in self._built([point]))
            (right if holds else wrong).append(point)
        base = self.points[0]
        for name in self.space.names:
            ends = [p[name] for p in wrong if p[name] != base[name]]
            below = [v for v in ends if v < base[name]]
            above = [v for v in ends if v > base[name]]
            if below:
                yield name, ">=", min(p[name] for p in right if p[name] > max(below))
            if above:
                yield name, "<=", max(p[name] for p in right if p[name] < min(above))


def _patterns(module: BuiltModule) -> set[tuple[str, str]]:
    """Return what tensors are called, any number being an index, with their roles."""
    return {(re.sub(r"\d+", INDEX, t.name), t.role) for t in module.tensors}


__all__ = ["Inference", "infer"]
