from symparams.network.addresses import measured as measured, taken_apart as taken_apart
from symparams.network.building import Decide as Decide, Run as Run
from symparams.network.channel_order import channels_first as channels_first
from symparams.network.choices import ChoiceNet as ChoiceNet
from symparams.network.folding import fold as fold
from symparams.network.fusing import fused as fused
from symparams.network.joining import join as join
from symparams.network.measures import (
    LARGEST as LARGEST,
    MEASURE_NAMES as MEASURE_NAMES,
    MEASURES as MEASURES,
    LargestSum as LargestSum,
    Measure as Measure,
    learns as learns,
    measure_named as measure_named,
    stays as stays,
    told_below as told_below,
    values_in as values_in,
)
from symparams.network.moments import (
    Candidate as Candidate,
    Moment as Moment,
    peak as peak,
    peaks as peaks,
)
from symparams.network.nets import (
    BlockNet as BlockNet,
    ChainNet as ChainNet,
    ConstantNet as ConstantNet,
    JoinNet as JoinNet,
    LayerNet as LayerNet,
    Net as Net,
    PickNet as PickNet,
    one as one,
    used as used,
)
from symparams.network.nodes import (
    INCOMING as INCOMING,
    ZEROS as ZEROS,
    Applied as Applied,
    Bodies as Bodies,
    ChainNode as ChainNode,
    GroupNode as GroupNode,
    InputNode as InputNode,
    JoinNode as JoinNode,
    KeptNode as KeptNode,
    LeafNode as LeafNode,
    Node as Node,
    Place as Place,
    ReferenceNode as ReferenceNode,
    RepeatNode as RepeatNode,
    SavedNode as SavedNode,
    ScaledNode as ScaledNode,
    SeriesNode as SeriesNode,
    WeightNode as WeightNode,
    children as children,
    parts_below as parts_below,
    rewritten as rewritten,
)
from symparams.network.precision import (
    Precision as Precision,
    stored as stored,
    weights_below as weights_below,
)
from symparams.network.repeats import RepeatNet as RepeatNet, SeriesNet as SeriesNet
from symparams.network.rows import (
    Label as Label,
    Names as Names,
    Pass as Pass,
    Position as Position,
    names_below as names_below,
    rows_of as rows_of,
    rows_of_several as rows_of_several,
)
from symparams.network.shapes import (
    Bundled as Bundled,
    Flow as Flow,
    Signal as Signal,
    requiring as requiring,
    signals_of as signals_of,
)
from symparams.network.sharing import (
    Cell as Cell,
    NamedNet as NamedNet,
    SharedNet as SharedNet,
    owned as owned,
)
from symparams.network.storages import Storages as Storages
