"""A module that somebody else wrote, as a text that a person would write.

A reader of a framework (:mod:`.torch_reader`) records what a module does in the neutral
representation of :mod:`.graph`. What follows knows no framework: axes and layouts
(:mod:`.arrangement`), functions put into words of the language (:mod:`.lowering`), chains, sums
and residuals (:mod:`.folding`), equal containers as blocks (:mod:`.blocks`), the text
(:mod:`.writing`).
"""
