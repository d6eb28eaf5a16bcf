/**
 * @file Every operation with a call that runs and a value for each of its options: the list behind the dtype tests and FEATURES.md.
 */
import type { DType } from '../../src/index.ts'
import * as pool from '../../src/index.ts'
import { catalogue as operations } from '../../src/ops/catalogue.ts'
import { dtypes } from '../../src/tensor/dtype.ts'

export type Options = Record<string, unknown>

export interface Entry {
  readonly name: pool.PoolingName
  /** The number of pooled axes in the sample call. */
  readonly rank: number
  /** The required options. */
  readonly required: Options
  /** A value other than the default for every option that may be left out. */
  readonly optional: Options
}

const values: Options = {
  kernelSize: 2,
  stride: 1,
  padding: 1,
  dilation: 2,
  ceilMode: true,
  countIncludePad: false,
  divisorOverride: 3,
  exact: true,
  rounding: 'half-even',
  normType: 2,
  correction: 0,
  p: 2,
  eps: 0.5,
  r: -2,
  outputSize: 2,
  outputRatio: 0.5,
  randomSamples: true,
  samples: true,
  filterSize: 2,
  padMode: 'replicate',
  partialNorm: 'norm',
  q: 0.25,
  interpolation: 'lower',
  ties: 'lowest',
  ignore: 3,
  returnIndices: true,
  mask: true,
  nodata: 3,
  minCount: 2,
  fill: 7,
  returnCounts: true,
  keepDims: false,
  layout: 'NHWC',
}

/** Those of an unpooling, from 4 x 5 x 6 elements or fewer axes. */
const unpooling = (rank: number): Options => ({
  ...values,
  stride: 2,
  padding: 0,
  outputSize: [9, 11, 13].slice(0, rank),
})

/** The caller's own arrays. */
const arrays = ['out', 'indicesOut']

export const catalogue: readonly Entry[] = Object.entries(operations).map(([name, operation]) => {
  const rank = operation.rank || 2
  const own = operation.action === 'unpools' ? unpooling(rank) : values
  const pick = (names: readonly string[]): Options =>
    Object.fromEntries(
      names.filter((option) => !arrays.includes(option)).map((option) => [option, own[option]]),
    )
  return {
    name: name as pool.PoolingName,
    rank,
    required: pick(operation.needs),
    optional: pick(operation.takes),
  }
})

export const functions = pool as unknown as Record<string, (...inputs: unknown[]) => pool.Tensor>

/** Whole numbers from 0 to 9 in any dtype, [2, 3, 4, ...] or channels last. */
export function sampleInput({ rank }: Entry, dtype: DType, layout: unknown = 'NCHW'): pool.Tensor {
  const spatial = [4, 5, 6].slice(0, rank)
  const shape = layout === 'NHWC' ? [2, ...spatial, 3] : [2, 3, ...spatial]
  const digits = Array.from(pool.rand(shape, { seed: 3 }).data, (value) => Math.floor(value * 10))
  return pool.tensor(pool.tensor(digits, undefined, dtype).data, shape, dtype)
}

/** Leaves out a third of the elements of each plane of the sample input, and whole windows among them. */
function sampleMask({ rank }: Entry): pool.Tensor {
  const spatial = [4, 5, 6].slice(0, rank)
  const size = spatial.reduce((product, dim) => product * dim, 1)
  return pool.tensor(
    Uint8Array.from({ length: size }, (_, i) => Number(i % 5 > 1)),
    spatial,
  )
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
  if (options.samples === true) {
    const shape = operations[entry.name].outputShape(x.shape, {
      ...options,
      samples: undefined,
      mask: undefined,
    })
    options.samples = pool.rand(shape, { seed: 4, dtype: 'float64' })
  }
  if (options.mask === true) {
    options.mask = sampleMask(entry)
    if (!dtypes[dtype].float) options.fill ??= 0
  }
  if (!entry.name.startsWith('maxUnpool')) return { inputs: [x], options }
  const places = new Int32Array(x.data.length).map((_, i) => i % 2)
  return { inputs: [x, pool.tensor(places, x.shape)], options }
}

/** The dtype of a sample call: modes are of integers only. */
export function dtypeOf({ name }: Entry): DType {
  return hasGradient(name) ? 'float32' : 'int32'
}

/** The dtype for an option of an entry: integers alone are rounded. */
export function dtypeFor(option: string, entry: Entry): DType {
  return option === 'rounding' ? 'int32' : dtypeOf(entry)
}

/** False for modes, which have no function for a gradient. */
export function hasGradient(name: pool.PoolingName): boolean {
  return operations[name].action !== 'votes'
}

/** The operations that have a gradient. */
export const differentiable: readonly Entry[] = catalogue.filter(({ name }) => hasGradient(name))

/** The option that makes a random pooling repeatable, so that it has a gradient; none for others. */
export function knownSamples({ optional }: Entry): Options {
  return Object.fromEntries(
    ['randomSamples', 'samples'].filter((name) => name in optional).map((name) => [name, true]),
  )
}

/** Runs an entry on whole numbers of a dtype. */
export function runForward(entry: Entry, dtype: DType, extra: Options = {}): pool.Tensor {
  const { inputs, options } = callOf(entry, dtype, extra)
  const y = functions[entry.name]!(...inputs, options) as pool.Tensor | pool.PooledWithIndices
  return 'output' in y ? y.output : y
}

/** Runs an entry's backward pass for a gradient of ones. */
export function runBackward(entry: Entry, dtype: DType, extra: Options = {}): pool.Tensor {
  const { inputs, options } = callOf(entry, dtype, { ...extra, ...knownSamples(entry) })
  const { shape, data } = runForward(entry, dtype, extra)
  const ones = pool.tensor(new Array(data.length).fill(1), undefined, dtype)
  const backward = functions[`${entry.name}Backward`] ?? operations[entry.name].backward
  return backward(pool.tensor(ones.data, shape, dtype), ...inputs, options)
}
