"""Every way to write a network wrong has its exact message."""

import pytest

from symparams.analysis.checks import check
from symparams.elaboration.definition import build
from symparams.elaboration.document import understand
from symparams.errors import Source, SymparamsError
from tests.errors.elaboration import CASES as ELABORATION
from tests.errors.foreign_words import WORDS
from tests.errors.layers import LAYERS
from tests.errors.refusals import REFUSALS
from tests.errors.said import SAID

CASES = [*ELABORATION, *LAYERS, *REFUSALS, *SAID, *WORDS]


def message(source: str) -> str:
    """What a user is told: by ``check``, or by building the one network."""
    text = Source("net.arch", source)
    errors = check([text]).errors
    if errors:
        return "\n".join(map(str, errors))
    with pytest.raises(SymparamsError) as caught:
        build(understand(text).definition())
    return str(caught.value)


@pytest.mark.parametrize(("source", "expected"), CASES, ids=[s for s, _ in CASES])
def test_message(source, expected):
    assert message(source) == expected


def test_each_case_is_another_source():
    assert len({source for source, _ in CASES}) == len(CASES)
