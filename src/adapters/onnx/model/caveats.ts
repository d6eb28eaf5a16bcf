/**
 * @file Known errors and gaps of other runtimes, by the attributes of a node. Found by running those runtimes or reading their code.
 */
import type { AttributeValues } from '../attributes.ts'
import type { OperatorName } from '../operators.ts'

/** The properties of a node that decide which caveats apply. */
export interface NodeFacts {
  readonly opType: OperatorName
  readonly since: number
  readonly values: AttributeValues
  /** Null if the model does not declare it. */
  readonly dtype: string | null
  readonly spatialAxes: number | null
  readonly batch: number | string | null
  readonly hasIndices: boolean
  readonly hasOutputShape: boolean
}

interface Caveat {
  readonly applies: (facts: NodeFacts) => boolean
  readonly text: string
}

const sliding = (facts: NodeFacts): boolean =>
  facts.values.kernel_shape !== undefined && facts.opType !== 'MaxUnpool'
const ceil = ({ values }: NodeFacts): boolean => values.ceil_mode === 1
const dilated = ({ values }: NodeFacts): boolean =>
  (values.dilations as readonly number[] | undefined)?.some((dilation) => dilation !== 1) ?? false
const same = ({ values }: NodeFacts): boolean => String(values.auto_pad).startsWith('SAME')
const is =
  (...names: OperatorName[]) =>
  ({ opType }: NodeFacts): boolean =>
    names.includes(opType)

function padsOf({ values }: NodeFacts): readonly number[] {
  return (values.pads as readonly number[] | undefined) ?? []
}

function widePads(facts: NodeFacts): boolean {
  const window = (facts.values.kernel_shape as readonly number[] | undefined) ?? []
  return padsOf(facts).some((pad, i) => pad >= window[i % window.length]!)
}

function stridePastWindow({ values }: NodeFacts): boolean {
  const window = values.kernel_shape as readonly number[]
  return (
    (values.strides as readonly number[] | undefined)?.some((stride, axis) => stride > window[axis]!) ?? false
  )
}

function unevenPads(facts: NodeFacts): boolean {
  const pads = padsOf(facts)
  return pads.some((pad, axis) => pad !== pads[(axis + pads.length / 2) % pads.length])
}

/** False for integer types. */
function mayBeNaN({ dtype }: NodeFacts): boolean {
  return dtype === null || !/^u?int/.test(dtype)
}

const caveats: readonly Caveat[] = [
  {
    applies: (facts) => is('MaxPool', 'AveragePool')(facts) && ceil(facts),
    text: 'ceil_mode: onnxruntime-web refuses it on webgl and, in its JavaScript kernels, on webgpu',
  },
  {
    applies: (facts) => is('AveragePool')(facts) && ceil(facts) && facts.values.count_include_pad === 1,
    text: 'ceil_mode with count_include_pad: versions of ONNX Runtime before 1.30 divided by the overhang too',
  },
  {
    applies: (facts) => is('LpPool')(facts) && ceil(facts),
    text: "ceil_mode: ONNX's reference and PyTorch scale a window cut short up to the full one, ONNX Runtime does not",
  },
  {
    applies: (facts) => sliding(facts) && ceil(facts) && facts.values.auto_pad === 'VALID',
    text: "auto_pad VALID with ceil_mode: the specification's formula rounds down, shape inference and ONNX Runtime up",
  },
  {
    applies: (facts) => sliding(facts) && same(facts) && stridePastWindow(facts),
    text: 'auto_pad SAME_* with a stride past the window: ONNX Runtime 1.30 fails, or shifts all windows, for some input sizes',
  },
  {
    applies: (facts) => sliding(facts) && same(facts) && dilated(facts),
    text: 'auto_pad SAME_* with dilations: ONNX Runtime computes pads without the dilation, and gives a smaller output',
  },
  {
    applies: (facts) => is('MaxPool')(facts) && dilated(facts),
    text: 'dilations: not in the webgpu JavaScript kernels of onnxruntime-web; wrong on CUDA together with pads (onnxruntime#29637)',
  },
  {
    applies: (facts) => is('AveragePool')(facts) && (dilated(facts) || unevenPads(facts)),
    text: 'dilations or pads that differ at both ends: silently ignored on CUDA (onnxruntime#29631)',
  },
  {
    applies: ({ values }) => values.storage_order === 1,
    text: "storage_order 1: refused by onnxruntime-web on webgl, webgpu and webnn; ignored by ONNX's reference",
  },
  {
    applies: ({ hasIndices }) => hasIndices,
    text: 'Indices: no output of onnxruntime-web on webgpu, webgl and webnn',
  },
  {
    applies: ({ hasIndices, batch }) => hasIndices && batch !== 1,
    text: "Indices of a batch above 1: wrong in ONNX's reference, which counts each item from 0",
  },
  {
    applies: (facts) => facts.hasIndices && same(facts),
    text: "Indices with auto_pad SAME_*: an IndexError in ONNX's reference",
  },
  {
    applies: widePads,
    text: 'pads as wide as the window: refused by ONNX Runtime',
  },
  {
    applies: (facts) => sliding(facts) && (facts.spatialAxes ?? 0) > 3,
    text: 'more than 3 spatial axes: refused by ONNX Runtime',
  },
  {
    applies: (facts) => sliding(facts) && facts.spatialAxes !== null && facts.spatialAxes !== 2,
    text: 'other than 2 spatial axes: refused by onnxruntime-web on webnn, and in channels-last on webgpu',
  },
  {
    applies: (facts) => is('MaxPool', 'GlobalMaxPool')(facts) && mayBeNaN(facts),
    text: 'NaN: ONNX Runtime drops or keeps it by its place in the window; here it always wins',
  },
  {
    applies: is('LpPool', 'GlobalLpPool', 'MaxUnpool', 'MaxRoiPool', 'RoiAlign'),
    text: 'operator: no kernel in onnxruntime-web on webgpu and webgl',
  },
  {
    applies: (facts) => is('LpPool', 'GlobalLpPool')(facts) && facts.values.p !== 2,
    text: 'p other than 2: refused by onnxruntime-web on webnn',
  },
  {
    applies: (facts) => is('AveragePool', 'LpPool')(facts) && facts.dtype === 'float64',
    text: 'float64: no kernel in ONNX Runtime 1.30',
  },
  {
    applies: (facts) => is('GlobalLpPool', 'MaxRoiPool', 'RoiAlign')(facts) && facts.since === 22,
    text: 'opset 22: no kernel in ONNX Runtime 1.30; earlier versions have one',
  },
  {
    applies: ({ hasOutputShape }) => hasOutputShape,
    text: "output_shape: ONNX's reference counts I over the shape that the attributes infer, ONNX Runtime over output_shape",
  },
  {
    applies: (facts) => is('RoiAlign')(facts) && facts.since === 10,
    text: "opset 10: ONNX's reference shifts corners by half a pixel, which came with opset 16",
  },
]

/** The texts of the caveats that apply to a node, in the table's order. */
export function caveatsOf(facts: NodeFacts): readonly string[] {
  return caveats.filter(({ applies }) => applies(facts)).map(({ text }) => text)
}
