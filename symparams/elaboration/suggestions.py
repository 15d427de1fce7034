"""What was meant by an unknown name: a framework's word first, then the nearest spelling.

The words are in :mod:`symparams.elaboration.synonyms`, which loads on the way to an error only.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence

from symparams.errors import SymparamsError, did_you_mean, quoted_names
from symparams.language import tree

#: What the language calls the values of other languages.
VALUES = {
    "False": "no",
    "None": "none",
    "True": "yes",
    "false": "no",
    "nil": "none",
    "null": "none",
    "true": "yes",
}
#: Options of kinds that the frameworks also tell the size of their input.
_SIZED = {"units", "filters", "groups", "scale"}
LISTED = "'symparams layers' lists them"


def squeezed(word: str) -> str:
    """Return a name without capitals, underscores and number of axes: ``Conv2D`` is ``conv``.

    >>> squeezed("Conv2DTranspose"), squeezed("nn.LazyLinear")
    ('convtranspose', 'linear')
    """
    last = word.rpartition(".")[2].lower().replace("_", "")
    return re.sub(r"[123]d", "", last).removeprefix("lazy")


def layer_meant(
    name: str,
    known: Iterable[str],
    otherwise: str = LISTED,
    call: tree.Call | None = None,
    in_force: Collection[str] = (),
) -> str:
    """Return a hint which layer ``name`` may be, of those ``known``; ``otherwise`` where none is
    near.

    What it leads to is counted as the framework counts what was written: by
    ``call`` in the form that the language has, and by a convention that is not
    ``in_force``.
    """
    from symparams.elaboration.foreign_calls import (
        REASONS,
        TRAPS,
        by_convention,
        framework,
        looks_foreign,
        written_here,
    )
    from symparams.elaboration.synonyms import LAYERS

    known, word = list(known), squeezed(name)
    same = sorted({k for k in known if squeezed(k) == word})
    told = quoted_names(same) if same else _told(LAYERS, name, known)
    if not told:
        return did_you_mean(name.rpartition(".")[2], known, otherwise)
    whose = framework(name)
    if word in TRAPS and same and looks_foreign(name):
        told = TRAPS[word]
    made, whose = ("", whose) if call is None else written_here(name, word, call)
    if made and made.partition("(")[0] in known:
        reason = REASONS.get(word, "")
        told = f"write '{made}'" + (f": {reason}" if reason else "")
    changed = "" if told is TRAPS.get(word) else by_convention(name, whose, told, in_force)
    if not changed:
        return told
    return f"{told} {changed}" if told.endswith("?") else f"{told}; {changed}"


def option_meant(name: str, options: Collection[str], kind: str) -> str:
    """Return a hint which of the ``options`` of ``kind`` an unknown one may be."""
    from symparams.elaboration.synonyms import OPTIONS

    listed = f"it has {', '.join(options)}" if options else "it has none"
    told = _told(OPTIONS, name, options).replace("{kind}", kind)
    return told or did_you_mean(name, options, listed)


def _told(table: Mapping[str, str], word: str, known: Collection[str]) -> str:
    """Return what a table says of a word: a saying that needs an option is of kinds that have
    it.
    """
    names, _, saying = table.get(squeezed(word), "").partition(":")
    found = [n for n in names.split() if n in known]
    if found:
        return quoted_names(found)
    needed = re.findall(r"'(\w+) = ", saying)
    return saying.strip() if all(n in known for n in needed) else ""


def dotted(node: tree.Expression) -> str:
    """Return ``nn.Linear`` of such an expression, "" of another."""
    if isinstance(node, tree.Name):
        return node.id
    base = dotted(node.base) if isinstance(node, tree.Attribute) else ""
    return f"{base}.{node.name}" if base and isinstance(node, tree.Attribute) else ""


def of_framework(name: str) -> bool:
    """Tell whether a dotted name begins as a framework's module does."""
    from symparams.elaboration.synonyms import PREFIXES

    root, dot, _ = name.partition(".")
    return bool(dot) and root.lower() in PREFIXES


def foreign_value(node: tree.Name) -> SymparamsError | None:
    """Return the error of ``True``, ``False`` and ``None`` where a name stands."""
    if node.id not in VALUES:
        return None
    return SymparamsError(
        f"'{node.id}' is not in the language", node.span, f"write '{VALUES[node.id]}'"
    )


def too_many(extra: tree.Expression, names: Collection[str], later: Sequence[str]) -> str:
    """Return what is said of an argument too many; ``later`` are the options that need their
    name.
    """
    hint = ""
    if later:
        hint = "name it: " + ", ".join(f"{n} = …" for n in later[:4])
    if isinstance(extra, tree.Number | tree.Name) and _SIZED & set(names):
        from symparams.elaboration.synonyms import FROM_CHAIN

        hint = f"{hint} ({FROM_CHAIN})" if hint else FROM_CHAIN
    return hint


def bare(node: tree.Expression) -> str:
    """Return ``3, 4`` of a bundle or list, "" of another expression."""
    if not isinstance(node, tree.Bundle | tree.List):
        return ""
    return ", ".join(item.span.text for item in node.items)


def as_list(node: tree.Expression) -> str:
    """Return a hint for a tuple where a list is needed."""
    return f"write [{bare(node)}]" if isinstance(node, tree.Bundle) else ""
