"""Parts of a network that a count leaves out: tables, norms, the classifier; or several."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from symparams.analysis.causes.hypotheses import (
    CauseQuestion,
    Hypothesis,
    is_bias,
    is_norm,
    leaves,
    reweighed,
    without,
)
from symparams.elaboration import Network
from symparams.layers import Convolution, Dense, Weight
from symparams.network import LeafNode, WeightNode


def _weights(network: Network) -> Iterator[tuple[Weight, LeafNode | WeightNode]]:
    for node in leaves(network):
        for weight in node.weights if isinstance(node, LeafNode) else (node.weight,):
            yield weight, node


def tables(asked: CauseQuestion) -> Iterator[Hypothesis]:
    """Yield counts without embeddings: all, those of tokens, those of positions."""
    own = {isinstance(node, LeafNode) for w, node in _weights(asked.network) if w.table}
    if own:
        yield Hypothesis("embeddings left out", without(lambda w, node: w.table))
    if len(own) > 1:
        yield Hypothesis(
            "embeddings of tokens left out",
            without(lambda w, node: w.table and isinstance(node, LeafNode)),
        )
        yield Hypothesis(
            "embeddings of positions left out",
            without(lambda w, node: w.table and isinstance(node, WeightNode)),
        )


def norms(asked: CauseQuestion) -> Iterator[Hypothesis]:
    """Yield counts without the scales and shifts of norms, or with half of them."""
    if not any(is_norm(w) for w, _ in _weights(asked.network)):
        return
    yield Hypothesis("norms left out", without(lambda w, node: is_norm(w)))
    for name, says in (
        ("beta", "the shifts of norms left out"),
        ("gamma", "their scales left out"),
    ):

        def of_name(weight: Weight, node: LeafNode | WeightNode, name: str = name) -> bool:
            return weight.name == name

        yield Hypothesis(says, without(of_name))


def classifier(asked: CauseQuestion) -> Iterator[Hypothesis]:
    """Yield counts without the last dense layer or convolution."""
    last = _last(asked.network)
    if last is not None:
        yield Hypothesis(f"the last '{last.layer.kind}', the classifier, left out", _no_classifier)


def _last(network: Network) -> LeafNode | None:
    found = [
        node
        for node in leaves(network)
        if isinstance(node, LeafNode)
        and isinstance(node.layer, Dense | Convolution)
        and node.weights
    ]
    return found[-1] if len(found) > 1 else None


def _no_classifier(network: Network) -> Network:
    last = _last(network)
    return without(lambda w, node: node is last)(network)


def several(asked: CauseQuestion) -> Iterator[Hypothesis]:
    """Yield counts without several of: biases, norms, embeddings, the classifier."""
    weights = [weight for weight, _ in _weights(asked.network)]
    each = [
        ("biases", without(lambda w, node: is_bias(w)), any(map(is_bias, weights))),
        ("norms", without(lambda w, node: is_norm(w)), any(map(is_norm, weights))),
        ("embeddings", without(lambda w, node: w.table), any(w.table for w in weights)),
        ("the classifier", _no_classifier, _last(asked.network) is not None),
    ]
    there = [(says, change) for says, change, has in each if has]
    for count in range(2, len(there) + 1):
        for chosen in combinations(there, count):

            def changed(network: Network, chosen: tuple = chosen) -> Network:  # type: ignore[type-arg]
                for _, change in chosen:
                    network = change(network)
                return network

            *first, last = (says for says, _ in chosen)
            yield Hypothesis(f"{', '.join(first)} and {last} left out", changed)


def recurrent_kernel(asked: CauseQuestion) -> Iterator[Hypothesis]:
    """Yield counts of recurrent layers without what multiplies the state, or with other gates."""
    if not any(w.name == "recurrent_kernel" for w, _ in _weights(asked.network)):
        return
    yield Hypothesis(
        "the recurrent kernel left out", without(lambda w, node: w.name == "recurrent_kernel")
    )
    for gates, whose in ((1, "a simple RNN"), (3, "a GRU"), (4, "an LSTM")):

        def gated(w: Weight, node: LeafNode | WeightNode, gates: int = gates) -> Weight:
            layer = node.layer if isinstance(node, LeafNode) else None
            own, units = getattr(layer, "gates", None), getattr(layer, "units", None)
            if own is None or units is None or w.shape[-1] != own * units:
                return w
            return w.but(shape=(*w.shape[:-1], gates * units))

        yield Hypothesis(f"with the {gates} gates of {whose}", reweighed(gated))
