"""``symparams infer``: the closed form of a module that exists."""

from __future__ import annotations

import sys

import click

from symparams.cli import options
from symparams.errors import SymparamsError


@click.command(
    "infer",
    epilog='Example:  symparams infer models.llama:build --sizes "h, l, a, kv, f, V" '
    '--over "h % a == 0"',
)
@click.argument("builder", metavar="BUILDER")
@click.option(
    "--sizes",
    required=True,
    metavar="NAMES",
    help='Arguments of the builder that vary, as "h, l = 2, a in {4, 8}".',
)
@click.option(
    "--over",
    multiple=True,
    metavar="CONDITIONS",
    help='Domains and conditions, as "a in {4, 6, 8}, h in 64..512 step 64, h % a == 0".',
)
@click.option(
    "--measure",
    default="params",
    metavar="params|macs",
    help="Values of the weights, or MACs of a forward pass.  [default: params]",
)
@click.option(
    "--input",
    "inputs",
    multiple=True,
    metavar="AXES",
    help='What the module is fed for its MACs, without the batch: "3, s, s", or tokens:t.',
)
@click.option(
    "--out", metavar="FILE", default=None, help="Write the tensors as a text, as model.arch."
)
@options.formats()
def command(
    builder: str,
    sizes: str,
    over: tuple[str, ...],
    measure: str,
    inputs: tuple[str, ...],
    out: str | None,
    output: str,
) -> None:
    """Find the exact closed form of what a Python function builds, tensor by tensor.

    BUILDER is pkg.module:function; it is run. It returns a module of torch or a model
    of Keras, and is called with the sizes by their names, on torch's meta device, at
    points that are chosen for it. Formulas are fitted exactly, and then held against
    points that the fit has not seen; that is no proof. What does not fit is named.
    With --measure macs the products of a forward pass are fitted, as torch's FlopCounterMode
    counts them, each by the sizes that it multiplies.

    Exit code 0: all tensors have a formula. 1: some have none. 2: nothing was built.
    """
    from symparams.cli.progress import counting_up
    from symparams.frameworks import infer
    from symparams.views.pages import infer as page

    if out is not None and measure == "macs":
        raise SymparamsError(
            "--out writes weights, and MACs have none", None, "leave --measure out"
        )
    with counting_up("points tried") as tell:
        found = infer(builder, sizes, over, lambda tried: tell(tried, None), measure, inputs)
    written = _write(out, found.text) if out is not None else ""
    options.emit(page.page(found, written), output)
    sys.exit(0 if found.complete else 1)


def _write(path: str, text: str) -> str:
    """Write the text of a model; return the path, or "" where there is no text."""
    from symparams.cli.files import write_text

    if not text:
        return ""
    write_text(path, text)
    return path
