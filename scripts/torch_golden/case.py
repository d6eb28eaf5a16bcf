"""One case: an operation, its input, its options, and what PyTorch answers."""

import re
from collections import Counter
from dataclasses import dataclass

import torch
import torch.nn.functional as F

from .values import Spec, build, same_bits

# Whole and half numbers, so that sums of gradients are exact in every dtype and can be compared bit for bit.
EXACT_DY = {"seed": 99, "levels": 16, "offset": -7.5}
REAL_DY = {"seed": 98, "offset": -0.5}

# Where PyTorch differs from itself or from the library's contract: {what: how many cases}.
remarks: Counter = Counter()


class Refused(Exception):
    """PyTorch does not take these arguments."""


@dataclass(frozen=True)
class Case:
    """`options` are those of the TypeScript function `op`, and the input is in the layout they name."""

    op: str
    input: Spec
    options: dict
    name: str = ""
    dy: dict | None = None
    indices: Spec | None = None
    """The given indices of an unpooling."""
    compare: str = "bits"

    @property
    def family(self) -> str:
        return self.op[:-2]

    @property
    def rank(self) -> int:
        return int(self.op[-2])

    @property
    def gives_indices(self) -> bool:
        return self.family in ("maxPool", "minPool", "adaptiveMaxPool", "fractionalMaxPool")

    @property
    def is_channels_last(self) -> bool:
        return self.options.get("layout") == "NHWC"

    @property
    def title(self) -> str:
        layout = " NHWC" if self.is_channels_last else ""
        words = f"{'x'.join(map(str, self.input['shape']))} {self.input['dtype']}{layout}"
        return f"{self.name}: {words}" if self.name else words


@dataclass(frozen=True)
class Answer:
    """In the layout of the case. An index is -1 where a window touches no element."""

    output: torch.Tensor
    indices: torch.Tensor | None = None
    dx: torch.Tensor | None = None


def answer(case: Case) -> Answer:
    """PyTorch's answer for contiguous data; where it has another one for channels_last, that is remarked."""
    x = channels_first(case, build(case.input))
    result = run(case, x.clone(memory_format=torch.contiguous_format))
    if case.is_channels_last:
        remark_strided(case, x, result)
    return Answer(*(part if part is None else channels_given(case, part) for part in parts(result)))


def remark_strided(case: Case, x: torch.Tensor, contiguous: Answer) -> None:
    try:
        strided = run(case, x)
    except Refused:
        remarks[f"{case.op} {case.input['dtype']}: not implemented for channels_last"] += 1
        return
    for what, a, b in zip(("output", "indices", "dx"), parts(strided), parts(contiguous), strict=True):
        if a is not None and b is not None and not same_bits(a, b):
            remarks[f"{case.op} {case.input['dtype']}: {what} of channels_last differs from contiguous"] += 1


def run(case: Case, x: torch.Tensor) -> Answer:
    try:
        x = x.detach().requires_grad_(case.dy is not None)
        output, indices = forward(case, x)
        check_default_path(case, x.detach(), output)
    except (RuntimeError, ValueError, ZeroDivisionError, NotImplementedError) as error:
        raise Refused(str(error)) from error
    empty = empty_windows(case, x) if case.gives_indices else None
    if indices is not None and empty is not None:
        indices = indices.masked_fill(empty, -1)
    if case.dy is None or (empty is not None and empty.any()):
        return Answer(output.detach(), indices)
    dy = build({**case.dy, "shape": channels_given(case, output).shape, "dtype": case.input["dtype"]})
    (dx,) = torch.autograd.grad(output, x, channels_first(case, dy))
    return Answer(output.detach(), indices, dx)


def forward(case: Case, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor | None]:
    arguments = torch_arguments(case.options)
    if case.family == "maxUnpool":
        indices = channels_first(case, build(case.indices))
        return function(case.op)(x, indices, **arguments), None
    if case.family == "lpPool":
        return function(case.op)(x.abs(), **arguments), None
    if not case.gives_indices:
        return function(case.op)(x, **arguments), None
    arguments["return_indices"] = True
    if case.family == "minPool":
        output, indices = function(case.op.replace("min", "max"))(-x, **arguments)
        return -output, indices
    return function(case.op)(x, **arguments)


def check_default_path(case: Case, x: torch.Tensor, output: torch.Tensor) -> None:
    """Without indices, and with samples that PyTorch draws itself, the answer must be the same."""
    if not case.gives_indices or case.family == "minPool":
        return
    arguments = torch_arguments(case.options)
    arguments["return_indices"] = False
    samples = case.options.get("randomSamples", {})
    if samples.keys() == {"seed", "shape", "dtype"}:
        del arguments["_random_samples"]
        torch.manual_seed(samples["seed"])
    elif case.op == "maxPool1d" and not x.is_floating_point():
        return
    assert same_bits(function(case.op)(x, **arguments), output.detach()), case


def empty_windows(case: Case, x: torch.Tensor) -> torch.Tensor | None:
    """Dilated windows that step over the whole input: PyTorch gives them an index outside the plane."""
    if case.family not in ("maxPool", "minPool"):
        return None
    arguments = {**torch_arguments(case.options), "return_indices": True}
    highest, _ = function(case.op.replace("min", "max"))(torch.zeros(x.shape), **arguments)
    return highest == -torch.inf


def function(op: str):
    return getattr(F, snake(op))


def torch_arguments(options: dict) -> dict:
    renamed = {"random_samples": "_random_samples"}
    arguments = {snake(name): python_value(value) for name, value in options.items() if name != "layout"}
    return {renamed.get(name, name): value for name, value in arguments.items()}


def python_value(value):
    if isinstance(value, dict):
        return build(value)
    if isinstance(value, str):
        return float(value)
    return tuple(value) if isinstance(value, list) else value


def snake(name: str) -> str:
    return re.sub("[A-Z]", lambda letter: "_" + letter[0].lower(), name)


def parts(result: Answer) -> tuple:
    return result.output, result.indices, result.dx


def channels_first(case: Case, x: torch.Tensor) -> torch.Tensor:
    return x.movedim(-1, -1 - case.rank) if case.is_channels_last else x


def channels_given(case: Case, x: torch.Tensor) -> torch.Tensor:
    return x.movedim(-1 - case.rank, -1) if case.is_channels_last else x
