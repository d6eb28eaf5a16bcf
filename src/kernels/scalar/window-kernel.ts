/**
 * @file The kernels that gather the elements of one window after another.
 */
import { largestWindow } from '../../plan/tables.ts'
import { type DType, dtypes } from '../../tensor/dtype.ts'
import type { Kernel } from '../job.ts'
import { planeOf } from './copies.ts'

/** @param mostTaps  the elements of the largest window, if larger ones are refused */
export function windowKernel(
  reducer: Kernel['reducer'],
  dtype: DType,
  pass: Kernel['pass'],
  run: Kernel['run'],
  mostTaps = Number.POSITIVE_INFINITY,
): Kernel {
  return {
    id: `${reducer}.${dtypes[dtype].short}.${pass}.scalar`,
    backend: 'scalar',
    reducer,
    pass,
    dtype,
    leavesOut: true,
    supports({ plan }) {
      if (planeOf(plan) >= 2 ** 31) return 'planes of 2^31 elements or more'
      return largestWindow(plan) <= mostTaps || `windows of more than ${mostTaps} elements`
    },
    run,
  }
}
