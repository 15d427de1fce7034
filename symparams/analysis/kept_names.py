"""Derived sizes that a formula keeps by their names: ``h*f with f = round_up(8*h/3, 64)``.

The network behind the formulas has them written out, and its conditions govern what is put in;
a second one, of the same model, leaves them open, as the text names them.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from symparams.algebra import POSITIVE, Polynomial, Size, of_atom, short, substitute, text, text_of
from symparams.elaboration import (
    Network,
    Value,
    build,
    built_in,
    on_one_line,
    sizes_of,
)
from symparams.errors import SymparamsError
from symparams.language import names_in
from symparams.records import Record


class KeptName(Record):
    """A derived size that stands by its name.

    Attributes:
        name: what it is called.
        written: what it is, in the language: as the model has it, or else its formula.
        size: the same as a formula in the sizes that are open.
    """

    name: str
    written: str
    size: Size


class NamedSizes(Record):
    """A network whose formulas have some derived sizes by name; without any, the network itself."""

    network: Network
    sizes: tuple[KeptName, ...] = ()

    def written_out(self, size: Size) -> Size:
        """Return a formula of the network without the names."""
        return substitute(size, {kept.name: kept.size for kept in self.sizes})


def named_sizes(
    network: Network, values: Mapping[str, Value], measure: str = "params"
) -> NamedSizes:
    """Return the network with those derived sizes by name that make a measure's formula shorter.

    Of a size that is one term, as ``4*h``, the term stands; what is shortest is tried for one
    size after the other, from the last. A formula with names is, with what they stand for in
    their place, the formula without: else none is kept.
    """
    derived = {n: z for n, z in network.derived.items() if _is_function(z)}
    if not derived:
        return NamedSizes(network)
    for name in reversed(derived):
        others = {n: z for n, z in derived.items() if n != name}
        one, other = (_kept(network, values, measure, d) for d in (derived, others))
        if one is None or (other is not None and _length(other, measure) <= _length(one, measure)):
            derived = others
    return _kept(network, values, measure, derived) or NamedSizes(network)


def _is_function(size: Size) -> bool:
    return isinstance(size, Polynomial) and (len(size.terms) > 1 or size.symbols() != size.atoms())


def _length(named: NamedSizes, measure: str) -> int:
    return len(text_of(short(named.network.measure(measure))).replace(" ", ""))


def _kept(
    network: Network,
    values: Mapping[str, Value],
    measure: str,
    derived: Mapping[str, Size],
) -> NamedSizes | None:
    """Return the network that has derived sizes by name; None where its formula is another."""
    if not derived:
        return NamedSizes(network)
    domains = sizes_of(network.definition, values)
    opened = {n: of_atom((domains.get(n) or POSITIVE).symbol(n)) for n in derived}
    with suppress(SymparamsError):  # what is open may be no size that the structure can have
        there = build(network.definition, {**values, **opened})
        sizes = tuple(KeptName(n, _written(network, n, derived), z) for n, z in derived.items())
        named = NamedSizes(there, sizes)
        if named.written_out(there.measure(measure)) == network.measure(measure):
            return named
    return None


def _written(network: Network, name: str, kept: Mapping[str, Size]) -> str:
    """Return what a derived size is: as the model writes it where its names are all told."""
    parameters = network.definition.parameters or ()
    default = next((p.default for p in parameters if p.name == name), None)
    names = names_in(default) - built_in().keys() if default is not None else set()
    if default is None or network.definition.called or not names <= {*network.symbols, *kept}:
        return text(network.derived[name], network.symbols)
    return on_one_line(default.span)
