"""Which containers stay blocks of their own, and which are written where they are used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable

from symparams.frameworks.importing.language_steps import (
    JOINED,
    LanguageModule,
    LanguageStep,
)
from symparams.frameworks.importing.library_blocks import with_library_blocks

#: Containers that say nothing but "one behind the other".
TRANSPARENT = frozenset({"Sequential", "ModuleList", "ModuleDict", "Identity"})
#: A container of so few steps is written where it is used.
FEW = 3
#: A container that is used once is written there, unless it has more steps.
MANY = 400


def signature(module: LanguageModule) -> Hashable:
    """Return what two containers have in common that are one block with other numbers."""
    if module.opaque:
        return (module.opaque, len(module.takes), tuple(len(w.axes) for w in module.owned))
    places: dict[int, int] = {n: k for k, n in enumerate(module.takes)}
    found: list[Hashable] = [len(module.takes)]
    for step in module.steps:
        takes = tuple(places.setdefault(n, len(places)) for n in step.takes)
        for number in step.makes:
            places[number] = len(places)
        inner = None
        if step.module is not None:
            inner = (step.module.opaque, signature(step.module))
        options = tuple(n for n, _ in step.options)
        found.append((step.word, len(step.values), options, takes, len(step.makes), inner))
    return (tuple(found), tuple(places[n] for n in module.makes))


def mapped(
    module: LanguageModule, change: Callable[[LanguageModule], LanguageModule]
) -> LanguageModule:
    """Return a container with each container in it changed, the innermost first."""
    steps = tuple(
        s if s.module is None or s.module.opaque else s.but(module=mapped(s.module, change))
        for s in module.steps
    )
    return change(module.but(steps=steps))


def inlined(
    module: LanguageModule, here: Callable[[LanguageModule, LanguageStep], bool]
) -> LanguageModule:
    """Return a container with the steps of some containers in the place of their calls."""
    steps: list[LanguageStep] = []
    axes = dict(module.axes)
    paths = Counter(s.module.path for s in module.steps if s.module is not None)
    for step in module.steps:
        inner = step.module
        several = inner is not None and inner.path and paths[inner.path] > 1
        if inner is None or inner.opaque or several or not here(inner, step):
            steps.append(step)
            continue
        named = [
            s.but(name=step.name)
            if s.makes and set(s.makes) & set(step.makes) and not step.name.isdigit()
            else s
            for s in inner.steps
        ]
        steps += named
        axes.update(inner.axes)
    return module.but(steps=tuple(steps), axes=axes)


def with_joins_outside(module: LanguageModule) -> LanguageModule:
    """Return a container in which what others join first is joined outside, and piece by piece.

    So layers that take all that was made before them (Huang et al. 2016) take one tensor.
    """
    steps: list[LanguageStep] = []
    axes = dict(module.axes)
    for step in module.steps:
        inner = step.module
        first = inner.steps[0] if inner is not None and inner.steps else None
        if inner is None or first is None or first.word != "|":
            steps.append(step)
            continue
        joined = set(first.takes)
        rest = (*(n for s in inner.steps[1:] for n in s.takes), *inner.makes)
        if not joined <= set(inner.takes) or joined & set(rest):
            steps.append(step)
            continue
        takes = (*first.makes, *(n for n in inner.takes if n not in joined))
        axes[first.makes[0]] = inner.axes[first.makes[0]]
        inner = inner.but(takes=takes, steps=inner.steps[1:])
        steps += [first, step.but(takes=takes, module=inner)]
    known: dict[tuple[int, ...], int] = {}
    for place, step in enumerate(steps):
        if step.word == "|":
            whole = step.takes
            if whole in known:
                continue
            before = known.get(whole[:-1])
            if before is not None and len(whole) > 2:
                steps[place] = step.but(takes=(before, whole[-1]))
            known[whole] = step.makes[0]
    return module.but(steps=tuple(steps), axes=axes)


def spliced(root: LanguageModule) -> LanguageModule:
    """Return a source with only those containers that are worth a block of their own."""

    def small(inner: LanguageModule, step: LanguageStep) -> bool:
        few = sum(s.word not in JOINED for s in inner.steps) <= FEW and len(inner.steps) <= FEW + 1
        return inner.title in TRANSPARENT or few or not step.makes

    root = mapped(root, with_joins_outside)
    root = mapped(root, lambda m: with_library_blocks(inlined(m, small)))
    while True:
        once = _used_once(root)

        def single(
            inner: LanguageModule, step: LanguageStep, once: frozenset[Hashable] = once
        ) -> bool:
            return signature(inner) in once and len(inner.steps) <= MANY

        if not once:
            return root
        root = mapped(root, lambda m: with_library_blocks(inlined(m, single)))


def _used_once(root: LanguageModule) -> frozenset[Hashable]:
    """Return the signatures of containers that a text would use at one place, and in no run."""
    uses: Counter[Hashable] = Counter()
    seen: set[Hashable] = set()
    todo = [root]
    while todo:
        module = todo.pop()
        own = signature(module)
        if own in seen:
            continue
        seen.add(own)
        before: LanguageStep | None = None
        last: Hashable = None
        for step in module.steps:
            if step.module is None or step.module.opaque:
                continue
            todo.append(step.module)
            mark = signature(step.module)
            run = before is not None and mark == last and set(step.takes) & set(before.makes)
            uses[mark] += 2 if run else 1  # a run keeps its block
            before, last = step, mark
    paths = Counter(s.module.path for s in root.steps if s.module is not None)
    twice = {p for p, n in paths.items() if n > 1 and p}
    if twice:
        for step in root.steps:
            if step.module is not None and step.module.path in twice:
                uses[signature(step.module)] += 2
    return frozenset(mark for mark, n in uses.items() if n == 1)


__all__ = ["FEW", "signature", "spliced"]
