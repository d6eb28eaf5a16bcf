"""Average pools: divisors, geometry, dtypes, NaN and infinities."""

from itertools import product

from ..case import REAL_DY, Case
from ..values import draw, given, scatter
from .maximum import FLOATS, LAYOUTS, SHAPES, in_layout, layout_option


def avg_pool(input, op="avgPool2d", dy=REAL_DY, name="", **options) -> Case:
    return Case(op, input, options, name, dy)


SMALL = {1: [1, 2, 11], 2: [1, 2, 7, 9], 3: [1, 1, 5, 6, 7]}


def divisors() -> list[Case]:
    """Every way to count: stride, padding, ceil mode, whether padding counts, and a divisor of one's own."""
    return [
        avg_pool(
            draw(110 + rank, shape, offset=-0.5),
            f"avgPool{rank}d",
            kernelSize=kernel,
            stride=stride,
            padding=min(padding, min(kernel) // 2),
            ceilMode=ceil,
            countIncludePad=include,
            **({} if divisor is None else {"divisorOverride": divisor}),
        )
        for rank, shape in SMALL.items()
        for kernel, stride, padding, ceil, include, divisor in product(
            ([3, 2, 3][:rank], [4] * rank),
            (1, 2, 3),
            (0, 1),
            (False, True),
            (False, True),
            (None, 7, -3) if rank > 1 else (None,),
        )
        if stride == 2 or (divisor is None and (rank < 3 or stride == 3))
    ]


# What is unusual about it: input shape, options.
WINDOWS = {
    "1x1": ([1, 2, 4, 5], {"kernelSize": 1}),
    "whole plane": ([2, 2, 5, 6], {"kernelSize": [5, 6]}),
    "ceil overhang counts no padding": (
        [1, 1, 6, 6],
        {"kernelSize": 3, "stride": 2, "padding": 1, "ceilMode": True},
    ),
    "last window dropped": ([1, 1, 9, 9], {"kernelSize": 4, "stride": 4, "padding": 2, "ceilMode": True}),
    "stride above window": ([1, 2, 10, 11], {"kernelSize": 2, "stride": [3, 5]}),
    "window larger than input": ([1, 1, 2, 3], {"kernelSize": 4, "stride": 2, "padding": 2}),
    "9 by 9": ([1, 3, 14, 15], {"kernelSize": 9, "stride": 2, "padding": 4}),
    "13 by 5": (
        [1, 1, 20, 18],
        {"kernelSize": [13, 5], "stride": 3, "padding": [6, 2], "countIncludePad": False},
    ),
    "no batch": ([3, 6, 7], {"kernelSize": 3, "stride": 2, "padding": 1}),
    "batch of 0": ([0, 3, 6, 7], {"kernelSize": 3, "stride": 2}),
    "17 channels": ([1, 17, 4, 5], {"kernelSize": 2, "stride": 1}),
}


def windows() -> list[Case]:
    return [
        avg_pool(
            draw(120, (shape[:-3] + shape[-2:] + [shape[-3]]) if layout == "NHWC" else shape, offset=-0.5),
            name=name,
            **options,
            **layout_option(layout),
        )
        for name, (shape, options) in WINDOWS.items()
        for layout in LAYOUTS
    ]


def dtypes() -> list[Case]:
    floats = [
        avg_pool(
            draw(130 + rank, in_layout(shape, layout), dtype, offset=-0.5),
            f"avgPool{rank}d",
            kernelSize=3,
            stride=3,
            padding=1,
            ceilMode=True,
            **layout_option(layout),
        )
        for (rank, shape), dtype, layout in product(SHAPES.items(), FLOATS, LAYOUTS)
        if rank < 3 or dtype in ("float32", "float64")
    ]
    integers = [
        avg_pool(
            draw(140 + rank, shape, "int64", levels=2000, offset=-1000),
            f"avgPool{rank}d",
            dy=None,
            name="toward zero",
            kernelSize=3,
            stride=2,
            padding=1,
            countIncludePad=include,
        )
        for (rank, shape), include in product(SHAPES.items(), (False, True))
    ]
    big = [2**60, 2**60 + 1, -(2**60), -(2**60) - 3]
    return (
        floats
        + integers
        + [
            avg_pool(
                given([str(value) for value in big], [1, 2, 2], "int64"),
                dy=None,
                name="above 2^53",
                kernelSize=[1, 2],
            ),
            avg_pool(
                draw(150, [1, 2, 9, 9], "int64", levels=100, offset=-50),
                dy=None,
                name="divisor",
                kernelSize=3,
                divisorOverride=-4,
            ),
        ]
    )


def special() -> list[Case]:
    put = scatter(160, 126, NaN=3, Infinity=3, minus_Infinity=3)
    return [
        avg_pool(
            draw(161, [1, 2, 7, 9], dtype, offset=-0.5, put=put),
            name="sprinkled",
            dy=None,
            kernelSize=3,
            stride=2,
            padding=1,
        )
        for dtype in FLOATS
    ] + [
        avg_pool(given(["-0"] * 4, [1, 2, 2]), name="negative zeros", kernelSize=2),
        avg_pool(given([60000] * 9, [1, 3, 3], "float16"), name="sum above float16", kernelSize=3),
        avg_pool(given([3e38] * 4, [1, 2, 2]), name="sum above float32", kernelSize=2),
        avg_pool(given([1e8, 1, -1e8, 1], [1, 2, 2]), name="order of adding", kernelSize=2),
        avg_pool(given([1e-45] * 4, [1, 2, 2]), name="subnormal", kernelSize=2),
        avg_pool(given([1, -1], [1, 1, 2]), name="0 by -1", kernelSize=[1, 2], divisorOverride=-1),
        avg_pool(given([-1e-45, 0, 0, 0], [1, 2, 2]), name="negative to zero", kernelSize=2),
    ]


FILES = {
    "avg-divisors": divisors(),
    "avg-windows": windows(),
    "avg-dtypes": dtypes(),
    "avg-special": special(),
}
