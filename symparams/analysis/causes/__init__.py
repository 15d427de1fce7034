"""Why a claim is wrong: the known mistakes in counting, each tried exactly.

A cause is one entry of the table in :mod:`.catalogue`: what it is called, and the hypotheses
that it makes of a network. A hypothesis is the cause where the claim would hold under it; what
none explains is said to be so, and nothing is guessed.
"""
