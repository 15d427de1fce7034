"""A graph of steps folded to nets: chains, sums, residuals; braces for what is none of these.

A tensor is folded from the last tensor that all paths to it pass. What would stand in the text
twice, as several read it, gets a name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from symparams.frameworks.importing.chains import chained, joined, with_runs
from symparams.frameworks.importing.language_steps import (
    AXES,
    CALL,
    JOINED,
    WEIGHT,
    LanguageModule,
    LanguageStep,
)
from symparams.frameworks.importing.nets import (
    IDENTITY,
    TextAround,
    TextBraces,
    TextJoin,
    TextLet,
    TextName,
    TextNet,
    TextTimes,
    TextUse,
    TextWeight,
    TextWord,
    each,
)

#: Names that a text has for something else.
RESERVED = frozenset(
    {
        *("model", "block", "layer", "weight", "table", "buffer", "shared", "input", "tokens"),
        *("zeros", "id", "none", "yes", "no", "if", "then", "else", "for", "in", "on", "where"),
        *("step", "and", "or", "not", "default", "convention", "import", "expect", "measure"),
        *("output", "macs"),
    }
)
#: What the key of a layer begins with that is none of words.
OPAQUE = "opaque "


class FoldedModule:
    """A container as a net, or as braces; ``inputs`` are the names of what comes in."""

    def __init__(self, net: TextNet, inputs: tuple[str, ...], named: bool) -> None:
        self.net = net
        self.inputs = inputs
        #: Whether the first input must be called by its name.
        self.named = named


class Folding:
    """One container on its way to a net."""

    def __init__(
        self,
        module: LanguageModule,
        use: Callable[[LanguageStep], TextUse],
        role: Callable[[str], str],
        known: Iterable[str] = (),
        root: bool = False,
    ) -> None:
        self.module = module
        self.use = use
        self.role = role
        self.root = root
        self.makers = {n: s for s in module.steps for n in s.makes}
        self.readers: dict[int, int] = {}
        for step in module.steps:
            for number in step.takes:
                self.readers[number] = self.readers.get(number, 0) + 1
        for number in module.makes:
            self.readers[number] = self.readers.get(number, 0) + 1
        self.names: dict[int, str] = {}
        self._taken = set(RESERVED) | set(known)
        if not root:  # a weight of a block is called as none of its axes
            self._taken.update(*AXES.values())
        self.printed: dict[int, int] = {}
        self.shared: dict[tuple[tuple[str, str], ...], str] = {}
        self._shared_nets: dict[str, TextNet] = {}
        self._dominators: dict[int, frozenset[int]] = {}
        #: Whether some way around goes around another.
        self._nested = False

    # --- names ---------------------------------------------------------------

    def name(self, wanted: str) -> str:
        """Return a name that nothing else has."""
        word = re.sub(r"\W+", "_", wanted).strip("_").lower() or "x"
        if word[0].isdigit() or word in self._taken:
            word = f"{word}_out" if not word[0].isdigit() else f"x{word}"
        found, count = word, 1
        while found in self._taken:
            count += 1
            found = f"{word.rstrip('0123456789_')}{count}"
        self._taken.add(found)
        return found

    # --- the whole -------------------------------------------------------------

    def folded(self) -> FoldedModule:
        """Return the container as a net."""
        module = self.module
        for step in module.steps:
            if step.word == WEIGHT:
                self.names[step.makes[0]] = self.name(step.name)
        self._find_shared()
        weights = [
            self._weight(s, self.names[s.makes[0]]) for s in module.steps if s.word == WEIGHT
        ]
        inputs = list(module.takes)
        extra = {n: self.name(f"skip{k or ''}" if k else "skip") for k, n in enumerate(inputs[1:])}
        self.names.update(extra)
        single = len(module.makes) == 1
        lines: list[TextNet] = []
        first = inputs[0] if inputs else 0
        by_name = self.root or not single
        while True:
            self.printed = {}
            self._dominators = {}
            named = by_name or self._named_tensors(extra) or self._blind()
            if not named:
                try:
                    result: TextNet = self._net(module.makes[0], first)
                    break
                except NeedsInput:
                    by_name = True
                except PrintedAgain as error:
                    self._give_name(error.number)
                continue
            if first and first not in self.names:
                self.names[first] = self.name("x")
            try:
                lines = self._lines(first, extra)
                results = [self._tensor(n) for n in module.makes]
                result = results[0] if single else TextJoin(",", tuple(results))
                break
            except PrintedAgain as error:
                self._give_name(error.number)
        shared = [TextLet((name,), net, True) for name, net in self._shared_nets.items()]
        lines = [*weights, *shared, *lines]
        net = TextBraces(tuple(lines), result) if lines else result
        names = tuple(self.names.get(n, "x") for n in inputs)
        return FoldedModule(net, names, named)

    def _give_name(self, number: int) -> None:
        assert number not in self.names  # or the same would be asked for for ever
        step: LanguageStep | None = self.makers[number]
        while step is not None and (not step.name or step.name.isdigit()) and step.takes:
            step = self.makers.get(step.takes[0])
        known = step is not None and step.name and not step.name.isdigit()
        self.names[number] = self.name(step.name if known and step is not None else "x")

    def _print(self, step: LanguageStep) -> None:
        """Note that a step stands in the text.

        Raises:
            PrintedAgain: it stands there already, and several read what it makes.
        """
        for number in step.makes:
            again = self.printed.get(number, 0)
            self.printed[number] = again + 1
            if again and self.readers.get(number, 0) > 1 and step.word != WEIGHT:
                raise PrintedAgain(number)

    def _named_tensors(self, extra: Iterable[int]) -> bool:
        """Tell whether a tensor that the input makes has a name."""
        return any(
            n in self.makers and self.makers[n].word != WEIGHT and n not in extra
            for n in self.names
        )

    def _blind(self) -> bool:
        """Tell whether something of several outputs is there: it needs names, or the input."""
        return any(len(s.makes) > 1 for s in self.module.steps) or self._several_on_tensors()

    def _several_on_tensors(self) -> bool:
        return not self.module.takes

    def _weight(self, step: LanguageStep, name: str) -> TextNet:
        ((_, source),) = step.weights
        axes = self.module.axes[step.makes[0]]
        kind = (
            "buffer" if self.role(source) == "buffer" else dict(step.options).get("kind", "weight")
        )
        return TextWeight(str(kind), name, axes)

    def _lines(self, first: int, extra: Iterable[int]) -> list[TextNet]:
        """Return the lines of what has a name, in order."""
        lines: list[TextNet] = []
        done: set[int] = set()
        for step in self.module.steps:
            if step.word == WEIGHT or done & set(step.makes):
                continue
            if len(step.makes) > 1:
                for number in step.makes:
                    if number in self.readers and number not in self.names:
                        self.names[number] = self.name(self._part_name(step, number))
                names = tuple(self.names.get(n, "_") for n in step.makes)
                done.update(step.makes)
                lines.append(TextLet(names, self._made(step)))
            elif step.makes[0] in self.names:
                name = self.names.pop(step.makes[0])
                try:
                    net = self._tensor(step.makes[0])
                finally:
                    self.names[step.makes[0]] = name
                lines.append(TextLet((name,), net))
        return lines

    def _part_name(self, step: LanguageStep, number: int) -> str:
        place = step.makes.index(number)
        if step.word == "split" and len(step.makes) == 3:
            return ("q", "k", "v")[place]
        return "abcdefgh"[place] if place < 8 else "part"

    # --- shared layers -----------------------------------------------------------

    def _find_shared(self) -> None:
        """Give a name to what several steps own together."""
        owners: dict[tuple[tuple[str, str], ...], list[LanguageStep]] = {}
        for step in self.module.steps:
            key = step.weights
            if step.word == CALL and step.module is not None and step.module.path:
                key = (("", f"{step.module.path}."),)
            if key and step.word != WEIGHT:
                owners.setdefault(key, []).append(step)
        for key, steps in owners.items():
            if len(steps) > 1:
                name = self.name(steps[0].name or steps[0].word)
                self.shared[key] = name
                self._shared_nets[name] = self._word(steps[0])
        tables = {dict(s.weights)["table"]: s for s in self.module.steps if s.word == "embed"}
        for step in self.module.steps:
            kernel = dict(step.weights).get("kernel")
            if step.word == "linear" and kernel in tables:
                table = tables[kernel]
                if table.weights not in self.shared:
                    name = self.name(table.name or "table")
                    self.shared[table.weights] = name
                    self._shared_nets[name] = self._word(table)
                self.shared[step.weights] = f"{self.shared[table.weights]}.T"

    def _key(self, step: LanguageStep) -> tuple[tuple[str, str], ...]:
        if step.word == CALL and step.module is not None and step.module.path:
            return (("", f"{step.module.path}."),)
        return step.weights

    # --- nets ----------------------------------------------------------------------

    def _with_names(self, step: LanguageStep) -> TextNet:
        """Return a step on one tensor; what else it takes, it takes by name."""
        others = step.takes[1:]
        missing = [n for n in others if n not in self.names]
        if any(n not in self.makers for n in missing):
            raise NeedsInput
        if missing:
            raise NeedsNames(missing)
        if has_scores(step):
            name = self.names[others[0]]
            self._print(step)
            options = tuple((n, name if n == "scores" else v) for n, v in step.options)
            return TextWord(step.word, step.values, options)
        item = self._item(step)
        given = tuple(TextName(self.names[n]) for n in others)
        if isinstance(item, TextUse):
            return item.but(tensors=given)
        if isinstance(item, TextWord) and given:
            memory = zip(("memory", "values"), (n.name for n in given), strict=False)
            return item.but(options=(*item.options, *memory))
        return item

    def _item(self, step: LanguageStep) -> TextNet:
        self._print(step)
        name = self.shared.get(self._key(step))
        return TextName(name) if name is not None else self._word(step)

    def _word(self, step: LanguageStep) -> TextNet:
        if step.word == CALL:
            return self.use(step)
        options = dict(step.options)
        times, both = options.pop("times", None), options.pop("both", False)
        net: TextNet = TextWord(step.word, step.values, tuple(options.items()))
        if step.around is not None:
            net = TextAround(step.around[0], (net,), step.around[1])
        roles = {self.role(name) for _, name in step.weights} - {"buffer"}
        if roles == {"frozen"}:
            net = TextAround("freeze", (net,))
        if both:
            net = TextAround("bidirectional", (net,))
        return TextTimes(net, times) if times is not None else net

    def _doms(self, number: int) -> frozenset[int]:
        """Return the tensors that all paths to a tensor pass, those with names the first."""
        todo = [number]  # a stack: a flat source is a chain of a thousand steps
        while todo:
            one = todo[-1]
            step = self.makers.get(one)
            plain = one in self.names or step is None
            waiting = [] if plain or step is None else list(flowing(step))
            waiting = [n for n in waiting if n not in self._dominators]
            if one in self._dominators or not waiting:
                todo.pop()
                if one not in self._dominators:
                    self._dominators[one] = self._dominators_of(one, step)
            else:
                todo += waiting
        return self._dominators[number]

    def _dominators_of(self, number: int, step: LanguageStep | None) -> frozenset[int]:
        if number in self.names or step is None:
            return frozenset() if step is not None and step.word == WEIGHT else frozenset({number})
        before = [self._dominators[n] for n in flowing(step)]
        before = [d for d in before if d]  # weights are on no path
        return frozenset.intersection(*before) | {number} if before else frozenset()

    def _net(self, number: int, source: int) -> TextNet:
        """Return the net from one tensor to another."""
        # A loop: a flat source is a chain of a thousand steps.
        behind: list[tuple[LanguageStep, tuple[TextNet, ...]]] = []
        while True:
            step = self.makers.get(number)
            if number == source:
                found: TextNet = IDENTITY
            elif number in self.names:
                found = TextName(self.names[number])
            elif step is None or source not in self._doms(number):
                found = self._tensor(number)
            elif len(flowing(step)) == 1:
                behind.append((step, ()))
                number = step.takes[0]
                continue
            else:
                common = self._common(step.takes)
                if common is not None and source in self._doms(common):
                    parts = self._parts(step, common)
                    behind.append((step, parts))
                    number = common
                    continue
                found = self._tensor(number)
            break
        for step, parts in reversed(behind):
            found = chained(found, self._merged(step, parts) if parts else self._with_names(step))
        return found

    def _parts(self, step: LanguageStep, common: int) -> tuple[TextNet, ...]:
        """Return the nets from one tensor to all that a step takes.

        Raises:
            NeedsNames: something is made of weights alone, which is a tensor and no net.
        """
        loose = [n for n in step.takes if n not in self.names and not self._doms(n)]
        if loose:
            raise NeedsNames(loose)
        parts = tuple(self._net(n, common) for n in step.takes)
        self._no_nested_skips(step, common, parts)
        return parts

    def _no_nested_skips(self, step: LanguageStep, common: int, parts: tuple[TextNet, ...]) -> None:
        """Refuse a way around that goes around another: names are easier to read.

        Raises:
            PrintedAgain: the tensor that both begin at is to get a name.
        """
        unnamed = common in self.makers and common not in self.names
        if step.word != "|" or not unnamed:
            return
        nested = any(map(has_skip, parts))
        self._nested = self._nested or nested
        if nested or (self._nested and IDENTITY in parts):
            raise PrintedAgain(common)

    def _common(self, numbers: Sequence[int]) -> int | None:
        """Return the last tensor that all paths to some tensors pass."""
        doms = [self._doms(n) for n in numbers]
        doms = [d for d in doms if d]
        common = frozenset.intersection(*doms) if doms else frozenset()
        return max(common, default=None)

    def _tensor(self, number: int) -> TextNet:
        """Return a tensor from what has a name."""
        if number in self.names:
            return TextName(self.names[number])
        if number not in self.makers:
            raise NeedsInput
        return self._made(self.makers[number])

    def _made(self, step: LanguageStep) -> TextNet:
        if not step.takes:
            return self._item(step)
        if len(flowing(step)) == 1:
            return chained(self._tensor(step.takes[0]), self._with_names(step))
        common = self._common(step.takes)
        if common is not None and (common not in self.names or step.word in JOINED):
            parts = self._parts(step, common)
            if sum(p == IDENTITY or not isinstance(p, TextName) for p in parts) > 1:
                return chained(self._tensor(common), self._merged(step, parts))
        parts = tuple(self._tensor(n) for n in step.takes)
        return self._merged(step, parts, tensors=True)

    def _merged(
        self, step: LanguageStep, parts: tuple[TextNet, ...], tensors: bool = False
    ) -> TextNet:
        """Return a step on several nets of one input, or on several tensors."""
        if step.word in JOINED:
            self._print(step)
            return joined(step.word, parts, tensors)
        item = self._item(step)
        if isinstance(item, TextUse) and item.key.startswith(OPAQUE):
            return chained(TextJoin(",", parts), item)
        if step.word == "attend" and len(parts) > 3 and isinstance(item, TextWord):
            bias = parts[3]
            if not isinstance(bias, TextName):
                raise NeedsNames([step.takes[3]])
            item = item.but(options=(*item.options, ("bias", bias.name)))
            parts = parts[:3]
        if tensors and isinstance(item, TextWord):
            values = tuple(item.values)
            return TextAround(item.word, parts, item.options, values)
        return chained(TextJoin(",", parts), item)


def flowing(step: LanguageStep) -> tuple[int, ...]:
    """Return what flows into a step; what it takes beside that, it takes by name."""
    opaque = step.module is not None and step.module.opaque
    named = step.word == "attention" or (step.word == CALL and not opaque)
    return step.takes[:1] if named else step.takes


def has_skip(net: TextNet) -> bool:
    """Tell whether something goes around a part of a net and is joined behind it."""
    return any(isinstance(n, TextJoin) and n.op == "|" and IDENTITY in n.items for n in each(net))


def has_scores(step: LanguageStep) -> bool:
    """Tell whether a step is attention with something added to its scores."""
    return step.word == "attention" and any(n == "scores" for n, _ in step.options)


class PrintedAgain(Exception):
    """A tensor that would stand in the text twice, though it is made once."""

    def __init__(self, number: int) -> None:
        super().__init__(f"tensor {number}")
        self.number = number


class NeedsInput(Exception):
    """The input must be called by its name."""


class NeedsNames(Exception):
    """Tensors that must have names, as they are handed over by them."""

    def __init__(self, numbers: Sequence[int]) -> None:
        super().__init__("tensors without names")
        self.numbers = tuple(numbers)


def folded(
    module: LanguageModule,
    use: Callable[[LanguageStep], TextUse],
    role: Callable[[str], str],
    known: Iterable[str] = (),
    root: bool = False,
) -> FoldedModule:
    """Return a container as a net; tensors that are handed over by name get names."""
    known = tuple(known)
    wanted: dict[int, None] = {}
    while True:
        folding = Folding(module, use, role, known, root)
        for number in wanted:
            step = folding.makers[number]
            folding.names[number] = folding.name(step.name or "x")
        try:
            found = folding.folded()
        except NeedsNames as error:
            new = [n for n in error.numbers if n not in wanted and n in folding.makers]
            if not new:
                raise
            wanted.update(dict.fromkeys(new))
            continue
        found.net = with_runs(found.net)
        return found


__all__ = ["OPAQUE", "FoldedModule", "folded"]
