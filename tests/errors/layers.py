"""Sources whose layers do not fit, and what is said of them; see ``elaboration``."""

LAYERS: list[tuple[str, str]] = [
    (
        'input(10, 8) -> einsum_dense("bc,cd", 4)',
        """\
net.arch:1:17: 'einsum_dense': the equation "bc,cd" has no '->'
    input(10, 8) -> einsum_dense("bc,cd", 4)
                    ^^^^^^^^^^^^^^^^^^^^^^^^ as in "bc,cd->bd\"""",
    ),
    (
        'input(10, 8) -> einsum_dense("bc,cd->bd")',
        """\
net.arch:1:17: 'einsum_dense': axes of the output that do not come in: d; sizes in 'out': 0
    input(10, 8) -> einsum_dense("bc,cd->bd")
                    ^^^^^^^^^^^^^^^^^^^^^^^^^""",
    ),
    (
        'input(10, 8) -> einsum_dense("bc,cd->be", [4, 5])',
        """\
net.arch:1:17: 'einsum_dense': no tensor has the axis 'e' of the result
    input(10, 8) -> einsum_dense("bc,cd->be", [4, 5])
                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^""",
    ),
    (
        'input(10, 8) -> einsum_dense("bc,cd->bd", 4, bias = "c")',
        """\
net.arch:1:17: 'einsum_dense': the output has no axis 'c'
    input(10, 8) -> einsum_dense("bc,cd->bd", 4, bias = "c")
                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^""",
    ),
    (
        'input(10, 8) -> einsum_dense("xbc,xcd->xbd", 4)',
        """\
net.arch:1:17: 'einsum_dense': the batch 'x' stands first in the output, and not in the kernel
    input(10, 8) -> einsum_dense("xbc,xcd->xbd", 4)
                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^""",
    ),
    (
        'input(10, 8) -> einsum_dense("bbc,cd->bd", 4)',
        """\
net.arch:1:17: 'einsum_dense': "bbc" names an axis twice
    input(10, 8) -> einsum_dense("bbc,cd->bd", 4)
                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^""",
    ),
    (
        'input(10, 8) -> einsum_dense("b1,cd->bd", 4)',
        """\
net.arch:1:17: 'einsum_dense': "b1" is no list of axes, a letter each
    input(10, 8) -> einsum_dense("b1,cd->bd", 4)
                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ as in "bc,cd->bd\"""",
    ),
    (
        'input(10, 8) -> einsum_dense("abcd,de->abce", 4)',
        """\
net.arch:1:17: 'einsum_dense': "abcd" for a tensor of 2 axes
    input(10, 8) -> einsum_dense("abcd,de->abce", 4)
                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^""",
    ),
    (
        "input(10, 8) -> einsum_dense(8, 4)",
        """\
net.arch:1:30: 'equation' of 'einsum_dense' must be an equation in quotes, not a size
    input(10, 8) -> einsum_dense(8, 4)
                                 ^ as in "bc,cd->bd\"""",
    ),
    (
        'input(10, 8) -> dense("8")',
        """\
net.arch:1:23: quoted text is only the file of an import, a notation, or an equation
    input(10, 8) -> dense("8")
                          ^^^ write it without quotes""",
    ),
    (
        'input(10, 8) -> dense(8) -> relu("x")',
        """\
net.arch:1:34: 'relu' takes no argument without a name
    input(10, 8) -> dense(8) -> relu("x")
                                     ^^^""",
    ),
    (
        '{ x = input(4, 8); y = input(5, 9); einsum(x, y, "sd,td->st") }',
        """\
net.arch:1:37: axis 'd' of 8 and of 9
    { x = input(4, 8); y = input(5, 9); einsum(x, y, "sd,td->st") }
                                        ^^^^^^^^^^^^^^^^^^^^^^^^^""",
    ),
    (
        '{ x = input(4, 8); y = input(5, 8); einsum(x, y, "sd,td,dd->st") }',
        """\
net.arch:1:37: 'einsum': "sd,td,dd->st" is of 3 tensors, not of 2 tensors
    { x = input(4, 8); y = input(5, 8); einsum(x, y, "sd,td,dd->st") }
                                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^""",
    ),
    (
        '{ x = input(4, 8); y = input(5, 8); einsum(x, y, x, "sd,td,sd->st") }',
        """\
net.arch:1:37: 'einsum' takes one tensor or two
    { x = input(4, 8); y = input(5, 8); einsum(x, y, x, "sd,td,sd->st") }
                                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ multiply more of them two by two""",
    ),
    (
        '{ x = input(4, 8); y = input(5, 8); einsum(x, y, "sd,td->su") }',
        """\
net.arch:1:37: 'einsum': no tensor has the axis 'u' of the result
    { x = input(4, 8); y = input(5, 8); einsum(x, y, "sd,td->su") }
                                        ^^^^^^^^^^^^^^^^^^^^^^^^^""",
    ),
    (
        "{ x = input(4, 8); y = input(5, 8); bilinear(x, y, 3) }",
        """\
net.arch:1:37: a bilinear layer over axes of 4 and 5
    { x = input(4, 8); y = input(5, 8); bilinear(x, y, 3) }
                                        ^^^^^^^^^^^^^^^^^""",
    ),
    (
        "input(4, 8) -> bilinear(3)",
        """\
net.arch:1:16: 'bilinear' takes 2 tensors (x, y), not 1
    input(4, 8) -> bilinear(3)
                   ^^^^^^^^^^^""",
    ),
    (
        "input(16, 16, 6) -> groupnorm(4)",
        """\
net.arch:1:21: groups = 4 must divide the channels, 6
    input(16, 16, 6) -> groupnorm(4)
                        ^^^^^^^^^^^^""",
    ),
    (
        "input(16, 16, 6) -> groupnorm",
        """\
net.arch:1:21: 'groupnorm' needs 'groups' (groups of channels)
    input(16, 16, 6) -> groupnorm
                        ^^^^^^^^^""",
    ),
    (
        "input(16, 6) -> layernorm(axis = 2)",
        """\
net.arch:1:17: 'layernorm' on axis 2, but there are 2 axes, from 0
    input(16, 6) -> layernorm(axis = 2)
                    ^^^^^^^^^^^^^^^^^^^""",
    ),
    (
        "input(16, 6) -> layernorm(axis = [0, -2])",
        """\
net.arch:1:17: 'layernorm' names an axis twice
    input(16, 6) -> layernorm(axis = [0, -2])
                    ^^^^^^^^^^^^^^^^^^^^^^^^^""",
    ),
    (
        "input(16, 6) -> prelu(share = channels)",
        """\
net.arch:1:31: 'share' of 'prelu' cannot be 'channels'
    input(16, 6) -> prelu(share = channels)
                                  ^^^^^^^^ it may be places, all, none or axes""",
    ),
    (
        "input(16, 6) -> weightnorm(relu)",
        """\
net.arch:1:17: 'weightnorm' finds no kernel in its net
    input(16, 6) -> weightnorm(relu)
                    ^^^^^^^^^^^^^^^^ put a dense layer, a convolution or an embedding in it""",
    ),
    (
        "input(16, 6) -> weightnorm(lstm(3))",
        """\
net.arch:1:17: 'weightnorm' around 'lstm', which has two kernels
    input(16, 6) -> weightnorm(lstm(3))
                    ^^^^^^^^^^^^^^^^^^^""",
    ),
    (
        "{ shared E = dense(4); input(4) -> lora(E, 2) -> E }",
        """\
net.arch:1:36: 'lora' around a net that is shared
    { shared E = dense(4); input(4) -> lora(E, 2) -> E }
                                       ^^^^^^^^^^ write it where the net is bound: shared … = lora(…)""",
    ),
    (
        "input(16, 6) -> lora(8, 4)",
        """\
net.arch:1:22: a net is needed here, but this is a size
    input(16, 6) -> lora(8, 4)
                         ^""",
    ),
    (
        "input(16, 6) -> spectralnorm(dense(4), vectors = 3)",
        """\
net.arch:1:50: 'vectors' of 'spectralnorm' must be at most 2, not 3
    input(16, 6) -> spectralnorm(dense(4), vectors = 3)
                                                     ^""",
    ),
    (
        "input(16, 6) -> conv_lstm(8, 3)",
        """\
net.arch:1:17: 'conv_lstm' needs a sequence of images (time, height, width, channels), but gets a sequence of 16x6
    input(16, 6) -> conv_lstm(8, 3)
                    ^^^^^^^^^^^^^^^""",
    ),
    (
        "input(5, 9, 9, 2) -> conv_lstm(8, [3, 3, 3])",
        """\
net.arch:1:22: 'conv_lstm' has 3 sizes in 'kernel' for 2 spatial axes of 5x9x9x2
    input(5, 9, 9, 2) -> conv_lstm(8, [3, 3, 3])
                         ^^^^^^^^^^^^^^^^^^^^^^^""",
    ),
    (
        "input(16, 18) -> fold([4, 5], 3, pad = 1)",
        """\
net.arch:1:18: 16 windows, where the image has 20
    input(16, 18) -> fold([4, 5], 3, pad = 1)
                     ^^^^^^^^^^^^^^^^^^^^^^^^""",
    ),
    (
        "input(16, 10) -> fold(4, 3)",
        """\
net.arch:1:18: a window of 3 must divide the values, 10
    input(16, 10) -> fold(4, 3)
                     ^^^^^^^^^^""",
    ),
    (
        "input(8) -> adaptive_softmax(1000, cutoffs = [100, 10])",
        """\
net.arch:1:13: cutoffs must rise: 100, 10
    input(8) -> adaptive_softmax(1000, cutoffs = [100, 10])
                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^""",
    ),
    (
        "input(8, 8, 3) -> depthwise(9)",
        """\
net.arch:1:19: a kernel of 9 must fit into an axis of 8
    input(8, 8, 3) -> depthwise(9)
                      ^^^^^^^^^^^^""",
    ),
    (
        "default batchnrm(scale = no)\nmodel m = input(8) -> bn",
        """\
net.arch:1:9: unknown layer kind 'batchnrm'
    default batchnrm(scale = no)
            ^^^^^^^^ did you mean 'batchnorm'?""",
    ),
    (
        "default batchnorm(scal = no)\nmodel m = input(8) -> bn",
        """\
net.arch:1:19: 'batchnorm' has no option 'scal'
    default batchnorm(scal = no)
                      ^^^^ did you mean 'scale'?""",
    ),
    (
        "input(8) -> cross_entropy_loss",
        """\
net.arch:1:13: unknown layer kind 'cross_entropy_loss'
    input(8) -> cross_entropy_loss
                ^^^^^^^^^^^^^^^^^^ 'symparams layers' lists them""",
    ),
    (
        "default attention(heds = 2)\nmodel m = input(4, 8) -> attention(2)",
        """\
net.arch:1:19: 'attention' has no option 'heds'
    default attention(heds = 2)
                      ^^^^ did you mean 'heads'?""",
    ),
    (
        "block own(c, wide = 2) = dense(wide*c)\ndefault own(wyde = 3)\nmodel m = input(8) -> own(4)",
        """\
net.arch:2:13: 'own' has no option 'wyde'
    default own(wyde = 3)
                ^^^^ did you mean 'wide'?""",
    ),
    (
        "input(5, 32) -> gru(64, bias_vectors = 3)",
        """\
net.arch:1:40: 'bias_vectors' of 'gru' must be at most 2, not 3
    input(5, 32) -> gru(64, bias_vectors = 3)
                                           ^""",
    ),
    (
        'input(5, 6) -> lora(einsum_dense("ab,->ab"), 2)',
        """\
net.arch:1:16: 'lora' finds no kernel in its net
    input(5, 6) -> lora(einsum_dense("ab,->ab"), 2)
                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ put a dense layer, a convolution or an embedding in it""",
    ),
    (
        'input(7, 8) -> einsum_dense("ab,bc->ac", 4, bias = "")',
        """\
net.arch:1:16: 'einsum_dense': bias = "" names no axis, or one twice
    input(7, 8) -> einsum_dense("ab,bc->ac", 4, bias = "")
                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^""",
    ),
    (
        "input(5, 5, 3) -> conv_transpose(4, 3, stride = 2, output_pad = 2)",
        """\
net.arch:1:19: output_pad = 2 must be less than the stride or the dilation, 2
    input(5, 5, 3) -> conv_transpose(4, 3, stride = 2, output_pad = 2)
                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^""",
    ),
    (
        "input(6, 8) -> layernorm(axis = [])",
        """\
net.arch:1:16: 'layernorm' needs an axis
    input(6, 8) -> layernorm(axis = [])
                   ^^^^^^^^^^^^^^^^^^^^""",
    ),
    (
        "default moe(top = 1)\nmodel m = input(6, 8) -> relu",
        """\
net.arch:1:9: 'moe' takes no default lines
    default moe(top = 1)
            ^^^""",
    ),
]
