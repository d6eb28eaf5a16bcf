"""Writes test/fixtures/onnx/shapes.zip: models, and the shapes that onnx itself knows of their values.

    pip install onnx==1.23.1
    python scripts/export_onnx_shapes.py

- light/NAME: the networks of onnx.backend.test without weights, with the shapes of onnx.shape_inference.
- node/NAME: onnx's tests of single operators, up to five an operator and those of no more than 2 kB, with the shapes of the
  outputs that the test expects. What the model declares of them is left out, and small inputs but the first are initializers.

The same bytes come out every time.
"""

import copy
import json
import warnings
import zipfile
from collections import Counter
from pathlib import Path

import numpy as np
import onnx
from onnx import numpy_helper, shape_inference

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from onnx.backend.test.case.node import collect_testcases

TARGET = Path(__file__).parent.parent / "test" / "fixtures" / "onnx" / "shapes.zip"
LIGHT = Path(onnx.__file__).parent / "backend" / "test" / "data" / "light"
PER_OPERATOR = 5
LARGEST = 2048
SHAPE_FIRST = ("ConstantOfShape", "Equal", "If", "Range", "Where")
"""Operators whose first input is a size, or decides one."""


def light():
    for path in sorted(LIGHT.glob("*.onnx")):
        model = onnx.load(path)
        graph = shape_inference.infer_shapes(model, data_prop=True).graph
        yield f"light/{path.stem}", model, {info.name: dims(info) for info in [*graph.value_info, *graph.output]}


def dims(info) -> list:
    return [d.dim_value if d.HasField("dim_value") else None for d in info.type.tensor_type.shape.dim]


def nodes():
    counts = Counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        cases = sorted(collect_testcases(None), key=lambda case: case.name)
    for case in cases:
        found = stripped(case)
        if found is None or "_expanded" in case.name:
            continue
        model, shapes = found
        operator = model.graph.node[0].op_type
        if model.ByteSize() <= LARGEST and counts[operator] < PER_OPERATOR:
            counts[operator] += 1
            yield f"node/{case.name}", model, shapes


def stripped(case):
    if case.model is None or not case.model.opset_import or case.model.opset_import[0].domain != "":
        return None
    inputs, outputs = case.data_sets[0]
    if not all(isinstance(value, np.ndarray) for value in [*inputs, *outputs]):
        return None
    model = copy.deepcopy(case.model)
    graph = model.graph
    for i, (info, value) in enumerate(zip(graph.input, inputs)):
        if (i > 0 or graph.node[0].op_type in SHAPE_FIRST) and value.size <= 64 and value.dtype != object:
            graph.initializer.append(numpy_helper.from_array(value, info.name))
    for info in graph.output:
        info.ClearField("type")
    return model, {info.name: list(value.shape) for info, value in zip(graph.output, outputs)}


def put(archive: zipfile.ZipFile, name: str, content: bytes | str) -> None:
    entry = zipfile.ZipInfo(name)
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, content)


def main() -> None:
    assert onnx.__version__ == "1.23.1", onnx.__version__
    counts = Counter()
    shapes = {}
    with zipfile.ZipFile(TARGET, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, model, known in [*light(), *nodes()]:
            put(archive, f"{name}.onnx", model.SerializeToString(deterministic=True))
            shapes[name] = known
            counts[name.split("/")[0]] += 1
        put(archive, "shapes.json", json.dumps(shapes))
    print(dict(counts), TARGET.stat().st_size)


if __name__ == "__main__":
    main()
