"""Maximum and minimum pools of difficult values: ties, signed zeros, NaN and infinities."""

from itertools import product
from math import prod

from ..case import Case
from ..values import draw, given, scatter
from .maximum import FLOATS, LAYOUTS, SHAPES, in_layout, layout_option, max_pool


def ties() -> list[Case]:
    repeated = [
        max_pool(
            draw(40 + rank, shape, dtype, levels=3),
            f"maxPool{rank}d",
            name="three values",
            kernelSize=3,
            stride=stride,
            padding=1,
        )
        for (rank, shape), dtype, stride in product(SHAPES.items(), ("float32", "bfloat16"), (1, 2))
    ]
    zeros = given([0, "-0", "-0", 0, "-0", 0, 0, "-0", "-0"], [1, 3, 3])
    return repeated + [
        max_pool(zeros, name="signed zeros", kernelSize=2, stride=1),
        max_pool(zeros, name="signed zeros, padded", kernelSize=2, stride=2, padding=1),
        max_pool(given([7] * 25, [1, 5, 5]), name="constant", kernelSize=3, stride=1, padding=1),
        max_pool(zeros, "minPool2d", name="signed zeros", kernelSize=2, stride=1),
    ]


def special() -> list[Case]:
    """NaN wins and the last one gives the index; a window of -Infinity has the index of its first element."""
    scattered = [
        max_pool(
            sprinkled(50 + rank, shape, dtype, 6),
            f"maxPool{rank}d",
            name="sprinkled",
            kernelSize=3,
            stride=2,
            padding=1,
            dilation=dilation,
        )
        for (rank, shape), dtype, dilation in product(SHAPES.items(), FLOATS, (1, 2))
    ]
    last = [
        max_pool(
            sprinkled(60, [2, 7, 9, 5], dtype, 40),
            name="sprinkled",
            kernelSize=[3, 2],
            stride=2,
            padding=1,
            layout="NHWC",
        )
        for dtype in FLOATS
    ]
    return (
        scattered
        + last
        + [
            max_pool(given(["NaN", 5, 7, "NaN"], [1, 2, 2]), name="two NaN", kernelSize=2),
            max_pool(given(["NaN"] * 9, [1, 3, 3]), name="only NaN", kernelSize=2, stride=1),
            max_pool(
                given(["-Infinity", "NaN", "-Infinity", "Infinity"], [1, 2, 2]),
                name="NaN among infinities",
                kernelSize=2,
            ),
            max_pool(
                given(["-Infinity"] * 16, [1, 4, 4]), name="only -Infinity", kernelSize=3, stride=2, padding=1
            ),
            max_pool(
                given(["-Infinity"] * 36, [1, 6, 6]),
                name="only -Infinity, dilated",
                kernelSize=2,
                stride=2,
                padding=1,
                dilation=3,
            ),
            max_pool(
                given(["-Infinity"] * 16, [1, 2, 2, 4]), "maxPool3d", name="only -Infinity", kernelSize=2
            ),
            max_pool(
                given(["-Infinity"] * 48, [1, 4, 2, 2, 3]),
                "maxPool3d",
                name="only -Infinity",
                kernelSize=2,
                layout="NHWC",
            ),
            max_pool(
                given(["-Infinity"] * 5, [1, 5]),
                "maxPool1d",
                name="only -Infinity",
                kernelSize=3,
                stride=1,
                padding=1,
            ),
            max_pool(given([1, "NaN", 3], [1, 3]), "maxPool1d", name="one NaN", kernelSize=2, stride=1),
        ]
    )


def sprinkled(seed: int, shape: list[int], dtype: str, count: int):
    return draw(
        seed,
        shape,
        dtype,
        offset=-0.5,
        put=scatter(seed, prod(shape), NaN=count, minus_Infinity=count * 2, Infinity=2),
    )


def minimum() -> list[Case]:
    return [
        max_pool(
            make(70 + rank, in_layout(shape, layout)),
            f"minPool{rank}d",
            name=name,
            kernelSize=3,
            stride=2,
            padding=1,
            ceilMode=True,
            **layout_option(layout),
        )
        for (rank, shape), layout in product(SHAPES.items(), LAYOUTS)
        for name, make in (
            ("real", lambda seed, shape: draw(seed, shape, offset=-0.5)),
            ("ties", lambda seed, shape: draw(seed, shape, levels=3)),
            ("sprinkled", lambda seed, shape: sprinkled(seed, shape, "float32", 4)),
        )
    ]


FILES = {"max-ties": ties(), "max-special": special(), "min": minimum()}
