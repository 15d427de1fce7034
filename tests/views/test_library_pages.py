"""Every block of the library is documented from its own text, with its paper."""

import re

import pytest

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
        "  macs    2*d*s*(2*d + s)",
        "  output  s x d",
        "if heads divides d",
    ]


def test_the_catalogue_lists_the_library():
    shown = render(layers.catalogue())
    assert all(name in shown for name in library_files())
