"""What ``check`` does with its files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from symparams.errors import several

if TYPE_CHECKING:
    from symparams.analysis import Checked, ModuleJudgement
    from symparams.elaboration import Document, ModuleClaim, WrittenModel


def check_files(
    files: Sequence[str], convention: str | None, modules: bool = False, quiet: bool = False
) -> Checked:
    """Judge every claim of files and of the ``.arch`` files in folders.

    Modules that claims speak of are imported only where ``modules`` says so; nothing tells
    how far it is where it is ``quiet``.
    """
    from symparams.analysis import check
    from symparams.cli.files import below, read_file
    from symparams.cli.progress import tracked

    paths = [path for given in files for path in below(given)]
    read = map(read_file, paths)
    sources = read if quiet else tracked(read, len(paths), "checking")
    return check(sources, convention, judged) if modules else check(sources, convention)


def judged(claim: ModuleClaim, document: Document) -> ModuleJudgement:
    """Import the module of a claim, and compare it with its model.

    Raises:
        SymparamsError: there is no such model, or the module cannot be built.
    """
    from symparams.analysis import ModuleJudgement, claimed_model
    from symparams.elaboration import counted_by
    from symparams.frameworks import check_module, convention_of

    name, values = claimed_model(claim, document)

    def counted(framework: str) -> WrittenModel:
        otherwise = convention_of(framework)
        return counted_by(document.source, document.told, otherwise)[0].known[name]

    found = check_module(counted, claim.tree.module, values, formulas=False)
    number = len(found.points)
    if found.agrees:
        how = f"{found.tensors:,} tensors, at {several(number, 'point')}"
        return ModuleJudgement(claim.tree.span, True, how)
    first = found.differences[0] if found.differences else None
    where = f": {first.what}: {first.module or first.text} {first.tensor}" if first else ""
    count = len(found.differences)
    how = f"{several(count, 'difference')}{where}".rstrip()
    return ModuleJudgement(claim.tree.span, False, how)
