"""Writes test/fixtures/accuracy.json: what PyTorch and NumPy give for scripts/accuracy-cases.json, as errors in units in the last place.

    venv/bin/python scripts/accuracy.py      (the virtual environment of scripts/golden.py)

Sums are exact. Then `npm run accuracy` writes docs/accuracy.md.
"""

import json
import math
from fractions import Fraction
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

FOLDER = Path(__file__).parent
SEED = 7


def data_of(case):
    """float32 or float64; the numbers that `rand` of pool2d draws too."""
    dtype = torch.float64 if case.get("dtype") == "float64" else torch.float32
    shape = [1, 1, case["side"], case["side"]]
    if case["data"] == "ones":
        return torch.ones(shape, dtype=dtype)
    if case["data"] == "100.1":
        return torch.full(shape, 100.1, dtype=dtype)
    return torch.rand(shape, dtype=dtype, generator=torch.Generator().manual_seed(SEED)) * 10 + 283


def bins(case):
    side, count = case["side"], case["outputs"]
    edges = [(i * side // count, -(-(i + 1) * side // count)) for i in range(count)]
    return [(slice(*a), slice(*b)) for a in edges for b in edges]


def views(x, window):
    return np.lib.stride_tricks.sliding_window_view(x, (window, window)).reshape(-1, window, window)


def windows(case, x):
    """The elements behind each output."""
    plane = x.numpy()[0, 0]
    if case["op"] == "global":
        return [plane]
    if case["op"] == "adaptive":
        return [plane[at] for at in bins(case)]
    return views(plane, case["window"])


def exact_sum(values):
    """Of numbers that are whole multiples of 2^-46 below 2^17, as a fraction."""
    whole = (values.astype(np.float64) * 2.0**46).astype(np.int64)
    high, low = whole >> 32, whole & 0xFFFFFFFF
    return Fraction((int(high.sum()) << 32) + int(low.sum()), 1 << 46)


def exact_means(case, x):
    return [exact_sum(w) / w.size for w in windows(case, x)]


def answers(case, x):
    """The exact answers, PyTorch's and NumPy's."""
    op, window = case["op"], case.get("window")
    if op == "global":
        return exact_means(case, x), F.adaptive_avg_pool2d(x, 1), [x.numpy().mean()]
    if op == "adaptive":
        return exact_means(case, x), F.adaptive_avg_pool2d(x, case["outputs"]), [w.mean() for w in windows(case, x)]
    if op == "sliding":
        return exact_means(case, x), F.avg_pool2d(x, window, 1), windows(case, x).mean(axis=(1, 2))
    if op == "norm":
        exact = [math.sqrt(math.fsum((w.astype(np.float64) ** 2).ravel().tolist())) for w in windows(case, x)]
        return exact, F.lp_pool2d(x, 2, window, 1), np.sqrt((windows(case, x) ** 2).sum(axis=(1, 2)))
    dy = x[:, :, : case["side"] - window + 1, : case["side"] - window + 1]
    wide = F.pad(dy, [window - 1] * 4)
    exact = [exact_sum(w) / window**2 for w in views(wide.numpy()[0, 0], window)]
    z = torch.zeros_like(x, requires_grad=True)
    F.avg_pool2d(z, window, 1).backward(dy)
    return exact, z.grad, None


def ulps(case, exact, got):
    """The largest error, in units in the last place of the exact answer."""
    if got is None:
        return None
    kind = np.float64 if case.get("dtype") == "float64" else np.float32
    values = np.asarray(got, dtype=np.float64).ravel().tolist()
    return max(float(abs(Fraction(value) - Fraction(want)) / unit(float(want), kind)) for value, want in zip(values, exact))


def unit(value, kind):
    """The distance from one number to the next, in the binade of `value`."""
    return Fraction(2) ** (math.frexp(value)[1] - (53 if kind is np.float64 else 24))


def record(case):
    x = data_of(case)
    exact, torchs, numpys = answers(case, x)
    return {**case, "torch": ulps(case, exact, torchs.numpy()), "numpy": ulps(case, exact, numpys)}


def main():
    assert torch.__version__ == "2.13.0+cpu", torch.__version__
    torch.set_num_threads(1)
    cases = json.loads((FOLDER / "accuracy-cases.json").read_text())
    rows = [record(case) for case in cases]
    made = {"madeBy": "scripts/accuracy.py", "torch": torch.__version__, "numpy": np.__version__, "rows": rows}
    target = FOLDER.parent / "test" / "fixtures" / "accuracy.json"
    target.write_text(json.dumps(made, indent=2) + "\n")


if __name__ == "__main__":
    main()
