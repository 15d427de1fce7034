"""A source judged: the formula, the count and the source written out must agree at each point."""

from __future__ import annotations

import re
import signal
import traceback
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from symparams.algebra import substitute, symbol, symbols_of
from symparams.analysis.reports import condition_texts
from symparams.elaboration.definition import Network, WrittenModel, build
from symparams.elaboration.document import understand
from symparams.errors import NeedsValue, Source, SymparamsError
from tests.properties.whole.drawing import derived
from tests.properties.whole.living import most_living
from tests.properties.whole.plain import (
    MEASURES,
    Interleaved,
    WrittenOut,
    entry_text,
    has_any,
    one_text,
    size_of,
)
from tests.properties.whole.printed import UnreadableCondition, is_met, read
from tests.properties.whole.sizes import Broken, Exact, Items, TooLarge, value_of
from tests.properties.whole.tree import Whole, source_text
from tests.properties.whole.unroll import written_out

#: The longest that one question may take.
MOST_SECONDS = 3.0

#: Answers that are withheld though there is one.
REFUSALS = {
    "refused for all sizes", "refused with some sizes given", "a sweep is refused",
    "a search is refused", "solving is refused", "sensitivities are refused", "a proof is refused",
}  # fmt: skip

#: What is asked of every source.
ASKED = (*MEASURES, "peak")

#: A name → value, as a caller gives it.
Point = Mapping[str, Exact]


@dataclass(frozen=True)
class Disagreement:
    """Two answers to one question about a source.

    ``kind`` says which two; a source is shrunk as long as that stays.
    """

    kind: str
    source: str
    point: Point
    says: str

    @property
    def refusal(self) -> bool:
        """Whether an answer is only withheld: nothing that is said is wrong."""
        return self.kind in REFUSALS

    @property
    def stem(self) -> str:
        """What a smaller source must share: the kind, and the words of an error."""
        found = re.search(r"^<drawn>:\d+:\d+: (.*)$", self.says, re.MULTILINE)
        return self.kind + (re.sub(r"'[^']*'|[\d#]|\b\w\b", "", found[1])[:24] if found else "")

    def __str__(self) -> str:
        at = ", ".join(f"{n} = {v}" for n, v in self.point.items())
        return f"{self.kind}\n  {self.source.replace(chr(10), chr(10) + '  ')}\n  at {at or 'no size'}\n  {self.says}"


@dataclass
class Looked:
    """How much was looked at."""

    found: Counter[str] = field(default_factory=Counter)

    def add(self, *names: str) -> None:
        self.found.update(names)

    def share(self, part: str, whole: str) -> float:
        return self.found[part] / max(self.found[whole], 1)


