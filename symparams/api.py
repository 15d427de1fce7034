"""The Python side: text or a file to a model, a model to SymPy expressions.

Every formula is a plain ``sympy.Expr`` over positive symbols (integers,
unless a domain says otherwise); :attr:`Model.symbols` has them by name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from fractions import Fraction
from os import PathLike
from typing import TYPE_CHECKING, Any

from symparams.algebra import Size
from symparams.algebra.polynomial import Polynomial
from symparams.errors import NeedsValue, Source, SymparamsError
from symparams.language import read
from symparams.model.build import Definition, Network, build
from symparams.model.count import count
from symparams.model.document import Document, counted_by, understand
from symparams.model.prove import Proof, prove
from symparams.model.report import Report, Row, report
from symparams.model.sensitivity import Sensitivities, at_point
from symparams.model.shown import shown
from symparams.model.subject import Subject, studied
from symparams.model.values import Listed, Value, Word

if TYPE_CHECKING:
    import sympy

    from symparams.answers import Crossover, Leading, Share, Trade
    from symparams.frameworks.compare import Verification
    from symparams.model.compiled import Compiled
    from symparams.search.model_space import Best, ModelSpace
    from symparams.search.solve import Solved


def parse(text: str, convention: str | None = None) -> Model:
    """The model of a text: a one-line network, or a file with one model.

    Raises:
        SymparamsError: the text is wrong, or has several models.

    >>> parse("input(t, 3) -> lstm(2)").params
    48
    """
    document = understand(Source("<text>", text), convention)
    model = Model(document.definition(), None, document)
    with suppress(NeedsValue):  # has no closed form, but numbers once sizes are given
        model.network  # noqa: B018 - built now, so that a wrong text is an error here
    return model


def load(path: str | PathLike[str], convention: str | None = None) -> Library:
    """The models of an ``.arch`` file, or of the zoo's ``zoo:NAME``, by name.

    Raises:
        SymparamsError: the file cannot be read, or is wrong.

    >>> load("zoo:vgg16")["vgg16"].count()
    138357544
    """
    from symparams.model import zoo

    written = str(path)
    if written.startswith(zoo.PREFIX):
        return Library(understand(zoo.source(written.removeprefix(zoo.PREFIX)), convention))
    return Library(understand(read(path), convention))


class Library(Mapping[str, "Model"]):
    """The models of a file; a read-only mapping."""

    def __init__(self, document: Document) -> None:
        self._document = document

    def __getitem__(self, name: str) -> Model:
        if name not in self._document.models:
            raise KeyError(name)
        return Model(self._document.definition(name), None, self._document)

    def __iter__(self) -> Iterator[str]:
        return iter(self._document.models)

    def __len__(self) -> int:
        return len(self._document.models)

    def __repr__(self) -> str:
        return f"<{self._document.source.name}: {', '.join(self)}>"


class Model:
    """A model: its formulas, its numbers, what moves them.

    Made by :func:`parse` and :func:`load`; immutable.
    """

    def __init__(
        self,
        definition: Definition,
        values: Mapping[str, Value] | None = None,
        document: Document | None = None,
    ) -> None:
        self._definition = definition
        self._values = dict(values or {})
        self._document = document
        self._built: Network | None = None

    @property
    def name(self) -> str:
        """The model's name; ``network`` for a one-line source."""
        return self._definition.name

    @property
    def network(self) -> Network:
        """The network as a tree; built at the first use."""
        if self._built is None:
            self._built = build(self._definition, self._values)
        return self._built

    def measure(self, name: str) -> sympy.Expr:
        """A measure as a formula, as params, active or macs; of a part as attention.params.

        Raises:
            SymparamsError: no such measure.
        """
        return _sympy(self.network.measure(name))

    @property
    def params(self) -> sympy.Expr:
        """The number of parameters, expanded."""
        return self.measure("params")

    @property
    def rows(self) -> tuple[Row, ...]:
        """A row a layer, with its shape, weights and count of parameters."""
        return self.report().rows

    @property
    def symbols(self) -> dict[str, sympy.Symbol]:
        """The sizes that are open, by name, in the order of the text."""
        from symparams.algebra.border import sympy_symbol

        return {n: sympy_symbol(n, self.network.is_symbol(n).integer) for n in self.network.symbols}

    @property
    def defaults(self) -> dict[str, int | Fraction]:
        """The defaults of open sizes."""
        return dict(self.network.defaults)

    @property
    def conditions(self) -> tuple[str, ...]:
        """What must hold of the sizes for the formulas to be true."""
        return self.report().conditions

    def at(self, **values: Any) -> Model:
        """The model with some sizes given: numbers, SymPy expressions, lists, words, flags.

        Raises:
            SymparamsError: a value outside its domain, or a name the model does not have.
        """
        made = Model(self._definition, self._with(values), self._document)
        made.network  # noqa: B018 - built now, so that a wrong value is an error here
        return made

    def count(self, measure: str = "params", **values: Any) -> int:
        """A measure as an int, at ``values`` and, beside them, at the defaults.

        Raises:
            SymparamsError: a size has no value.
        """
        return count(self._definition, self._with(values), measure)

    def compile(self, measure: str = "params", backend: str = "numpy") -> Compiled:
        """A measure as a function of the open sizes, for numbers and for millions of points.

        Args:
            measure: as for :meth:`measure`.
            backend: ``numpy`` (the extra ``numpy``) or ``python``.

        Raises:
            SymparamsError: no such measure or backend, or NumPy is missing.

        >>> params = parse("input(t, i) -> lstm(h)").compile(backend="python")
        >>> params(t=1, i=32, h=[64, 10**12])
        [24832, 4000000000132000000000000]
        """
        from symparams.model.compiled import Compiled

        return Compiled(self.network, measure, backend)

    def sensitivity(self, wrt: str, measure: str = "params") -> sympy.Expr:
        """The partial derivative of a measure by a size.

        Raises:
            NeedsValue: the size stands inside a floor, where no derivative exists.
            SymparamsError: no such size or measure.
        """
        (found,) = at_point(self._definition, self._values, measure, wrt).items
        if found.derivative is None:
            raise NeedsValue(found.reason, [wrt])
        return _sympy(found.derivative)

    def sensitivities(self, measure: str = "params", **point: Any) -> Sensitivities:
        """Derivatives, exact differences and elasticities by every size, ranked."""
        return at_point(self._definition, self._with(point), measure)

    def hessian(self, measure: str = "params") -> sympy.Matrix:
        """The second derivatives by every two sizes, in the order of :attr:`symbols`.

        Raises:
            NeedsValue: a size stands inside a floor, where no derivative exists.

        >>> parse("input(i) -> dense(h)").hessian()
        Matrix([
        [0, 1],
        [1, 0]])
        """
        from symparams.answers import hessian
        from symparams.model.second import hessian as second

        return hessian(second(self._subject(measure, {})))

    def trade(self, one: str, other: str, /, measure: str = "params", **point: Any) -> Trade:
        """What one more of ``one`` costs of ``other`` while the measure stays at most the same.

        Raises:
            SymparamsError: no such size, or the measure does not depend on ``other``.

        >>> parse("input(i) -> dense(h)").trade("i", "h", i=9, h=100).other
        90
        """
        from symparams.answers import trade
        from symparams.model.trade import trade as traded

        return trade(traded(self._subject(measure, point, (one, other)), one, other))

    def leading(self, *names: str, measure: str = "params", **point: Any) -> Leading:
        """The exact leading terms of a measure as the sizes ``names`` grow at one rate.

        Raises:
            NeedsValue: it grows like no power of them.

        >>> parse("input(t, i) -> lstm(h)").leading("h").term
        4*h**2
        """
        from symparams.answers import leading
        from symparams.model.leading import leading as grown

        return leading(grown(self._subject(measure, point, names), names))

    def crossover(
        self, one: str, other: str, /, wrt: str | None = None, measure: str = "params", **point: Any
    ) -> Crossover:
        """Where a measure of the part ``one`` overtakes that of ``other``, along each size.

        A part is a braced name, a block, a layer kind, or ``NAME[k]``.

        Raises:
            SymparamsError: no such part, measure or size.

        >>> found = parse("input(h) -> dense(h) -> dense(9)").crossover("dense[0]", "dense[1]")
        >>> found.along["h"].roots
        (9,)
        """
        from symparams.answers import crossover
        from symparams.model.crossover import addresses
        from symparams.model.crossover import crossover as crossed

        parts = addresses((one, other), measure)
        varied = () if wrt is None else (wrt,)
        return crossover(crossed(self._subject(measure, point, varied, parts), one, other, wrt))

    def shares(self, measure: str = "params", **point: Any) -> dict[str, Share]:
        """The share of every part at the top of the network; they sum to 1 exactly.

        >>> {n: s.share for n, s in parse("input(2) -> dense(3) -> bn").shares().items()}
        {'dense': Fraction(3, 5), 'bn': Fraction(2, 5)}
        """
        from symparams.answers import shares
        from symparams.model.shares import shares as shared

        return shares(shared(self._subject(measure, point)))

    def _subject(
        self,
        measure: str,
        point: Mapping[str, Any],
        varied: Iterable[str] = (),
        parts: Iterable[str] = (),
    ) -> Subject:
        values = {**self._values, **{n: _value(v) for n, v in point.items()}}
        return studied(self._definition, values, measure, varied, parts)

    def prove(
        self, formula: str, measure: str = "params", rename: Mapping[str, str] | None = None
    ) -> Proof:
        """Whether a printed formula is the model's; see ``Proof.verdict``."""
        return prove(self._definition, Source("<formula>", formula), measure, self._values, rename)

    def verify(self, against: str, *, convention: str | None = None, **sizes: Any) -> Verification:
        """Build the model in ``torch`` or ``keras``, and compare every weight and output.

        No value is held in memory: sizes may be those of the largest models. Layers
        are counted by ``convention``, by the one that the model was read with, by
        what the text says, or else as the framework counts them, as ``symparams
        verify`` does.

        Raises:
            SymparamsError: the framework is not installed, or has no such layer;
                a size has no value.
        """
        from symparams.frameworks.compare import verify

        return verify(self._counted_for(against, convention), against, self._with(sizes))

    def to_torch(self, *, convention: str | None = None, **sizes: Any) -> Any:
        """The model as a ``torch.nn.Module``, its weights initialised as torch does.

        Its layers are those of ``convention``, found as :meth:`verify` does. Inputs
        have a batch in front and channels at the end, in the order of the text;
        integers are ``torch.long``. Under ``torch.device("meta")`` it takes no memory.

        Raises:
            SymparamsError: torch is not installed, or has no such layer; a size
                has no value.
        """
        return self._built_in("torch", convention, sizes)

    def to_keras(self, *, convention: str | None = None, **sizes: Any) -> Any:
        """The model as a ``keras.Model``, its weights initialised as Keras does.

        Its layers are those of ``convention``, found as :meth:`verify` does.

        Raises:
            SymparamsError: Keras is not installed, or has no such layer; a size
                has no value.
        """
        return self._built_in("keras", convention, sizes)

    def _built_in(self, name: str, convention: str | None, sizes: Mapping[str, Any]) -> Any:
        from symparams.frameworks.compare import network

        return network(self._counted_for(name, convention), name, self._with(sizes))

    def _counted_for(self, framework: str, convention: str | None) -> Definition:
        """The model as a framework is to count it: its text, read again."""
        from symparams.frameworks import convention_of

        otherwise = convention_of(framework)
        if self._document is None:
            return self._definition
        given = convention if convention is not None else self._document.told
        document, _ = counted_by(self._document.source, given, otherwise)
        name = self._definition.name
        return document.definition(name if name in document.models else "")

    def _with(self, sizes: Mapping[str, Any]) -> dict[str, Value]:
        return {**self._values, **{n: _value(v) for n, v in sizes.items()}}

    def solve(self, budget: str, name: str, /, over: str = "", **values: Any) -> Solved:
        """The largest value of a size that meets a budget; see :class:`Solved`.

        ``params <= 7B`` gives the largest, ``>=`` the smallest, ``==`` the value
        that gives equality, whose ``value`` is None where no value does.

        Args:
            budget: a comparison of measures and sizes.
            name: the size.
            over: its domain, as ``64..1024:64``, in place of what is declared.
            values: other sizes; those that are not given are at their defaults.

        Raises:
            SymparamsError: no value meets it, or there is no largest.

        >>> parse("input(t, 32) -> lstm(h)").solve("params <= 1M", "h").value
        483
        """
        from symparams.search.solve import solve

        given = {**self._values, **{n: _value(v) for n, v in values.items()}}
        domains = [f"{name}={over}"] if over else []
        return solve(self._definition, Source("<budget>", budget), name, given, domains)

    @property
    def space(self) -> ModelSpace:
        """The sizes that have a domain, to count and to draw from.

        >>> lstm = parse("input(t, i) -> lstm(h)")
        >>> small = lstm.space.over(h="1..64", i="1..64").within("params <= 10_000")
        >>> {"h": 27, "i": 64} in small
        True
        """
        from symparams.search.model_space import ModelSpace

        return ModelSpace(self._definition, self._values)

    def search(
        self,
        maximize: str = "",
        budgets: str | Iterable[str] = (),
        over: Mapping[str, str | Iterable[int | Fraction]] | None = None,
        minimize: str = "",
        top: int = 1,
        time_limit: float | None = None,
    ) -> Best:
        """The sizes with the largest (or smallest) objective under budgets, with a proof.

        Args:
            maximize: a formula in measures and sizes, as ``params`` or ``l*h^2``.
            budgets: comparisons, as ``params <= 7B``.
            over: domains by name, as ``{"h": "64..1024:64"}``; what has none
                keeps its own, or is at its default.
            minimize: a formula that should be small, instead.
            top: how many of the best.
            time_limit: in seconds; the answer says whether it is proved.

        Raises:
            SymparamsError: no sizes meet the budgets, or not one objective.

        >>> lstm = parse("input(t, i) -> lstm(h)")
        >>> found = lstm.search("h*i", ["params <= 10_000"], {"h": "1..64", "i": "1..64"})
        >>> found.best.sizes, found.proved
        ({'h': 27, 'i': 64}, True)
        """
        if bool(maximize) == bool(minimize):
            raise SymparamsError("give one objective: maximize or minimize")
        listed = (budgets,) if isinstance(budgets, str) else budgets
        space = self.space.over(**(over or {})).within(*listed)
        return space.best(maximize or minimize, bool(minimize), top, time_limit)

    def report(self, measure: str = "params") -> Report:
        """Rows, total, conditions and notes of a measure."""
        return report(self.network, measure)

    def __repr__(self) -> str:
        return f"<model {self.name}: {', '.join(self.network.symbols) or 'all sizes known'}>"

    def __str__(self) -> str:
        return self._rendered("table")

    def _rendered(self, output: str) -> str:
        from symparams.views.formats import render
        from symparams.views.pages import show

        made, at_defaults = shown(self._definition, self._values)
        return render(show.page(made, at_defaults=at_defaults), output)

    def _repr_html_(self) -> str:
        return self._rendered("html")

    def _repr_latex_(self) -> str:
        from symparams.algebra.forms import short
        from symparams.views.formats.latex import latex_formula

        return f"${latex_formula(short(self.network.measure('params')))}$"


def _sympy(size: Size) -> sympy.Expr:
    from symparams.algebra.border import to_sympy

    return to_sympy(size)


def _value(value: Any) -> Value:
    """A Python value as a value of the language.

    Raises:
        SymparamsError: a float, or something the language does not have.
    """
    if isinstance(value, bool | int | Fraction | Polynomial) or value is None:
        return value
    if isinstance(value, str):
        return Word(value)
    if isinstance(value, list | tuple):
        return Listed(tuple(_value(v) for v in value))
    if isinstance(value, float):
        raise SymparamsError(
            f"{value} is a float; sizes are exact", None, "pass an int or a fractions.Fraction"
        )
    if type(value).__module__.partition(".")[0] == "sympy":
        from symparams.algebra.border import from_sympy

        return from_sympy(value)
    if hasattr(value, "__index__"):  # a NumPy integer
        return int(value.__index__())
    raise SymparamsError(f"a size cannot be {type(value).__name__}")


__all__ = ["Library", "Model", "load", "parse"]
