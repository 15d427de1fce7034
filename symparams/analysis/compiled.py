"""A measure of a model as a function of its sizes, for one point or for millions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from symparams.algebra import Number, Size, symbols_of
from symparams.algebra.kernels import Kernel, compile, rows_of
from symparams.analysis.admission import Admission
from symparams.elaboration import Network, by_name, named_word
from symparams.errors import SymparamsError, did_you_mean
from symparams.records import shortened

if TYPE_CHECKING:
    import sympy


class Compiled:
    """A measure as a function of sizes by name; made by :meth:`symparams.Model.compile`.

    Every open size of the model is a keyword, or a name of a mapping; one that
    is not given is at its default. Values are numbers or, with the backend
    ``numpy``, arrays that broadcast (``numpy.ix_`` makes a grid of a few axes);
    with ``python``, lists of one length. The result is exact: 64-bit integers
    where they are proved to hold every value on the way, else Python integers
    in an array of objects.

    Values are compared with their domains and the model's conditions, as
    :meth:`symparams.Model.count` does, unless ``checked`` is False;
    :meth:`allowed` says where the model admits them.

    Attributes:
        names: the sizes it takes.
        defaults: the sizes that need not be given, with their values.
        backend: ``numpy`` or ``python``.
        checked: whether a call refuses what the model does not admit.
    """

    def __init__(self, network: Network, measure: str, backend: str, checked: bool = True) -> None:
        self._network = network
        self._formula = network.measure(measure)
        self.names = (*network.symbols, *_further(network, self._formula))
        self.defaults: Mapping[str, Number] = dict(network.defaults)
        self.backend = backend
        self.checked = checked
        self._kernel: Kernel = compile(self._formula, self.names, backend)
        self._admission = Admission(network, self.names)

    @property
    def formula(self) -> sympy.Expr:
        """The measure in these sizes."""
        from symparams.algebra import to_sympy

        return to_sympy(self._formula)

    def __call__(self, sizes: Mapping[str, Any] | None = None, /, **named: Any) -> Any:
        """Return the measure at each point.

        Args:
            sizes: sizes by name.
            named: the same as keywords.

        Raises:
            NotAdmitted: a size outside its domain, or a point that breaks a
                condition; of arrays, the first.
            SymparamsError: a name the model does not have, a size without a
                value, a float, arrays that do not broadcast.
        """
        inputs = self._kernel.inputs(self._values(sizes, named))
        if self.checked:
            self._check(inputs)
        return self._kernel.at(inputs)

    def allowed(self, sizes: Mapping[str, Any] | None = None, /, **named: Any) -> Any:
        """Tell whether a call answers: sizes lie in their domains, and all conditions hold.

        Of arrays, where. What only the formula presumes of the sizes (that a
        shared net is used) is a condition, too.

        Raises:
            SymparamsError: as for a call.
        """
        inputs = self._kernel.inputs(self._values(sizes, named), loose=True)
        admits = self._admission.admits
        if self.backend == "python":
            several, rows = rows_of(inputs)
            answers = [admits(row) for row in rows]
            return answers if several else answers[0]
        if not any(a.shape for a in inputs.values()):
            return admits({name: a.item() for name, a in inputs.items()})
        return self._admission.mask(inputs)

    def _values(self, sizes: object, named: Mapping[str, Any]) -> dict[str, Any]:
        given = by_name(sizes, **named)
        parameters = self._network.definition.parameters or ()
        for name in given:
            if name not in self.names and any(p.name == name for p in parameters):
                raise SymparamsError(
                    f"'{name}' is no open size of this function",
                    None,
                    f"give it before: model.at({name}=…).compile()",
                )
            if name not in self.names:
                known = ", ".join(self.names)
                known = f"it has {known}" if known else "it has no sizes"
                raise SymparamsError(
                    f"no size '{name}'", None, did_you_mean(name, self.names, known)
                )
        return {**self.defaults, **{n: self._in_numbers(n, v) for n, v in given.items()}}

    def _in_numbers(self, name: str, value: Any) -> Any:
        """Return words, one or lists or an array of them, as the numbers that stand for them."""
        words = self._network.facts.domain(name).words
        if not words:
            return value
        if isinstance(value, str):
            return named_word(value, words, f"'{name}'", None)
        if hasattr(value, "tolist") and value.dtype.kind in "UO":
            return self._in_numbers(name, value.tolist())
        if isinstance(value, list | tuple):
            return [self._in_numbers(name, one) for one in value]
        return value

    def _check(self, inputs: Mapping[str, Any]) -> None:
        if self.backend == "python":
            rows_of(inputs)  # lists of one length
            self._admission.check_rows(inputs)
        elif any(a.shape for a in inputs.values()):
            self._admission.check_all(inputs)
        else:
            self._admission.check_rows({name: a.item() for name, a in inputs.items()})

    def __repr__(self) -> str:
        return shortened(f"<compiled {self._formula} of {', '.join(self.names)}>")


def _further(network: Network, formula: Size) -> list[str]:
    """Return the names that sizes were given in, and which the model does not have."""
    found = set(symbols_of(formula))
    for condition in (*network.conditions, *network.assumed):
        found |= condition.symbols()
    names = {s.name for s in found if "#" not in s.name}
    return sorted(names - set(network.symbols))


__all__ = ["Compiled"]
