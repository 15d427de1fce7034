"""What stands between the commas of a text, those inside brackets left alone."""

from __future__ import annotations

from collections.abc import Iterator


def spans_between_commas(text: str) -> Iterator[tuple[int, int]]:
    """Yield where the parts stand, empty ones too: (start, end).

    >>> list(spans_between_commas("h=1, d=[2, 3]"))
    [(0, 3), (4, 13)]
    """
    start = depth = 0
    for place, character in enumerate(text):
        depth += (character in "([{") - (character in ")]}")
        if character == "," and depth == 0:
            yield start, place
            start = place + 1
    yield start, len(text)


def between_commas(text: str) -> list[str]:
    """Return the parts, as they stand.

    >>> between_commas("max(h, s),min:params")
    ['max(h, s)', 'min:params']
    """
    return [text[start:end] for start, end in spans_between_commas(text)]
