/**
 * @file Windows with weights along one axis: binomial filters with padding that repeats the input, and boxes of
 * fractional width.
 */
import { memoizeWeak } from '../tensor/memoize-weak.ts'
import { type AxisPlan, type Periodic, wholeAxis } from './axis.ts'
import { gcd } from './modulo.ts'
import { mostKept } from './tables.ts'

/** Output `i` is the sum of `weights[k]` times input `positions[k]`, for k from `begins[i]` up to `begins[i + 1]`. */
export interface Weights {
  readonly begins: Int32Array
  readonly positions: Int32Array
  readonly weights: Float64Array
  /** True if the weights of each output sum to 1, up to rounding. */
  readonly isMean: boolean
}

/** The axes of `[outer][axes...][inner]`, with their weights. */
export interface WeightedPlan {
  readonly outer: number
  readonly axes: readonly { readonly inSize: number; readonly outSize: number; readonly weights: Weights }[]
  readonly inner: number
}

/** The elements of a window with their weights. */
type Row = readonly Entry[]
type Entry = readonly [position: number, weight: number]

export interface WeightedAxis extends AxisPlan {
  /** Of the whole axis. */
  row(output: number): Row
  readonly isMean: boolean
}

/** The elements of the padding: mirrored about the border's element, the border's element, zeros, or those of the other end. */
export type PadMode = (typeof padModes)[number]

export const padModes = ['reflect', 'replicate', 'zero', 'circular'] as const

/** The number of outputs of a filter that is padded so that stride 1 keeps the size. */
export function blurredSize(inSize: number, stride: number): number {
  return Math.floor((inSize - 1) / stride) + 1
}

/** The longest padding at an end: floor((size - 1) / 2) elements before, ceil((size - 1) / 2) after. */
export function longestPad(filterSize: number): number {
  return Math.ceil((filterSize - 1) / 2)
}

/** A binomial filter, such as [1, 2, 1] / 4. */
export function planBlur(inSize: number, filterSize: number, stride: number, padMode: PadMode): WeightedAxis {
  const filter = binomial(filterSize)
  const before = Math.floor((filterSize - 1) / 2)
  const position = positionIn(inSize, padMode)
  const row = (i: number): Row =>
    filter.flatMap((weight, tap): Entry[] => {
      const at = position(i * stride - before + tap)
      return at === null ? [] : [[at, weight]]
    })
  const [first, last] = [Math.ceil(before / stride), Math.floor((inSize - filterSize + before) / stride)]
  const periodic = { from: first, to: last + 1, period: 1, shift: stride }
  return weightedAxis(inSize, blurredSize(inSize, stride), row, padMode !== 'zero', periodic)
}

function binomial(size: number): readonly number[] {
  let row = [1]
  for (let n = 1; n < size; n++) row = [1, ...row.slice(1).map((value, i) => value + row[i]!), 1]
  return row.map((value) => value / 2 ** (size - 1))
}

/** The input that a position inside or outside the axis reads; null for zeros. */
function positionIn(size: number, padMode: PadMode): (position: number) => number | null {
  const last = size - 1
  return (position) => {
    if (position >= 0 && position <= last) return position
    if (padMode === 'zero') return null
    if (padMode === 'replicate') return position < 0 ? 0 : last
    if (padMode === 'circular') return (position + size) % size
    return position < 0 ? -position : 2 * last - position
  }
}

/** Boxes of in / out inputs, side by side. An input that lies in two of them counts in both by its overlap. */
export function planArea(inSize: number, outSize: number): WeightedAxis {
  const row = (i: number): Row => {
    const [from, to] = [i * inSize, (i + 1) * inSize]
    const first = Math.floor(from / outSize)
    return Array.from({ length: Math.ceil(to / outSize) - first }, (_, k): Entry => {
      const position = first + k
      const overlap = Math.min(to, (position + 1) * outSize) - Math.max(from, position * outSize)
      return [position, overlap / inSize]
    })
  }
  const common = gcd(inSize, outSize)
  const periodic = { from: 0, to: outSize, period: outSize / common, shift: inSize / common }
  return weightedAxis(inSize, outSize, row, true, periodic)
}

function weightedAxis(
  inSize: number,
  outSize: number,
  row: WeightedAxis['row'],
  isMean: boolean,
  periodic: Periodic,
): WeightedAxis {
  const count = (i: number): number => row(i).length
  const rule = {
    first: (i: number): number => Math.min(...row(i).map(([position]) => position)),
    taps: count,
    divisor: count,
    range: (begin: number, end: number) => rangeOf(row, begin, end),
    periodic,
  }
  const axis = { inSize, outSize, step: 1, regular: null, rule, recipe: null }
  return { ...wholeAxis(axis), row, isMean }
}

function rangeOf(row: WeightedAxis['row'], begin: number, end: number): readonly [from: number, to: number] {
  let [from, to] = [Number.POSITIVE_INFINITY, 0]
  for (let i = begin; i < end; i++) {
    for (const [position] of row(i)) {
      from = Math.min(from, position)
      to = Math.max(to, position + 1)
    }
  }
  return from < to ? [from, to] : [0, 0]
}

/** Cached for short axes, computed at each call for long ones. */
export function weightsOf(axis: WeightedAxis): Weights {
  return axis.outSize <= mostKept ? keptWeights(axis) : writeWeights(axis)
}

const keptWeights = /* @__PURE__ */ memoizeWeak(writeWeights)

function writeWeights({ outSize, row, isMean, rule, begin, origin }: WeightedAxis): Weights {
  const { from, to, period, shift } = rule.periodic
  const isRepeated = (i: number): boolean => i >= period && begin + i >= from + period && begin + i < to
  const begins = new Int32Array(outSize + 1)
  for (let i = 0; i < outSize; i++) {
    const count = isRepeated(i) ? begins[i - period + 1]! - begins[i - period]! : row(begin + i).length
    begins[i + 1] = begins[i]! + count
  }
  const positions = new Int32Array(begins[outSize]!)
  const weights = new Float64Array(begins[outSize]!)
  for (let i = 0; i < outSize; i++) {
    const at = begins[i]!
    if (!isRepeated(i)) {
      row(begin + i).forEach(([position, weight], k) => {
        positions[at + k] = position - origin
        weights[at + k] = weight
      })
      continue
    }
    const before = begins[i - period]! - at
    for (let k = at; k < begins[i + 1]!; k++) {
      positions[k] = positions[k + before]! + shift
      weights[k] = weights[k + before]!
    }
  }
  return { begins, positions, weights, isMean }
}

/** The weights with inputs and outputs exchanged. */
export function transposeWeights({ begins, positions, weights }: Weights, inSize: number): Weights {
  const counts = new Int32Array(inSize + 1)
  for (const position of positions) counts[position + 1]!++
  for (let i = 0; i < inSize; i++) counts[i + 1]! += counts[i]!
  const next = counts.slice()
  const transposed = {
    positions: new Int32Array(positions.length),
    weights: new Float64Array(positions.length),
  }
  for (let i = 0; i + 1 < begins.length; i++) {
    for (let k = begins[i]!; k < begins[i + 1]!; k++) {
      const at = next[positions[k]!]!++
      transposed.positions[at] = i
      transposed.weights[at] = weights[k]!
    }
  }
  return { begins: counts, ...transposed, isMean: false }
}
