"""Writes test/fixtures/onnx: ONNX's own pooling tests as protobuf, and its schemas of the pooling operators.

    pip install onnx==1.23.1
    python scripts/export_onnx_tests.py            # test/fixtures/onnx
    python scripts/export_onnx_tests.py FOLDER     # elsewhere, with no test cut: run with POOL2D_ONNX_FIXTURES=FOLDER

The same bytes come out every time.
"""

import json
import sys
import warnings
import zipfile
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, numpy_helper

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from onnx.backend.test.loader import load_model_tests

FOLDER = Path(__file__).parent.parent / "test" / "fixtures" / "onnx"
KINDS = ("node", "pytorch-converted", "pytorch-operator")
OPERATORS = (
    "MaxPool AveragePool LpPool GlobalMaxPool GlobalAveragePool GlobalLpPool MaxUnpool MaxRoiPool RoiAlign".split()
)

CUT = ("node/test_averagepool_3d_default", "node/test_lppool_3d_default", "node/test_maxpool_3d_default")
"""Tests too large to commit, of which the first channel is kept."""

BLANKED = (
    "pytorch-converted/test_MaxPool1d_stride_padding_dilation",
    "pytorch-converted/test_MaxPool2d_stride_padding_dilation",
)
"""Tests too large to commit, whose windows read 1 element in 10 along an axis: the others are made NaN."""


def tests():
    """(name, model, [(inputs, outputs)]) of every test whose graph has a pooling node, in a fixed order."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for kind in KINDS:
            for test in sorted(load_model_tests(kind=kind), key=lambda test: test.name):
                model = test.model or onnx.load(Path(test.model_dir) / "model.onnx")
                if any(node.op_type in OPERATORS for node in model.graph.node):
                    yield f"{kind}/{test.name}", model, data_of(test)


def data_of(test):
    if test.model_dir is None:
        return [(list(map(proto, inputs)), list(map(proto, outputs))) for inputs, outputs in test.data_sets]
    read = lambda folder, side: [onnx.load_tensor(path) for path in sorted(folder.glob(f"{side}_*.pb"))]
    folders = sorted(Path(test.model_dir).glob("test_data_set_*"))
    return [(read(folder, "input"), read(folder, "output")) for folder in folders]


def proto(value) -> TensorProto:
    return value if isinstance(value, TensorProto) else numpy_helper.from_array(np.asarray(value))


def cut(model, data):
    """The first channel alone: pooling treats each by itself, so the rest of the test stays what it was."""
    for value in [*model.graph.input, *model.graph.output]:
        value.type.tensor_type.shape.dim[1].dim_value = 1
    kept = lambda tensors: [changed(t, numpy_helper.to_array(t)[:, :1].copy()) for t in tensors]
    return model, [(kept(inputs), kept(outputs)) for inputs, outputs in data]


def blanked(model, data):
    """NaN wherever no window reads: the answer is the same, and a wrong reading shows."""
    attributes = {a.name: onnx.helper.get_attribute_value(a) for a in model.graph.node[0].attribute}
    return model, [([blank(inputs[0], outputs[0], attributes)], outputs) for inputs, outputs in data]


def blank(x: TensorProto, y: TensorProto, attributes: dict) -> TensorProto:
    values = numpy_helper.to_array(x)
    read = [
        {o * stride - pad + tap * dilation for o in range(size) for tap in range(kernel)} & set(range(length))
        for length, size, kernel, stride, dilation, pad in zip(
            x.dims[2:], y.dims[2:], *(attributes[name] for name in ("kernel_shape", "strides", "dilations", "pads"))
        )
    ]
    kept = np.full_like(values, np.nan)
    places = np.ix_(*(range(dim) for dim in x.dims[:2]), *map(sorted, read))
    kept[places] = values[places]
    return changed(x, kept)


def changed(tensor: TensorProto, values: np.ndarray) -> TensorProto:
    return numpy_helper.from_array(values, tensor.name)


def write_tests(path: Path, whole: bool) -> dict[str, int]:
    counts = dict.fromkeys(KINDS, 0)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, model, data in tests():
            if not whole and name in CUT:
                model, data = cut(model, data)
            if not whole and name in BLANKED:
                model, data = blanked(model, data)
            put(archive, f"{name}/model.onnx", model)
            for i, (inputs, outputs) in enumerate(data):
                for j, tensor in enumerate(inputs):
                    put(archive, f"{name}/{i}/input_{j}.pb", tensor)
                for j, tensor in enumerate(outputs):
                    put(archive, f"{name}/{i}/output_{j}.pb", tensor)
            counts[name.split("/")[0]] += 1
    return counts


def put(archive: zipfile.ZipFile, name: str, message) -> None:
    entry = zipfile.ZipInfo(name)
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, message.SerializeToString(deterministic=True))


def schemas() -> list:
    """Every version of every pooling operator, as onnx.defs has it."""
    histories = onnx.defs.get_all_schemas_with_history()
    found = [s for s in histories if s.domain == "" and s.name in OPERATORS]
    return [describe(s) for s in sorted(found, key=lambda s: (OPERATORS.index(s.name), s.since_version))]


def describe(schema) -> dict:
    types = {c.type_param_str: sorted(t[7:-1] for t in c.allowed_type_strs) for c in schema.type_constraints}
    return {
        "name": schema.name,
        "since": schema.since_version,
        "attributes": {name: attribute(a) for name, a in sorted(schema.attributes.items())},
        "inputs": [
            {
                "name": i.name,
                "types": types.get(i.type_str, [i.type_str[7:-1]]),
                "optional": "Optional" in str(i.option),
            }
            for i in schema.inputs
        ],
        "outputs": [o.name for o in schema.outputs],
    }


def attribute(a) -> dict:
    default = onnx.helper.get_attribute_value(a.default_value) if a.default_value.name else None
    kind = str(a.type).split(".")[-1].lower()
    if isinstance(default, bytes):
        default = default.decode()
    return {"kind": kind, "required": a.required, "default": default}


def readme(counts: dict[str, int]) -> str:
    names = lambda tests: "\n".join(f"- `{name}`" for name in tests)
    return f"""# ONNX's own tests

Written by `scripts/export_onnx_tests.py` from onnx {onnx.__version__} (Apache-2.0, the ONNX Project Contributors); do not edit.

- `tests.zip`: every test of onnx.backend.test whose model has a pooling node ({", ".join(f"{n} {kind}" for kind, n in counts.items())}): the model,
  and per data set its inputs and expected outputs, as serialized ModelProto and TensorProto.
- `shapes.zip`: written by `scripts/export_onnx_shapes.py`: models of the same origin, and the shapes of their values.
- `schemas.json`: the schemas of the pooling operators, every version, and the newest opset, {onnx.defs.onnx_opset_version()}.

Five tests are too large to commit as they are; the script writes them whole into another folder. Of these, the first channel is kept:

{names(CUT)}

Of these, the elements that no window reads are NaN:

{names(BLANKED)}
"""


def main() -> None:
    assert onnx.__version__ == "1.23.1", onnx.__version__
    whole = len(sys.argv) > 1
    folder = Path(sys.argv[1]) if whole else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    counts = write_tests(folder / "tests.zip", whole)
    table = {"latestOpset": onnx.defs.onnx_opset_version(), "schemas": schemas()}
    (folder / "schemas.json").write_text(json.dumps(table, indent=1) + "\n")
    (folder / "README.md").write_text(readme(counts))
    print(counts)


if __name__ == "__main__":
    main()
