"""The samples with which PyTorch tests itself (OpInfo): all 2,880 max pools, and the average pools."""

from itertools import product

from ..case import EXACT_DY, REAL_DY, Case
from ..values import draw

# The max pools of one rank are the product of these lists; a batch or stride of None is left out.
COMMON = {
    "kernelSize": [3],
    "stride": [2, None],
    "ceilMode": [True, False],
    "padding": [0, 1],
    "dilation": [1],
    "returnIndices": [True, False],
}
MORE = {
    1: {"kernelSize": [[3]], "stride": [[2]], "padding": [[1]], "dilation": [[1]]},
    2: {"kernelSize": [[3, 2]], "stride": [[2, 1]], "padding": [[1, 1]], "dilation": [[1, 2]]},
    3: {"kernelSize": [[3, 2, 3]], "stride": [[2, 1, 2]], "dilation": [[1, 2, 1]]},
}
BATCHES, CHANNELS = (1, 2, None), 2
SPATIAL = {1: [(3, 6)], 2: [(3, 6), (6,)], 3: [(3, 6), (6,), (5,)]}


def max_cases(rank: int) -> list[Case]:
    lists = {name: values + MORE[rank].get(name, []) for name, values in COMMON.items()}
    combinations = [dict(zip(lists, values, strict=True)) for values in product(*lists.values())]
    cases = [
        Case(
            f"maxPool{rank}d",
            draw(rank, shape, offset=-0.5),
            without_none({**options, "layout": layout}),
            dy=EXACT_DY if has_gradient(shape) else None,
        )
        for shape, layout in shapes(rank)
        for options in combinations
    ]
    return sorted(cases, key=neighbours)


def has_gradient(shape: list[int]) -> bool:
    """In 3-D the samples without a batch stand for a batch of 1: the files would be long."""
    return len(shape) < 5 or shape[0] > 1


def shapes(rank: int):
    """2-D samples with a batch are also tested as channels_last."""
    for batch, *spatial in product(BATCHES, *SPATIAL[rank]):
        leading = [] if batch is None else [batch]
        yield [*leading, CHANNELS, *spatial], None
        if rank == 2 and batch is not None:
            yield [*leading, *spatial, CHANNELS], "NHWC"


def neighbours(case: Case) -> str:
    """Sorts next to each other what is likely to have the same answer."""
    options = case.options
    names = ("kernelSize", "stride", "padding", "dilation")
    axes = [per_axis(options.get(name, options["kernelSize"]), case.rank) for name in names]
    return f"{case.title} {axes} {options['ceilMode']}"


def per_axis(value, rank: int) -> list[int]:
    return value if isinstance(value, list) else [value] * rank


def without_none(options: dict) -> dict:
    return {name: value for name, value in options.items() if value is not None}


# The values of one sample, in the order of AVERAGE_OPTIONS, after its shape.
AVERAGE_OPTIONS = ("kernelSize", "stride", "padding", "ceilMode", "countIncludePad", "divisorOverride")
AVERAGES = [
    ([2, 3, 9], [3]),
    ([1, 3, 9], 3, 1, 1, True, False),
    ([1, 3, 9], [6], [3], [2], True, True),
    ([2, 3, 9], [3], [1], [1], False, True),
    ([0, 3, 9], [6], [3], [2], False, True),
    ([1, 2, 9], [7], [3], [2], False),
    ([1, 2, 9], [7], [3], [3], True),
    ([1, 2, 9], [7], [3], None, False),
    ([1, 2, 9], [7], [3], None, True),
    ([1, 3, 9, 9], 3, 1, 1, True, False, 2),
    ([1, 3, 9, 9], [4, 4], [2, 3], 1, True, False, 2),
    ([1, 3, 9, 9], [6, 6], [3, 3], [2, 3], True, True, 2),
    ([2, 3, 9, 9], [3, 3], [1, 1], 1, True, False, 2),
    ([1, 1, 4, 4], [2, 2], None, 0, False, True, -2),
    ([1, 2, 6, 6], [4, 4], [2, 2], 2, True, True),
    ([1, 3, 9, 9], 3, 3),
    ([2, 3, 3, 4, 4], [2, 2, 2]),
    ([1, 2, 4, 4, 4], 2, 1, 1, True, False, 2),
    ([1, 2, 5, 5, 5], [2, 3, 4], [1, 2, 2], [0, 1, 2], True, True, 2),
    ([1, 2, 5, 5, 5], [2, 3, 4], [1, 2, 2], [0, 1, 2], False),
    ([1, 1, 7, 5, 7], [6, 3, 4], [2, 3, 2], [3, 1, 0], False, False, 2),
    ([1, 1, 4, 5, 4], [2, 2, 3], [2, 2, 1], 0, False, True, -2),
    ([1, 1, 6, 5, 6], [4, 5, 6], [2, 3, 2], 2, True, True),
    ([0, 1, 4, 5, 4], [2, 3, 1], [2, 1, 2], 0, False, True),
]


def avg_cases() -> list[Case]:
    return [
        Case(
            f"avgPool{len(shape) - 2}d",
            draw(10, shape, offset=-0.5),
            without_none(dict(zip(AVERAGE_OPTIONS, values, strict=False))),
            dy=REAL_DY,
        )
        for shape, *values in AVERAGES
    ]


FILES = {f"max-opinfo-{rank}d": max_cases(rank) for rank in (1, 2, 3)} | {"avg-opinfo": avg_cases()}
