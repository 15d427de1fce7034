"""A source asked in all other ways: compiled, swept, searched, solved, proved, moved, printed.

Each answer is compared with the source written out at every point of a small
grid over one or two of its sizes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cached_property
from itertools import product as every
from typing import Any

from symparams.algebra import substitute, symbols_of, text, writing
from symparams.algebra.forms import text_of
from symparams.algebra.size_text import text as size_text
from symparams.analysis.compiled import Compiled
from symparams.analysis.model_space import ModelSpace
from symparams.analysis.proofs import prove
from symparams.analysis.questions import ask, domains_asked
from symparams.analysis.sensitivities import at_point
from symparams.analysis.solutions import solve
from symparams.analysis.sweeps import run, sweep_of
from symparams.elaboration.definition import build
from symparams.errors import NeedsValue, Source, SymparamsError
from symparams.search.by_numpy import NumPy
from tests.properties.whole.drawing import derived, values_of
from tests.properties.whole.judging import Disagreement, Judging, Looked, Point, definition_of
from tests.properties.whole.plain import (
    MadeMixture,
    MadeUse,
    WrittenOut,
    counts,
    has_any,
    size_of,
    together,
    uses_of,
)
from tests.properties.whole.printed import UnreadableCondition, size_printed
from tests.properties.whole.sizes import Broken, Exact, TooLarge, number
from tests.properties.whole.tree import kinds_of, parts_of
from tests.properties.whole.unroll import written_out

#: The most points of a grid.
MOST_POINTS = 30


class Asking(Judging):
    """The asking of one source; ``point`` fixes the sizes that do not vary."""

    measure = "params"

    def answers(self, point: Point, only: bool = False) -> Iterator[Disagreement]:
        """Everything that does not agree; with ``only``, of addresses."""
        try:
            self.definition = definition_of(self.text)
        except SymparamsError:
            return
        self.point = {n: v for n, v in point.items() if n not in self.derived_names}
        try:
            self.expected  # noqa: B018 - worked out now
        except TooLarge:
            return
        counted, self.tally = self.tally, Looked()  # its formulas are counted where it is judged
        yield from self.guarded(self.open(()), {})
        self.tally = counted
        self.tally.add("asked for addresses" if only else "asked")
        ways = [self.addressed]
        if self.network is not None and not only:
            ways += [self.printed_forms, self.compiled, self.proved]
        if self.axes and not only:
            ways += [self.swept, self.searched, self.solved, self.moved]
        for way in ways:
            yield from self.guarded(way(), self.point)

    @cached_property
    def derived_names(self) -> set[str]:
        return {s.name for s in self.source.symbols if derived(s)}

    @cached_property
    def axes(self) -> dict[str, tuple[Exact, ...]]:
        """One or two sizes that vary, with their values."""
        found: dict[str, tuple[Exact, ...]] = {}
        many = 1
        for one in self.source.symbols:
            values = values_of(one)
            if not values or derived(one) or len(found) == 2:
                continue
            values = values if one.choices or one.steps else values[:5]
            if many * len(values) <= MOST_POINTS:
                found[one.name] = values
                many *= len(values)
        return found

    @cached_property
    def fixed(self) -> dict[str, Exact]:
        return {n: v for n, v in self.point.items() if n not in self.axes}

    @cached_property
    def over(self) -> dict[str, str]:
        return {n: f"{{{', '.join(map(number, v))}}}" for n, v in self.axes.items()}

    @cached_property
    def entries(self) -> dict[tuple[Exact, ...], WrittenOut | None]:
        """The source written out at every point of the grid; None where it is broken."""
        found: dict[tuple[Exact, ...], WrittenOut | None] = {}
        for values in every(*self.axes.values()):
            here = {**self.fixed, **dict(zip(self.axes, values, strict=True))}
            try:
                found[values] = written_out(self.source, here)
            except Broken:
                found[values] = None
        return found

    @cached_property
    def expected(self) -> dict[tuple[Exact, ...], int]:
        """The measure at every point of the grid that is not broken."""
        return {v: size_of(e)[self.measure] for v, e in self.entries.items() if e is not None}

    def here(self, values: tuple[Exact, ...]) -> dict[str, Exact]:
        return {**self.fixed, **dict(zip(self.axes, values, strict=True))}

    def at_home(self, values: tuple[Exact, ...]) -> dict[str, Any] | None:
        """The open sizes at a point of the grid, where the formula is for it."""
        assert self.network is not None
        names = self.full(self.here(values))
        if any(names[n] != v for n, v in self.network.settled.items()):
            return None
        return {n: names[n] for n in self.network.symbols}

    # --- the formula as text and as a function ---

    def printed_forms(self) -> Iterator[Disagreement]:
        """Every printed form of the formula, read by another reader."""
        assert self.network is not None
        formula = self.formulas.get(self.measure)
        if formula is None:
            return
        made = {
            "text": size_text(formula),
            **{
                f.__name__: text_of(f(formula))
                for f in (writing.short, writing.nested, writing.by_degree, writing.factored)
            },
        }
        for values, wanted in self.expected.items():
            names = self.at_home(values)
            if names is None or not self.network.allows(names):
                continue
            for form, written in made.items():
                try:
                    found = size_printed(written, names)
                except (UnreadableCondition, KeyError) as error:
                    yield self.told(
                        "a printed formula is unreadable", {}, f"{form}: {written}: {error!r}"
                    )
                    return
                except TooLarge:
                    continue
                except Broken:
                    found = None
                if found != wanted:
                    yield self.told(
                        "a printed formula is another",
                        self.here(values),
                        f"{form}: {written} is {found}, not {wanted}",
                    )
                    return

    def compiled(self) -> Iterator[Disagreement]:
        assert self.network is not None
        if self.measure not in self.formulas or any(n in self.network.settled for n in self.axes):
            return
        homes = {v: self.at_home(v) for v in self.entries}
        rows = {v: r for v, r in homes.items() if r is not None}
        if not rows or not self.network.symbols:
            return
        columns = {n: [r[n] for r in rows.values()] for n in self.network.symbols}  # type: ignore[index]
        for backend in ("python", "numpy"):
            made = Compiled(self.network, self.measure, backend)
            given: Any = columns
            if backend == "numpy":
                if any(isinstance(v, Fraction) for column in columns.values() for v in column):
                    continue
                import numpy as np

                given = {n: np.array(c) for n, c in columns.items()}
            try:
                allowed = list(made.allowed(**given))
                found = list(made(**given))
            except SymparamsError:
                continue  # a point that the model does not admit has no value
            for values, row, admits, value in zip(rows, rows.values(), allowed, found, strict=True):
                if bool(admits) != self.network.allows(row):  # type: ignore[arg-type]
                    yield self.told(
                        "compiled, it admits otherwise", self.here(values), f"{backend}: {admits}"
                    )
                    return
                wanted = self.expected.get(values)
                if admits and value != wanted:
                    yield self.told(
                        "compiled, it is another",
                        self.here(values),
                        f"{backend}: {value}, not {wanted}: {made.formula}",
                    )
                    return

    def proved(self) -> Iterator[Disagreement]:
        """The printed formula is the formula, and with one more it is not."""
        assert self.network is not None
        assert self.definition is not None
        formula = self.formulas.get(self.measure)
        if formula is None or "#" in str(formula):
            return
        given = dict(self.network.settled.items())
        named = {s.name for s in symbols_of(formula)}
        if self.network.defaults.keys() - named:
            return  # what the formula does not name is at its default
        for written, wanted in ((text(formula), True), (f"{text(formula)} + 1", False)):
            try:
                proof = prove(self.definition, Source("<formula>", written), self.measure, given)
            except NeedsValue:
                continue
            except SymparamsError as error:
                if "limits" not in str(error):
                    yield self.told("a proof is refused", {}, f"{written}: {error}")
                return
            if proof.verdict.equal is not wanted and not (
                proof.verdict.equal is None and not wanted
            ):
                yield self.told(
                    "proved otherwise",
                    {},
                    f"{written}: {proof.verdict.equal}, {proof.verdict.reason}",
                )
                return

    # --- grids ---

    def swept(self) -> Iterator[Disagreement]:
        assert self.definition is not None
        rows: dict[tuple[Exact, ...], Any] = {}

        def write(columns: Mapping[str, Any]) -> None:
            listed = [list(columns[n]) for n in self.axes]
            for *values, value in zip(*listed, columns[self.measure], strict=True):
                rows[tuple(map(_plain, values))] = _plain(value)

        over = [f"{n}={d}" for n, d in self.over.items()]
        try:
            asked = ask(
                self.definition, domains_asked(self.definition, self.fixed, over), self.fixed, [],
                [Source("<measure>", self.measure)],
            )  # fmt: skip
            sweep = sweep_of(asked, [self.measure])
            run(sweep, NumPy(), write)
        except SymparamsError as error:
            if self.expected:
                yield self.told("a sweep is refused", self.fixed, f"over {over}: {error}")
            return
        if sweep.axes != tuple(self.axes):
            return
        yield from self.compared("a sweep", rows)

    def compared(self, what: str, rows: Mapping[tuple[Exact, ...], Any]) -> Iterator[Disagreement]:
        for values, value in rows.items():
            wanted = self.expected.get(values)
            if wanted is None:
                yield self.told(f"{what} takes what is broken", self.here(values), f"{value}")
                return
            if value != wanted:
                yield self.told(f"{what} is another", self.here(values), f"{value}, not {wanted}")
                return
        lost = self.expected.keys() - rows.keys()
        if lost:
            values = min(lost)
            yield self.told(
                f"{what} leaves a point out",
                self.here(values),
                f"{self.expected[values]}; {len(lost)} of {len(self.expected)}",
            )

    def searched(self) -> Iterator[Disagreement]:
        assert self.definition is not None
        if not self.expected:
            return
        ordered = sorted(self.expected.values())
        for minimize in (False, True):
            bound = ordered[len(ordered) // 2]
            budget = f"{self.measure} {'>=' if minimize else '<='} {bound}"
            wanted = (
                min(v for v in ordered if v >= bound)
                if minimize
                else max(v for v in ordered if v <= bound)
            )
            try:
                space = ModelSpace(self.definition, self.fixed).over(**self.over).within(budget)
                best = space.best(self.measure, minimize, 1, None)
            except SymparamsError as error:
                yield self.told(
                    "a search is refused", self.fixed, f"{budget}: {error}: but there is {wanted}"
                )
                return
            values = tuple(_plain(best.best.sizes[n]) for n in self.axes if n in best.best.sizes)
            found = _plain(best.best.goals[0])
            if found != wanted:
                yield self.told(
                    "a search finds another",
                    self.fixed,
                    f"{budget}, {'least' if minimize else 'most'}: {found} at {values}, not {wanted}",
                )
                return
            if len(values) == len(self.axes) and self.expected.get(values) != found:
                yield self.told(
                    "a search is wrong of its point",
                    self.here(values),
                    f"{found}, not {self.expected.get(values)}",
                )
                return

    def solved(self) -> Iterator[Disagreement]:
        """The largest value of the first size within a budget."""
        assert self.definition is not None
        name, *others = self.axes
        last = {n: self.axes[n][-1] for n in others}
        line = {v[0]: e for v, e in self.expected.items() if v[1:] == tuple(last.values())}
        if not line or len(set(line.values())) < 2:
            return
        given = {**self.fixed, **last}
        bound = sorted(line.values())[len(line) // 2]
        for sign in ("<=", ">="):
            met = [v for v, e in line.items() if (e <= bound if sign == "<=" else e >= bound)]
            wanted = max(met) if sign == "<=" else min(met)
            try:
                found = solve(
                    self.definition,
                    Source("<budget>", f"{self.measure} {sign} {bound}"),
                    name,
                    given,
                    [f"{name}={self.over[name]}"],
                )
            except SymparamsError as error:
                yield self.told(
                    "solving is refused",
                    given,
                    f"{self.measure} {sign} {bound} for {name}: {error}: but {wanted} meets it",
                )
                return
            if _plain(found.value) != wanted or _plain(found.reached) != line[wanted]:
                yield self.told(
                    "solved otherwise",
                    given,
                    f"{self.measure} {sign} {bound} for {name}: {found.value} reaches {found.reached}, not {wanted} reaching {line[wanted]}",
                )
                return

    def moved(self) -> Iterator[Disagreement]:
        """Exact steps of the measure."""
        assert self.definition is not None
        for values, wanted in list(self.expected.items())[:2]:
            here = self.here(values)
            try:
                made = at_point(self.definition, here, self.measure)
            except SymparamsError as error:
                admits = "does not admit" not in str(error)
                kind = "sensitivities are refused" if admits else "sensitivities leave a point out"
                yield self.told(kind, here, str(error))
                continue
            for item in made.items:
                if item.at is None or item.symbol not in self.axes:
                    continue
                if item.at.value != wanted:
                    yield self.told(
                        "sensitivities at another value", here, f"{item.at.value}, not {wanted}"
                    )
                    return
                if item.at.difference is None or item.step is None:
                    continue
                there = {**here, item.symbol: here[item.symbol] + item.step}  # type: ignore[operator]
                try:
                    after = size_of(written_out(self.source, there))[self.measure]
                except Broken as broken:
                    yield self.told(
                        "a step to what is broken",
                        here,
                        f"{item.symbol} + {item.step}: {item.at.difference}, but {broken}",
                    )
                    return
                except TooLarge:
                    continue
                if item.at.difference != after - wanted:
                    yield self.told(
                        "a step is another",
                        here,
                        f"{item.symbol} + {item.step}: {item.at.difference}, not {after - wanted}",
                    )
                    return

    # --- addresses ---

    def addressed(self) -> Iterator[Disagreement]:
        """Measures of parts by name, as formulas and as counts."""
        names = {
            b.name
            for b in (*self.source.blocks, *self.source.body.blocks)
            if b.name in self.text.partition("model")[2]
        }
        names |= kinds_of(parts_of(self.source.body.net)) & {"linear", "dense", "conv"}
        for name in sorted(names):
            for place in (None, 0, -1, 1):
                if place is not None and name in ("linear", "dense", "conv"):
                    continue
                yield from self.address(name, place)

    def address(self, name: str, place: int | None) -> Iterator[Disagreement]:
        assert self.definition is not None
        address = f"{name}.{self.measure}" if place is None else f"{name}[{place}].{self.measure}"
        formula: Any = None
        if self.network is not None:
            try:
                formula = self.network.measure(address)
            except SymparamsError:
                formula = None
        if formula is not None and {s.name for s in symbols_of(formula)} - set(
            self.network.symbols
        ):  # type: ignore[union-attr]
            yield self.told("an address names what is no size", {}, f"{address}: {formula}")
            return
        for values, entry in list(self.entries.items())[:6]:
            if entry is None:
                continue
            wanted = self.part(entry, name, place)
            if wanted is None:
                continue
            try:
                found: Any = build(self.definition, self.here(values), defaults=True).measure(
                    address
                )
            except SymparamsError as error:
                found = None
                if wanted != "none" and not (wanted == 0 and "nothing in it" in str(error)):
                    yield self.told(
                        "an address is refused",
                        self.here(values),
                        f"{address}: {error}: but it is {wanted}",
                    )
                    return
            if found is not None and found != wanted:
                yield self.told(
                    "an address is another", self.here(values), f"{address}: {found}, not {wanted}"
                )
                return
            names = self.at_home(values) if formula is not None else None
            if (
                names is not None
                and self.network is not None
                and self.network.allows(names)
                and wanted != "none"
            ):
                value = substitute(formula, names)
                if value != wanted:
                    yield self.told(
                        "the formula of an address is another",
                        self.here(values),
                        f"{address}: {formula} is {value}, not {wanted}",
                    )
                    return

    def part(self, entry: WrittenOut, name: str, place: int | None) -> Any:
        """What a part has; ``none`` where there is no such use, None where it is not looked at."""
        if place is None:
            return together(entry.body, name, self.measure)
        if has_any(entry.body, MadeMixture, MadeUse):
            return None
        uses = list(uses_of(entry.body, name))
        if not -len(uses) <= place < len(uses):
            return "none"
        return counts(uses[place])[self.measure]


def _plain(value: Any) -> Any:
    """A number of NumPy as Python's."""
    if isinstance(value, Fraction):
        return value.numerator if value.denominator == 1 else value
    return value.item() if hasattr(value, "item") else value


def asked(
    source: Any, point: Point, tally: Any = None, measure: str = "params", only: bool = False
) -> list[Disagreement]:
    """Everything that does not agree about a source, asked in all ways, or for addresses only."""
    asking = Asking(source, tally)
    asking.measure = measure
    return list(asking.answers(point, only))
