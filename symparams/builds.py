"""A model in the frameworks: built in one, and compared with what stands there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from symparams.answers import answered
from symparams.elaboration import (
    WrittenModel,
    by_name,
    counted_by,
    text_given,
    texts_given,
)
from symparams.given_model import GivenModel

if TYPE_CHECKING:
    from symparams.frameworks import ModuleCheck, Verification


class Builds(GivenModel):
    """What a model is in torch and in Keras.

    As with :class:`~symparams.studies.Studies`, its one heir is
    :class:`~symparams.api.Model`.
    """

    def verify(
        self,
        /,
        against: Any,
        *sizes: Mapping[str, Any],
        convention: str | None = None,
        maps: str | Iterable[str] = (),
        **named: Any,
    ) -> Verification | ModuleCheck:
        """Build the model in ``torch`` or ``keras``, or compare it with a module of yours.

        A framework is compared in every weight and output; a module, a function that builds
        one from the sizes by name, or ``pkg.module:name`` in its tensors, with ``maps`` as for
        ``--map``. Layers count by ``convention``, or as model, text or else framework say.

        Raises:
            SymparamsError: no such framework, layer or module; a size has no value.
        """
        from symparams.frameworks import check_module, verify

        values = self._with(by_name(*sizes, **named)).values
        if isinstance(against, str) and ":" not in against:
            definition, told = self._counted_for(against, convention)
            return answered(verify(definition, against, values), **told)
        counted = {}

        def definition_for(framework: str) -> WrittenModel:
            if framework not in counted:
                counted[framework] = self._counted_for(framework, convention)
            return counted[framework][0]

        checked = check_module(definition_for, against, values, texts_given(maps, "the maps"))
        return answered(checked, **counted[checked.framework][1])

    def to_torch(
        self, /, *sizes: Mapping[str, Any], convention: str | None = None, **named: Any
    ) -> Any:
        """Return the model as a ``torch.nn.Module``, its weights initialised as torch does.

        Its layers are those of ``convention``, found as :meth:`verify` does. Inputs
        have a batch in front and channels at the end, in the order of the text;
        integers are ``torch.long``. Under ``torch.device("meta")`` it takes no memory.

        Raises:
            SymparamsError: torch is not installed, or has no such layer; a size
                has no value.
        """
        return self._built_in("torch", convention, by_name(*sizes, **named))

    def to_keras(
        self, /, *sizes: Mapping[str, Any], convention: str | None = None, **named: Any
    ) -> Any:
        """Return the model as a ``keras.Model``, its weights initialised as Keras does.

        Its layers are those of ``convention``, found as :meth:`verify` does.

        Raises:
            SymparamsError: Keras is not installed, or has no such layer; a size
                has no value.
        """
        return self._built_in("keras", convention, by_name(*sizes, **named))

    def _built_in(self, name: str, convention: str | None, sizes: Mapping[str, Any]) -> Any:
        from symparams.frameworks import network

        definition, _ = self._counted_for(name, convention)
        return network(definition, name, self._with(sizes).values)

    def _counted_for(
        self, framework: str, convention: str | None
    ) -> tuple[WrittenModel, dict[str, str]]:
        """Return the model as a framework is to count it: its text, read again.

        With it comes the convention in force, and who said so; "" is the framework itself.
        """
        from symparams.frameworks import convention_of

        otherwise = convention_of(framework)
        told = convention_given(convention)
        if self._document is None:
            return self._definition, {"convention": otherwise, "said_by": ""}
        given = told if told is not None else self._document.told
        document, used = counted_by(self._document.source, given, otherwise)
        said_by = "the text" if document.says_convention else ""
        name = self._definition.name
        definition = document.definition(name if name in document.known else "")
        about = {"convention": used, "said_by": said_by if given is None else "the call"}
        return definition, about


def convention_given(value: object) -> str | None:
    return None if value is None else text_given(value, "a convention")


__all__ = ["Builds", "convention_given"]
