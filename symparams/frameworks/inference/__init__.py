"""Exact closed forms of a module that somebody else wrote, fitted at a few points.

A builder is called with sizes (:mod:`.builders`), its tensors are grouped by the patterns
of their names (:mod:`.patterns`), every dimension and every number of repetitions is fitted
(:mod:`.fitting`, which knows integers only), and the answer is put to points that the fit has
not seen (:mod:`.inferring`).
"""
