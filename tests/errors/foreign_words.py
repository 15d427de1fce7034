"""Words of torch and Keras, with the exact message that leads to ours; see ``elaboration``."""

WORDS: list[tuple[str, str]] = [
    (
        "input(32) -> fc(10)",
        """\
net.arch:1:14: unknown layer kind 'fc'
    input(32) -> fc(10)
                 ^^ write 'dense(…)' with a bias, 'linear(…)' without one""",
    ),
    (
        "input(32) -> Linear(10)",
        """\
net.arch:1:14: unknown layer kind 'Linear'
    input(32) -> Linear(10)
                 ^^^^^^ write 'dense(10)': it has a bias, 'linear' has none""",
    ),
    (
        "input(32) -> nn.Linear(10, 20)",
        """\
net.arch:1:14: unknown layer kind 'nn.Linear'
    input(32) -> nn.Linear(10, 20)
                 ^^^^^^^^^ write 'dense(20)': it has a bias, 'linear' has none""",
    ),
    (
        "input(32) -> nn.ReLU()",
        """\
net.arch:1:14: unknown layer kind 'nn.ReLU'
    input(32) -> nn.ReLU()
                 ^^^^^^^ did you mean 'relu'?""",
    ),
    (
        "input(32) -> F.relu",
        """\
net.arch:1:14: unknown layer kind 'F.relu'
    input(32) -> F.relu
                 ^^^^^^ did you mean 'relu'?""",
    ),
    (
        "input(32) -> F.frobnicate",
        """\
net.arch:1:14: unknown layer kind 'F.frobnicate'
    input(32) -> F.frobnicate
                 ^^^^^^^^^^^^ 'symparams layers' lists them""",
    ),
    (
        "input(32) -> layers.Dense(3)",
        """\
net.arch:1:14: unknown layer kind 'layers.Dense'
    input(32) -> layers.Dense(3)
                 ^^^^^^^^^^^^ did you mean 'dense'?""",
    ),
    (
        "input(32) -> keras.layers.Activation(relu)",
        """\
net.arch:1:14: unknown layer kind 'keras.layers.Activation'
    input(32) -> keras.layers.Activation(relu)
                 ^^^^^^^^^^^^^^^^^^^^^^^ write the function itself, as 'relu'""",
    ),
    (
        "input(32) -> swish",
        """\
net.arch:1:14: unknown layer kind 'swish'
    input(32) -> swish
                 ^^^^^ did you mean 'silu'?""",
    ),
    (
        "input(32) -> Identity()",
        """\
net.arch:1:14: unknown layer kind 'Identity'
    input(32) -> Identity()
                 ^^^^^^^^ did you mean 'id'?""",
    ),
    (
        "input(32) -> nn.Sequential(linear(3))",
        """\
net.arch:1:14: unknown layer kind 'nn.Sequential'
    input(32) -> nn.Sequential(linear(3))
                 ^^^^^^^^^^^^^ write 'a -> b'""",
    ),
    (
        "input(32) -> lsmt",
        """\
net.arch:1:14: unknown layer kind 'lsmt'
    input(32) -> lsmt
                 ^^^^ did you mean 'lstm'?""",
    ),
    (
        "input(7, 32) -> torch.nn.LSTM(10)",
        """\
net.arch:1:17: unknown layer kind 'torch.nn.LSTM'
    input(7, 32) -> torch.nn.LSTM(10)
                    ^^^^^^^^^^^^^ did you mean 'lstm'? 'convention pytorch' gives it bias_vectors = 2""",
    ),
    (
        "input(7, 32) -> SimpleRNN(4)",
        """\
net.arch:1:17: unknown layer kind 'SimpleRNN'
    input(7, 32) -> SimpleRNN(4)
                    ^^^^^^^^^ write 'rnn(4, last = yes)'""",
    ),
    (
        "input(7, 32) -> GRUCell(4)",
        """\
net.arch:1:17: unknown layer kind 'GRUCell'
    input(7, 32) -> GRUCell(4)
                    ^^^^^^^ did you mean 'gru'? 'convention keras' or 'convention pytorch' gives it bias_vectors = 2""",
    ),
    (
        "input(7, 32) -> BiLSTM(4)",
        """\
net.arch:1:17: unknown layer kind 'BiLSTM'
    input(7, 32) -> BiLSTM(4)
                    ^^^^^^ write 'bidirectional(lstm(h))'; 'convention pytorch' gives it bias_vectors = 2""",
    ),
    (
        "input(7, 32) -> layers.Bidirectional(lstm(3))",
        """\
net.arch:1:17: unknown layer kind 'layers.Bidirectional'
    input(7, 32) -> layers.Bidirectional(lstm(3))
                    ^^^^^^^^^^^^^^^^^^^^ did you mean 'bidirectional'?""",
    ),
    (
        "input(7, 32) -> TimeDistributed(dense(3))",
        """\
net.arch:1:17: unknown layer kind 'TimeDistributed'
    input(7, 32) -> TimeDistributed(dense(3))
                    ^^^^^^^^^^^^^^^ no layer: every layer holds at every position""",
    ),
    (
        "input(7, 32) -> nn.TransformerEncoderLayer(4, 64)",
        """\
net.arch:1:17: unknown layer kind 'nn.TransformerEncoderLayer'
    input(7, 32) -> nn.TransformerEncoderLayer(4, 64)
                    ^^^^^^^^^^^^^^^^^^^^^^^^^^ did you mean 'encoder_layer'? 'convention pytorch' gives its attention bias = yes""",
    ),
    (
        "input(7, 32) -> TransformerDecoderLayer",
        """\
net.arch:1:17: unknown layer kind 'TransformerDecoderLayer'
    input(7, 32) -> TransformerDecoderLayer
                    ^^^^^^^^^^^^^^^^^^^^^^^ did you mean 'decoder_layer'? 'convention pytorch' gives its attention bias = yes""",
    ),
    (
        "input(7, 32) -> MultiheadAttention(4)",
        """\
net.arch:1:17: unknown layer kind 'MultiheadAttention'
    input(7, 32) -> MultiheadAttention(4)
                    ^^^^^^^^^^^^^^^^^^ did you mean 'attention'? 'convention pytorch' gives it bias = yes""",
    ),
    (
        "input(7, 32) -> mha(4)",
        """\
net.arch:1:17: unknown layer kind 'mha'
    input(7, 32) -> mha(4)
                    ^^^ did you mean 'attention'?""",
    ),
    (
        "input(7, 32) -> gqa(8)",
        """\
net.arch:1:17: unknown layer kind 'gqa'
    input(7, 32) -> gqa(8)
                    ^^^ did you mean 'attention'?""",
    ),
    (
        "input(7, 32) -> feed_forward(64)",
        """\
net.arch:1:17: unknown layer kind 'feed_forward'
    input(7, 32) -> feed_forward(64)
                    ^^^^^^^^^^^^ did you mean 'mlp'?""",
    ),
    (
        "input(7, 32) -> ffn(64)",
        """\
net.arch:1:17: unknown layer kind 'ffn'
    input(7, 32) -> ffn(64)
                    ^^^ did you mean 'mlp'?""",
    ),
    (
        "input(7, 32) -> glu",
        """\
net.arch:1:17: unknown layer kind 'glu'
    input(7, 32) -> glu
                    ^^^ write '(linear(f) * (linear(f) -> sigmoid))', or without weights, as in torch, 'split(2) -> (id[0] * (id[1] -> sigmoid))'""",
    ),
    (
        "input(7, 32) -> LayerNormalization",
        """\
net.arch:1:17: unknown layer kind 'LayerNormalization'
    input(7, 32) -> LayerNormalization
                    ^^^^^^^^^^^^^^^^^^ did you mean 'layernorm'?""",
    ),
    (
        "input(7, 32) -> RMSNorm",
        """\
net.arch:1:17: unknown layer kind 'RMSNorm'
    input(7, 32) -> RMSNorm
                    ^^^^^^^ did you mean 'rmsnorm'?""",
    ),
    (
        "input(7, 32) -> positional_encoding",
        """\
net.arch:1:17: unknown layer kind 'positional_encoding'
    input(7, 32) -> positional_encoding
                    ^^^^^^^^^^^^^^^^^^^ did you mean 'learned_positions' or 'sinusoidal_positions'?""",
    ),
    (
        "input(7, 32) -> position_embedding",
        """\
net.arch:1:17: unknown layer kind 'position_embedding'
    input(7, 32) -> position_embedding
                    ^^^^^^^^^^^^^^^^^^ did you mean 'learned_positions' or 'sinusoidal_positions'?""",
    ),
    (
        "input(7, 32) -> rope",
        """\
net.arch:1:17: unknown layer kind 'rope'
    input(7, 32) -> rope
                    ^^^^ did you mean 'rotary'?""",
    ),
    (
        "input(7, 32) -> transpose(1, 0)",
        """\
net.arch:1:17: unknown layer kind 'transpose'
    input(7, 32) -> transpose(1, 0)
                    ^^^^^^^^^ did you mean 'permute'?""",
    ),
    (
        "input(7, 32) -> unsqueeze(1)",
        """\
net.arch:1:17: unknown layer kind 'unsqueeze'
    input(7, 32) -> unsqueeze(1)
                    ^^^^^^^^^ did you mean 'reshape'?""",
    ),
    (
        "input(7, 32) -> Concatenate",
        """\
net.arch:1:17: unknown layer kind 'Concatenate'
    input(7, 32) -> Concatenate
                    ^^^^^^^^^^^ write '(a | b)', or 'cat' behind a bundle""",
    ),
    (
        "input(7, 32) -> Add",
        """\
net.arch:1:17: unknown layer kind 'Add'
    input(7, 32) -> Add
                    ^^^ write '(a + b)'""",
    ),
    (
        "input(7, 32) -> Embedding(10, 4)",
        """\
net.arch:1:17: unknown layer kind 'Embedding'
    input(7, 32) -> Embedding(10, 4)
                    ^^^^^^^^^ write 'embed(10, 4)'""",
    ),
    (
        "input(7, 32) -> zzzqq(3)",
        """\
net.arch:1:17: unknown layer kind 'zzzqq'
    input(7, 32) -> zzzqq(3)
                    ^^^^^ 'symparams layers' lists them""",
    ),
    (
        "input(32, 32, 3) -> batch_norm",
        """\
net.arch:1:21: unknown layer kind 'batch_norm'
    input(32, 32, 3) -> batch_norm
                        ^^^^^^^^^^ did you mean 'batchnorm'?""",
    ),
    (
        "input(32, 32, 3) -> batch_norm -> relu",
        """\
net.arch:1:21: unknown layer kind 'batch_norm'
    input(32, 32, 3) -> batch_norm -> relu
                        ^^^^^^^^^^ did you mean 'batchnorm'?""",
    ),
    (
        "input(32, 32, 3) -> BatchNorm2d(3)",
        """\
net.arch:1:21: unknown layer kind 'BatchNorm2d'
    input(32, 32, 3) -> BatchNorm2d(3)
                        ^^^^^^^^^^^ did you mean 'batchnorm'?""",
    ),
    (
        "input(32, 32, 3) -> BatchNormalization",
        """\
net.arch:1:21: unknown layer kind 'BatchNormalization'
    input(32, 32, 3) -> BatchNormalization
                        ^^^^^^^^^^^^^^^^^^ did you mean 'batchnorm'?""",
    ),
    (
        "input(32, 32, 3) -> nn.Conv2d(3, 64, 3)",
        """\
net.arch:1:21: unknown layer kind 'nn.Conv2d'
    input(32, 32, 3) -> nn.Conv2d(3, 64, 3)
                        ^^^^^^^^^ write 'conv(64, 3)'""",
    ),
    (
        "input(32, 32, 3) -> Conv2D(64, 3)",
        """\
net.arch:1:21: unknown layer kind 'Conv2D'
    input(32, 32, 3) -> Conv2D(64, 3)
                        ^^^^^^ write 'conv(64, 3)'""",
    ),
    (
        "input(32, 32, 3) -> ConvTranspose2d(8, 3)",
        """\
net.arch:1:21: unknown layer kind 'ConvTranspose2d'
    input(32, 32, 3) -> ConvTranspose2d(8, 3)
                        ^^^^^^^^^^^^^^^ did you mean 'conv_transpose'?""",
    ),
    (
        "input(32, 32, 3) -> layers.Conv2DTranspose(8, 3)",
        """\
net.arch:1:21: unknown layer kind 'layers.Conv2DTranspose'
    input(32, 32, 3) -> layers.Conv2DTranspose(8, 3)
                        ^^^^^^^^^^^^^^^^^^^^^^ write 'conv_transpose(8, 3)'; 'convention keras' gives it output_pad = fill""",
    ),
    (
        "input(32, 32, 3) -> deconv(8, 3)",
        """\
net.arch:1:21: unknown layer kind 'deconv'
    input(32, 32, 3) -> deconv(8, 3)
                        ^^^^^^ did you mean 'conv_transpose'?""",
    ),
    (
        "input(32, 32, 3) -> MaxPooling2D(2)",
        """\
net.arch:1:21: unknown layer kind 'MaxPooling2D'
    input(32, 32, 3) -> MaxPooling2D(2)
                        ^^^^^^^^^^^^ did you mean 'maxpool'?""",
    ),
    (
        "input(32, 32, 3) -> nn.AvgPool2d(2)",
        """\
net.arch:1:21: unknown layer kind 'nn.AvgPool2d'
    input(32, 32, 3) -> nn.AvgPool2d(2)
                        ^^^^^^^^^^^^ did you mean 'avgpool'?""",
    ),
    (
        "input(32, 32, 3) -> AdaptiveAvgPool2d(1)",
        """\
net.arch:1:21: unknown layer kind 'AdaptiveAvgPool2d'
    input(32, 32, 3) -> AdaptiveAvgPool2d(1)
                        ^^^^^^^^^^^^^^^^^ write 'globalavgpool' where its output is 1, 'avgpool(n/o)' where it is o of n""",
    ),
    (
        "input(32, 32, 3) -> GlobalAveragePooling2D",
        """\
net.arch:1:21: unknown layer kind 'GlobalAveragePooling2D'
    input(32, 32, 3) -> GlobalAveragePooling2D
                        ^^^^^^^^^^^^^^^^^^^^^^ did you mean 'globalavgpool'?""",
    ),
    (
        "input(32, 32, 3) -> gap",
        """\
net.arch:1:21: unknown layer kind 'gap'
    input(32, 32, 3) -> gap
                        ^^^ did you mean 'globalavgpool'?""",
    ),
    (
        "input(32, 32, 3) -> resize(2)",
        """\
net.arch:1:21: unknown layer kind 'resize'
    input(32, 32, 3) -> resize(2)
                        ^^^^^^ did you mean 'upsample'?""",
    ),
    (
        "input(32, 32, 3) -> interpolate(2)",
        """\
net.arch:1:21: unknown layer kind 'interpolate'
    input(32, 32, 3) -> interpolate(2)
                        ^^^^^^^^^^^ did you mean 'upsample'?""",
    ),
    (
        "input(32, 32, 3) -> ZeroPadding2D(1)",
        """\
net.arch:1:21: unknown layer kind 'ZeroPadding2D'
    input(32, 32, 3) -> ZeroPadding2D(1)
                        ^^^^^^^^^^^^^ did you mean 'pad'?""",
    ),
    (
        "input(32, 32, 3) -> nn.InstanceNorm2d(3)",
        """\
net.arch:1:21: unknown layer kind 'nn.InstanceNorm2d'
    input(32, 32, 3) -> nn.InstanceNorm2d(3)
                        ^^^^^^^^^^^^^^^^^ did you mean 'instancenorm'? 'convention pytorch' gives it scale = no, shift = no""",
    ),
    (
        "input(32, 32, 3) -> frobnicate",
        """\
net.arch:1:21: unknown layer kind 'frobnicate'
    input(32, 32, 3) -> frobnicate
                        ^^^^^^^^^^ 'symparams layers' lists them""",
    ),
    (
        "input(32, 32, 3) -> (id + batch_norm)",
        """\
net.arch:1:27: cannot add a size and the layer kind 'id'
    input(32, 32, 3) -> (id + batch_norm)
                              ^^^^^^^^^^ did you mean 'batchnorm'?""",
    ),
    (
        "model m(h) = input(h) -> batch_norm",
        """\
net.arch:1:26: unknown name 'batch_norm'
    model m(h) = input(h) -> batch_norm
                             ^^^^^^^^^^ did you mean 'batchnorm'?""",
    ),
    (
        "block fc(c) = linear(c)\nmodel m = input(3) -> FC(4)",
        """\
net.arch:2:23: unknown layer kind 'FC'
    model m = input(3) -> FC(4)
                          ^^ did you mean 'fc'?""",
    ),
    (
        "default Dense(use_bias = no)\nmodel m = input(3) -> dense(4)",
        """\
net.arch:1:9: unknown layer kind 'Dense'
    default Dense(use_bias = no)
            ^^^^^ did you mean 'dense'?""",
    ),
    (
        "default dense(use_bias = no)\nmodel m = input(3) -> dense(4)",
        """\
net.arch:1:15: 'dense' has no option 'use_bias'
    default dense(use_bias = no)
                  ^^^^^^^^ did you mean 'bias'?""",
    ),
    (
        "input(7, 32) -> lstm(hidden_size = 4)",
        """\
net.arch:1:22: 'lstm' has no option 'hidden_size'
    input(7, 32) -> lstm(hidden_size = 4)
                         ^^^^^^^^^^^ did you mean 'units'?""",
    ),
    (
        "input(7, 32) -> lstm(4, num_layers = 2)",
        """\
net.arch:1:25: 'lstm' has no option 'num_layers'
    input(7, 32) -> lstm(4, num_layers = 2)
                            ^^^^^^^^^^ write 'lstm(…) * n'""",
    ),
    (
        "input(7, 32) -> lstm(4, bidirectional = yes)",
        """\
net.arch:1:25: 'lstm' has no option 'bidirectional'
    input(7, 32) -> lstm(4, bidirectional = yes)
                            ^^^^^^^^^^^^^ write 'bidirectional(lstm(…))'""",
    ),
    (
        "input(7, 32) -> lstm(4, return_sequences = no)",
        """\
net.arch:1:25: 'lstm' has no option 'return_sequences'
    input(7, 32) -> lstm(4, return_sequences = no)
                            ^^^^^^^^^^^^^^^^ did you mean 'last'?""",
    ),
    (
        "input(7, 32) -> lstm(4, batch_first = yes)",
        """\
net.arch:1:25: 'lstm' has no option 'batch_first'
    input(7, 32) -> lstm(4, batch_first = yes)
                            ^^^^^^^^^^^ it changes no count: leave it out""",
    ),
    (
        "input(7, 32) -> lstm(4, dropout = 0.1)",
        """\
net.arch:1:25: 'lstm' has no option 'dropout'
    input(7, 32) -> lstm(4, dropout = 0.1)
                            ^^^^^^^ it changes no count: leave it out""",
    ),
    (
        "input(7, 32) -> lstm(4, input_size = 32)",
        """\
net.arch:1:25: 'lstm' has no option 'input_size'
    input(7, 32) -> lstm(4, input_size = 32)
                            ^^^^^^^^^^ the input size is not written; it comes from the chain""",
    ),
    (
        "input(7, 32) -> lstm(4, proj_size = 3)",
        """\
net.arch:1:25: 'lstm' has no option 'proj_size'
    input(7, 32) -> lstm(4, proj_size = 3)
                            ^^^^^^^^^ did you mean 'proj'?""",
    ),
    (
        "input(7, 32) -> lstm(4, activation = relu)",
        """\
net.arch:1:25: 'lstm' has no option 'activation'
    input(7, 32) -> lstm(4, activation = relu)
                            ^^^^^^^^^^ write it behind, as '-> relu'; in a recurrent unit it changes no count""",
    ),
    (
        "input(7, 32) -> lstm(4, trainable = no)",
        """\
net.arch:1:25: 'lstm' has no option 'trainable'
    input(7, 32) -> lstm(4, trainable = no)
                            ^^^^^^^^^ write 'freeze(lstm(…))'""",
    ),
    (
        "input(7, 32) -> gru(4, reset_after = yes)",
        """\
net.arch:1:24: 'gru' has no option 'reset_after'
    input(7, 32) -> gru(4, reset_after = yes)
                           ^^^^^^^^^^^ did you mean 'bias_vectors'?""",
    ),
    (
        "input(7, 32) -> layernorm(normalized_shape = 32)",
        """\
net.arch:1:27: 'layernorm' has no option 'normalized_shape'
    input(7, 32) -> layernorm(normalized_shape = 32)
                              ^^^^^^^^^^^^^^^^ did you mean 'axis'?""",
    ),
    (
        "input(7, 32) -> layernorm(elementwise_affine = no)",
        """\
net.arch:1:27: 'layernorm' has no option 'elementwise_affine'
    input(7, 32) -> layernorm(elementwise_affine = no)
                              ^^^^^^^^^^^^^^^^^^ did you mean 'scale' or 'shift'?""",
    ),
    (
        "input(7, 32) -> layernorm(eps = 1e-5)",
        """\
net.arch:1:27: 'layernorm' has no option 'eps'
    input(7, 32) -> layernorm(eps = 1e-5)
                              ^^^ it changes no count: leave it out""",
    ),
    (
        "input(7, 32) -> layernorm(32)",
        """\
net.arch:1:27: 'layernorm' takes no argument without a name
    input(7, 32) -> layernorm(32)
                              ^^ name it: scale = …, shift = …, axis = … (the input size is not written; it comes from the chain)""",
    ),
    (
        "input(7, 32) -> encoder_layer(4, 64, norm_first = yes)",
        """\
net.arch:1:38: block 'encoder_layer' has no parameter 'norm_first'
    input(7, 32) -> encoder_layer(4, 64, norm_first = yes)
                                         ^^^^^^^^^^ write 'wrap = pre_norm'""",
    ),
    (
        "input(7, 32) -> encoder_layer(4, dim_feedforward = 64)",
        """\
net.arch:1:34: block 'encoder_layer' has no parameter 'dim_feedforward'
    input(7, 32) -> encoder_layer(4, dim_feedforward = 64)
                                     ^^^^^^^^^^^^^^^ did you mean 'f'?""",
    ),
    (
        "input(7, 32) -> encoder_layer(4, 64, activation = gelu)",
        """\
net.arch:1:38: block 'encoder_layer' has no parameter 'activation'
    input(7, 32) -> encoder_layer(4, 64, activation = gelu)
                                         ^^^^^^^^^^ did you mean 'act'?""",
    ),
    (
        "input(7, 32) -> attention(num_heads = 4)",
        """\
net.arch:1:27: block 'attention' has no parameter 'num_heads'
    input(7, 32) -> attention(num_heads = 4)
                              ^^^^^^^^^ did you mean 'heads'?""",
    ),
    (
        "input(7, 32) -> attention(4, embed_dim = 32)",
        """\
net.arch:1:30: block 'attention' has no parameter 'embed_dim'
    input(7, 32) -> attention(4, embed_dim = 32)
                                 ^^^^^^^^^ the input size is not written; it comes from the chain""",
    ),
    (
        "input(7, 32) -> lora(linear(4), r = 2)",
        """\
net.arch:1:33: 'lora' has no option 'r'
    input(7, 32) -> lora(linear(4), r = 2)
                                    ^ did you mean 'rank'?""",
    ),
    (
        "input(7, 32) -> dropout(p = 0.1)",
        """\
net.arch:1:25: 'dropout' has no option 'p'
    input(7, 32) -> dropout(p = 0.1)
                            ^ did you mean 'rate'?""",
    ),
    (
        "input(7, 32) -> linear(out_features = 4)",
        """\
net.arch:1:24: 'linear' has no option 'out_features'
    input(7, 32) -> linear(out_features = 4)
                           ^^^^^^^^^^^^ did you mean 'units'?""",
    ),
    (
        "input(7, 32) -> linear(4, in_features = 3)",
        """\
net.arch:1:27: 'linear' has no option 'in_features'
    input(7, 32) -> linear(4, in_features = 3)
                              ^^^^^^^^^^^ the input size is not written; it comes from the chain""",
    ),
    (
        "input(7, 32) -> embed(num_embeddings = 9, embedding_dim = 4)",
        """\
net.arch:1:23: 'embed' has no option 'num_embeddings'
    input(7, 32) -> embed(num_embeddings = 9, embedding_dim = 4)
                          ^^^^^^^^^^^^^^ did you mean 'vocabulary'?""",
    ),
    (
        "input(32, 32, 3) -> conv(out_channels = 4, kernel = 3)",
        """\
net.arch:1:26: 'conv' has no option 'out_channels'
    input(32, 32, 3) -> conv(out_channels = 4, kernel = 3)
                             ^^^^^^^^^^^^ did you mean 'filters'?""",
    ),
    (
        "input(32, 32, 3) -> conv(4, kernel_size = 3)",
        """\
net.arch:1:29: 'conv' has no option 'kernel_size'
    input(32, 32, 3) -> conv(4, kernel_size = 3)
                                ^^^^^^^^^^^ did you mean 'kernel'?""",
    ),
    (
        "input(32, 32, 3) -> conv(4, 3, padding = 1)",
        """\
net.arch:1:32: 'conv' has no option 'padding'
    input(32, 32, 3) -> conv(4, 3, padding = 1)
                                   ^^^^^^^ did you mean 'pad'?""",
    ),
    (
        "input(32, 32, 3) -> conv(4, 3, strides = 2)",
        """\
net.arch:1:32: 'conv' has no option 'strides'
    input(32, 32, 3) -> conv(4, 3, strides = 2)
                                   ^^^^^^^ did you mean 'stride'?""",
    ),
    (
        "input(32, 32, 3) -> conv(4, 3, use_bias = no)",
        """\
net.arch:1:32: 'conv' has no option 'use_bias'
    input(32, 32, 3) -> conv(4, 3, use_bias = no)
                                   ^^^^^^^^ did you mean 'bias'?""",
    ),
    (
        "input(32, 32, 3) -> conv(4, 3, in_channels = 3)",
        """\
net.arch:1:32: 'conv' has no option 'in_channels'
    input(32, 32, 3) -> conv(4, 3, in_channels = 3)
                                   ^^^^^^^^^^^ the input size is not written; it comes from the chain""",
    ),
    (
        "input(32, 32, 3) -> conv(4, 3, activation = relu)",
        """\
net.arch:1:32: 'conv' has no option 'activation'
    input(32, 32, 3) -> conv(4, 3, activation = relu)
                                   ^^^^^^^^^^ write it behind, as '-> relu'; in a recurrent unit it changes no count""",
    ),
    (
        "input(32, 32, 3) -> bn(affine = no)",
        """\
net.arch:1:24: 'bn' has no option 'affine'
    input(32, 32, 3) -> bn(affine = no)
                           ^^^^^^ did you mean 'scale' or 'shift'?""",
    ),
    (
        "input(32, 32, 3) -> bn(track_running_stats = no)",
        """\
net.arch:1:24: 'bn' has no option 'track_running_stats'
    input(32, 32, 3) -> bn(track_running_stats = no)
                           ^^^^^^^^^^^^^^^^^^^ did you mean 'statistics'?""",
    ),
    (
        "input(32, 32, 3) -> groupnorm(num_groups = 4)",
        """\
net.arch:1:31: 'groupnorm' has no option 'num_groups'
    input(32, 32, 3) -> groupnorm(num_groups = 4)
                                  ^^^^^^^^^^ did you mean 'groups'?""",
    ),
    (
        "input(32) -> linear(10, 20)",
        """\
net.arch:1:25: 'linear' takes 1 argument without a name
    input(32) -> linear(10, 20)
                            ^^ name it: bias = … (the input size is not written; it comes from the chain)""",
    ),
    (
        "input(32, 32, 3) -> conv(3, 64, 3)",
        """\
net.arch:1:33: 'conv' takes 2 arguments without a name
    input(32, 32, 3) -> conv(3, 64, 3)
                                    ^ name it: stride = …, pad = …, dilation = …, groups = … (the input size is not written; it comes from the chain)""",
    ),
    (
        "input(7, 32) -> lstm(32, 64)",
        """\
net.arch:1:26: 'lstm' takes 1 argument without a name
    input(7, 32) -> lstm(32, 64)
                             ^^ name it: bias = …, bias_vectors = …, last = …, proj = … (the input size is not written; it comes from the chain)""",
    ),
    (
        "input(7, 32) -> groupnorm(8, 64)",
        """\
net.arch:1:30: 'groupnorm' takes 1 argument without a name
    input(7, 32) -> groupnorm(8, 64)
                                 ^^ name it: scale = …, shift = …, axis = … (the input size is not written; it comes from the chain)""",
    ),
    (
        "input(32, 32, 3) -> bn(64)",
        """\
net.arch:1:24: 'bn' takes no argument without a name
    input(32, 32, 3) -> bn(64)
                           ^^ name it: scale = …, shift = …, axis = …, statistics = … (the input size is not written; it comes from the chain)""",
    ),
    (
        "input(32) -> linear(10, lsmt(3))",
        """\
net.arch:1:25: 'linear' takes 1 argument without a name
    input(32) -> linear(10, lsmt(3))
                            ^^^^^^^ name it: bias = …""",
    ),
    (
        "input(32) -> linear(10, bias = False)",
        """\
net.arch:1:32: 'False' is not in the language
    input(32) -> linear(10, bias = False)
                                   ^^^^^ write 'no'""",
    ),
    (
        "input(32) -> linear(10, bias = True)",
        """\
net.arch:1:32: 'True' is not in the language
    input(32) -> linear(10, bias = True)
                                   ^^^^ write 'yes'""",
    ),
    (
        "input(32) -> linear(10, bias = none)",
        """\
net.arch:1:32: 'bias' of 'linear' must be yes or no, not none
    input(32) -> linear(10, bias = none)
                                   ^^^^""",
    ),
    (
        "input(32) -> linear(None)",
        """\
net.arch:1:21: 'None' is not in the language
    input(32) -> linear(None)
                        ^^^^ write 'none'""",
    ),
    (
        "input(None, 32) -> lstm(3)",
        """\
net.arch:1:7: 'None' is not in the language
    input(None, 32) -> lstm(3)
          ^^^^ write a name, as t, for any size""",
    ),
    (
        "input(none, 32) -> lstm(3)",
        """\
net.arch:1:7: a size is needed here, not none
    input(none, 32) -> lstm(3)
          ^^^^ write a name, as t, for any size""",
    ),
    (
        "input((32, 32, 3)) -> conv(4, 3)",
        """\
net.arch:1:7: a size is needed here, not a bundle
    input((32, 32, 3)) -> conv(4, 3)
          ^^^^^^^^^^^ write 32, 32, 3""",
    ),
    (
        "input(shape = (32, 32, 3)) -> conv(4, 3)",
        """\
net.arch:1:7: 'input' has no option 'shape'
    input(shape = (32, 32, 3)) -> conv(4, 3)
          ^^^^^ write input(32, 32, 3)""",
    ),
    (
        "model m(n) = input(n) -> linear(3, bias = true)",
        """\
net.arch:1:43: 'true' is not in the language
    model m(n) = input(n) -> linear(3, bias = true)
                                              ^^^^ write 'yes'""",
    ),
    (
        "input(32, 32, 3) -> conv(64, (3, 3))",
        """\
net.arch:1:30: 'kernel' of 'conv' must be a list, not a bundle
    input(32, 32, 3) -> conv(64, (3, 3))
                                 ^^^^^^ write [3, 3]""",
    ),
    (
        "input(32, 32, 3) -> conv(64, 3, stride = (2, 2))",
        """\
net.arch:1:42: 'stride' of 'conv' must be a list, not a bundle
    input(32, 32, 3) -> conv(64, 3, stride = (2, 2))
                                             ^^^^^^ write [2, 2]""",
    ),
    (
        "input(7, 32) -> reshape((32, 7))",
        """\
net.arch:1:25: each size of 'reshape' must be a size, not a bundle
    input(7, 32) -> reshape((32, 7))
                            ^^^^^^^ write [32, 7]""",
    ),
    (
        "input(7, 32) -> layernorm(axis = (0, 1))",
        """\
net.arch:1:34: 'axis' of 'layernorm' must be a list, not a bundle
    input(7, 32) -> layernorm(axis = (0, 1))
                                     ^^^^^^ write [0, 1]""",
    ),
    (
        "input(7, 32) -> attention(4, wq = lora(linear(32), 4))",
        """\
net.arch:1:35: a template is needed here, not a net
    input(7, 32) -> attention(4, wq = lora(linear(32), 4))
                                      ^^^^^^^^^^^^^^^^^^^ one that lacks its output size, as linear or lora_linear(4)""",
    ),
    (
        "input(7, 32) -> encoder_layer(4, 64, wrap = pre_norm(id))",
        """\
net.arch:1:45: a template is needed here, not a net
    input(7, 32) -> encoder_layer(4, 64, wrap = pre_norm(id))
                                                ^^^^^^^^^^^^ a name alone, without '(…)'""",
    ),
    (
        "input(7, 32) -> encoder_layer(4, 64, proj = linear(8))",
        """\
net.arch:1:45: a template is needed here, not a net
    input(7, 32) -> encoder_layer(4, 64, proj = linear(8))
                                                ^^^^^^^^^ one that lacks its output size, as linear or lora_linear(4)""",
    ),
    (
        "block b(f) = f(3)\nmodel m = input(4) -> b(linear(3))",
        """\
net.arch:1:14: a net cannot be called
    block b(f) = f(3)
                 ^
net.arch:2:23: 'b' is used here
    model m = input(4) -> b(linear(3))
                          ^^^^^^^^^^^^""",
    ),
]
