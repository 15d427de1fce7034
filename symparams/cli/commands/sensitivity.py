"""``symparams sensitivity``: what moves a measure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import click

from symparams.cli import options
from symparams.errors import SymparamsError
from symparams.records import Record

if TYPE_CHECKING:
    from symparams.algebra import Number
    from symparams.analysis import Subject
    from symparams.elaboration import Value, WrittenModel
    from symparams.views import Sheet


@click.command(
    "sensitivity",
    epilog='Example:  symparams sensitivity "input(t, i) -> lstm(h)" --wrt h --set t=1,i=32,h=64',
)
@options.source
@click.option("--wrt", metavar="NAME", default=None, help="One size; all are ranked without it.")
@click.option("--second", is_flag=True, help="All second derivatives (the Hessian).")
@click.option("--by", metavar="H,L", default=None, help="One mixed derivative.")
@click.option("--trade", metavar="L:H", default=None, help="One more L costs how much H.")
@click.option("--leading", metavar="H,L", default=None, help="The leading term as sizes grow.")
@click.option("--crossover", metavar="A:B", default=None, help="Where part A overtakes part B.")
@click.option("--for", "varied", metavar="NAME", default=None, help="With --crossover: along one.")
@click.option("--shares", is_flag=True, help="The share of each part.")
@click.option(
    "--step",
    "steps",
    multiple=True,
    metavar="NAME=STEP",
    help="The step of exact differences, instead of the size's own; may be repeated.",
)
@options.settings
@options.convention
@options.rename
@options.measure()
@options.formats()
def command(
    source: str,
    settings: tuple[str, ...],
    convention: str | None,
    rename: tuple[str, ...],
    measure: str,
    output: str,
    wrt: str | None,
    varied: str | None,
    steps: tuple[str, ...],
    **asked: str | bool | None,
) -> None:
    """Print derivatives, exact differences and elasticities of a measure.

    What is --set makes the point at which they are taken; sizes with a default
    are at their default. --second, --by, --trade, --leading, --crossover and
    --shares ask for something else instead. The measure may be one of a part,
    as attention.params.
    """
    from symparams.cli.sources import definition_of, numbers_of, values_of

    view = _view(asked, {"--wrt": wrt, "--for": varied, "--step": steps})
    task = Task(
        definition_of(source, convention, rename),
        values_of(settings),
        measure,
        numbers_of(steps, "--step"),
        str(asked.get(view) or ""),
        wrt if view == "moves" else varied,
    )
    options.emit(VIEWS[view](task), output)


class Task(Record):
    """What a view is made of.

    ``asked`` is the text of the view's own option, ``along`` the one size that
    is varied.
    """

    definition: WrittenModel
    values: Mapping[str, Value]
    measure: str
    steps: Mapping[str, Number]
    asked: str
    along: str | None

    def subject(self, *varied: str, parts: tuple[str, ...] = ()) -> Subject:
        """Return the measure at the point; what is varied stays open."""
        from symparams.analysis import studied

        return studied(self.definition, self.values, self.measure, varied, parts)


def _view(asked: Mapping[str, object], others: Mapping[str, object]) -> str:
    """Return the one view that is asked for, and that the other options go with it.

    Raises:
        SymparamsError: several, or an option that the view does not have.
    """
    given = [name for name, value in asked.items() if value is not None and value is not False]
    if len(given) > 1:
        listed = " and ".join(f"--{name}" for name in given)
        raise SymparamsError(f"{listed} are different questions", None, "ask one at a time")
    view = given[0] if given else "moves"
    for option, value in others.items():
        if value and option not in OWN.get(view, ()):
            fits = [v for v, own in OWN.items() if option in own]
            listed = " or ".join("no other question" if v == "moves" else f"--{v}" for v in fits)
            raise SymparamsError(f"{option} goes with {listed}")
    return view


def _moves(task: Task) -> Sheet:
    from symparams.analysis import at_point
    from symparams.views.pages import sensitivity

    found = at_point(task.definition, task.values, task.measure, task.along, task.steps)
    return sensitivity.page(found)


def _second(task: Task) -> Sheet:
    from symparams.analysis import hessian
    from symparams.views.pages import second

    return second.page(hessian(task.subject(), task.steps))


def _by(task: Task) -> Sheet:
    from symparams.analysis import mixed
    from symparams.cli.sources import names_of
    from symparams.views.pages import second

    names = names_of(task.asked, "--by")
    subject = task.subject(*names)
    return second.mixed(subject, mixed(subject, names, task.steps))


def _trade(task: Task) -> Sheet:
    from symparams.analysis import trade
    from symparams.cli.sources import names_of
    from symparams.views.pages import trade as trade_page

    one, other = names_of(task.asked, "--trade", ":", 2)
    return trade_page.page(trade(task.subject(one, other), one, other, task.steps))


def _leading(task: Task) -> Sheet:
    from symparams.analysis import leading
    from symparams.cli.sources import names_of
    from symparams.views.pages import leading as leading_page

    names = names_of(task.asked, "--leading")
    return leading_page.page(leading(task.subject(*names), names))


def _crossover(task: Task) -> Sheet:
    from symparams.analysis import crossover
    from symparams.cli.sources import names_of
    from symparams.views.pages import crossover as crossover_page

    one, other = names_of(task.asked, "--crossover", ":", 2)
    varied = () if task.along is None else (task.along,)
    subject = task.subject(*varied, parts=(one, other))
    return crossover_page.page(crossover(subject, one, other, task.along))


def _shares(task: Task) -> Sheet:
    from symparams.analysis import shares
    from symparams.views.pages import shares as shares_page

    return shares_page.page(shares(task.subject()))


#: Question → the page that answers it; ``moves`` is the one without an option.
VIEWS: Mapping[str, Callable[[Task], Sheet]] = {
    "moves": _moves,
    "second": _second,
    "by": _by,
    "trade": _trade,
    "leading": _leading,
    "crossover": _crossover,
    "shares": _shares,
}
#: Question → the further options it has.
OWN = {
    "moves": ("--wrt", "--step"),
    "second": ("--step",),
    "by": ("--step",),
    "trade": ("--step",),
    "crossover": ("--for",),
}
