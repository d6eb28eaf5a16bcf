/**
 * @file Which jobs the WebAssembly kernels take, and why not the others.
 */
import { hasEmptyWindow, inPlane, outPlane } from '../../plan/pool-plan.ts'
import { tallyOf } from '../../plan/tables.ts'
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

export function averageFits({ plan, division, dtype }: AverageForward | AverageBackward): Fit {
  if (plan.axes.reduce((taps, axis) => taps * Math.max(1, tallyOf(axis).mostDivisor), 1) > mostTaps)
    return `windows of more than ${mostTaps} elements`
  if (typeof division !== 'number') return true
  if (!dtype.startsWith('float') && Math.trunc(division) === 0) return 'an integer divided by less than 1'
  return true
}
