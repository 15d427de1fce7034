"""The points that a builder is compared at: the defaults, and others where it builds."""

from __future__ import annotations

import sysconfig
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from symparams.algebra import Number
from symparams.errors import SymparamsError
from symparams.frameworks.checking.arguments import BuilderArguments
from symparams.frameworks.inference.builders import ModuleBuilder
from symparams.frameworks.inference.sampling import PointSource, told
from symparams.frameworks.inference.space import SizeSpace
from symparams.frameworks.inference.tensors import BuildRefusal, BuiltModule, SizePoint
from symparams.frameworks.inference.their_code import RAISED

#: How many points are compared beside the defaults.
OTHER_POINTS = 3
#: Values that may be built where a builder needs memory for them: 2 GB in float32.
MOST_IN_MEMORY = 2**29


class ComparedSpace(SizeSpace):
    """The sizes of a text that its builder takes.

    ``given`` holds defaults of those that are no arguments; all others are chosen small, as
    what is large takes long to build, and the defaults are a point of their own.
    """

    given: Mapping[str, Number] = {}

    def default(self, name: str) -> Number | None:
        """Return the default of what the builder is not called with."""
        return self.given.get(name)


class CalledBuilder:
    """A builder of somebody, called at points of the text's sizes."""

    def __init__(
        self,
        builder: Callable[..., Any],
        name: str,
        arguments: BuilderArguments,
        tell: Callable[[int], object],
    ) -> None:
        self.name = name
        self.arguments = arguments
        self._builder = builder
        self._place = ""
        self.space = self.space_of((*arguments.varied, *arguments.silent))
        fractional = [n for n in self.space.names if self.space.fractional(n)]
        self.build = ModuleBuilder(self._call, name, fractional)
        self.source = PointSource(self.space, self.at, tell)
        self._shrink()

    def space_of(
        self, names: tuple[str, ...], given: Mapping[str, Number] | None = None
    ) -> ComparedSpace:
        """Return the space of some sizes, with the domains and conditions of the text."""
        arguments = self.arguments
        kept = {n: v for n, v in arguments.defaults.items() if n in arguments.silent}
        kept = kept if given is None else dict(given)
        return ComparedSpace(names, arguments.network, ", ".join(names), "", kept)

    def _shrink(self) -> None:
        """Make small what the builder does not take where its default keeps others large.

        Of n experts the 6 best are at work: n is 6 at least, unless that is made less.
        """
        space, first = self.space, self.source.first_value
        kept = dict(space.given)
        small = {n: first(n) for n in space.names if n not in kept}
        for name in list(kept):
            if space.admits({**small, **kept}):
                return
            if 1 in space.domain(name):
                kept[name] = 1
        if space.admits({**small, **kept}):
            self.space = self.space_of(space.names, kept)
            self.source.space = self.space

    def at(self, point: SizePoint) -> BuiltModule | BuildRefusal:
        """Return what is built at a point, or what the builder raises.

        Raises:
            SymparamsError: it raises what no other sizes cure, or returns no module.
        """
        self._point = point
        made = self.build(point)
        if isinstance(made, BuildRefusal) and made.hopeless:
            raise SymparamsError(made.message, None, self._place)
        return made

    def _call(self, **_sizes: int | float) -> Any:
        """Call the builder with its own arguments: lists of sizes, flags, and no others."""
        try:
            return self._builder(**self.arguments.called(self._point))
        except RAISED as error:
            self._place = place_of(error)
            raise

    # --- points ---

    def points(self) -> tuple[list[SizePoint], list[str]]:
        """Return the points to compare at, the defaults the first, and what is to be said.

        Raises:
            SymparamsError: the builder raises at the defaults, or at all points tried.
        """
        notes: list[str] = []
        others = self._others()
        first = self._defaults(notes)
        found = ([first] if first is not None else []) + [p for p in others if p != first]
        if not found:
            self._raise()
        return found, notes

    def module(self, point: SizePoint) -> BuiltModule:
        """Return what was built at a point."""
        found = self.source.at(point)
        assert found is not None
        return found

    def _others(self) -> list[SizePoint]:
        names = self.arguments.varied
        if not names:
            return []
        try:
            base = self.source.base()
        except SymparamsError:
            if not self.source.refused:
                return []  # no sizes that the text admits were found: the defaults are left
            return []
        values = {n: [base[n]] for n in self.space.names}
        values.update({n: self._near(n, base[n]) for n in names})
        found = self.source.joint(values, OTHER_POINTS)
        return (found if len(found) >= OTHER_POINTS else [base, *found])[:OTHER_POINTS]

    def _near(self, name: str, value: Number) -> list[Number]:
        domain = self.space.domain(name)
        if domain.choices:
            return sorted(domain.choices)
        s = domain.step
        near = (value, value + s, value + 2 * s, value - s, value + 4 * s, 2 * value, 3 * value)
        return [v for v in near if v in domain]

    def _defaults(self, notes: list[str]) -> SizePoint | None:
        """Return the point of the text's defaults, where it has all, and they can be built.

        Raises:
            SymparamsError: the builder raises there.
        """
        arguments = self.arguments
        names = (*arguments.varied, *arguments.silent)
        missing = [n for n in arguments.varied if n not in arguments.defaults]
        if missing:
            notes.append(
                f"the text has no default of {', '.join(missing)}: only other points were compared"
            )
            return None
        base = {n: self._silent(n) for n in arguments.silent if n not in arguments.defaults}
        point = {**base, **{n: arguments.defaults[n] for n in names if n in arguments.defaults}}
        values = self._values_at(point)
        if values > MOST_IN_MEMORY:
            self.build.falls_back = False
            if self.build.framework and not self.build.on_meta:
                notes.append(
                    f"not compared at the defaults: {values:,} values, which this builder "
                    "keeps in memory (it does not build on the meta device)"
                )
                return None
        if self.source.at(point) is None:
            self._raise(point)
        return point

    def _silent(self, name: str) -> Number:
        return next((p[name] for p in map(dict, self.source.built)), self.source.first_value(name))

    def _values_at(self, point: SizePoint) -> int:
        from symparams.elaboration import build

        network = build(
            self.arguments.network.definition, self.arguments.values(point), defaults=True
        )
        size = network.measure("params")
        return int(size) if isinstance(size, int) else 0

    def _raise(self, point: SizePoint | None = None) -> None:
        """Say what the builder raises, and where in its own code."""
        refused, message = next(
            ((p, m) for p, m in self.source.refused if point is None or p == point),
            (point or {}, "it raises"),
        )
        args = {n: refused[n] for n in self.arguments.varied if n in refused}
        at = f" at {told(args)}" if args else ""
        raise SymparamsError(f"'{self.name}' raises{at}: {message}", None, self._place)


def place_of(error: BaseException) -> str:
    """Return the file and line in somebody's code that raised: the innermost that is no library."""
    frames = traceback.extract_tb(error.__traceback__)
    installed = {sysconfig.get_path("purelib"), sysconfig.get_path("stdlib")}
    ours = str(Path(__file__).resolve().parents[2])
    own = [
        f
        for f in frames
        if not f.filename.startswith((ours, *installed)) and "site-packages" not in f.filename
    ]
    if not frames:
        return ""
    frame = (own or frames)[-1]
    try:
        name = str(Path(frame.filename).resolve().relative_to(Path.cwd()))
    except ValueError:
        name = frame.filename
    line = f": {frame.line}" if frame.line else ""
    return f"{name}:{frame.lineno}{line}"


def is_module(made: Any) -> bool:
    """Tell whether something is a module of torch or of Keras, and no builder of one."""
    from symparams.frameworks.inference import keras_tensors, torch_tensors

    return torch_tensors.is_module(made) or keras_tensors.is_module(made)


__all__ = ["CalledBuilder", "is_module", "place_of"]
