/**
 * @file Turns a window's elements into one, by method. A reduction receives only the elements that count, at least one, and may reorder them.
 */
import { roundNumber, roundQuotient } from '../../reducers/rounding.ts'
import { type DType, dtypes, type Scalar } from '../../tensor/dtype.ts'
import type { Downsampling } from './options.ts'
import { roundOnce, stepFrom } from './rounding-once.ts'

/** Arrays that hold a window: float32 stands for half precision. */
export type WindowArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array

/** Reduces the first `count` elements of `window` to one; `count` is at least 1. */
export type Reduce = (window: WindowArray, count: number) => Scalar

export function reduceOf({ method, background, nodata }: Downsampling, dtype: DType): Reduce {
  switch (method) {
    case 'mean':
      return nodata === undefined ? meanOf(dtype) : besides(meanOf(dtype), nodata, dtype)
    case 'mode':
      return background === undefined ? mode : withoutBackground(background)
    case 'median':
      return median
    case 'min':
      return min
    case 'max':
      return max
    case 'stride':
      return (window) => window[0]!
  }
}

/** Moves a mean that equals `nodata` by one step, so that it does not count as missing. */
function besides(mean: Reduce, nodata: Scalar, dtype: DType): Reduce {
  const moved = stepFrom(nodata, dtype)
  return (window, count) => {
    const value = mean(window, count)
    return value === nodata ? moved : value
  }
}

function meanOf(dtype: DType): Reduce {
  if (dtypes[dtype].float) return floatMean(roundOnce(dtype))
  return dtype === 'int64' || dtype === 'uint64' ? wideMean : wholeMean
}

function floatMean(round: (value: number) => number): Reduce {
  return (window, count) => {
    let sum = 0
    for (let i = 0; i < count; i++) sum += window[i] as number
    return round(sum / count)
  }
}

/** The sum of this many 32-bit integers is at most 2^52, so its quotient is rounded exactly. */
const most = 2 ** 20

function wholeMean(window: WindowArray, count: number): number {
  if (count > most) return Number(wideMean(window, count))
  let sum = 0
  for (let i = 0; i < count; i++) sum += window[i] as number
  return roundNumber['half-even'](sum / count)
}

function wideMean(window: WindowArray, count: number): bigint {
  let sum = 0n
  for (let i = 0; i < count; i++) sum += BigInt(window[i]!)
  return roundQuotient(sum, BigInt(count), 'half-even')
}

function min(window: WindowArray, count: number): Scalar {
  let least = window[0]!
  for (let i = 1; i < count; i++) if (window[i]! < least || isNotNumber(window[i]!)) least = window[i]!
  return least
}

function max(window: WindowArray, count: number): Scalar {
  let largest = window[0]!
  for (let i = 1; i < count; i++) if (window[i]! > largest || isNotNumber(window[i]!)) largest = window[i]!
  return largest
}

function isNotNumber(value: Scalar): boolean {
  return value !== value
}

/** The lower of the two in the middle; NaN wins. */
function median(window: WindowArray, count: number): Scalar {
  sort(window, count)
  const last = window[count - 1]!
  return isNotNumber(last) ? last : window[(count - 1) >> 1]!
}

/** The value that occurs most often, the smallest of those that tie. -0 is 0, and all NaN are one value, after all others. */
function mode(window: WindowArray, count: number): Scalar {
  const first = window[0]!
  let same = 1
  while (same < count && window[same] === first) same++
  if (same === count && first !== 0) return first
  sort(window, count)
  let [best, length] = [first, 0]
  for (let i = 0; i < count; ) {
    const value = window[i]!
    let end = i + 1
    while (end < count && (window[end] === value || isNotNumber(value))) end++
    if (end - i > length) [best, length] = [value, end - i]
    i = end
  }
  return best === 0 ? 0 : best
}

function withoutBackground(background: Scalar): Reduce {
  return (window, count) => {
    let kept = 0
    for (let i = 0; i < count; i++) {
      const value = window[i]!
      if (value === background || (isNotNumber(value) && isNotNumber(background))) continue
      window[kept++] = value
    }
    return kept === 0 ? background : mode(window, kept)
  }
}

/** Few elements by insertion, many as typed arrays sort themselves: NaN last. */
function sort(window: WindowArray, count: number): void {
  if (count > 32) {
    window.subarray(0, count).sort()
    return
  }
  for (let i = 1; i < count; i++) {
    const value = window[i]!
    let at = i
    for (; at > 0 && isAfter(window[at - 1]!, value); at--) window[at] = window[at - 1]!
    window[at] = value
  }
}

function isAfter(a: Scalar, b: Scalar): boolean {
  return a > b || (isNotNumber(a) && !isNotNumber(b))
}
