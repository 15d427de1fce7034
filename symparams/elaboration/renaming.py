"""A model whose sizes go by other names: those of the paper that prints the formula."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from symparams.elaboration.definition import WrittenModel, sizes_of
from symparams.elaboration.vocabulary import built_in
from symparams.errors import Source, SymparamsError, did_you_mean
from symparams.language import parse_expression, tree


def renamed(definition: WrittenModel, names: Mapping[str, str]) -> WrittenModel:
    """Return a model with sizes by other names, everywhere: in formulas, conditions, values.

    Args:
        definition: the model.
        names: new name → the size's name in the model.

    Raises:
        SymparamsError: there is no such size, two would have one name, or a name is a word of
            the language.
    """
    if not names:
        return definition
    own = list(dict.fromkeys(name.partition("[")[0] for name in sizes_of(definition)))
    for new, old in names.items():
        if old not in own:
            listed = f"it has {', '.join(own)}" if own else "it has no sizes"
            raise SymparamsError(
                f"'{definition.name}' has no size '{old}' to rename",
                None,
                did_you_mean(old, own, listed),
            )
        if new in built_in() or not _is_name(new):
            raise SymparamsError(f"a size cannot be called '{new}': it is a word of the language")
    olds = list(names.values())
    if len(set(olds)) < len(olds):
        old = next(n for n in olds if olds.count(n) > 1)
        raise SymparamsError(f"--rename gives '{old}' two names")
    for new in names:
        if new in own and new not in olds:
            raise SymparamsError(
                f"'{definition.name}' has a size '{new}' already",
                None,
                f"give that one another name too: --rename …={new}",
            )
    return replace(definition, called={old: new for new, old in names.items()})


def _is_name(word: str) -> bool:
    """Tell whether a formula may have a size of this name."""
    try:
        return isinstance(parse_expression(Source("<rename>", word)), tree.Name)
    except SymparamsError:
        return False
