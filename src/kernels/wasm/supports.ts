/**
 * @file Which jobs the WebAssembly kernels take, and why not the others.
 */
import { hasEmptyWindow, inPlane, outPlane, type PoolPlan } from '../../plan/pool-plan.ts'
import { tallyOf } from '../../plan/tables.ts'
import { type DType, dtypes, integerRange } from '../../tensor/dtype.ts'
import type { AverageBackward, AverageForward, Job, SelectBackward, SelectForward } from '../kernel.ts'
import { located, natural } from './kind.ts'

/** Bytes of an operand that 32-bit addresses and their sums are sure to reach. */
const mostBytes = 2 ** 30

type Fit = true | string

export function commonFits({ plan }: Job): Fit {
  if (plan.axes.length > 3) return `${plan.axes.length} pooled axes; these kernels know at most 3`
  const plane = Math.max(inPlane(plan), outPlane(plan)) * plan.inner
  if (plane * 8 > mostBytes) return `planes of ${plane} elements do not fit 32-bit memory`
  return true
}

export function selectFits({ indices, dtype, plan }: SelectForward | SelectBackward): Fit {
  if (indices === null) return true
  if (!(indices instanceof Int32Array)) return 'indices are not an Int32Array'
  if (natural[dtype] !== located[dtype] && hasEmptyWindow(plan))
    return `${dtype} competes as int32, whose smallest value would stand for empty windows`
  return true
}

/** Products of divisors are exact in every dtype below this. */
const mostTaps = 2 ** 24

/** Quotients of integers are told from wholes and halves up to here. */
const mostSum = 2 ** 52

export function averageFits({ plan, dtype }: AverageForward | AverageBackward): Fit {
  if (plan.axes.reduce((taps, axis) => taps * Math.max(1, tallyOf(axis).mostDivisor), 1) > mostTaps)
    return `windows of more than ${mostTaps} elements`
  if (!dtypes[dtype].float && largestSum(dtype, plan) > mostSum) return `sums of ${dtype} past 2^52`
  return true
}

/** How far from 0 a window's sum of integers may be. */
export function largestSum(dtype: DType, { axes }: PoolPlan): number {
  const [least, most] = integerRange(dtype).map(Number) as [number, number]
  return axes.reduce((sum, axis) => sum * Math.max(1, tallyOf(axis).mostTaps), Math.max(-least, most))
}
