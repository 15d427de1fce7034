"""What a view prints is true: every view, in every format, of the zoo and of generated sources.

Each row's number is its formula at the point, the rows add up to the total and
to the count, and both sides of every printed ``=`` are equal. Everything is read
from what was printed, by :mod:`tests.views.printed`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cache
from random import Random

import pytest

from symparams.analysis.operating_point import studied
from symparams.analysis.part_shares import shares
from symparams.analysis.reports import Report, report
from symparams.analysis.summary import shown
from symparams.elaboration.definition import Network, WrittenModel, build
from symparams.elaboration.document import understand
from symparams.elaboration.zoo import files, source as zoo_source
from symparams.errors import Source
from symparams.layers import kinds
from symparams.network import MEASURES
from symparams.views.pages import (
    explain,
    formula,
    layers,
    shares as shares_page,
    show,
    zoo as zoo_page,
)
from symparams.views.rendering import FORMATS, render
from symparams.views.typesetting import Typesetting
from tests.views import printed
from tests.views.nets import forms_of
from tests.views.printed import Exact, Point
from tests.views.sources import source

#: How many sources are made; the first ones also in every format.
SOURCES, IN_EVERY_FORMAT = 100, 24
ZOO = {
    f"{name}:{model}": definition
    for name in files()
    for model, definition in understand(zoo_source(name)).models.items()
}


class Subject:
    """A model with what is shown of it, and points at which it is asked."""

    def __init__(self, definition: WrittenModel) -> None:
        self.definition = definition
        self.found, self.at_defaults = shown(definition)

    @property
    def network(self) -> Network:
        return self.found.network

    def report(self, measure: str) -> Report:
        return self.found if measure == "params" else report(self.network, measure)

    def points(self) -> list[Point]:
        """The defaults, and a point beside them; every one keeps the printed conditions."""
        network, first = self.network, dict(self.network.defaults)
        random = Random(7)
        for _ in range(500):
            if len(first) == len(network.symbols) and network.allows(first):
                break
            free = [n for n in network.symbols if n not in network.defaults]
            first |= {n: random.choice([1, 2, 3, 4, 5, 6, 8, 12, 16]) for n in free}
        second = dict(first)
        for name in network.symbols:
            for other in (first[name] + 1, first[name] * 2):
                if network.allows({**second, name: other}):
                    second[name] = network.facts.domain(name).named(other)
                    break
        return [first, second]


@cache
def subject(name: str) -> Subject:
    """A model of the zoo, or one that is generated from a seed."""
    if name in ZOO:
        return Subject(ZOO[name])
    return Subject(understand(Source("<text>", source(int(name)))).definition())


#: All layers, and nothing broken: a row is a line.
WIDE = Typesetting(width=1e6, free=True)

ALL = [*ZOO, *map(str, range(SOURCES))]


# --- show ------------------------------------------------------------------


@pytest.mark.parametrize("name", ALL)
def test_rows_of_every_measure_add_up_to_the_count(name):
    made = subject(name)
    networks = [build(made.definition, point, defaults=True) for point in made.points()]
    for measure in measures(name):
        data = show.page(made.report(measure), made.at_defaults).data
        rows = data["rows"]
        assert len({row["name"] for row in rows}) == len(rows)
        for point, network in zip(made.points(), networks, strict=True):
            here = point
            totals = [printed.worth(str(row["total"]), here) for row in rows]
            whole = printed.worth(str(data["total"]), here)
            assert whole == network.measure(measure), (measure, point)
            assert sum(t for t, r in zip(totals, rows, strict=True) if not r["group"]) == whole
            for k, row in enumerate(rows):
                if row["group"]:
                    inside = [totals[j] for j in below(rows, k) if not rows[j]["group"]]
                    assert totals[k] == sum(inside), (measure, row)
                assert totals[k] == copied(rows, k, here), (measure, row)
        if made.at_defaults is not None:
            here = dict(made.network.defaults)
            for row in rows:
                assert row["number"] == printed.worth(str(row["total"]), here), row
            assert data["number"] == made.at_defaults.measure(measure)


#: Measures that have no formula of all choices: whether ``zeros`` takes a gradient is decided.
DECIDED = {"nasbench201:nasbench201": {"backward_macs", "training_macs"}}


def measures(name: str) -> list[str]:
    """Every measure of the zoo; of a generated source params, macs and one in turn."""
    said = subject(name).network.measures()  # a layer of the text's own does not say all
    if name in ZOO:
        # Experts and cells do not say what they save.
        every = {m.name for m in MEASURES.values() if not m.storages}
        assert every - DECIDED.get(name, set()) <= said.keys()
        return [*said]
    others = [m for m in said if m not in ("params", "macs")]
    return ["params", "macs", others[int(name) % len(others)]]


def below(rows: list[dict], head: int) -> Iterator[int]:
    """The rows in a group."""
    for k in range(head + 1, len(rows)):
        if rows[k]["depth"] <= rows[head]["depth"]:
            return
        yield k


def copied(rows: list[dict], place: int, point: Point) -> Exact:
    """The measure of all copies of a row: its count, in every pass of the series around it."""
    row = rows[place]
    if "for" not in row:
        return printed.worth(str(row["times"]), point) * printed.worth(str(row["count"]), point)
    depth, heads = row["depth"], []
    for k in range(place - 1, -1, -1):
        if rows[k]["depth"] < depth:
            depth = rows[k]["depth"]
            if rows[k]["kind"] == "series":
                heads.insert(0, rows[k])
    several = [str(r.get("copies", r["times"])) for r in (*heads, row)]
    total = 0
    for passing in passes(row["for"], point):
        part = printed.worth(str(row["count"]), passing)
        for copies in several:
            part *= printed.worth(copies, passing)
        total += part
    return total


def passes(ranges: str, point: Point) -> Iterator[Point]:
    """The point at every pass of ``j in 0..n - 1, k in 1..j``."""
    index, _, rest = ranges.partition(" in ")
    first, _, rest = rest.partition("..")
    last, _, inner = rest.partition(", ")
    for k in printed.whole(printed.worth(first, point), printed.worth(last, point)):
        here = {**point, index: k}
        yield from passes(inner, here) if inner else (here,)


@pytest.mark.parametrize("name", [*ZOO, *map(str, range(IN_EVERY_FORMAT))])
def test_the_rows_of_show_are_true_in_every_format(name):
    made = subject(name)
    # The zoo in turn, as the formats do not know what is counted.
    measure = "params" if name not in ZOO or [*ZOO].index(name) % 3 else "macs"
    sheet = show.page(made.report(measure), made.at_defaults)
    expected = printed.shown_rows("json", render(sheet, "json"))
    points = made.points()
    for form in FORMATS:
        if form == "json":
            continue
        found = printed.shown_rows(form, render(sheet, form, typesetting=WIDE))
        assert [row.name for row in found] == [row.name for row in expected], form
        for row, own in zip(found, expected, strict=True):
            number = row.number or (own.number if row.formula else "0")
            assert number.replace(",", "") == own.number, (form, row)
            if row.formula:
                for here in points:
                    total = printed.worth(own.formula, here)
                    there = printed.aliases(form, here)
                    assert printed.worth(row.formula, there) == total, (form, row)
            for here in points:
                times = printed.worth(row.times, printed.aliases(form, here))
                assert times == printed.worth(own.times, here)


# --- explain ---------------------------------------------------------------


@pytest.mark.parametrize("name", ALL)
def test_both_sides_of_every_derivation_are_equal_in_every_format(name):
    made = subject(name)
    sheet = explain.page(made.found)
    data = {row["name"]: row for row in sheet.data["rows"]}
    points = made.points()
    every = name in ZOO or int(name) < IN_EVERY_FORMAT
    for form in FORMATS if every else ("table",):
        lines = printed.told_lines(form, render(sheet, form, typesetting=WIDE))
        assert {line.name for line in lines} >= data.keys(), form
        for line in lines:
            row = data.get(line.name, {})
            for point in points:
                for here in islice_passes(row, point):
                    derived(line, row, printed.aliases(form, here), set(made.network.symbols))
        for point in points:
            summed(sheet.data, lines, printed.aliases(form, point))


def islice_passes(row: Mapping, point: Point) -> Iterator[Point]:
    """The point, or the first passes of the series that a row stands in."""
    if "for" not in row:
        yield point
        return
    yield from (here for here, _ in zip(passes(row["for"], point), range(3), strict=False))


def derived(line: printed.Told, row: Mapping, here: Point, names: set[str]) -> None:
    """Every side of one line has the same value; letters stand for what is written below them."""
    if not line.sides:
        return
    trees = [printed.parsed(side) for side in line.sides]
    result = printed.value(trees[-1], here)
    if row:
        assert result == printed.worth(str(row["count"]), here), line
    for k, tree in enumerate(trees):
        try:
            same = printed.value(tree, here) == result
        except KeyError:
            same = False
        if not same:
            assert k == 0, line
            letters = printed.letters(tree, trees[1], here)
            assert printed.value(tree, letters) == result, line
            for letter in letters.keys() & here.keys():
                assert letters[letter] == here[letter], (line, letter)
    if line.shares:
        assert sum(printed.worth(s, here) for s in printed.shares_of(line.shares)) == result


def summed(data: Mapping, lines: list[printed.Told], point: Point) -> None:
    """The derivations, as often as they stand there, add up to the total."""
    rows = {row["name"]: row for row in data["rows"]}
    whole = printed.worth(str(data["total"]), point)
    total = 0
    for line in lines:
        if line.name == "total":
            assert printed.worth(line.sides[-1], point) == whole
        elif line.sides and "for" not in rows[line.name]:
            times = printed.worth(line.times, point)
            total += times * printed.worth(line.sides[-1], point)
    assert total == whole


# --- the other views -------------------------------------------------------


@pytest.mark.parametrize("name", [*ZOO, *map(str, range(IN_EVERY_FORMAT))])
def test_every_form_of_a_formula_is_the_total(name):
    made = subject(name)
    for form, by in forms_of(made.network):
        sheet = formula.page(made.network, "params", form, by)
        for point in made.points():
            here = point
            whole = printed.worth(str(made.found.total), here)
            assert printed.worth(sheet.data["formula"], here) == whole, form
            assert printed.worth(render(sheet, "table").splitlines()[0], here) == whole, form


@pytest.mark.parametrize("name", ALL)
def test_the_shares_of_a_measure_are_all_of_it(name):
    made = subject(name)
    point = made.points()[-1]
    measure = ("params", "macs")[ALL.index(name) % 2]
    page = shares_page.page(shares(studied(made.definition, point, measure)))
    rows = json.loads(render(page, "json"))["rows"]
    whole = build(made.definition, point, defaults=True).measure(measure)
    assert sum(row["value"] for row in rows) == whole
    assert sum(Fraction(str(row["share"])) for row in rows) == 1
    for row in rows:
        assert printed.worth(str(row["formula"]), point) == row["value"]
    heads, *cells = printed.cells("markdown", render(page, "markdown"))
    place = heads.index(measure)
    assert [c[place].replace(",", "") for c in cells] == [str(row["value"]) for row in rows]


@pytest.mark.parametrize("name", [*ZOO][::4])
def test_shares_in_letters_are_those_of_the_formulas(name):
    made = subject(name)
    rows = shares_page.page(shares(studied(made.definition))).data["rows"]
    for point in made.points():
        whole = printed.worth(str(made.found.total), point)
        for row in rows:
            part = printed.worth(str(row["formula"]), point)
            assert printed.worth(str(row["fraction"]), point) == Fraction(part) / whole
        assert sum(printed.worth(str(row["formula"]), point) for row in rows) == whole


def test_the_zoo_page_has_the_counts():
    for row in zoo_page.page().data["rows"]:
        name, _, model = row["source"].removeprefix("zoo:").partition(":")
        made = subject(f"{name}:{model or name}") if f"{name}:{model or name}" in ZOO else None
        expected = None if made is None or made.at_defaults is None else made.at_defaults
        assert row["params"] == (expected and expected.measure("params")), row


@pytest.mark.parametrize("name", kinds())
def test_what_a_layer_page_prints_of_its_example(name):
    data = layers.kind(name).data
    values = [5, 7, 3, 11, 9, 4, 6, 8, 12, 13, 10, 16]
    network = layers.example(kinds()[name]).network
    point = dict(zip(network.symbols, values, strict=False))
    if not network.allows(point):
        point = dict.fromkeys(network.symbols, 12)
    printed_lines = render(layers.kind(name), "table").splitlines()
    for line in printed_lines:
        found = re.fullmatch(r"  (params|buffers|macs) +(\S.*?)(?: {2,}= (.*))?", line)
        if found:
            sides = [found[2], *([found[3]] if found[3] else [])]
            assert {printed.worth(side, point) for side in sides} == {
                printed.worth(str(data["measures"][found[1]]), point)
            }, line
