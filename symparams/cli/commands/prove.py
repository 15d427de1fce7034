"""``symparams prove``: whether a printed formula is right."""

from __future__ import annotations

import sys

import click

from symparams.cli import options


@click.command(
    "prove",
    epilog='Example:  symparams prove "input(t, m) -> lstm(n)" "4*(n*m + n^2 + n)"',
)
@options.source
@click.argument("formula", metavar="FORMULA")
@options.rename
@options.settings
@options.convention
@options.measure()
@options.formats()
def command(
    source: str,
    formula: str,
    rename: tuple[str, ...],
    settings: tuple[str, ...],
    convention: str | None,
    measure: str,
    output: str,
) -> None:
    """Prove that FORMULA is what SOURCE counts, or refute it.

    Exit code 0: equal. 1: different, with a smallest counterexample. 3: undecided.
    """
    from symparams.analysis import prove
    from symparams.cli.sources import definition_of, renames_of, values_of
    from symparams.errors import Source
    from symparams.views.pages import prove as page

    proof = prove(
        definition_of(source, convention),
        Source("<formula>", formula),
        measure,
        values_of(settings),
        renames_of(rename),
    )
    options.emit(page.page(proof), output)
    sys.exit({True: 0, False: 1, None: 3}[proof.verdict.equal])
