/**
 * @file The transpose of a window plan: which outputs read each input. It is a window plan too, so backward passes can gather.
 */
import type { AxisPlan } from './axis.ts'

/** For input `p`: output `first[p] + j * step` for `j < taps[p]` are those whose windows contain `p`, in ascending order. */
export function transposeAxis(plan: AxisPlan): AxisPlan {
  return plan.regular === null ? transposeRuns(plan) : transposeRegular(plan)
}

/**
 * Along a regular axis, outputs that share an input lie dilation / gcd(stride, dilation) apart. A stride past the axis acts
 * as one of its length: only output 0 reads anything.
 */
function transposeRegular(plan: AxisPlan): AxisPlan {
  const { inSize, outSize, step: dilation } = plan
  const { window, padBefore } = plan.regular!
  const stride = Math.max(1, Math.min(plan.regular!.stride, inSize + padBefore))
  const divisor = gcd(stride, dilation)
  const step = dilation / divisor
  const tapStep = stride / divisor
  const firstTap = new Int32Array(stride).fill(-1)
  for (let tap = Math.min(tapStep, window) - 1; tap >= 0; tap--) firstTap[(tap * dilation) % stride] = tap

  const first = new Int32Array(inSize)
  const taps = new Int32Array(inSize)
  for (let p = 0; p < inSize; p++) {
    const place = p + padBefore
    const lowTap = firstTap[place % stride]!
    if (lowTap < 0) continue
    const highTap = lowTap + Math.floor((window - 1 - lowTap) / tapStep) * tapStep
    const lowest = (place - highTap * dilation) / stride
    const highest = Math.min(outSize - 1, (place - lowTap * dilation) / stride)
    const start = lowest < 0 ? lowest + Math.ceil(-lowest / step) * step : lowest
    if (start > highest) continue
    first[p] = start
    taps[p] = Math.floor((highest - start) / step) + 1
  }
  const before = (window - 1) * dilation - padBefore
  const isRegular = plan.regular!.stride === 1 && before >= 0
  return transposed(plan, first, taps, step, isRegular ? { window, stride: 1, padBefore: before } : null)
}

/** Runs start and end in ascending order, so the outputs that read an input are neighbours. */
function transposeRuns(plan: AxisPlan): AxisPlan {
  const { inSize, outSize } = plan
  const first = new Int32Array(inSize)
  const taps = new Int32Array(inSize)
  let begin = 0
  let end = 0
  for (let p = 0; p < inSize; p++) {
    while (end < outSize && plan.first[end]! <= p) end++
    while (begin < end && plan.first[begin]! + plan.taps[begin]! <= p) begin++
    first[p] = begin < end ? begin : 0
    taps[p] = end - begin
  }
  return transposed(plan, first, taps, 1, null)
}

function transposed(
  plan: AxisPlan,
  first: Int32Array,
  taps: Int32Array,
  step: number,
  regular: AxisPlan['regular'],
): AxisPlan {
  const { inSize: outSize, outSize: inSize } = plan
  return { inSize, outSize, first, taps, divisor: taps, step, interior: [0, 0], regular }
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b)
}
