"""Variants: models with other defaults, ``variant medium of gpt2(l = 24, h = 1024, a = 16)``."""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from symparams.elaboration.scope import Scope
from symparams.elaboration.suggestions import dotted
from symparams.elaboration.values import Template, Value, describe, is_size
from symparams.errors import SymparamsError, UnknownName, did_you_mean
from symparams.language import names_in, tree
from symparams.network import MEASURE_NAMES, MEASURES, Node, names_below, rows_of

if TYPE_CHECKING:
    from symparams.elaboration.definition import WrittenModel
    from symparams.elaboration.reader import Reader


class VariantDefault(tree.Expression):
    """A default that a variant gives to a parameter of its model.

    It is read where the variant is written, and may name the parameters before it,
    as a default of the model may. ``instead_of`` is the model's own, None without one.
    """

    name: str
    body: tree.Expression
    instead_of: tree.Expression | None
    scope: Scope
    apart = ("scope", "instead_of")


def read_variant_default(evaluator: Reader, node: VariantDefault, scope: Scope) -> Value:
    """Return the value of a default that a variant gives; ``scope`` has the parameters so far."""
    around = Scope(node.scope, dict(scope.names), node.scope.defaults, inside=node.scope.inside)
    value, own = evaluator.value(node.body, around), node.instead_of
    if own is not None and names_in(own).isdisjoint(scope.names):
        before = evaluator.value(own, scope)
        if before is not None and is_size(before) != is_size(value):
            raise SymparamsError(
                f"'{node.name}' must be {describe(before)}, not {describe(value)}", node.span
            )
    return value


def varied(
    model: WrittenModel,
    statement: tree.Variant,
    scope: Scope,
    measures: Container[str],
) -> WrittenModel:
    """Return a model, or a variant of one, with the defaults that a statement gives.

    ``scope`` has the names around the statement, ``measures`` are the written ones.

    Raises:
        SymparamsError: the model has no such parameter, or the name is that of a measure.
    """
    name, base = statement.name, model.name.partition(".")[0]
    if name in MEASURE_NAMES or name in measures or name == "T":
        raise SymparamsError(
            f"'{base}.{name}' would be a measure", statement.name_span, "choose another name"
        )
    parameters = {p.name: p for p in model.parameters or ()}
    for option in statement.options:
        if option.name not in parameters:
            listed = f"it has {', '.join(parameters)}" if parameters else "it has none"
            raise UnknownName(
                f"model '{base}' has no parameter '{option.name}'",
                option.name_span,
                did_you_mean(option.name, parameters, listed),
            )
        own = parameters[option.name].default
        default = VariantDefault(
            name=option.name,
            body=option.value,
            instead_of=own.instead_of if isinstance(own, VariantDefault) else own,
            scope=scope,
            span=option.value.span,
        )
        parameters[option.name] = parameters[option.name].but(default=default)
    return replace(
        model,
        name=f"{base}.{name}",
        parameters=tuple(parameters.values()),
        span=statement.name_span,
        varies=True,
    )


def base_of(statement: tree.Variant, known: Mapping[str, WrittenModel], scope: Scope) -> str:
    """Return the name of the model, or of its variant, that a variant is of.

    Raises:
        SymparamsError: there is none of that name so far.
    """
    base = statement.base
    if base in known:
        return base
    model, _, variant = base.partition(".")
    if variant and model in known:
        variants = variants_of(model, known)
        what, near = f"model '{model}' has no variant '{variant}'", variants
    elif scope.binds(model) and isinstance(scope.get(model), Template):
        noun = scope.get(model).target.noun  # type: ignore[union-attr]  # it is a template
        told = f"a variant is of a model, and '{model}' is a {noun}"
        raise SymparamsError(told, statement.base_span)
    else:
        what, near = f"no model '{model}'", [n for n in known if "." not in n]
    raise UnknownName(
        what, statement.base_span, did_you_mean(variant or model, near, "it must be written before")
    )


def variants_of(model: str, known: Collection[str]) -> list[str]:
    """Return the names of a model's variants, without the model's."""
    return [n.partition(".")[2] for n in known if n.partition(".")[0] == model and "." in n]


def variant_meant(
    error: UnknownName, model: str, address: str, known: Collection[str]
) -> UnknownName:
    """Return the error of a part that a model lacks, ``medum.params``; a variant may be meant."""
    variants = variants_of(model, known)
    if variants and "did you mean" not in error.hint:
        told = f"{error.hint}; variants are {', '.join(variants)}"
        error.hint = did_you_mean(address.partition(".")[0], variants, told)
    return error


def variant_named(node: tree.Attribute, scope: Scope) -> Template:
    """Return the variant that ``gpt2.medium`` means in a chain.

    Raises:
        UnknownName: ``gpt2`` is a model, and has no such variant.
        SymparamsError: it is none.
    """
    base = node.base
    bound = isinstance(base, tree.Name) and scope.binds(base.id)
    model = scope.get(base.id) if bound else None  # type: ignore[attr-defined]  # a name is
    if not isinstance(model, Template) or model.target.noun != "model":
        hint = "measures of a model are asked for in 'expect' lines"
        raise SymparamsError(f"'.{node.name}' is not known here", node.span, hint)
    assert isinstance(base, tree.Name)
    written = dotted(node)
    if scope.binds(written):
        found = scope.get(written)
        assert isinstance(found, Template)
        return found.named_in(scope.inside)
    variants = variants_of(base.id, list(scope.all_names()))
    raise UnknownName(
        f"model '{base.id}' has no variant '{node.name}'",
        node.span,
        did_you_mean(node.name, variants, f"it has {', '.join(variants)}" if variants else ""),
    )


def joined(node: tree.SyntaxNode, known: Container[str]) -> Any:
    """Return a tree in which every variant that is ``known`` is one name, ``gpt2.medium``."""
    if isinstance(node, tree.Attribute) and isinstance(node.base, tree.Name):
        name = f"{node.base.id}.{node.name}"
        if name in known:
            return tree.Name(id=name, span=node.span)
    return _with_parts(node, lambda part: joined(part, known))


def _with_parts(
    node: tree.SyntaxNode, changed: Callable[[tree.SyntaxNode], Any]
) -> tree.SyntaxNode:
    """Return a node with the nodes directly below it changed."""

    def of(value: object) -> object:
        if isinstance(value, tree.SyntaxNode):
            return changed(value)
        return tuple(map(of, value)) if isinstance(value, tuple) else value

    return node.but(**{name: of(getattr(node, name)) for name in node.said})


def refuse_part(definition: WrittenModel, root: Node) -> None:
    """Refuse a variant that is called like a part of its network.

    Raises:
        SymparamsError: it is.
    """
    if not definition.varies:
        return
    base, _, name = definition.name.partition(".")
    rows = (row.label.name for row in rows_of(root, MEASURES["params"]))
    if name in names_below(root) or name in rows:
        raise SymparamsError(
            f"'{base}.{name}' is a part of the model",
            definition.span,
            "choose another name for the variant",
        )


def told_of(error: Exception, definition: WrittenModel) -> Exception:
    """Return an error of a variant, with where the variant is written."""
    placed = isinstance(error, SymparamsError) and error.span not in (None, definition.span)
    if placed and definition.varies:
        assert isinstance(error, SymparamsError)
        base, _, name = definition.name.partition(".")
        error.notes = (*error.notes, (f"in variant '{name}' of '{base}'", definition.span))
    return error
