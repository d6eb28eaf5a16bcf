"""Random cases of every operation, for a check with numbers that nobody has seen before."""

import random
from collections.abc import Callable
from math import prod

import torch

from .case import EXACT_DY, REAL_DY, Case, function
from .cases.maximum import FLOATS, INTEGERS
from .values import draw, given, scatter


class Dice(random.Random):
    """What every case needs: shapes, values, and options for each axis."""

    def maybe(self, chance: float = 0.5) -> bool:
        return self.random() < chance

    def per_axis(self, rank: int, low: int, high: int):
        """One number for all axes, or one for each."""
        return self.randint(low, high) if self.maybe() else [self.randint(low, high) for _ in range(rank)]

    def spatial(self, rank: int) -> list[int]:
        return [self.randint(1, {1: 60, 2: 20, 3: 11}[rank]) for _ in range(rank)]

    def shape(self, spatial: list[int], layout: str) -> list[int]:
        channels = [self.randint(1, 5)]
        batch = [self.randint(1, 3)] if self.maybe(0.8) else []
        return batch + (spatial + channels if layout == "NHWC" else channels + spatial)

    def values(self, shape: list[int], dtype: str, special: bool = True) -> dict:
        seed = self.randrange(2**32)
        if dtype in INTEGERS:
            offset = 0 if dtype == "uint8" else -100
            return draw(seed, shape, dtype, levels=self.choice([4, 200]), offset=offset)
        kind = self.choice(["real", "real", "ties", "special"]) if special else "real"
        if kind == "ties":
            return draw(seed, shape, dtype, levels=4, offset=-1)
        if kind == "real":
            return draw(seed, shape, dtype, offset=-0.5)
        count = prod(shape) // 12
        put = scatter(seed, prod(shape), NaN=count, minus_Infinity=count)
        return draw(seed, shape, dtype, offset=-0.5, put=put)

    def window(self, rank: int, spatial: list[int]) -> dict:
        """Mostly small windows, now and then one as large as the input."""
        largest = max(spatial) if self.maybe(0.2) else 5
        kernel = self.per_axis(rank, 1, largest)
        smallest = min(kernel) if isinstance(kernel, list) else kernel
        options = {"kernelSize": kernel, "padding": self.randint(0, smallest // 2), "ceilMode": self.maybe()}
        return options | ({"stride": self.per_axis(rank, 1, 4)} if self.maybe(0.8) else {})


def layout_option(layout: str) -> dict:
    return {"layout": layout} if layout == "NHWC" else {}


def exact_dy(dtype: str) -> dict:
    """A thousand of them may meet in one element; in bfloat16 only sums up to 256 are exact."""
    return {"seed": 97, "levels": 3, "offset": -1} if dtype == "bfloat16" else EXACT_DY


def any_case(dice: Dice) -> Case:
    rank = dice.randint(1, 3)
    return dice.choice(KINDS)(dice, rank, dice.spatial(rank), dice.choice(["NCHW", "NHWC"]))


def max_or_min(dice: Dice, rank: int, spatial: list[int], layout: str) -> Case:
    op = dice.choice(["max", "max", "min"])
    dtype = dice.choice(FLOATS if op == "min" else FLOATS + FLOATS + INTEGERS)
    options = dice.window(rank, spatial) | {"returnIndices": True} | layout_option(layout)
    options |= {"dilation": dice.per_axis(rank, 1, 3)} if dice.maybe() else {}
    x = dice.values(dice.shape(spatial, layout), dtype)
    return Case(f"{op}Pool{rank}d", x, options, dy=exact_dy(dtype) if dtype in FLOATS else None)


def average(dice: Dice, rank: int, spatial: list[int], layout: str) -> Case:
    dtype = dice.choice([*FLOATS, "int64"] if rank < 3 else ["float32", "float64", "int64"])
    options = dice.window(rank, spatial) | {"countIncludePad": dice.maybe()} | layout_option(layout)
    options |= {"divisorOverride": dice.choice([-7, -1, 1, 2, 5])} if rank > 1 and dice.maybe(0.3) else {}
    x = dice.values(dice.shape(spatial, layout), dtype, special=False)
    return Case(f"avgPool{rank}d", x, options, dy=REAL_DY if dtype in ("float32", "float64") else None)


def lp(dice: Dice, rank: int, spatial: list[int], layout: str) -> Case:
    options = dice.window(rank, spatial) | layout_option(layout)
    del options["padding"]
    if rank == 1 and isinstance(options["kernelSize"], list):  # PyTorch's lp_pool1d takes a number only
        options["kernelSize"] = options["kernelSize"][0]
    norm = dice.choice([1, 2, 3, 0.5, 1.7, "Infinity", "-Infinity"])
    x = dice.values(dice.shape(spatial, layout), dice.choice(["float32", "float64"]), special=False)
    infinite = isinstance(norm, str)
    return Case(
        f"lpPool{rank}d",
        x,
        {"normType": norm, **options},
        dy=EXACT_DY if infinite else REAL_DY,
        compare="bits" if infinite else "close",
    )


def adaptive_max(dice: Dice, rank: int, spatial: list[int], layout: str) -> Case:
    dtype = dice.choice(FLOATS)
    x = dice.values(dice.shape(spatial, layout), dtype)
    options = {"outputSize": output_size(dice, rank), "returnIndices": True, **layout_option(layout)}
    return Case(f"adaptiveMaxPool{rank}d", x, options, dy=exact_dy(dtype))


def adaptive_average(dice: Dice, rank: int, spatial: list[int], layout: str) -> Case:
    x = dice.values(dice.shape(spatial, layout), dice.choice(["float32", "float64"]), special=False)
    size = output_size(dice, rank)
    sizes = size if isinstance(size, list) else [size] * rank
    is_mean = all((kept if one is None else one) == 1 for one, kept in zip(sizes, spatial))
    options = {"outputSize": size, **layout_option(layout)}
    return Case(f"adaptiveAvgPool{rank}d", x, options, dy=REAL_DY, compare="bound" if is_mean else "bits")


def output_size(dice: Dice, rank: int):
    size = dice.per_axis(rank, 1, 13)
    if rank > 1 and isinstance(size, list) and dice.maybe(0.2):
        size[dice.randrange(rank)] = None
    return size


def fractional(dice: Dice, rank: int, _: list[int], layout: str) -> Case:
    rank = max(rank, 2)
    spatial = [length + 2 for length in dice.spatial(rank)]
    kernel = [dice.randint(1, min(4, length - 1)) for length in spatial]
    room = 1 if rank == 2 else 0
    size = [dice.randint(1, length - extent + room) for length, extent in zip(spatial, kernel, strict=True)]
    dtype = dice.choice(["float32", "float64"])
    shape = dice.shape(spatial, layout)
    batch = shape[0] if len(shape) == rank + 2 else 1
    channels = shape[-1] if layout == "NHWC" else shape[-1 - rank]
    samples = draw(dice.randrange(2**32), [batch, channels, rank], dtype)
    options = {"kernelSize": kernel, "outputSize": size, "randomSamples": samples, "returnIndices": True}
    x = dice.values(shape, dtype)
    return Case(f"fractionalMaxPool{rank}d", x, options | layout_option(layout), dy=EXACT_DY)


def unpool(dice: Dice, rank: int, spatial: list[int], _: str) -> Case:
    spatial = [length + 3 for length in spatial]
    kernel, stride = dice.randint(1, 3), dice.randint(1, 3)
    padding = dice.randint(0, kernel // 2)
    shape = dice.shape(spatial, "NCHW")
    pooled = torch.rand(shape, generator=torch.Generator().manual_seed(dice.randrange(2**32)))
    _, indices = function(f"maxPool{rank}d")(pooled, kernel, stride, padding, return_indices=True)
    indices = given(indices.flatten().tolist(), indices.shape, "int64")
    x = dice.values(indices["shape"], dice.choice(FLOATS))
    options = {"kernelSize": kernel, "stride": stride, "padding": padding, "outputSize": spatial}
    return Case(f"maxUnpool{rank}d", x, options, dy=EXACT_DY, indices=indices)


KINDS: list[Callable[[Dice, int, list[int], str], Case]] = [
    max_or_min,
    max_or_min,
    average,
    average,
    lp,
    adaptive_max,
    adaptive_average,
    fractional,
    unpool,
]
