"""A model's search space: the best sizes under budgets, how many there are, samples of them.

Where a size decides the structure there is a space for each of its values;
here their answers are joined.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import accumulate
from typing import Any

from symparams.algebra import Number, Size, as_number, substitute
from symparams.analysis.choices import Best, Choice, Samples, choice_at, not_dominated
from symparams.analysis.columns import measure_columns
from symparams.analysis.domain_text import formula_given, number_given, written_domain
from symparams.analysis.questions import (
    Asked,
    Question,
    Refused,
    ask,
    domains_asked,
    names_over,
    settled,
)
from symparams.analysis.space_answers import counted, drawn, front, maximized, meets
from symparams.answers import answered
from symparams.elaboration import (
    Configurations,
    Value,
    WrittenModel,
    asking,
    by_name,
    flag_given,
    seconds_given,
    texts_given,
    whole_given,
)
from symparams.errors import NeedsValue, Source, SymparamsError, UnknownName
from symparams.records import shortened
from symparams.search import Clock, Configuration, Counted, Found, OutOfTimeError, Progress

#: Answers of at most this number are counted again, in a network of numbers.
MOST_RECHECKED = 20
#: The most configurations that are drawn at a time.
MOST_SAMPLES = 1_000_000


class ModelSpace:
    """The sizes of a model that are searched, and the budgets on them; immutable.

    A size is searched if it has a domain and no value. All others are at
    their defaults.
    """

    def __init__(
        self,
        definition: WrittenModel,
        values: Mapping[str, Value] | None = None,
        over: Iterable[str] = (),
        budgets: Iterable[str] = (),
        measures: Iterable[str] = (),
    ) -> None:
        self._values = dict(values or {})
        self._over = tuple(over)
        self._budgets = tuple(budgets)
        #: What is measured of every choice besides.
        self.columns = tuple(column for text in measures for column in measure_columns(text))
        given = {*self._values, *names_over(self._over)}
        formulas = [*self._budgets, *(column.formula for column in self.columns)]
        self._definition = asking(definition, formulas, given, open_=False)
        self.domains = domains_asked(self._definition, self._values, self._over)
        for column in self.columns:
            if column.name in self.domains:
                raise SymparamsError(
                    f"'{column.name}' is a size of the model and would be a column twice",
                    None,
                    f"give the measure another name: other = {column.formula}",
                )

    def __repr__(self) -> str:
        domains = ", ".join(f"{n} in {d}" for n, d in self.domains.items()) or "no domains"
        within = f" within {', '.join(self._budgets)}" if self._budgets else ""
        return shortened(f"<space of {self._definition.name}: {domains}{within}>")

    def over(
        self, domains: Mapping[str, str | Iterable[Number]] | None = None, /, **named: Any
    ) -> ModelSpace:
        """Return the space with further domains: ``over(h="64..1024:64", k=[1, 2, 4])``.

        They come before what the model declares. A range or a list is one too.

        Raises:
            SymparamsError: no such size, no domain, or one for the second time.
        """
        given = by_name(domains, **named)
        texts = [f"{name}={written_domain(name, values)}" for name, values in given.items()]
        return self._but(over=(*self._over, *texts))

    def within(self, *budgets: str) -> ModelSpace:
        """Return the space with further budgets: ``params <= 7B``.

        Raises:
            SymparamsError: what is given is no text.
        """
        texts = texts_given(budgets, "budgets")
        return self._but(budgets=(*self._budgets, *texts))

    def measuring(self, *measures: str) -> ModelSpace:
        """Return the space with further measures of what is found: ``macs, work = 2*macs``.

        Raises:
            SymparamsError: what is given is no text, or a measure is named as a size is.
        """
        written = [column.written for column in self.columns]
        return self._but(measures=(*written, *texts_given(measures, "measures")))

    def _but(self, **changed: Iterable[str]) -> ModelSpace:
        """Return the space with other domains, budgets or measures."""
        now = {
            "over": self._over,
            "budgets": self._budgets,
            "measures": [column.written for column in self.columns],
        }
        return ModelSpace(self._definition, self._values, **{**now, **changed})

    def ask(self, *sizes: Source | str) -> Asked:
        """Return the questions to the engine, with some formulas read.

        Raises:
            SymparamsError: no size has a domain, or a budget or formula makes no sense.
        """
        if not self.domains:
            raise SymparamsError(
                "no size has a domain to search",
                None,
                "give one: --over h=64..1024:64, or in the model: h in 64..1024 step 64",
            )
        budgets = [Source("<budget>", b) for b in self._budgets]
        asked = [s if isinstance(s, Source) else formula_given("<formula>", s) for s in sizes]
        definition = asking(self._definition, [s.text for s in asked], self._values, open_=False)
        return ask(definition, self.domains, self._values, budgets, asked)

    @cached_property
    def asked(self) -> Asked:
        """The questions without an objective."""
        return self.ask()

    @cached_property
    def _measured(self) -> dict[tuple[tuple[str, Number], ...], tuple[Size, ...]]:
        """The formulas of what is measured besides, by the sizes that decide the structure.

        There are none where a formula has no closed form, as the ratio of two sums.
        """
        try:
            asked = self.ask(*(Source("<measure>", column.formula) for column in self.columns))
        except SymparamsError:
            return {}  # each choice is counted, which says what is wrong with a formula
        return {tuple(q.fixed.items()): q.sizes for q in asked.questions}

    def _with_measures(self, choices: Iterable[Choice]) -> Iterator[Choice]:
        """Yield the choices with what is measured of them besides.

        Raises:
            SymparamsError: a formula names something unknown.
        """
        for choice in choices:
            if not self.columns:
                yield choice
                continue
            names = [column.name for column in self.columns]
            values: list[Number | None]
            for fixed, formulas in self._measured.items():
                if all(choice.sizes[name] == value for name, value in fixed):
                    values = [as_number(substitute(f, choice.sizes)) for f in formulas]
                    break
            else:
                values = [self._counted_at(choice.sizes, c.formula) for c in self.columns]
            yield choice.but(measures=dict(zip(names, values, strict=True)))

    def _counted_at(self, sizes: Mapping[str, Number], formula: str) -> Number | None:
        """Return a formula in a network that is built with these sizes as numbers; None where it
        has no value, as a division by 0.
        """
        source, values = Source("<measure>", formula), settled(self._values, sizes)
        try:
            (question,) = ask(self._definition, self.domains, values, (), [source]).questions
        except (UnknownName, NeedsValue):
            raise
        except SymparamsError:
            return None
        return as_number(question.sizes[0])

    def __contains__(self, sizes: object) -> bool:
        """Tell whether a mapping of names to values is one of the configurations.

        Raises:
            SymparamsError: it has other names than those of the sizes that vary.
        """
        if not isinstance(sizes, Mapping):
            return False
        sizes = by_name(sizes)
        if set(sizes) != set(self.domains):
            wrong = sorted(set(sizes) ^ set(self.domains))[0]
            what = "not one of them" if wrong in sizes else "missing"
            raise SymparamsError(
                f"a configuration gives {', '.join(self.domains)}; '{wrong}' is {what}"
            )
        sizes = {n: number_given(n, v) for n, v in sizes.items()}
        return any(
            all(sizes[n] == v for n, v in question.fixed.items())
            and {n: v for n, v in sizes.items() if n not in question.fixed} in question.space
            and all(meets(limit, sizes) for limit in question.limits)
            for question in self.asked.questions
        )

    @property
    def size(self) -> int:
        """The number of configurations, whether they meet conditions and budgets or not."""
        return sum(q.space.count for q in self.asked.questions)

    @cached_property
    def distinct(self) -> int | None:
        """How many configurations differ in a size that exists; None where every size always does,
        or where sizes decide the structure.
        """
        network = self.asked.questions[0].network
        if len(self.asked.questions) > 1 or not network.when.keys() & self.domains.keys():
            return None
        return Configurations(self.domains, network.when).distinct

    @cached_property
    def count(self) -> int:
        """The number of configurations that meet all conditions and budgets."""
        return self.counted().least

    def counted(self, progress: Progress | None = None, time_limit: float | None = None) -> Counted:
        """Return the same, telling how far it is, and as far as the time allows."""
        clock = Clock(time_limit)
        found: list[Counted] = []
        try:
            found.extend(counted(question, clock, progress) for question in self.asked.questions)
        except OutOfTimeError:
            found.append(Counted(0, False))
        every = Counted(sum(one.least for one in found), all(one.exact for one in found))
        return answered(every, space=self)

    def sample(self, n: int, seed: int = 0) -> list[dict[str, Number]]:
        """Return ``n`` configurations, each uniform over those that meet conditions and budgets.

        Raises:
            SymparamsError: there is none.
        """
        return [dict(choice.sizes) for choice in self.samples(n, seed).choices]

    def samples(self, n: int, seed: int = 0, time_limit: float | None = None) -> Samples:
        """Return the same with what each comes to.

        Raises:
            OutOfTimeError: the time is over before all are drawn.
        """
        clock = Clock(time_limit)
        n, seed = whole_given(n, "the number of samples", 0), whole_given(seed, "a seed")
        if n > MOST_SAMPLES:
            raise SymparamsError(f"more than {MOST_SAMPLES:,} samples at a time")
        questions = self.asked.questions
        if len(questions) == 1 and questions[0].space.axes:
            (question,) = questions
            found = drawn(question, n, seed, clock)
            choices = tuple(self._with_measures(choice_at(question, p) for p in found.points))
            return answered(Samples(choices, found.method, found.feasible, seed), space=self)
        every = [counted(q, clock) for q in questions]
        if not all(one.exact for one in every):
            raise OutOfTimeError
        counts = [one.least for one in every]
        if not sum(counts):
            raise self._infeasible(clock)
        which = random.Random(seed).choices(
            range(len(questions)), cum_weights=list(accumulate(counts)), k=n
        )
        ready: dict[int, Iterator[Configuration]] = {}
        for k in sorted(set(which)):
            ready[k] = iter(drawn(questions[k], which.count(k), seed + k, clock).points)
        choices = tuple(self._with_measures(choice_at(questions[k], next(ready[k])) for k in which))
        return answered(Samples(choices, "counting", sum(counts), seed), space=self)

    def best(
        self,
        objective: str,
        minimize: bool = False,
        top: int = 1,
        time_limit: float | None = None,
        progress: Progress | None = None,
    ) -> Best:
        """Return the configurations with the largest (or smallest) objective, with a proof.

        Raises:
            SymparamsError: no configuration meets the budgets, or what was
                asked makes no sense.
        """
        minimize = flag_given(minimize, "minimize")
        top, clock = whole_given(top, "top", 1), Clock(seconds_given(time_limit, "time_limit"))
        asked = self.ask(formula_given("<minimize>" if minimize else "<maximize>", objective))
        found, refused = _each(
            asked, clock, lambda q, limit: maximized(q, minimize, top, limit, progress)
        )
        choices = [choice_at(q, p) for q, one in found for p in one.points]
        choices.sort(key=lambda c: c.goals[0], reverse=not minimize)
        kept = tuple(self._with_measures(choices[:top]))
        self._recheck(kept, [objective])
        results = [one for _, one in found]
        proved = all(r.proved for r in results)
        best = Best(
            kept,
            (objective,),
            minimize,
            proved,
            _bound(results, minimize),
            " and ".join(dict.fromkeys(r.engine for r in results)),
            "optimal" if proved else next(r.status for r in results if not r.proved),
            sum(r.nodes for r in results),
            refused,
        )
        return answered(best, space=self)

    def front(
        self,
        goals: Sequence[str],
        time_limit: float | None = None,
        progress: Progress | None = None,
    ) -> Best:
        """Return the configurations that no other is better than in every goal.

        A goal is a formula that should be large; with ``min:`` before it, small.

        Raises:
            SymparamsError: as :meth:`best`.
        """
        clock = Clock(seconds_given(time_limit, "time_limit"))
        wanted = [goal_of(g) for g in texts_given(goals, "goals")]
        asked = self.ask(*(Source("<pareto>", words) for words, _ in wanted))
        down = [small for _, small in wanted]
        found, refused = _each(asked, clock, lambda q, limit: front(q, down, limit, progress))
        choices = [choice_at(q, p) for q, one in found for p in one.points]
        kept = tuple(self._with_measures(not_dominated(choices, down)))
        self._recheck(kept[:MOST_RECHECKED], [words for words, _ in wanted])
        results = [one for _, one in found]
        proved = all(r.proved for r in results)
        best = Best(
            kept,
            tuple(words for words, _ in wanted),
            False,
            proved,
            None,
            " and ".join(dict.fromkeys(r.engine for r in results)),
            "exact" if proved else next(r.status for r in results if not r.proved),
            sum(r.nodes for r in results),
            refused,
        )
        return answered(best, space=self, several=True)

    def _infeasible(self, clock: Clock) -> SymparamsError:
        _, refused = _each(
            self.asked, clock, lambda q, limit: maximized(q, True, 1, limit, None), fail=False
        )
        return _none_of(refused, refused[0].error)

    def _recheck(self, choices: Sequence[Choice], goals: Sequence[str]) -> None:
        """Count again, each in a network built with its sizes as numbers."""
        sources = [Source("<goal>", g) for g in goals]
        budgets = [Source("<budget>", b) for b in self._budgets]
        for choice in choices[:MOST_RECHECKED]:
            values = settled(self._values, choice.sizes)
            (again,) = ask(self._definition, self.domains, values, budgets, sources).questions
            assert tuple(again.sizes) == choice.goals, f"{again.sizes} is not {choice.goals}"
            for limit, reached in zip(again.limits, choice.reached, strict=True):
                assert limit.left == reached, f"{limit.left} is not {reached}"
                assert limit.budget.met(as_number(limit.budget.size)), limit.written
            if self.columns:
                counted = [self._counted_at(choice.sizes, c.formula) for c in self.columns]
                assert counted == list(choice.measures.values()), f"{counted} at {choice.sizes}"


def goal_of(written: str) -> tuple[str, bool]:
    """Return (formula, whether small is good) of ``macs`` or ``min:macs``."""
    sense, colon, words = written.partition(":")
    if not colon:
        return written.strip(), False
    if sense.strip() not in ("min", "max"):
        raise SymparamsError(f"'{sense}:' is neither min: nor max:", None, "as in params,min:macs")
    return words.strip(), sense.strip() == "min"


# --- one question ------------------------------------------------------------------


def _each(
    asked: Asked,
    clock: Clock,
    answer: Callable[[Question, float | None], Any],
    fail: bool = True,
) -> tuple[list[tuple[Question, Any]], tuple[Refused, ...]]:
    """Return the answers to the questions that have one, and why the others have none.

    What is left of the time is shared by the questions that are left.
    """
    found: list[tuple[Question, Any]] = []
    refused = list(asked.refused)
    first: SymparamsError | None = None
    for k, question in enumerate(asked.questions):
        try:
            found.append((question, answer(question, clock.left(len(asked.questions) - k))))
        except SymparamsError as error:
            first = first or error
            refused.append(Refused(question.fixed, error))
    if not found and first is not None and fail:
        raise _none_of(refused, first)
    return found, tuple(refused)


def _none_of(refused: Sequence[Refused], first: SymparamsError) -> SymparamsError:
    """Say that no structure has an answer, and why each has none."""
    if len(refused) == 1:
        return first
    told = [f"{_said(r.fixed)}: {r.error.message}" for r in refused]
    return SymparamsError("nothing fits", notes=[(one, None) for one in told])


def _said(sizes: Mapping[str, Number]) -> str:
    return ", ".join(f"{n} = {v}" for n, v in sizes.items())


def _bound(results: Sequence[Found], minimize: bool) -> Number | None:
    """Return what no configuration of any structure is better than."""
    bounds = [r.bound for r in results]
    known = [b for b in bounds if b is not None]
    if len(known) < len(bounds):
        return None
    return min(known) if minimize else max(known)
