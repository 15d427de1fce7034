"""The known mistakes, the likeliest first: a new one is an entry here."""

from __future__ import annotations

from symparams.analysis.causes import (
    attention_heads,
    biases,
    depth,
    framework_conventions,
    kernels,
    parts_left_out,
    roundings,
    sharing,
    time_steps,
    units,
)
from symparams.analysis.causes.hypotheses import Cause

CAUSES: tuple[Cause, ...] = (
    Cause("another framework's convention", framework_conventions.other_convention),
    Cause("bias left out", biases.left_out),
    Cause("bias counted twice", biases.twice),
    Cause("a bias for each input", biases.of_inputs),
    Cause("time steps multiplied in", time_steps.multiplied),
    Cause("tied weights counted twice", sharing.tied_twice),
    Cause("taken for tied", sharing.taken_for_tied),
    Cause("square for rectangular", kernels.square),
    Cause("kv heads as heads", attention_heads.kv_heads),
    Cause("head dimension confused", attention_heads.head_size),
    Cause("embedding left out", parts_left_out.tables),
    Cause("normalisation left out", parts_left_out.norms),
    Cause("MACs and FLOPs confused", units.macs_and_flops),
    Cause("a thousand for 1024", units.thousands),
    Cause("rounding left out", roundings.left_out),
    Cause("bytes and values confused", units.bytes_and_values),
    Cause("trainable for all", units.trained_and_all),
    Cause("experts at work for all", depth.experts),
    Cause("buffers for parameters", units.buffers),
    Cause("output projection left out", attention_heads.no_output),
    Cause("one direction counted", depth.one_direction),
    Cause("classifier left out", parts_left_out.classifier),
    Cause("one layer too few or too many", depth.one_layer),
    Cause("repeats counted once", depth.counted_once),
    Cause("gates miscounted", parts_left_out.recurrent_kernel),
    Cause("groups left out", kernels.ungrouped),
    Cause("one side of the window", kernels.one_side),
    Cause("bias that is not there", biases.that_are_not_there),
    Cause("several parts left out", parts_left_out.several),
    Cause("one size for another", units.one_size_for_another),
)
