/**
 * @file The reductions to means with exponential weights: soft pooling, and log-mean-exp.
 */
import { parseReal } from '../options/parse.ts'
import { windowFold } from './window-fold.ts'

/** The option of log-mean-exp pooling. */
export interface SharpnessOption {
  /** A finite number other than 0. Large ones come near to the maximum, negative ones to the minimum. Default: 1. */
  readonly r?: number | undefined
}

export const soft = /* @__PURE__ */ windowFold<object>({
  reducer: 'soft',
  takes: [],
  what: 'softmax-weighted means are of',
  specOf: () => ({ reducer: 'soft' }),
})

export const lse = /* @__PURE__ */ windowFold<SharpnessOption>({
  reducer: 'lse',
  takes: ['r'],
  what: 'means of exponentials are of',
  specOf: (op, { r = 1 }) => ({
    reducer: 'lse',
    r: parseReal(op, 'r', r, (value) => value !== 0, 'other than 0', 1),
  }),
})
