"""A source for each refusal of a layer that :mod:`layers` has none for; see ``elaboration``."""

REFUSALS: list[tuple[str, str]] = [
    (
        "input(2, 2, 3) -> conv_transpose(4, 2, pad = 2)",
        """\
net.arch:1:19: an axis of -1 is left
    input(2, 2, 3) -> conv_transpose(4, 2, pad = 2)
                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^""",
    ),
    (
        "input(5, 5, 3) -> conv_transpose(4, 3, stride = 2, pad = same, output_pad = 1)",
        """\
net.arch:1:19: output_pad = 1 beside pad = same
    input(5, 5, 3) -> conv_transpose(4, 3, stride = 2, pad = same, output_pad = 1)
                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^""",
    ),
    (
        "{ x = input(4, 6); y = input(5, 6); cat(x, y) }",
        """\
net.arch:1:37: cannot concatenate: 4 and 5 differ
    { x = input(4, 6); y = input(5, 6); cat(x, y) }
                                        ^^^^^^^^^""",
    ),
    (
        "{ x = input(4, 6); y = input(4, 6, 2); cat(x, y) }",
        """\
net.arch:1:40: 'cat' needs tensors of as many axes each
    { x = input(4, 6); y = input(4, 6, 2); cat(x, y) }
                                           ^^^^^^^^^""",
    ),
    (
        "input(9, 9, 3) -> crop([1, 2, 3])",
        """\
net.arch:1:19: 'crop' has 3 sizes for 2 spatial axes
    input(9, 9, 3) -> crop([1, 2, 3])
                      ^^^^^^^^^^^^^^^""",
    ),
    (
        "input(4, 9, 3) -> crop(2)",
        """\
net.arch:1:19: cropping leaves an axis of 0
    input(4, 9, 3) -> crop(2)
                      ^^^^^^^""",
    ),
    (
        "input(4, 9, 3) -> space_to_depth(2)",
        """\
net.arch:1:19: 2 must divide the axis of 9
    input(4, 9, 3) -> space_to_depth(2)
                      ^^^^^^^^^^^^^^^^^""",
    ),
    (
        "input(4, 9, 3) -> patches([2, 3, 1])",
        """\
net.arch:1:19: 'patches' has 3 sizes for 2 spatial axes
    input(4, 9, 3) -> patches([2, 3, 1])
                      ^^^^^^^^^^^^^^^^^^""",
    ),
    (
        "input(16, 18) -> fold([4, 5], 3, stride = [1, 1, 1])",
        """\
net.arch:1:18: 'fold' has 3 sizes in 'stride' for 2 axes
    input(16, 18) -> fold([4, 5], 3, stride = [1, 1, 1])
                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^""",
    ),
    (
        "input(6, h) -> split(h)",
        """\
net.arch:1:16: into how many parts 'split' splits must be a number, not h
    input(6, h) -> split(h)
                   ^^^^^^^^""",
    ),
    (
        "input(20002) -> split(20002)",
        """\
net.arch:1:17: 'split' into more than 10,000 parts
    input(20002) -> split(20002)
                    ^^^^^^^^^^^^""",
    ),
    (
        "input(6) -> split(2, 3)",
        """\
net.arch:1:13: the parts 5 must make up the axis of 6 that is split
    input(6) -> split(2, 3)
                ^^^^^^^^^^^""",
    ),
    (
        "input(4, 6) -> take(4)",
        """\
net.arch:1:16: 'take(4)' from an axis of 4
    input(4, 6) -> take(4)
                   ^^^^^^^""",
    ),
    (
        "input(4, 6) -> take(-7, axis = 1)",
        """\
net.arch:1:16: 'take(-7)' from an axis of 6
    input(4, 6) -> take(-7, axis = 1)
                   ^^^^^^^^^^^^^^^^^^""",
    ),
    (
        "input(4, 6) -> split(2, axis = 2)",
        """\
net.arch:1:16: 'split' on axis 2, but there are 2 axes, from 0
    input(4, 6) -> split(2, axis = 2)
                   ^^^^^^^^^^^^^^^^^^""",
    ),
    (
        "input(4, 6) -> tile(2, axis = 2)",
        """\
net.arch:1:16: 'tile' on axis 2, but there are 2 axes, from 0
    input(4, 6) -> tile(2, axis = 2)
                   ^^^^^^^^^^^^^^^^^""",
    ),
    (
        "input(4, 6) -> permute(0, 0)",
        """\
net.arch:1:16: 'permute(0, 0)' must name each of the 2 axes once, from 0
    input(4, 6) -> permute(0, 0)
                   ^^^^^^^^^^^^^""",
    ),
    (
        "{ x = input(4, 8); y = input(8); bilinear(x, y, 3) }",
        """\
net.arch:1:34: 'bilinear' needs two tensors of as many axes each
    { x = input(4, 8); y = input(8); bilinear(x, y, 3) }
                                     ^^^^^^^^^^^^^^^^^""",
    ),
    (
        '{ x = input(2, 4, 8); y = input(8); einsum(x, y, "...d,...d->...d") }',
        """\
net.arch:1:37: 'einsum': '...' stands for as many axes of each tensor
    { x = input(2, 4, 8); y = input(8); einsum(x, y, "...d,...d->...d") }
                                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^""",
    ),
    (
        '{ x = input(4, 8); y = input(5, 8); einsum(x, y, "...d,...d->...d") }',
        """\
net.arch:1:37: '...' of 4 and of 5
    { x = input(4, 8); y = input(5, 8); einsum(x, y, "...d,...d->...d") }
                                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^""",
    ),
    (
        '{ x = input(4, 8); y = input(5, 8); einsum(x, y, "sd,td->...st") }',
        """\
net.arch:1:37: 'einsum': no tensor has the '...' of the result
    { x = input(4, 8); y = input(5, 8); einsum(x, y, "sd,td->...st") }
                                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^""",
    ),
    (
        'input(10, 8) -> einsum_dense("bc,ce->bd", 4)',
        """\
net.arch:1:17: 'einsum_dense': no tensor has the axis 'd' of the result
    input(10, 8) -> einsum_dense("bc,ce->bd", 4)
                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^""",
    ),
    (
        'input(10, 8) -> einsum_dense("bc,cde->bd", 4)',
        """\
net.arch:1:17: 'einsum_dense': axis 'e' of the kernel is neither of the input nor of the output
    input(10, 8) -> einsum_dense("bc,cde->bd", 4)
                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^""",
    ),
    (
        'input(10, 8) -> einsum_dense("...c,...cd->...d", 4)',
        """\
net.arch:1:17: 'einsum_dense': axis '.' of the kernel is neither of the input nor of the output
    input(10, 8) -> einsum_dense("...c,...cd->...d", 4)
                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^""",
    ),
    (
        "input(8) -> spectralnorm(dense(4), each = multiplier)",
        """\
net.arch:1:13: 'spectralnorm': 'dense' has no multiplier
    input(8) -> spectralnorm(dense(4), each = multiplier)
                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^""",
    ),
    (
        "{ x = input(4, 8); y = input(2, 4, 8); attend(x, y, y) }",
        """\
net.arch:1:40: 'attend' needs q, k and v of as many axes each
    { x = input(4, 8); y = input(2, 4, 8); attend(x, y, y) }
                                           ^^^^^^^^^^^^^^^""",
    ),
    (
        "{ x = input(4, 8); y = input(5, 9); attend(x, y, y) }",
        """\
net.arch:1:37: queries of 8 in 1 heads do not fit keys of 9 in 1
    { x = input(4, 8); y = input(5, 9); attend(x, y, y) }
                                        ^^^^^^^^^^^^^^^""",
    ),
    (
        "{ x = input(4, 8); y = input(5, 8); z = input(6, 8); attend(x, y, z) }",
        """\
net.arch:1:54: 5 keys for 6 values
    { x = input(4, 8); y = input(5, 8); z = input(6, 8); attend(x, y, z) }
                                                         ^^^^^^^^^^^^^^^""",
    ),
    (
        "{ x = input(4, 8); y = input(5, 8); z = input(5, 9); attend(x, y, z, heads = 4, kv_heads = 4) }",
        """\
net.arch:1:54: 4 heads must divide the values' 9
    { x = input(4, 8); y = input(5, 8); z = input(5, 9); attend(x, y, z, heads = 4, kv_heads = 4) }
                                                         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^""",
    ),
    (
        "input(4, 8) -> (id, id, id) -> attend(heads = 4, kv_heads = 3)",
        """\
net.arch:1:32: 3 heads must divide the values' 8
    input(4, 8) -> (id, id, id) -> attend(heads = 4, kv_heads = 3)
                                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^""",
    ),
    (
        "{ x = input(4, 8); y = input(4, 6); attend(x, y, y, heads = 4, kv_heads = 3) }",
        """\
net.arch:1:37: kv_heads = 3 must divide heads = 4
    { x = input(4, 8); y = input(4, 6); attend(x, y, y, heads = 4, kv_heads = 3) }
                                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^""",
    ),
    (
        "{ x = input(3, 4, 8); y = input(2, 4, 8); attend(x, y, y) }",
        """\
net.arch:1:43: attention over axes of 3 and 2
    { x = input(3, 4, 8); y = input(2, 4, 8); attend(x, y, y) }
                                              ^^^^^^^^^^^^^^^""",
    ),
    (
        "{ x = input(5, 8); weight b[7, 13]; attend(x, x, x, bias = b) }",
        """\
net.arch:1:37: a bias of 7x13 does not fit scores of 5x5
    { x = input(5, 8); weight b[7, 13]; attend(x, x, x, bias = b) }
                                        ^^^^^^^^^^^^^^^^^^^^^^^^^""",
    ),
    (
        "{ x = input(5, 8); weight b[3, 5, 5]; attend(x, x, x, heads = 2, bias = b) }",
        """\
net.arch:1:39: a bias of 3x5x5 does not fit scores of 2x5x5
    { x = input(5, 8); weight b[3, 5, 5]; attend(x, x, x, heads = 2, bias = b) }
                                          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^""",
    ),
    (
        "{ x = input(5, 8); weight b[7, 3]; attend(x, x, x, heads = 2, bias = b) }",
        """\
net.arch:1:36: a bias of 7x3 does not fit scores of 2x5x5
    { x = input(5, 8); weight b[7, 3]; attend(x, x, x, heads = 2, bias = b) }
                                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^""",
    ),
    (
        "{ x = input(5, 8); weight b[2, 1, 5, 5]; attend(x, x, x, heads = 2, bias = b) }",
        """\
net.arch:1:42: a bias of 2x1x5x5 does not fit scores of 2x5x5
    { x = input(5, 8); weight b[2, 1, 5, 5]; attend(x, x, x, heads = 2, bias = b) }
                                             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^""",
    ),
    (
        "{ x = input(5, 4); y = input(3, 4); attend(x, y, y, causal = yes) }",
        """\
net.arch:1:37: causal attention of 5 queries needs as many keys or more, not 3
    { x = input(5, 4); y = input(3, 4); attend(x, y, y, causal = yes) }
                                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^""",
    ),
    (
        "{ x = input(5, 4); attend(x, x, x, window = 2, blocks = 2) }",
        """\
net.arch:1:20: 'attend' takes a window or blocks, not both
    { x = input(5, 4); attend(x, x, x, window = 2, blocks = 2) }
                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^""",
    ),
    (
        "{ x = input(5, 4); y = input(7, 4); attend(x, y, y, window = 2) }",
        """\
net.arch:1:37: 5 queries in windows over 7 keys
    { x = input(5, 4); y = input(7, 4); attend(x, y, y, window = 2) }
                                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^""",
    ),
    (
        "{ x = input(5, 8); attend(x, x, x, bias = tokens(5)) }",
        """\
net.arch:1:43: 'bias' of 'attend' must be a tensor of numbers, not tokens(5)
    { x = input(5, 8); attend(x, x, x, bias = tokens(5)) }
                                              ^^^^^^^^^""",
    ),
    (
        "{ x = input(5, 8); attend(x, x, x, bias = x -> (id, id)) }",
        """\
net.arch:1:43: 'bias' of 'attend' must be a tensor of numbers, not a bundle of 2: 5x8, 5x8
    { x = input(5, 8); attend(x, x, x, bias = x -> (id, id)) }
                                              ^^^^^^^^^^^^^""",
    ),
    (
        "{ x = input(s, 8); weight b[s, t]; attend(x, x, x, bias = b) }",
        """\
net.arch:1:36: a bias of s x t does not fit scores of s x s: not known to be equal
    { x = input(s, 8); weight b[s, t]; attend(x, x, x, bias = b) }
                                       ^^^^^^^^^^^^^^^^^^^^^^^^^ say 'where t == s'""",
    ),
    (
        "{ x = input(4, 3); scan(x, x, zeros(3, 5), zeros(4, 5), zeros(4, 5), zeros(3, 1)) }",
        """\
net.arch:1:20: 'scan' needs x (t, d), dt (t, d), A (d, n), B (t, n), C (t, n), D (d)
    { x = input(4, 3); scan(x, x, zeros(3, 5), zeros(4, 5), zeros(4, 5), zeros(3, 1)) }
                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^""",
    ),
    (
        "{ x = input(4, 3); scan(x, zeros(2, 3), zeros(3, 5), zeros(4, 5), zeros(4, 5), zeros(3)) }",
        """\
net.arch:1:20: a scan over 4 and 2
    { x = input(4, 3); scan(x, zeros(2, 3), zeros(3, 5), zeros(4, 5), zeros(4, 5), zeros(3)) }
                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^""",
    ),
    (
        "{ x = input(4, 3); scan(x, zeros(4, 2), zeros(3, 5), zeros(4, 5), zeros(4, 5), zeros(3)) }",
        """\
net.arch:1:20: a scan over 3 and 2
    { x = input(4, 3); scan(x, zeros(4, 2), zeros(3, 5), zeros(4, 5), zeros(4, 5), zeros(3)) }
                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^""",
    ),
    (
        "{ x = input(4, 3); scan(x, x, zeros(2, 5), zeros(4, 5), zeros(4, 5), zeros(3)) }",
        """\
net.arch:1:20: a scan over 3 and 2
    { x = input(4, 3); scan(x, x, zeros(2, 5), zeros(4, 5), zeros(4, 5), zeros(3)) }
                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^""",
    ),
    (
        "{ x = input(4, 3); scan(x, x, zeros(3, 5), zeros(2, 5), zeros(4, 5), zeros(3)) }",
        """\
net.arch:1:20: a scan over 4 and 2
    { x = input(4, 3); scan(x, x, zeros(3, 5), zeros(2, 5), zeros(4, 5), zeros(3)) }
                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^""",
    ),
    (
        "{ x = input(4, 3); scan(x, x, zeros(3, 5), zeros(4, 6), zeros(4, 5), zeros(3)) }",
        """\
net.arch:1:20: a scan over 5 and 6
    { x = input(4, 3); scan(x, x, zeros(3, 5), zeros(4, 6), zeros(4, 5), zeros(3)) }
                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^""",
    ),
    (
        "{ x = input(4, 3); scan(x, x, zeros(3, 5), zeros(4, 5), zeros(2, 5), zeros(3)) }",
        """\
net.arch:1:20: a scan over 4 and 2
    { x = input(4, 3); scan(x, x, zeros(3, 5), zeros(4, 5), zeros(2, 5), zeros(3)) }
                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^""",
    ),
    (
        "{ x = input(4, 3); scan(x, x, zeros(3, 5), zeros(4, 5), zeros(4, 6), zeros(3)) }",
        """\
net.arch:1:20: a scan over 5 and 6
    { x = input(4, 3); scan(x, x, zeros(3, 5), zeros(4, 5), zeros(4, 6), zeros(3)) }
                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^""",
    ),
    (
        "{ x = input(4, 3); scan(x, x, zeros(3, 5), zeros(4, 5), zeros(4, 5), zeros(2)) }",
        """\
net.arch:1:20: a scan over 3 and 2
    { x = input(4, 3); scan(x, x, zeros(3, 5), zeros(4, 5), zeros(4, 5), zeros(2)) }
                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^""",
    ),
    (
        "input(8, 3) -> conv(4, 3, dilation = 4)",
        """\
net.arch:1:16: a kernel of 3 must fit into an axis of 8
    input(8, 3) -> conv(4, 3, dilation = 4)
                   ^^^^^^^^^^^^^^^^^^^^^^^^""",
    ),
    (
        "input(8, 8, 3) -> maxpool(9)",
        """\
net.arch:1:19: a kernel of 9 must fit into an axis of 8
    input(8, 8, 3) -> maxpool(9)
                      ^^^^^^^^^^""",
    ),
    (
        "input(2, 8, 3) -> avgpool(2, pad = 0) -> avgpool([2, 1])",
        """\
net.arch:1:42: a kernel of 2 must fit into an axis of 1
    input(2, 8, 3) -> avgpool(2, pad = 0) -> avgpool([2, 1])
                                             ^^^^^^^^^^^^^^^""",
    ),
    (
        "input(5, 8, 3, 2) -> conv_lstm(4, 4)",
        """\
net.arch:1:22: a kernel of 4 must fit into an axis of 3
    input(5, 8, 3, 2) -> conv_lstm(4, 4)
                         ^^^^^^^^^^^^^^^""",
    ),
    (
        "input(16, 6) -> rmsnorm(axis = [])",
        """\
net.arch:1:17: 'rmsnorm' needs an axis
    input(16, 6) -> rmsnorm(axis = [])
                    ^^^^^^^^^^^^^^^^^^""",
    ),
    (
        "input(16, 6) -> unitnorm(axis = 2)",
        """\
net.arch:1:17: 'unitnorm' on axis 2, but there are 2 axes, from 0
    input(16, 6) -> unitnorm(axis = 2)
                    ^^^^^^^^^^^^^^^^^^""",
    ),
    (
        "input(16, 6) -> groupnorm(4, axis = 1)",
        """\
net.arch:1:17: groups = 4 must divide the channels, 6
    input(16, 6) -> groupnorm(4, axis = 1)
                    ^^^^^^^^^^^^^^^^^^^^^^""",
    ),
]
