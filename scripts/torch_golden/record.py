"""Cases and their answers as the JSON of a fixture file."""

import json
from math import prod
from pathlib import Path

import torch

from .case import Answer, Case, Refused, answer, channels_first, function, torch_arguments
from .values import build, encode

# What "close" means, relative to the largest magnitude of the tensor.
RTOL = {"float64": 1e-13, "float32": 2e-6, "float16": 4e-3, "bfloat16": 3e-2}
UNIT = {"float64": 2**-53, "float32": 2**-24, "float16": 2**-11, "bfloat16": 2**-8}


def records(cases: list[Case]) -> list[dict]:
    """One record per case, or per run of cases that differ only in options and have one answer."""
    made: list[dict] = []
    for case in cases:
        record = answered(case)
        last = made[-1] if made else {}
        if {**record, "options": 0} == {**last, "options": 0}:
            last["options"] = [*as_list(last["options"]), record["options"]]
        else:
            made.append(record)
    return made


def as_list(options) -> list:
    return options if isinstance(options, list) else [options]


def answered(case: Case) -> dict:
    record = {"name": case.title, "op": case.op, "input": case.input}
    if case.indices is not None:
        record["inputIndices"] = case.indices
    record["options"] = case.options
    try:
        result = answer(case)
    except Refused as refusal:
        return {**record, "refused": str(refusal).splitlines()[0]}
    record |= comparison(case, result)
    record |= {"shape": list(result.output.shape), "output": encode(result.output)}
    if result.indices is not None:
        record["indices"] = encode(result.indices.to(torch.int32))
    if result.dx is not None:
        record |= {"dy": case.dy, "dx": encode(result.dx)}
    return record


def comparison(case: Case, result: Answer) -> dict:
    """How the output and the gradient are compared, where that is not bit for bit."""
    made = {} if case.compare == "bits" else {"compare": case.compare}
    is_average = case.family in ("avgPool", "adaptiveAvgPool")
    has_close_dx = result.dx is not None and (is_average or case.compare == "close")
    if has_close_dx:
        made["compareDx"] = "close"
    if case.compare == "bound":
        made["bound"] = bound(case)
    if case.compare == "close" or has_close_dx:
        made["rtol"] = RTOL[case.input["dtype"]]
    return made


def bound(case: Case) -> float:
    """Both sides are within (n + 3) roundings of the accumulator and one of the result, times mean |x|."""
    dtype = case.input["dtype"]
    magnitude = channels_first(case, build(case.input)).double().abs()
    largest = function(case.op)(magnitude, **torch_arguments(case.options)).max().item()
    in_half = case.op == "adaptiveAvgPool3d" and dtype in ("float16", "bfloat16")
    accumulator = UNIT[dtype] if in_half or dtype == "float64" else UNIT["float32"]
    return 2 * ((largest_window(case, magnitude.shape) + 3) * accumulator + UNIT[dtype]) * largest


def largest_window(case: Case, shape: tuple[int, ...]) -> int:
    sizes = case.options["outputSize"]
    sizes = sizes if isinstance(sizes, list) else [sizes] * case.rank
    lengths = shape[-case.rank :]
    return prod(-(-length // size) + 1 for length, size in zip(lengths, sizes, strict=True) if size)


def write(path: Path, made: list[dict]) -> None:
    """One record per line, so that a change shows as the lines it touches."""
    lines = ",\n".join(json.dumps(record, separators=(",", ":")) for record in made)
    path.write_text(f'{{"torch":"{torch.__version__}","cases":[\n{lines}\n]}}\n')
