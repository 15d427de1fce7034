"""Somebody's own module against a text: are its tensors the ones that the text says?

The tensors of both sides stand in trees (:mod:`.compared`); what one side keeps fused or
stacked is taken apart (:mod:`.parts`); the multiset of shapes gives the verdict, and the trees
are aligned for the report alone (:mod:`.alignment`). A builder is called with the sizes of the
text (:mod:`.arguments`, :mod:`.points`); :mod:`.module_check` puts the question.
"""
