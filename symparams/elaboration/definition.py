"""A model's text, its parameters and values, to a network."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property

from symparams.algebra import (
    Condition,
    Domain,
    Facts,
    Number,
    Size,
    Symbol,
    facts_from,
    never_met,
    plainer,
    text,
    without_implied,
)
from symparams.elaboration.braces import as_tensor
from symparams.elaboration.choices import on_one_line
from symparams.elaboration.conditional_sizes import present
from symparams.elaboration.formula_reading import (
    is_formula,
    is_made_of_others,
    measured_by,
    own_names,
)
from symparams.elaboration.parameters import Bindings
from symparams.elaboration.scope import Scope
from symparams.elaboration.values import Value, describe, is_size
from symparams.elaboration.variants import refuse_part, told_of
from symparams.elaboration.vocabulary import Shipped
from symparams.elaboration.written_measures import WrittenMeasure, all_asked, known_measures
from symparams.errors import (
    NeedsValue,
    NotAdmitted,
    Source,
    Span,
    SymparamsError,
    did_you_mean,
    listed,
    nearest,
)
from symparams.language import MathNode, names_in, nodes, parse_expression, tree
from symparams.network import (
    LARGEST,
    MEASURE_NAMES,
    MEASURES,
    Decide,
    Measure,
    Node,
    Storages,
    fold,
    measure_named,
    measured,
    taken_apart,
)
from symparams.records import shortened


@dataclass(frozen=True)
class WrittenModel:
    """A model as written: parameters, body, conditions, and the names around it.

    ``parameters`` is None for a one-line source, where every free name is a symbol. ``added``
    are sizes that a question brings along: ``D`` of ``6*params*D``. ``measures`` are the written
    ones that it may be asked for; ``gradients``: one of the backward pass is, ``storages``: one of
    what is kept for it. ``called`` has the sizes that go by another name than in the text, by
    their names there. ``varies``: it is a variant, whose ``span`` is where it is written.
    """

    name: str
    body: tree.Expression
    where: tuple[tree.Expression, ...]
    scope: Scope
    parameters: tuple[tree.Parameter, ...] | None
    span: Span
    added: tuple[str, ...] = ()
    measures: Mapping[str, WrittenMeasure] = field(default_factory=known_measures, compare=False)
    gradients: bool = False
    storages: bool = False
    called: Mapping[str, str] = field(default_factory=dict)
    varies: bool = False
    notations: Mapping[str, MathNode] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Network:
    """A built model.

    Attributes:
        symbols: the names that are still symbols, in the order of the parameters.
        defaults: symbol → the value it has where a number is asked for.
        derived: name → the default that names others, which takes its place until
            it is set itself; a number where they are numbers.
        settled: names that had to take their defaults for structure.
        taken: names that took their defaults because numbers were asked for.
        unrolled: whether repeats that change are written out, pass by pass.
        conditions: what must hold, with where it is written.
        presumed: those of them that only the formulas presume, as that a
            shared net is used: where one does not hold the network is another.
        assumed: the ``where`` conditions, with where they are written.
        when: size → the condition under which it exists, of those that do not always.
    """

    definition: WrittenModel
    root: Node
    facts: Facts
    symbols: tuple[str, ...]
    defaults: Mapping[str, Number]
    derived: Mapping[str, Size]
    settled: Mapping[str, Number]
    conditions: Mapping[Condition, Span | None]
    assumed: Mapping[Condition, Span | None]
    values: Mapping[str, Value] = field(default_factory=dict)
    taken: Mapping[str, Number] = field(default_factory=dict)
    presumed: frozenset[Condition] = frozenset()
    unrolled: bool = False
    when: Mapping[str, Condition] = field(default_factory=dict)

    def __repr__(self) -> str:
        open_sizes = ", ".join(self.symbols) or "all sizes known"
        return shortened(f"<network of {self.definition.name}: {open_sizes}>")

    def measure(self, name: str, part: str | None = None) -> Size:
        """Return the formula of a measure, of a measure of a part, or of a formula of them.

        ``params``, ``block[0].params``, ``16*params + 2*activations``. Of a ``part`` that is
        named, each measure that stands for itself is the part's.

        Raises:
            SymparamsError: no such measure or part.
        """
        if part is not None:
            taken_apart(f"{part}.params")  # refuses what is no address
            if is_formula(name):
                return measured_by(self, name, part)
            return self.measure(f"{part}.{name}")
        written = self.definition.measures
        there = self.counting(name)
        if there is not self:
            if there.settled.items() <= self.settled.items() and (
                there.conditions.keys() <= self.conditions.keys()
            ):
                return there.measure(name)
            more = [c for c in there.conditions if c not in self.conditions]
            symbols = {s.name for c in more for s in c.symbols()} | there.settled.keys()
            raise NeedsValue(
                f"{name} assumes more of {listed(sorted(symbols))} than this network does",
                sorted(symbols),
                None,
                "its report says what",
            )
        if is_made_of_others(name, written):
            return measured_by(self, name)
        address = taken_apart(name)
        if address is None and name not in LARGEST:
            return present(self, fold(self.root, measure_named(name, also=written)), name)
        part, place, wanted = address or ("", None, name)
        if wanted in LARGEST and place is not None:
            raise SymparamsError(
                f"{wanted} is told of all uses of a part together", None, f"write {part}.{wanted}"
            )
        try:
            if wanted in LARGEST:
                from symparams.network import peak  # what no other measure needs

                return peak(self.root, self.facts, part)
            found = measured(
                self.root, part, place, measure_named(wanted, also=written), self.facts
            )
        except NeedsValue as error:
            if error.symbols or self.symbols or self.unrolled:
                raise
            # All is a number, and passes that are one part here are not alike: one by one.
            again = build(self.definition, self.values, defaults=True, unrolled=True)
            return again.measure(name)
        return present(self, found, name)

    def counting(self, *measures: str) -> Network:
        """Return this network; for measures of the backward pass, one that follows gradients, and
        storages for what is kept.
        """
        definition = with_gradients(self.definition, measures)
        if definition is self.definition:
            return self
        if definition.storages not in self._others:
            values = {**self.values, **self.taken}
            self._others[definition.storages] = build(definition, values, unrolled=self.unrolled)
        return self._others[definition.storages]

    @cached_property
    def _others(self) -> dict[bool, Network]:
        """The networks of the same model for the backward pass, by whether they follow storages."""
        return {}

    @property
    def open_conditions(self) -> tuple[Condition, ...]:
        """What must hold of the sizes that are open."""
        return tuple(self.conditions)

    def presumes(self, point: Mapping[str, Number]) -> set[str]:
        """Return the sizes at whose values the network is another one than these formulas
        speak of.
        """
        broken = (c for c in self.presumed if c.at(point).judge() is False)
        return {s.name for c in broken for s in c.symbols()}

    def measures(self) -> dict[str, Size]:
        """Return every measure that has a formula here, and one that assumes no more than this
        network does.
        """
        found: dict[str, Size] = {}
        for name in MEASURES:
            with suppress(SymparamsError):  # a layer that does not say its macs
                found[name] = self.measure(name)
        return found

    def assumes(self, point: Mapping[str, Number]) -> bool:
        """Tell whether sizes lie in their domains and what is stated holds; a network may need
        more.
        """
        return self._meets(point, self.assumed)

    def allows(self, point: Mapping[str, Number]) -> bool:
        """Tell whether sizes lie in their domains and every condition holds."""
        return self._meets(point, (*self.conditions, *self.assumed))

    def _meets(self, point: Mapping[str, Number], conditions: Iterable[Condition]) -> bool:
        facts = self.facts
        return facts.within_domains(point) and all(
            c.may_hold(point, facts.of_domains) for c in conditions
        )

    def is_symbol(self, name: str) -> Symbol:
        """Return the symbol of a name, integer or rational as its domain says."""
        return self.facts.domain(name).symbol(name)


def build(
    definition: WrittenModel,
    values: Mapping[str, Value] | None = None,
    defaults: bool = False,
    unrolled: bool = False,
    domains: Mapping[str, Domain] | None = None,
    decisive: Mapping[str, Number] | None = None,
) -> Network:
    """Return the network of a definition, with ``values`` for some of its parameters.

    With ``defaults``, every parameter that has one takes its default, as where
    a number is asked for. A size in ``domains`` has these values in place of
    its own domain, and no default: it is a symbol, or what ``values`` says.
    ``unrolled`` writes a repeat whose shape changes out, pass by pass, where it
    would be a series. What is left open takes a value of ``decisive`` before
    its default, where one decides the structure.

    Raises:
        SymparamsError: the model is wrong, or a value does not fit it.
    """
    settled: dict[str, Number] = {}
    values = dict(values or {})
    while True:
        try:
            try:
                bindings = Bindings(
                    dict(values), defaults, settled, domains or {}, definition.called
                )
                bindings.run.unrolled = unrolled
                bindings.run.gradients = definition.gradients
                bindings.run.storages = Storages(definition.storages)
                network = _presuming(definition, bindings)
                if bindings.run.made:
                    _closed(network)
                return network
            except RecursionError:
                raise SymparamsError("this nests too deeply", definition.span) from None
        except Decide as need:
            undecided = need.values.keys() - {*settled, *values}
            assert undecided, "a decision settles something"
            for name, value in need.values.items():
                if name in (decisive or {}):
                    values[name] = (decisive or {})[name]
                else:
                    settled[name] = value


def _closed(network: Network) -> None:
    """Let defaults decide how often a part repeats whose weights have no closed sum.

    Raises:
        Decide: they do.
    """
    try:
        fold(network.root, MEASURES["params"])
    except NeedsValue as error:
        if error.symbols and network.defaults.keys() >= set(error.symbols):
            raise Decide({n: network.defaults[n] for n in error.symbols}) from None


def sizes_of(
    definition: WrittenModel, values: Mapping[str, Value] | None = None
) -> dict[str, Domain | None]:
    """Return the sizes that ``values`` leave without a value, with the domains they are declared
    with.

    An indexed parameter is its sizes, ``k[0]``, ``k[1]``, …; of a one-line
    source, the names that nothing else defines.

    Raises:
        SymparamsError: a parameter is wrong, or a value does not fit it.
    """
    if definition.parameters is None:
        shipped = Shipped()
        written = [n for n in nodes(definition.body) if isinstance(n, tree.Name)]
        names = dict.fromkeys(n.id for n in sorted(written, key=lambda n: n.span.start))
        free = (n for n in names if n not in shipped.built_in and shipped.library(n) is None)
        found = (n for n in (definition.called.get(n, n) for n in free) if n not in (values or {}))
        return dict.fromkeys((*found, *(n for n in definition.added if n not in (values or {}))))
    bindings = Bindings(dict(values or {}), called=definition.called)
    bindings.bind(definition.parameters, definition.scope.inner())
    bindings.add(definition.added)
    return bindings.sizes


def asking(
    definition: WrittenModel, formulas: Iterable[str], given: Iterable[str] = (), open_: bool = True
) -> WrittenModel:
    """Return the model with the sizes that formulas of measures bring along.

    Of the names that it does not have, these are what is ``given`` a value or a
    domain; with ``open_`` also what is near to no measure and no size, which would
    be a slip.

    Raises:
        SymparamsError: a formula makes no sense.
    """
    formulas = tuple(formulas)
    definition = with_gradients(definition, formulas)
    names = [n for formula in formulas for n in _own_names(definition, formula)]
    if not names:
        return definition
    sizes = {n.partition("[")[0] for n in sizes_of(definition)}
    sizes |= {definition.called.get(p.name, p.name) for p in definition.parameters or ()}
    known = [*sizes, *MEASURE_NAMES]
    added = [
        n
        for n in dict.fromkeys(names)
        if n not in sizes and (n in given or (open_ and not nearest(n, known)))
    ]
    return replace(definition, added=(*definition.added, *added))


def with_gradients(definition: WrittenModel, formulas: Iterable[str]) -> WrittenModel:
    """Return the model; where formulas are of the backward pass, one whose networks follow
    gradients.
    """
    asked = [m for formula in formulas for m in _asked_of(definition, formula)]
    gradients = definition.gradients or any(m.gradients for m in asked)
    storages = definition.storages or any(m.storages for m in asked)
    if (gradients, storages) == (definition.gradients, definition.storages):
        return definition
    return replace(definition, gradients=gradients, storages=storages)


def _asked_of(definition: WrittenModel, formula: str) -> list[Measure]:
    """Return the measures that a formula asks for."""
    if is_made_of_others(formula, definition.measures):
        asked = all_asked(parse_expression(Source("<measure>", formula)), definition.measures)
    else:
        asked = {formula.rpartition(".")[2]}
    return [measure for name, measure in MEASURES.items() if name in asked]


def _own_names(definition: WrittenModel, formula: str) -> list[str]:
    if not is_made_of_others(formula, definition.measures):
        return []
    return own_names(parse_expression(Source("<measure>", formula)), definition.measures)


def derived_sizes(definition: WrittenModel, values: Mapping[str, Value] | None = None) -> set[str]:
    """Return the sizes that ``values`` leave to a default which names other parameters.

    Raises:
        SymparamsError: a parameter is wrong, or a value does not fit it.
    """
    bindings = Bindings(dict(values or {}), called=definition.called)
    bindings.bind(definition.parameters or (), definition.scope.inner())
    return set(bindings.derived)


def _presuming(definition: WrittenModel, bindings: Bindings) -> Network:
    """Return the network; an error that depends on what is presumed asks for a value."""
    try:
        return _network(definition, bindings)
    except SymparamsError as error:
        raise told_of(bindings.run.as_presumed(error), definition) from None


def _network(definition: WrittenModel, bindings: Bindings) -> Network:
    """Return the network that a definition is under one meaning of its parameters."""
    run, evaluator, domains = bindings.run, bindings.evaluator, bindings.domains
    scope = definition.scope.inner()
    evaluator.convention = {
        kind: {o: line for o, line in lines.items() if line.origin}
        for kind, lines in definition.scope.defaults.items()
    }
    if definition.parameters is None:
        # The names of a one-line source are met on the way; facts are needed before.
        domains.update(bindings.given)
        scope.free = bindings.free
        evaluator.mentioned = names_in(definition.body)
    else:
        bindings.bind(definition.parameters, scope)
    conditions = {evaluator.truth(c, scope): c.span for c in definition.where}
    unmet = never_met(list(conditions), domains)
    if unmet is not None:
        raise _unmet(*unmet, conditions, bindings)
    run.facts = facts_from(conditions, domains)
    bindings.require_domains()
    with evaluator.body() as body:
        value = evaluator.value(definition.body, scope)
        tensor = as_tensor(value, definition.body.span)
    bindings.add(definition.added)  # behind the sizes that a one-line source has
    if tensor is None:
        hint = "begin with input(…) or tokens(…)"
        raise SymparamsError(
            f"a model needs an input, but this is {describe(value)}", definition.body.span, hint
        )
    unused = {*bindings.values, *bindings.given} - bindings.used
    if unused:
        name = min(unused)
        known = sorted(bindings.used | bindings.symbols.keys()) or ["no sizes"]
        raise SymparamsError(
            f"'{definition.name}' has no size '{name}'",
            None,
            did_you_mean(name, known, f"it has {', '.join(known)}"),
        )
    root = body.closed(tensor.node)  # what is shared may presume something
    refuse_part(definition, root)
    required = {plainer(c): s for c, s in run.conditions.items() if c.judge(run.facts) is None}
    presumed = {plainer(c): s for c, s in run.presumed.items() if c.judge(run.facts) is None}
    # What is presumed and not required stays, even where what was required under it implies it.
    kept = [c for c in without_implied(presumed, run.facts) if c not in required]
    left_open = {**{c: presumed[c] for c in kept}, **required}
    needed = {*kept, *without_implied(left_open, run.facts)}
    open_conditions = {c: span for c, span in left_open.items() if c in needed}
    return Network(
        definition,
        root,
        run.facts,
        tuple(bindings.symbols),
        dict(bindings.defaults),
        dict(bindings.derived),
        dict(bindings.settled),
        open_conditions,
        {
            Condition(c.op, c.size, c.parts, _assumption(definition, s, bindings.derived)): s
            for c, s in conditions.items()
            if c.judge() is None
        },
        {**bindings.values, **bindings.meant},
        dict(bindings.taken),
        frozenset(kept),
        run.unrolled,
        dict(bindings.when),
    )


def _unmet(
    condition: Condition,
    others: Sequence[Condition],
    spans: Mapping[Condition, Span],
    bindings: Bindings,
) -> SymparamsError:
    """Return the error of an assumption that no sizes meet, at least not with the others."""
    span = spans[condition]
    given = [f"{n} = {text(v)}" for n, v in bindings.values.items() if is_size(v)]  # type: ignore[arg-type]
    here = f" at {', '.join(given)}" if given else ""
    if not condition.symbols():
        return NotAdmitted(f"the assumption '{on_one_line(span)}' does not hold{here}", span)
    shown = " and ".join(f"'{on_one_line(spans[c])}'" for c in (condition, *others))
    names = sorted({s.name for c in (condition, *others) for s in c.symbols()})
    limits = [f"'{n}' is in {bindings.domains[n]}" for n in names if n in bindings.domains]
    return SymparamsError(
        f"no size meets the assumption{'s' * bool(others)} {shown}{here}",
        span,
        " and ".join(limits),
    )


def _assumption(definition: WrittenModel, span: Span, derived: Mapping[str, Size]) -> str:
    """Return a ``where`` condition as it is written, and what it names that is derived."""
    named = {n for c in definition.where if c.span == span for n in names_in(c)}
    told = [f"{n} = {text(v)}" for n, v in derived.items() if n in named]
    return on_one_line(span) + (f", where {', '.join(told)}" if told else "")
