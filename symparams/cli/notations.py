r"""``--symbol h='d_{\mathrm{model}}'``: how the command line has names typeset."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from symparams.errors import Source, Span, SymparamsError

if TYPE_CHECKING:
    from symparams.language import MathNode


def notations_of(options: Iterable[str]) -> dict[str, MathNode]:
    r"""Return name → notation of ``--symbol`` options.

    The command line may also name a command of the author's own document, ``\dmodel``.

    Raises:
        SymparamsError: not of that form, a name given twice, or no notation.
    """
    from symparams.language import NotationProblem, own_command, read_notation
    from symparams.views import conventional

    found: dict[str, MathNode] = {}
    for given in options:
        name, equals, written = (part.strip() for part in given.partition("="))
        if not equals or not name.isidentifier():
            raise SymparamsError(
                f"--symbol {given}: write NAME=MATHS",
                None,
                r"as in --symbol 'h=d_{\mathrm{model}}'",
            )
        if name in found:
            raise SymparamsError(f"--symbol gives '{name}' twice")
        try:
            node = own_command(written, conventional(name))
            found[name] = node if node is not None else read_notation(written)
        except NotationProblem as problem:
            source = Source(f"--symbol {name}", written)
            span = Span(source, problem.offset, problem.offset + 1)
            raise SymparamsError(str(problem), span, problem.hint) from None
    return found
