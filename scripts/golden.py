"""Writes test/fixtures/torch from PyTorch.

    python3 -m venv venv && venv/bin/pip install torch==2.13.0+cpu numpy --extra-index-url https://download.pytorch.org/whl/cpu
    venv/bin/python scripts/golden.py

Requires torch==2.13.0+cpu and numpy. Everything is seeded: every run writes the same files.
"""

from pathlib import Path

import torch

from torch_golden import case, extras, readme, record
from torch_golden.cases import FILES

FOLDER = Path(__file__).parent.parent / "test" / "fixtures" / "torch"


def main() -> None:
    assert torch.__version__ == "2.13.0+cpu", torch.__version__
    torch.set_num_threads(1)
    FOLDER.mkdir(parents=True, exist_ok=True)
    made = {name: record.records(cases) for name, cases in FILES.items()} | extras.FILES
    for name, records in made.items():
        record.write(FOLDER / f"{name}.json", records)
    (FOLDER / "README.md").write_text(readme.text(made, case.remarks))


if __name__ == "__main__":
    main()
