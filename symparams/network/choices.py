"""``if`` on sizes that are not known: decided only where the branches differ."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from symparams.algebra import Condition, Size, indicator, negated, solved, substitute
from symparams.errors import SymparamsError
from symparams.network.addresses import measures_by_name
from symparams.network.building import Run, Trial
from symparams.network.folding import fold
from symparams.network.measures import MEASURES, Measure
from symparams.network.nets import Net
from symparams.network.nodes import GroupNode, Node, RepeatNode
from symparams.network.shapes import Bundled, Flow, Signal


class ChoiceNet(Net):
    """``if`` on sizes that are not known: decided only where the branches differ.

    ``told`` is the condition as it is written; ``labels`` are the branches of a ``choice``, which
    takes all cases where its branches have shapes of as many axes.
    """

    condition: Condition
    then: Callable[[], Net]
    otherwise: Callable[[], Net]
    told: str = ""
    labels: tuple[str, ...] = ()

    def apply(self, flow: Flow, run: Run) -> Node:
        answer = self.condition.judge(run.facts)
        if answer is None:
            # Branches that count the same may fold differently; those of a choice have others in
            # the last of them, which are tried once.
            if run.fusing or self.labels:
                same = self._by_cases(flow, run)
            else:
                same = self._same(flow, run) or self._by_cases(flow, run) or self._wider(flow, run)
            if same is not None:
                return same
            answer = run.decide(self.condition, self.span, self.told)
        return (self.then if answer else self.otherwise)().apply(flow, run)

    def _by_cases(self, flow: Flow, run: Run) -> Node | None:
        """Return both branches, each counted at the values where the condition chooses it."""
        chosen, since = indicator(self.condition, run.facts), run.storages.made
        if chosen is None:
            return None
        try:
            with run.present(self.condition):
                yes = self._tried(True, flow, run)
            with run.present(negated(self.condition)):
                no = self._tried(False, flow, run)
        except SymparamsError:
            if self.labels:
                raise
            return None
        output: Flow | None = yes.node.output
        if output != no.node.output:
            output = self._in_all_cases(yes.node.output, no.node.output, chosen)
        if output is None or not _keeps_alike(yes, no, since):
            return None
        parts = ((chosen, run.keep(yes)), (1 - chosen, run.keep(no)))
        return RepeatNode(output, self.span, 1, parts)

    def _in_all_cases(self, yes: Flow, no: Flow, chosen: Size) -> Flow | None:
        """Return the shape of a choice, case by case; None where gradients differ, or of an ``if``.

        Raises:
            SymparamsError: the shapes have not as many axes.
        """
        if not self.labels:
            return None
        if isinstance(yes, Bundled) and isinstance(no, Bundled) and len(yes.items) == len(no.items):
            pairs = zip(yes.items, no.items, strict=True)
            items = [self._in_all_cases(*pair, chosen) for pair in pairs]
            known = [item for item in items if item is not None]
            return Bundled(tuple(known)) if len(known) == len(items) else None
        if (
            isinstance(yes, Bundled)
            or isinstance(no, Bundled)
            or (len(yes.axes) != len(no.axes) or yes.tokens != no.tokens)
        ):
            one, other = self.labels
            raise SymparamsError(
                f"'{one}' gives {yes.described()}, and '{other}' {no.described()}",
                self.span,
                "branches of a choice give tensors of as many axes",
            )
        if yes.grad != no.grad:
            return None
        axes = tuple(
            a if a == b else chosen * a + (1 - chosen) * b
            for a, b in zip(yes.axes, no.axes, strict=True)
        )
        return Signal(axes, yes.tokens, yes.grad)

    def _same(self, flow: Flow, run: Run) -> Node | None:
        """Return the node of either branch where both give the same shape, counts and shared
        uses.
        """
        since = run.storages.made
        try:
            yes, no = self._tried(True, flow, run), self._tried(False, flow, run)
            if yes.node.output != no.node.output or not _keeps_alike(yes, no, since):
                return None
            if not _alike(yes, no, run):
                return None
        except SymparamsError:
            return None  # one branch does not fit here; the condition has to decide
        run.keep_conditions(no)
        node = run.keep(yes)
        names = tuple(sorted(run.known({s.name for s in self.condition.symbols()})))
        return GroupNode(
            node.output, self.span, "", node, shown=False, other=no.node, decided=names
        )

    def _wider(self, flow: Flow, run: Run) -> Node | None:
        """Return the branch taken where two sizes differ, if it counts the same where they are
        equal.
        """
        differ = self.condition.op == "not"
        equality = self.condition.parts[0] if differ else self.condition
        found = solved(equality.size) if equality.op == "zero" else None
        if found is None:
            return None
        since = run.storages.made
        try:
            equal, other = self._tried(not differ, flow, run), self._tried(differ, flow, run)
            if not _keeps_alike(equal, other, since):
                return None
            if not _alike_at(equal, other, dict([found]), run):
                return None
        except SymparamsError:
            return None
        run.keep_conditions(equal)
        node = run.keep(other)
        names = tuple(sorted(run.known({s.name for s in self.condition.symbols()})))
        return GroupNode(
            *(node.output, self.span, "", node),
            shown=False,
            decided=names,
            narrow=equal.node,
            where=(found,),
        )

    def _tried(self, holds: bool, flow: Flow, run: Run) -> Trial:
        """Return a branch, in the case that it is chosen."""

        def built() -> Node:
            with run.branch(self.condition if holds else negated(self.condition)):
                return (self.then if holds else self.otherwise)().apply(flow, run)

        return run.tried(built)


def _keeps_alike(one: Trial, other: Trial, since: int) -> bool:
    """Tell whether what is behind two branches, begun at ``since``, finds the same kept."""
    kept, others = ({s for s in t.kept if s.born <= since} for t in (one, other))
    return kept == others and one.situation == other.situation


def _counted(run: Run) -> Iterator[Measure]:
    """Yield the measures that a network of this building is asked for."""
    return (
        m
        for m in MEASURES.values()
        if (run.gradients or not m.gradients) and (run.storages.on or not m.storages)
    )


def _alike(one: Trial, other: Trial, run: Run) -> bool:
    """Tell whether two nodes count the same, and have the same uses of shared nets."""
    uses, others = ([(id(u.of), u.frozen, u.when, u.weights) for u in t.uses] for t in (one, other))
    return sorted(uses, key=str) == sorted(others, key=str) and all(
        fold(one.node, m) == fold(other.node, m) for m in _counted(run)
    )


def _alike_at(one: Trial, other: Trial, values: Mapping[str, Size], run: Run) -> bool:
    """Tell whether two nodes count the same where sizes have these values, and use no shared
    net.
    """
    shapes = one.node.output, other.node.output
    if one.uses or other.uses or not all(isinstance(s, Signal) for s in shapes):
        return False
    axes = [tuple(substitute(a, values) for a in s.axes) for s in shapes if isinstance(s, Signal)]
    grads = {s.grad for s in shapes if isinstance(s, Signal)}

    def named(trial: Trial, m: Measure) -> dict[str, Size]:
        sizes = measures_by_name(trial.node, m).items()
        return {n: at for n, z in sizes if (at := substitute(z, values)) != 0}

    return (
        axes[0] == axes[1]
        and len(grads) == 1
        and all(
            substitute(fold(one.node, m) - fold(other.node, m), values) == 0
            and named(one, m) == named(other, m)
            for m in _counted(run)
        )
    )
