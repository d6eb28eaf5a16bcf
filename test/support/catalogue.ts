/**
 * @file Every operation with a call that runs and a value for each of its options: the list behind the dtype tests and FEATURES.md.
 */
import type { DType } from '../../src/index.ts'
import * as pool from '../../src/index.ts'
import { dtypes } from '../../src/tensor/dtype.ts'

export type Options = Record<string, unknown>

export interface Entry {
  readonly name: pool.PoolingName
  /** How many axes are pooled in the sample call. */
  readonly rank: number
  /** What the call needs. */
  readonly required: Options
  /** A value other than the default for every option that may be left out. */
  readonly optional: Options
}

const sliding = { stride: 1, padding: 1, dilation: 2, ceilMode: true }
const common = { layout: 'NHWC' }
const select = { returnIndices: true, ...common }
const mean = { exact: true, rounding: 'half-even' }
const window = { kernelSize: 2 }

const overAxes = (entries: (rank: number) => Entry[], ranks = [1, 2, 3]): Entry[] => ranks.flatMap(entries)

export const catalogue: readonly Entry[] = [
  ...overAxes((rank) => [
    { name: `maxPool${rank}d` as 'maxPool2d', rank, required: window, optional: { ...sliding, ...select } },
    { name: `minPool${rank}d` as 'minPool2d', rank, required: window, optional: { ...sliding, ...select } },
    {
      name: `avgPool${rank}d` as 'avgPool2d',
      rank,
      required: window,
      optional: { ...sliding, countIncludePad: false, divisorOverride: 3, ...mean, ...common },
    },
    {
      name: `lpPool${rank}d` as 'lpPool2d',
      rank,
      required: { ...window, normType: 2 },
      optional: { ...sliding, ...common },
    },
    {
      name: `adaptiveMaxPool${rank}d` as 'adaptiveMaxPool2d',
      rank,
      required: { outputSize: 2 },
      optional: select,
    },
    {
      name: `adaptiveAvgPool${rank}d` as 'adaptiveAvgPool2d',
      rank,
      required: { outputSize: 2 },
      optional: { ...mean, ...common },
    },
    {
      name: `maxUnpool${rank}d` as 'maxUnpool2d',
      rank,
      required: window,
      optional: { stride: 2, padding: 0, outputSize: [9, 11, 13].slice(0, rank), ...common },
    },
  ]),
  ...overAxes(
    (rank) => [
      {
        name: `fractionalMaxPool${rank}d` as 'fractionalMaxPool2d',
        rank,
        required: { ...window, outputSize: 2 },
        optional: { outputRatio: 0.5, randomSamples: true, ...select },
      },
    ],
    [2, 3],
  ),
  { name: 'globalMaxPool', rank: 2, required: {}, optional: select },
  { name: 'globalAvgPool', rank: 2, required: {}, optional: { ...mean, ...common } },
  { name: 'globalLpPool', rank: 2, required: { normType: 2 }, optional: common },
]

export const functions = pool as unknown as Record<string, (...inputs: unknown[]) => pool.Tensor>

/** Whole numbers from 0 to 9 in any dtype, [2, 3, 4, ...] or channels last. */
export function sampleInput({ rank }: Entry, dtype: DType, layout: unknown = 'NCHW'): pool.Tensor {
  const spatial = [4, 5, 6].slice(0, rank)
  const shape = layout === 'NHWC' ? [2, ...spatial, 3] : [2, 3, ...spatial]
  const digits = Array.from(pool.rand(shape, { seed: 3 }).data, (value) => Math.floor(value * 10))
  return pool.tensor(pool.tensor(digits, undefined, dtype).data, shape, dtype)
}

/** The first inputs and the options of a call of the entry. */
export function callOf(
  entry: Entry,
  dtype: DType,
  extra: Options,
): { inputs: pool.Tensor[]; options: Options } {
  const x = sampleInput(entry, dtype, extra.layout)
  const options: Options = { ...entry.required, ...extra }
  if (options.outputRatio !== undefined) options.outputSize = undefined
  if (options.randomSamples === true) {
    const sampleType = dtypes[dtype].float ? dtype : 'float32'
    options.randomSamples = pool.rand([2, 3, entry.rank], { seed: 4, dtype: sampleType })
  }
  if (!entry.name.startsWith('maxUnpool')) return { inputs: [x], options }
  const places = new Int32Array(x.data.length).map((_, i) => i % 2)
  return { inputs: [x, pool.tensor(places, x.shape)], options }
}

/** The dtype that an option of the list is for: integers alone are rounded. */
export function dtypeFor(option: string): DType {
  return option === 'rounding' ? 'int32' : 'float32'
}

/** Runs an entry on whole numbers of a dtype. */
export function runForward(entry: Entry, dtype: DType, extra: Options = {}): pool.Tensor {
  const { inputs, options } = callOf(entry, dtype, extra)
  const y = functions[entry.name]!(...inputs, options) as pool.Tensor | pool.Indexed
  return 'output' in y ? y.output : y
}

/** Runs an entry's backward pass for a gradient of ones. */
export function runBackward(entry: Entry, dtype: DType, extra: Options = {}): pool.Tensor {
  const known = entry.name.startsWith('fractional') ? { ...extra, randomSamples: true } : extra
  const { inputs, options } = callOf(entry, dtype, known)
  const { shape, data } = runForward(entry, dtype, extra)
  const ones = pool.tensor(new Array(data.length).fill(1), undefined, dtype)
  return functions[`${entry.name}Backward`]!(pool.tensor(ones.data, shape, dtype), ...inputs, options)
}
