"""Lp pools of |x|: PyTorch takes x as it is, so it is given the magnitudes."""

from itertools import product

from ..case import EXACT_DY, REAL_DY, Case
from ..values import draw, given
from .maximum import FLOATS, LAYOUTS, SHAPES, in_layout, layout_option


def lp_pool(input, op="lpPool2d", dy=REAL_DY, name="", compare="close", **options) -> Case:
    return Case(op, input, options, name, dy, compare=compare)


def finite() -> list[Case]:
    return [
        lp_pool(
            draw(210 + rank, in_layout(shape, layout), offset=-0.5),
            f"lpPool{rank}d",
            normType=norm,
            kernelSize=kernel,
            stride=2,
            ceilMode=ceil,
            **layout_option(layout),
        )
        for (rank, shape), norm, kernel, ceil, layout in product(
            SHAPES.items(), (1, 2, 3, 0.5, 2.5), (2, 3), (False, True), LAYOUTS
        )
        if (ceil and kernel == 2) or layout == "NCHW"
    ]


def dtypes() -> list[Case]:
    return [
        lp_pool(draw(220 + rank, shape, dtype, offset=-0.5), f"lpPool{rank}d", normType=norm, kernelSize=2)
        for (rank, shape), norm, dtype in product(SHAPES.items(), (1, 2, 3), FLOATS)
        if rank < 3 or dtype in ("float32", "float64")
    ]


def special() -> list[Case]:
    return [
        lp_pool(
            given([3, 4, 5], [1, 3]),
            "lpPool1d",
            name="partial window counts in full",
            normType=2,
            kernelSize=2,
            ceilMode=True,
        ),
        lp_pool(given([0] * 4, [1, 2, 2]), name="all zero", normType=2, kernelSize=2),
        lp_pool(
            given([1, "NaN", "Infinity", "-Infinity"], [1, 1, 4]),
            name="NaN and Infinity",
            dy=None,
            normType=2,
            kernelSize=[1, 2],
        ),
        lp_pool(draw(230, [3, 6, 7]), name="no batch", normType=3, kernelSize=3, stride=1),
    ]


def infinite() -> list[Case]:
    """The largest or the smallest magnitude, bit for bit."""
    return [
        lp_pool(
            draw(240 + rank, shape, dtype, offset=-0.5),
            f"lpPool{rank}d",
            EXACT_DY,
            compare="bits",
            normType=norm,
            kernelSize=3,
            stride=2,
            ceilMode=ceil,
        )
        for (rank, shape), dtype, norm, ceil in product(
            SHAPES.items(), FLOATS, ("Infinity", "-Infinity"), (False, True)
        )
    ]


FILES = {"lp": finite(), "lp-dtypes": dtypes(), "lp-special": special(), "lp-infinite": infinite()}
