"""What a model is studied for: what moves its measures, what is exchanged, what overtakes what."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from symparams.algebra import handed_out
from symparams.analysis import Sensitivities, Subject, at_point, studied
from symparams.answers import PublicAnswer, answered
from symparams.elaboration import apart, by_name, kind_of, text_given, texts_given
from symparams.errors import NeedsValue, SymparamsError
from symparams.given_model import GivenModel

if TYPE_CHECKING:
    import sympy

    from symparams.analysis import (
        LeadingTerm,
        ModelDiff,
        PartCrossover,
        PartShare,
        Shares,
        TradeOff,
    )
    from symparams.frameworks import Inferred


def infer(
    builder: Callable[..., Any] | str,
    sizes: str,
    over: str | Iterable[str] = (),
    measure: str = "params",
    inputs: str | Iterable[str] = (),
) -> Inferred:
    """Return the exact closed form of a module that a function builds from named sizes.

    The function is called at a few points, on torch's meta device; formulas are fitted
    exactly, tensor by tensor, and held against points that were kept out. That is no proof.

    Args:
        builder: a function that returns a module of torch or a model of Keras, or its
            name, as ``models.llama:build``.
        sizes: its arguments that vary, as ``"h, l = 2, a in {4, 8}"``.
        over: domains of them and conditions, as ``"a in {4, 8}, h % a == 0"``.
        measure: ``params``, or ``macs`` of a forward pass of one example.
        inputs: what the module is fed for its MACs, without the batch: ``"3, s, s"``, or
            ``"tokens:t"`` of integers; s and t are named in ``sizes`` too.

    Raises:
        SymparamsError: nothing is built: there is no such function, it raises at every
            point tried, or what it returns is no module.
    """
    from symparams.frameworks import infer

    if not callable(builder):
        builder = text_given(builder, "a builder")
    conditions = texts_given(over, "domains and conditions")
    fed = texts_given(inputs, "the inputs")
    what = text_given(measure, "a measure")
    named = text_given(sizes, "the sizes")
    return answered(infer(builder, named, conditions, measure=what, inputs=fed))


class PartShares(dict[str, "PartShare"], PublicAnswer):
    """The share of each part, by its name."""

    def __init__(self, found: Shares) -> None:
        super().__init__((part.name, part) for part in found.in_sympy().items)
        self._house = found


class Studies(GivenModel):
    """The derivatives, trade-offs, crossovers, shares and differences of a model.

    Its one heir is :class:`~symparams.api.Model`. Both are a list of public methods,
    each of which reads its arguments and asks the analysis; composition would only add
    a method to the model for every one here, which hands its arguments on.
    """

    def sensitivity(self, wrt: str, measure: str = "params") -> sympy.Expr:
        """Return the partial derivative of a measure by a size.

        Raises:
            NeedsValue: the size stands inside a floor, where no derivative exists.
            SymparamsError: no such size or measure.
        """
        name, what = text_given(wrt, "the name of a size"), text_given(measure, "a measure")
        (found,) = at_point(self._definition, self._given.values, what, name).items
        if found.derivative is None:
            raise NeedsValue(found.reason, [name])
        return handed_out(found.derivative, "Formula")

    def sensitivities(
        self,
        /,
        measure: str | Mapping[str, Any] = "params",
        *sizes: Mapping[str, Any],
        **named: Any,
    ) -> Sensitivities:
        """Return derivatives, exact differences and elasticities by every size, ranked."""
        measure, sizes = apart(measure, sizes, "params")
        values = self._with(by_name(*sizes, **named)).values
        return answered(at_point(self._definition, values, text_given(measure, "a measure")))

    def hessian(self, measure: str = "params") -> sympy.Matrix:
        """Return the second derivatives by every two sizes, in the order of :attr:`symbols`.

        Raises:
            NeedsValue: a size stands inside a floor, where no derivative exists.

        >>> symparams.parse("input(i) -> dense(h)").hessian()
        Matrix([
        [0, 1],
        [1, 0]])
        """
        from symparams.analysis import hessian

        return hessian(self._subject(measure)).matrix()

    def trade(
        self,
        one: str,
        other: str,
        /,
        measure: str | Mapping[str, Any] = "params",
        *sizes: Mapping[str, Any],
        **named: Any,
    ) -> TradeOff:
        """Return what one more of ``one`` costs of ``other`` while the measure stays at most the
        same.

        Raises:
            SymparamsError: no such size, or the measure does not depend on ``other``.

        >>> symparams.parse("input(i) -> dense(h)").trade("i", "h", i=9, h=100).other
        90
        """
        from symparams.analysis import trade

        first, second = texts_given((one, other), "the names of two sizes")
        subject = self._subject(measure, sizes, named, (first, second))
        return answered(trade(subject, first, second))

    def leading(
        self, *names: str | Mapping[str, Any], measure: str = "params", **named: Any
    ) -> LeadingTerm:
        """Return the exact leading terms of a measure as the sizes ``names`` grow at one rate.

        Raises:
            NeedsValue: it grows like no power of them.

        >>> symparams.parse("input(t, i) -> lstm(h)").leading("h").term
        4*h**2
        """
        from symparams.analysis import leading

        sizes = tuple(n for n in names if isinstance(n, Mapping))
        growing = texts_given([n for n in names if not isinstance(n, Mapping)], "the names")
        return answered(leading(self._subject(measure, sizes, named, growing), growing))

    def crossover(
        self,
        one: str,
        other: str,
        /,
        wrt: str | Mapping[str, Any] | None = None,
        measure: str | Mapping[str, Any] = "params",
        *sizes: Mapping[str, Any],
        **named: Any,
    ) -> PartCrossover:
        """Return where a measure of the part ``one`` overtakes that of ``other``, along each size.

        A part is a braced name, a block, a layer kind, or ``NAME[k]``.

        Raises:
            SymparamsError: no such part, measure or size.

        >>> model = symparams.parse("input(h) -> dense(h) -> dense(9)")
        >>> found = model.crossover("dense[0]", "dense[1]")
        >>> found.along["h"].roots
        (9,)
        """
        from symparams.analysis import crossover

        measure, sizes = apart(measure, sizes, "params")
        along, sizes = apart(wrt, sizes, None)
        if along is not None:
            along = text_given(along, "the name of a size")
        first, second = texts_given((one, other), "the names of two parts")
        varied = () if along is None else (along,)
        subject = self._subject(measure, sizes, named, varied, (first, second))
        return answered(crossover(subject, first, second, along))

    def shares(
        self,
        /,
        measure: str | Mapping[str, Any] = "params",
        *sizes: Mapping[str, Any],
        **named: Any,
    ) -> PartShares:
        """Return the share of every part at the top of the network; they sum to 1 exactly.

        >>> {n: s.share for n, s in symparams.parse("input(2) -> dense(3) -> bn").shares().items()}
        {'dense': Fraction(3, 5), 'bn': Fraction(2, 5)}
        """
        from symparams.analysis import shares

        return PartShares(shares(self._subject(measure, sizes, named)))

    def diff(self, other: Studies, /, measure: str = "params") -> ModelDiff:
        """Return what another model has more of a measure, layer by layer and in all.

        >>> one, other = (symparams.parse(f"input(i) -> {k}(h)") for k in ("rnn", "gru"))
        >>> one.diff(other).total.difference
        2*h**2 + 2*h*i + 2*h
        """
        from symparams.analysis import model_diff

        if not isinstance(other, Studies):
            raise SymparamsError(f"a model is compared with a model, not with {kind_of(other)}")
        what, models = text_given(measure, "a measure"), (self._definition, other._definition)
        given = (self._given.values, other._given.values)
        return answered(model_diff(*models, what, given))

    def _subject(
        self,
        measure: str | Mapping[str, Any],
        sizes: tuple[Mapping[str, Any], ...] = (),
        named: Mapping[str, Any] = {},
        varied: Iterable[str] = (),
        parts: Sequence[str] = (),
    ) -> Subject:
        what, sizes = apart(measure, sizes, "params")
        values = self._with(by_name(*sizes, **named)).values
        return studied(self._definition, values, text_given(what, "a measure"), varied, parts)


__all__ = ["Studies", "infer"]
