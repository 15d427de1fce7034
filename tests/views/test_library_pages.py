"""Every block of the library is documented from its own text, with its paper."""

import re

import pytest

from symparams.elaboration.shipped_files import layout_names
from symparams.elaboration.vocabulary import library_files
from symparams.views.pages import layers, library
from symparams.views.rendering import render


@pytest.mark.parametrize("name", sorted(library_files()))
def test_every_block_cites_its_paper(name):
    found = library.entry(name)
    assert re.search(r"arXiv:\d{4}\.\d{4,5}|(19|20)\d\d", found.says), found.says
    assert found.signature.startswith(name)
    assert name in render(layers.kind(name))


def test_attention():
    assert render(layers.kind("attention")).splitlines()[-5:] == [
        "In input(s, d) -> attention(heads)",
        "  params  4*d^2",
        "  macs    2*d*s*(s + 2*d)",
        "  output  s x d",
        "if d % heads == 0",
    ]


@pytest.mark.parametrize("name", layout_names())
def test_every_layout_has_its_page(name):
    shown = render(layers.kind(name))
    assert library.entry(name).says in " ".join(shown.split())
    assert f"In input(i) -> precision(linear(o), {name})\n  precision_bytes  " in shown


def test_a_layout():
    assert render(layers.kind("q8_0")).splitlines() == [
        "q8_0",
        "GGUF q8_0: 34 bytes for 32 values along the inputs.",
        "Written in the language: library/layouts.arch",
        "In input(i) -> precision(linear(o), q8_0)",
        "  precision_bytes  17*i*o/16",
        "  output           o",
        "if i % 32 == 0",
    ]


def test_the_catalogue_lists_the_library():
    shown = render(layers.catalogue())
    assert all(name in shown for name in library_files())
