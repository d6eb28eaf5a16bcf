/**
 * @file Adaptive windows: output i of n reads [floor(i * in / n), ceil((i + 1) * in / n)).
 */
import { type AxisPlan, planRuns } from './axis.ts'

/** Exact at any size: the quotient and remainder of i * in / n are carried from output to output. */
export function planAdaptive(inSize: number, outSize: number): AxisPlan {
  const first = new Int32Array(outSize)
  const end = new Int32Array(outSize)
  const whole = Math.floor(inSize / outSize)
  const rest = inSize % outSize
  let quotient = 0
  let remainder = 0
  for (let i = 0; i < outSize; i++) {
    first[i] = quotient
    quotient += whole
    remainder += rest
    if (remainder >= outSize) {
      remainder -= outSize
      quotient++
    }
    end[i] = remainder > 0 ? quotient + 1 : quotient
  }
  return planRuns(inSize, first, end)
}
