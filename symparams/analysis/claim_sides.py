"""Both sides of a claim as sizes, with the models that it mentions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from symparams.algebra import (
    PLAIN,
    Condition,
    Facts,
    NamedValue,
    Number,
    Size,
    affordable,
    of_atom,
    substitute,
    symbol,
    text,
)
from symparams.analysis.admission import admitting, conditioned
from symparams.analysis.causes.hypotheses import AS_IT_IS, Hypothesis
from symparams.analysis.relations import ClaimGround
from symparams.elaboration import (
    Chosen,
    Claim,
    Document,
    Evaluator,
    FormulaReading,
    Listed,
    Network,
    Scope,
    Shipped,
    Value,
    Word,
    WrittenModel,
    arguments_of,
    bind,
    build,
    built_in,
    extent_in,
    part_of,
    variant_meant,
    with_gradients,
    words_known,
    words_of,
)
from symparams.errors import Span, SymparamsError, UnknownName, did_you_mean
from symparams.language import names_in, nodes, tree
from symparams.network import LARGEST, MEASURE_NAMES, Run, measure_named


class ClaimSides:
    """Both sides of a claim as sizes, with the models it mentions.

    ``asked`` are the networks and addresses that measures were asked of in the last
    reading, in order; ``hypothesis`` says what they would be.
    """

    def __init__(
        self,
        document: Document,
        claim: Claim,
        hypothesis: Hypothesis = AS_IT_IS,
        built: dict[object, Network] | None = None,
    ) -> None:
        self.document = document
        self.claim = claim
        #: Networks by place in the claim and point: under each hypothesis the same are asked.
        self.built = {} if built is None else built
        self.hypothesis = hypothesis
        self.networks: list[Network] = []
        self.asked: list[tuple[Network, str]] = []
        self.over: tuple[Condition, ...] = ()
        self.mentions = list(_mentions(claim.tree.claim, document))
        if not self.mentions:
            for unknown in _bases(claim.tree.claim):
                raise SymparamsError(
                    f"no model '{unknown.id}'",
                    unknown.span,
                    did_you_mean(unknown.id, document.known),
                )
            raise SymparamsError(
                "an expectation speaks of a model",
                claim.tree.claim.span,
                f"as in: expect {next(iter(document.known), 'NAME')}.params == 1_000",
            )
        #: Parameter that is a word → what it may be.
        self.words: dict[str, tuple[NamedValue, ...]] = {
            p.name: NamedValue.of(words)
            for definition, _ in self.mentions
            for p in definition.parameters or ()
            if (words := words_of(p.domain))
        }
        self.said = {word.word for words in self.words.values() for word in words}
        declared = self.parameters()  # one may be called like a word of some option
        self.free = {
            name
            for name in names_in(claim.tree)
            if name not in document.known
            and not claim.scope.binds(name)
            and name not in built_in()
            and (name in declared or name not in words_known() | self.said)
        }

        #: Indexed parameter → the names of its sizes, ``k`` → ``k[0]``, ``k[1]``, …
        self.indexed: dict[str, list[str]] = {}
        evaluator = Evaluator(Run(), Shipped())
        for definition, _ in self.mentions:
            for p in definition.parameters or ():
                if p.extent and p.name in self.free:
                    extent = evaluator.integer(extent_in(p)[1], definition.scope, "an extent")
                    self.indexed[p.name] = [f"{p.name}[{k}]" for k in range(extent)]
        self.free.update(one for ones in self.indexed.values() for one in ones)

    def parameters(self) -> set[str]:
        """Return the parameters of the models mentioned."""
        return {p.name for d, _ in self.mentions for p in d.parameters or ()}

    def passed(self) -> set[str]:
        """Return the free names in arguments of the models, and of the measures, mentioned."""
        found: set[str] = set()
        for _, call in self.mentions:
            if call is not None:
                found |= _names_given(call)
        for here in nodes(self.claim.tree.claim):
            if isinstance(here, tree.Call) and isinstance(here.function, tree.Attribute):
                found |= _names_given(here)
        return found

    def defaults(self) -> dict[str, Number]:
        """Return the defaults of the free names, where all models mentioned agree."""
        found: dict[str, set[Number]] = {}
        for network in self.networks:
            for name, value in network.defaults.items():
                found.setdefault(name, set()).add(value)
        return {n: next(iter(v)) for n, v in found.items() if len(v) == 1 and n in self.free}

    def open(self) -> set[str]:
        """Return the free names that no model derives from others."""
        derived = {n for network in self.networks for n in network.derived}
        return self.free - self.indexed.keys() - (derived - self.passed())

    def both(self, node: tree.Compare, at: Mapping[str, Number]) -> tuple[Size, Size]:
        """Return both sides; free names are symbols unless ``at`` has a value for them."""
        self.networks.clear()
        self.asked.clear()
        known = self.parameters() | self.passed()

        def free(name: str) -> Value:
            if name in self.said and name not in self.free:
                return Word(name)
            if name not in self.free or name not in known:
                raise SymparamsError(
                    f"unknown name '{name}'",
                    None,
                    did_you_mean(name, [*known, *self.document.known]),
                )
            words = self.words.get(name, ())
            if name in self.indexed:
                sizes = [at.get(one, symbol(one)) for one in self.indexed[name]]
                return Listed(tuple(Chosen(z, words) if words else z for z in sizes))
            size = at.get(name, symbol(name))
            return Chosen(size, words) if words else size

        evaluator = _ClaimEvaluator(self, at)
        evaluator.mentioned = self.free
        scope = Scope(self.claim.scope, free=free)
        left = evaluator.size(node.left, scope, "a count")
        right = evaluator.size(node.right, scope, "a count")
        over = [evaluator.truth(c, scope) for c in self.claim.tree.over]
        meant = self.meant()
        self.over = tuple(c.at(meant) for c in over)
        left, right = substitute(left, meant), substitute(right, meant)
        return substitute(left, at), substitute(right, at)

    def meant(self) -> dict[str, Size]:
        """Return what names mean in the models: a fraction, or what they are derived from.

        A name that stands in arguments is the claim's own.

        Raises:
            SymparamsError: a name is derived, and from something else in another model.
        """
        found: dict[str, Size] = {}
        passed = self.passed()
        for network in self.networks:
            known: dict[str, Size] = {n: of_atom(network.is_symbol(n)) for n in network.symbols}
            known |= {n: v for n, v in network.derived.items() if n not in passed}
            for name in sorted(known.keys() & found.keys() & self.free):
                own, other = known[name], found[name]
                if own != other and any(name in n.derived for n in self.networks):
                    raise SymparamsError(
                        f"'{name}' is {text(other)} in one of the models and "
                        f"{text(own)} in another",
                        self.claim.tree.claim.span,
                        f"say which: {self.networks[0].definition.name}({name} = …)",
                    )
            found |= known
        return found

    def facts(self) -> Facts:
        """Return what is known of the symbols; of one model's, as domains may differ."""
        return self.networks[0].facts if len(self.networks) == 1 else PLAIN

    def ground(self) -> ClaimGround:
        """Return the sizes that the claim is about.

        Raises:
            SymparamsError: none meets its conditions.
        """
        where = self.claim.tree.over
        span = where[0].span.to(where[-1].span) if where else None
        ground = ClaimGround(self.facts(), self.allowing(), frozenset(self.conditioned()))
        return ground.narrowed(self.over, span)

    def allowing(self) -> Callable[[Mapping[str, Number]], bool]:
        """Return what tells whether every model admits a point."""
        each = [admitting(network) for network in self.networks]
        return lambda point: all(admits(point) for admits in each)

    def conditioned(self) -> set[str]:
        """Return the sizes that the models' conditions speak of."""
        return {n for network in self.networks for n in conditioned(network)}

    def most_points(self) -> int:
        """Return at how many points :meth:`beyond` is asked; at fewer where formulas are long."""
        asked = [c for n in self.networks for c in (*n.presumed, *n.open_conditions)]
        return affordable([z for c in asked for z in _sizes_of(c)])

    def beyond(self, point: Mapping[str, Number]) -> bool:
        """Tell whether every model admits a point where one is not what its formulas presume."""
        return any(n.presumes(point) for n in self.networks) and all(
            n.assumes(point) for n in self.networks
        )


