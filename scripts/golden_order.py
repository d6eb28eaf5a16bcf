"""Writes test/fixtures/numpy/order.json from NumPy and SciPy: medians, quantiles and modes of windows.

    python3 -m venv venv && venv/bin/pip install numpy==2.4.6 scipy==1.17.1
    venv/bin/python scripts/golden_order.py

Every window is cut out of the array and given to numpy.median, numpy.quantile or scipy.stats.mode; windows of 3 and 5
without padding must also be what scipy.ndimage.median_filter gives. Seeded: every run writes the same file.
"""

import base64
import json
from itertools import product
from pathlib import Path

import numpy as np
import scipy
from scipy import ndimage, stats

TARGET = Path(__file__).parent.parent / "test" / "fixtures" / "numpy" / "order.json"
METHODS = ["linear", "lower", "higher", "nearest", "midpoint"]


def drawn(seed: int, shape: list[int], dtype: str, levels: int | None) -> np.ndarray:
    """Floats that do not repeat, or whole numbers around 0 (from 0 for unsigned types)."""
    random = np.random.default_rng(seed)
    if levels is None:
        return (random.standard_normal(shape) * 100).astype(dtype)
    low = 0 if dtype.startswith("uint") else -(levels // 2)
    return random.integers(low, low + levels, shape).astype(dtype)


def windows(sizes, options):
    """The taps of every output along every axis; those in the padding are left out."""
    if "outputSize" in options:
        out = options["outputSize"]
        axes = [[range(i * n // out, -(-(i + 1) * n // out)) for i in range(out)] for n in sizes]
    elif "kernelSize" not in options:
        axes = [[range(n)] for n in sizes]
    else:
        k, pad = options["kernelSize"], options.get("padding", 0)
        stride, dilation = options.get("stride", k), options.get("dilation", 1)
        axes = [
            [
                [p for p in range(o * stride - pad, o * stride - pad + k * dilation, dilation) if 0 <= p < n]
                for o in range((n + 2 * pad - dilation * (k - 1) - 1) // stride + 1)
            ]
            for n in sizes
        ]
    return [len(axis) for axis in axes], product(*axes)


def value(op: str, window: np.ndarray, options: dict):
    flat = window.reshape(-1)
    if "ode" in op:
        return stats.mode(flat).mode
    if not np.issubdtype(flat.dtype, np.integer):
        flat = flat.astype(np.float64)
    if "edian" in op:
        return np.median(flat)
    return np.quantile(flat.astype(np.float64), options["q"], method=options.get("interpolation", "linear"))


def answer(op: str, x: np.ndarray, options: dict) -> np.ndarray:
    spatial = x.shape[2:]
    shape, taps = windows(spatial, options)
    planes = x.reshape(-1, *spatial)
    columns = [[value(op, plane[np.ix_(*each)], options) for plane in planes] for each in taps]
    y = np.array(columns).T.reshape(*x.shape[:2], *shape)
    whole = np.issubdtype(x.dtype, np.integer)
    return (np.trunc(y) if whole and "ode" not in op else y).astype(x.dtype)


def cases():
    seed = 0
    sliding = [
        {"kernelSize": 3, "stride": 1},
        {"kernelSize": 5, "stride": 1},
        {"kernelSize": 3, "stride": 1, "padding": 1},
        {"kernelSize": 2},
        {"kernelSize": 4, "stride": 3, "padding": 2},
        {"kernelSize": 3, "stride": 2, "padding": 1, "dilation": 2},
    ]
    shapes = {1: [2, 2, 13], 2: [1, 2, 9, 8], 3: [1, 2, 5, 6, 5]}
    for rank, shape in shapes.items():
        for name, geometry in [("Pool", options) for options in sliding] + [("adaptive", {"outputSize": 3}), ("global", {})]:
            for kind in ("median", "quantile", "mode"):
                if name == "global" and rank != 2:
                    continue
                if rank == 3 and geometry.get("kernelSize") in (4, 5):
                    continue
                big = kind.capitalize()
                op = {"Pool": f"{kind}Pool{rank}d", "adaptive": f"adaptive{big}Pool{rank}d", "global": f"global{big}Pool"}[name]
                dtypes = ["uint8", "int64"] if kind == "mode" else ["float64", "float32", "int16"] if rank == 2 else ["float64"]
                for dtype in dtypes:
                    seed += 1
                    extra = {}
                    if kind == "quantile":
                        extra = {"q": [0.1, 0.25, 0.5, 0.7, 0.9, 0, 1][seed % 7], "interpolation": METHODS[seed % 5]}
                    if kind == "mode":
                        extra = {"ties": "lowest"}
                    levels = 4 if kind == "mode" else None if dtype.startswith("float") else 200
                    x = drawn(seed, shape, dtype, levels)
                    if dtype.startswith("float") and kind == "median":
                        x.reshape(-1)[[seed % 7, 30]] = [np.nan, np.inf]
                    yield op, x, {**geometry, **extra}


def checked(op: str, x: np.ndarray, options: dict, y: np.ndarray) -> None:
    size = options.get("kernelSize")
    if op != "medianPool2d" or size not in (3, 5) or options.get("padding") or np.isnan(x).any():
        return
    half = size // 2
    for plane, own in zip(x.reshape(-1, *x.shape[2:]), y.reshape(-1, *y.shape[2:]), strict=True):
        assert np.array_equal(ndimage.median_filter(plane, size)[half:-half, half:-half], own)


def encode(x: np.ndarray) -> str:
    return base64.b64encode(x.tobytes()).decode()


def main() -> None:
    made = []
    for op, x, options in cases():
        y = answer(op, x, options)
        checked(op, x, options, y)
        record = {"op": op, "options": options, "dtype": str(x.dtype), "shape": x.shape, "x": encode(x)}
        made.append(json.dumps({**record, "outputShape": y.shape, "y": encode(y)}, separators=(",", ":")))
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    lines = ",\n".join(made)
    TARGET.write_text(f'{{"numpy":"{np.__version__}","scipy":"{scipy.__version__}","cases":[\n{lines}\n]}}\n')


if __name__ == "__main__":
    main()
