"""The sizes of a builder: their names, domains and conditions, written as at a model."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from symparams.algebra import POSITIVE, Domain, Number, Size, of_atom
from symparams.elaboration import Network, build, understand
from symparams.errors import Source, SymparamsError, did_you_mean
from symparams.language import between_commas
from symparams.records import Record

_DOMAIN = re.compile(r"\s*([^\W\d]\w*)\s+in\b(.*)", re.DOTALL)
_NAME = re.compile(r"[^\W\d]\w*")


class SizeSpace(Record):
    """Sizes with what is said of them.

    Attributes:
        names: in the order given.
        network: a model with these parameters and conditions, which judges points.
        parameters, conditions: as they are written.
    """

    names: tuple[str, ...]
    network: Network
    parameters: str
    conditions: str

    def domain(self, name: str) -> Domain:
        """Return the values that a size may have."""
        return self.network.facts.domains.get(name, POSITIVE)

    def default(self, name: str) -> Number | None:
        """Return the value that is written behind a size, as in ``h = 64``."""
        return self.network.defaults.get(name)

    def fractional(self, name: str) -> bool:
        """Tell whether a size may be a fraction; the builder is given floats then."""
        return not self.domain(name).integer

    def symbol(self, name: str) -> Size:
        """Return a size as a formula: an integer where its domain has no fraction."""
        return of_atom(self.network.is_symbol(name))

    def admits(self, point: Mapping[str, Number]) -> bool:
        """Tell whether every size is in its domain and the conditions hold."""
        return all(point[n] in self.domain(n) for n in self.names) and self.network.allows(point)


def size_space(sizes: str, over: Sequence[str] = ()) -> SizeSpace:
    """Read sizes, as ``h, l = 2, a in {4, 8}``, with domains and conditions on them.

    ``over`` has entries ``a in {4, 8}``, ``h in 64..512 step 64`` and ``h % a == 0``.

    Raises:
        SymparamsError: they are not written so, or an entry is of no size that is named.
    """
    entries = [e.strip() for e in between_commas(sizes) if e.strip()]
    names = [m[0] for e in entries if (m := _NAME.match(e))]
    if not entries:
        raise SymparamsError("--sizes names no size", None, 'as in --sizes "h, l, a"')
    domains: dict[str, str] = {}
    conditions: list[str] = []
    for entry in (e.strip() for written in over for e in between_commas(written)):
        found = _DOMAIN.match(entry)
        if found is None:
            conditions.append(entry)
        elif found[1] not in names:
            listed = f"--sizes has {', '.join(names)}"
            raise SymparamsError(
                f"--over speaks of '{found[1]}', which is no size here",
                None,
                did_you_mean(found[1], names, listed),
            )
        else:
            domains[found[1]] = found[2].strip()
    parameters = ", ".join(_with_domain(e, domains) for e in entries)
    where = f" where {', '.join(conditions)}" if conditions else ""
    text = f"model sizes({parameters}){where} = input(1)"
    network = build(understand(Source("<sizes>", text)).definition("sizes"))
    return SizeSpace(tuple(names), network, parameters, ", ".join(conditions))


def _with_domain(entry: str, domains: Mapping[str, str]) -> str:
    found = _NAME.match(entry)
    if found is None or found[0] not in domains:
        return entry
    _, equals, default = entry.partition("=")
    written = f"{found[0]} in {domains[found[0]]}"
    return f"{written} = {default.strip()}" if equals else written


__all__ = ["SizeSpace", "size_space"]
