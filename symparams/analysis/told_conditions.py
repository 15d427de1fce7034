"""Which conditions of a network a reader is told.

The full set governs values that are put in; what is printed beside a formula is as much of it
as says the same: none that the others, or the domains of the sizes, imply.
"""

from __future__ import annotations

from symparams.algebra import Condition, divisibility, irredundant
from symparams.elaboration import Network


def needed_conditions(network: Network) -> tuple[Condition, ...]:
    """Return the conditions that together say what all of a network's say: those that are
    stated first, each once.
    """
    return tuple(irredundant((*network.assumed, *network.open_conditions), network.facts.domains))


def condition_text(network: Network, condition: Condition) -> str:
    """Return a condition in the language's notation: as it is stated, or else its formula."""
    if condition in network.assumed and network.definition.called:
        return str(divisibility(condition.bare()))  # what is stated has the names of the text
    if condition in network.assumed or condition.parts:
        return str(condition)
    return divisibility(condition).formula()


def condition_texts(network: Network) -> tuple[str, ...]:
    """Return the conditions of a network that a reader is told, each once."""
    texts = (condition_text(network, condition) for condition in needed_conditions(network))
    return tuple(dict.fromkeys(texts))
