"""What a graph of steps says in many words, and the library in one: attention."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from symparams.frameworks.importing.language_steps import (
    LanguageModule,
    LanguageStep,
    WordValue,
)

DENSE = ("dense", "linear")


class AttentionFinder:
    """Finds projections, attention and the projection behind it in one container."""

    def __init__(self, module: LanguageModule) -> None:
        self.module = module
        self.makers = {n: s for s in module.steps for n in s.makes}
        self.readers = Counter(n for s in module.steps for n in s.takes)
        self.readers.update(module.makes)

    def module_with_attention(self) -> LanguageModule:
        """Return the container with ``attention`` in the place of what it is made of."""
        module = self.module
        for step in module.steps:
            if step.word != "attend":
                continue
            found = self._attention(step)
            if found is not None:
                made, gone = found
                steps = [made if s is gone[-1] else s for s in module.steps]
                left = {id(s) for s in gone[:-1]}
                steps = [s for s in steps if id(s) not in left]
                return AttentionFinder(module.but(steps=tuple(steps))).module_with_attention()
        return module

    def _only(self, number: int) -> LanguageStep | None:
        """Return what made a tensor that one step reads."""
        return self.makers.get(number) if self.readers[number] == 1 else None

    def _attention(self, step: LanguageStep) -> tuple[LanguageStep, list[LanguageStep]] | None:
        after = [s for s in self.module.steps if step.makes[0] in s.takes]
        if len(after) != 1 or self.readers[step.makes[0]] != 1 or after[0].word not in DENSE:
            return None
        last = after[0]
        projections = self._projections(step.takes[:3])
        if projections is None:
            return None
        sources, widths, kinds, before = projections
        if len(set(sources[1:])) != 1 or len(set(kinds)) != 1:
            return None
        given: Mapping[str, WordValue] = dict(step.options)
        heads = given.get("heads", 1)
        assert isinstance(heads, int)
        options: dict[str, WordValue] = {}
        if "kv_heads" in given:
            options["kv_heads"] = given["kv_heads"]
        width = self.module.axes[sources[0]][-1]
        if widths[0] != width:
            options["head_dim"] = widths[0] // heads
        kv_heads = given.get("kv_heads", heads)
        assert isinstance(kv_heads, int)
        if widths[0] * kv_heads != widths[1] * heads or widths[1] != widths[2]:
            return None
        if last.values[0] != width:
            options["out"] = last.values[0]
        options["bias"] = kinds[0] != "linear"
        if last.word != kinds[0]:
            options["wo"] = last.word
        owned = [w for s in (*before, last) for w in s.weights]
        weights = tuple((f"{n}{k}", source) for k, (n, source) in enumerate(owned))
        takes = [sources[0]] if sources[1] == sources[0] else [sources[0], sources[1]]
        if len(step.takes) > 3:
            return (
                None
                if len(takes) > 1
                else self._with_table(step, last, heads, options, weights, takes, before)
            )
        made = LanguageStep(
            *("attention", (heads,), tuple(options.items()), tuple(takes), last.makes),
            weights=weights,
            name=last.name,
        )
        return made, [*before, step, last]

    def _with_table(
        self,
        step: LanguageStep,
        last: LanguageStep,
        heads: int,
        options: Mapping[str, WordValue],
        weights: tuple[tuple[str, str], ...],
        takes: list[int],
        before: list[LanguageStep],
    ) -> tuple[LanguageStep, list[LanguageStep]]:
        """Return attention whose scores have a summand: the fourth tensor that is taken."""
        taken = (*takes, *step.takes[3:])
        given = (*options.items(), ("scores", "+"))
        made = LanguageStep(
            "attention", (heads,), given, taken, last.makes, weights, name=last.name
        )
        return made, [*before, step, last]

    def _projections(
        self, numbers: tuple[int, ...]
    ) -> tuple[list[int], list[int], list[str], list[LanguageStep]] | None:
        """Return sources, widths, words and steps of three projections, apart or in one."""
        makers = [self._only(n) for n in numbers]
        if any(m is None for m in makers):
            return None
        steps = [m for m in makers if m is not None]
        first = steps[0]
        if first.word == "split" and all(s is first for s in steps):
            if first.makes != numbers or first.options:
                return None
            fused = self._only(first.takes[0])
            if fused is None or fused.word not in DENSE:
                return None
            widths = [self.module.axes[n][-1] for n in numbers]
            return [fused.takes[0]] * 3, widths, [fused.word], [fused, first]
        if not all(s.word in DENSE for s in steps):
            return None
        sources = [s.takes[0] for s in steps]
        widths = [self.module.axes[n][-1] for n in numbers]
        return sources, widths, [s.word for s in steps], steps


def with_library_blocks(module: LanguageModule) -> LanguageModule:
    """Return a container in which what the library has a block for is that block."""
    return AttentionFinder(module).module_with_attention()


__all__ = ["with_library_blocks"]