def _sizes_of(condition: Condition) -> Iterator[Size]:
    yield condition.size
    for part in condition.parts:
        yield from _sizes_of(part)


class _ClaimEvaluator(Evaluator):
    """Reads ``m.params`` and ``m(h = 2).params`` as sizes."""

    def __init__(self, sides: ClaimSides, at: Mapping[str, Number]) -> None:
        super().__init__(Run(), Shipped())
        self.sides = sides
        self.at = at

    def _attribute(self, node: tree.Attribute, scope: Scope) -> Value:
        network, address = self._asked(node, scope)
        hypothesis = self.sides.hypothesis
        try:
            return hypothesis.count(network, lambda there: there.measure(address))
        except UnknownName as error:
            known = self.sides.document.known
            raise variant_meant(error, network.definition.name, address, known) from None

    def _call(self, node: tree.Call, scope: Scope) -> Value:
        """Return ``m.weight_bytes(16)``: a written measure with arguments."""
        if not isinstance(node.function, tree.Attribute):
            return super()._call(node, scope)
        network, address = self._asked(node.function, scope)
        part, _, name = address.rpartition(".")
        if name in MEASURE_NAMES:
            raise SymparamsError(f"'{name}' is a measure, which takes nothing", node.span)
        written = network.definition.measures[name]
        given = arguments_of(self, node, written, scope)
        hypothesis = self.sides.hypothesis
        return hypothesis.count(
            network, lambda there: FormulaReading(there).expanded(written, given, part)
        )

    def _asked(self, node: tree.Attribute, scope: Scope) -> tuple[Network, str]:
        """Return (the network that a measure is asked of, the address of the measure)."""
        document = self.sides.document
        address, model = _address(node)
        found = _model_of(model, document)
        if found is None:
            base = model.function if isinstance(model, tree.Call) else model
            hint = did_you_mean(base.id, document.known) if isinstance(base, tree.Name) else ""
            raise SymparamsError("this is not a model", base.span, hint)
        definition, call = found
        name_span = Span(node.span.source, node.span.end - len(node.name), node.span.end)
        known = node.name in MEASURE_NAMES or node.name not in definition.measures
        if known and node.name not in LARGEST:
            measure_named(node.name, name_span, definition.measures)
        values: dict[str, Value] = {}
        if call is not None:
            parameters = [p.name for p in definition.parameters or ()]
            what = f"model '{definition.name}'"
            given = bind(call, parameters, len(parameters), what, "parameter")
            values = {n: self.value(e, scope) for n, e in given.items()}
        for parameter in definition.parameters or ():
            name = parameter.name
            for one in self.sides.indexed.get(name, [name]):
                if name not in values and one in self.at:
                    values[one] = self.at[one]
        definition = with_gradients(definition, [address])
        key = node.span.start, node.span.end, tuple(self.at.items())
        network = self.sides.built.get(key)
        if network is None:
            network = _at_defaults(definition, values, self.sides.free)
            self.sides.built[key] = network
        self.sides.networks.append(network)
        self.sides.asked.append((network, address))
        return network, address

    rules = {**Evaluator.rules, tree.Attribute: _attribute, tree.Call: _call}


