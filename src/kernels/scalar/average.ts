/**
 * @file Averages by flat loops. In the direct order float32 is rounded after every step.
 */
import type { Division } from '../../reducers/average.ts'
import { type Rounding, roundNumber } from '../../reducers/rounding.ts'
import { type DType, dtypes, integerRange } from '../../tensor/dtype.ts'
import type { AverageBackward, AverageForward } from '../job.ts'
import { wideBackward, wideForward } from '../reference/wide.ts'
import { addsWide } from '../sum-order.ts'
import { backwardChunks, forwardChunks } from './copies.ts'
import { integerMeans, isLarge } from './integer-means.ts'
import type { Chunk } from './window-table.ts'

export function averageForward(job: AverageForward): void {
  if (addsWide(job)) wideForward(job)
  else if (!dtypes[job.dtype].float && isLarge(job.plan)) integerMeans(job)
  else tableMeans(job)
}

function tableMeans({ dtype, division, rounding, plan, x, y }: AverageForward): void {
  forwardChunks(plan, x, y, (run, from, to) => {
    sumTable(run, dtype === 'float32', from, to)
    if (dtypes[dtype].float) divideTable(run, dtype, division, to)
    else roundTable(run, dtype, division, rounding, to)
  })
}

function sumTable(run: Chunk, isSingle: boolean, x: Float64Array, y: Float64Array): void {
  const { table, count, inner, inSize, outSize } = run
  const { ends, positions } = table
  for (let o = 0; o < count; o++) {
    for (let channel = 0; channel < inner; channel++) {
      const first = o * inSize + channel
      let at = o * outSize + table.start * inner + channel
      let n = 0
      for (let i = 0; i < table.count; i++) {
        const end = ends[i]!
        let sum = 0
        for (; n < end; n++) {
          sum += x[first + positions[n]!]!
          if (isSingle) sum = Math.fround(sum)
        }
        y[at] = sum
        at += inner
      }
    }
  }
}

/** Divides as the reducer of averages does. `zero` is -0, which changes nothing, or 0, which turns -0 into +0. */
function divideTable(run: Chunk, dtype: DType, division: Division, y: Float64Array): void {
  const { divisors, divisor } = run.table
  if (division === 'each') for (const counts of divisors) divideBy(run, counts, dtype, -0, y)
  else divideBy(run, division === 'product' ? divisor : division, dtype, 0, y)
}

function divideBy(
  run: Chunk,
  divisor: Float64Array | number,
  dtype: DType,
  zero: number,
  y: Float64Array,
): void {
  const { table, count, inner, outSize } = run
  const isSingle = dtype === 'float32'
  for (let o = 0; o < count; o++) {
    let at = o * outSize + table.start * inner
    for (let i = 0; i < table.count; i++) {
      const exact = typeof divisor === 'number' ? divisor : divisor[i]!
      const by = isSingle ? Math.fround(exact) : exact
      for (let channel = 0; channel < inner; channel++, at++) {
        const quotient = y[at]! / by
        y[at] = (isSingle ? Math.fround(quotient) : quotient) + zero
      }
    }
  }
}

/** Divides sums of integers once, rounds, and clamps to the dtype's range. */
function roundTable(run: Chunk, dtype: DType, division: Division, rounding: Rounding, y: Float64Array): void {
  const { table, count, inner, outSize } = run
  const [least, largest] = integerRange(dtype) as [number, number]
  const round = roundNumber[rounding]
  for (let o = 0; o < count; o++) {
    let at = o * outSize + table.start * inner
    for (let i = 0; i < table.count; i++) {
      const by = typeof division === 'number' ? division : table.divisor[i]!
      for (let channel = 0; channel < inner; channel++, at++) {
        const quotient = y[at]! / by
        const whole = rounding === 'trunc' ? Math.trunc(quotient) : round(quotient)
        y[at] = Math.min(Math.max(whole, least), largest)
      }
    }
  }
}

/** Adds the share of every output to its taps, in row-major order of the outputs. */
export function averageBackward(job: AverageBackward): void {
  if (addsWide(job)) {
    wideBackward(job)
    return
  }
  const { dtype, division, plan, dy, dx } = job
  backwardChunks(plan, dy, dx, (run, from, to) => {
    divideTable(run, dtype, division, from)
    spreadTable(run, dtype === 'float32', from, to)
  })
}

function spreadTable(run: Chunk, isSingle: boolean, shares: Float64Array, dx: Float64Array): void {
  const { table, count, inner, inSize, outSize } = run
  const { ends, positions } = table
  for (let o = 0; o < count; o++) {
    for (let channel = 0; channel < inner; channel++) {
      const first = o * inSize + channel
      let at = o * outSize + table.start * inner + channel
      let n = 0
      for (let i = 0; i < table.count; i++) {
        const end = ends[i]!
        const share = shares[at]!
        for (; n < end; n++) {
          const position = first + positions[n]!
          const sum = dx[position]! + share
          dx[position] = isSingle ? Math.fround(sum) : sum
        }
        at += inner
      }
    }
  }
}
