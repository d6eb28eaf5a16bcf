/**
 * @file Counts the elements that the windows of an axis read, without visiting each window.
 */
import type { AxisWindow } from '../../../plan/axis.ts'

/** The number of taps inside the input, summed over all windows. */
export function readings({ inSize, outSize, window, stride, dilation, padBefore }: AxisWindow): number {
  const axis = [outSize, window, stride, dilation].map(BigInt) as [bigint, bigint, bigint, bigint]
  const start = BigInt(padBefore)
  return Number(before(start + BigInt(inSize), ...axis) - before(start, ...axis))
}

/** The number of taps, of all windows, at positions below `end`, counted from the first pad. */
function before(end: bigint, outSize: bigint, window: bigint, stride: bigint, dilation: bigint): bigint {
  const elements = (count: bigint): bigint => (count < 0n ? 0n : count > window ? window : count)
  const some = elements(ceilDivide(end, dilation))
  const all = elements(ceilDivide(end - (outSize - 1n) * stride, dilation))
  return all * outSize + floorSum(some - all, stride, dilation, end - (some - 1n) * dilation + stride - 1n)
}

function ceilDivide(a: bigint, b: bigint): bigint {
  return a <= 0n ? 0n : (a + b - 1n) / b
}

/** The sum of floor((step * i + start) / divisor) for i from 0 to count - 1, by Euclid's algorithm. */
function floorSum(count: bigint, divisor: bigint, step: bigint, start: bigint): bigint {
  if (count <= 0n) return 0n
  const whole = ((count * (count - 1n)) / 2n) * (step / divisor) + count * (start / divisor)
  const [a, b] = [step % divisor, start % divisor]
  const last = a * count + b
  return last < divisor ? whole : whole + floorSum(last / divisor, a, divisor, last % divisor)
}
