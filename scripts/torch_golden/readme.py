"""Fills the README beside the fixtures: versions, counts, and where PyTorch differs from itself."""

import platform
from pathlib import Path

import numpy
import torch

TEMPLATE = Path(__file__).parent / "README.template.md"


def text(made: dict[str, list[dict]], remarks: dict[str, int]) -> str:
    rows = [(name, len(records), sum(map(calls, records))) for name, records in sorted(made.items())]
    opinfo = [record for name, records in made.items() if "max-opinfo" in name for record in records]
    return TEMPLATE.read_text().format(
        torch=torch.__version__,
        numpy=numpy.__version__,
        python=platform.python_version(),
        table=table(("file", "cases", "calls"), rows),
        opinfo=f"{sum(map(calls, opinfo)):,}",
        refused=sum(calls(record) for record in opinfo if "refused" in record) or "none",
        remarks="\n".join(f"  - {what} ({count})" for what, count in sorted(remarks.items())),
    )


def calls(record: dict) -> int:
    options = record.get("options")
    return len(options) if isinstance(options, list) else 1


def table(head: tuple, rows: list[tuple]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)
