"""Max unpooling: indices of a max pool, chosen output sizes, duplicates."""

from ..case import EXACT_DY, Case, function
from ..values import Spec, build, draw, given
from .maximum import FLOATS, layout_option

POOLS = {
    1: (
        [2, 3, 11],
        [{"kernelSize": 2}, {"kernelSize": 3, "stride": 2, "padding": 1}, {"kernelSize": 3, "stride": 1}],
    ),
    2: (
        [2, 3, 7, 9],
        [
            {"kernelSize": 2},
            {"kernelSize": 3, "stride": 2, "padding": 1},
            {"kernelSize": [2, 3], "stride": [2, 3]},
            {"kernelSize": 3, "stride": 1},
        ],
    ),
    3: ([1, 2, 5, 6, 7], [{"kernelSize": 2}, {"kernelSize": [2, 3, 2], "stride": 2, "padding": [1, 1, 0]}]),
}


def pooled_indices(rank: int, shape: list[int], options: dict, layout: str) -> Spec:
    """Where the maxima of a random tensor are, in the layout."""
    snake = {"kernelSize": "kernel_size"}
    arguments = {snake.get(name, name): tuple(v) if isinstance(v, list) else v for name, v in options.items()}
    _, indices = function(f"maxPool{rank}d")(build(draw(510 + rank, shape)), return_indices=True, **arguments)
    indices = indices.movedim(1, -1) if layout == "NHWC" else indices
    return given(indices.flatten().tolist(), indices.shape, "int64")


def unpool(rank: int, indices: Spec, dtype="float32", name="", **options) -> Case:
    return Case(
        f"maxUnpool{rank}d", draw(520, indices["shape"], dtype, offset=-0.5), options, name, EXACT_DY, indices
    )


def of_pools() -> list[Case]:
    """With the size that was pooled; overlapping windows give duplicates, of which the last value stays."""
    return [
        unpool(
            rank,
            pooled_indices(rank, shape, options, layout),
            dtype,
            **options,
            outputSize=shape[2:],
            **layout_option(layout),
        )
        for rank, (shape, pools) in POOLS.items()
        for options in pools
        for layout, dtype in (("NCHW", "float32"), ("NHWC", "float32"), ("NCHW", "float64"))
    ]


def chosen() -> list[Case]:
    corners = given([0, 3, 12, 15], [1, 2, 2], "int64")
    return [
        unpool(2, corners, name="default size", kernelSize=2),
        unpool(2, corners, name="larger size", kernelSize=2, outputSize=[5, 5]),
        unpool(
            2, given([0, 1, 7, 8], [1, 2, 2], "int64"), name="smaller size", kernelSize=2, outputSize=[3, 3]
        ),
        unpool(2, given([5, 5, 5, 5], [1, 2, 2], "int64"), name="duplicates", kernelSize=2),
        unpool(1, given([5, 0], [1, 1, 2], "int64"), name="any order", kernelSize=3),
        unpool(
            2, given([8, 8, 0, 4], [1, 1, 2, 2], "int64"), name="padding", kernelSize=3, stride=2, padding=1
        ),
    ] + [unpool(2, corners, dtype, kernelSize=2) for dtype in FLOATS]


FILES = {"unpool": of_pools() + chosen()}
