"""What the weights of a model are called in its exported module: ``layers.0.attention.q``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from symparams.algebra import Polynomial, Size, substitute
from symparams.elaboration import Network, Value, WrittenModel
from symparams.errors import SymparamsError
from symparams.frameworks.exporting.drafts import ClassDraft, ClassUse, ListOfUses
from symparams.frameworks.exporting.exporter import derived_defaults, drafted

Path = tuple[str, ...]


def paths(
    definition: WrittenModel, to: str, values: Mapping[str, Value] | None = None
) -> list[Path] | None:
    """Return the way to each owner of weights, in the order of a plan.

    None where no text can be exported, or where a repeat has no number.
    """
    try:
        network, root, _ = drafted(definition, to, values)
        return list(_below(root, (), _numbers(network)))
    except SymparamsError:
        return None


def _numbers(network: Network) -> dict[str, Size]:
    """Return the numbers of the sizes that a module takes, at their defaults."""
    derived = derived_defaults(network)
    found: dict[str, Size] = {}
    for name in network.symbols:
        if name in network.defaults:
            found[name] = network.defaults[name]
    for name, size in derived.items():
        if name not in found:
            found[name] = substitute(size, found) if isinstance(size, Polynomial) else size
    return found


def _below(draft: ClassDraft, front: Path, sizes: Mapping[str, Size]) -> Iterator[Path]:
    for one in draft.initials:
        here = (*front, one.attribute.shown)
        if isinstance(one.value, ClassUse):
            yield from _below(one.value.draft, here, sizes)
        elif isinstance(one.value, ListOfUses):
            number = 0
            for (first, times), use, index in one.value.parts:
                start, count = _number(first, sizes), _number(times, sizes)
                for k in range(start, start + count):
                    inner = sizes if index is None else {**sizes, index.name: k}
                    yield from _below(use.draft, (*here, str(number)), inner)
                    number += 1
        else:
            yield here


def _number(size: Size, sizes: Mapping[str, Size]) -> int:
    found = substitute(size, sizes) if isinstance(size, Polynomial) else size
    if not isinstance(found, int):
        raise SymparamsError(f"{found} is no number of modules")
    return found
