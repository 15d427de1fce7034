"""Sources that cannot be built, with the exact message of each."""

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
                ^^^^ did you mean 'dense'?""",
    ),
    (
        "input(8) -> relux",
        """\
net.arch:1:13: unknown layer kind 'relux'
    input(8) -> relux
                ^^^^^ did you mean 'relu' or 'relu6'?""",
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
                         ^ name it: bias = … (the input size is not written; it comes from the chain)""",
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
                      ^ 'symparams layers' lists them""",
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
                ^^^^^^^^^^^^^^^^^^^^^^^ write '(dense(4) + dense(5))'""",
    ),
    (
        "input(8) -> sum(dense(3) for k in [])",
        """\
net.arch:1:13: 'sum' over nothing
    input(8) -> sum(dense(3) for k in [])
                ^^^^^^^^^^^^^^^^^^^^^^^^^""",
    ),
    (
        "input(8) -> sum(dense(a) for (a, b) in [])",
        """\
net.arch:1:13: 'sum' over nothing
    input(8) -> sum(dense(a) for (a, b) in [])
                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^""",
    ),
    (
        "input(8) -> 2 * sum(if k == 3 then relu else id for k in 2..1)",
        """\
net.arch:1:17: 'sum' over nothing
    input(8) -> 2 * sum(if k == 3 then relu else id for k in 2..1)
                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^""",
    ),
    (
        "input(8) -> (id + sum(dense(8) for _ in [])) -> relu",
        """\
net.arch:1:19: 'sum' over nothing
    input(8) -> (id + sum(dense(8) for _ in [])) -> relu
                      ^^^^^^^^^^^^^^^^^^^^^^^^^""",
    ),
    (
        "input(8) -> { x = id; cat(x -> dense(k) for k in []) }",
        """\
net.arch:1:23: 'cat' over nothing
    input(8) -> { x = id; cat(x -> dense(k) for k in []) }
                          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^""",
    ),
    (
        "input(8) -> dense(4).T",
        """\
net.arch:1:13: '.T' is of a net that is 'shared', not of a net
    input(8) -> dense(4).T
                ^^^^^^^^^^ bind it with 'shared E = …'""",
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
                             ^^^^
net.arch:2:23: 'f' is used here
    model m = input(3) -> f(4)
                          ^^^^""",
    ),
    (
        "block f(c) on [h, w, d] = dense(c)\nmodel m = input(3) -> f(4)",
        """\
net.arch:2:23: 'f' takes [h, w, d], but gets a vector of 3
    model m = input(3) -> f(4)
                          ^^^^
net.arch:1:15: its axes are named here
    block f(c) on [h, w, d] = dense(c)
                  ^^^^^^^^^""",
    ),
    (
        "block f(c) on [h, h, 3] = dense(c)\nmodel m = input(4, 5, 3) -> f(4)",
        """\
net.arch:2:29: 'f' takes [h, h, 3], but gets an image of 4x5x3
    model m = input(4, 5, 3) -> f(4)
                                ^^^^
net.arch:1:15: its axes are named here
    block f(c) on [h, h, 3] = dense(c)
                  ^^^^^^^^^""",
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
net.arch:1:14: a range must rise, not 8..4
    model m(h in 8..4) = input(3) -> dense(h)
                 ^^^^""",
    ),
    (
        "model m(h in 8..16 step 0) = input(3) -> dense(h)",
        """\
net.arch:1:25: a step must be above 0
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
                       ^^^^^ or a formula and a tolerance, as in ~= 12*l*h^2 within 5%""",
    ),
    (
        "model m = input(3) -> dense(4)\nexpect m.params == 16 within 5%",
        """\
net.arch:2:30: a tolerance is of '~=', not of '=='
    expect m.params == 16 within 5%
                                 ^ write '~='""",
    ),
    (
        "model m = input(3) -> dense(4)\nexpect m.params ~= 16 within 5K%",
        """\
net.arch:2:30: a tolerance is a plain number
    expect m.params ~= 16 within 5K%
                                 ^^""",
    ),
    (
        "model m(h in 1..4 = 2) = input(h) -> dense(4)\nexpect m.params ~= 4*h within 5% for h > 4",
        """\
net.arch:2:38: no size of the model meets h > 4
    expect m.params ~= 4*h within 5% for h > 4
                                         ^^^^^""",
    ),
    (
        "model m(h = 2) = input(h) -> dense(4)\nexpect m.params ~= 12 for h == 2",
        """\
net.arch:2:27: a printed number is rounded at one size, not over several
    expect m.params ~= 12 for h == 2
                              ^^^^^^ give it a tolerance, as in ~= 25.6M within 1%, or the model its sizes""",
    ),
    (
        "model m(h = 2) = input(h) -> dense(4)\nexpect m.params ~= 4*h within 5% for g > 4",
        """\
net.arch:2:38: unknown name 'g'
    expect m.params ~= 4*h within 5% for g > 4
                                         ^""",
    ),
    (
        "model m = input(3) -> dense(4)\nexpect m.macs ~= 12 FLOPs",
        """\
net.arch:2:18: '12 FLOPs' counts FLOPs, and 'macs' counts MACs
    expect m.macs ~= 12 FLOPs
                     ^^^^^^^^ 'flops' are two a multiply-accumulate""",
    ),
    (
        "model m = input(3) -> dense(4)\nexpect m.params ~= 0.1 KB",
        """\
net.arch:2:20: '0.1 KB' counts bytes, and 'params' counts values
    expect m.params ~= 0.1 KB
                       ^^^^^^ as in 4*params, of 4 bytes a value""",
    ),
    (
        "model m(h) = input(3) -> dense(h)\nexpect m.params ~= 4",
        """\
net.arch:2:8: '~=' compares numbers; 'h' has no default
    expect m.params ~= 4
           ^^^^^^^^^^^^^""",
    ),
    (
        "model m = { E = embed(10, 8); a = tokens(4) -> E; b = tokens(4) -> E; a + b }",
        """\
net.arch:1:13: the weights of 'E' would be used more than once
    model m = { E = embed(10, 8); a = tokens(4) -> E; b = tokens(4) -> E; a + b }
                ^ write 'shared E = …' for one set of weights, 'block E = …' for a set at each use""",
    ),
    (
        "model m = { f = dense(8); input(8) -> f * 2 }",
        """\
net.arch:1:13: the weights of 'f' would be used more than once
    model m = { f = dense(8); input(8) -> f * 2 }
                ^ write 'shared f = …' for one set of weights, 'block f = …' for a set at each use""",
    ),
    (
        "model m = { f = lstm(8); input(4, 8) -> bidirectional(f) }",
        """\
net.arch:1:13: the weights of 'f' would be used more than once
    model m = { f = lstm(8); input(4, 8) -> bidirectional(f) }
                ^ write 'shared f = …' for one set of weights, 'block f = …' for a set at each use""",
    ),
    (
        "model m = { f = dense(8); input(8) -> moe(f, 4, 2) }",
        """\
net.arch:1:13: the weights of 'f' would be used more than once
    model m = { f = dense(8); input(8) -> moe(f, 4, 2) }
                ^ write 'shared f = …' for one set of weights, 'block f = …' for a set at each use""",
    ),
    (
        "model m = { f = dense(8); input(8) -> dense(8) }",
        """\
net.arch:1:13: nothing uses 'f'
    model m = { f = dense(8); input(8) -> dense(8) }
                ^ remove it, or name it _""",
    ),
    (
        "model m = { x = input(8); weight w[8]; x -> dense(8) }",
        """\
net.arch:1:34: nothing uses 'w'
    model m = { x = input(8); weight w[8]; x -> dense(8) }
                                     ^ remove it, or name it _""",
    ),
    (
        "model m = { a, b = input(8) -> split(2); a }",
        """\
net.arch:1:16: nothing uses 'b'
    model m = { a, b = input(8) -> split(2); a }
                   ^ remove it, or name it _""",
    ),
    (
        "model m = { a, b, c = input(8) -> split(2); a + b + c }",
        """\
net.arch:1:13: 3 names for 2 values
    model m = { a, b, c = input(8) -> split(2); a + b + c }
                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^""",
    ),
    (
        "model m = { shared E = dense(8); x = input(8) -> E; y = input(4) -> E; x + y }",
        """\
net.arch:1:20: 'E' is shared, but its weights would differ: kernel 8 x 8, bias 8 at one use, kernel 4 x 8, bias 8 at another
    model m = { shared E = dense(8); x = input(8) -> E; y = input(4) -> E; x + y }
                       ^""",
    ),
    (
        "model m = { E = embed(10, 8); tokens(4) -> E -> E.T }",
        """\
net.arch:1:49: '.T' is of a net that is 'shared', not of a net
    model m = { E = embed(10, 8); tokens(4) -> E -> E.T }
                                                    ^^^ bind it with 'shared E = …'""",
    ),
    (
        "model m = { shared E = embed(10, 8); tokens(4) -> E -> dense(4) -> E.T }",
        """\
net.arch:1:68: 'E.T' takes vectors of 8, but gets a sequence of 4x4
    model m = { shared E = embed(10, 8); tokens(4) -> E -> dense(4) -> E.T }
                                                                       ^^^""",
    ),
    (
        "model m = { shared E = conv(8, 3); input(4, 4, 8) -> E.T }",
        """\
net.arch:1:54: 'E.T' is of an embedding or a dense layer that was used before
    model m = { shared E = conv(8, 3); input(4, 4, 8) -> E.T }
                                                         ^^^""",
    ),
    (
        "model m = input(4, 6) -> reshape(5, 5)",
        """\
net.arch:1:26: a reshape of 24 values into 25
    model m = input(4, 6) -> reshape(5, 5)
                             ^^^^^^^^^^^^^""",
    ),
    (
        "model m = input(4, 6) -> permute(0, 0)",
        """\
net.arch:1:26: 'permute(0, 0)' must name each of the 2 axes once, from 0
    model m = input(4, 6) -> permute(0, 0)
                             ^^^^^^^^^^^^^""",
    ),
    (
        "model m = input(4, 6) -> take(7)",
        """\
net.arch:1:26: 'take(7)' from an axis of 4
    model m = input(4, 6) -> take(7)
                             ^^^^^^^""",
    ),
    (
        "model m = input(4, 6) -> mean(2)",
        """\
net.arch:1:26: 'mean' on axis 2, but there are 2 axes, from 0
    model m = input(4, 6) -> mean(2)
                             ^^^^^^^""",
    ),
    (
        "model m = input(4, 7) -> split(2)",
        """\
net.arch:1:26: 2 must divide the axis of 7 that is split
    model m = input(4, 7) -> split(2)
                             ^^^^^^^^""",
    ),
    (
        "model m = input(4, 7) -> split(3, 5)",
        """\
net.arch:1:26: the parts 8 must make up the axis of 7 that is split
    model m = input(4, 7) -> split(3, 5)
                             ^^^^^^^^^^^""",
    ),
    (
        "model m = input(4, 6) -> attend(heads = 2)",
        """\
net.arch:1:26: 'attend' takes 3 tensors (q, k, v), not 1
    model m = input(4, 6) -> attend(heads = 2)
                             ^^^^^^^^^^^^^^^^^""",
    ),
    (
        "model m = input(4, 6) -> (id, id, id) -> attend(heads = 4)",
        """\
net.arch:1:42: 4 heads must divide the queries' 6
    model m = input(4, 6) -> (id, id, id) -> attend(heads = 4)
                                             ^^^^^^^^^^^^^^^^^""",
    ),
    (
        "model m = input(4, 6) -> (id, id, linear(6)) -> attend(heads = 3, kv_heads = 2)",
        """\
net.arch:1:49: kv_heads = 2 must divide heads = 3
    model m = input(4, 6) -> (id, id, linear(6)) -> attend(heads = 3, kv_heads = 2)
                                                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^""",
    ),
    (
        "model m = input(8) -> (dense(4), dense(4)) -> relu -> dense(3)",
        """\
net.arch:1:47: 'relu' takes one tensor, but gets a bundle of 2: 4, 4
    model m = input(8) -> (dense(4), dense(4)) -> relu -> dense(3)
                                                  ^^^^ take one of them: […]""",
    ),
    (
        "model m = input(8) -> (dense(4), dense(4)) -> dense(3)",
        """\
net.arch:1:47: 'dense' takes one tensor, but gets a bundle of 2: 4, 4
    model m = input(8) -> (dense(4), dense(4)) -> dense(3)
                                                  ^^^^^^^^ take one of them: […]""",
    ),
    (
        "block f on (x[t, d], m[s, d]) = x\nmodel m = input(8, 4) -> f",
        """\
net.arch:2:26: 'f' takes x[t, d], m[s, d], but gets a sequence of 8x4
    model m = input(8, 4) -> f
                             ^
net.arch:1:13: its inputs are named here
    block f on (x[t, d], m[s, d]) = x
                ^^^^^^^""",
    ),
    (
        "block f on (x[t, d], m[s, d]) = x\nmodel m = input(8, 4) -> (id, dense(5)) -> f",
        """\
net.arch:2:44: 'f' takes x[t, d], m[s, d], but gets a bundle of 2: 8x4, 8x5
    model m = input(8, 4) -> (id, dense(5)) -> f
                                               ^
net.arch:1:22: its axes are named here
    block f on (x[t, d], m[s, d]) = x
                         ^^^^^^^""",
    ),
    (
        "block f(c, d) = dense(c) -> dense(d)\nmodel m = input(8) -> f(3)",
        """\
net.arch:2:23: block 'f' needs 'd'
    model m = input(8) -> f(3)
                          ^^^^""",
    ),
    (
        "model m = input(8) -> attention(2)",
        """\
net.arch:1:23: 'attend' needs sequences (…, time, features), but gets a vector of 8
    model m = input(8) -> attention(2)
                          ^^^^^^^^^^^^
library/attention.arch:38:16: inside the library's 'attention'
        attended = attend(queries, all_k, all_v, heads = heads, kv_heads = kv_heads, bias = scores,
                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^""",
    ),
    (
        "model m = input(4, 8) -> attention(3)",
        """\
net.arch:1:26: 3 heads must divide the queries' 8
    model m = input(4, 8) -> attention(3)
                             ^^^^^^^^^^^^
library/attention.arch:38:16: inside the library's 'attention'
        attended = attend(queries, all_k, all_v, heads = heads, kv_heads = kv_heads, bias = scores,
                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^""",
    ),
    (
        "model m = input(4, 8) -> attentoin(2)",
        """\
net.arch:1:26: unknown layer kind 'attentoin'
    model m = input(4, 8) -> attentoin(2)
                             ^^^^^^^^^ did you mean 'attention'?""",
    ),
    (
        "model m = input(8) -> moe(dense(8), 4)",
        """\
net.arch:1:23: 'moe' needs 'top'
    model m = input(8) -> moe(dense(8), 4)
                          ^^^^^^^^^^^^^^^^""",
    ),
    (
        "model m = input(8) -> moe(dense(8), 4, 5)",
        """\
net.arch:1:40: top = 5 of 4 experts
    model m = input(8) -> moe(dense(8), 4, 5)
                                           ^""",
    ),
    (
        "block cell on (x[d], s[h]) = (x -> dense(h)) + s\nmodel m = input(8) -> recur(cell, 4)",
        """\
net.arch:2:23: 'recur' needs a sequence (time, features), but gets a vector of 8
    model m = input(8) -> recur(cell, 4)
                          ^^^^^^^^^^^^^^""",
    ),
    (
        "block cell on (x[d], s[h]) = x -> dense(h + 1)\nmodel m = input(5, 8) -> recur(cell, 4)",
        """\
net.arch:2:26: the cell of 'recur' gives a state of 5, not of 4
    model m = input(5, 8) -> recur(cell, 4)
                             ^^^^^^^^^^^^^^""",
    ),
    (
        "layer kan(o) on [..., i] {\n    weight w[i, q]\n    output [..., o]\n}\nmodel m = input(3) -> kan(4)",
        """\
net.arch:2:17: unknown name 'q'
        weight w[i, q]
                    ^""",
    ),
    (
        "layer kan(o) on [h, w, i] {\n    weight w[i, o]\n    output [o]\n}\nmodel m = input(3) -> kan(4)",
        """\
net.arch:5:23: 'kan' takes [h, w, i], but gets a vector of 3
    model m = input(3) -> kan(4)
                          ^^^^^^
net.arch:1:17: its axes are named here
    layer kan(o) on [h, w, i] {
                    ^^^^^^^^^""",
    ),
    (
        "layer kan(o) on [..., i] {\n    weight w[i, o]\n    output [..., o]\n}\nmodel m = input(3) -> kan",
        """\
net.arch:5:23: 'kan' needs 'o'
    model m = input(3) -> kan
                          ^^^""",
    ),
    (
        "layer kan(o) on [..., i] {\n    weight w[i, o]\n    output [..., o]\n}\nmodel m = input(3) -> kan(4)\nexpect m.macs == 12",
        """\
net.arch:5:23: layer 'kan' does not say its macs
    model m = input(3) -> kan(4)
                          ^^^^^^ give it a line 'macs …'""",
    ),
    (
        "x = 3\nmodel m = input(3) -> dense(4)",
        """\
net.arch:1:1: a name is bound inside braces, not at the top of a file
    x = 3
    ^^^^^ put it into the braces of the block or model that uses it""",
    ),
    (
        "weight w[3]\nmodel m = input(3) -> dense(4)",
        """\
net.arch:1:1: a name is bound inside braces, not at the top of a file
    weight w[3]
    ^^^^^^^^^^^ put it into the braces of the block or model that uses it""",
    ),
    (
        'import "x.arch"\nmodel m = input(3) -> dense(4)',
        """\
net.arch:1:8: only a file can import
    import "x.arch"
           ^^^^^^^^""",
    ),
    (
        "model a = input(8) -> dense(4)\nmodel b = input(9) -> a\nexpect b.params == 4",
        """\
net.arch:1:11: a model inside a chain takes a vector of 8, but gets a vector of 9
    model a = input(8) -> dense(4)
              ^^^^^^^^
net.arch:2:23: 'a' is used here
    model b = input(9) -> a
                          ^""",
    ),
    (
        "model a(h) = input(8) -> dense(h)\nmodel b = input(8) -> a\nexpect b.params == 4",
        """\
net.arch:2:23: model 'a' needs 'h'
    model b = input(8) -> a
                          ^ inside a chain every size has a value""",
    ),
    (
        "model m(k[3] in {3, 5}) = input(3) -> dense(k[3])",
        """\
net.arch:1:47: no element 3 in a list of 3
    model m(k[3] in {3, 5}) = input(3) -> dense(k[3])
                                                  ^ elements count from 0; -1 is the last""",
    ),
    (
        "model m(k[3] = [3, 5]) = input(3) -> dense(k[0])",
        """\
net.arch:1:9: 'k' has 3 sizes, not 2
    model m(k[3] = [3, 5]) = input(3) -> dense(k[0])
            ^^^^^^^^^^^^^""",
    ),
    (
        "model m(k[0]) = input(3) -> dense(4)",
        """\
net.arch:1:11: the extent of 'k' must be from 1 to 1,000, not 0
    model m(k[0]) = input(3) -> dense(4)
              ^""",
    ),
    (
        "model m = input(3) -> dense(4)\nexpect m.conv.params == 4",
        """\
net.arch:2:8: nothing in it is called 'conv'
    expect m.conv.params == 4
           ^^^^^^^^^^^^^ there are dense, input""",
    ),
    (
        "model m = input(3) -> dense(4)\nexpect m.dense[1].params == 4",
        """\
net.arch:2:8: there is no 'dense[1]'
    expect m.dense[1].params == 4
           ^^^^^^^^^^^^^^^^^ it is used 1 time, counted from 0""",
    ),
    (
        "model m = input(3) -> dense(4)\nexpect m.dense.parms == 4",
        """\
net.arch:2:16: unknown measure 'parms'
    expect m.dense.parms == 4
                   ^^^^^ did you mean 'params'?""",
    ),
    (
        "model m = input(3) -> freeze",
        """\
net.arch:1:23: 'freeze' needs a net
    model m = input(3) -> freeze
                          ^^^^^^""",
    ),
    (
        "model m = input(3) -> (if 3 == 4 then dense(4) else { y = dense(3); y -> y })",
        """\
net.arch:1:55: the weights of 'y' would be used more than once
    model m = input(3) -> (if 3 == 4 then dense(4) else { y = dense(3); y -> y })
                                                          ^ write 'shared y = …' for one set of weights, 'block y = …' for a set at each use""",
    ),
    (
        "model m = { block f = dense(3); block f = dense(4); input(3) -> f }",
        """\
net.arch:1:39: 'f' is bound twice
    model m = { block f = dense(3); block f = dense(4); input(3) -> f }
                                          ^
net.arch:1:19: first here
    model m = { block f = dense(3); block f = dense(4); input(3) -> f }
                      ^""",
    ),
    (
        "model m(k[3] = 2) = input(4) -> dense(k[0, 1])",
        """\
net.arch:1:39: a list has one index
    model m(k[3] = 2) = input(4) -> dense(k[0, 1])
                                          ^^^^^^^""",
    ),
    (
        "input(4) -> split(2)[0, 1]",
        """\
net.arch:1:13: a list has one index
    input(4) -> split(2)[0, 1]
                ^^^^^^^^^^^^^^""",
    ),
    (
        "input(8, 8, 4) -> maxpool(2, 2, 2)",
        """\
net.arch:1:30: 'maxpool' takes 1 argument without a name
    input(8, 8, 4) -> maxpool(2, 2, 2)
                                 ^ name it: stride = …, pad = …""",
    ),
    (
        "input(4) -> relu(3)",
        """\
net.arch:1:18: 'relu' takes no argument without a name
    input(4) -> relu(3)
                     ^""",
    ),
    (
        "model m(h) = input(min(h, 3, x = 2)) -> dense(h)",
        """\
net.arch:1:30: 'min' has no option 'x'
    model m(h) = input(min(h, 3, x = 2)) -> dense(h)
                                 ^""",
    ),
    (
        "model m(h) = input(4, h) -> (id + dense(h + 1))",
        """\
net.arch:1:35: cannot add a sequence of 4 x h and a sequence of 4 x (h + 1): h and h + 1 are not known to be equal
    model m(h) = input(4, h) -> (id + dense(h + 1))
                                      ^^^^^^^^^^^^""",
    ),
    (
        "model m(h) = input(h, 4) -> { x = input(h + 1, 4); id | x }",
        """\
net.arch:1:57: cannot concatenate a sequence of h x 4 and a sequence of (h + 1) x 4: h and h + 1 differ
    model m(h) = input(h, 4) -> { x = input(h + 1, 4); id | x }
                                                            ^""",
    ),
    (
        "block a = dense(3, 7)\nblock b = a\nblock c = b\nblock d = c\nmodel m = input(4) -> d",
        """\
net.arch:1:20: 'dense' takes 1 argument without a name
    block a = dense(3, 7)
                       ^ name it: bias = … (the input size is not written; it comes from the chain)
net.arch:2:11: 'a' is used here
    block b = a
              ^
net.arch:3:11: 'b' is used here
    block c = b
              ^
net.arch:4:11: 'c' is used here
    block d = c
              ^""",
    ),
    (
        "model mm = input(4) -> dense(2)\nexpect mm.params == m.params",
        """\
net.arch:2:21: this is not a model
    expect mm.params == m.params
                        ^""",
    ),
    (
        "model m = { x = input(4); dropout(x) -> dense(2) }",
        """\
net.arch:1:35: 'rate' of 'dropout' must be a size, not a tensor
    model m = { x = input(4); dropout(x) -> dense(2) }
                                      ^ what goes in stands in front: x -> …""",
    ),
    (
        "model m(n, l) = input(4) -> [dense(k, 7) for k in n..l]",
        """\
net.arch:1:39: 'dense' takes 1 argument without a name
    model m(n, l) = input(4) -> [dense(k, 7) for k in n..l]
                                          ^ give 'l' and 'n' a value""",
    ),
]

