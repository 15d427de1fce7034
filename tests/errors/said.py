"""Messages in the words of the text: what to write, by its own names; see ``elaboration``."""

SAID: list[tuple[str, str]] = [
    (
        "block h(c) = dense(c)\n\nmodel m(h) =\n    input(3) -> h(4)",
        """\
net.arch:4:17: a size cannot be called
        input(3) -> h(4)
                    ^ parameter 'h' of line 3 hides the block 'h'""",
    ),
    (
        "block f(linear) = linear(4)\nmodel m = input(3) -> f(3)",
        """\
net.arch:1:19: a size cannot be called
    block f(linear) = linear(4)
                      ^^^^^^ parameter 'linear' of line 1 hides the layer kind 'linear'
net.arch:2:23: 'f' is used here
    model m = input(3) -> f(3)
                          ^^^^""",
    ),
    (
        "block f(relu) = dense(relu) -> relu\nmodel m = input(3) -> f(3)",
        """\
net.arch:1:32: a net is needed here, but 'relu' is a size
    block f(relu) = dense(relu) -> relu
                                   ^^^^ parameter 'relu' of line 1 hides the layer kind 'relu'
net.arch:2:23: 'f' is used here
    model m = input(3) -> f(3)
                          ^^^^""",
    ),
    (
        "block f on [dense, gelu] = dense(4) -> (gelu + id)\nmodel m = input(3, 4) -> f",
        """\
net.arch:1:28: a size cannot be called
    block f on [dense, gelu] = dense(4) -> (gelu + id)
                               ^^^^^ axis 'dense' of line 1 hides the layer kind 'dense'
net.arch:2:26: 'f' is used here
    model m = input(3, 4) -> f
                             ^""",
    ),
    (
        "model m = input(3) -> [relu(3) for relu in 1..3]",
        """\
net.arch:1:24: a size cannot be called
    model m = input(3) -> [relu(3) for relu in 1..3]
                           ^^^^ index 'relu' of line 1 hides the layer kind 'relu'""",
    ),
    (
        "model m = { lstm = 3; input(3, 4) -> lstm(4) }",
        """\
net.arch:1:38: a size cannot be called
    model m = { lstm = 3; input(3, 4) -> lstm(4) }
                                         ^^^^ name 'lstm' of line 1 hides the layer kind 'lstm'""",
    ),
    (
        "block attention(heads) = dense(heads)\nmodel m = { attention = input(3); attention -> attention(4) }",
        """\
net.arch:2:48: a tensor cannot be called
    model m = { attention = input(3); attention -> attention(4) }
                                                   ^^^^^^^^^ name 'attention' of line 2 hides the block 'attention'""",
    ),
    (
        "block f(c) = dense(c)\nblock g(f) = f(3)\nmodel m = input(3) -> g(3)",
        """\
net.arch:2:14: a size cannot be called
    block g(f) = f(3)
                 ^ parameter 'f' of line 2 hides the block 'f'
net.arch:3:23: 'g' is used here
    model m = input(3) -> g(3)
                          ^^^^""",
    ),
    (
        "model m(relu) = input(3) -> (relu + dense(3))",
        """\
net.arch:1:30: cannot add a size and a net
    model m(relu) = input(3) -> (relu + dense(3))
                                 ^^^^ parameter 'relu' of line 1 hides the layer kind 'relu'""",
    ),
    (
        "input(8) -> [(if k % 3 == 2 then dense(4) else dense(8)) for k in 1..n]",
        """\
net.arch:1:15: whether k % 3 == 2 depends on 'n'
    input(8) -> [(if k % 3 == 2 then dense(4) else dense(8)) for k in 1..n]
                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ give 'n' a value or a default""",
    ),
    (
        "input(8) -> [(if c == 64 then dense(4) else dense(8)) for k in 1..n]",
        """\
net.arch:1:15: whether c == 64 depends on 'c'
    input(8) -> [(if c == 64 then dense(4) else dense(8)) for k in 1..n]
                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ give 'c' a value or a default""",
    ),
    (
        "model m(c) = input(8) -> (if not c != 64 then dense(4) else dense(8))",
        """\
net.arch:1:27: whether not c != 64 depends on 'c'
    model m(c) = input(8) -> (if not c != 64 then dense(4) else dense(8))
                              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ give 'c' a value or a default""",
    ),
    (
        "model m(c) = input(8) -> (if c != 64 then dense(4) else dense(8))",
        """\
net.arch:1:27: whether c != 64 depends on 'c'
    model m(c) = input(8) -> (if c != 64 then dense(4) else dense(8))
                              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ give 'c' a value or a default""",
    ),
    (
        "model m(a, b) = input(8) -> (if a < b and not (a == 3 or b > 4) then dense(4) else dense(8))",
        """\
net.arch:1:30: whether a < b and not (a == 3 or b > 4) depends on 'a' and 'b'
    model m(a, b) = input(8) -> (if a < b and not (a == 3 or b > 4) then dense(4) else dense(8))
                                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ give 'a' and 'b' a value or a default""",
    ),
    (
        "model m(a) = input(8) -> (if a == 3 or\n    # a comment\n    a > 7 then dense(4) else dense(8))",
        """\
net.arch:1:27: whether a == 3 or a > 7 depends on 'a'
    model m(a) = input(8) -> (if a == 3 or
                              ^^^^^^^^^^^^ give 'a' a value or a default""",
    ),
    (
        "input(8) -> [dense(j/2) for j in 1..n]",
        """\
net.arch:1:20: 'units' of 'dense' must be an integer, not j/2
    input(8) -> [dense(j/2) for j in 1..n]
                       ^^^""",
    ),
    (
        "input(8) -> split(2) -> [id[j] for j in 0..n]",
        """\
net.arch:1:29: an index depends on 'n'
    input(8) -> split(2) -> [id[j] for j in 0..n]
                                ^ give 'n' a value or a default""",
    ),
    (
        "model m(n) = input(8) -> [(dense(j) + dense(4)) for j in 1..n]",
        """\
net.arch:1:39: cannot add a vector of j and a vector of 4: j and 4 are not known to be equal
    model m(n) = input(8) -> [(dense(j) + dense(4)) for j in 1..n]
                                          ^^^^^^^^""",
    ),
    (
        "model m(n) = input(8) -> [dense(4) -> reshape(j, 4) for j in 1..n]",
        """\
net.arch:1:39: a reshape of 4 values into 4*j: not known to be equal
    model m(n) = input(8) -> [dense(4) -> reshape(j, 4) for j in 1..n]
                                          ^^^^^^^^^^^^^""",
    ),
    (
        "model m(n) = input(8) -> [dense(j) -> conv(3, 3) for j in 1..n]",
        """\
net.arch:1:39: 'conv' needs a sequence (time, channels) or an image (height, width, channels), but gets a vector of j
    model m(n) = input(8) -> [dense(j) -> conv(3, 3) for j in 1..n]
                                          ^^^^^^^^^^""",
    ),
    (
        "model m(n) = input(8) -> [dense(1 / (j + n)) for j in 1..n]",
        """\
net.arch:1:37: cannot divide by the sum 'j + n' while it has symbols
    model m(n) = input(8) -> [dense(1 / (j + n)) for j in 1..n]
                                        ^^^^^^^""",
    ),
    (
        "model m(n) = input(8) -> [dense(2^(j/2)) for j in 1..n]",
        """\
net.arch:1:33: the exponent 'j/2' is not known to be an integer
    model m(n) = input(8) -> [dense(2^(j/2)) for j in 1..n]
                                    ^^^^^^^""",
    ),
    (
        "block f on [4] = id\nmodel m(n) = input(8) -> [dense(j) -> f for j in 1..n]",
        """\
net.arch:2:39: 'f' takes [4], but gets a vector of j
    model m(n) = input(8) -> [dense(j) -> f for j in 1..n]
                                          ^
net.arch:1:12: its axes are named here
    block f on [4] = id
               ^^^""",
    ),
    (
        "block f on [d] where d == 3 = dense(4)\nmodel m = input(8) -> f",
        """\
net.arch:1:22: 'd == 3' does not hold: d = 8
    block f on [d] where d == 3 = dense(4)
                         ^^^^^^
net.arch:2:23: 'f' is used here
    model m = input(8) -> f
                          ^""",
    ),
    (
        "block f on [d] where d != 8 = dense(4)\nmodel m = input(8) -> f",
        """\
net.arch:1:22: 'd != 8' does not hold: d = 8
    block f on [d] where d != 8 = dense(4)
                         ^^^^^^
net.arch:2:23: 'f' is used here
    model m = input(8) -> f
                          ^""",
    ),
    (
        "block f(c) on [d] where d % c == 0 and c > 2 = dense(4)\nmodel m = input(8) -> f(3)",
        """\
net.arch:1:25: 'd % c == 0 and c > 2' does not hold: c = 3, d = 8
    block f(c) on [d] where d % c == 0 and c > 2 = dense(4)
                            ^^^^^^^^^^^^^^^^^^^^
net.arch:2:23: 'f' is used here
    model m = input(8) -> f(3)
                          ^^^^""",
    ),
    (
        "block f on [d] where 1 == 0 = dense(4)\nmodel m = input(8) -> f",
        """\
net.arch:1:22: '1 == 0' does not hold
    block f on [d] where 1 == 0 = dense(4)
                         ^^^^^^
net.arch:2:23: 'f' is used here
    model m = input(8) -> f
                          ^""",
    ),
    (
        "block g on [d] where d < 6 = linear(d + 1)\nmodel m = input(4) -> g * 4",
        """\
net.arch:1:22: in pass 3 of 4: 'd < 6' does not hold: d = 6
    block g on [d] where d < 6 = linear(d + 1)
                         ^^^^^
net.arch:2:23: 'g' is used here
    model m = input(4) -> g * 4
                          ^""",
    ),
    (
        "layer kan(o) on [i] where o > 3 {\n    weight w[i, o]\n    output [o]\n}\nmodel m = input(3) -> kan(2)",
        """\
net.arch:1:27: 'o > 3' does not hold: o = 2
    layer kan(o) on [i] where o > 3 {
                              ^^^^^
net.arch:5:23: 'kan' is used here
    model m = input(3) -> kan(2)
                          ^^^^^^""",
    ),
    (
        "model m(c) = input(8) -> dense(4) where 1 ==\n    # never\n    0",
        """\
net.arch:1:41: the assumption '1 == 0' does not hold
    model m(c) = input(8) -> dense(4) where 1 ==
                                            ^^^^""",
    ),
    (
        "block f(c) = conv(c, 3)\nmodel m = input(8) -> f(8)",
        """\
net.arch:1:14: 'conv' needs a sequence (time, channels) or an image (height, width, channels), but gets a vector of 8
    block f(c) = conv(c, 3)
                 ^^^^^^^^^^
net.arch:2:23: 'f' is used here
    model m = input(8) -> f(8)
                          ^^^^""",
    ),
    (
        "block f(c) = dense(c/3)\nmodel m = input(8) -> f(8)",
        """\
net.arch:1:20: 'units' of 'dense' must be an integer, not 8/3
    block f(c) = dense(c/3)
                       ^^^
net.arch:2:23: 'f' is used here
    model m = input(8) -> f(8)
                          ^^^^""",
    ),
    (
        "block g(c) = f(c)\nblock f(c) = conv(c, 3)\nmodel m = input(8) -> g(8)",
        """\
net.arch:2:14: 'conv' needs a sequence (time, channels) or an image (height, width, channels), but gets a vector of 8
    block f(c) = conv(c, 3)
                 ^^^^^^^^^^
net.arch:1:14: 'f' is used here
    block g(c) = f(c)
                 ^^^^
net.arch:3:23: 'g' is used here
    model m = input(8) -> g(8)
                          ^^^^""",
    ),
    (
        "block f(c) = attention(c)\nmodel m = input(4, 8) -> f(3)",
        """\
net.arch:1:14: 3 heads must divide the queries' 8
    block f(c) = attention(c)
                 ^^^^^^^^^^^^
library/attention.arch:38:16: inside the library's 'attention'
        attended = attend(queries, all_k, all_v, heads = heads, kv_heads = kv_heads, bias = scores,
                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
net.arch:2:26: 'f' is used here
    model m = input(4, 8) -> f(3)
                             ^^^^""",
    ),
    (
        "block f on (x[d], y[e]) = x + y\nmodel m = { x = input(8); f(x, x) }",
        """\
net.arch:2:29: block 'f' takes no argument without a name
    model m = { x = input(8); f(x, x) }
                                ^ write '(x, x) -> f'""",
    ),
    (
        "block f(c) on [d] = dense(c)\nmodel m = { x = input(8); f(x, 4) }",
        """\
net.arch:2:32: block 'f' takes 1 argument without a name
    model m = { x = input(8); f(x, 4) }
                                   ^ write 'x -> f(4)'""",
    ),
    (
        "model m = { x = input(8); dense(x, 4) }",
        """\
net.arch:1:36: 'dense' takes 1 argument without a name
    model m = { x = input(8); dense(x, 4) }
                                       ^ write 'x -> dense(4)'""",
    ),
    (
        "model m = { x = input(8); dense(x) }",
        """\
net.arch:1:33: 'units' of 'dense' must be a size, not a tensor
    model m = { x = input(8); dense(x) }
                                    ^ what goes in stands in front: x -> …""",
    ),
    (
        "model m = { x = input(8); layernorm(x) }",
        """\
net.arch:1:37: 'layernorm' takes no argument without a name
    model m = { x = input(8); layernorm(x) }
                                        ^ write 'x -> layernorm'""",
    ),
    (
        "model m = { image = input(8, 8, 3); z = input(8, 8, 3); z -> cat(image, axis = 0) }",
        """\
net.arch:1:62: a tensor cannot stand behind '->': it takes no input
    model m = { image = input(8, 8, 3); z = input(8, 8, 3); z -> cat(image, axis = 0) }
                                                                 ^^^^^^^^^^^^^^^^^^^^ write 'cat(z, image, axis = 0)'""",
    ),
    (
        "model m = { image = input(8, 8, 3); z = input(8, 8, 3); z -> conv(3, 3) -> cat(image, axis = 0) }",
        """\
net.arch:1:76: a tensor cannot stand behind '->': it takes no input
    model m = { image = input(8, 8, 3); z = input(8, 8, 3); z -> conv(3, 3) -> cat(image, axis = 0) }
                                                                               ^^^^^^^^^^^^^^^^^^^^ write 'cat(z -> conv(3, 3), image, axis = 0)'""",
    ),
    (
        "model m = { x = input(8); y = input(8); x -> y }",
        """\
net.arch:1:46: a tensor cannot stand behind '->': it takes no input
    model m = { x = input(8); y = input(8); x -> y }
                                                 ^ an input begins a chain""",
    ),
    (
        "block cell on (x[d], s[h]) = (x -> dense(h)) + s\nmodel m = input(5, 8) -> recurrent(cell, 4)",
        """\
net.arch:2:36: 'recurrent' takes how many units it has, not a cell
    model m = input(5, 8) -> recurrent(cell, 4)
                                       ^^^^ write 'recur(cell, 4)'""",
    ),
    (
        "block cell on (x[d], s[h]) = (x -> dense(h)) + s\nmodel m = input(5, 8) -> lstm(cell)",
        """\
net.arch:2:31: 'lstm' takes how many units it has, not a cell
    model m = input(5, 8) -> lstm(cell)
                                  ^^^^ write 'recur(cell, h)'""",
    ),
    (
        "input(8, 3) -> cat([dense(3), dense(4)])",
        """\
net.arch:1:16: 'cat' joins tensors, or goes over a list with 'for'
    input(8, 3) -> cat([dense(3), dense(4)])
                   ^^^^^^^^^^^^^^^^^^^^^^^^^ write '(dense(3) | dense(4))'""",
    ),
    (
        "input(8, 3) -> cat([dense(3), dense(4)], axis = 0)",
        """\
net.arch:1:16: 'cat' joins tensors, or goes over a list with 'for'
    input(8, 3) -> cat([dense(3), dense(4)], axis = 0)
                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ write '(dense(3), dense(4)) -> cat(axis = 0)'""",
    ),
    (
        "input(8, 3) -> cat(dense(3), dense(4), 0)",
        """\
net.arch:1:16: 'cat' joins tensors, or goes over a list with 'for'
    input(8, 3) -> cat(dense(3), dense(4), 0)
                   ^^^^^^^^^^^^^^^^^^^^^^^^^^ write '(dense(3), dense(4)) -> cat(axis = 0)'""",
    ),
    (
        "model m = { x = input(3); y = input(3); cat([x, y]) }",
        """\
net.arch:1:41: 'cat' joins tensors, or goes over a list with 'for'
    model m = { x = input(3); y = input(3); cat([x, y]) }
                                            ^^^^^^^^^^^ write 'cat(x, y)'""",
    ),
    (
        "input(8, 3) -> sum([dense(3), dense(4)])",
        """\
net.arch:1:16: 'sum' goes over a list
    input(8, 3) -> sum([dense(3), dense(4)])
                   ^^^^^^^^^^^^^^^^^^^^^^^^^ write '(dense(3) + dense(4))'""",
    ),
    (
        "input(8, 3) -> dense(sum([3, 4]))",
        """\
net.arch:1:22: 'sum' goes over a list
    input(8, 3) -> dense(sum([3, 4]))
                         ^^^^^^^^^^^ write '3 + 4'""",
    ),
    (
        "input(8, 3) -> dense(min([3, 4]))",
        """\
net.arch:1:26: a size for 'min' is needed here, not a list
    input(8, 3) -> dense(min([3, 4]))
                             ^^^^^^ write min(3, 4)""",
    ),
    (
        "input(8, 3) -> [dense(3), dense(4)]",
        """\
net.arch:1:16: a net is needed here, but this is a list
    input(8, 3) -> [dense(3), dense(4)]
                   ^^^^^^^^^^^^^^^^^^^^ a chain is written 'a -> b', nets side by side '(a | b)'""",
    ),
    (
        "input(8, 4) -> id[0]",
        """\
net.arch:1:16: no part 0 in a sequence of 8x4
    input(8, 4) -> id[0]
                   ^^^^^ take(0) is one of an axis""",
    ),
    (
        "input(8, 4) -> split(2) -> id[2]",
        """\
net.arch:1:28: no part 2 in a bundle of 2: 8x2, 8x2
    input(8, 4) -> split(2) -> id[2]
                               ^^^^^""",
    ),
    (
        "input(8, 4) -> dense[0]",
        """\
net.arch:1:16: 'dense' needs 'units' (output features)
    input(8, 4) -> dense[0]
                   ^^^^^""",
    ),
    (
        "model m = { x = input(8); x[0] }",
        """\
net.arch:1:27: a tensor has no elements
    model m = { x = input(8); x[0] }
                              ^ write 'x -> take(0)' for one of its first axis""",
    ),
    (
        "input(3, 224, 224) -> conv(64, 7)",
        """\
net.arch:1:23: a kernel of 7 must fit into an axis of 3
    input(3, 224, 224) -> conv(64, 7)
                          ^^^^^^^^^^^ channels stand last: input(224, 224, 3)""",
    ),
    (
        "input(1, 16000) -> conv(64, 10)",
        """\
net.arch:1:20: a kernel of 10 must fit into an axis of 1
    input(1, 16000) -> conv(64, 10)
                       ^^^^^^^^^^^^ channels stand last: input(16000, 1)""",
    ),
    (
        "input(8) -> unfold(3)",
        """\
net.arch:1:13: unknown layer kind 'unfold'
    input(8) -> unfold(3)
                ^^^^^^ write 'patches(n)' for windows of n by n that do not overlap""",
    ),
    (
        "input(8) -> dense(len(3))",
        """\
net.arch:1:19: unknown layer kind 'len'
    input(8) -> dense(len(3))
                      ^^^ 'symparams layers' lists them""",
    ),
    (
        "input(8) -> dense(sin(3))",
        """\
net.arch:1:19: unknown layer kind 'sin'
    input(8) -> dense(sin(3))
                      ^^^ 'symparams layers' lists them""",
    ),
    (
        "input(8) -> downsample(2)",
        """\
net.arch:1:13: unknown layer kind 'downsample'
    input(8) -> downsample(2)
                ^^^^^^^^^^ did you mean 'avgpool' or 'maxpool'?""",
    ),
    (
        "input(8) -> maxunpool",
        """\
net.arch:1:13: unknown layer kind 'maxunpool'
    input(8) -> maxunpool
                ^^^^^^^^^ did you mean 'upsample'?""",
    ),
    (
        "input(8) -> frobnicate(3)",
        """\
net.arch:1:13: unknown layer kind 'frobnicate'
    input(8) -> frobnicate(3)
                ^^^^^^^^^^ 'symparams layers' lists them""",
    ),
    (
        "layer kan(o) on [i] {\n    weight w[i - 5, o]\n    output [o]\n}\nmodel m = input(3) -> kan(2)",
        """\
net.arch:2:14: an axis must be at least 1, not -2
        weight w[i - 5, o]
                 ^^^^^
net.arch:5:23: 'kan' is used here
    model m = input(3) -> kan(2)
                          ^^^^^^""",
    ),
    (
        "model m = input(3) -> (if 3 == dense then id else relu)",
        """\
net.arch:1:27: cannot compare a size and the layer kind 'dense'
    model m = input(3) -> (if 3 == dense then id else relu)
                              ^^^^^^^^^^""",
    ),
    (
        "input(8) -> dense(7G) -> dense(G)",
        """\
net.arch:1:19: '7G' is ambiguous: 'G' is a name here
    input(8) -> dense(7G) -> dense(G)
                      ^^ write 7*G, or the number in full""",
    ),
    (
        "input(8) -> [dense(k) for k in 1..a*b*c*d*e*f*g] -> (if a*b*c*d*e*f*g == 3 then id else dense(3))",
        """\
net.arch:1:54: whether a*b*c*d*e*f*g == 3 depends on 'a', 'b', 'c' and 4 more
    input(8) -> [dense(k) for k in 1..a*b*c*d*e*f*g] -> (if a*b*c*d*e*f*g == 3 then id else dense(3))
                                                         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ give 'a', 'b', 'c' and 4 more a value or a default""",
    ),
]
