"""Sweeps against brute force: every engine, the same counts, sums and rows."""

from __future__ import annotations

import csv
import json
import sys
from fractions import Fraction
from itertools import product as every

import pytest
from hypothesis import HealthCheck, assume, given, settings, strategies as st

from symparams.algebra import floor, modulo, power, symbol
from symparams.algebra.conditions import compared
from symparams.algebra.kernels import arrays
from symparams.analysis.sweeps import run, swept
from symparams.cli.sources import definition_of
from symparams.errors import SymparamsError
from symparams.search import by_ibis, by_numpy, parts
from symparams.search.parts import Extent, Part, Sweep, Tally, column_types, scaled
from symparams.search.space import Axis, Budget, Space
from tests.algebra.expressions import NAMES, UndefinedError, built, formulas, number, polynomials
from tests.cli.running import run as cli
from tests.search.engines import engine, needed

#: What a database warns of while it is used is not ours to mend.
pytestmark = pytest.mark.filterwarnings("ignore")

ENGINES = [
    "numpy",
    pytest.param("duckdb", marks=pytest.mark.engines),
    pytest.param("spark", marks=pytest.mark.engines),
]


# --- brute force ----------------------------------------------------------------


def compare(value, op, bound):
    return {
        "<=": value <= bound,
        "<": value < bound,
        ">=": value >= bound,
        ">": value > bound,
        "==": value == bound,
    }[op]


def by_hand(axes, measures, budgets=(), conditions=()):
    """(tally, rows) by Fractions at every point; None where something is undefined.

    Measures are expressions, budgets and conditions (expression, sign, number).
    """
    rows, many = [], 0
    try:
        for values in every(*axes.values()):
            point = dict(zip(axes, values, strict=True))
            many += 1
            tests = [compare(number(e, point), op, b) for e, op, b in (*budgets, *conditions)]
            found = [number(m, point) for m in measures]
            if all(tests):
                rows.append((*values, *found))
    except UndefinedError:
        return None
    columns = list(zip(*rows, strict=True))[len(axes) :]
    ranges = tuple(Extent(min(c), max(c), sum(c)) for c in columns)
    return Tally(len(rows), ranges, many), rows


def sweep_of_expressions(axes, measures, budgets=(), conditions=()):
    """The same as a sweep, or nothing where the algebra refuses an expression."""
    sizes = [built(m) for m in measures]
    limits = [(built(e), op, b) for e, op, b in budgets]
    tests = [(built(e), op, b) for e, op, b in conditions]
    assume(all(s is not None for s in [*sizes, *(s for s, _, _ in [*limits, *tests])]))
    space = Space(
        tuple(Axis(name, tuple(values)) for name, values in axes.items()),
        tuple(compared(s, op, b) for s, op, b in tests),
    )
    part = Part({}, space, tuple(Budget(s, op, b, "size") for s, op, b in limits), tuple(sizes))
    return Sweep(tuple(axes), tuple(f"m{k}" for k in range(len(measures))), (part,))


def collected(sweep, by):
    """(tally, rows) of an engine, as plain numbers, and that the tally alone is the same."""
    rows = []

    def write(columns):
        lists = [c.tolist() if hasattr(c, "tolist") else list(c) for c in columns.values()]
        assert list(columns) == list(sweep.columns)
        rows.extend(zip(*lists, strict=True))

    tally = run(sweep, by, write)
    assert run(sweep, by) == tally
    return tally, rows


def exactly(rows):
    assert all(type(v) in (int, Fraction) for row in rows for v in row)
    return sorted(rows)


AXES = st.fixed_dictionaries(
    {name: st.sets(st.integers(1, 14), min_size=1, max_size=4).map(sorted) for name in NAMES}
)
BOUND = st.integers(-20, 300) | st.builds(Fraction, st.integers(-20, 300), st.integers(1, 4))
LIMITS = st.lists(
    st.tuples(formulas(leaves=5), st.sampled_from(["<=", "<", ">=", ">", "=="]), BOUND), max_size=2
)


@settings(max_examples=300)
@given(AXES, st.lists(formulas(), min_size=1, max_size=2), LIMITS, LIMITS)
def test_numpy_is_brute_force(axes, measures, budgets, conditions):
    wanted = by_hand(axes, measures, budgets, conditions)
    assume(wanted is not None)
    sweep = sweep_of_expressions(axes, measures, budgets, conditions)
    tally, rows = collected(sweep, engine("numpy"))
    assert tally == wanted[0]
    assert rows == wanted[1], "in the order of the axes"
    exactly(rows)


#: Refused rather than rounded.
REFUSALS = (
    "may come to a fraction",
    "may divide by 0",
    "may have more than",
)


