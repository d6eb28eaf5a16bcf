/**
 * @file The table of ONNX's pooling operators: every version with its attributes, element types, inputs and outputs.
 */
import type { DType } from '../../tensor/dtype.ts'

/** An attribute's ONNX type, default and range; whole numbers are at most 2^31 - 1, so that sizes stay exact. */
export type AttributeSpec =
  | { readonly kind: 'int'; readonly least: number; readonly most?: number; readonly default: number }
  | { readonly kind: 'ints'; readonly least: number; readonly required: boolean }
  | { readonly kind: 'float'; readonly default: number }
  | { readonly kind: 'string'; readonly names: readonly string[]; readonly default: string }

/** An input. Type `T` is the operator's element type, the same for all its inputs of type `T`. */
export interface InputSpec {
  readonly name: string
  readonly type: 'T' | 'int64'
  readonly optional?: boolean
}

/** One version of an operator. */
export interface Schema {
  readonly name: OperatorName
  /** The opset that introduced this version. */
  readonly since: number
  readonly attributes: Readonly<Record<string, AttributeSpec>>
  /** The element types that `T` allows. */
  readonly types: readonly DType[]
  readonly inputs: readonly InputSpec[]
  readonly outputs: readonly string[]
}

type Version = Partial<Pick<Schema, 'attributes' | 'types' | 'outputs'>> & { readonly since: number }

/** The names of ONNX's pooling operators. */
export type OperatorName =
  | 'MaxPool'
  | 'AveragePool'
  | 'LpPool'
  | 'GlobalMaxPool'
  | 'GlobalAveragePool'
  | 'GlobalLpPool'
  | 'MaxUnpool'
  | 'MaxRoiPool'
  | 'RoiAlign'

/** The latest opset that this table covers. */
export const latestOpset = 28

const halfToDouble: readonly DType[] = ['float16', 'float32', 'float64']
const allFloats: readonly DType[] = ['bfloat16', ...halfToDouble]
const bytes: readonly DType[] = ['int8', 'uint8']

const flag: AttributeSpec = { kind: 'int', least: 0, most: 1, default: 0 }
const fromOne: AttributeSpec = { kind: 'ints', least: 1, required: false }
const fromZero: AttributeSpec = { kind: 'ints', least: 0, required: false }
const required: AttributeSpec = { kind: 'ints', least: 1, required: true }
const unit: AttributeSpec = { kind: 'float', default: 1 }
const wholeNorm: AttributeSpec = { kind: 'int', least: 1, default: 2 }
const realNorm: AttributeSpec = { kind: 'float', default: 2 }
const autoPad: AttributeSpec = {
  kind: 'string',
  names: ['NOTSET', 'SAME_UPPER', 'SAME_LOWER', 'VALID'],
  default: 'NOTSET',
}

const spread = { strides: fromOne, pads: fromZero }
const window = { kernel_shape: required, ...spread, auto_pad: autoPad }
const X: InputSpec = { name: 'X', type: 'T' }
const rois: InputSpec = { name: 'rois', type: 'T' }

/** Builds the versions in order. Each adds its entries to the previous version. */
function history(
  name: OperatorName,
  inputs: readonly InputSpec[],
  outputs: readonly string[],
  ...versions: readonly Version[]
): readonly Schema[] {
  let last: Omit<Schema, 'since'> = { name, attributes: {}, types: halfToDouble, inputs, outputs }
  return versions.map(({ since, attributes, ...changes }) => {
    last = { ...last, ...changes, attributes: { ...last.attributes, ...attributes } }
    return { ...last, since }
  })
}

export const operators: Readonly<Record<OperatorName, readonly Schema[]>> = {
  MaxPool: history(
    'MaxPool',
    [X],
    ['Y'],
    { since: 1, attributes: window },
    { since: 8, attributes: { storage_order: flag }, outputs: ['Y', 'Indices'] },
    { since: 10, attributes: { ceil_mode: flag, dilations: fromOne } },
    { since: 11 },
    { since: 12, types: [...halfToDouble, ...bytes] },
    { since: 22, types: [...allFloats, ...bytes] },
  ),
  AveragePool: history(
    'AveragePool',
    [X],
    ['Y'],
    { since: 1, attributes: window },
    { since: 7, attributes: { count_include_pad: flag } },
    { since: 10, attributes: { ceil_mode: flag } },
    { since: 11 },
    { since: 19, attributes: { dilations: fromOne } },
    { since: 22, types: allFloats },
  ),
  LpPool: history(
    'LpPool',
    [X],
    ['Y'],
    { since: 1, attributes: { ...window, kernel_shape: fromOne, p: realNorm } },
    { since: 2, attributes: { kernel_shape: required, p: wholeNorm } },
    { since: 11 },
    { since: 18, attributes: { ceil_mode: flag, dilations: fromOne } },
    { since: 22, types: allFloats },
  ),
  GlobalMaxPool: history('GlobalMaxPool', [X], ['Y'], { since: 1 }, { since: 22, types: allFloats }),
  GlobalAveragePool: history('GlobalAveragePool', [X], ['Y'], { since: 1 }, { since: 22, types: allFloats }),
  GlobalLpPool: history(
    'GlobalLpPool',
    [X],
    ['Y'],
    { since: 1, attributes: { p: realNorm } },
    { since: 2, attributes: { p: wholeNorm } },
    { since: 22, types: allFloats },
  ),
  MaxUnpool: history(
    'MaxUnpool',
    [X, { name: 'I', type: 'int64' }, { name: 'output_shape', type: 'int64', optional: true }],
    ['output'],
    { since: 9, attributes: { kernel_shape: required, ...spread } },
    { since: 11 },
    { since: 22, types: allFloats },
  ),
  MaxRoiPool: history(
    'MaxRoiPool',
    [X, rois],
    ['Y'],
    { since: 1, attributes: { pooled_shape: required, spatial_scale: unit } },
    { since: 22, types: allFloats },
  ),
  RoiAlign: history(
    'RoiAlign',
    [X, rois, { name: 'batch_indices', type: 'int64' }],
    ['Y'],
    {
      since: 10,
      attributes: {
        mode: { kind: 'string', names: ['avg', 'max'], default: 'avg' },
        output_height: { kind: 'int', least: 1, default: 1 },
        output_width: { kind: 'int', least: 1, default: 1 },
        sampling_ratio: { kind: 'int', least: 0, most: 1024, default: 0 },
        spatial_scale: unit,
      },
    },
    {
      since: 16,
      attributes: {
        coordinate_transformation_mode: {
          kind: 'string',
          names: ['half_pixel', 'output_half_pixel'],
          default: 'half_pixel',
        },
      },
    },
    { since: 22, types: allFloats },
  ),
}
