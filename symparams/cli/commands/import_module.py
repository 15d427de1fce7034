"""``symparams import``: a module or an ONNX file that exists, as a text."""

from __future__ import annotations

import sys

import click

from symparams.cli import options


@click.command(
    "import",
    epilog="Example:  symparams import models.unet:build --input 3x64x64 --out unet.arch",
)
@click.argument("source", metavar="SOURCE")
@click.option(
    "--input",
    "inputs",
    multiple=True,
    metavar="AXES",
    help="What it takes, without the batch: 3x224x224, or tokens:16. "
    "Else what its first layer takes.",
)
@click.option(
    "--sizes",
    default="",
    metavar="NAMES",
    help='Arguments of the builder that become sizes of the model, as "h, l = 2"; '
    "of a file, what it leaves open.",
)
@click.option(
    "--over",
    multiple=True,
    metavar="CONDITIONS",
    help='Domains and conditions of them, as "a in {4, 6, 8}, h % a == 0".',
)
@click.option("--out", metavar="FILE", default=None, help="Write the text there, as model.arch.")
@options.formats()
def command(
    source: str,
    inputs: tuple[str, ...],
    sizes: str,
    over: tuple[str, ...],
    out: str | None,
    output: str,
) -> None:
    """Read a module of torch or Keras, or an ONNX file, as a text, and verify it at once.

    SOURCE is pkg.module:function, or a module by its name; it is run, on torch's meta device
    where that will do, and its forward pass is recorded, or the graph of Keras read. SOURCE may
    be a file.onnx, of which nothing is run. Equal containers become blocks, what has no word
    becomes a layer with its weights, marked opaque. The text is then compared with the source:
    tensor by tensor, and MACs with torch's own counter, or with those of the graph.

    Exit code 0: all tensors are equal, and the MACs. 1: they are not. 2: nothing was read.
    """
    from symparams.cli.files import write_text
    from symparams.frameworks import import_source
    from symparams.views.pages import imported as page

    found = import_source(source, inputs, sizes, over)
    if out is not None:
        write_text(out, found.text)
    elif output == "table":
        click.echo(found.text)
    options.emit(page.page(found, out or ""), output)
    sys.exit(0 if found.equal else 1)