def agrees(by, axes, measures, budgets, conditions):
    wanted = by_hand(axes, measures, budgets, conditions)
    assume(wanted is not None)
    sweep = sweep_of_expressions(axes, measures, budgets, conditions)
    try:
        tally, rows = collected(sweep, by)
    except SymparamsError as error:
        refused = any(text in error.message for text in REFUSALS)
        assume(not refused)
        raise
    assert tally == wanted[0]
    assert exactly(rows) == sorted(wanted[1])


@pytest.mark.engines
@settings(max_examples=70, suppress_health_check=[HealthCheck.filter_too_much])
@given(AXES, st.lists(formulas(), min_size=1, max_size=2), LIMITS, LIMITS)
def test_duckdb_is_brute_force(axes, measures, budgets, conditions):
    agrees(engine("duckdb"), axes, measures, budgets, conditions)


@pytest.mark.engines
@settings(max_examples=35, suppress_health_check=[HealthCheck.filter_too_much])
@given(AXES, st.lists(formulas(), min_size=1, max_size=1), LIMITS)
def test_a_database_without_integer_division(axes, measures, budgets):
    """A floor is made of a remainder, so that no quotient is rounded."""
    needed("ibis", "sweep")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(by_ibis, "DIVISIONS", {})
        agrees(engine("duckdb"), axes, measures, budgets, ())


@pytest.mark.parametrize("bound", [3, Fraction(7, 2), Fraction(-7, 2), -4, 10**30, -(10**30)])
@pytest.mark.parametrize("op", ["<=", "<", ">=", ">", "=="])
@pytest.mark.parametrize("name", ENGINES[:2])
def test_budgets_at_their_edges(name, op, bound):
    space = Space((Axis("h", range(1, 12)),))
    part = Part({}, space, (Budget(h - 6, op, bound, "size"),), (h - 6,))
    _, rows = collected(Sweep(("h",), ("size",), (part,)), engine(name))
    assert exactly(rows) == [(v, v - 6) for v in range(1, 12) if compare(v - 6, op, bound)]


LARGE = st.sampled_from([2**31 - 1, 2**31, 2**32, 2**40, 2**53 + 1, 2**62, 2**63 - 1])
LARGE_AXES = st.fixed_dictionaries(
    {name: st.sets(LARGE | st.integers(1, 9), min_size=1, max_size=3).map(sorted) for name in NAMES}
)


@settings(max_examples=150)
@given(LARGE_AXES, polynomials(leaves=7))
def test_large_sizes(axes, measure):
    sweep = sweep_of_expressions(axes, [measure])
    tally, rows = collected(sweep, engine("numpy"))
    assert (tally, rows) == by_hand(axes, [measure])


@pytest.mark.engines
@settings(max_examples=35, suppress_health_check=[HealthCheck.filter_too_much])
@given(LARGE_AXES, polynomials(leaves=5))
def test_large_sizes_in_duckdb(axes, measure):
    agrees(engine("duckdb"), axes, [measure], (), ())


# --- one sweep, every engine ------------------------------------------------------

h, l, k, f, V = (symbol(name) for name in ["h", "l", "k", "f", "V"])  # noqa: E741
#: The parameters of a transformer with grouped keys and values, of heads 64 wide.
GQA = V * h + l * (2 * h * h + 2 * 64 * h * k + 3 * h * f + 2 * h) + h
SMALL_AXES = {
    "h": range(256, 1024, 256),
    "l": range(2, 9),
    "k": (1, 2, 4, 8),
    "f": range(512, 2048, 512),
    "V": (1000, 32000),
}


def gqa(axes, bound):
    space = Space(tuple(Axis(name, values) for name, values in axes.items()))
    part = Part({}, space, (Budget(GQA, "<=", bound, "params"),), (GQA, h * f))
    return Sweep(tuple(axes), ("params", "h*f"), (part,))


@pytest.mark.parametrize("name", ENGINES)
def test_the_same_on_every_engine(name):
    bound = 20_000_000
    rows = [
        (*values, p, hidden * wide)
        for values in every(*SMALL_AXES.values())
        for hidden, depth, keys, wide, words in [values]
        if (
            p := words * hidden
            + depth * (2 * hidden**2 + 128 * hidden * keys + 3 * hidden * wide + 2 * hidden)
            + hidden
        )
        <= bound
    ]
    tally, found = collected(gqa(SMALL_AXES, bound), engine(name))
    assert tally.configurations == 3 * 7 * 4 * 3 * 2
    assert tally.feasible == len(rows) > 0
    assert exactly(found) == sorted(rows)
    assert tally.ranges[0] == Extent(
        min(r[5] for r in rows), max(r[5] for r in rows), sum(r[5] for r in rows)
    )


