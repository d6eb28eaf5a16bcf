/**
 * @file The reductions to the variance and to the standard deviation of each window.
 */
import { parseReal } from '../options/parse.ts'
import { windowFold } from './window-fold.ts'

/** The option of the variance and the standard deviation. */
export interface CorrectionOption {
  /** The sum of squares is divided by the number of elements less this number, from 0. Default: 1, as torch.var. 0 gives the population's. */
  readonly correction?: number | undefined
}

export const variance = /* @__PURE__ */ reduction('var', false, 'variances are of')
export const deviation = /* @__PURE__ */ reduction('std', true, 'standard deviations are of')

function reduction(reducer: 'var' | 'std', root: boolean, what: string) {
  return windowFold<CorrectionOption>({
    reducer,
    takes: ['correction'],
    what,
    specOf: (op, options) => ({
      reducer: 'variance',
      correction: parseReal(op, 'correction', options.correction ?? 1, (value) => value >= 0, 'from 0', 0),
      root,
    }),
  })
}
