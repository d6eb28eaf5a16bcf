"""Writes random poolings with elements left out, with the answers of NumPy, window by window.

    venv/bin/python scripts/fresh-windows.py FILE.json [--count 2000] [--seed 123]
    node scripts/fresh-windows.js FILE.json

Means, sums, norms, moments, extremes, medians, quantiles and commonest labels, 1-D to 3-D, both layouts, masks of every shape
(none, some or all elements of a window left out), nodata, minimum counts, labels of 64 bits. Requires numpy and scipy.
Without --seed every run draws other cases; the seed is printed.
"""

import argparse
import json
import secrets
from collections import Counter
from itertools import product
from pathlib import Path

import numpy as np
from scipy import special

INTEGERS = ["int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64"]
FLOATS = ["float32", "float64"]
METHODS = ["linear", "lower", "higher", "nearest", "midpoint"]


def fold(kind, values, options):
    """The answer for the elements of a window that count, at least one."""
    v = np.asarray(values)
    if kind == "max":
        return v.max()
    if kind == "min":
        return v.min()
    if kind == "mode":
        return label(list(values), options)
    if v.dtype.kind in "iu":
        if kind == "avg":
            return rounded_mean([int(x) for x in v], len(v), options["rounding"])
        if kind == "median":
            s = sorted(int(x) for x in v)
            n = len(s)
            return rounded_mean([s[(n - 1) // 2], s[n // 2]], 2, options["rounding"])
    v = v.astype(np.float64)
    with np.errstate(all="ignore"):
        if kind == "avg":
            return v.mean()
        if kind == "sum":
            return v.sum()
        if kind == "rms":
            return np.sqrt((v * v).mean())
        if kind == "var":
            return v.var(ddof=options["correction"])
        if kind == "std":
            return v.std(ddof=options["correction"])
        if kind == "median":
            return np.median(v)
        if kind == "quantile":
            return np.quantile(v, options["q"], method=options["interpolation"])
        if kind == "gem":
            return (np.maximum(v, options["eps"]) ** options["p"]).mean() ** (1 / options["p"])
        if kind == "soft":
            return (v * special.softmax(v)).sum()
        if kind == "lse":
            return (special.logsumexp(options["r"] * v) - np.log(len(v))) / options["r"]
    raise KeyError(kind)


def label(values, options):
    kept = [v for v in values if v != options.get("ignore")] or values
    counts = Counter(kept)
    most = max(counts.values())
    tied = [v for v in kept if counts[v] == most]
    return {"first": lambda t: t[0], "lowest": min, "highest": max}[options["ties"]](tied)


def rounded_mean(values, n, rule):
    total = sum(values)
    floor, rest = divmod(total, n)
    if rule == "floor" or rest == 0:
        return floor
    if rule == "trunc":
        return floor + (1 if total < 0 else 0)
    if 2 * rest != n:
        return floor + (1 if 2 * rest > n else 0)
    if rule == "half-even":
        return floor + floor % 2
    return floor + (1 if total >= 0 else 0)


class Dice:
    def __init__(self, seed):
        self.random = np.random.default_rng(seed)

    def whole(self, low, high):
        return int(self.random.integers(low, high + 1))

    def one(self, choices):
        return choices[self.whole(0, len(choices) - 1)]

    def chance(self, p):
        return bool(self.random.random() < p)


def elements(dice, shape, dtype):
    r = dice.random
    if dtype in FLOATS:
        x = (r.standard_normal(shape) * dice.one([1, 100])).astype(dtype)
        return np.round(x) if dice.chance(0.3) else x
    info = np.iinfo(dtype)
    style = dice.whole(0, 2)
    if style == 0:
        return r.integers(0, 4, shape).astype(dtype)
    if style == 1:
        return r.integers(info.min, info.max, shape, dtype=dtype, endpoint=True)
    return np.array(info.max - 3, dtype) + r.integers(0, 4, shape).astype(dtype)


def mask_for(dice, batched_shape):
    n, c, *spatial = batched_shape
    shape = dice.one([[n, c, *spatial], [n, 1, *spatial], [n, *spatial], list(spatial), [1, c, *spatial]])
    p = dice.one([0, 0.1, 0.5, 0.9, 1])
    return (dice.random.random(shape) < p).astype(np.uint8)


def taps(dice, size):
    """Kernel size, stride, padding and dilation along one axis, and the inputs of each output."""
    for _ in range(20):
        k, s, d = dice.whole(1, min(size, dice.one([2, 3, 9]))), dice.whole(1, 4), dice.one([1, 1, 2])
        reach = d * (k - 1) + 1
        pad = dice.whole(0, reach // 2)
        if reach > size + 2 * pad or (d > 1 and pad > 0):
            continue
        out = (size + 2 * pad - reach) // s + 1
        lists = [[i * s - pad + t * d for t in range(k)] for i in range(out)]
        return k, s, pad, d, [[j for j in own if 0 <= j < size] for own in lists]
    return 1, 1, 0, 1, [[i] for i in range(size)]


def lists_for(dice, kind, geometry, spatial, options):
    """The positions of each output along each axis; adds the options of the geometry."""
    if geometry == "global":
        return [[list(range(n))] for n in spatial]
    if geometry == "adaptive":
        outs = [dice.whole(1, n) for n in spatial]
        options["outputSize"] = outs
        return [[list(range(i * n // o, -(-(i + 1) * n // o))) for i in range(o)] for n, o in zip(spatial, outs)]
    own = [taps(dice, n) for n in spatial]
    names = ["kernelSize", "stride", "padding", "dilation"]
    options.update({name: [a[i] for a in own] for i, name in enumerate(names)})
    if kind == "avg":
        options["countIncludePad"] = False
    return [a[4] for a in own]


def case(dice):
    kind = dice.one(["max", "min", "avg", "sum", "rms", "var", "std", "median", "quantile", "mode", "gem", "soft", "lse"])
    kinds = INTEGERS if kind == "mode" else FLOATS + INTEGERS if kind in ("max", "min", "avg", "median") else FLOATS
    dtype = dice.one(kinds)
    rank = dice.whole(1, 3)
    spatial = [dice.whole(1, [40, 14, 6][rank - 1]) for _ in range(rank)]
    shape = [dice.whole(1, 2), dice.whole(1, 3), *spatial]
    x = elements(dice, shape, dtype)
    options = {}
    geometry = dice.one(["sliding", "sliding", "adaptive", "global"])
    if kind == "min":
        geometry = "sliding"
    lists = lists_for(dice, kind, geometry, spatial, options)
    if kind in ("avg", "median") and dtype in INTEGERS:
        options["rounding"] = dice.one(["trunc", "floor", "half-up", "half-even"])
    if kind in ("var", "std"):
        options["correction"] = dice.whole(0, 2)
    if kind == "quantile":
        options.update(q=dice.one([0, 0.25, 0.3, 0.5, 0.9, 1]), interpolation=dice.one(METHODS))
    if kind == "mode":
        options["ties"] = dice.one(["first", "lowest", "highest"])
        if dice.chance(0.4):
            options["ignore"] = int(dice.one(list(x.ravel())))
    if kind == "gem":
        options.update(p=dice.one([1, 2.5, 3]), eps=dice.one([1e-6, 0.5]))
    if kind == "lse":
        options["r"] = dice.one([-2, 0.5, 1, 3])
    marks = np.ones(shape, bool)
    mask = None
    if dice.chance(0.7):
        mask = mask_for(dice, shape)
        own = mask if mask.ndim == len(shape) else mask.reshape([mask.shape[0], 1, *spatial] if mask.ndim == len(shape) - 1 else [1, 1, *spatial])
        marks &= np.broadcast_to(own, shape).astype(bool)
    if dice.chance(0.3):
        nodata = x.ravel()[dice.whole(0, x.size - 1)]
        if dtype in FLOATS and dice.chance(0.5):
            x.ravel()[dice.random.random(x.size) < 0.2] = np.nan
            nodata = np.nan
        options["nodata"] = nodata.item() if hasattr(nodata, "item") else nodata
        marks &= ~np.isnan(x) if nodata != nodata else x != nodata
    least = options["minCount"] = dice.one([1, 1, 1, 2, 4])
    fill = options["fill"] = dice.whole(0, 5)
    answers, counts, magnitudes = [], [], []
    for n, c in product(range(shape[0]), range(shape[1])):
        for own in product(*lists):
            places = [p for p in product(*own) if marks[(n, c, *p)]]
            counts.append(len(places))
            magnitudes.append(sum(abs(float(x[(n, c, *p)])) for p in places) if dtype in FLOATS else 0)
            values = [x[(n, c, *p)] for p in places]
            answers.append(fill if len(values) < least else fold(kind, np.array(values, dtype=x.dtype) if kind != "mode" else [int(v) for v in values], options))
    family = kind + "Pool"
    op = {"sliding": f"{family}{rank}d", "adaptive": f"adaptive{family[0].upper()}{family[1:]}{rank}d", "global": f"global{family[0].upper()}{family[1:]}"}[geometry]
    for name in ("nodata", "ignore"):
        if name in options:
            options[name] = str(options[name])
    return {
        "op": op,
        "dtype": dtype,
        "shape": shape,
        "x": [str(v) for v in x.ravel().tolist()],
        "layout": dice.one(["NCHW", "NHWC"]),
        "mask": None if mask is None else {"shape": list(mask.shape), "data": mask.ravel().tolist()},
        "options": options,
        "y": [str(v.item() if hasattr(v, "item") else v) for v in answers],
        "counts": counts,
        "magnitudes": [m if m == m and m < 1e300 else 0 for m in magnitudes],
    }


def main():
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(2**32))
    options = parser.parse_args()
    dice = Dice(options.seed)
    options.file.write_text(json.dumps([case(dice) for _ in range(options.count)]))
    print(f"seed {options.seed}: {options.count} cases in {options.file}")


if __name__ == "__main__":
    main()
