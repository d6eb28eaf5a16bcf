"""Fractional max pools, with given samples and with those that PyTorch draws after torch.manual_seed."""

from itertools import product
from math import prod

from ..case import EXACT_DY, Case
from ..values import draw, given, scatter
from .maximum import layout_option

# Input of one sample, channels first, and options.
WINDOWS = {
    2: [
        ([3, 9, 9], {"kernelSize": 3, "outputSize": 2}),
        ([3, 9, 9], {"kernelSize": 4, "outputSize": [2, 3]}),
        ([3, 9, 9], {"kernelSize": [6, 3], "outputRatio": [0.4, 0.5]}),
        ([2, 12, 7], {"kernelSize": 2, "outputSize": [7, 5]}),
        ([1, 16, 16], {"kernelSize": 1, "outputRatio": [0.5, 0.5]}),
        ([2, 8, 10], {"kernelSize": [2, 3], "outputSize": [1, 6]}),
        ([2, 6, 5], {"kernelSize": [3, 2], "outputSize": [4, 4]}),
    ],
    3: [
        ([2, 6, 5, 4], {"kernelSize": 2, "outputSize": 2}),
        ([2, 5, 6, 7], {"kernelSize": [2, 3, 2], "outputSize": [2, 3, 4]}),
        ([1, 8, 7, 9], {"kernelSize": [4, 3, 2], "outputRatio": [0.3, 0.4, 0.7]}),
        ([1, 6, 6, 6], {"kernelSize": 3, "outputSize": [1, 2, 3]}),
        ([2, 4, 5, 5], {"kernelSize": [1, 2, 3], "outputSize": [3, 1, 2]}),
    ],
}


def fractional(rank: int, input, samples, name="", layout="NCHW", **options) -> Case:
    options = {**options, "returnIndices": True, "randomSamples": samples, **layout_option(layout)}
    return Case(f"fractionalMaxPool{rank}d", input, options, name, EXACT_DY)


def seeded(rank: int) -> list[Case]:
    """Samples that are a plain draw: PyTorch draws the same ones itself after torch.manual_seed."""
    return [
        fractional(
            rank,
            draw(410, [2, *shape] if layout == "NCHW" else [2, *shape[1:], shape[0]], dtype, offset=-0.5),
            draw(seed, [2, shape[0], rank], dtype),
            f"seed {seed}",
            layout,
            **options,
        )
        for (shape, options), (dtype, seed, layout) in product(
            WINDOWS[rank],
            (("float32", 0, "NCHW"), ("float32", 42, "NHWC"), ("float64", 1, "NCHW")),
        )
    ] + [
        fractional(
            rank, draw(420, [1, *shape], dtype), draw(7, [1, shape[0], rank], dtype), "seed 7", **options
        )
        for (shape, options), dtype in product(WINDOWS[rank][:3], ("float16", "bfloat16"))
    ]


# Length, outputs and sample of an axis where float32 arithmetic gives other starts than exact arithmetic.
ROUNDED = [(7, 6, 0.8333333134651184), (6, 4, 0.19999998807907104), (6, 4, 0.3999999761581421)]


def chosen(rank: int) -> list[Case]:
    """Samples at the ends of [0, 1) and where rounding shows, no batch, difficult values."""
    shape, options = WINDOWS[rank][1]
    channels, size = shape[0], prod(shape)
    ends = [0, 1 - 2**-24, 0.5][:channels]
    lengths, outputs, samples = zip(*ROUNDED[:rank], strict=True)
    samples = samples if rank == 3 else samples[::-1]
    drawn = [1, channels, rank]
    return [
        fractional(
            rank,
            draw(430, shape, levels=50),
            given([end for end in ends for _ in range(rank)], drawn),
            "ends",
            **options,
        ),
        fractional(
            rank,
            draw(434, [1, *lengths]),
            given(samples, [1, 1, rank]),
            "rounded starts",
            kernelSize=1,
            outputSize=list(outputs),
        ),
        fractional(rank, draw(431, shape), draw(3, drawn), "no batch", **options),
        fractional(
            rank,
            draw(432, shape, put=scatter(4, size, NaN=9, minus_Infinity=30)),
            draw(4, drawn),
            "sprinkled",
            **options,
        ),
        fractional(rank, given(["-Infinity"] * size, shape), draw(5, drawn), "only -Infinity", **options),
        fractional(rank, draw(433, shape, levels=3), draw(6, drawn), "ties", **options),
    ]


FILES = {f"fractional-{rank}d": seeded(rank) + chosen(rank) for rank in (2, 3)}
