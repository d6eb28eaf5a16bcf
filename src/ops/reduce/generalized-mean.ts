/**
 * @file The reduction to the generalized mean (GeM) of each window.
 */
import { parseReal } from '../options/parse.ts'
import { windowFold } from './window-fold.ts'

/** The options of the generalized mean. */
export interface GemOptions {
  /** The exponent: a finite number above 0. 1 is the mean, and larger ones come nearer to the maximum. Default: 3. */
  readonly p?: number | undefined
  /** Elements below count as this number, from 0. Default: 1e-6. */
  readonly eps?: number | undefined
}

export const gem = /* @__PURE__ */ windowFold<GemOptions>({
  reducer: 'gem',
  takes: ['p', 'eps'],
  what: 'generalized means are of',
  specOf: (op, { p = 3, eps = 1e-6 }) => ({
    reducer: 'gem',
    p: parseReal(op, 'p', p, (value) => value > 0, 'above 0', 3),
    eps: parseReal(op, 'eps', eps, (value) => value >= 0, 'from 0', 1e-6),
  }),
})
