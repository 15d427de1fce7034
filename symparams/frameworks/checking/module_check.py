"""The question itself: is somebody's module what a text says?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from symparams.algebra import Size, substitute
from symparams.elaboration import Value, WrittenModel
from symparams.errors import NeedsValue, SymparamsError, several
from symparams.frameworks.checking.answer import CheckedPoint, ModuleCheck, TotalDifference
from symparams.frameworks.checking.arguments import arguments_of_builder
from symparams.frameworks.checking.compared import (
    ComparedTensor,
    module_tensors,
    text_tensors,
)
from symparams.frameworks.checking.differing import differences_of
from symparams.frameworks.checking.mapping import WrittenMap, mapped
from symparams.frameworks.checking.parts import TakenApart, left_over, likeness, taken_apart
from symparams.frameworks.checking.points import CalledBuilder, is_module
from symparams.frameworks.inference import keras_tensors, torch_tensors
from symparams.frameworks.inference.builders import builder_named
from symparams.frameworks.inference.inferring import Inference
from symparams.frameworks.inference.sampling import PointSource
from symparams.frameworks.inference.tensors import BUFFER, FROZEN, TRAINABLE, BuiltModule, SizePoint

#: A definition, or what gives it as a framework counts.
Counted: TypeAlias = "WrittenModel | Callable[[str], WrittenModel]"
#: What is totalled: a measure → the roles in it.
TOTALS = {
    "params": (TRAINABLE, FROZEN),
    "trainable": (TRAINABLE,),
    "frozen": (FROZEN,),
    "buffers": (BUFFER,),
}


def _untold(done: int) -> None:
    """Tell nobody."""


def check_module(
    model: Counted,
    module: Any,
    values: Mapping[str, Value] | None = None,
    maps: Sequence[str] = (),
    tell: Callable[[int], object] = _untold,
    formulas: bool = True,
) -> ModuleCheck:
    """Compare a text with a module that somebody else wrote, tensor by tensor.

    A builder is called at the defaults and at three other points, with the sizes by their
    names; a module is compared at ``values`` and, beside them, at the defaults. The multiset
    of shapes and roles gives the verdict, once what one side keeps fused, stacked or in
    another shape is taken apart; names and order are for the report alone.

    Args:
        model: the text, or what gives it as a framework counts (``torch`` or ``keras``).
        module: a function that builds a module, a module, or the name of one of both, as
            ``models.resnet:build``.
        values: sizes of the text that are given; the others vary.
        maps: what is one tensor in the module and several in the text, as
            ``blocks.#.attn.qkv = attention.q|k|v``.
        tell: called with how many points were tried.
        formulas: whether differences are looked for as formulas, which takes more points.

    Raises:
        SymparamsError: there is no such module or builder, its arguments are not the sizes
            of the text, it raises, or it returns no module whose shapes are known.
    """
    given = dict(values or {})
    name = module if isinstance(module, str) else _name_of(module)
    made = builder_named(module) if isinstance(module, str) else module
    written = [WrittenMap.read(one) for one in maps]
    if is_module(made):
        checking = _Checking(model, name, given, written)
        checking.module(made)
        return checking.answer()
    if not callable(made):
        raise SymparamsError(f"'{name}' is no module and no function that builds one")
    first = model("torch") if callable(model) else model
    arguments = arguments_of_builder(made, name, first, given)
    builder = CalledBuilder(made, name, arguments, tell)
    points, notes = builder.points()
    checking = _Checking(model, name, given, written)
    checking.notes += notes
    for point in points:
        built = builder.module(point)
        shown = {n: point[n] for n in arguments.varied}
        checking.at(shown, arguments.values(point), built, builder.build.framework)
    answer = checking.answer()
    if answer.agrees or not formulas:
        return answer
    return answer.but(totals=_with_formulas(answer, builder, checking.definition, tell))


def check_tensors(
    model: WrittenModel, name: str, built: BuiltModule, framework: str
) -> ModuleCheck:
    """Compare a text with tensors that were read, as of a file, at the defaults of the text.

    Raises:
        SymparamsError: a size of the text has no value.
    """
    checking = _Checking(model, name, {}, [])
    checking.at({}, {}, built, framework)
    return checking.answer()


def _name_of(module: Any) -> str:
    name = getattr(module, "__qualname__", None) or type(module).__qualname__
    return str(name)


class _Compared:
    """Both sides at one point."""

    def __init__(
        self,
        sizes: SizePoint,
        text: list[ComparedTensor],
        module: list[ComparedTensor],
        rules: tuple[TakenApart, ...],
        built: BuiltModule,
        beside: list[ComparedTensor],
    ) -> None:
        self.sizes = sizes
        self.text = text
        self.module = module
        self.rules = rules
        #: Its tensors that count: those that are kept, and those of the others that the text says.
        self.counted = [t.values for t in built.tensors if t.persistent]
        self.counted += [t.values for t in beside]
        self.tied = built.tied
        self.left_out = len(built.tensors) - len(self.counted)
        self.differences = differences_of(text, module)
        # What is left over decides; the differences are how it is told.
        self.equal = not any(left_over(text, module)) and not self.differences

    def point(self) -> CheckedPoint:
        return CheckedPoint(self.sizes, self.equal, _by_role(self.text), _by_role(self.module))


class _Checking:
    """One comparison, point by point."""

    def __init__(
        self, model: Counted, name: str, given: Mapping[str, Value], maps: Sequence[WrittenMap]
    ) -> None:
        self._model = model
        self._name = name
        self._given = dict(given)
        self._maps = maps
        self._read: dict[str, WrittenModel] = {}
        self.framework = ""
        self.notes: list[str] = []
        self.compared: list[_Compared] = []

    @property
    def definition(self) -> WrittenModel:
        """The text as the framework counts it."""
        if not callable(self._model):
            return self._model
        if self.framework not in self._read:
            self._read[self.framework] = self._model(self.framework)
        return self._read[self.framework]

    def module(self, made: Any) -> None:
        """Compare a module at the only point it has."""
        reader = torch_tensors if torch_tensors.is_module(made) else keras_tensors
        self.at({}, self._given, reader.built_module(made), reader.NAME)

    def at(
        self, sizes: SizePoint, values: Mapping[str, Value], built: BuiltModule, framework: str
    ) -> None:
        """Compare both sides at a point."""
        self.framework = framework
        text = text_tensors(self.definition, dict(values), framework)
        module = module_tensors(built, framework)
        beside = _said(module_tensors(built, framework, persistent=False), text, module)
        module += beside
        module, asked = mapped(module, text, self._maps)
        text, module, rules = taken_apart(text, module)
        self.compared.append(_Compared(sizes, text, module, (*asked, *rules), built, beside))

    def answer(self) -> ModuleCheck:
        """Return the verdict, told of the smallest point that differs, or of the first."""
        differing = [c for c in self.compared if not c.equal]
        told = min(differing, key=lambda c: len(c.module)) if differing else self.compared[0]
        if told.left_out:
            left_out = several(told.left_out, "buffer")
            self.notes.append(f"{left_out} left out: not saved, or of integers")
        rules = {(r.side, r.pattern): r for c in self.compared for r in c.rules}
        rules.update({(r.side, r.pattern): r for r in told.rules})
        return ModuleCheck(
            self.definition.name,
            self._name,
            self.framework,
            tuple(c.point() for c in self.compared),
            len(told.counted),
            sum(told.counted),
            told.differences,
            told.sizes,
            tuple(rules.values()),
            tuple(_totals(told.point())),
            told.tied,
            tuple(self.notes),
        )


def _said(
    others: Iterable[ComparedTensor],
    text: Sequence[ComparedTensor],
    module: Sequence[ComparedTensor],
) -> list[ComparedTensor]:
    """Return the buffers that are not kept, or of integers, as often as the text has them."""
    missing, _ = left_over(text, module)
    found = []
    for tensor in others:
        if missing[likeness(tensor)]:
            missing[likeness(tensor)] -= 1
            found.append(tensor)
    return found


def _by_role(tensors: Iterable[ComparedTensor]) -> dict[str, int]:
    found: Counter[str] = Counter()
    for tensor in tensors:
        found[tensor.role] += tensor.values
    return dict(found)


def _totals(point: CheckedPoint) -> Iterable[TotalDifference]:
    """Yield the totals that differ at a point."""
    for measure, roles in _roles_of(point).items():
        declared = sum(point.declared.get(r, 0) for r in roles)
        found = sum(point.found.get(r, 0) for r in roles)
        if declared != found:
            yield TotalDifference(measure, declared, found, None)


def _roles_of(point: CheckedPoint) -> dict[str, tuple[str, ...]]:
    """Return the totals of a framework: Keras tells trained weights from all others."""
    known = {*point.declared, *point.found}
    other = known - {TRAINABLE, FROZEN, BUFFER}
    return {"trainable": (TRAINABLE,), "not trained": tuple(other)} if other else TOTALS


def _with_formulas(
    answer: ModuleCheck,
    builder: CalledBuilder,
    definition: WrittenModel,
    tell: Callable[[int], object],
) -> tuple[TotalDifference, ...]:
    """Return the totals that differ with their differences as formulas of the sizes.

    The module's own totals are inferred. Each is kept only where it comes to what was
    counted at every point that was compared.
    """
    arguments = builder.arguments
    if not arguments.varied:
        return answer.totals
    space = builder.space_of(arguments.varied)
    inferred = Inference(
        answer.module, space, PointSource(space, builder.at, tell), builder.build
    ).answer()
    network = arguments.network
    found = []
    for total in answer.totals:
        formula: Size | None = getattr(inferred.totals, total.measure, None)
        try:
            said = network.measure(total.measure) if formula is not None else None
        except (NeedsValue, SymparamsError):
            said = None
        if formula is None or said is None:
            found.append(total)
            continue
        difference = formula - said
        holds = all(
            substitute(difference, dict(p.sizes)) == _counted(p, total.measure)
            for p in answer.points
        )
        found.append(total.but(formula=difference) if holds else total)
    return tuple(found)


def _counted(point: CheckedPoint, measure: str) -> int:
    roles = _roles_of(point)[measure]
    return sum(point.found.get(r, 0) - point.declared.get(r, 0) for r in roles)


__all__ = ["Counted", "check_module"]
