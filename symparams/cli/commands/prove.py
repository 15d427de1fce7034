"""``symparams prove``: whether a printed formula, or a table of them, is right."""

from __future__ import annotations

import sys

import click

from symparams.cli import options


@click.command(
    "prove",
    epilog='Example:  symparams prove zoo:gpt2 "~= 12*l*h^2 within 10% for l >= 24, h >= 2048"',
)
@click.argument("source", metavar="[SOURCE]", required=False)
@click.argument("formula", metavar="[FORMULA]", required=False)
@click.option(
    "--claims",
    metavar="FILE",
    default=None,
    help="Judge a table: a CSV with the columns model, measure, printed, where.",
)
@options.rename
@options.settings
@options.convention
@options.measure()
@options.formats()
def command(
    source: str | None,
    formula: str | None,
    claims: str | None,
    rename: tuple[str, ...],
    settings: tuple[str, ...],
    convention: str | None,
    measure: str,
    output: str,
) -> None:
    """Prove that FORMULA is what SOURCE counts, or refute it, and say how it came about.

    FORMULA may be a printed number, as "~= 3.8 GMACs", begin with a relation, as "<= 5*h", and
    end in the sizes that it is about, as "within 5% for h >= 64".

    Exit code 0: equal. 1: different, with a smallest counterexample. 3: undecided. With
    --claims 2 where a line is wrong, whatever the others are, else 1 where one is refuted,
    else 3 where one is undecided.
    """
    from symparams.errors import Source

    if claims is not None:
        if formula is not None:
            raise click.UsageError("--claims takes the place of FORMULA.")
        if rename:
            raise click.UsageError("With --claims a column 'rename' says it of each line.")
        _judge(source, claims, settings, convention, measure, output)
    if source is None or formula is None:
        raise click.UsageError(f"Missing argument '{'SOURCE' if source is None else 'FORMULA'}'.")

    from symparams.analysis import prove
    from symparams.cli.sources import definition_of, renames_of, values_of
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


def _judge(
    source: str | None,
    table: str,
    settings: tuple[str, ...],
    convention: str | None,
    measure: str,
    output: str,
) -> None:
    """Print the verdicts on a table, and end."""
    from symparams.analysis import judge_table
    from symparams.cli.claim_sources import ModelsOfTable, table_of
    from symparams.cli.progress import tracked
    from symparams.views.pages import claims as page

    models = ModelsOfTable(source, table, convention, settings)
    found = judge_table(
        table_of(table),
        models.of,
        models.renames,
        measure,
        lambda lines: tracked(lines, len(lines), "judging"),
    )
    options.emit(page.page(found), output)
    for error in found.errors:
        click.echo(options.printable(str(error)), err=True)
    codes = {False: 1, None: 3, True: 0}
    verdicts = [codes[verdict] for verdict in found.verdicts]
    sys.exit(options.BAD_INPUT if found.errors else next((c for c in (1, 3) if c in verdicts), 0))
