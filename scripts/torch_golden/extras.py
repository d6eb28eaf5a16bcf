"""What is not a pool: the random numbers, and how layers print themselves."""

import json
from itertools import product

import torch

from .case import snake
from .values import build, draw, encode

SEEDS = (0, 1, 42, 2**32 - 1)


def random_record(seed: int, dtype: str, length: int) -> dict:
    spec = draw(seed, [length], dtype)
    return {
        "name": f"seed {seed}: {dtype}",
        "op": "rand",
        "input": spec,
        "shape": spec["shape"],
        "output": encode(build(spec)),
    }


# Longer than one block of the generator (624 draws); halves long enough to meet values that round to 1.
LENGTHS = {"float32": 700, "float64": 400, "float16": 3000, "bfloat16": 700}

# Layer without its rank: the options to print, ranks.
LAYERS = {
    "MaxPool": (
        [
            {"kernelSize": 2},
            {"kernelSize": 3, "stride": 2, "padding": 1},
            {"kernelSize": 3, "stride": 1, "padding": 1, "dilation": 2, "ceilMode": True},
            {"kernelSize": "axes", "stride": "axes"},
            {"kernelSize": 2, "returnIndices": True},
        ],
        (1, 2, 3),
    ),
    "AvgPool": (
        [
            {"kernelSize": 2},
            {"kernelSize": 3, "stride": 2, "padding": 1, "ceilMode": True, "countIncludePad": False},
            {"kernelSize": "axes"},
        ],
        (1, 2, 3),
    ),
    "LPPool": (
        [
            {"normType": 2, "kernelSize": 3},
            {"normType": 1.5, "kernelSize": 3, "stride": 2, "ceilMode": True},
            {"normType": 1, "kernelSize": "axes", "stride": "axes"},
            {"normType": "Infinity", "kernelSize": 2},
        ],
        (1, 2, 3),
    ),
    "AdaptiveMaxPool": (
        [{"outputSize": 5}, {"outputSize": "axes"}, {"outputSize": 5, "returnIndices": True}],
        (1, 2, 3),
    ),
    "AdaptiveAvgPool": ([{"outputSize": 5}, {"outputSize": "axes"}, {"outputSize": "keep"}], (1, 2, 3)),
    "FractionalMaxPool": (
        [{"kernelSize": 2, "outputSize": 3}, {"kernelSize": 2, "outputRatio": 0.5}],
        (2, 3),
    ),
    "MaxUnpool": (
        [{"kernelSize": 2}, {"kernelSize": 3, "stride": 2, "padding": 1}, {"kernelSize": "axes"}],
        (1, 2, 3),
    ),
}


def layer_record(name: str, options: dict, rank: int) -> dict:
    words = {"axes": [3, 2, 4][:rank], "keep": [None, 7, None][:rank]}
    options = {
        option: words.get(value, value) if isinstance(value, str) else value
        for option, value in options.items()
    }
    layer = getattr(torch.nn, f"{name}{rank}d")
    arguments = {snake(option): python_argument(value) for option, value in options.items()}
    return {
        "name": f"{layer.__name__} {json.dumps(options)}",
        "op": "toString",
        "layer": layer.__name__,
        "options": options,
        "text": repr(layer(**arguments)),
    }


def python_argument(value):
    if isinstance(value, str):
        return float(value)
    return tuple(value) if isinstance(value, list) else value


FILES = {
    "rand": [random_record(seed, dtype, length) for (dtype, length), seed in product(LENGTHS.items(), SEEDS)],
    "layers": [
        layer_record(name, options, rank)
        for name, (table, ranks) in LAYERS.items()
        for options in table
        for rank in ranks
    ],
}