@pytest.mark.parametrize("name", ENGINES)
def test_digits_beyond_64_bits(name):
    """6·10^20 comes out exact, under a budget one below and one at it."""
    axes = {"h": (1, 10**10), "l": (1, 5, 6)}
    for bound, many in ((6 * 10**20 - 1, 5), (6 * 10**20, 6)):
        space = Space(tuple(Axis(n, v) for n, v in axes.items()))
        part = Part({}, space, (Budget(l * h * h, "<=", bound, "size"),), (l * h * h,))
        tally, rows = collected(Sweep(("h", "l"), ("size",), (part,)), engine(name))
        assert tally.feasible == many
        assert exactly(rows)[-1] == (10**10, many, many * 10**20)
        assert tally.ranges[0].total == sum(r[2] for r in rows)


@pytest.mark.parametrize("divisions", [by_ibis.DIVISIONS, {}], ids=["own", "none"])
@pytest.mark.parametrize("name", ENGINES)
def test_floors_below_zero(monkeypatch, name, divisions):
    """A floor goes down, where SQL's division and its remainder go towards 0."""
    monkeypatch.setattr(by_ibis, "DIVISIONS", divisions)
    space = Space((Axis("h", range(1, 12)), Axis("l", (3, 4, 7))))
    size = floor((h - 6 * l) / 4) + floor(-h / l) + power(2, l)
    part = Part({}, space, (), (size,))
    _, rows = collected(Sweep(("h", "l"), ("size",), (part,)), engine(name))
    wanted = [(a, b, (a - 6 * b) // 4 + -a // b + 2**b) for a in range(1, 12) for b in (3, 4, 7)]
    assert exactly(rows) == sorted(wanted)


def test_slices_cover_all(monkeypatch):
    """However small the slices, every configuration is in one."""
    axes = (Axis("h", range(1, 6)), Axis("l", (2, 3, 5)), Axis("k", range(4)))
    for most in (1, 2, 4, 5, 12, 13, 60, 1000):
        slices = list(by_ibis._slices(axes, most))
        points = [p for s in slices for p in every(*(a.values for a in s))]
        assert sorted(points) == sorted(every(*(a.values for a in axes)))
        for s in slices:
            many = 1
            for axis in s:
                many *= len(axis.values)
            assert many <= most


@pytest.mark.parametrize("chunk", [1, 3, 10, 1000])
def test_chunks_do_not_change_a_thing(monkeypatch, chunk):
    whole = collected(gqa(SMALL_AXES, 20_000_000), engine("numpy"))
    monkeypatch.setattr(arrays, "CHUNK", chunk)
    assert collected(gqa(SMALL_AXES, 20_000_000), engine("numpy")) == whole
    pieces = list(engine("numpy").scan(scaled(gqa(SMALL_AXES, 1).parts[0]), False))
    assert len(pieces) == engine("numpy").steps(scaled(gqa(SMALL_AXES, 1).parts[0]), False)


def test_progress(monkeypatch):
    """Every piece is a step."""
    monkeypatch.setattr(arrays, "CHUNK", 10)
    seen = []

    def progress(items, total):
        done = list(items)
        seen.append((len(done), total))
        return iter(done)

    sweep = gqa(SMALL_AXES, 20_000_000)
    assert run(sweep, engine("numpy"), progress=progress) == run(sweep, engine("numpy"))
    ((done, total),) = seen
    assert done == total > 10


# --- files ------------------------------------------------------------------------

TEXT = "model m(i, h in 8..32 step 8, l in {1, 2}) where h % 16 == 0 = input(i) -> dense(h) * l"


def wanted_rows(i):
    """Every (h, l, params) that the condition admits."""
    return [(h, l, i * h + h + (l - 1) * (h * h + h)) for h in (16, 32) for l in (1, 2)]  # noqa: E741


def test_csv(tmp_path):
    path = tmp_path / "grid.csv"
    found = swept(definition_of(TEXT, None), values={"i": 5}, out=str(path))
    assert (found.tally.configurations, found.tally.feasible) == (8, 4)
    with path.open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    assert head == ["h", "l", "params"]
    assert [tuple(map(int, row)) for row in rows] == wanted_rows(5)
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", ["grid.json", "grid.jsonl", "grid.JSON"])
def test_json_lines(tmp_path, name):
    """Integers are numbers up to 2^53 - 1; longer ones, and fractions, are text."""
    path = tmp_path / name
    large = 10**30
    swept(
        definition_of(TEXT, None),
        measures=["params", "params/7"],
        values={"i": large},
        out=str(path),
    )
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    params = [p for _, _, p in wanted_rows(large)]
    assert [int(row["params"]) for row in rows] == params
    # What JavaScript would round is text, as in all JSON.
    assert all(
        type(row["params"]) is (str if p >= 1 << 53 else int)
        for row, p in zip(rows, params, strict=True)
    )
    assert [row["params/7"] for row in rows] == [str(Fraction(p, 7)) for p in params]


def test_parquet(tmp_path):
    """64 bits, 38 digits, or text: whatever holds all values exactly."""
    needed("pyarrow", "sweep")
    import pyarrow as pa
    import pyarrow.parquet

    path = tmp_path / "grid.parquet"
    measures = ["params", "params*10^20", "params*10^40", "params/7"]
    swept(definition_of(TEXT, None), (), ("params <= 3000",), measures, {"i": 5}, out=str(path))
    table = pa.parquet.read_table(path)
    decimal = pa.decimal128(38, 0)
    kinds = [pa.int64(), pa.int64(), pa.int64(), decimal, pa.string(), pa.string()]
    assert table.schema.types == kinds
    rows = [(*r, r[2] * 10**20, r[2] * 10**40, Fraction(r[2], 7)) for r in wanted_rows(5)]
    found = [
        (a, b, p, int(q), int(r), Fraction(s))
        for a, b, p, q, r, s in zip(*(c.to_pylist() for c in table.columns), strict=True)
    ]
    assert found == rows


@pytest.mark.parametrize("ending", ["csv", "json", "parquet"])
@pytest.mark.parametrize("name", ENGINES)
def test_files_of_every_engine(tmp_path, monkeypatch, name, ending):
    by = engine(name)
    if ending == "parquet":
        needed("pyarrow", "sweep")
    monkeypatch.setattr(by_ibis, "SLICE", 3)
    path = tmp_path / f"grid.{ending}"
    found = swept(definition_of(TEXT, None), values={"i": 5}, engine=by.name, out=str(path))
    assert found.tally.feasible == 4
    if ending == "csv":
        rows = [tuple(map(int, r)) for r in list(csv.reader(path.open(encoding="utf-8")))[1:]]
    elif ending == "json":
        rows = [tuple(json.loads(line).values()) for line in path.open(encoding="utf-8")]
    else:
        import pyarrow.parquet

        table = pyarrow.parquet.read_table(path)
        rows = list(zip(*(c.to_pylist() for c in table.columns), strict=True))
    assert sorted(rows) == sorted(wanted_rows(5))


def test_a_failed_sweep_leaves_no_file(tmp_path):
    path = tmp_path / "grid.csv"
    path.write_text("of yesterday")
    text = "model m(h in 1..30) = input(1) -> dense(2^(500*h))"
    with pytest.raises(SymparamsError, match="more than 4,300 digits"):
        swept(definition_of(text, None), out=str(path))
    assert [p.name for p in tmp_path.iterdir()] == ["grid.csv"]
    assert path.read_text() == "of yesterday"


def test_fractional_axes(tmp_path):
    """A width multiplier is counted in quarters on the way, and written as a fraction."""
    path = tmp_path / "grid.csv"
    found = swept(definition_of("zoo:mobilenet", None), measures=["total"], out=str(path))
    rows = list(csv.reader(path.open(encoding="utf-8")))
    # The totals of Keras, as the model's own file has them.
    assert rows == [
        ["alpha", "total"],
        ["1/4", "475544"],
        ["1/2", "1342536"],
        ["3/4", "2601976"],
        ["1", "4253864"],
    ]
    assert found.tally.ranges[0].greatest == 4_253_864


@pytest.mark.parametrize("name", ENGINES)
def test_multiples(name):
    """A size of multiples is counted in these: a half of it is whole."""
    space = Space(
        (Axis("h", (10**20, 3 * 10**20)), Axis("l", range(2, 9, 2)), Axis("k", (1, 2, 3, 6)))
    )
    part = Part({}, space, (Budget(h * l / 4, "<", 11 * 10**19, "size"),), (h * l / 4,))
    sweep = Sweep(("h", "l", "k"), ("size",), (part,))
    _, rows = collected(sweep, engine(name))
    assert exactly(rows) == [
        (a, b, c, a * b // 4)
        for a in (10**20, 3 * 10**20)
        for b in (2, 4, 6, 8)
        for c in (1, 2, 3, 6)
        if a * b < 44 * 10**19
    ]


@pytest.mark.parametrize("name", ENGINES)
def test_whole_where_the_conditions_hold(name):
    """``h/k`` is an integer in every row that a condition admits; the others are not asked."""
    space = Space(
        (Axis("h", range(1, 13)), Axis("k", range(1, 7))),
        (compared(modulo(h, k), "==", 0), compared(modulo(h, 2), "==", 0), compared(k, "<", 5)),
    )
    part = Part({}, space, (), (h / k, h / 2))
    one = scaled(part)
    assert one.axes == (Axis("h", range(1, 7)), Axis("k", range(1, 5)))
    assert one.units == {"h": 2}
    assert [r.back for r in one.program.results[:2]] == [None, None], "no need to look"
    tally, rows = collected(Sweep(("h", "k"), ("a", "b"), (part,)), engine(name))
    assert tally.configurations == 72
    assert exactly(rows) == [
        (a, b, a // b, a // 2) for a in range(2, 13, 2) for b in range(1, 5) if a % b == 0
    ]


def test_long_axes(monkeypatch):
    """An axis is not one array, nor gone through, beyond what memory should hold."""
    monkeypatch.setattr(by_numpy, "MOST_VALUES", 7)
    monkeypatch.setattr(arrays, "CHUNK", 20)
    monkeypatch.setattr(parts, "MOST_FILTERED", 29)
    space = Space(
        (Axis("h", range(1, 31)), Axis("l", (1, 2, 5)), Axis("k", range(8, 20))),
        (compared(modulo(h, 3), "==", 0), compared(modulo(k, 4), "==", 0)),
    )
    sweep = Sweep(("h", "l", "k"), ("a",), (Part({}, space, (), (h * l + k,)),))
    one = scaled(sweep.parts[0])
    assert [a.values for a in one.axes] == [range(1, 31), (1, 2, 5), range(8, 17, 4)]
    by = engine("numpy")
    assert len(list(by.scan(one, True))) == by.steps(one, True) > 5
    tally, rows = collected(sweep, by)
    assert tally.configurations == 30 * 3 * 12
    assert sorted(rows) == [
        (a, b, c, a * b + c) for a in range(3, 31, 3) for b in (1, 2, 5) for c in (8, 12, 16)
    ]


def test_a_billion_sizes_are_no_list():
    """What a range says is not written out."""
    space = Space((Axis("h", range(4, 4 * 10**12, 4)),), (compared(modulo(h, 3), "==", 0),))
    one = scaled(Part({}, space, (), (h / 4,)))
    assert one.axes == (Axis("h", range(1, 10**12)),)
    pieces = engine("numpy").scan(one, False)
    tally, _ = next(pieces)
    assert tally.feasible == arrays.CHUNK // 3


def test_a_condition_that_admits_nothing():
    space = Space((Axis("h", (1, 3)), Axis("k", (1, 2))), (compared(modulo(h, 2), "==", 0),))
    sweep = Sweep(("h", "k"), ("a",), (Part({}, space, (), (h,)),))
    assert collected(sweep, engine("numpy")) == (Tally(configurations=4), [])
    assert column_types(sweep, map(scaled, sweep.parts)) == dict.fromkeys("hka", "int64")


def test_structures(tmp_path):
    """A size that decides the structure is a column like any other."""
    text = """
    model m(n in 1..3, h in {2, 3}) = input(4) -> [dense(h + k) for k in 0..n - 1]
    """
    path = tmp_path / "grid.csv"
    found = swept(definition_of(text, None), out=str(path))
    rows = [tuple(map(int, r)) for r in list(csv.reader(path.open(encoding="utf-8")))[1:]]

    def params(n, hidden):
        widths = [4, *(hidden + k for k in range(n))]
        return sum(widths[k] * widths[k + 1] + widths[k + 1] for k in range(n))

    assert sorted(rows) == [(n, hidden, params(n, hidden)) for n in (1, 2, 3) for hidden in (2, 3)]
    assert found.tally.configurations == 6


def test_column_types_join_over_parts():
    made = [
        scaled(Part({"n": 1}, Space((Axis("h", (1, 2)),)), (), (h,))),
        scaled(Part({"n": Fraction(1, 2)}, Space((Axis("h", (1, 2)),)), (), (h * 10**20,))),
    ]
    sweep = Sweep(("n", "h"), ("size",), tuple(p.part for p in made))
    assert column_types(sweep, made) == {"n": "text", "h": "int64", "size": "decimal"}


# --- the command ------------------------------------------------------------------


def test_summary():
    done = cli("sweep", TEXT, "--set", "i=5", "--budget", "params < 1000", "--measure", "params")
    assert (done.code, done.err) == (0, "")
    assert done.out == (
        "Sweep of m over h in 8..32 step 8, l in {1, 2}\n"
        "Measure  Least  Greatest\n"
        "------------------------\n"
        "params      96       368\n"
        "space: 8 configurations\n"
        "feasible: 3 configurations\n"
        "within params < 1000\n"
        "given i = 5\n"
        "if h % 16 == 0\n"
    )


def test_summary_as_json():
    done = cli("sweep", TEXT, "--over", "h=16..32:16,i={5, 6}", "--format", "json")
    rows = [p for i in (5, 6) for _, _, p in wanted_rows(i)]
    assert json.loads(done.out) == {
        "model": "m",
        "domains": {"h": "16..32 step 16", "l": "{1, 2}", "i": "{5, 6}"},
        "budgets": [],
        "given": {},
        "defaults": {},
        "conditions": ["h % 16 == 0"],
        "size": 8,
        "feasible": 8,
        "rows": [
            {"measure": "params", "least": min(rows), "greatest": max(rows), "total": sum(rows)}
        ],
        "engine": "numpy",
        "out": "",
    }


def test_nothing_feasible():
    done = cli("sweep", TEXT, "--set", "i=5", "--budget", "params < 10")
    assert done.code == 0
    assert "feasible: 0 configurations\n" in done.out


def test_rows_are_counted(tmp_path):
    done = cli("sweep", TEXT, "--set", "i=5", "--out", "grid.csv", cwd=tmp_path)
    assert done.out.endswith("if h % 16 == 0\n4 rows in grid.csv\n")
    done = cli(
        "sweep", TEXT, "--set", "i=5", "--budget", "params <= 96", "--out", "a.json", cwd=tmp_path
    )
    assert done.out.endswith("1 row in a.json\n")
    assert (tmp_path / "a.json").read_text() == '{"h": 16, "l": 1, "params": 96}\n'


def test_help():
    done = cli("sweep", "--help")
    assert done.code == 0
    assert "--out grid.parquet" in done.out


LINE = "input(i) -> dense(h)"

ERRORS = [
    (
        ("--over", "h=64.."),
        "<over>:1:3: this range has no end\n    h=64..\n      ^^^^ as in 64..1024:64",
    ),
    (
        ("--over", "h={}"),
        "<over>:1:3: this domain has no values\n    h={}\n      ^^ as in {1, 2, 4}",
    ),
    (
        ("--over", "h=1..9", "--set", "i=3", "--measure", "parms"),
        "<measure>:1:1: 'parms' is neither a measure nor a size of the model\n    parms\n    ^^^^^ did you mean 'params'?",
    ),
    (
        ("--over", "h=1..9"),
        "'i' has neither a value nor a domain\n    give 'i' a domain: --over i=1..64; or a value: --set i=1",
    ),
    (
        ("--set", "i=3,h=4"),
        "a sweep needs at least one size to vary\n    as in --over h=64..1024:64",
    ),
    (
        ("--over", "h=1..9", "--set", "i=3", "--engine", "duckbd"),
        "unknown engine 'duckbd'\n    did you mean 'duckdb'?",
    ),
    (
        ("--over", "h=1..9", "--set", "i=3", "--out", "grid.xls"),
        "'grid.xls' does not say what to write\n    end it in .parquet, .csv, .json, .jsonl",
    ),
    (
        ("--over", "h={1, 10^4000}", "--set", "i=10^4000"),
        "this number has more than 4,300 digits",
    ),
    (
        ("--over", "h=1..9", "--set", "i=3", "--out", "no/grid.csv"),
        "there is no folder 'no'",
    ),
]


@pytest.mark.parametrize(("args", "wanted"), ERRORS)
def test_errors(args, wanted, tmp_path):
    done = cli("sweep", LINE, *args, cwd=tmp_path)
    assert (done.code, done.out) == (2, "")
    assert done.err == wanted + "\n"
    assert not list(tmp_path.iterdir())


def test_a_measure_called_as_a_size_is():
    text = "model m(total in 1..3) = input(2) -> dense(total)"
    done = cli("sweep", text, "--measure", "total")
    assert done.code == 2
    assert done.err == (
        "'total' is a size of the model and would be a column twice\n"
        "    name the measure with the model, as in --measure MODEL.total\n"
    )
    assert cli("sweep", text, "--measure", "m.total").code == 0


@pytest.mark.engines
@pytest.mark.parametrize(
    ("source", "args", "wanted"),
    [
        (
            LINE,
            ("--over", "h=1..9,i={10^39}"),
            "'i' may have more than 18 digits, too many for duckdb\n    take --engine numpy",
        ),
        (
            LINE,
            ("--over", "h=1..9", "--set", "i=10^39"),
            "a formula may have more than 38 digits, too many for duckdb\n    take --engine numpy",
        ),
        (
            LINE,
            ("--over", "h=1..9", "--set", "i=10^37"),
            "the sum of a measure may have more than 38 digits, too many for duckdb\n"
            "    take --engine numpy",
        ),
        (
            LINE,
            ("--over", "h=1..9", "--set", "i=3", "--measure", "params/7"),
            "a formula may come to a fraction, which duckdb would round\n    take --engine numpy",
        ),
        (
            "input(i) -> dense(i // h)",
            ("--over", "h=1..9", "--set", "i=93*10^17"),
            "what is divided may have more than 18 digits, too many for duckdb\n"
            "    take --engine numpy",
        ),
    ],
)
def test_refused_by_a_database(source, args, wanted):
    needed("ibis", "sweep")
    done = cli("sweep", source, *args, "--engine", "duckdb")
    assert done.code == 2
    assert done.err == wanted + "\n"
    assert cli("sweep", source, *args).code == 0


@pytest.mark.engines
@pytest.mark.parametrize(
    "size", ["9 // (h // 2) + 1", "9 // (h - 5) + 10", "99 // (h^2 - 5*h + 6) + 100"]
)
def test_what_would_divide_by_0_is_left_out_by_a_database_too(size):
    needed("ibis", "sweep")
    args = ("sweep", f"input(i) -> dense({size})", "--over", "h=1..9", "--set", "i=3")
    done = cli(*args, "--engine", "duckdb")
    assert (done.code, done.out) == (0, cli(*args, "--engine", "numpy").out)


@pytest.mark.engines
def test_a_url():
    needed("ibis", "sweep")
    done = cli("sweep", LINE, "--over", "h=1..9", "--set", "i=3", "--engine", "duckdb://")
    assert done.code == 0
    assert "space: 9 configurations" in done.out
    done = cli("sweep", LINE, "--over", "h=1..9", "--set", "i=3", "--engine", "nosuch://x")
    assert done.code == 2
    assert done.err.startswith("cannot connect to 'nosuch://x': ")


@pytest.mark.parametrize(
    ("module", "args", "wanted"),
    [
        ("numpy", (), "NumPy is not installed\n    run: pip install 'symparams[numpy]'"),
        (
            "ibis",
            ("--engine", "duckdb"),
            "Ibis is not installed\n    run: pip install 'symparams[sweep]'",
        ),
        (
            "pyarrow",
            ("--out", "grid.parquet"),
            "PyArrow, which writes Parquet, is not installed\n"
            "    run: pip install 'symparams[sweep]'; or end the file in .csv or .json",
        ),
    ],
)
def test_a_missing_extra(monkeypatch, tmp_path, module, args, wanted):
    monkeypatch.setitem(sys.modules, module, None)
    done = cli("sweep", LINE, "--over", "h=1..9", "--set", "i=3", *args, cwd=tmp_path)
    assert (done.code, done.err) == (2, wanted + "\n")


@pytest.mark.engines
def test_spark_does_not_start(monkeypatch):
    needed("ibis", "sweep")
    needed("pyspark", "spark")
    from pyspark.sql import SparkSession

    def fails(self):
        raise RuntimeError("Java gateway process exited\nand more")

    monkeypatch.setattr(SparkSession, "getActiveSession", staticmethod(lambda: None))
    monkeypatch.setattr(type(SparkSession.builder), "getOrCreate", fails)
    done = cli("sweep", LINE, "--over", "h=1..9", "--set", "i=3", "--engine", "spark")
    assert (done.code, done.err) == (
        2,
        "Spark cannot be started: Java gateway process exited\n    it needs Java 17 or later\n",
    )


@pytest.mark.engines
def test_spark_is_missing(monkeypatch):
    needed("ibis", "sweep")
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    monkeypatch.setitem(sys.modules, "pyspark", None)
    done = cli("sweep", LINE, "--over", "h=1..9", "--set", "i=3", "--engine", "spark")
    assert (done.code, done.err) == (
        2,
        "Spark is not installed\n    run: pip install 'symparams[spark]'\n",
    )


# --- types of columns ---------------------------------------------------------------

#: Least and largest of a column, and the narrowest type that holds both.
TYPES = [
    (1, 9, "int64"),
    (1, 2**63 - 1, "int64"),
    (1, 2**63, "decimal"),
    (-(2**63), 5, "int64"),
    (-(2**63) - 1, 5, "decimal"),
    (5, 10**38 - 1, "decimal"),
    (5, 10**38, "text"),
    (-(10**38) + 1, -4, "decimal"),
    (-(10**38), -4, "text"),
    (2**63, 10**38 - 1, "decimal"),
    (Fraction(1, 2), 9, "text"),
    (Fraction(1, 2), Fraction(9, 2), "text"),
]


@pytest.mark.parametrize(("low", "high", "wanted"), TYPES)
def test_the_type_of_a_column_holds_its_ends(low, high, wanted):
    part = Part({}, Space((Axis("h", (low, high)),)), (), (h * 1,))
    sweep = Sweep(("h",), ("size",), (part,))
    assert column_types(sweep, [scaled(part)])["h"] == wanted
    if isinstance(low, int):
        assert column_types(sweep, [scaled(part)])["size"] == wanted
    # as a value of a structure, beside one that needs less
    fixed = [Part({"h": v}, Space((Axis("l", (1, 2)),)), (), (l * 1,)) for v in (low, high, 3)]
    found = column_types(Sweep(("h", "l"), ("size",), tuple(fixed)), map(scaled, fixed))
    assert found == {"h": wanted, "l": "int64", "size": "int64"}


@pytest.mark.engines
@pytest.mark.parametrize("more", [0, 1])
def test_the_least_integer_of_64_bits_is_not_divided(more):
    """Of -2^63 the opposite does not fit; of -2^63 + 1 it does."""
    least = -(2**63) + more
    axes = (Axis("h", (0, 9)), Axis("l", (2, 3)))
    part = Part({}, Space(axes), (), (floor((h + least) / l),))
    sweep = Sweep(("h", "l"), ("size",), (part,))
    if more:
        _, rows = collected(sweep, engine("duckdb"))
        assert exactly(rows) == [(x, y, (x + least) // y) for x in (0, 9) for y in (2, 3)]
        return
    with pytest.raises(SymparamsError) as caught:
        collected(sweep, engine("duckdb"))
    assert str(caught.value) == (
        "what is divided may have more than 18 digits, too many for duckdb\n    take --engine numpy"
    )


@pytest.mark.engines
def test_the_widest_axis_is_a_table_function_of_spark():
    """As Spark would be asked; DuckDB stands in for it."""
    needed("ibis", "sweep")
    asked = []

    class Stand:
        name = "pyspark"

        def sql(self, text):
            asked.append(text)
            return by_ibis.ibis().range(1, 9, 2).unnest().name("id").as_table()

    axes = (Axis("h", range(1, 9, 2)), Axis("l", (4, 7)))
    table = by_ibis.Database("spark", Stand()).table(axes)
    assert asked == ["SELECT id FROM range(1, 9, 2)"]
    assert {name: str(kind) for name, kind in table.schema().items()} == {
        "h": "int64",
        "l": "int64",
    }
    rows = table.order_by("h", "l").to_pyarrow().to_pylist()
    assert rows == [{"h": x, "l": y} for x in (1, 3, 5, 7) for y in (4, 7)]


# --- a database without integer division --------------------------------------------


@pytest.mark.engines
@pytest.mark.parametrize(
    ("last", "exact"),
    [(2**51, True), (2**52, True), (2**52 + 1, False), (2**53 - 2, False), (2**60, False)],
)
def test_no_quotient_is_rounded(monkeypatch, last, exact):
    """A multiple of the divisor is at most twice the largest number, which a double must hold."""
    needed("ibis", "sweep")
    monkeypatch.setattr(by_ibis, "DIVISIONS", {})
    values = (1, 5, last - 1, last)
    part = Part({}, Space((Axis("h", values),)), (), (floor(h / 3),))
    sweep = Sweep(("h",), ("size",), (part,))
    if exact:
        _, rows = collected(sweep, engine("duckdb"))
        assert exactly(rows) == [(v, v // 3) for v in values]
        return
    with pytest.raises(SymparamsError) as caught:
        collected(sweep, engine("duckdb"))
    assert str(caught.value) == (
        "what is divided may have more than 15 digits, too many for duckdb\n    take --engine numpy"
    )


@pytest.mark.engines
@pytest.mark.parametrize("values", [(5, 2**63), (-(2**63) - 1, 5), (10**40, 10**40 + 1)])
def test_an_axis_that_a_database_does_not_hold(values):
    needed("ibis", "sweep")
    part = Part({}, Space((Axis("h", values),)), (), (l * 0 + 7,))
    with pytest.raises(SymparamsError) as caught:
        collected(Sweep(("h",), ("size",), (part,)), engine("duckdb"))
    assert str(caught.value) == (
        "'h' may have more than 18 digits, too many for duckdb\n    take --engine numpy"
    )
