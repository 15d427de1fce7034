"""The models of a file or of the zoo, by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from os import PathLike

from symparams.api import Model
from symparams.elaboration import Document, kind_of, path_given, text_given, understand, zoo
from symparams.errors import UnknownName, did_you_mean
from symparams.language import read
from symparams.records import shortened


def load(path: str | PathLike[str], convention: str | None = None) -> Library:
    """Return the models of an ``.arch`` file, ``zoo:NAME`` or ``hf:config.json``, by name.

    Raises:
        SymparamsError: the file cannot be read, or is wrong.

    >>> load("zoo:vgg16")["vgg16"].count()
    138357544
    """
    written = path_given(path)
    told = None if convention is None else text_given(convention, "a convention")
    if written.startswith(zoo.PREFIX):
        return Library(understand(zoo.source(written.removeprefix(zoo.PREFIX)), told))
    if written.startswith("hf:"):
        from symparams.frameworks import source_of

        return Library(understand(source_of(written)[0], told))
    return Library(understand(read(written), told))


class NoModel(UnknownName, KeyError):
    """A file has no model of a name."""


class Library(Mapping[str, "Model"]):
    """The models of a file; a read-only mapping.

    ``library["gpt2.medium"]`` is a variant of one; :attr:`Model.variants` has them by name.
    """

    def __init__(self, document: Document) -> None:
        self._document = document

    def __getitem__(self, name: str) -> Model:
        known = {**self._document.models, **self._document.variants}
        if not isinstance(name, str):
            raise NoModel(f"the name of a model must be a text, not {kind_of(name)}")
        if name not in known:
            listed = f"there are {', '.join(known)}" if known else "there is none"
            raise NoModel(f"there is no model '{name}'", None, did_you_mean(name, known, listed))
        return Model(self._document.definition(name), None, self._document)

    def __iter__(self) -> Iterator[str]:
        return iter(self._document.models)

    def __len__(self) -> int:
        return len(self._document.models)

    def __repr__(self) -> str:
        return shortened(f"<{self._document.source.name}: {', '.join(self)}>")


__all__ = ["Library", "NoModel", "load"]
