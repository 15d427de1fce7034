"""What the parameters of a model mean: a value, a symbol, or what a default derives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from symparams.algebra import (
    POSITIVE,
    Condition,
    Domain,
    NamedValue,
    Number,
    Polynomial,
    Size,
    Symbol,
    of_atom,
    substitute,
    symbol,
    text,
)
from symparams.elaboration.domains import (
    domain_in_words,
    domain_of,
    each,
    extent_in,
    extent_of,
    inside,
    named_word,
    word_in,
)
from symparams.elaboration.evaluator import Evaluator
from symparams.elaboration.scope import Scope
from symparams.elaboration.values import Chosen, Listed, Value, Word, describe, is_number, is_size
from symparams.elaboration.variants import VariantDefault
from symparams.elaboration.vocabulary import Shipped
from symparams.errors import NotAdmitted, Span, SymparamsError
from symparams.language import names_in, tree
from symparams.network import Run


class Bindings:
    """The parameters of a model in one attempt at building it.

    A parameter is its value where one is given. A default that names other
    parameters takes its place, as a formula or a number, until it is set
    itself. Any other default is that of a symbol; where numbers are asked for,
    it takes the symbol's place.
    """

    def __init__(
        self,
        values: dict[str, Value],
        numeric: bool = False,
        settled: Mapping[str, Number] = {},
        given: Mapping[str, Domain] = {},
        called: Mapping[str, str] = {},
    ) -> None:
        self.given = given
        #: What sizes are called, by their names in the text, of those with another name.
        self.called = called
        self._by_text = {new: old for old, new in called.items()}
        self.values = values
        self.numeric = numeric
        self.settled = settled
        self.domains: dict[str, Domain] = {}
        self.sizes: dict[str, Domain | None] = {}
        self.defaults: dict[str, Number] = {}
        self.derived: dict[str, Size] = {}
        self.taken: dict[str, Number] = {}
        self.symbols: dict[str, None] = {}
        #: Size → the condition under which it exists, of those that do not always.
        self.when: dict[str, Condition] = {}
        self.used: set[str] = set()
        #: The parameters by name, those whose meaning is being found, and their values.
        self.parameters: dict[str, tree.Parameter] = {}
        self.binding: list[str] = []
        self.meant: dict[str, Value] = {}
        #: Formulas that stand for parameters, with the domains that must have them.
        self.formulas: list[tuple[str, Polynomial, Domain, Span | None]] = []
        self.run = Run(defaults=self.defaults)
        self.evaluator = Evaluator(self.run, Shipped())

    def bind(self, parameters: tuple[tree.Parameter, ...], scope: Scope) -> None:
        """Give every parameter its meaning in a scope."""
        self.parameters = {parameter.name: parameter for parameter in parameters}
        for parameter in parameters:
            self._bind(parameter, scope)
        for parameter in parameters:
            if parameter.when is not None:
                self.when |= dict(self._existing(parameter, parameter.when, scope))

    def _existing(
        self, parameter: tree.Parameter, when: tree.Expression, scope: Scope
    ) -> Iterator[tuple[str, Condition]]:
        """Yield each size of a parameter with the condition under which it exists.

        Raises:
            SymparamsError: the condition asks of the size itself, or of sizes without few values.
        """
        self.run.facts = replace(self.run.facts, domains={**self.run.facts.domains, **self.domains})
        shown = self.called.get(parameter.name, parameter.name)
        index, many = "", 0
        if parameter.extent:
            index = extent_in(parameter)[0]
            many = extent_of(parameter, self.evaluator, scope)
        for k in range(many or 1):
            name = f"{shown}[{k}]" if parameter.extent else shown
            inner = scope.inner({index: k} if index else {})
            condition = self.evaluator.truth(when, inner)
            asked = sorted(s.name for s in condition.symbols())
            if name in asked:
                raise SymparamsError(f"whether '{name}' exists depends on itself", when.span)
            endless = [n for n in asked if not self.run.facts.domain(n).finite]
            if endless:
                raise SymparamsError(
                    f"whether '{name}' exists depends on '{endless[0]}', which has no few values",
                    when.span,
                    f"give '{endless[0]}' a domain, as in {{2, 3, 4}}",
                )
            if name in self.symbols and condition.judge(self.run.facts) is not True:
                yield name, condition

    def add(self, names: Iterable[str]) -> None:
        """Take the sizes that a question brings along: symbols, or what they are given."""
        for name in names:
            self.used.add(name)
            value = self.values.get(name)
            if value is None:
                self.sizes[name] = None
                self._open(name, self.given.get(name))
                continue
            self.meant[name] = self.meant_by(name, value, Scope())
            if isinstance(value, Fraction) and value > 0:
                continue  # a size of a formula, as the bytes of a value, may be a fraction
            self.admitted(name, self.meant[name], POSITIVE, None)

    def _bind(self, parameter: tree.Parameter, scope: Scope) -> None:
        """Give a parameter its meaning; what its value or its default names comes first."""
        name, shown = parameter.name, self.called.get(parameter.name, parameter.name)
        if name in scope.names:
            return
        if name in self.binding:
            circle = ", ".join([*self.binding[self.binding.index(name) :], name])
            raise SymparamsError(
                f"'{name}' is given by itself: {circle}",
                parameter.span,
                f"give a value that does not name '{self.binding[-1]}'",
            )
        self.binding.append(name)
        self.used.add(shown)
        domain = self._domain(parameter, scope)
        words = domain.words if domain is not None else ()
        for one, value in self.values.items():
            if owner_of(one) == shown:
                said = word_in(value, words) if words else value
                self.meant[one] = self.meant_by(one, said, scope)
                if words:
                    self._only_words(one, self.meant[one], words, parameter)
        default = self._default(parameter, scope, words)
        derived = self._derives(parameter)
        found = (
            self._indexed(parameter, shown, default, domain, scope)
            if parameter.extent
            else self._parameter(parameter, shown, self.meant.get(shown), default, domain, derived)
        )
        scope.names[name] = _chosen(found, words) if words else found
        self.binding.remove(name)

    def _only_words(
        self, name: str, value: Value, words: Sequence[NamedValue], parameter: tree.Parameter
    ) -> None:
        """Require a value that is given for words to be some of them, or a name that is open."""
        for item in value.items if isinstance(value, Listed) else (value,):
            if isinstance(item, NamedValue) or item == symbol(name):
                continue
            if isinstance(item, Polynomial) and item.symbols() <= self._word_symbols:
                continue
            if isinstance(item, Word | Polynomial):
                said = item.id if isinstance(item, Word) else text(item)
                named_word(said, words, f"'{name}'", parameter.span)
            told = text(item) if is_number(item) else describe(item)
            listed = ", ".join(map(str, words))
            raise NotAdmitted(f"'{name}' must be in {{{listed}}}, not {told}", parameter.span)

    @property
    def _word_symbols(self) -> set[Symbol]:
        """The symbols of parameters that are words."""
        return {Symbol(name) for name, domain in self.domains.items() if domain.words}

    def _default(
        self, parameter: tree.Parameter, scope: Scope, words: Sequence[NamedValue]
    ) -> Value:
        """Return the value of a default, which may name the parameters before it.

        Where one of them waits for this one, which has a value or a domain of its
        own, none is needed.
        """
        if parameter.default is None:
            return None
        names = names_in(parameter.default)
        before = []
        for other in self.parameters.values():
            if other.name == parameter.name:
                break
            before.append(other)
        for other in before:
            if other.name in names and other.name not in scope.names:
                shown = self.called.get(parameter.name, parameter.name)
                if shown in {owner_of(one) for one in (*self.values, *self.given)}:
                    return None
                self._bind(other, scope)
        # A default that asks which of two it is may need a value, as a body does.
        known = {**self.run.facts.domains, **self.domains}
        self.run.facts = replace(self.run.facts, domains=known)
        known_names = {p.name: scope.names[p.name] for p in before if p.name in scope.names}
        named = {word.word: Chosen(word, tuple(words)) for word in words}
        around = Scope(scope.parent, {**named, **known_names}, scope.defaults, scope.free)
        said = tree.word_of(parameter.default) if words else ""
        if said and not around.binds(said):
            return named_word(said, words, f"'{parameter.name}'", parameter.default.span)
        found = self.evaluator.value(parameter.default, around)
        return word_in(found, words) if words else found

    def _derives(self, parameter: tree.Parameter, item: int | None = None) -> bool:
        """Tell whether a default, or one item of a list of them, names other parameters."""
        default = parameter.default
        if isinstance(default, VariantDefault):
            default = default.body
        if default is None:
            return False
        if item is not None and isinstance(default, tree.List) and item < len(default.items):
            one = default.items[item]
            default = default if isinstance(one, tree.Comprehension) else one
        return not names_in(default).isdisjoint(self.parameters.keys() - {parameter.name})

    def meant_by(self, name: str, value: Value, scope: Scope) -> Value:
        """Return a value that is given, with the parameters it names as what they mean.

        One that has a formula for its own value is a name of the giver's: in
        ``m(h = 2*h)`` the second h is not the parameter.
        """
        if isinstance(value, Listed):
            return Listed(tuple(self.meant_by(name, item, scope) for item in value.items))
        if not isinstance(value, Polynomial):
            return value
        known: dict[str, Size] = {}
        for other in sorted(s.name for s in value.symbols()):
            owner = self._owning(other)
            given = self.values.get(other, self.values.get(owner))
            if is_number(given):
                known[other] = given  # type: ignore[assignment]  # it is a number
            elif given is None and self._in_text(owner) in self.parameters:
                self._bind(self.parameters[self._in_text(owner)], scope)
                known[other] = self._one_of(name, other, scope)
            elif given is None and other in self.given:
                known[other] = of_atom(self.given[other].symbol(other))
        return substitute(value, known)

    def free(self, name: str) -> Value:
        """Return a free name of a one-line source: a value that was set, or a symbol."""
        name = self.called.get(name, name)
        self.used.add(name)
        domain = self.given.get(name, POSITIVE)
        if name in self.values:
            value = self.meant_by(name, self.values[name], Scope())
            return self.admitted(name, value, domain, None)
        self.symbols[name] = None
        return of_atom(domain.symbol(name))

    def _owning(self, name: str) -> str:
        """Return the indexed parameter that a size is one of; without one, the name itself."""
        parameter = self.parameters.get(self._in_text(owner_of(name)))
        return owner_of(name) if parameter is not None and parameter.extent else name

    def _in_text(self, name: str) -> str:
        """Return what the text calls a size; "" of a name that stands for another size now."""
        return self._by_text.get(name, "" if name in self.called else name)

    def _one_of(self, name: str, other: str, scope: Scope) -> Size:
        """Return the size that a parameter, or one of an indexed one, means."""
        owner = self._owning(other)
        found = scope.names[self._in_text(owner)]
        if owner != other:
            assert isinstance(found, Listed)
            place, many = int(other[len(owner) + 1 : -1]), len(found.items)
            if place >= many:
                listed = f"'{owner}' has {many} sizes, {owner}[0] to {owner}[{many - 1}]"
                raise SymparamsError(f"'{name}' names '{other}', which there is not", None, listed)
            found = found.items[place]
        if isinstance(found, Chosen):
            return found.size
        if not is_size(found):
            raise SymparamsError(f"'{name}' must be a size, but '{other}' is {describe(found)}")
        return found  # type: ignore[return-value]  # it is a size

    def _indexed(
        self,
        parameter: tree.Parameter,
        name: str,
        default: Value,
        domain: Domain | None,
        scope: Scope,
    ) -> Value:
        """Return ``k[6] in {3, 5, 7}``: a list of symbols ``k[0]`` … ``k[5]``."""
        extent = extent_of(parameter, self.evaluator, scope)
        defaults = each(name, default, extent, parameter.span)
        values = each(name, self.meant.get(name), extent, parameter.span)
        items = []
        for k in range(extent):
            one = f"{name}[{k}]"
            self.used.add(one)
            given = self.meant.get(one, values[k])
            derived = self._derives(parameter, k)
            items.append(self._parameter(parameter, one, given, defaults[k], domain, derived))
        return Listed(tuple(items))

    def _parameter(
        self,
        parameter: tree.Parameter,
        name: str,
        value: Value,
        default: Value,
        domain: Domain | None,
        derived: bool,
    ) -> Value:
        """Return what a parameter means: its value, what it is derived from, or a symbol."""
        if value is None and (default is None or is_size(default)):
            self.sizes[name] = domain
        asked = name in self.given
        domain = self.given.get(name, domain)
        if value is not None or name in self.values:
            if default is not None and is_size(default) != is_size(value):
                raise SymparamsError(f"'{name}' must be {describe(default)}, not {describe(value)}")
            if not is_size(value):
                return value
            if value in (
                symbol(name),
                of_atom((domain or POSITIVE).symbol(name)),
            ):  # open, whatever its default
                return self._open(name, domain)
            return self.admitted(name, value, domain or POSITIVE, parameter.span)
        if parameter.default is not None and not asked:
            if not is_size(default):
                return default
            size: Any = default
            self.admitted(name, size, domain or POSITIVE, parameter.default.span)
            if derived:
                self.derived[name] = size
            if self.numeric or name in self.settled or derived:
                if self.numeric and is_number(size):
                    self.taken[name] = size
                return size  # type: ignore[no-any-return]
            self.defaults[name] = size
        return self._open(name, domain)

    def _open(self, name: str, domain: Domain | None) -> Size:
        """Return a parameter that stays a symbol."""
        self.symbols[name] = None
        if domain is not None:
            self.domains[name] = domain
        return of_atom((domain or POSITIVE).symbol(name))

    def admitted(self, name: str, value: Value, domain: Domain, span: Span | None) -> Value:
        """Return a size for a parameter, if its domain has it; a formula must be in it."""
        if isinstance(value, int | Fraction) and value not in domain:
            raise _outside(name, value, domain, span)
        if not is_size(value):
            raise SymparamsError(f"'{name}' must be a size, not {describe(value)}", span)
        if isinstance(value, Polynomial):
            self.formulas.append((name, value, domain, span))
        return value

    def require_domains(self) -> None:
        """Require that the domains have what is given as a formula, or derived."""
        for name, size, domain, span in self.formulas:
            for condition in inside(size, domain):
                if condition.judge(self.run.facts) is False:
                    raise _outside(name, size, domain, span)
                self.run.require(condition, span)

    def _domain(self, parameter: tree.Parameter, scope: Scope) -> Domain | None:
        """Return the values a parameter says it may have."""
        if parameter.domain is None:
            return None
        return domain_of(parameter.domain, self.evaluator, scope)


def _chosen(value: Value, words: Sequence[NamedValue]) -> Value:
    """Return the meaning of a parameter as one of some words; of an indexed one, each."""
    if isinstance(value, Listed):
        return Listed(tuple(_chosen(item, words) for item in value.items))
    return Chosen(value, tuple(words)) if is_size(value) else value  # type: ignore[arg-type]


def owner_of(name: str) -> str:
    """Return the parameter that a size belongs to: ``k`` of ``k[2]``."""
    return name.partition("[")[0]


def _outside(name: str, value: Size, domain: Domain, span: Span | None) -> NotAdmitted:
    return NotAdmitted(f"'{name}' must be {domain_in_words(domain)}, not {text(value)}", span)
