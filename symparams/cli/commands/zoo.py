"""``symparams zoo``: the published architectures that ship with it."""

from __future__ import annotations

import click

from symparams.cli import options


@click.command("zoo", epilog="Example:  symparams zoo gpt2")
@click.argument("name", metavar="[NAME]", required=False)
@options.measure(several=True)
@options.formats()
def command(name: str | None, measure: str, output: str) -> None:
    """List the published architectures, with counts and papers; with NAME, print its text.

    Each can be used wherever a SOURCE is taken, as zoo:NAME or zoo:NAME:MODEL.
    """
    from symparams.views.pages import zoo

    if name is not None and output == "table" and measure == "params":
        from symparams.elaboration import text_of

        click.echo(text_of(name), nl=False)
        return
    options.emit(zoo.page(name, measure), output)