#: Variants of a model; each text begins with it.
VARIED = """\
model m(l = 2, h in 1..64 = 8, a = 2, n = [1]) where h % a == 0 = {
    inner = input(h) -> dense(l)
    inner -> dense(h)
}
block b(x) = dense(x)
"""

VARIANTS: list[tuple[str, str]] = [
    (
        "variant x of n(h = 3)",
        """\
net.arch:6:14: no model 'n'
    variant x of n(h = 3)
                 ^ it must be written before""",
    ),
    (
        "variant x of mm",
        """\
net.arch:6:14: no model 'mm'
    variant x of mm
                 ^^ did you mean 'm'?""",
    ),
    (
        "variant x of b",
        """\
net.arch:6:14: a variant is of a model, and 'b' is a block
    variant x of b
                 ^""",
    ),
    (
        "variant x of m(k = 3)",
        """\
net.arch:6:16: model 'm' has no parameter 'k'
    variant x of m(k = 3)
                   ^ it has l, h, a, n""",
    ),
    (
        "variant x of m(ll = 3)",
        """\
net.arch:6:16: model 'm' has no parameter 'll'
    variant x of m(ll = 3)
                   ^^ did you mean 'l'?""",
    ),
    (
        "variant x of m(h = 65)",
        """\
net.arch:6:20: 'h' must be in 1..64, not 65
    variant x of m(h = 65)
                       ^^
net.arch:6:9: in variant 'x' of 'm'
    variant x of m(h = 65)
            ^""",
    ),
    (
        "variant x of m(h = 3)",
        """\
net.arch:1:54: the assumption 'h % a == 0' does not hold
    model m(l = 2, h in 1..64 = 8, a = 2, n = [1]) where h % a == 0 = {
                                                         ^^^^^^^^^^
net.arch:6:9: in variant 'x' of 'm'
    variant x of m(h = 3)
            ^""",
    ),
    (
        "variant inner of m",
        """\
net.arch:6:9: 'm.inner' is a part of the model
    variant inner of m
            ^^^^^ choose another name for the variant""",
    ),
    (
        "variant dense of m",
        """\
net.arch:6:9: 'm.dense' is a part of the model
    variant dense of m
            ^^^^^ choose another name for the variant""",
    ),
    (
        "variant inner1 of m",
        """\
net.arch:6:9: 'm.inner1' is a part of the model
    variant inner1 of m
            ^^^^^^ choose another name for the variant""",
    ),
    (
        "variant params of m",
        """\
net.arch:6:9: 'm.params' would be a measure
    variant params of m
            ^^^^^^ choose another name""",
    ),
    (
        "variant T of m",
        """\
net.arch:6:9: 'm.T' would be a measure
    variant T of m
            ^ choose another name""",
    ),
    (
        "variant x of m\nvariant x of m(h = 4)",
        """\
net.arch:7:9: 'm.x' is defined twice
    variant x of m(h = 4)
            ^
net.arch:6:9: first here
    variant x of m
            ^""",
    ),
    (
        "variant x of m.y",
        """\
net.arch:6:14: model 'm' has no variant 'y'
    variant x of m.y
                 ^^^ it must be written before""",
    ),
    (
        "variant xx of m\nvariant y of m.xy",
        """\
net.arch:7:14: model 'm' has no variant 'xy'
    variant y of m.xy
                 ^^^^ it must be written before""",
    ),
    (
        "variant x of m(h = [3])",
        """\
net.arch:6:20: 'h' must be a size, not a list
    variant x of m(h = [3])
                       ^^^
net.arch:6:9: in variant 'x' of 'm'
    variant x of m(h = [3])
            ^""",
    ),
    (
        "variant x of m(n = 3)",
        """\
net.arch:6:20: 'n' must be a list, not a size
    variant x of m(n = 3)
                       ^
net.arch:6:9: in variant 'x' of 'm'
    variant x of m(n = 3)
            ^""",
    ),
    (
        "variant x of m(h = a)",
        """\
net.arch:6:20: unknown name 'a'
    variant x of m(h = a)
                       ^
net.arch:6:9: in variant 'x' of 'm'
    variant x of m(h = a)
            ^""",
    ),
    (
        "variant xxx of m\nexpect m.xx.params == 3",
        """\
net.arch:7:8: nothing in it is called 'xx'
    expect m.xx.params == 3
           ^^^^^^^^^^^ did you mean 'xxx'?""",
    ),
    (
        "variant x of m\nexpect m.foo.params == 3",
        """\
net.arch:7:8: nothing in it is called 'foo'
    expect m.foo.params == 3
           ^^^^^^^^^^^^ there are dense, inner, input; variants are x""",
    ),
    (
        "variant x of m\nmodel t = input(8) -> m.y",
        """\
net.arch:7:23: model 'm' has no variant 'y'
    model t = input(8) -> m.y
                          ^^^ it has x""",
    ),
]

CASES += [(VARIED + written, error) for written, error in VARIANTS]
