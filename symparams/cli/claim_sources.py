"""The models that a table of claims speaks of: of one SOURCE, or SOURCEs of their own."""

from __future__ import annotations

import os
import re
from pathlib import Path, PurePath, PurePosixPath
from typing import TYPE_CHECKING

from symparams.cli.sources import definition_of, document_of, renames_of, values_of
from symparams.errors import Source, SymparamsError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from symparams.analysis import PrintedClaim
    from symparams.elaboration import Document, Value, WrittenModel

#: A model with sizes behind it: ``gpt2(l = 24, h = 1024)``.
_CALL = re.compile(r"(?P<name>[\w.:/-]+)\((?P<sizes>[^()]*)\)")


class ModelsOfTable:
    """Finds the model of each line of a table; each text is read once.

    With a SOURCE, the column names a model of it, or nothing where it has one alone. Without,
    it holds ``zoo:gpt2``, a text of one line, or an ``.arch`` file beside the table or below.
    """

    def __init__(
        self,
        source: str | None,
        table: str,
        convention: str | None,
        settings: tuple[str, ...],
    ) -> None:
        self.source = source
        self.folder = "" if table == "-" else str(PurePath(table).parent)
        self.convention = convention
        self.settings = settings
        self._document: Document | None = None
        self._known: dict[str, WrittenModel] = {}

    def of(self, claim: PrintedClaim) -> tuple[WrittenModel, Mapping[str, Value]]:
        """Return the model of a line, and the values that it gives to sizes.

        Raises:
            SymparamsError: there is no such model, or a size is given twice.
        """
        name, settings = claim.model, list(self.settings)
        call = _CALL.fullmatch(name)
        if call is not None:
            name = call["name"]
            settings += [call["sizes"]] if call["sizes"].strip() else []
        settings += [claim.sizes] if claim.sizes else []
        if name not in self._known:
            self._known[name] = self._found(name)
        return self._known[name], values_of(tuple(settings), "a claim's sizes:")

    def renames(self, claim: PrintedClaim) -> dict[str, str]:
        """Return the names of a line's formula that are others in the model."""
        return renames_of((claim.rename,)) if claim.rename else {}

    def _found(self, name: str) -> WrittenModel:
        if self.source is not None and not _is_source(name):
            if not name:
                return definition_of(self.source, self.convention)
            if self._document is None:
                self._document = document_of(self.source, self.convention)
            return self._document.definition(name)
        if not name:
            raise SymparamsError(
                "no model is named", None, "write zoo:gpt2 in the column 'model', or give a SOURCE"
            )
        return definition_of(self._beside(name), self.convention)

    def _beside(self, name: str) -> str:
        """Return a SOURCE of a stranger's table, which opens no file but those that are its own.

        Raises:
            SymparamsError: it is neither of the zoo, nor a text, nor such a file.
        """
        if name.startswith("zoo:") or "->" in name or "→" in name:
            return name
        file = re.fullmatch(r"(?P<path>[^\\:]+\.arch)(:\w+)?", name)
        folder = Path(os.path.realpath(self.folder))
        if file is None or not _below(folder, file["path"]):
            raise SymparamsError(
                f"'{name}' is no model of a table",
                None,
                "zoo:NAME, a text of one line, or an .arch file beside the table or below",
            )
        return str(PurePath(self.folder) / name)


def _below(folder: Path, written: str) -> bool:
    """Tell whether a path leads into a folder, and by no link out of it."""
    path = PurePosixPath(written)
    if path.is_absolute() or ".." in path.parts:
        return False
    return Path(os.path.realpath(folder / path)).is_relative_to(folder)


def _is_source(name: str) -> bool:
    return name.startswith("zoo:") or "->" in name or "→" in name or ".arch" in name


def table_of(path: str) -> Source:
    """Return the text of a table.

    Raises:
        SymparamsError: there is no such file, or it is too large.
    """
    from symparams.cli.sources import standard_input
    from symparams.language import read

    return standard_input() if path == "-" else read(path)
