"""Writes random poolings of float64 with PyTorch's gradients of their definitions.

    venv/bin/python scripts/fresh-gradients.py FILE.json [--count 1000] [--seed 123]
    node scripts/fresh-gradients.js FILE.json

Poolings that leave elements out, filters, boxes of fractional width, blurred maxima, spatial pyramids, means of stochastic pooling,
and regions by the formulas of torchvision. Without --seed every run draws other cases; the seed is printed.
Requires torch==2.13.0+cpu, numpy and scipy.
"""

import argparse
import importlib
import json
import math
import secrets
from itertools import product
from pathlib import Path

import torch

windows = importlib.import_module("fresh-windows")
PADS = {"reflect": "reflect", "replicate": "replicate", "circular": "circular", "zero": "constant"}


def fold(kind, v, options):
    """The value of the elements of a window that count, at least one."""
    if kind == "max":
        return v.max()
    if kind == "min":
        return v.min()
    if kind == "avg":
        return v.mean()
    if kind == "sum":
        return v.sum()
    if kind == "rms":
        return (v * v).mean().sqrt()
    if kind == "lp":
        return (v * v).sum().sqrt()
    if kind in ("var", "std"):
        rest = len(v) - options["correction"]
        spread = ((v - v.mean()) ** 2).sum() / rest
        return spread if kind == "var" else spread.sqrt()
    if kind == "median":
        s = v.sort().values
        return (s[(len(v) - 1) // 2] + s[len(v) // 2]) / 2
    if kind == "quantile":
        return torch.quantile(v, options["q"], interpolation=options["interpolation"])
    if kind == "gem":
        return (v.clamp(min=options["eps"]) ** options["p"]).mean() ** (1 / options["p"])
    if kind == "soft":
        return (v * v.softmax(0)).sum()
    if kind == "lse":
        return (torch.logsumexp(options["r"] * v, 0) - math.log(len(v))) / options["r"]
    if kind == "stochasticMean":
        return (v * v).sum() / v.sum() if v.sum() > 0 else v.sum() * 0
    raise KeyError(kind)


def sliding(dice):
    kind = dice.one(
        ["max", "min", "avg", "sum", "rms", "lp", "var", "std", "median", "quantile", "gem", "soft", "lse", "stochasticMean"]
    )
    rank = dice.whole(1, 3)
    spatial = [dice.whole(1, [20, 9, 5][rank - 1]) for _ in range(rank)]
    shape = [dice.whole(1, 2), dice.whole(1, 3), *spatial]
    x = torch.from_numpy(dice.random.standard_normal(shape))
    x = (x.abs() + 0.01 if kind == "stochasticMean" else x).requires_grad_()
    options, marks, mask = {}, torch.ones(shape, dtype=torch.bool), None
    geometry = "sliding" if kind in ("min", "lp") else dice.one(["sliding", "sliding", "adaptive", "global"])
    lists = windows.lists_for(dice, kind, geometry, spatial, options)
    if kind == "lp":
        options.update(normType=2, partialNorm="norm")
    if kind in ("var", "std"):
        options["correction"] = dice.whole(0, 1)
    if kind == "quantile":
        options.update(q=dice.one([0, 0.25, 0.3, 0.5, 0.9, 1]), interpolation=dice.one(windows.METHODS))
    if kind == "gem":
        options.update(p=dice.one([1, 2.5, 3]), eps=dice.one([1e-6, 0.5]))
    if kind == "lse":
        options["r"] = dice.one([-2, 0.5, 1, 3])
    if dice.chance(0.8):
        mask = windows.mask_for(dice, shape)
        bits = torch.from_numpy(mask).bool()
        view = {len(shape): bits.shape, len(shape) - 1: [mask.shape[0], 1, *spatial]}.get(mask.ndim, [1, 1, *spatial])
        marks &= bits.reshape(view)
    least = dice.one([1, 1, 2, 4])
    if kind in ("var", "std"):
        least = max(least, options["correction"] + (2 if kind == "std" else 1))
    options.update(minCount=least, fill=0)
    values = []
    for n, c in product(range(shape[0]), range(shape[1])):
        for own in product(*lists):
            places = [p for p in product(*own) if marks[(n, c, *p)]]
            taken = torch.stack([x[(n, c, *p)] for p in places]) if len(places) >= least else None
            values.append(torch.zeros((), dtype=torch.float64) if taken is None else fold(kind, taken, options))
    family = kind + "Pool"
    name = family[0].upper() + family[1:]
    op = {"sliding": f"{family}{rank}d", "adaptive": f"adaptive{name}{rank}d", "global": f"global{name}"}[geometry]
    sizes = [len(own) for own in lists]
    return record(dice, op, x, options, torch.stack(values).reshape([*shape[:2], *sizes]), mask=mask)


def filtered(dice, kind):
    rank = dice.whole(1, 2 if kind == "maxBlur" else 3)
    spatial = [dice.whole(8, [30, 14, 9][rank - 1]) for _ in range(rank)]
    x = torch.from_numpy(dice.random.standard_normal([dice.whole(1, 2), dice.whole(1, 3), *spatial])).requires_grad_()
    if kind == "area":
        sizes = [dice.whole(1, n) for n in spatial]
        y = x
        for axis, (n, size) in enumerate(zip(spatial, sizes)):
            weights = torch.tensor(
                [
                    [max(0, min((i + 1) * n, (j + 1) * size) - max(i * n, j * size)) / n for j in range(n)]
                    for i in range(size)
                ],
                dtype=torch.float64,
            )
            y = along(y, axis + 2, lambda row, w=weights: row @ w.T)
        return record(dice, f"areaPool{rank}d", x, {"outputSize": sizes}, y)
    options = {
        "filterSize": [dice.whole(1, 7) for _ in spatial],
        "stride": [dice.whole(1, 3) for _ in spatial],
        "padMode": dice.one(list(PADS)),
    }
    y = x
    if kind == "maxBlur":
        options["kernelSize"] = [dice.whole(1, 3) for _ in spatial]
        pools = [torch.nn.functional.max_pool1d, torch.nn.functional.max_pool2d]
        y = pools[rank - 1](x, options["kernelSize"], 1)
        if min(y.shape[2:]) < 5:
            options["padMode"] = "replicate"
    for axis, (size, stride) in enumerate(zip(options["filterSize"], options["stride"])):
        weights = torch.tensor([math.comb(size - 1, k) / 2 ** (size - 1) for k in range(size)], dtype=torch.float64)
        ends = ((size - 1) // 2, size // 2)

        def blur(row, weights=weights, ends=ends, stride=stride):
            padded = torch.nn.functional.pad(row[:, None], ends, PADS[options["padMode"]])
            return torch.nn.functional.conv1d(padded, weights[None, None], stride=stride)[:, 0]

        y = along(y, axis + 2, blur)
    return record(dice, f"{kind}Pool{rank}d", x, options, y)


def along(x, axis, act):
    """Applies `act`, from rows to rows, along one axis."""
    moved = x.movedim(axis, -1)
    rows = act(moved.reshape(-1, moved.shape[-1]))
    return rows.reshape([*moved.shape[:-1], rows.shape[-1]]).movedim(-1, axis)


def pyramid(dice):
    x = torch.from_numpy(dice.random.standard_normal([dice.whole(1, 2), dice.whole(1, 3), dice.whole(4, 9), dice.whole(4, 9)]))
    x.requires_grad_()
    levels, mode = [dice.whole(1, 4) for _ in range(dice.whole(1, 3))], dice.one(["max", "average"])
    pool = {"max": torch.nn.functional.adaptive_max_pool2d, "average": torch.nn.functional.adaptive_avg_pool2d}[mode]
    y = torch.cat([pool(x, level).flatten(1) for level in levels], 1)
    return record(dice, "spatialPyramidPool", x, {"levels": levels, "mode": mode}, y, layout="NCHW")


def rounded(value):
    return math.floor(abs(value) + 0.5) * (1 if value >= 0 else -1)


def cells(start, length, count, limit):
    step = length / count
    clip = lambda at: min(max(at + start, 0), limit)
    return [(clip(math.floor(i * step)), clip(math.ceil((i + 1) * step))) for i in range(count)]


def bilinear(plane, y, x):
    height, width = plane.shape
    if y < -1 or y > height or x < -1 or x > width:
        return None
    y, x = max(y, 0), max(x, 0)
    top, left = min(int(y), height - 1), min(int(x), width - 1)
    low, right = min(top + 1, height - 1), min(left + 1, width - 1)
    dy, dx = (y - top if low > top else 0), (x - left if right > left else 0)
    upper = (1 - dx) * plane[top, left] + dx * plane[top, right]
    lower = (1 - dx) * plane[low, left] + dx * plane[low, right]
    return (1 - dy) * upper + dy * lower


def cell_of(kind, plane, box, scale, size, i, j, ratio, aligned):
    height, width = plane.shape
    zero = plane.sum() * 0
    if kind in ("roiPool", "psRoiPool"):
        x1, y1, x2, y2 = [rounded(v * scale) for v in box]
        extra = 1 if kind == "roiPool" else 0
        limits = (height, width) if extra else (height - 1, width - 1)
        top, bottom = cells(y1, max(y2 - y1 + extra, 1), size[0], limits[0])[i]
        left, right = cells(x1, max(x2 - x1 + extra, 1), size[1], limits[1])[j]
        if bottom <= top or right <= left:
            return zero
        part = plane[top:bottom, left:right]
        return part.max() if extra else part.mean()
    shift = 0.5 if aligned else 0
    x1, y1, x2, y2 = [v * scale - shift for v in box]
    lengths = [y2 - y1, x2 - x1] if aligned else [max(y2 - y1, 1.0), max(x2 - x1, 1.0)]
    steps = [length / count for length, count in zip(lengths, size)]
    counts = [ratio if ratio > 0 else math.ceil(step) for step in steps]
    total = zero
    for a in range(counts[0]):
        for b in range(counts[1]):
            y = y1 + i * steps[0] + (a + 0.5) * steps[0] / counts[0]
            x = x1 + j * steps[1] + (b + 0.5) * steps[1] / counts[1]
            value = bilinear(plane, y, x)
            total = total if value is None else total + value
    return total / max(counts[0] * counts[1], 1)


def regions(dice):
    kind = dice.one(["roiPool", "roiAlign", "psRoiPool", "psRoiAlign"])
    size = [dice.whole(1, 3), dice.whole(1, 3)]
    own = dice.whole(1, 2)
    channels = own * size[0] * size[1] if kind.startswith("ps") else own
    images, height, width = dice.whole(1, 2), dice.whole(1, 9), dice.whole(1, 9)
    x = torch.from_numpy(dice.random.standard_normal([images, channels, height, width])).requires_grad_()
    scale = dice.one([1, 0.5, 0.3])
    boxes = []
    for _ in range(dice.whole(0, 4)):
        x1, y1 = [dice.random.uniform(-3, side / scale) for side in (width, height)]
        w, h = [dice.random.uniform(0 if dice.chance(0.9) else -4, side / scale) for side in (width, height)]
        boxes.append([dice.whole(0, images - 1), x1, y1, x1 + w, y1 + h])
    options = {"outputSize": size, "spatialScale": scale}
    ratio, aligned = 0, kind == "psRoiAlign"
    if kind.endswith("Align"):
        ratio = options["samplingRatio"] = dice.one([-1, 0, 1, 2, 3])
    if kind == "roiAlign":
        aligned = options["aligned"] = dice.chance(0.5)
    values = [
        cell_of(kind, x[int(image), c * size[0] * size[1] + i * size[1] + j if kind.startswith("ps") else c], box, scale, size, i, j, ratio, aligned)
        for image, *box in boxes
        for c in range(own)
        for i, j in product(range(size[0]), range(size[1]))
    ]
    y = torch.stack(values) if values else x.sum() * torch.zeros(0, dtype=torch.float64)
    return record(dice, kind, x, options, y.reshape([len(boxes), own, *size]), boxes=boxes)


def record(dice, op, x, options, y, mask=None, boxes=None, layout=None):
    dy = torch.from_numpy(dice.random.standard_normal(list(y.shape)))
    dx = torch.autograd.grad((y * dy).sum(), x, allow_unused=True)[0] if y.requires_grad and y.numel() else None
    dx = torch.zeros_like(x) if dx is None else dx
    numbers = lambda t: {"shape": list(t.shape), "data": t.detach().ravel().tolist()}
    return {
        "op": op,
        "layout": layout or dice.one(["NCHW", "NHWC"]),
        "options": options,
        "boxes": boxes,
        "mask": None if mask is None else {"shape": list(mask.shape), "data": mask.ravel().tolist()},
        **{name: numbers(t) for name, t in (("x", x), ("y", y), ("dy", dy), ("dx", dx))},
    }


def case(dice):
    kind = dice.one(["sliding"] * 6 + ["regions"] * 2 + ["blur", "maxBlur", "area", "pyramid"])
    if kind == "sliding":
        return sliding(dice)
    if kind == "regions":
        return regions(dice)
    return pyramid(dice) if kind == "pyramid" else filtered(dice, kind)


def main():
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(2**32))
    options = parser.parse_args()
    torch.set_num_threads(1)
    dice = windows.Dice(options.seed)
    options.file.write_text(json.dumps([case(dice) for _ in range(options.count)]))
    print(f"seed {options.seed}: {options.count} cases in {options.file}")


if __name__ == "__main__":
    main()
