/**
 * @file Random pooling nodes with their inputs, from a seed.
 */
import { type OperatorName, operators, type Schema } from '../../../src/adapters/onnx/operators.ts'
import { type DType, dtypes } from '../../../src/tensor/dtype.ts'
import { narrow } from '../../../src/tensor/half.ts'
import { Tensor } from '../../../src/tensor/tensor.ts'
import type { ModelAttributes } from '../../support/onnx-model.ts'

export interface RandomNode {
  readonly opType: OperatorName
  readonly opset: number
  readonly attributes: ModelAttributes
  readonly inputs: readonly Tensor[]
  readonly outputs: number
}

/** Whole numbers in [low, high]. */
type Draw = (low: number, high: number) => number

const names: readonly OperatorName[] = [
  'MaxPool',
  'MaxPool',
  'AveragePool',
  'AveragePool',
  'LpPool',
  'GlobalMaxPool',
  'GlobalAveragePool',
  'GlobalLpPool',
  'MaxUnpool',
  'MaxRoiPool',
  'RoiAlign',
]

/** Any operator, any of its versions, any attributes that it has then; the same node for the same seed. */
export function randomNode(seed: number): RandomNode {
  const draw = drawer(seed)
  const opType = names[draw(0, names.length - 1)]!
  const versions = operators[opType]
  const schema = versions[draw(0, versions.length - 1)]!
  return { opType, opset: schema.since, ...builders[opType](schema, draw) }
}

type Built = Omit<RandomNode, 'opType' | 'opset'>

const builders: Readonly<Record<OperatorName, (schema: Schema, draw: Draw) => Built>> = {
  MaxPool: sliding,
  AveragePool: sliding,
  LpPool: sliding,
  GlobalMaxPool: global,
  GlobalAveragePool: global,
  GlobalLpPool: global,
  MaxUnpool: unpool,
  MaxRoiPool: roiPool,
  RoiAlign: roiAlign,
}

function sliding(schema: Schema, draw: Draw): Built {
  const rank = draw(0, 19) === 0 ? 4 : draw(1, 3)
  const each = (low: number, high: number) => Array.from({ length: rank }, () => draw(low, high))
  const has = (name: string): boolean => name in schema.attributes && draw(0, 1) === 1
  const window = each(1, rank > 2 ? 3 : 4)
  const auto = has('auto_pad') ? ['NOTSET', 'SAME_UPPER', 'SAME_LOWER', 'VALID'][draw(0, 3)]! : undefined
  const wide = draw(0, 19) === 0
  const pads = [...window, ...window].map((size) => draw(0, wide ? size + 1 : size - 1))
  const attributes: ModelAttributes = {
    kernel_shape: window,
    strides: has('strides') ? each(1, 4) : undefined,
    dilations: has('dilations') ? each(1, 3) : undefined,
    auto_pad: auto,
    pads: (auto === undefined || auto === 'NOTSET') && has('pads') ? pads : undefined,
    ceil_mode: has('ceil_mode') ? draw(0, 1) : undefined,
    count_include_pad: has('count_include_pad') ? draw(0, 1) : undefined,
    storage_order: has('storage_order') ? draw(0, 1) : undefined,
    ...norm(schema, draw),
  }
  const spatial = each(1, rank > 2 ? 6 : 11)
  const x = values([draw(0, 15) === 0 ? 0 : draw(1, 2), draw(1, 3), ...spatial], typeOf(schema, draw), draw)
  return { attributes, inputs: [x], outputs: draw(1, schema.outputs.length) }
}

function global(schema: Schema, draw: Draw): Built {
  const spatial = Array.from({ length: draw(1, 3) }, () => draw(1, 9))
  const x = values([draw(1, 2), draw(1, 3), ...spatial], typeOf(schema, draw), draw)
  return { attributes: norm(schema, draw), inputs: [x], outputs: 1 }
}

/** Places drawn without repeats, since a repeat's order is nobody's promise. */
function unpool(schema: Schema, draw: Draw): Built {
  const rank = draw(1, 3)
  const each = (low: number, high: number) => Array.from({ length: rank }, () => draw(low, high))
  const [window, strides, spatial] = [each(1, 3), each(1, 3), each(1, 4)]
  const usual = spatial.map((size, axis) => (size - 1) * strides[axis]! + window[axis]!)
  const lead = [draw(1, 2), draw(1, 2)]
  const shape = [...lead, ...usual.map((size) => size + (draw(0, 1) === 1 ? draw(0, 2) : 0))]
  const given = shape.some((size, axis) => axis > 1 && size !== usual[axis - 2])
  const x = values([...lead, ...spatial], typeOf(schema, draw), draw)
  const places = shuffled(
    shape.reduce((a, b) => a * b),
    draw,
  ).slice(0, x.size)
  if (places.length < x.size) return unpool(schema, draw)
  const indices = new Tensor(BigInt64Array.from(places, BigInt), x.shape, 'int64')
  const outputShape = new Tensor(BigInt64Array.from(shape, BigInt), [shape.length], 'int64')
  return {
    attributes: { kernel_shape: window, strides },
    inputs: given ? [x, indices, outputShape] : [x, indices],
    outputs: 1,
  }
}

