"""The entry point: finds commands, turns errors into messages and exit codes.

Exit codes: 0 done and true, 1 a claim failed or a file would change, 2 bad
input, 3 undecided.
"""

from __future__ import annotations

import gc
import io
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, ClassVar

import click

from symparams import __version__
from symparams.cli import streams
from symparams.cli.options import BAD_INPUT, error_json, printable, wants_json
from symparams.errors import SymparamsError


@contextmanager
def _reader_may_go() -> Iterator[None]:
    """Yield Click ends with 1, which means that a claim failed, where a pipe is closed."""
    try:
        yield
    except BrokenPipeError:
        raise streams.ReaderGone from None


class Commands(click.Group):
    """The files of ``symparams.cli.commands``, each loaded when it is asked for."""

    #: The order of ``--help``: what one does first stands first.
    order = (
        "show",
        "formula",
        "count",
        "sizes",
        "diff",
        "explain",
        "sensitivity",
        "solve",
        "search",
        "sweep",
        "plot",
        "prove",
        "verify",
        "infer",
        "export",
        "import",
        "check",
        "fmt",
        "layers",
        "zoo",
    )

    #: Files whose command has a name that Python keeps for itself.
    named: ClassVar = {"import_module": "import"}

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        with _reader_may_go():
            return super().make_context(*args, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        with _reader_may_go():
            return super().invoke(ctx)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return command_names()

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        file = next((f for f, name in self.named.items() if name == cmd_name), cmd_name)
        command = import_module(f"symparams.cli.commands.{file}").command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and not args[0].startswith("-") and args[0] not in self.list_commands(ctx):
            from symparams.errors import did_you_mean

            ctx.fail(
                f"no command '{args[0]}'. "
                + did_you_mean(args[0], self.list_commands(ctx), "See symparams --help.")
            )
        name, command, rest = super().resolve_command(ctx, args)
        if command is not None:
            refuse_twice(ctx, command, rest)
        return name, command, rest


def command_names() -> list[str]:
    """Return the names of all commands, in the order of ``--help``."""
    from symparams.cli import commands

    named, order = Commands.named, Commands.order
    found = {named.get(m.name, m.name) for m in iter_modules(commands.__path__)}
    return [n for n in order if n in found] + sorted(found - set(order))


def refuse_twice(ctx: click.Context, command: click.Command, args: list[str]) -> None:
    """Refuse an option given twice that has one value: the last would win without a word."""
    written = args[: args.index("--")] if "--" in args else args
    for option in command.params:
        if not isinstance(option, click.Option) or option.multiple or option.is_flag:
            continue
        found = [w for w in written if w.partition("=")[0] in option.opts]
        if len(found) > 1:
            ctx.fail(f"{option.opts[0]} is given twice; it takes one value.")


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog='Try:  symparams formula "input(i) -> dense(h) -> dense(o)"',
)
@click.version_option(__version__, message="symparams %(version)s")
def main() -> None:
    """Exact symbolic algebra of neural-network sizes.

    SOURCE is a file, file.arch:model, zoo:NAME, hf:config.json, - for standard input, or the text
    itself.
    """


def run(args: list[str] | None = None) -> None:
    """Run the command line and exit."""
    # A command makes few cycles and ends soon: looking for them often is time lost.
    gc.set_threshold(100_000, 50, 50)
    streams.prepare()
    given = sys.argv[1:] if args is None else args
    code = 0
    try:
        code = _code_of(given)
        sys.stdout.flush()
    except (streams.ReaderGone, BrokenPipeError):
        streams.silence()
    except (OSError, UnicodeEncodeError) as error:
        streams.silence()
        code = _refused(streams.unwritable(error), given)
    sys.exit(code)


def _code_of(args: Sequence[str]) -> int:
    """Run a command; its exit code."""
    try:
        return executed(args)
    except SymparamsError as error:
        return _refused(error, args)
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        return 130


class MisusedCommand(SymparamsError):
    """A command line that Click refuses; ``shown`` is what Click says, with the usage."""

    def __init__(self, error: click.ClickException) -> None:
        super().__init__(error.format_message())
        written = io.StringIO()
        error.show(written)
        self.shown = written.getvalue().rstrip()


def executed(args: Sequence[str]) -> int:
    """Run a command in this process; its exit code.

    Raises:
        SymparamsError: the input is bad, or the command line.
    """
    try:
        code = main.main(args, prog_name="symparams", standalone_mode=False)
    except SystemExit as ended:
        code = ended.code
    except click.ClickException as error:
        raise MisusedCommand(error) from None
    except (RecursionError, MemoryError) as error:
        what = "nests too deeply" if isinstance(error, RecursionError) else "takes too much memory"
        raise SymparamsError(f"this {what} to be worked out") from None
    return code if isinstance(code, int) else 0


def _refused(error: SymparamsError, args: Sequence[str]) -> int:
    """Tell of bad input on stderr, and where JSON is asked for on stdout too."""
    with suppress(OSError):  # nobody is there to be told
        click.echo(printable(getattr(error, "shown", str(error))), err=True)
    if wants_json(args):
        click.echo(error_json(error))
    return BAD_INPUT
