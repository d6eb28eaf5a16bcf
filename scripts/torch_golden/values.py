"""Tensors as the fixtures describe them: words that PyTorch and TypeScript turn into the same bits."""

import base64
import random

import torch

Spec = dict


def draw(seed, shape, dtype="float32", **transform) -> Spec:
    """`torch.rand` after torch.manual_seed(seed). `transform` may hold

    levels, scale, offset  (levels ? floor(u * levels) : u) * scale + offset, in double precision, rounded to
                           dtype; u is drawn in float64 for a float64 tensor, in float32 for every other
    put                    {"NaN": [flat positions], "-Infinity": [...]}: what is written over afterwards
    """
    return {"seed": seed, "shape": list(shape), "dtype": dtype, **transform}


def given(values, shape=None, dtype="float32") -> Spec:
    """The values themselves, flat; what JSON has no number for is a string ("NaN", "-0", a long integer)."""
    return {"values": list(values), "shape": list(shape or [len(values)]), "dtype": dtype}


def scatter(seed, size, **counts) -> dict:
    """Random positions for `put`: scatter(1, 100, NaN=3, Infinity=1); a leading minus is written `minus_`."""
    chosen = random.Random(seed).sample(range(size), sum(counts.values()))
    return {
        name.replace("minus_", "-"): sorted(chosen.pop() for _ in range(count))
        for name, count in counts.items()
    }


def build(spec: Spec) -> torch.Tensor:
    """The tensor that a spec describes."""
    dtype = getattr(torch, spec["dtype"])
    parse = float if dtype.is_floating_point else int
    if "values" in spec:
        return torch.tensor([parse(value) for value in spec["values"]], dtype=dtype).reshape(spec["shape"])
    x = drawn(spec, dtype)
    for value, positions in spec.get("put", {}).items():
        x.view(-1)[positions] = parse(value)
    return x


def drawn(spec: Spec, dtype: torch.dtype) -> torch.Tensor:
    torch.manual_seed(spec["seed"])
    if not {"levels", "scale", "offset"} & spec.keys():
        return torch.rand(spec["shape"], dtype=dtype)
    u = torch.rand(spec["shape"], dtype=torch.float64 if dtype == torch.float64 else torch.float32).double()
    base = (u * spec["levels"]).floor() if "levels" in spec else u
    value = base * spec.get("scale", 1) + spec.get("offset", 0)
    return value if dtype == torch.float64 else value.float().to(dtype)


def encode(x: torch.Tensor) -> str:
    """The elements in row-major order, little-endian, as base64."""
    raw = x.detach().contiguous().reshape(-1).view(torch.uint8).numpy().tobytes()
    return base64.b64encode(raw).decode()


def same_bits(a: torch.Tensor, b: torch.Tensor) -> bool:
    """Equal to the sign of zero; any NaN equals any other."""
    if a.shape != b.shape or a.dtype != b.dtype:
        return False
    if not a.dtype.is_floating_point:
        return torch.equal(a, b)
    equal = (a == b) & (torch.signbit(a) == torch.signbit(b))
    return bool((equal | (a.isnan() & b.isnan())).all())
