"""What is asked, from text to algebra: ``--over``, budgets and objectives of a model.

The engines know formulas only. Here a model is built with the
searched sizes as symbols, and what was typed becomes a space, limits and
sizes over them. A size that decides the structure is not searched in symbols:
the model is built once for each of its values.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from itertools import product as every
from math import prod

from symparams.algebra import (
    Condition,
    Domain,
    Every,
    Number,
    Polynomial,
    Size,
    compared,
    either,
    of_atom,
    substitute,
    symbol,
    symbols_of,
)
from symparams.analysis.budgets import BudgetReading, Limit
from symparams.elaboration import (
    Evaluator,
    Network,
    Scope,
    Shipped,
    Value,
    WrittenModel,
    among_words,
    build,
    derived_sizes,
    domain_of,
    sizes_of,
)
from symparams.errors import (
    NeedsValue,
    Source,
    Span,
    SymparamsError,
    UnknownName,
    did_you_mean,
    listed,
)
from symparams.language import between_commas, parse_expression, spans_between_commas, tree
from symparams.network import Run
from symparams.records import Record
from symparams.search import Axis, Space, axis_of

#: The most networks that are built for the values of sizes that decide the structure.
MOST_NETWORKS = 64

_AXIS = re.compile(r"\s*(?P<name>[^\W\d]\w*(\[\d+\])?)\s*(=|\s+in\s)\s*")
_STEP = re.compile(r":|\bstep\b")


class Question(Record):
    """What is asked of one network.

    Attributes:
        network: built with the searched sizes as symbols, the others as numbers.
        names: the searched sizes, in the order of their domains.
        fixed: the values of searched sizes that decide the structure.
        space: the axes that are left, and the conditions of the model.
        limits: the budgets, in the order they were given.
        sizes: the other expressions that were asked about, in order.
    """

    network: Network
    names: tuple[str, ...]
    fixed: Mapping[str, Number]
    space: Space
    limits: tuple[Limit, ...]
    sizes: tuple[Size, ...]


class Refused(Record):
    """Values of sizes that decide the structure, at which the model is none."""

    fixed: Mapping[str, Number]
    error: SymparamsError


class Asked(Record):
    """What is asked of a model: one question, or one for each structure."""

    questions: tuple[Question, ...]
    refused: tuple[Refused, ...]
    domains: Mapping[str, Domain]


def ask(
    definition: WrittenModel,
    domains: Mapping[str, Domain],
    values: Mapping[str, Value] | None = None,
    budgets: Iterable[Source] = (),
    sizes: Iterable[Source] = (),
    open_ok: bool = False,
) -> Asked:
    """Return the questions that a text asks of a model.

    Args:
        definition: the model.
        domains: the sizes that are searched; all others are at their defaults.
        values: sizes that are set, as ``--set`` reads them.
        budgets: comparisons, ``params <= 7B``.
        sizes: other formulas in the model's measures and sizes.
        open_ok: whether sizes without a value and a domain may stay, and new
            names stand for numbers not known yet.

    Raises:
        SymparamsError: a text that makes no sense, an unknown name, or a size
            that has neither a value nor a domain.
    """
    given = dict(values or {})
    asking = _Asking(definition, given, domains, tuple(budgets), tuple(sizes), open_ok)
    questions = tuple(asking.questions({}))
    if not questions:
        raise asking.refused[0].error
    return Asked(questions, tuple(asking.refused), domains)


# --- domains ---------------------------------------------------------------


def domains_asked(
    definition: WrittenModel, values: Mapping[str, Value], over: Iterable[str]
) -> dict[str, Domain]:
    """Return the domains of all sizes that are declared with one or have one in ``over``.

    A size that ``values`` gives a value has none, nor has one that is derived
    from others by its default; ``over`` comes before what is declared.

    Raises:
        SymparamsError: a text of ``over`` that makes no sense, or an unknown name.
    """
    declared = sizes_of(definition, values)
    derived = derived_sizes(definition, values)
    found = {n: d for n, d in declared.items() if d is not None and n not in derived}
    for name, domain in domains_over(over, declared, values).items():
        own = declared.get(name)
        found[name] = among_words(name, domain, own.words) if own and own.words else domain
    return {n: found[n] for n in declared if n in found}


def names_over(texts: Iterable[str]) -> set[str]:
    """Return the sizes that texts of ``--over`` give a domain."""
    parts = (part for text in texts for part in between_commas(text))
    return {part.partition("=")[0].strip() for part in parts}


def domains_over(
    texts: Iterable[str], declared: Iterable[str], values: Mapping[str, Value] | None = None
) -> dict[str, Domain]:
    """Return ``h=64..1024:64, k={1, 2, 4}`` as domains by name.

    Args:
        texts: each has one or several, after commas.
        declared: the sizes there are; ``k[0]``, ``k[1]`` of an indexed one.
        values: the sizes that have a value, for the error that says so.

    Raises:
        SymparamsError: not of that form, an unknown name, or one given twice.
    """
    known = list(declared)
    found: dict[str, Domain] = {}
    for written in texts:
        source = Source("<over>", written)
        for start, end in spans_between_commas(written):
            name, domain, span = _axis(source, start, end)
            indexed = [n for n in known if n.partition("[")[0] == name and n != name]
            for one in indexed or [name]:
                if one in (values or {}):
                    raise SymparamsError(f"'{one}' has a value: it cannot vary too", span)
                if one not in known:
                    listed = f"it has {', '.join(known)}" if known else "it has no open sizes"
                    raise UnknownName(
                        f"the model has no size '{name}'", span, did_you_mean(name, known, listed)
                    )
                if one in found:
                    raise SymparamsError(f"'{one}' has two domains", span)
                found[one] = domain
    return found


def _axis(source: Source, start: int, end: int) -> tuple[str, Domain, Span]:
    """Return (name, domain, where the name stands) of ``h=64..1024:64``."""
    found = _AXIS.match(source.text, start, end)
    span = Span(source, start, max(end, start + 1))
    if found is None or found.end() == end:
        raise SymparamsError(
            "write a size and its values", span, "as in h=64..1024:64 or k={1, 2, 4}"
        )
    at = found.end()
    written = source.text[at:end].rstrip()
    whole = Span(source, at, at + len(written))
    with _at_home(source):
        tree_of = _range(source, whole) or _set(source, whole)
        domain = domain_of(tree_of, Evaluator(Run(), Shipped()), Scope())
    return found["name"], domain, Span(source, found.start("name"), found.end("name"))


def _range(source: Source, whole: Span) -> tree.RangeDomain | None:
    """Return ``64..1024:64``, or None of what is no range."""
    dots = whole.text.find("..")
    if dots < 0:
        return None
    first = Span(source, whole.start, whole.start + dots)
    rest = Span(source, first.end + 2, whole.end)
    found = _STEP.search(rest.text)
    last = rest if found is None else Span(source, rest.start, rest.start + found.start())
    if not last.text.strip():
        raise SymparamsError("this range has no end", whole, "as in 64..1024:64")
    step = None
    if found is not None:
        step = _piece(Span(source, rest.start + found.end(), whole.end))
    return tree.RangeDomain(low=_piece(first), high=_piece(last), step=step, span=whole)


def _set(source: Source, whole: Span) -> tree.SetDomain:
    """Return ``{1, 2, 4}``, or one number alone."""
    written = whole.text
    if not (written.startswith("{") and written.endswith("}")):
        return tree.SetDomain(items=(_piece(whole),), span=whole)
    inner = written[1:-1]
    if not inner.strip():
        raise SymparamsError("this domain has no values", whole, "as in {1, 2, 4}")
    first = whole.start + 1
    items = [_piece(Span(source, first + a, first + b)) for a, b in spans_between_commas(inner)]
    return tree.SetDomain(items=tuple(items), span=whole)


def _piece(span: Span) -> tree.Expression:
    """Return the tree of a part of a text: what stands before it is blank for the parser."""
    return parse_expression(Source(span.source.name, " " * span.start + span.text))


@contextmanager
def _at_home(source: Source) -> Iterator[None]:
    """Yield errors about a piece of a text quote the whole text."""
    try:
        yield
    except SymparamsError as error:
        if error.span is not None:
            error.span = Span(source, error.span.start, error.span.end)
        raise


# --- questions -------------------------------------------------------------


class _Asking:
    """One asking: builds a network, or one for each structure."""

    def __init__(
        self,
        definition: WrittenModel,
        values: dict[str, Value],
        domains: Mapping[str, Domain],
        budgets: tuple[Source, ...],
        sizes: tuple[Source, ...],
        open_ok: bool,
    ) -> None:
        self.definition = definition
        self.values = values
        self.domains = domains
        self.budgets = budgets
        self.sizes = sizes
        self.open_ok = open_ok
        self.refused: list[Refused] = []

    def questions(self, fixed: dict[str, Number]) -> Iterator[Question]:
        """Yield the questions with some searched sizes fixed."""
        try:
            made = self._question(fixed)
        except NeedsValue as error:
            names = [n for n in error.symbols if n in self.domains and n not in fixed]
            if not names:
                raise
            for point in self._points(names, error):
                yield from self.questions({**fixed, **point})
        except UnknownName:
            raise  # wrong whatever the sizes are
        except SymparamsError as error:
            if not fixed:
                raise
            self.refused.append(Refused(fixed, error))
        else:
            yield made

    def _points(self, names: list[str], error: NeedsValue) -> Iterator[dict[str, Number]]:
        values = [self.domains[n].values() for n in names]
        many = prod(map(len, values))
        endless = not all(self.domains[n].finite for n in names)
        if endless or many > MOST_NETWORKS:
            told = "no last value" if endless else f"{many:,} values"
            one = len(names) == 1
            raise SymparamsError(
                f"{listed(names)} decide{'s' * one} the structure: a network for each value is "
                f"built, up to {MOST_NETWORKS}, but {'it has' if one else 'they have'} {told}",
                error.span,
                error.message,
            )
        for point in every(*values):
            yield dict(zip(names, point, strict=True))

    def _question(self, fixed: dict[str, Number]) -> Question:
        network = build(
            self.definition, {**self.values, **fixed}, defaults=True, domains=self.domains
        )
        self._passes(network)
        unknown = partial(symbol, integer=False) if self.open_ok else None
        reading = BudgetReading(network, unknown)
        limits = tuple(map(reading.limit, self.budgets))
        sizes = tuple(map(reading.read, self.sizes))
        searched = [n for n in network.symbols if n in self.domains]
        if self.open_ok:
            searched = [n for n in searched if self.domains[n].finite]
        axes = tuple(axis_of(n, self.domains[n]) for n in searched)
        conditions = (*network.assumed, *network.open_conditions)
        conditions += tuple(_at_least_where_absent(network, axes))
        if not self.open_ok:
            sides = [side for limit in limits for side in (limit.left, limit.right)]
            self._closed(network, [*sides, *sizes])
        return Question(network, tuple(self.domains), fixed, Space(axes, conditions), limits, sizes)

    def _passes(self, network: Network) -> None:
        """Refuse symbols in what must hold of every pass of a repeat, and in what is presumed.

        Raises:
            NeedsValue: it can be judged only where they have a value.
        """
        for condition, span in network.conditions.items():
            names = {s.name for s in condition.symbols()}
            searched = sorted(names & self.domains.keys())
            presumed = condition in network.presumed
            if searched and (presumed or isinstance(condition, Every)):
                what = "whether every pass of a repeat is possible"
                if presumed:
                    what = "which network it is"
                raise NeedsValue(f"{what} depends on {listed(searched)}", searched, span)

    def _closed(self, network: Network, sizes: Iterable[Size]) -> None:
        """Refuse symbols that have no domain and matter."""
        matter = {s.name for size in sizes for s in symbols_of(size)}
        matter |= {s.name for c in network.assumed for s in c.symbols()}
        matter |= {s.name for c in network.open_conditions for s in c.symbols()}
        for name in network.symbols:
            if name in matter and name not in self.domains:
                raise SymparamsError(
                    f"'{name}' has neither a value nor a domain",
                    None,
                    f"give '{name}' a domain: --over {name}=1..64; or a value: --set {name}=1",
                )


def _at_least_where_absent(network: Network, axes: Iterable[Axis]) -> Iterator[Condition]:
    """Yield that a size that does not exist has its least value: one configuration of those that
    differ in it alone.
    """
    for axis in axes:
        exists = network.when.get(axis.name)
        if exists is not None:
            least = compared(of_atom(network.is_symbol(axis.name)), "==", axis.values[0])
            yield either(exists, least)


def settled(values: Mapping[str, Value], sizes: Mapping[str, Number]) -> dict[str, Value]:
    """Return values that may name some sizes, as ``f = 4*h`` does, where those are numbers."""
    given: dict[str, Value] = {
        name: substitute(value, sizes) if isinstance(value, Polynomial) else value
        for name, value in values.items()
    }
    return {**given, **sizes}
