from symparams.layers.base import (
    Core as Core,
    Layer as Layer,
    Requirement as Requirement,
    Rewriter as Rewriter,
    Saved as Saved,
    Shape as Shape,
    Weight as Weight,
    Wrapper as Wrapper,
    along as along,
    general_shape as general_shape,
    is_kernel as is_kernel,
    letters as letters,
    positions as positions,
)
from symparams.layers.catalogue import kinds as kinds
from symparams.layers.convolution import Convolution as Convolution
from symparams.layers.dense import Dense as Dense, Transposed as Transposed
from symparams.layers.embedding import Embedding as Embedding
from symparams.layers.normalisation import BatchNorm as BatchNorm
from symparams.layers.options import (
    REQUIRED as REQUIRED,
    Option as Option,
    a_flag as a_flag,
    a_net as a_net,
    a_precision as a_precision,
    a_size as a_size,
    a_state as a_state,
    an_axis as an_axis,
)
from symparams.layers.recurrent import Bidirectional as Bidirectional, ConvLSTM as ConvLSTM
from symparams.layers.sequence import Attend as Attend, is_table as is_table
