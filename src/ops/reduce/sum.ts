/**
 * @file The reduction to the sum of each window: the mean, divided by 1.
 */
import { mean } from './average.ts'

/** The option of sums. */
export interface SumOptions {
  /** Add in row-major order in the dtype's own arithmetic, whatever the window. Less accurate. */
  readonly exact?: boolean | undefined
}

export const sum = /* @__PURE__ */ mean<SumOptions>(1, ['exact'], 'sum')
