"""Writes random cases, with PyTorch's answers, in the form of test/fixtures/torch.

    venv/bin/python scripts/fresh-check.py FOLDER [--count 2000] [--seed 123]
    POOL2D_FIXTURES=FOLDER npx vitest run test/ops/golden.test.ts

Without --seed every run draws other cases; the seed is printed. Requires torch==2.13.0+cpu and numpy.
"""

import argparse
import secrets
from collections import defaultdict
from pathlib import Path

import torch

from torch_golden.fresh import Dice, any_case
from torch_golden.record import answered, write


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=2000, help="cases that PyTorch accepts (default: 2000)")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(2**32))
    options = parser.parse_args()
    torch.set_num_threads(1)

    records = defaultdict(list)
    refused = 0
    dice = Dice(options.seed)
    for _ in range(options.count):
        record = answered(any_case(dice))
        while "refused" in record:
            refused += 1
            record = answered(any_case(dice))
        records[record["op"]].append(record)

    options.folder.mkdir(parents=True, exist_ok=True)
    for op, made in records.items():
        write(options.folder / f"{op}.json", made)
    print(f"seed {options.seed}: {options.count} cases of {len(records)} operations in {options.folder}")
    print(f"left out: {refused} that PyTorch refuses")


if __name__ == "__main__":
    main()
