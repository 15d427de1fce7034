"""What tests of pages need: TeX, which is not everywhere. ``SYMPARAMS_REQUIRE_TEX=1`` forbids to
skip them.
"""

from __future__ import annotations

import os
import shutil

import pytest

REQUIRED = os.environ.get("SYMPARAMS_REQUIRE_TEX") == "1"
needs_tex = pytest.mark.skipif(
    shutil.which("pdflatex") is None and not REQUIRED, reason="pdflatex is not there"
)
