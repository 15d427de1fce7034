"""Every configuration of a space: which fit the budgets, and what they come to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from symparams.analysis.columns import measure_columns
from symparams.analysis.questions import Asked, ask, domains_asked, names_over
from symparams.answers import PublicAnswer
from symparams.elaboration import Value, WrittenModel, asking
from symparams.errors import Source, SymparamsError, did_you_mean
from symparams.records import Record
from symparams.search import Columns, Engine, Part, Rows, Sweep, Tally, column_types, scaled

#: The most configurations that are gone through: a day's work.
MOST_CONFIGURATIONS = 10**12
#: Wraps what is worked through, with the number of its steps, in a progress bar.
Progress: TypeAlias = Callable[[Iterable[Any], int], Iterator[Any]]


def sweep_of(asked: Asked, measures: Iterable[str]) -> Sweep:
    """Return the sweep over what was asked; ``measures`` name the sizes asked about.

    Raises:
        SymparamsError: nothing varies, or a measure is named as a size is.
    """
    measures = tuple(measures)
    parts = tuple(
        Part(q.fixed, q.space, tuple(limit.budget for limit in q.limits), q.sizes)
        for q in asked.questions
    )
    varied = {name for part in parts for name in (*part.fixed, *part.space.names)}
    axes = tuple(name for name in asked.domains if name in varied)
    if not axes:
        raise SymparamsError(
            "a sweep needs at least one size to vary", None, "as in --over h=64..1024:64"
        )
    for name in measures:
        if name in axes:
            raise SymparamsError(
                f"'{name}' is a size of the model and would be a column twice",
                None,
                f"name the measure with the model, as in --measure MODEL.{name}",
            )
    refused = 0
    for one in asked.refused:
        many = 1
        for name in axes:
            if name not in one.fixed:
                many *= len(asked.domains[name].values())
        refused += many
    words = {
        name: {int(word): str(word) for word in asked.domains[name].words}
        for name in axes
        if asked.domains[name].words
    }
    sweep = Sweep(axes, measures, parts, refused, words)
    if sweep.configurations > MOST_CONFIGURATIONS:
        raise SymparamsError(
            f"a sweep goes through {sweep.configurations:,} configurations one by one, more than "
            f"{MOST_CONFIGURATIONS:,}",
            None,
            "take larger steps, or symparams search, which counts without going through them",
        )
    return sweep


def engine_named(name: str) -> Engine:
    """Return the engine of a name: ``numpy``, ``duckdb``, ``spark``, or a URL that Ibis connects
    to.

    Raises:
        SymparamsError: there is none, or what it needs is not installed.
    """
    if name == "numpy":
        from symparams.search import NumPy

        return NumPy()
    if name in ("duckdb", "spark") or "://" in name:
        from symparams.search import connected

        return connected(name)
    known = ("numpy", "duckdb", "spark")
    raise SymparamsError(
        f"unknown engine '{name}'",
        None,
        did_you_mean(name, known, f"there are {', '.join(known)}, and URLs that Ibis connects to"),
    )


def run(
    sweep: Sweep,
    engine: Engine,
    write: Callable[[Columns], None] | None = None,
    progress: Progress | None = None,
) -> Tally:
    """Return the tally of a sweep; what is feasible goes to ``write``, piece by piece.

    Raises:
        SymparamsError: a formula that the engine cannot work out exactly.
    """
    parts = [one for one in map(scaled, sweep.parts) if not one.empty]
    rows = write is not None

    def pieces() -> Iterator[tuple[Part, Tally, Rows | None]]:
        for one in parts:
            for tally, columns in engine.scan(one, rows):
                yield one.part, tally, columns

    steps = sum(engine.steps(one, rows) for one in parts)
    total = Tally(configurations=sweep.configurations)
    for part, tally, columns in pieces() if progress is None else progress(pieces(), steps):
        total = total.with_(tally)
        if write is not None and columns is not None and tally.feasible:
            fixed = {name: [value] * tally.feasible for name, value in part.fixed.items()}
            both = {**fixed, **columns}
            named = {name: _in_words(both[name], sweep.words.get(name)) for name in sweep.axes}
            write({**named, **{name: columns[k] for k, name in enumerate(sweep.measures)}})
    return total


def _in_words(values: Any, words: Mapping[int, str] | None) -> Any:
    """Return a column of a size that is a word in words; any other as it is."""
    return values if words is None else [words[int(value)] for value in values]


class Swept(Record, PublicAnswer):
    """A sweep of a model, and what it came to.

    Attributes:
        asked: what was asked: the networks, domains and budgets.
        sweep: what was swept.
        tally: the counts.
        engine: what worked it out.
        out: the file with the rows; "" without one.
    """

    asked: Asked
    sweep: Sweep
    tally: Tally
    engine: str
    out: str = ""


def swept(
    definition: WrittenModel,
    over: Iterable[str] = (),
    budgets: Iterable[str] = (),
    measures: Iterable[str] = ("params",),
    values: Mapping[str, Value] | None = None,
    engine: str = "numpy",
    out: str | None = None,
    progress: Progress | None = None,
) -> Swept:
    """Sweep a model; with ``out``, the feasible rows go to that file.

    Raises:
        SymparamsError: a text that makes no sense, a size without a value and
            a domain, a file that cannot be written, an engine that is missing
            or cannot work a formula out exactly.
    """
    values, over = dict(values or {}), tuple(over)
    columns = [column for written in measures for column in measure_columns(written)]
    formulas = [column.formula for column in columns]
    budgets = tuple(budgets)
    given = {*values, *names_over(over)}
    definition = asking(definition, [*budgets, *formulas], given, open_=False)
    asked = ask(
        definition,
        domains_asked(definition, values, over),
        values,
        [Source("<budget>", written) for written in budgets],
        [Source("<measure>", written) for written in formulas],
    )
    sweep = sweep_of(asked, [column.name for column in columns])
    if out is None:
        tally = run(sweep, engine_named(engine), progress=progress)
    else:
        from symparams.search import checked_path, grid

        checked_path(out)
        worker = engine_named(engine)
        with grid(out, column_types(sweep, map(scaled, sweep.parts))) as write:
            tally = run(sweep, worker, write, progress)
    return Swept(asked, sweep, tally, engine, out or "")