class TooSlow(BaseException):
    """An answer took too long; no rule of the product catches it."""


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Bound what is done here, in seconds of this process."""

    def stop(*_: Any) -> None:
        raise TooSlow

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds, 0.2)  # again, where it is swallowed
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def definition_of(text: str) -> WrittenModel:
    """A source read by the product."""
    return understand(Source("<drawn>", text)).definition()


class Judging:
    """The judging of one source."""

    def __init__(self, source: Whole, tally: Looked | None = None, thorough: bool = False) -> None:
        self.source = source
        self.thorough = thorough
        self.text = source_text(source)
        self.tally = tally if tally is not None else Looked()
        self.definition: WrittenModel | None = None
        self.network: Network | None = None
        self.formulas: dict[str, Any] = {}
        self.refusal: SymparamsError | None = None

    def told(self, kind: str, point: Point, says: str) -> Disagreement:
        return Disagreement(kind, self.text, dict(point), says)

    def disagreements(self, points: tuple[Point, ...]) -> Iterator[Disagreement]:
        """Everything that does not agree."""
        self.tally.add("sources")
        try:
            self.definition = definition_of(self.text)
        except SymparamsError as error:
            yield self.told("the text is refused", {}, str(error))
            return
        yield from self.guarded(self.open(points), {})
        values = False
        for k, point in enumerate(points):
            try:
                entry: WrittenOut | str = written_out(self.source, point)
            except Broken as broken:
                entry = str(broken)
            except TooLarge:
                self.tally.add("too large")
                continue
            self.tally.add(
                "points", "valid points" if isinstance(entry, WrittenOut) else "broken points"
            )
            values = values or isinstance(entry, WrittenOut)
            yield from self.guarded(self.at(point, entry, k), point)
        self.tally.add(*["sources with a value"] * values)

    def guarded(self, found: Iterator[Disagreement], point: Point) -> Iterator[Disagreement]:
        """What is found; an error that is not the project's own is a disagreement too."""
        try:
            with limited(MOST_SECONDS):
                yield from found
        except TooLarge:  # of the judge's own numbers
            self.tally.add("too large")
        except TooSlow:
            yield self.told("it takes too long", point, f"more than {MOST_SECONDS} s of one core")
        except Exception as error:
            place = traceback.extract_tb(error.__traceback__)[-1]
            where = f"{place.filename.rpartition('/')[2]}:{place.name}"
            yield self.told(f"a traceback: {type(error).__name__} in {where}", point, str(error))

    # --- the formula ---

    def open(self, points: tuple[Point, ...]) -> Iterator[Disagreement]:
        """Build the network with its sizes open, as ``parse(…)`` does."""
        assert self.definition is not None
        try:
            self.network = build(self.definition)
        except NeedsValue:
            self.tally.add("needs a value")
            return
        except SymparamsError as error:
            self.refusal = error
            return
        self.tally.add("formulas")
        for measure in ASKED:
            try:
                self.formulas[measure] = self.network.measure(measure)
            except NeedsValue:
                self.tally.add("measures without a closed form")
        yield from self.names()

    def names(self) -> Iterator[Disagreement]:
        """A formula and its conditions speak of the source's own sizes."""
        assert self.network is not None
        own = set(self.network.symbols)
        for measure, formula in self.formulas.items():
            other = {s.name for s in symbols_of(formula)} - own
            if other:
                yield self.told("a formula names what is no size", {}, f"{measure}: {formula}")

    def printed(self, point: Point) -> bool:
        """Whether a point meets every printed condition, and the printed notes.

        Raises:
            UnreadableCondition: a condition is of no known form.
        """
        assert self.network is not None
        lines = [
            *condition_texts(self.network),
            *(f"{n} = {v}" for n, v in self.network.settled.items()),
        ]
        names = self.full(point)
        for line in lines:
            condition = read(line)
            try:
                if not is_met(condition, names):
                    return False
            except Broken:
                return False
            except KeyError as missing:
                raise UnreadableCondition(f"{line}: names {missing}") from None
        return True

    def full(self, point: Point) -> dict[str, Any]:
        """Every size at a point, defaults and derived ones too."""
        names: dict[str, Any] = {}
        for one in self.source.symbols:
            names[one.name] = point[one.name] if one.name in point else value_of(one.default, names)
        return names

    # --- at a point ---

    def at(self, point: Point, entry: WrittenOut | str, k: int) -> Iterator[Disagreement]:
        """All answers at one point; ``entry`` is the source written out, or why it cannot be."""
        expected = None
        if isinstance(entry, WrittenOut):
            expected = {**size_of(entry), "peak": most_living(entry)}
        yield from self.counted(point, entry, expected)
        if isinstance(entry, WrittenOut) and (k == 0 or self.thorough) and one_text(entry):
            yield from self.written(point, entry, expected)
        if self.network is not None:
            yield from self.formula(point, entry, expected)
            if expected is not None and (k % 2 or self.thorough):
                yield from self.halfway(point, expected)
        elif self.refused_for_all(point, expected):
            yield self.told("refused for all sizes", point, f"{self.refusal}: but it is {expected}")

    def refused_for_all(self, point: Point, expected: Any) -> bool:
        """Whether an error is said of all sizes, though the source has a value here."""
        if self.refusal is None or expected is None or _unknown(self.refusal):
            return False
        return self.sound_by_default(point)

    def sound_by_default(self, point: Point) -> bool:
        """Whether the source has a value at the defaults, which may decide its structure."""
        plain = {s.name for s in self.source.symbols if s.default is not None}
        given = {n: v for n, v in point.items() if n not in plain}
        if any(s.name not in given and s.default is None for s in self.source.symbols):
            return False  # a size has neither a value nor a default
        try:
            written_out(self.source, given)
        except (Broken, TooLarge):
            return False
        except KeyError:  # a default names a size that comes later, or is no more
            return False
        return True

    def counted(
        self, point: Point, entry: WrittenOut | str, expected: Any
    ) -> Iterator[Disagreement]:
        assert self.definition is not None
        try:
            network = build(self.definition, point, defaults=True)
            found = {m: network.measure(m) for m in ASKED}
        except SymparamsError as error:
            if expected is not None:
                yield self.told("the count is refused", point, f"{error}: but it is {expected}")
            return
        if expected is None:
            yield self.told(
                "the count takes what is broken", point, f"{found['params']}, but {entry}"
            )
        elif found != expected:
            yield self.told("the count is another", point, differing(found, expected))
        elif isinstance(entry, WrittenOut) and network.root.output.axes != entry.body.shape:  # type: ignore[union-attr]
            yield self.told(
                "the shape is another", point, f"{network.root.output}, not {entry.body.shape}"
            )

    def written(self, point: Point, entry: WrittenOut, expected: Any) -> Iterator[Disagreement]:
        """The product on the text that is written out."""
        self.tally.add("written out")
        text = entry_text(entry)
        try:
            network = build(definition_of(text), {}, defaults=True)
            found = {m: network.measure(m) for m in ASKED}
        except SymparamsError as error:
            yield self.told("written out, it is refused", point, f"{text}: {error}")
            return
        if has_any(entry.body, Interleaved):  # one side is written behind the other
            found["peak"] = expected["peak"]
        if found != expected:
            yield self.told(
                "written out, it is another", point, f"{text}: {differing(found, expected)}"
            )

    def formula(
        self, point: Point, entry: WrittenOut | str, expected: Any
    ) -> Iterator[Disagreement]:
        assert self.network is not None
        assert self.definition is not None
        network, formulas = self.network, self.formulas
        names = self.full(point)
        values = {n: symbol(n) for n in point if n in network.derived}
        if values:  # its derived default gives way, as --set makes it
            try:
                network = build(self.definition, values)
                formulas = with_peak(
                    network, {m: network.measure(m) for m in MEASURES if m in formulas}
                )
            except SymparamsError:
                return  # there is no formula with that size open
        own = {n: names[n] for n in network.symbols}
        taken = all(names[n] == v for n, v in network.settled.items())
        admits = network.allows(own) and taken
        if not values:
            try:
                printed = self.printed(point)
            except UnreadableCondition as error:
                yield self.told("a condition is unreadable", point, str(error))
                return
            if printed and not admits:
                yield self.told(
                    "a condition is not printed", point, str([str(c) for c in network.conditions])
                )
            if admits and not printed:
                yield self.told(
                    "a printed condition is not kept", point, str(condition_texts(network))
                )
        self.tally.add(*["admitted points"] * admits)
        if expected is None:
            if admits:
                yield self.told(
                    "the formula admits what is broken",
                    point,
                    f"{self._shown(formulas)}, but {entry}",
                )
            return
        if not admits:
            self.tally.add("valid, not admitted")
            return
        try:
            found = {m: substitute(f, own) for m, f in formulas.items()}
            self.tally.add(*["formulas of a peak, at a point"] * ("peak" in found))
        except SymparamsError as error:
            yield self.told("the formula has no value", point, f"{error}: {formulas}")
            return
        wrong = {m: v for m, v in found.items() if v != expected[m]}
        if wrong:
            m = next(iter(wrong))
            yield self.told(
                "the formula is another", point, f"{differing(wrong, expected)}; {m}: {formulas[m]}"
            )

    def _shown(self, formulas: Mapping[str, Any]) -> str:
        return f"params {formulas.get('params')}, if {condition_texts(self.network)}"  # type: ignore[arg-type]

    def halfway(self, point: Point, expected: Any) -> Iterator[Disagreement]:
        """Some sizes as numbers, the others open, and then at the point."""
        assert self.definition is not None
        some = dict(list(point.items())[::2])
        try:
            network = build(self.definition, some)
            formulas = with_peak(network, {m: network.measure(m) for m in MEASURES})
        except NeedsValue:
            return
        except SymparamsError as error:
            if (
                not _unknown(error)
                and self.sound_by_default(some)
                and not any(derived(s) and s.name in point for s in self.source.symbols)
            ):
                yield self.told(
                    "refused with some sizes given", point, f"{some}: {error}: but it is {expected}"
                )
            return
        self.tally.add("in two steps")
        declared = [
            s.name
            for s in self.source.symbols
            if not derived(s) and not isinstance(s.default, Items)
        ]
        more = {n for n in network.symbols if n in some or n not in declared}
        if more:
            yield self.told(
                "a size is open again", point, f"{some}: {sorted(more)} in {formulas['params']}"
            )
            return
        names = self.full(point)
        if any(names[n] != v for n, v in (*network.settled.items(), *network.taken.items())):
            return
        rest = {n: names[n] for n in network.symbols}
        if any(n in point for n in network.derived) or not network.allows(rest):
            return
        found = {m: substitute(f, rest) for m, f in formulas.items()}
        if any(found[m] != expected[m] for m in found):
            yield self.told(
                "the formula in two steps is another",
                point,
                f"{some}: {differing(found, expected)}",
            )


def with_peak(network: Network, formulas: dict[str, Any]) -> dict[str, Any]:
    """Formulas of measures, and that of the peak where there is one."""
    try:
        return {**formulas, "peak": network.measure("peak")}
    except NeedsValue:
        return formulas


def differing(found: Mapping[str, Any], expected: Mapping[str, Any]) -> str:
    """The measures that differ."""
    return ", ".join(f"{m} {v}, not {expected[m]}" for m, v in found.items() if v != expected[m])


def _unknown(error: SymparamsError) -> bool:
    """Whether an error says that something is not known, and not that it is wrong."""
    return isinstance(error, NeedsValue) or "not known to be equal" in str(error)


def judged(
    source: Whole, points: tuple[Point, ...], tally: Looked | None = None, thorough: bool = False
) -> list[Disagreement]:
    """Everything that does not agree about a source at some points."""
    return list(Judging(source, tally, thorough).disagreements(points))
