"""``symparams export``: a network as the source text of a module."""

from __future__ import annotations

import click

from symparams.cli import options
from symparams.interchange import CommandAnswer


class ExportAnswer(CommandAnswer, command="export"):
    """The source text of a module; ``file`` is where it was written, if anywhere."""

    model: str
    framework: str
    text: str
    file: str | None


@click.command("export", epilog="Example:  symparams export zoo:llama --to torch --out llama.py")
@options.source
@click.option(
    "--to", metavar="NAME", required=True, help="torch or keras; neither needs to be installed."
)
@options.settings
@click.option(
    "--convention",
    metavar="NAME",
    default=None,
    help="Count as textbook, keras or pytorch; the text's own, or else the framework's.",
)
@click.option("--out", metavar="FILE", default=None, help="Write to a file, as model.py.")
@options.formats("table", "json")
def command(
    source: str,
    to: str,
    settings: tuple[str, ...],
    convention: str | None,
    out: str | None,
    output: str,
) -> None:
    """Write the source text of a module that does what SOURCE says, as Python.

    Blocks become classes, repeats lists of modules. Sizes stay arguments, with the
    defaults of the text; those that decide the structure are settled, by --set or
    by their defaults. Inputs have a batch in front and their channels at the end.

    Exit code 0: it was written. 2: the framework has no such layer, which is named.
    """
    from symparams.cli.files import write_text
    from symparams.cli.sources import counted_as, values_of
    from symparams.frameworks import convention_of, export

    definition, _, _ = counted_as(source, convention, convention_of(to))
    told = source if source.startswith("zoo:") or source.endswith(".arch") else ""
    text = export(definition, to, values_of(settings), told)
    if out is not None:
        write_text(out, text)
    if output == "json":
        options.emit_json(ExportAnswer(definition.name, to, text, out))
    elif out is None:
        click.echo(text, nl=False)
    else:
        click.echo(f"written to {out}")
