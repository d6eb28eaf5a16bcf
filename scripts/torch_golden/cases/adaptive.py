"""Adaptive pools: output sizes that divide, that do not, that exceed the input, that keep it, and 1."""

from itertools import product

from ..case import EXACT_DY, REAL_DY, Case
from ..values import draw, given, scatter
from .maximum import FLOATS, LAYOUTS, in_layout, layout_option

SHAPES = {1: [2, 3, 10], 2: [2, 3, 7, 9], 3: [1, 2, 5, 6, 4]}
SIZES = {
    1: [1, 2, 3, 5, 7, 10, 14, [4]],
    2: [1, 2, 3, [3, 9], [5, 4], [None, 7], [3, None], [None, None], [1, 4], [9, 12], [14, 5]],
    3: [1, 2, 3, [5, 3, 2], [None, 2, 3], [1, 4, None], [None, None, None], [7, 8, 5]],
}


def both(op: str, **fixed) -> list[Case]:
    return [
        Case(
            f"{op}{rank}d",
            draw(310 + rank, in_layout(shape, layout), offset=-0.5),
            {"outputSize": size, **fixed, **layout_option(layout)},
            dy=dy_of(op),
            compare=compare_of(op, size),
        )
        for rank, shape in SHAPES.items()
        for size, layout in product(SIZES[rank], LAYOUTS)
    ]


def dy_of(op: str) -> dict:
    return EXACT_DY if op == "adaptiveMaxPool" else REAL_DY


def compare_of(op: str, size) -> str:
    """One output per plane is PyTorch's mean(), whose order of adding depends on the processor."""
    sizes = size if isinstance(size, list) else [size]
    return "bound" if op == "adaptiveAvgPool" and all(one == 1 for one in sizes) else "bits"


def max_others() -> list[Case]:
    halves_and_doubles = [
        Case(
            f"adaptiveMaxPool{rank}d",
            draw(320 + rank, shape, dtype, offset=-0.5),
            {"outputSize": 3, "returnIndices": True},
            dy=EXACT_DY,
        )
        for (rank, shape), dtype in product(SHAPES.items(), FLOATS)
    ]
    sprinkled = [
        Case(
            f"adaptiveMaxPool{rank}d",
            draw(330 + rank, shape, put=scatter(rank, 60, NaN=4, minus_Infinity=8)),
            {"outputSize": 4, "returnIndices": True},
            "sprinkled",
            EXACT_DY,
        )
        for rank, shape in SHAPES.items()
    ]
    return (
        halves_and_doubles
        + sprinkled
        + [
            Case(
                "adaptiveMaxPool2d",
                draw(340, [1, 2, 8, 8], levels=3),
                {"outputSize": 3, "returnIndices": True},
                "ties",
                EXACT_DY,
            ),
            Case(
                "adaptiveMaxPool2d",
                given(["-Infinity"] * 16, [1, 4, 4]),
                {"outputSize": 2, "returnIndices": True},
                "only -Infinity",
                EXACT_DY,
            ),
            Case(
                "adaptiveMaxPool2d",
                draw(341, [3, 7, 5]),
                {"outputSize": [3, 2], "returnIndices": True},
                "no batch",
                EXACT_DY,
            ),
        ]
    )


def avg_others() -> list[Case]:
    halves_and_doubles = [
        Case(
            f"adaptiveAvgPool{rank}d",
            draw(350 + rank, shape, dtype, offset=-0.5),
            {"outputSize": size},
            dy=REAL_DY,
            compare=half_compare(rank, dtype, size),
        )
        for (rank, shape), dtype, size in product(SHAPES.items(), FLOATS, (1, 2, 3))
    ]
    return halves_and_doubles + [
        Case("adaptiveAvgPool1d", given([1, 2, 3], [1, 3]), {"outputSize": 5}, "upsampling", REAL_DY),
        Case("adaptiveAvgPool1d", given([-1e-45, 0, 0, 0], [1, 4]), {"outputSize": 2}, "negative to zero"),
        Case("adaptiveAvgPool2d", draw(360, [3, 7, 5]), {"outputSize": [3, 2]}, "no batch", REAL_DY),
        Case("adaptiveAvgPool2d", draw(361, [0, 3, 7, 5]), {"outputSize": [3, 2]}, "batch of 0", REAL_DY),
        Case(
            "adaptiveAvgPool2d",
            draw(362, [1, 1, 31, 29], offset=-0.5),
            {"outputSize": [4, 3]},
            "large windows",
            REAL_DY,
        ),
        Case(
            "adaptiveAvgPool2d",
            draw(363, [1, 1, 8, 8], put={"NaN": [9], "Infinity": [20, 40], "-Infinity": [41]}),
            {"outputSize": 3},
            "sprinkled",
        ),
    ]


def half_compare(rank: int, dtype: str, size: int) -> str:
    """In 3-D PyTorch adds halves in half precision; the library adds them in float32."""
    return "bound" if rank == 3 and dtype in ("float16", "bfloat16") else compare_of("adaptiveAvgPool", size)


FILES = {
    "adaptive-max": both("adaptiveMaxPool", returnIndices=True) + max_others(),
    "adaptive-avg": both("adaptiveAvgPool") + avg_others(),
}
