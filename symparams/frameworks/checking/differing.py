"""The differences of two sides, those that are alike in several places as one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from symparams.frameworks.checking.alignment import Alignment
from symparams.frameworks.checking.answer import TensorDifference
from symparams.frameworks.checking.compared import ComparedTensor, Container, numberless
from symparams.frameworks.checking.parts import Likeness, left_over, likeness

_PASS = re.compile(r"\*\[\d+\]$")


def differences_of(
    text: Sequence[ComparedTensor], module: Sequence[ComparedTensor]
) -> tuple[TensorDifference, ...]:
    """Return what differs between a text and a module, in the order of the text; none where equal.

    Which of several alike tensors is the one that is missing is told by its place, as well
    as the trees tell.
    """
    said, built = left_over(text, module)
    turned = list(_turned(text, module))
    if not said and not built:
        return _together(turned)
    aligned = Alignment(text, module)
    found = list(turned)
    found += [_changed(one, other) for one, other in aligned.pairs]
    for side, containers in (("text", aligned.text_only), ("module", aligned.module_only)):
        found += [_only(side, c, aligned.beside(c), text, module) for c in containers]
    return _together(found)


def _changed(one: ComparedTensor, other: ComparedTensor) -> TensorDifference:
    what = "another role" if one.key == other.key else "another shape"
    name = one.name if one.name == other.name else f"{one.name} ({other.name})"
    return TensorDifference(
        what, one.place, other.place, name, _told(one), _told(other), 1, other.values
    )


def _only(
    side: str,
    container: Container,
    beside: Container | None,
    text: Sequence[ComparedTensor],
    module: Sequence[ComparedTensor],
) -> TensorDifference:
    """Return a part that only one side has."""
    single = container.tensors[0] if len(container.tensors) == 1 else None
    own = single.place if single is not None else _place(side, container)
    other = beside.tensors[0].place if beside is not None else ""
    shown = _told(single) if single is not None else _summary(container)
    return TensorDifference(
        f"only in the {side}",
        own if side == "text" else other,
        own if side == "module" else other,
        single.name if single is not None else "",
        shown if side == "text" else "",
        shown if side == "module" else "",
        len(container.tensors),
        container.values,
        1,
        _remark(side, single, text, module),
    )


def _remark(
    side: str,
    single: ComparedTensor | None,
    text: Sequence[ComparedTensor],
    module: Sequence[ComparedTensor],
) -> str:
    """Say where a tensor that is missing may be one that the other side uses twice."""
    if single is None or len(single.key) < 2:
        return ""
    own, other = (text, module) if side == "text" else (module, text)
    whose = "the module" if side == "text" else "the text"
    same = [t for t in own if likeness(t) == likeness(single) and t is not single]
    once = [t for t in other if likeness(t) == likeness(single)]
    if len(same) == 1 and len(once) == 1:
        return f"it may be tied in {whose}: '{once[0].place}' has its shape"
    return ""


def _place(side: str, container: Container) -> str:
    """Return what several tensors are called: their container, or the first and the last."""
    if side == "module":
        return container.name
    first, last = container.tensors[0], container.tensors[-1]
    if first.place == last.place:
        return first.place
    around = [
        g
        for g, h in zip(first.path[:-1], last.path[:-1], strict=False)
        if g == h and not _PASS.match(g) and not g.startswith("residual[")
    ]
    if around and all(around[-1] in t.path for t in container.tensors):
        return around[-1]
    return f"{first.place} … {last.place}"


def _told(tensor: ComparedTensor) -> str:
    return f"{_shape(tensor.axes)} {tensor.role}"


def _summary(container: Container) -> str:
    return f"{len(container.tensors):,} tensors, {container.values:,} values"


def _shape(axes: Iterable[int]) -> str:
    return "x".join(map(str, axes)) or "scalar"


def _turned(
    text: Sequence[ComparedTensor], module: Sequence[ComparedTensor]
) -> Iterator[TensorDifference]:
    """Yield matrices whose axes stand in the other order, where both orders are known."""
    counts: dict[Likeness, tuple[Counter[tuple[int, ...]], Counter[tuple[int, ...]]]] = {}
    free: Counter[Likeness] = Counter()
    for side, tensors in enumerate((text, module)):
        for tensor in tensors:
            key = likeness(tensor)
            if tensor.ordered:
                counts.setdefault(key, (Counter(), Counter()))[side][tensor.squeezed] += 1
            else:
                free[key] += 1
    for key, (said, built) in counts.items():
        one, other = said - built, built - said
        if free[key] or not one or not other:
            continue
        for tensor in text:
            if not (tensor.ordered and likeness(tensor) == key and one[tensor.squeezed]):
                continue
            match = next(
                (m for m in module if likeness(m) == key and m.ordered and other[m.squeezed]),
                None,
            )
            if match is None:
                break
            one[tensor.squeezed] -= 1
            other[match.squeezed] -= 1
            yield TensorDifference(
                "turned",
                tensor.place,
                match.place,
                tensor.name,
                _told(tensor),
                _told(match),
                1,
                match.values,
            )


def _together(found: Iterable[TensorDifference]) -> tuple[TensorDifference, ...]:
    """Return differences, those that are alike but for numbers in their places as one."""
    alike: dict[tuple[object, ...], list[TensorDifference]] = {}
    for one in found:
        key = (
            one.what,
            numberless(one.text),
            numberless(one.module),
            *(one.tensor, one.declared, one.found, one.remark),
        )
        alike.setdefault(key, []).append(one)
    return tuple(
        ones[0]
        if len(ones) == 1
        else ones[0].but(
            text=_common([d.text for d in ones]),
            module=_common([d.module for d in ones]),
            tensors=sum(d.tensors for d in ones),
            values=sum(d.values for d in ones),
            copies=len(ones),
        )
        for ones in alike.values()
    )


def _common(names: Sequence[str]) -> str:
    """Return a name with ``#`` for its numbers, where they are not the same everywhere."""
    return names[0] if len(set(names)) == 1 else numberless(names[0])


__all__ = ["differences_of"]
