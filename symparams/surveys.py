"""A model, or several, over many sizes: swept, side by side, drawn; and claims of files, judged.

Each is what a command of that name does, with the same answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from os import PathLike
from typing import TYPE_CHECKING, Any

from symparams.answers import answered
from symparams.elaboration import (
    Given,
    Value,
    WrittenModel,
    apart,
    by_name,
    elements_of,
    flag_given,
    kind_of,
    path_given,
    seconds_given,
    text_given,
    texts_given,
    variants_of,
    whole_given,
)
from symparams.errors import SymparamsError
from symparams.given_model import GivenModel

if TYPE_CHECKING:
    from symparams.algebra import Number
    from symparams.analysis import Checked, SizeTable, Swept
    from symparams.figures import Figure

#: What :meth:`Surveys.plot` says to who asks for no figure.
_USUAL_FIGURES = (
    "over={'h': '64..4096'}, bars='sensitivity', tornado=True, iso={'params': ['1B', '3B']}, "
    "pareto=('params', 'min:macs') or graph=True"
)


def check(
    paths: str | PathLike[str] | Iterable[str | PathLike[str]],
    convention: str | None = None,
    modules: bool = False,
) -> Checked:
    """Judge every ``expect`` line of files, as ``symparams check`` does.

    Args:
        paths: a file or several; a folder stands for the ``.arch`` files below it.
        convention: what the layers take where a text does not say.
        modules: whether claims about modules are judged too, which imports these and runs
            their builders.

    Returns:
        The verdicts: ``holds``, ``judgements``, and ``errors`` of files that are wrong.

    >>> import symparams
    >>> check("docs/examples").holds
    True
    """
    from symparams.cli import check_files

    one = isinstance(paths, str | PathLike)
    several = [paths] if one else elements_of(paths)
    if several is None:
        raise SymparamsError(f"paths must be a path or a list of them, not {kind_of(paths)}")
    files = [path_given(path) for path in several]
    told = None if convention is None else text_given(convention, "a convention")
    return answered(check_files(files, told, flag_given(modules, "modules"), quiet=True))


def sizes(
    *sources: str | Surveys,
    measure: str = "params",
    convention: str | None = None,
    values: Mapping[str, Any] | None = None,
) -> SizeTable:
    """Return the S, M, L table of models, as ``symparams sizes`` prints it.

    Args:
        sources: models, each a row; or what the command takes, as ``zoo:gpt2``: a model
            with variants stands for all of them.
        measure: the columns, as ``params, work = 2*macs``.
        convention: what the layers of texts take where these do not say.
        values: size → its value, or several: a row for each choice.

    Raises:
        SymparamsError: a source, a measure or a value is wrong.

    >>> found = sizes("zoo:gpt2", measure="params")
    >>> [(row.name, row.counts["params"]) for row in found.rows][:2]
    [('gpt2.small', 124439808), ('gpt2.medium', 354823168)]
    """
    from symparams.cli import models_of

    if not sources:
        raise SymparamsError("nothing stands in the table", None, 'as in sizes("zoo:gpt2")')
    told = None if convention is None else text_given(convention, "a convention")
    rows: list[tuple[str, WrittenModel, Mapping[str, Value]]] = []
    texts = tuple(text_given(s, "a source") for s in sources if not isinstance(s, Surveys))
    if "-" in texts:
        raise SymparamsError("'-' is of the command line; pass the text", None, "parse(text)")
    named = iter(models_of(texts, told))
    of_text: dict[str, list[tuple[str, WrittenModel]]] = {}
    for text in texts:
        count = len(models_of((text,), told))
        of_text[text] = [next(named) for _ in range(count)]
    for source in sources:
        if isinstance(source, Surveys):
            rows.append((source._definition.name, source._definition, source._given.values))
        else:
            rows += [(name, model, {}) for name, model in of_text[source]]
    return _table(rows, measure, by_name(values))


def _table(
    rows: Sequence[tuple[str, WrittenModel, Mapping[str, Value]]],
    measure: object,
    values: Mapping[str, Any],
) -> SizeTable:
    """Return the table of models, what each is given, and choices of values for all."""
    from symparams.analysis import size_table

    what = text_given(measure, "a measure")
    first = rows[0][1]
    lists = {name: _each(first, name, value) for name, value in values.items()}
    named = [(name, model) for name, model, _ in rows]
    return answered(size_table(named, what, lists, [given for *_, given in rows]))


def _each(definition: WrittenModel, name: str, value: Any) -> list[Value]:
    """Return the values of a size, one or several."""
    several = elements_of(value)
    values = [value] if several is None else several
    return [Given().with_more(definition, {name: one}).values[name] for one in values]


class Surveys(GivenModel):
    """What a model is over many sizes.

    As with :class:`~symparams.studies.Studies`, its one heir is
    :class:`~symparams.api.Model`.
    """

    def sizes(
        self,
        /,
        measure: str | Mapping[str, Any] = "params",
        *sizes: Mapping[str, Any],
        **named: Any,
    ) -> SizeTable:
        """Return the model and its variants as rows, as ``symparams sizes`` prints them.

        Args:
            measure: the columns, as ``params, work = 2*macs``.
            sizes, named: size → its value, or several: a row for each choice.

        Raises:
            SymparamsError: a measure or a value is wrong.

        >>> import symparams
        >>> lstm = symparams.parse("input(t, i) -> lstm(h)")
        >>> [row.counts["params"] for row in lstm.at(t=1, i=32).sizes(h=[64, 128]).rows]
        [24832, 82432]
        """
        measure, sizes = apart(measure, sizes, "params")
        own = self._definition
        known = {} if self._document is None else self._document.known
        names = [f"{own.name}.{name}" for name in variants_of(own.name, known)]
        variants = {name: known[name] for name in names}
        alone = any(variant.parameters == own.parameters for variant in variants.values())
        models = variants if alone else {own.name: own, **variants}
        rows = [(name, model, self._given.values) for name, model in models.items()]
        return _table(rows, measure, by_name(*sizes, **named))

    def sweep(
        self,
        over: Mapping[str, str | Iterable[int | Fraction]] | None = None,
        budgets: str | Iterable[str] = (),
        measures: str | Iterable[str] = "params",
        engine: str = "numpy",
        out: str | PathLike[str] | None = None,
    ) -> Swept:
        """Count every configuration of some sizes, as ``symparams sweep`` does.

        Args:
            over: domains by name, as ``{"h": "64..1024:64"}``; what has none keeps its own,
                or is at its default.
            budgets: what must hold, as ``params <= 7B``.
            measures: what is counted, as ``params, work = 2*macs``.
            engine: ``numpy``, ``duckdb``, ``spark``, or a URL that Ibis connects to.
            out: a file for the rows that fit: ``.parquet``, ``.csv`` or ``.json``.

        Returns:
            How many there are and how many fit, the least and the greatest of each measure.

        Raises:
            SymparamsError: a text that makes no sense, a size without a value and a domain,
                or an engine that is missing.
        """
        from symparams.analysis import swept

        return answered(
            swept(
                self._definition,
                _domains(over),
                texts_given(budgets, "budgets"),
                texts_given(measures, "measures"),
                self._given.values,
                text_given(engine, "an engine"),
                None if out is None else path_given(out),
            )
        )

    def plot(
        self,
        over: Mapping[str, str | Iterable[int | Fraction]] | None = None,
        *,
        bars: str = "",
        tornado: bool = False,
        iso: Mapping[str, Any] | None = None,
        axes: tuple[str, str] | None = None,
        pareto: tuple[str, str] | None = None,
        budgets: str | Iterable[str] = (),
        graph: bool = False,
        measure: str = "params",
        share: bool = False,
        depth: int | None = None,
        factor: int | Fraction | str | None = None,
        points: int | None = None,
        logarithmic: bool | None = None,
        time_limit: float | None = None,
    ) -> Figure:
        """Return a figure of the model, as ``symparams plot`` draws it.

        Ask for one figure:

        * ``over={"h": "64..4096"}`` alone: what each part has of the measure as a size grows;
        * ``bars="sensitivity"`` or ``"shares"``: a bar a size or a part;
        * ``tornado=True``: what each size does over its values;
        * ``iso={"params": ["1B", "3B"]}`` with ``axes=("h", "l")``: curves of equal count;
        * ``pareto=("params", "min:macs")``: the front of two goals;
        * ``graph=True``: the network, blocks folded.

        A notebook shows it; :meth:`~symparams.figures.Figure.save` writes it to a file, and
        ``data`` and ``to_pandas()`` are the numbers that are drawn. These need nothing; to
        draw needs the extra ``plot``, or Graphviz for a graph.

        Args:
            over: the values of sizes by name.
            budgets: of ``pareto``, as ``params <= 7B``.
            measure: what is counted, but of ``iso`` and ``pareto``, which name it.
            share: of ``over`` alone, parts in percent of the whole.
            depth: open so many groups of parts.
            factor: of ``tornado``, for sizes without a domain.
            points: the most points of a curve.
            logarithmic: whether the axes of sizes are; each figure knows unless said.
            time_limit: of ``pareto``, in seconds.

        Raises:
            SymparamsError: no figure is asked for, or several, or an option of another one.

        >>> import symparams
        >>> model = symparams.parse("model m(h = 8) = input(4) -> dense(h) -> dense(2)")
        >>> figure = model.plot(bars="shares")
        >>> [(row["name"], row["value"]) for row in figure.data["rows"]]
        [('dense', 58)]
        """
        from symparams import figures

        asked: dict[str, Any] = {
            "over": _domains(over),
            "bars": text_given(bars, "bars"),
            "tornado": flag_given(tornado, "tornado"),
            "iso": by_name(iso),
            "axes": None if axes is None else texts_given(axes, "axes"),
            "pareto": None if pareto is None else texts_given(pareto, "the goals"),
            "budget": texts_given(budgets, "budgets"),
            "graph": flag_given(graph, "graph"),
            "share": flag_given(share, "share"),
            "depth": None if depth is None else whole_given(depth, "depth", 0),
            "factor": None if factor is None else _number(factor, "factor"),
            "points": None if points is None else whole_given(points, "points", 2),
            "logarithmic": None if logarithmic is None else flag_given(logarithmic, "logarithmic"),
            "time_limit": seconds_given(time_limit, "time_limit"),
        }
        figure = figures.figure_asked(
            asked, _USUAL_FIGURES, lambda name: {"budget": "budgets"}.get(name, name)
        )
        what = text_given(measure, "a measure")
        if figure in ("iso", "pareto") and what != "params":
            raise SymparamsError(f"measure does not go with {figure}, which names what it counts")
        model = self._definition, self._given.values
        domains = asked["over"]
        given = {n: asked[n] for n in figures.OPTIONS[figure] if asked[n] is not None}
        if figure == "graph":
            return figures.graph_figure(*model, what, **given)
        if figure == "bars":
            return figures.bars_figure(*model, what, bars)
        if figure == "tornado":
            return figures.tornado_figure(*model, what, domains, asked["factor"])
        given.pop("over", None)
        if figure == "iso":
            return _equal_counts(model, asked, given)
        if figure == "pareto":
            if len(asked["pareto"]) != 2:
                raise SymparamsError("a figure of a front has two goals", None, "search has more")
            del given["budget"]
            goals, told = asked["pareto"], asked["budget"]
            return figures.pareto_figure(*model, goals, domains, told, **given)
        return figures.parts_figure(*model, what, domains, **given)


def _equal_counts(
    model: tuple[WrittenModel, Mapping[str, Value]], asked: Mapping[str, Any], given: dict[str, Any]
) -> Figure:
    """Return the figure of curves of equal count."""
    from symparams.figures import iso_figure

    if len(asked["iso"]) != 1:
        raise SymparamsError("iso is of one measure", None, "as in iso={'params': ['1B', '3B']}")
    if asked["axes"] is None or len(asked["axes"]) != 2:
        raise SymparamsError("iso needs two sizes", None, "as in axes=('h', 'l')")
    ((measure, targets),) = asked["iso"].items()
    several = elements_of(targets)
    numbers = [_number(one, "iso") for one in ([targets] if several is None else several)]
    more = {"lines" if name == "points" else name: v for name, v in given.items() if name != "axes"}
    return iso_figure(*model, measure, numbers, asked["axes"], asked["over"], **more)


def _domains(over: Mapping[str, Any] | None) -> tuple[str, ...]:
    """Return domains by name as the command line has them, ``h=64..4096``."""
    from symparams.analysis import written_domain

    return tuple(f"{name}={written_domain(name, v)}" for name, v in by_name(over).items())


def _number(value: Any, called: str) -> Number:
    """Return a number, also from a text of the language, as ``1.5B``."""
    from symparams.figures import written_number

    if isinstance(value, str):
        return written_number(value, called)
    if isinstance(value, Fraction):
        return value.numerator if value.denominator == 1 else value
    return whole_given(value, called)


__all__ = ["Surveys", "check", "sizes"]
