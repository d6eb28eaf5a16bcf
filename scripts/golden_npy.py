"""Writes test/fixtures/npy: one array of every dtype, in every byte order, axis order and format version that numpy writes.

    pip install numpy==2.4.6 ml_dtypes==0.6.0
    python scripts/golden_npy.py

The same bytes come out every time. values.json holds each array's elements as the hex of their little-endian, row-major bytes.
"""

import json
import shutil
import warnings
from pathlib import Path

import ml_dtypes
import numpy as np

FOLDER = Path(__file__).parent.parent / "test" / "fixtures" / "npy"
FLOATS = {"f2": np.float16, "f4": np.float32, "f8": np.float64, "bf16": ml_dtypes.bfloat16}
INTEGERS = {f"{kind}{size}": np.dtype(f"{kind}{size}") for kind in "iu" for size in (1, 2, 4, 8)}
ODD_FLOATS = [0.0, -0.0, 1.5, -2.25, 0.1, np.inf, -np.inf, np.nan]


def elements(dtype: np.dtype) -> np.ndarray:
    """Twelve elements, the extremes of the dtype among them, as [2, 3, 2]."""
    if dtype.kind in "iu":
        info = np.iinfo(dtype)
        return np.array([info.min, info.max, info.max - 1, *range(9)], dtype).reshape(2, 3, 2)
    return np.array([*ODD_FLOATS, 3.0, -4.0, 5.0, 6.0]).astype(dtype).reshape(2, 3, 2)


def name_of(array: np.ndarray) -> str:
    return "bfloat16" if array.dtype.newbyteorder("=") == ml_dtypes.bfloat16 else array.dtype.name


def record(array: np.ndarray) -> dict:
    little = np.ascontiguousarray(array).astype(array.dtype.newbyteorder("<"))
    return {"dtype": name_of(array), "shape": list(array.shape), "bytes": little.tobytes().hex()}


def save(file: str, array: np.ndarray, version: tuple[int, int] = (1, 0)) -> dict:
    with (FOLDER / file).open("wb") as out, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        np.lib.format.write_array(out, array, version=version)
    return {file: record(array)}


def every_dtype() -> dict:
    made = {}
    for code, dtype in {**FLOATS, **INTEGERS}.items():
        dtype = np.dtype(dtype)
        for endian, order_char in [("le", "<"), ("be", ">")][: 1 if dtype.itemsize == 1 else 2]:
            array = elements(dtype).astype(dtype.newbyteorder(order_char))
            for axes in ("c", "f"):
                ordered = np.asarray(array, order=axes.upper())
                for version in (1, 2, 3):
                    made |= save(f"{code}-{endian}-{axes}-v{version}.npy", ordered, (version, 0))
    return made


def every_shape() -> dict:
    shapes = [(), (0,), (1,), (7,), (2, 3), (3, 0, 2), (1, 1, 1, 5), (2, 3, 2, 3, 2)]
    made = {}
    for shape in shapes:
        array = np.arange(int(np.prod(shape)), dtype="<f4").reshape(shape)
        made |= save(f"shape-{'x'.join(map(str, shape)) or 'scalar'}.npy", array)
    return made | save(
        "fortran-2x3x4x5.npy", np.asfortranarray(np.arange(120, dtype=">i2").reshape(2, 3, 4, 5))
    )


def archives() -> dict:
    arrays = {"first": elements(np.dtype("f4")), "layer/second": np.asfortranarray(elements(np.dtype("i8")))}
    zeros = {"zeros": np.zeros((64, 64), "u1")}
    np.savez(FOLDER / "stored.npz", **arrays)
    np.savez_compressed(FOLDER / "deflated.npz", **arrays, **zeros)
    np.savez(FOLDER / "empty.npz")
    described = {name: record(array) for name, array in arrays.items()}
    return {
        "stored.npz": described,
        "deflated.npz": described | {"zeros": record(zeros["zeros"])},
        "empty.npz": {},
    }


def main() -> None:
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    made = every_dtype() | every_shape() | archives()
    (FOLDER / "values.json").write_text(json.dumps(made, indent=1) + "\n")
    print(f"{len(made)} files in {FOLDER}")


if __name__ == "__main__":
    main()
