"""The Python side: text to a model, a model to SymPy expressions.

Every formula is a plain ``sympy.Expr`` over positive symbols (integers,
unless a domain says otherwise), also in the records that answer a question;
every number is an ``int`` or a ``Fraction``. :attr:`Model.symbols` has the
symbols by name, :attr:`Model.s` as attributes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from fractions import Fraction
from os import PathLike
from typing import TYPE_CHECKING, Any

from symparams.analysis import Proof, Report, Row, condition_texts, count, prove, report, shown
from symparams.answers import PublicAnswer, answered
from symparams.builds import Builds, convention_given
from symparams.elaboration import (
    Document,
    Given,
    Network,
    WrittenModel,
    apart,
    build,
    by_name,
    flag_given,
    is_size,
    kind_of,
    seconds_given,
    text_given,
    texts_given,
    understand,
    variants_of,
    whole_given,
    zoo,
)
from symparams.errors import NeedsValue, Source, SymparamsError
from symparams.records import shortened
from symparams.studies import Studies, infer
from symparams.surveys import Surveys, check, sizes
from symparams.symbols import Symbols

if TYPE_CHECKING:
    import sympy

    from symparams.analysis import Best, Compiled, Expected, ModelSpace, Solved
    from symparams.views import Sheet


def parse(text: str, convention: str | None = None) -> Model:
    """Return the model of a text: a one-line network, or a file with one model.

    Raises:
        SymparamsError: the text is wrong, or has several models.

    >>> parse("input(t, 3) -> lstm(2)").params
    48
    """
    hint = "a file is read by symparams.load" if isinstance(text, PathLike) else ""
    written = text_given(text, "a model", hint)
    if written.startswith((zoo.PREFIX, "hf:")):  # as a command takes it
        name = written.removeprefix(zoo.PREFIX) if written.startswith(zoo.PREFIX) else "NAME"
        told = f"'{written}' is no text of a model, but the name of one"
        raise SymparamsError(told, None, f'symparams.load("{written}")["{name}"]')
    source = Source("<text>", written)
    document = understand(source, convention_given(convention))
    model = Model(document.definition(), None, document)
    with suppress(NeedsValue):  # has no closed form, but numbers once sizes are given
        model.network  # noqa: B018 - built now, so that a wrong text is an error here
    return model


class Model(Studies, Surveys, Builds, PublicAnswer):
    """A model: its formulas, its numbers, what moves them.

    Made by :func:`parse` and :func:`~symparams.loading.load`; immutable.

    Where a method takes sizes as keywords, it also takes them as a mapping,
    behind its other arguments: ``count({"h": 64})`` is ``count(h=64)``. A size
    that is called like an argument of the method, as ``measure``, can only be
    given so. A size is an integer, a Fraction, or a SymPy expression, whose
    symbols stand for the sizes of their names.

    The symbols of the formulas are positive integers: SymPy's plain ``Symbol("h")``
    is another one, and ``model.params.subs("h", 768)`` changes nothing.
    ``model.at(h=768)`` gives a size to the model, ``model.subs(formula, h=768)`` to a
    formula of it, and ``formula.subs(model.s.h, 768)`` is SymPy's own way.
    """

    def __init__(
        self,
        definition: WrittenModel,
        given: Given | None = None,
        document: Document | None = None,
    ) -> None:
        self._definition = definition
        self._given = given or Given()
        self._document = document
        self._built: Network | None = None

    @property
    def name(self) -> str:
        """The model's name; ``network`` for a one-line source, ``MODEL.VARIANT`` of a variant."""
        return self._definition.name

    @property
    def variants(self) -> dict[str, Model]:
        """The variants of the model by name, with no sizes given; of a variant, none.

        >>> symparams.load("zoo:gpt2")["gpt2"].variants["medium"].count()
        354823168
        """
        document = self._document
        known = {} if document is None else document.known
        own = {n: known[f"{self.name}.{n}"] for n in variants_of(self.name, known)}
        return {name: Model(definition, None, document) for name, definition in own.items()}

    @property
    def network(self) -> Network:
        """The network as the package has it, for its own use; built at the first."""
        if self._built is None:
            self._built = build(self._definition, self._given.values)
        return self._built

    def measure(self, name: str) -> sympy.Expr:
        """Return a measure as a formula, as params, active or macs; of a part as attention.params.

        Raises:
            SymparamsError: no such measure.
        """
        from symparams.algebra import to_sympy

        return to_sympy(self.network.measure(text_given(name, "a measure")))

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
        """The sizes that are open, by name, in the order of the text.

        Behind them are the symbols that other sizes were given in.
        """
        from symparams.algebra import of_symbol, sympy_symbol

        network = self.network
        own = {n: of_symbol(network.is_symbol(n)) for n in network.symbols}
        return {n: own[n] if n in own else sympy_symbol(n) for n in (*own, *self._given.free)}

    @property
    def s(self) -> Symbols:
        """The same as attributes.

        >>> model = parse("input(i) -> dense(h)")
        >>> model.params.subs(model.s.h, 3)
        3*i + 3
        """
        return Symbols(self.symbols)

    @property
    def defaults(self) -> dict[str, int | Fraction]:
        """The defaults of open sizes."""
        return dict(self.network.defaults)

    @property
    def conditions(self) -> tuple[str, ...]:
        """What must hold of the sizes for the formulas to be true."""
        return condition_texts(self.network)

    def at(self, sizes: Mapping[str, Any] | None = None, /, **named: Any) -> Model:
        """Return the model with some sizes given: numbers, SymPy expressions, lists, words, flags.

        Raises:
            SymparamsError: a value outside its domain, or a name the model does not have.

        >>> parse("input(self) -> dense(2)").at({"self": 3}).params
        8
        """
        made = Model(self._definition, self._with(by_name(sizes, **named)), self._document)
        made.network  # noqa: B018 - built now, so that a wrong value is an error here
        return made

    def subs(
        self, formula: sympy.Expr, sizes: Mapping[str, Any] | None = None, /, **named: Any
    ) -> sympy.Expr:
        """Put some sizes, by their names, into a formula of the model or a matrix of them.

        Raises:
            SymparamsError: no formula, or as :meth:`at` does.

        >>> model = parse("input(i) -> dense(h)")
        >>> model.subs(model.sensitivity("h"), i=2)
        3
        """
        import sympy

        from symparams.algebra import replaced

        if not isinstance(formula, sympy.Basic | sympy.MatrixBase):
            raise SymparamsError(
                f"a formula must be a SymPy expression, not {kind_of(formula)}",
                None,
                "sizes are given to the model itself by at(h=…)",
            )
        values: Mapping[str, Any] = self.at(sizes, **named)._given.values
        return replaced(formula, {n: v for n, v in values.items() if is_size(v)})

    def count(
        self,
        /,
        measure: str | Mapping[str, Any] = "params",
        *sizes: Mapping[str, Any],
        **named: Any,
    ) -> int | Fraction:
        """Return a measure as an int, at the sizes and, beside them, at the defaults.

        A formula of measures may come to a Fraction, as ``flops/params`` does.

        Raises:
            SymparamsError: a size has no value.
        """
        measure, sizes = apart(measure, sizes, "params")
        values = self._with(by_name(*sizes, **named)).values
        return count(self._definition, values, text_given(measure, "a measure"))

    def expected(
        self, measure: str | Mapping[str, Any] = "params", *given: Mapping[str, Any], **named: Any
    ) -> Expected:
        """Return what a measure is expected to be where sizes are drawn independently, exactly.

        A size has a probability for each of its values, in their order, or by value as a mapping:
        an int, a Fraction, or a SymPy expression. An indexed size has one list for all, or a list
        of lists. Other sizes are at their defaults.

        Raises:
            SymparamsError: a size without few values, numbers that do not add up to 1, or a
                condition on what is drawn.

        >>> model = parse("model m(k in {1, 3}) = input(4, 4, 2) -> conv(2, k, bias = no)")
        >>> model.expected(k=[Fraction(1, 4), Fraction(3, 4)]).value
        28
        """
        from symparams.analysis import expected
        from symparams.elaboration import GivenProbabilities

        measure, given = apart(measure, given, "params")
        probabilities = GivenProbabilities()
        found = expected(
            self._definition,
            by_name(*given, **named),
            probabilities.read,
            text_given(measure, "a measure"),
            self._given.values,
        )
        answer: Expected = probabilities.in_their_symbols(found.in_sympy())
        return answer

    def compile(
        self, measure: str = "params", backend: str = "numpy", *, checked: bool = True
    ) -> Compiled:
        """Return a measure as a function of the open sizes, for numbers and for millions of points.

        Args:
            measure: as for :meth:`measure`.
            backend: ``numpy`` (the extra ``numpy``) or ``python``.
            checked: whether a call refuses sizes that the model does not admit;
                without, it gives what the formula comes to, which counts nothing there.

        Raises:
            SymparamsError: no such measure or backend, or NumPy is missing.

        >>> params = parse("input(t, i) -> lstm(h)").compile(backend="python")
        >>> params(t=1, i=32, h=[64, 10**12])
        [24832, 4000000000132000000000000]
        """
        from symparams.analysis import Compiled

        return Compiled(
            self.network,
            text_given(measure, "a measure"),
            text_given(backend, "a backend"),
            flag_given(checked, "checked"),
        )

    def prove(
        self, formula: str, measure: str = "params", rename: Mapping[str, str] | None = None
    ) -> Proof:
        """Tell whether a printed formula is the model's; ``verdict.equal`` says so, or is None."""
        source = Source("<formula>", text_given(formula, "a formula"))
        names = by_name(rename)
        for name in names.values():
            text_given(name, "the new name of a size")
        measure = text_given(measure, "a measure")
        return answered(prove(self._definition, source, measure, self._given.values, names))

    def solve(
        self,
        budget: str,
        name: str,
        /,
        over: str | Iterable[int | Fraction] | Mapping[str, Any] = "",
        *sizes: Mapping[str, Any],
        **named: Any,
    ) -> Solved:
        """Return the largest value of a size that meets a budget; see :class:`Solved`.

        ``params <= 7B`` gives the largest, ``>=`` the smallest, ``==`` the value
        that gives equality, whose ``value`` is None where no value does.

        Args:
            budget: a comparison of measures and sizes.
            name: the size.
            over: its domain, as ``64..1024:64``, in place of what is declared.
            sizes, named: other sizes; those that are not given are at their defaults.

        Raises:
            SymparamsError: no value meets it, or there is no largest.

        >>> parse("input(t, 32) -> lstm(h)").solve("params <= 1M", "h").value
        483
        """
        from symparams.analysis import solve, written_domain

        over, sizes = apart(over, sizes, "")
        source = Source("<budget>", text_given(budget, "a budget"))
        name = text_given(name, "the name of a size")
        values = self._with(by_name(*sizes, **named)).values
        as_declared = isinstance(over, str) and not over
        domains = [] if as_declared else [f"{name}={written_domain(name, over)}"]
        return answered(solve(self._definition, source, name, values, domains))

    @property
    def space(self) -> ModelSpace:
        """The sizes that have a domain, to count and to draw from.

        >>> lstm = parse("input(t, i) -> lstm(h)")
        >>> small = lstm.space.over(h="1..64", i="1..64").within("params <= 10_000")
        >>> {"h": 27, "i": 64} in small
        True
        """
        from symparams.analysis import ModelSpace

        return ModelSpace(self._definition, self._given.values)

    def search(
        self,
        maximize: str = "",
        budgets: str | Iterable[str] = (),
        over: Mapping[str, str | Iterable[int | Fraction]] | None = None,
        minimize: str = "",
        top: int = 1,
        time_limit: float | None = None,
        measures: str | Iterable[str] = (),
    ) -> Best:
        """Return the sizes with the largest (or smallest) objective under budgets, with a proof.

        Args:
            maximize: a formula in measures and sizes, as ``params`` or ``l*h^2``.
            budgets: comparisons, as ``params <= 7B``.
            over: domains by name, as ``{"h": "64..1024:64"}``; what has none
                keeps its own, or is at its default.
            minimize: a formula that should be small, instead.
            top: how many of the best.
            time_limit: in seconds; the answer says whether it is proved.
            measures: what is told of every choice besides, as ``macs, work = 2*macs``.

        Raises:
            SymparamsError: no sizes meet the budgets, or not one objective.

        >>> lstm = parse("input(t, i) -> lstm(h)")
        >>> found = lstm.search("h*i", ["params <= 10_000"], {"h": "1..64", "i": "1..64"})
        >>> found.best.sizes, found.proved
        ({'i': 64, 'h': 27}, True)
        """
        goals = [text_given(maximize, "an objective"), text_given(minimize, "an objective")]
        if sum(map(bool, goals)) != 1:
            raise SymparamsError("give one objective: maximize or minimize")
        space = self.space.within(*texts_given(budgets, "budgets")).over(by_name(over))
        space = space.measuring(*texts_given(measures, "measures"))
        most, seconds = whole_given(top, "top", 1), seconds_given(time_limit, "time_limit")
        return space.best("".join(goals), bool(minimize), most, seconds)

    def report(self, measure: str = "params") -> Report:
        """Return rows, total, conditions and notes of a measure."""
        what = text_given(measure, "a measure")
        asked = {"definition": self._definition, "values": self._given.values, "measure": what}
        return answered(report(self.network, what), **asked)

    def __repr__(self) -> str:
        open_sizes = ", ".join(self.network.symbols) or "all sizes known"
        return shortened(f"<model {self.name}: {open_sizes}>")

    def __str__(self) -> str:
        from symparams.views import render

        return render(self._sheet())

    def _sheet(self) -> Sheet:
        from symparams.views.pages import show

        made, at_defaults = shown(self._definition, self._given.values)
        return show.page(made, at_defaults=at_defaults)

    def _repr_latex_(self) -> str:
        from symparams.views import Typesetting, render
        from symparams.views.pages import formula

        page = formula.page(self.network)
        return f"${render(page, 'latex', typesetting=Typesetting(bare=True))}$"


__all__ = ["Model", "check", "infer", "parse", "sizes"]
