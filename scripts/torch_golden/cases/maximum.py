"""Maximum pools: geometry and dtypes."""

from itertools import product

from ..case import EXACT_DY, Case
from ..values import draw, given

FLOATS = ("float32", "float64", "float16", "bfloat16")
INTEGERS = ("uint8", "int8", "int16", "int32", "int64")
SHAPES = {1: [2, 3, 11], 2: [2, 3, 7, 9], 3: [1, 2, 5, 6, 7]}
LAYOUTS = ("NCHW", "NHWC")


def max_pool(input, op="maxPool2d", dy=EXACT_DY, name="", **options) -> Case:
    return Case(op, input, {**options, "returnIndices": True}, name, dy)


def in_layout(shape: list[int], layout: str) -> list[int]:
    return [shape[0], *shape[2:], shape[1]] if layout == "NHWC" else shape


# What is unusual about it: input shape, options.
WINDOWS = {
    "1x1": ([1, 2, 4, 5], {"kernelSize": 1}),
    "1x1, strided, ceil": ([1, 1, 6, 7], {"kernelSize": 1, "stride": 2, "ceilMode": True}),
    "whole plane": ([2, 2, 5, 6], {"kernelSize": [5, 6]}),
    "one row": ([1, 2, 1, 9], {"kernelSize": [1, 3], "stride": [1, 2]}),
    "one column": ([1, 2, 9, 1], {"kernelSize": [3, 1], "stride": [2, 1], "padding": [1, 0]}),
    "stride above window": ([1, 2, 10, 11], {"kernelSize": 2, "stride": [3, 5]}),
    "overlap": ([1, 2, 9, 9], {"kernelSize": 5, "stride": 1, "padding": 2}),
    "last window dropped": ([1, 1, 9, 9], {"kernelSize": 4, "stride": 4, "padding": 2, "ceilMode": True}),
    "ceil overhang": ([1, 1, 32, 10], {"kernelSize": 8, "stride": 4, "ceilMode": True}),
    "window larger than input": (
        [1, 1, 2, 2],
        {"kernelSize": 3, "stride": 2, "padding": 1, "ceilMode": True},
    ),
    "input smaller than window, ceil": ([1, 1, 2, 2], {"kernelSize": 3, "stride": 2, "ceilMode": True}),
    "one element, ceil": ([1, 1, 1, 1], {"kernelSize": 4, "stride": 4, "ceilMode": True}),
    "unequal axes": (
        [2, 1, 12, 7],
        {"kernelSize": [4, 2], "stride": [3, 1], "padding": [2, 1], "dilation": [2, 3]},
    ),
    "dilation, ceil": (
        [1, 2, 11, 13],
        {"kernelSize": 3, "stride": 2, "dilation": 3, "padding": 1, "ceilMode": True},
    ),
    "empty windows": ([1, 1, 2, 5], {"kernelSize": 2, "stride": 1, "padding": 1, "dilation": [3, 1]}),
    "empty windows, ceil": (
        [1, 2, 3, 4],
        {"kernelSize": 2, "stride": 2, "padding": 1, "dilation": 4, "ceilMode": True},
    ),
    "no batch": ([3, 6, 7], {"kernelSize": 3, "stride": 2, "padding": 1}),
    "batch of 0": ([0, 3, 6, 7], {"kernelSize": 3, "stride": 2}),
    "17 channels": ([1, 17, 4, 5], {"kernelSize": 2, "stride": 1}),
}

WINDOWS_3D = {
    "1x1x1": ([1, 2, 3, 4, 2], {"kernelSize": 1}),
    "unequal axes": (
        [1, 2, 7, 9, 8],
        {"kernelSize": [2, 4, 3], "stride": [1, 3, 2], "padding": [1, 2, 0], "dilation": [2, 1, 3]},
    ),
    "overlap": ([1, 1, 5, 5, 5], {"kernelSize": 3, "stride": 1, "padding": 1}),
    "ceil": ([2, 1, 6, 5, 7], {"kernelSize": 3, "stride": 2, "padding": 1, "ceilMode": True}),
    "no batch": ([2, 4, 5, 6], {"kernelSize": 2}),
    "9 channels": ([1, 9, 3, 3, 4], {"kernelSize": 2, "stride": 1}),
}

WINDOWS_1D = {
    "long": ([1, 2, 40], {"kernelSize": 7, "stride": 3, "padding": 3}),
    "dilation, ceil": (
        [2, 2, 13],
        {"kernelSize": 3, "stride": 2, "padding": 1, "dilation": 4, "ceilMode": True},
    ),
    "no batch": ([2, 9], {"kernelSize": 4, "stride": 4, "ceilMode": True}),
}


def windows() -> list[Case]:
    tables = {"maxPool1d": WINDOWS_1D, "maxPool2d": WINDOWS, "maxPool3d": WINDOWS_3D}
    return [
        max_pool(
            draw(20, batched_layout(shape, layout, op), offset=-0.5),
            op,
            name=name,
            **options,
            **layout_option(layout),
        )
        for op, table in tables.items()
        for name, (shape, options) in table.items()
        for layout in LAYOUTS
    ]


def batched_layout(shape: list[int], layout: str, op: str) -> list[int]:
    rank = int(op[-2])
    channels = len(shape) - rank - 1
    return [*shape[:channels], *shape[channels + 1 :], shape[channels]] if layout == "NHWC" else shape


def layout_option(layout: str) -> dict:
    return {"layout": layout} if layout == "NHWC" else {}


def dtypes() -> list[Case]:
    return (
        [
            max_pool(
                typed(30 + rank, in_layout(shape, layout), dtype),
                f"maxPool{rank}d",
                dy_of(dtype),
                kernelSize=3,
                stride=2,
                padding=1,
                **layout_option(layout),
            )
            for (rank, shape), dtype, layout in product(SHAPES.items(), FLOATS + INTEGERS, LAYOUTS)
        ]
        + [lowest(dtype) for dtype in INTEGERS]
        + [long_integers()]
    )


def typed(seed: int, shape: list[int], dtype: str):
    if dtype in FLOATS:
        return draw(seed, shape, dtype, offset=-0.5)
    return draw(seed, shape, dtype, levels=200, offset=0 if dtype == "uint8" else -100)


def dy_of(dtype: str) -> dict | None:
    return EXACT_DY if dtype in FLOATS else None


def lowest(dtype: str) -> Case:
    """Windows of nothing but the lowest integer, whose index is still an element's."""
    value = {"uint8": 0, "int8": -128, "int16": -(2**15), "int32": -(2**31), "int64": str(-(2**63))}[dtype]
    return max_pool(
        given([value] * 16, [1, 1, 4, 4], dtype), dy=None, name="lowest", kernelSize=3, stride=2, padding=1
    )


def long_integers() -> Case:
    """Neighbours that a double could not tell apart."""
    big = 2**53
    values = [
        str(big),
        str(big + 1),
        str(-big - 1),
        str(-big),
        str(2**63 - 1),
        str(2**63 - 2),
        str(-(2**63)),
        str(-(2**63) + 1),
    ]
    return max_pool(given(values, [1, 2, 4], "int64"), "maxPool1d", dy=None, name="above 2^53", kernelSize=2)


FILES = {"max-windows": windows(), "max-dtypes": dtypes()}
