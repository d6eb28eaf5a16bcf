"""Writes test/fixtures/torch-stochastic.json: stochastic pooling and its mean, composed of PyTorch operations.

    python3 -m venv venv && venv/bin/pip install torch==2.13.0+cpu numpy
    venv/bin/python scripts/golden_stochastic.py

Windows are cut out by unfold, samples are looked up in the cumulative sums of the rectified elements by searchsorted, and gradients
are autograd's. Seeded: every run writes the same file.
"""

import base64
import json
from pathlib import Path

import torch

TARGET = Path(__file__).parent.parent / "test" / "fixtures" / "torch-stochastic.json"


def windows(x: torch.Tensor, size: int, stride: int) -> torch.Tensor:
    """[N, C, ...spatial] to [N, C, ...out, taps], taps in row-major order."""
    rank = x.dim() - 2
    for axis in range(rank):
        x = x.unfold(2 + axis, size, stride)
    return x.flatten(2 + rank)


def case(shape: list[int], size: int, stride: int, dtype: torch.dtype, seed: int) -> dict:
    torch.manual_seed(seed)
    x = (torch.randn(shape, dtype=torch.float64) * 3).to(dtype).requires_grad_()
    cells = windows(x, size, stride)
    raised = torch.relu(cells.double())
    sums = raised.cumsum(-1)
    total = sums[..., -1]
    samples = torch.rand(total.shape, dtype=torch.float64)
    taps = torch.searchsorted(sums, (samples * total).unsqueeze(-1), right=True).clamp(max=cells.shape[-1] - 1)
    picked = torch.where(total > 0, cells.gather(-1, taps).squeeze(-1), 0)
    mean = torch.where(total > 0, (raised**2).sum(-1) / total.clamp(min=1e-300), 0).to(dtype)
    dy = torch.randint(-4, 5, total.shape).to(dtype)
    given = {"x": x, "samples": samples, "dy": dy, "picked": picked, "mean": mean}
    for name, y in [("pickedGradient", picked), ("meanGradient", mean)]:
        (given[name],) = torch.autograd.grad(y, x, dy, retain_graph=True)
    arrays = {name: base64.b64encode(t.detach().contiguous().numpy().tobytes()).decode() for name, t in given.items()}
    dtype_name = str(dtype).removeprefix("torch.")
    return {"dtype": dtype_name, "shape": shape, "outputShape": list(total.shape), "kernelSize": size, "stride": stride, **arrays}


def main() -> None:
    cases = [
        case([2, 3, 11], 3, 2, torch.float32, 1),
        case([1, 2, 9], 2, 2, torch.float64, 2),
        case([2, 3, 7, 8], 3, 2, torch.float32, 3),
        case([1, 2, 6, 6], 2, 2, torch.float32, 4),
        case([2, 2, 7, 5], 3, 1, torch.float64, 5),
        case([1, 2, 4, 5, 4], 2, 2, torch.float32, 6),
        case([1, 2, 4, 5, 4], 3, 1, torch.float64, 7),
    ]
    TARGET.write_text(json.dumps({"torch": torch.__version__, "cases": cases}, indent=1) + "\n")


main()
