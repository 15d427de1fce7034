"""The values a size may have, as they are written at a parameter or asked for."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import gcd

from symparams.algebra import (
    POSITIVE,
    Condition,
    Domain,
    NamedValue,
    Number,
    Polynomial,
    Size,
    compared,
    divide,
    exact,
    text,
)
from symparams.elaboration.reader import Reader
from symparams.elaboration.scope import Scope
from symparams.elaboration.values import Chosen, Listed, Template, Value, Word
from symparams.errors import Span, SymparamsError, did_you_mean
from symparams.language import tree

#: The most symbols that one indexed parameter makes.
MOST_INDEXED = 1_000

#: The most values of a range of fractions, which are listed.
MOST_FRACTIONS = 10_000

#: The most values of a domain, as many as any list of Python's has.
MOST_VALUES = (1 << 63) - 1


def domain_of(
    written: tree.SetDomain | tree.RangeDomain, evaluator: Reader, scope: Scope
) -> Domain:
    """Return ``64..1024 step 64`` or ``{1, 2, 4}`` as a domain.

    Raises:
        SymparamsError: no values, or values that no size can have.
    """
    if isinstance(written, tree.SetDomain):
        words = words_of(written)
        if words:
            return Domain(choices=NamedValue.of(words))
        choices = dict.fromkeys(_bound(i, evaluator, scope) for i in written.items)
        if 0 in choices and not all(isinstance(c, int) for c in choices):
            raise SymparamsError("a domain with fractions begins above 0", written.span)
        return Domain(choices=tuple(choices))
    low, high = (_bound(end, evaluator, scope) for end in (written.low, written.high))
    step = 1 if written.step is None else _bound(written.step, evaluator, scope)
    if not step and written.step is not None:
        raise SymparamsError("a step must be above 0", written.step.span)
    if low > high:
        raise SymparamsError(f"a range must rise, not {text(low)}..{text(high)}", written.span)
    many = int((high - low) // step) + 1
    if many > MOST_VALUES:
        raise SymparamsError(
            f"this domain has {many:,} values, more than {MOST_VALUES:,}",
            written.span,
            "end it earlier, or take a step",
        )
    if isinstance(low, int) and isinstance(step, int):
        return Domain(low, int(high // 1), step)
    if many > MOST_FRACTIONS:
        raise SymparamsError(
            f"this domain has {many:,} fractions, more than {MOST_FRACTIONS:,}", written.span
        )
    if not low:
        raise SymparamsError("a domain with fractions begins above 0", written.low.span)
    return Domain(choices=tuple(exact(low + k * step) for k in range(many)))


def words_of(written: tree.SetDomain | tree.RangeDomain | None) -> list[str]:
    """Return the words of ``{conv3, conv5, skip}``; none of a domain of numbers.

    Raises:
        SymparamsError: words among numbers.
    """
    items = written.items if isinstance(written, tree.SetDomain) else ()
    words = [item for item in items if tree.word_of(item)]
    if words and len(words) < len(items):
        raise SymparamsError("a domain is made of numbers, or of words", words[0].span)
    return list(dict.fromkeys(map(tree.word_of, words)))


def word_in(value: Value, words: Sequence[NamedValue]) -> Value:
    """Return a value that is given for a word as one of some words; anything else as it is.

    A name that means nothing else came as a symbol, or as the kind or block of that name.
    """
    if isinstance(value, Listed):
        return Listed(tuple(word_in(item, words) for item in value.items))
    if isinstance(value, Chosen):
        return value.size
    name = ""
    if value is None or isinstance(value, bool):
        name = {True: "yes", False: "no", None: "none"}[value]
    elif isinstance(value, Word):
        name = value.id
    elif isinstance(value, Template):
        name = value.name
    elif isinstance(value, Polynomial):
        name = text(value)
    return next((word for word in words if word.word == name), value)


def named_word(name: str, words: Sequence[NamedValue], what: str, span: Span | None) -> NamedValue:
    """Return the word of a name.

    Raises:
        SymparamsError: there is none.
    """
    for word in words:
        if word.word == name:
            return word
    known = [word.word for word in words]
    hint = did_you_mean(name, known, f"it is {' or '.join(known)}")
    raise SymparamsError(f"{what} is never '{name}'", span, hint)


def among_words(name: str, domain: Domain, words: Sequence[NamedValue]) -> Domain:
    """Return a domain that is asked for, as some of the words that a size may be.

    Raises:
        SymparamsError: it has others, or numbers.
    """
    asked = domain.words
    if not asked:
        raise SymparamsError(f"'{name}' is one of {', '.join(map(str, words))}, not a number")
    chosen = {named_word(word.word, words, f"'{name}'", None) for word in asked}
    return Domain(choices=tuple(sorted(chosen)))


def _bound(node: tree.Expression, evaluator: Reader, scope: Scope) -> Number:
    size = evaluator.size(node, scope)
    if isinstance(size, Polynomial):
        raise SymparamsError("a domain is made of numbers", node.span)
    if size < 0:
        raise SymparamsError(f"a size must not be below 0, as {text(size)} is", node.span)
    return size


def domain_in_words(domain: Domain) -> str:
    """Return what a value of a domain is, as an error says it."""
    return "a positive integer" if domain == POSITIVE else f"in {domain}"


def inside(size: Size, domain: Domain) -> list[Condition]:
    """Return what must hold of a size for a domain to have it."""
    if domain.choices:
        same = tuple(compared(size, "==", choice) for choice in domain.choices)
        return [Condition("or", parts=same, says=f"{text(size)} in {domain}")]
    first = 0 if domain.low % domain.step == 0 else domain.low
    found = [
        Condition("integer", divide(size - first, domain.step)),
        Condition("nonnegative", _without_factor(size - domain.low)),
    ]
    if domain.high is not None:
        found.append(Condition("nonnegative", _without_factor(domain.high - size)))
    return found


def _without_factor(size: Size) -> Size:
    """Return ``h - 4`` for ``4*h - 16``: at least 0 exactly when the other is."""
    if not isinstance(size, Polynomial):
        return size
    return size * Fraction(1, gcd(*(Fraction(c).numerator for c in size.terms.values())))


def extent_in(parameter: tree.Parameter) -> tuple[str, tree.Expression]:
    """Return what the index of an indexed parameter is called, and how many sizes it has.

    ``k[j < 20]`` names it, for what is said ``when`` they exist; ``k[20]`` does not.
    """
    written = parameter.extent[0]
    if isinstance(written, tree.Compare) and isinstance(written.left, tree.Name):
        if written.op != "<":
            raise SymparamsError(
                "an extent is a number, or says what its index is below", written.span
            )
        return written.left.id, written.right
    return "", written


def extent_of(parameter: tree.Parameter, evaluator: Reader, scope: Scope) -> int:
    """Return how many sizes ``k[6]`` has.

    Raises:
        SymparamsError: several indices, or not a number from 1 to :data:`MOST_INDEXED`.
    """
    name = parameter.name
    if len(parameter.extent) != 1:
        raise SymparamsError("an indexed size has one index", parameter.span)
    written = extent_in(parameter)[1]
    extent = evaluator.integer(written, scope, f"the extent of '{name}'")
    if not 1 <= extent <= MOST_INDEXED:
        raise SymparamsError(
            f"the extent of '{name}' must be from 1 to {MOST_INDEXED:,}, not {extent}",
            written.span,
        )
    return extent


def each(name: str, value: Value, extent: int, span: Span) -> list[Value]:
    """Return a value for each index, from a list or from one for all."""
    if not isinstance(value, Listed):
        return [value] * extent
    if len(value.items) != extent:
        raise SymparamsError(f"'{name}' has {extent} sizes, not {len(value.items)}", span)
    return list(value.items)
