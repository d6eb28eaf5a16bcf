/**
 * @file The reduction to the sum of each window: an average with divisor 1.
 */
import { type MeanSettings, mean } from './average.ts'
import type { Reduction } from './reduction.ts'

export interface SumOptions {
  /** Add in row-major order in the dtype's own arithmetic, for large windows too, which are otherwise summed in float64. Less accurate. */
  readonly exact?: boolean
}

export const sum: Reduction<SumOptions, MeanSettings, 'folds'> = /* @__PURE__ */ (() => ({
  ...mean<SumOptions>(1, ['exact']),
  reducer: 'sum' as const,
}))()
