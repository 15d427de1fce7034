"""Text in lines of a width, broken at spaces: words, numbers and names stay whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from symparams.views.written import width


def wrapped(words: str, places: int, hang: int = 2) -> list[str]:
    """Return text in lines of at most ``places``, but for a word that is longer by itself.

    The spaces in front of the text stand in front of each line, ``hang`` more in front of
    each after the first, as far as that makes no line too long.

    >>> wrapped("at h = 64, l = 12", 9)
    ['at h =', '  64, l =', '  12']
    """
    inner = words.lstrip(" ")
    lead = len(words) - len(inner)
    lines: list[str] = []
    now, used = "", 0
    for k, word in enumerate(inner.split(" ")):
        long = width(word)
        if k and used + 1 + long <= places:
            now, used = f"{now} {word}", used + 1 + long
            continue
        if k:
            lines.append(now)
        before = min(lead + hang if k else lead, max(0, places - long))
        now, used = " " * before + word, before + long
    return [*lines, now]


def longest_word(words: str) -> int:
    """Return how narrow a text can be made: the width of its longest word, moved in as it is.

    >>> longest_word("  l*(4*h^2 + h)")
    9
    """
    inner = words.lstrip(" ")
    return len(words) - len(inner) + max(map(width, inner.split(" ")))


def fitted(widest: Sequence[int], narrowest: Sequence[int], places: int) -> list[int]:
    """Return widths of columns that sum to at most ``places``, the widest made narrower first.

    None is below its narrowest, so that the sum is larger where those are too many.

    >>> fitted([10, 40, 60], [5, 10, 10], 60)
    [10, 25, 25]
    """
    low, high = 0, max(widest, default=0)
    while low < high:  # the largest width that all columns may have
        cap = (low + high + 1) // 2
        if sum(_capped(widest, narrowest, cap)) <= places:
            low = cap
        else:
            high = cap - 1
    found = _capped(widest, narrowest, low)
    spare = places - sum(found)
    for k, whole in enumerate(widest):
        more = max(0, min(1, spare, whole - found[k]))
        found[k], spare = found[k] + more, spare - more
    return found


def _capped(widest: Sequence[int], narrowest: Sequence[int], cap: int) -> list[int]:
    return [max(low, min(high, cap)) for high, low in zip(widest, narrowest, strict=True)]


def folded(texts: Sequence[str], widths: Sequence[int]) -> Iterator[list[str]]:
    """Yield a row in as many lines as its longest cell needs."""
    columns = [
        wrapped(words, places, hang=0) if width(words) > places else [words]
        for words, places in zip(texts, widths, strict=True)
    ]
    for k in range(max(map(len, columns), default=0)):
        yield [column[k] if k < len(column) else "" for column in columns]
