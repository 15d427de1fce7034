"""The tables of frameworks' words: what they lead to is there."""

import re
import subprocess
import sys

import pytest

from symparams.elaboration.combinators import COMBINATORS
from symparams.elaboration.suggestions import option_meant, squeezed
from symparams.elaboration.synonyms import LAYERS, OPTIONS
from symparams.elaboration.vocabulary import built_in, library_file, library_files
from symparams.layers import kinds

NAMES = {*built_in(), *library_files()}


def options() -> dict[str, set[str]]:
    """What each kind, and each block of the library, can be told."""
    found = {name: set(kind.options) for name, kind in (COMBINATORS | kinds()).items()}
    for name, file in library_files().items():
        found[name] = {p.name for p in library_file(file)[name].target.written.parameters}
    return found


TOLD = set().union(*options().values())


def taken_apart(value: str) -> tuple[list[str], list[str]]:
    """The names of a value, and the code that its saying quotes."""
    names, _, saying = value.partition(":")
    return names.split(), re.findall(r"'([^']+)'", saying.replace("{kind}", "lstm"))


@pytest.mark.parametrize("word", LAYERS)
def test_a_layer_that_is_named_exists(word):
    names, _ = taken_apart(LAYERS[word])
    assert names or ":" in LAYERS[word]
    assert set(names) <= NAMES


@pytest.mark.parametrize("word", OPTIONS)
def test_an_option_that_is_named_exists(word):
    names, _ = taken_apart(OPTIONS[word])
    assert names or ":" in OPTIONS[word]
    assert set(names) <= TOLD


@pytest.mark.parametrize("word", [w for w, v in (LAYERS | OPTIONS).items() if "'" in v])
def test_a_saying_quotes_the_language(word):
    """Every word of two letters or more is a layer, an option, or the number of repeats."""
    for table in (LAYERS, OPTIONS):
        _, quoted = taken_apart(table.get(word, ""))
        for code in quoted:
            assert set(re.findall(r"[A-Za-z_]{2,}", code)) <= NAMES | TOLD, code


@pytest.mark.parametrize("table", [LAYERS, OPTIONS], ids=["layers", "options"])
def test_the_words_are_squeezed_and_in_order(table):
    assert list(table) == sorted(table)
    assert all(squeezed(word) == word for word in table)


def test_no_word_of_ours_is_a_foreign_one():
    assert not {squeezed(name) for name in NAMES} & set(LAYERS)


def test_what_is_said_of_an_option_is_one_of_the_kind():
    """No option is named that the called kind has not."""
    for kind, own in options().items():
        for word in OPTIONS:
            if word in own:
                continue
            meant = re.fullmatch(r"did you mean (.*)\?", option_meant(word, sorted(own), kind))
            if meant:
                assert set(re.findall(r"'(\w+)'", meant[1])) <= own


def test_the_table_is_not_read_where_nothing_is_wrong():
    code = (
        "import sys, symparams; symparams.parse('input(t, h) -> linear(o) -> relu').params;"
        "assert 'symparams.elaboration.synonyms' not in sys.modules"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
