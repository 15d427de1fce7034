"""Sources that cannot be built, with the exact message of each."""

# ruff: noqa: E501

CASES: list[tuple[str, str]] = [
    (
        "input(8) -> lsmt(4)",
        """\
net.arch:1:13: unknown layer kind 'lsmt'
    input(8) -> lsmt(4)
                ^^^^ did you mean 'lstm'?""",
    ),
    (
        "input(8) -> dens(4)",
        """\
net.arch:1:13: unknown layer kind 'dens'
    input(8) -> dens(4)
                ^^^^ did you mean 'dense' or 'tokens'?""",
    ),
    (
        "input(8) -> relux",
        """\
net.arch:1:13: a net is needed here, but 'relux' is a size
    input(8) -> relux
                ^^^^^ did you mean 'relu', 'relu6' or 'elu'?""",
    ),
    (
        "input(8) -> dense(units = 4, bais = no)",
        """\
net.arch:1:30: 'dense' has no option 'bais'
    input(8) -> dense(units = 4, bais = no)
                                 ^^^^ did you mean 'bias'?""",
    ),
    (
        "input(8) -> dense(4, 5)",
        """\
net.arch:1:22: 'dense' takes 1 argument without a name
    input(8) -> dense(4, 5)
                         ^ name it: bias = …""",
    ),
    (
        "input(8) -> dense",
        """\
net.arch:1:13: 'dense' needs 'units' (output features)
    input(8) -> dense
                ^^^^^""",
    ),
    (
        "input(8, 8, 3) -> conv(16)",
        """\
net.arch:1:19: 'conv' needs 'kernel' (size of the window)
    input(8, 8, 3) -> conv(16)
                      ^^^^^^^^""",
    ),
    (
        "input(8) -> dense(0)",
        """\
net.arch:1:19: 'units' of 'dense' must be at least 1, not 0
    input(8) -> dense(0)
                      ^""",
    ),
    (
        "input(8) -> dense(-4)",
        """\
net.arch:1:19: 'units' of 'dense' must be at least 1, not -4
    input(8) -> dense(-4)
                      ^^""",
    ),
    (
        "input(8) -> dense(1/2)",
        """\
net.arch:1:19: 'units' of 'dense' must be an integer, not 1/2
    input(8) -> dense(1/2)
                      ^^^""",
    ),
    (
        "input(8) -> dense(relu)",
        """\
net.arch:1:19: 'units' of 'dense' must be a size, not the layer kind 'relu'
    input(8) -> dense(relu)
                      ^^^^""",
    ),
    (
        "input(8) -> dense(yes)",
        """\
net.arch:1:19: 'units' of 'dense' must be a size, not a flag
    input(8) -> dense(yes)
                      ^^^""",
    ),
    (
        "input(8) -> dense([1, 2])",
        """\
net.arch:1:19: 'units' of 'dense' must be a size, not a list
    input(8) -> dense([1, 2])
                      ^^^^^^""",
    ),
    (
        "input(8) -> dense(4, bias = 3)",
        """\
net.arch:1:29: 'bias' of 'dense' must be yes or no, not a size
    input(8) -> dense(4, bias = 3)
                                ^""",
    ),
    (
        "input(8) -> conv(4, 3)",
        """\
net.arch:1:13: 'conv' needs a sequence (time, channels) or an image (height, width, channels), but gets a vector of 8
    input(8) -> conv(4, 3)
                ^^^^^^^^^^""",
    ),
    (
        "input(t, 8) -> conv(4, [3, 3])",
        """\
net.arch:1:16: 'conv' has 2 sizes in 'kernel' for 1 spatial axis of t x 8
    input(t, 8) -> conv(4, [3, 3])
                   ^^^^^^^^^^^^^^^""",
    ),
    (
        "input(8, 8, 3) -> conv(4, 3, pad = smae)",
        """\
net.arch:1:36: 'pad' of 'conv' cannot be 'smae'
    input(8, 8, 3) -> conv(4, 3, pad = smae)
                                       ^^^^ did you mean 'same'?""",
    ),
    (
        "input(8, 8, 3) -> conv(4, 3, pad = relu)",
        """\
net.arch:1:36: 'pad' of 'conv' must be a size, not the layer kind 'relu'
    input(8, 8, 3) -> conv(4, 3, pad = relu)
                                       ^^^^""",
    ),
    (
        "input(4, 4, 3) -> conv(8, 7)",
        """\
net.arch:1:19: a kernel of 7 must fit into an axis of 4
    input(4, 4, 3) -> conv(8, 7)
                      ^^^^^^^^^^""",
    ),
    (
        "input(8, 8, 3) -> conv(4, 3, groups = 2)",
        """\
net.arch:1:19: groups = 2 must divide the input channels, 3
    input(8, 8, 3) -> conv(4, 3, groups = 2)
                      ^^^^^^^^^^^^^^^^^^^^^^""",
    ),
    (
        "input(8, 8, 4) -> conv(6, 3, groups = 4)",
        """\
net.arch:1:19: groups = 4 must divide the filters, 6
    input(8, 8, 4) -> conv(6, 3, groups = 4)
                      ^^^^^^^^^^^^^^^^^^^^^^""",
    ),
    (
        "input(8, 8, 4) -> conv(6, 3, stride = 0)",
        """\
net.arch:1:39: 'stride' of 'conv' must be at least 1, not 0
    input(8, 8, 4) -> conv(6, 3, stride = 0)
                                          ^""",
    ),
    (
        "tokens(8) -> dense(4)",
        """\
net.arch:1:14: 'dense' cannot take tokens(8): those are integers
    tokens(8) -> dense(4)
                 ^^^^^^^^ put embed(V, d) in front of it""",
    ),
    (
        "input(8) -> embed(10, 4)",
        """\
net.arch:1:13: 'embed' takes integers, as tokens(…) gives them, but gets a vector of 8
    input(8) -> embed(10, 4)
                ^^^^^^^^^^^^""",
    ),
    (
        "input()",
        """\
net.arch:1:1: 'input' needs its sizes
    input()
    ^^^^^^^ as in input(224, 224, 3)""",
    ),
    (
        "input(8, depth = 3)",
        """\
net.arch:1:10: 'input' has no option 'depth'
    input(8, depth = 3)
             ^^^^^""",
    ),
    (
        "input(0) -> dense(3)",
        """\
net.arch:1:7: an axis of 'input' must be at least 1, not 0
    input(0) -> dense(3)
          ^""",
    ),
    (
        "dense(4)",
        """\
net.arch:1:1: a model needs an input, but this is a net
    dense(4)
    ^^^^^^^^ begin with input(…) or tokens(…)""",
    ),
    (
        "4*h + 2",
        """\
net.arch:1:1: a model needs an input, but this is a size
    4*h + 2
    ^^^^^^^ begin with input(…) or tokens(…)""",
    ),
    (
        "input(8) -> input(9)",
        """\
net.arch:1:13: a tensor cannot stand behind '->': it takes no input
    input(8) -> input(9)
                ^^^^^^^^ an input begins a chain""",
    ),
    (
        "input(8) -> 4",
        """\
net.arch:1:13: a net is needed here, but this is a size
    input(8) -> 4
                ^""",
    ),
    (
        "input(8) -> (dense(4) + 3)",
        """\
net.arch:1:25: cannot add a size and a net
    input(8) -> (dense(4) + 3)
                            ^""",
    ),
    (
        "input(8) -> (dense(4) | 3)",
        """\
net.arch:1:25: cannot concatenate a size and a net
    input(8) -> (dense(4) | 3)
                            ^""",
    ),
    (
        "input(8) -> (dense(4) + dense(5))",
        """\
net.arch:1:25: cannot add a vector of 4 and a vector of 5: 4 and 5 differ
    input(8) -> (dense(4) + dense(5))
                            ^^^^^^^^""",
    ),
    (
        "input(8) -> (dense(h) + id)",
        """\
net.arch:1:25: cannot add a vector of h and a vector of 8: h and 8 are not known to be equal
    input(8) -> (dense(h) + id)
                            ^^ say 'where h == 8'""",
    ),
    (
        "input(6, 8) -> (dense(4) | globalavgpool)",
        """\
net.arch:1:28: cannot concatenate a sequence of 6x4 and a vector of 8
    input(6, 8) -> (dense(4) | globalavgpool)
                               ^^^^^^^^^^^^^""",
    ),
    (
        "input(8) -> dense(4) / 2",
        """\
net.arch:1:13: '/' is for sizes, but this is a net
    input(8) -> dense(4) / 2
                ^^^^^^^^""",
    ),
    (
        "input(8) -> dense(4) * -1",
        """\
net.arch:1:13: cannot repeat -1 times
    input(8) -> dense(4) * -1
                ^^^^^^^^^^^^^""",
    ),
    (
        "input(8) -> dense(4) * 1/2",
        """\
net.arch:1:13: '/' is for sizes, but this is a net
    input(8) -> dense(4) * 1/2
                ^^^^^^^^^^^^""",
    ),
    (
        "input(8) -> dense(8) * yes",
        """\
net.arch:1:24: cannot multiply a flag
    input(8) -> dense(8) * yes
                           ^^^""",
    ),
    (
        "input(H, W, 3) -> (conv(8, 3) -> maxpool(2)) * n",
        """\
net.arch:1:19: a repeat of n has no closed form here: the shape goes H x W x 3, then (floor(H/2) - 1) x (floor(W/2) - 1) x 8, then (floor((H + 2)/4) - 2) x (floor((W + 2)/4) - 2) x 8
    input(H, W, 3) -> (conv(8, 3) -> maxpool(2)) * n
                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ give 'n' a value""",
    ),
    (
        "input(8) -> dense(2 // 0)",
        """\
net.arch:1:24: division by zero
    input(8) -> dense(2 // 0)
                           ^""",
    ),
    (
        "input(8) -> dense(h / (a + b))",
        """\
net.arch:1:23: cannot divide by the sum 'a + b' while it has symbols
    input(8) -> dense(h / (a + b))
                          ^^^^^^^""",
    ),
    (
        "input(8) -> dense(2 ^ (1/2))",
        """\
net.arch:1:19: an exponent must be an integer, not 1/2
    input(8) -> dense(2 ^ (1/2))
                      ^^^^^^^^^""",
    ),
    (
        "input(8) -> dense(9^9^9^9)",
        """\
net.arch:1:21: this number has more than 4,300 digits
    input(8) -> dense(9^9^9^9)
                        ^^^^^""",
    ),
    (
        "input(8) -> dense(2B) -> dense(B)",
        """\
net.arch:1:19: '2B' is ambiguous: 'B' is a name here
    input(8) -> dense(2B) -> dense(B)
                      ^^ write 2*B, or the number in full""",
    ),
    (
        "input(8) -> dense([3, 4][2])",
        """\
net.arch:1:26: no element 2 in a list of 2
    input(8) -> dense([3, 4][2])
                             ^ elements count from 0; -1 is the last""",
    ),
    (
        "input(8) -> dense(3[0])",
        """\
net.arch:1:20: '3' is a number and takes no '['
    input(8) -> dense(3[0])
                       ^""",
    ),
    (
        "input(8) -> dense(h(3))",
        """\
net.arch:1:19: unknown layer kind 'h'
    input(8) -> dense(h(3))
                      ^""",
    ),
    (
        "input(8) -> dense(round_up(3))",
        """\
net.arch:1:19: 'round_up' takes 2 sizes, not 1
    input(8) -> dense(round_up(3))
                      ^^^^^^^^^^^""",
    ),
    (
        "input(8) -> dense(min())",
        """\
net.arch:1:19: 'min' takes at least one size, not 0
    input(8) -> dense(min())
                      ^^^^^""",
    ),
    (
        "input(8) -> [dense(c) for (c, d) in [1, 2]]",
        """\
net.arch:1:37: 2 names for 1 values in a row
    input(8) -> [dense(c) for (c, d) in [1, 2]]
                                        ^^^^^^""",
    ),
    (
        "input(8) -> [dense(c) for c in 1..100000]",
        """\
net.arch:1:32: a range of more than 10,000
    input(8) -> [dense(c) for c in 1..100000]
                                   ^^^^^^^^^""",
    ),
    (
        "input(8) -> [dense(c) for c in 1..n]",
        """\
net.arch:1:35: where a range ends depends on 'n'
    input(8) -> [dense(c) for c in 1..n]
                                      ^ give 'n' a value or a default""",
    ),
    (
        "input(8) -> [dense(c) for c in 5]",
        """\
net.arch:1:32: a list is needed here, not a size
    input(8) -> [dense(c) for c in 5]
                                   ^""",
    ),
    (
        "input(8) -> (if h > 3 then dense(4) else dense(5))",
        """\
net.arch:1:14: whether h > 3 depends on 'h'
    input(8) -> (if h > 3 then dense(4) else dense(5))
                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ give 'h' a value or a default""",
    ),
    (
        "input(8) -> (if 3 then dense(4) else dense(5))",
        """\
net.arch:1:17: a condition is needed here, not a size
    input(8) -> (if 3 then dense(4) else dense(5))
                    ^ compare it, or yes / no""",
    ),
    (
        "input(8) -> (if dense(3) == 4 then dense(4) else dense(5))",
        """\
net.arch:1:17: cannot compare a net and a size
    input(8) -> (if dense(3) == 4 then dense(4) else dense(5))
                    ^^^^^^^^^^^^^""",
    ),
    (
        "input(8) -> bidirectional(4)",
        """\
net.arch:1:27: a net is needed here, but this is a size
    input(8) -> bidirectional(4)
                              ^""",
    ),
    (
        "input(3, 8) -> bidirectional(lstm(4), merge = cnocat)",
        """\
net.arch:1:47: 'merge' of 'bidirectional' cannot be 'cnocat'
    input(3, 8) -> bidirectional(lstm(4), merge = cnocat)
                                                  ^^^^^^ did you mean 'concat'?""",
    ),
    (
        "input(3, 8) -> bidirectional(lstm(4), merge = none)",
        """\
net.arch:1:16: 'bidirectional' with outputs kept apart is a bundle, which is not in this version
    input(3, 8) -> bidirectional(lstm(4), merge = none)
                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^""",
    ),
    (
        "input(3, 8) -> gru(4, bias_vectors = h)",
        """\
net.arch:1:38: 'bias_vectors' of 'gru' depends on 'h'
    input(3, 8) -> gru(4, bias_vectors = h)
                                         ^ give 'h' a value or a default""",
    ),
    (
        "input(8) -> residual",
        """\
net.arch:1:13: 'residual' needs the net it goes around
    input(8) -> residual
                ^^^^^^^^""",
    ),
    (
        "input(8) -> residual(dense(4))",
        """\
net.arch:1:22: cannot add a vector of 8 and a vector of 4: 8 and 4 differ
    input(8) -> residual(dense(4))
                         ^^^^^^^^""",
    ),
    (
        "input(8) -> sum(dense(4), dense(5))",
        """\
net.arch:1:13: 'sum' goes over a list
    input(8) -> sum(dense(4), dense(5))
                ^^^^^^^^^^^^^^^^^^^^^^^ as in sum(conv(c, 3) for c in [8, 16])""",
    ),
    (
        "input(8) -> cat(dense(c) for c in [4, 5], 0)",
        """\
net.arch:1:43: concatenation on another axis than the last is not in this version
    input(8) -> cat(dense(c) for c in [4, 5], 0)
                                              ^""",
    ),
    (
        "input(8) -> dense(4).T",
        """\
net.arch:1:13: a transposed weight is not in this version
    input(8) -> dense(4).T
                ^^^^^^^^^^""",
    ),
    (
        "input(8) -> dense(resnet.params)",
        """\
net.arch:1:19: '.params' is not known here
    input(8) -> dense(resnet.params)
                      ^^^^^^^^^^^^^ measures of a model are asked for in 'expect' lines""",
    ),
    (
        "input(H, 3) -> dense(4) where H % 2 == 1, H == 4, 5 > 6",
        """\
net.arch:1:51: the assumption '5 > 6' does not hold
    input(H, 3) -> dense(4) where H % 2 == 1, H == 4, 5 > 6
                                                      ^^^^^""",
    ),
    (
        "input(8) -> { x = dense(3); x }",
        """\
net.arch:1:13: a network in braces is not in this version
    input(8) -> { x = dense(3); x }
                ^^^^^^^^^^^^^^^^^^^""",
    ),
    (
        "shared E = embed(V, d)\nmodel m = tokens(3) -> E",
        """\
net.arch:1:1: 'shared' is not in this version
    shared E = embed(V, d)
    ^^^^^^^^^^^^^^^^^^^^^^""",
    ),
    (
        'import "x.arch"\nmodel m = input(3) -> dense(4)',
        """\
net.arch:1:1: 'import' is not in this version
    import "x.arch"
    ^^^^^^^^^^^^^^^""",
    ),
    (
        "layer kan(o) on [..., i] {\n    weight w[i, o]\n    output [..., o]\n}\nmodel m = input(3) -> kan(4)",
        """\
net.arch:1:1: 'layer' is not in this version
    layer kan(o) on [..., i] {
    ^^^^^^^^^^^^^^^^^^^^^^^^^^""",
    ),
    (
        "convention kears\nmodel m = input(3) -> dense(4)",
        """\
net.arch:1:12: unknown convention 'kears'
    convention kears
               ^^^^^ did you mean 'keras'?""",
    ),
    (
        "default dens(bias = no)\nmodel m = input(3) -> dense(4)",
        """\
net.arch:1:9: unknown layer kind 'dens'
    default dens(bias = no)
            ^^^^ did you mean 'dense'?""",
    ),
    (
        "default dense(bais = no)\nmodel m = input(3) -> dense(4)",
        """\
net.arch:1:15: 'dense' has no option 'bais'
    default dense(bais = no)
                  ^^^^ did you mean 'bias'?""",
    ),
    (
        "default dense(bias = 7)\nmodel m = input(3) -> dense(4)",
        """\
net.arch:1:22: 'bias' of 'dense' must be yes or no, not a size
    default dense(bias = 7)
                         ^""",
    ),
    (
        "block dense(c) = relu\nmodel m = input(3) -> dense(4)",
        """\
net.arch:1:7: 'dense' is a built-in layer kind
    block dense(c) = relu
          ^^^^^ choose another name""",
    ),
    (
        "block f(c) = relu\nblock f(d) = relu\nmodel m = input(3) -> f(4)",
        """\
net.arch:2:7: 'f' is defined twice
    block f(d) = relu
          ^
net.arch:1:7: first here
    block f(c) = relu
          ^""",
    ),
    (
        "block f(c) = relu\nmodel m = input(3) -> f",
        """\
net.arch:2:23: block 'f' needs 'c'
    model m = input(3) -> f
                          ^""",
    ),
    (
        "block f(c) = relu\nmodel m = input(3) -> f(4, d = 3)",
        """\
net.arch:2:28: block 'f' has no parameter 'd'
    model m = input(3) -> f(4, d = 3)
                               ^ it has c""",
    ),
    (
        "block f(c) = relu\nmodel m = input(3) -> f(4, c = 3)",
        """\
net.arch:2:28: block 'f' is given 'c' twice
    model m = input(3) -> f(4, c = 3)
                               ^""",
    ),
    (
        "block f(c) = dense(c) -> f(c)\nmodel m = input(3) -> f(4)",
        """\
net.arch:1:26: block 'f' uses itself
    block f(c) = dense(c) -> f(c)
                             ^^^^""",
    ),
    (
        "block f(c) on [h, w, d] = dense(c)\nmodel m = input(3) -> f(4)",
        """\
net.arch:2:23: block 'f' takes [h, w, d], but gets a vector of 3
    model m = input(3) -> f(4)
                          ^^^^
net.arch:1:15: its axes are named here
    block f(c) on [h, w, d] = dense(c)
                  ^^^^^^^^^""",
    ),
    (
        "block f(c) on [h, h, 3] = dense(c)\nmodel m = input(4, 5, 3) -> f(4)",
        """\
net.arch:2:29: block 'f' takes [h, h, 3], but gets an image of 4x5x3
    model m = input(4, 5, 3) -> f(4)
                                ^^^^
net.arch:1:15: its axes are named here
    block f(c) on [h, h, 3] = dense(c)
                  ^^^^^^^^^""",
    ),
    (
        "block f(c) on x[d] = dense(c)\nmodel m = input(3) -> f(4)",
        """\
net.arch:1:15: an input by name is not in this version
    block f(c) on x[d] = dense(c)
                  ^^^^ use on […]""",
    ),
    (
        "block f(c) on (x[d], y[d]) = dense(c)\nmodel m = input(3) -> f(4)",
        """\
net.arch:1:22: a block of several inputs is not in this version
    block f(c) on (x[d], y[d]) = dense(c)
                         ^^^^""",
    ),
    (
        "block f(c) = ff(c)\nmodel m = input(3) -> f(4)",
        """\
net.arch:1:14: unknown layer kind 'ff'
    block f(c) = ff(c)
                 ^^ did you mean 'f'?""",
    ),
    (
        "model m(h) = input(3) -> dense(hh)",
        """\
net.arch:1:32: unknown name 'hh'
    model m(h) = input(3) -> dense(hh)
                                   ^^ did you mean 'h'?""",
    ),
    (
        "model m(h) on [d] = dense(h)",
        """\
net.arch:1:15: a model has its inputs in its body, not behind 'on'
    model m(h) on [d] = dense(h)
                  ^^^""",
    ),
    (
        "model m(h in 8..4) = input(3) -> dense(h)",
        """\
net.arch:1:14: a range must rise from a positive integer, not 8..4
    model m(h in 8..4) = input(3) -> dense(h)
                 ^^^^""",
    ),
    (
        "model m(h in 8..16 step 0) = input(3) -> dense(h)",
        """\
net.arch:1:25: a size must be positive, not 0
    model m(h in 8..16 step 0) = input(3) -> dense(h)
                            ^""",
    ),
    (
        "model m(h in {2, 4} = 3) = input(3) -> dense(h)",
        """\
net.arch:1:23: 'h' must be in {2, 4}, not 3
    model m(h in {2, 4} = 3) = input(3) -> dense(h)
                          ^""",
    ),
    (
        "model m(h = 0) = input(3) -> dense(h)",
        """\
net.arch:1:13: 'h' must be a positive integer, not 0
    model m(h = 0) = input(3) -> dense(h)
                ^""",
    ),
    (
        "model m(k[3] in {3, 5}) = input(3) -> dense(k[0])",
        """\
net.arch:1:9: the indexed size 'k[…]' is not in this version
    model m(k[3] in {3, 5}) = input(3) -> dense(k[0])
            ^^^^^^^^^^^^^^""",
    ),
    (
        "model m(h = 64) = input(3) -> dense(h) where h % 48 == 0",
        """\
net.arch:1:46: the assumption 'h % 48 == 0' does not hold
    model m(h = 64) = input(3) -> dense(h) where h % 48 == 0
                                                 ^^^^^^^^^^^""",
    ),
    (
        "model a = input(3) -> dense(4)\nmodel b = input(3) -> dense(5)",
        """\
net.arch has several models
    it has a, b; name one""",
    ),
    (
        "block f(c) = dense(c)",
        """\
net.arch has no model
    write 'model NAME(…) = …'""",
    ),
    (
        "model m = input(3) -> dense(4)\nexpect m",
        """\
net.arch:2:8: an expectation compares
    expect m
           ^ as in: expect m.params == 1_000""",
    ),
    (
        "model m = input(3) -> dense(4)\nexpect m.parms == 4",
        """\
net.arch:2:10: unknown measure 'parms'
    expect m.parms == 4
             ^^^^^ did you mean 'params'?""",
    ),
    (
        "model m = input(3) -> dense(4)\nexpect mm.params == 4",
        """\
net.arch:2:8: no model 'mm'
    expect mm.params == 4
           ^^ did you mean 'm'?""",
    ),
    (
        "model m = input(3) -> dense(4)\nexpect 4 == 4",
        """\
net.arch:2:8: an expectation speaks of a model
    expect 4 == 4
           ^^^^^^ as in: expect m.params == 1_000""",
    ),
    (
        "model m = input(3) -> dense(4)\nexpect m.params == q",
        """\
net.arch:2:20: unknown name 'q'
    expect m.params == q
                       ^""",
    ),
    (
        "model m = input(3) -> dense(4)\nexpect m(h = 3).params == 4",
        """\
net.arch:2:10: model 'm' has no parameter 'h'
    expect m(h = 3).params == 4
             ^ it has none""",
    ),
    (
        "model m = input(3) -> dense(4)\nexpect m.params == dense(4)",
        """\
net.arch:2:20: a count is needed here, not a net
    expect m.params == dense(4)
                       ^^^^^^^^""",
    ),
    (
        "model m = input(3) -> dense(4)\nexpect m.params ~= 4 + 4",
        """\
net.arch:2:20: '~=' needs a printed number behind it
    expect m.params ~= 4 + 4
                       ^^^^^""",
    ),
    (
        "model m(h) = input(3) -> dense(h)\nexpect m.params ~= 4",
        """\
net.arch:2:8: '~=' compares numbers; 'h' has no default
    expect m.params ~= 4
           ^^^^^^^^^^^^^""",
    ),
    (
        "model m = input(3) -> dense(4)\nexpect m.conv.params == 4",
        """\
net.arch:2:8: a part of a model by its name is not in this version
    expect m.conv.params == 4
           ^^^^^^^^^^^^^""",
    ),
]
