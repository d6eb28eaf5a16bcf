/**
 * @file The reduction to the sum of each window: the mean, divided by 1.
 */
import type { Rounding } from '../../reducers/rounding.ts'
import { mean } from './average.ts'

/** The option of sums. */
export interface SumOptions {
  /** Add in row-major order in the dtype's own arithmetic, whatever the window. Less accurate. */
  readonly exact?: boolean | undefined
  /** As that of averages. Sums of integers are whole, so each rule gives the same. Refused for floating tensors. */
  readonly rounding?: Rounding | undefined
}

export const sum = /* @__PURE__ */ mean<SumOptions>(1, ['exact', 'rounding'], 'sum')