function roiPool(schema: Schema, draw: Draw): Built {
  const x = values([draw(1, 2), draw(1, 2), draw(1, 9), draw(1, 9)], typeOf(schema, draw), draw)
  const rows = Array.from({ length: draw(0, 3) }, () => [draw(0, x.shape[0]! - 1), ...corners(draw)])
  const attributes = {
    pooled_shape: [draw(1, 4), draw(1, 4)],
    spatial_scale: { float: [1, 0.5, 0.75, 2][draw(0, 3)]! },
  }
  return { attributes, inputs: [x, store(rows.flat(), [rows.length, 5], x.dtype)], outputs: 1 }
}

function roiAlign(schema: Schema, draw: Draw): Built {
  const x = values([draw(1, 2), draw(1, 2), draw(1, 9), draw(1, 9)], typeOf(schema, draw), draw)
  const rows = Array.from({ length: draw(0, 3) }, () => corners(draw))
  const images = rows.map(() => BigInt(draw(0, x.shape[0]! - 1)))
  const attributes: ModelAttributes = {
    output_height: draw(1, 4),
    output_width: draw(1, 4),
    sampling_ratio: draw(0, 3),
    mode: ['avg', 'max'][draw(0, 1)]!,
    spatial_scale: { float: [1, 0.5, 0.75, 2][draw(0, 3)]! },
    coordinate_transformation_mode:
      schema.since < 16 ? undefined : ['half_pixel', 'output_half_pixel'][draw(0, 1)]!,
  }
  return {
    attributes,
    inputs: [
      x,
      store(rows.flat(), [rows.length, 4], x.dtype),
      new Tensor(BigInt64Array.from(images), [rows.length], 'int64'),
    ],
    outputs: 1,
  }
}

/** Quarters, some outside the image and some with their corners swapped. */
function corners(draw: Draw): number[] {
  const at = (low: number, high: number): number => draw(low * 4, high * 4) / 4
  const [left, top] = [at(-3, 8), at(-3, 8)]
  return [left, top, left + at(-2, 9), top + at(-2, 9)]
}

function norm({ attributes }: Schema, draw: Draw): ModelAttributes {
  if (!('p' in attributes)) return {}
  return { p: attributes.p!.kind === 'float' ? { float: draw(1, 8) / 2 } : draw(1, 4) }
}

function typeOf({ types }: Schema, draw: Draw): DType {
  return draw(0, 4) > 0 ? 'float32' : types[draw(0, types.length - 1)]!
}

/** Few values, so that maxima tie, and with sums that are exact, so that averages are compared bit for bit. */
function values(shape: readonly number[], dtype: DType, draw: Draw): Tensor {
  const size = shape.reduce((a, b) => a * b, 1)
  const low = dtype === 'uint8' ? 0 : -20
  return store(
    Array.from({ length: size }, () => (dtypes[dtype].float ? draw(low, 20) / 4 : draw(low, 20))),
    shape,
    dtype,
  )
}

function store(numbers: readonly number[], shape: readonly number[], dtype: DType): Tensor {
  const data = new dtypes[dtype].storage(numbers.length)
  if (dtype === 'float16' || dtype === 'bfloat16')
    narrow(Float32Array.from(numbers), dtype, data as Uint16Array)
  else (data as Float32Array).set(numbers)
  return new Tensor(data, shape, dtype)
}

function shuffled(count: number, draw: Draw): number[] {
  const order = Array.from({ length: count }, (_, i) => i)
  for (let i = count - 1; i > 0; i--) {
    const j = draw(0, i)
    ;[order[i], order[j]] = [order[j]!, order[i]!]
  }
  return order
}

/** SplitMix32. */
function drawer(seed: number): Draw {
  let state = seed | 0
  return (low, high) => {
    state = (state + 0x9e3779b9) | 0
    let bits = state ^ (state >>> 16)
    bits = Math.imul(bits, 0x21f0aaad)
    bits = Math.imul(bits ^ (bits >>> 15), 0x735a2d97)
    return low + (((bits ^ (bits >>> 15)) >>> 0) % (high - low + 1))
  }
}