def _address(node: tree.Attribute) -> tuple[str, tree.Expression]:
    """Return (``NAME[k].measure`` or ``measure``, the model it is asked of)."""
    model, names, place = part_of(node.base)
    if names:
        return f"{'.'.join(names)}{place}.{node.name}", model
    return node.name, node.base


def _at_defaults(definition: WrittenModel, values: dict[str, Value], free: set[str]) -> Network:
    """Return the network with the parameters that are not free at their defaults."""
    network = build(definition, values)
    fixed = {n: v for n, v in network.defaults.items() if n not in free}
    return build(definition, {**values, **fixed}) if fixed else network


def _names_given(call: tree.Call) -> set[str]:
    return {n for v in (*call.args, *(o.value for o in call.options)) for n in names_in(v)}


def _bases(node: tree.SyntaxNode) -> Iterator[tree.Name]:
    """Yield the names that measures are asked of."""
    for here in nodes(node):
        if isinstance(here, tree.Attribute):
            base = here.base.function if isinstance(here.base, tree.Call) else here.base
            if isinstance(base, tree.Name):
                yield base


def _model_of(
    node: tree.Expression, document: Document
) -> tuple[WrittenModel, tree.Call | None] | None:
    call = node if isinstance(node, tree.Call) else None
    base = call.function if call is not None else node
    if isinstance(base, tree.Name) and base.id in document.known:
        return document.known[base.id], call
    return None


def _mentions(
    node: tree.SyntaxNode, document: Document
) -> Iterator[tuple[WrittenModel, tree.Call | None]]:
    for here in nodes(node):
        if isinstance(here, tree.Attribute):
            found = _model_of(here.base, document)
            if found is not None:
                yield found
